"""Without compiling the model gives the same bits."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from worlds import digest, lived

REGION = {
    "town": "los-angeles-ca",
    "neighbors": [{"town": "cook-il", "residents": 60}],
    "policy": "mass-enforcement-2025",
    "levers": {
        "ask_status": "stop",
        "ice_capacity": 5.0,
        "legalization_uptake": 0.9,
        "legalization_years": 0,
    },
    "residents": 200,
    "weeks": 20,
    "seed": 12,
}


def test_a_small_region_lives_the_same_bits_uncompiled():
    code = (
        "from trustabm.rules.luck import uniform\n"
        "from worlds import digest, lived\n"
        f"world = lived(keep_events=True, **{REGION!r})\n"
        "print(hasattr(uniform, 'py_func'), digest(world), *world.tables.used)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=os.environ | {"TRUSTABM_UNCOMPILED": "1", "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    here = lived(keep_events=True, **REGION)
    kinds, used = done.stdout.split()[:2], done.stdout.split()[2:]
    assert kinds == ["False", digest(here)]
    assert used == [str(n) for n in here.tables.used]
    assert min(map(int, used)) > 0  # something of every kind happened
