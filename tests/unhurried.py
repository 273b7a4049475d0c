"""The command `trustabm`, whose sweeps take time on any machine: batches are small and linger.

A test that ends a sweep midway runs this as a script, so that the sweep is still at it.
"""

from __future__ import annotations

import failing

from trustabm.cli import main
from trustabm.study import sweep as driver

if __name__ == "__main__":
    driver.BATCH_JOBS = 2
    driver.sweep.__kwdefaults__ |= {"work": failing.lingers, "flush_seconds": 0.5}
    main()
