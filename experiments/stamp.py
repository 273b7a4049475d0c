"""Say that the draws that ship are of the rules and parameters as they are now.

uv run python experiments/stamp.py

The draws that ship say which rules and parameters they were fitted with, and every result says so
where those have changed since. Where they were only written in other words (the exact baseline is
as it was, or moved for a reason that has nothing to do with behaviour), this is right; it changes
no draw. Where behaviour changed, calibrate, and `experiments/ship.py`.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pyarrow.parquet as pq

from trustabm.inputs import draws
from trustabm.inputs.fitted import stamped
from trustabm.study.store import write_table

DRAWS = Path(str(resources.files("trustabm"))) / draws.FILE


def stamp(path: Path) -> None:
    """Write the draws of a file again, as draws of the rules and parameters of now."""
    write_table(stamped(pq.read_table(path)), path)


if __name__ == "__main__":
    stamp(DRAWS)
