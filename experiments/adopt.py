"""Make a calibration the one that ships: its draws, and the typical one as parameters' defaults.

uv run python experiments/adopt.py results/calibration

Rewrites the default of every fitted parameter where it is declared, and in `examples/tiny.py`. The
scorecard, the studies' pages and the exact baseline are then stale:
`experiments/studies/fill.py`, `tests/baseline/refresh.py`, `docs/make.py`.

uv run python experiments/adopt.py --same-behaviour

The draws that ship say which rules and parameters they were fitted with, and every result says so
where those have changed since. Where they were only written in other words (the exact baseline is
as it was, or moved for a reason that has nothing to do with behaviour), this says that the draws
are of the rules as they are now. Where behaviour changed, calibrate.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pyarrow.parquet as pq

PACKAGE = Path(__file__).parents[1] / "trustabm"
TINY = Path(__file__).parents[1] / "examples" / "tiny.py"
DRAWS = PACKAGE / "inputs" / "posterior" / "draws.parquet"


def adopt(folder: Path) -> None:
    """Copy the draws into the package and declare the first of them."""
    shutil.copyfile(folder / "draws.parquet", DRAWS)
    typical = pq.read_table(DRAWS).slice(0, 1).to_pylist()[0]
    for file in sorted((PACKAGE / "inputs" / "parameters").glob("*.py")):
        text = file.read_text("utf-8")
        for name, value in typical.items():
            declared = rf"(?m)^(    {name}: float = uncertainty\(\n        )[^,]+,$"
            text = re.sub(declared, rf"\g<1>{value!r},", text)
        file.write_text(text, "utf-8")
    page = TINY.read_text("utf-8")
    for name, value in typical.items():
        page = re.sub(rf"(?m)^({name.upper()} = )\S+", rf"\g<1>{value!r}", page)
    TINY.write_text(page, "utf-8")


def same_behaviour() -> None:
    """Say that the draws that ship are of the rules and parameters as they are now."""
    from trustabm.inputs.fitted import stamped
    from trustabm.study.store import write_table

    write_table(stamped(pq.read_table(DRAWS)), DRAWS)


if __name__ == "__main__":
    if sys.argv[1:] == ["--same-behaviour"]:
        same_behaviour()
    else:
        adopt(Path(sys.argv[1]))
