"""Make a calibration the one that ships: its draws, and the typical one as parameters' defaults.

uv run python experiments/adopt.py results/calibration

Rewrites the default of every fitted parameter where it is declared. The scorecard, the studies'
pages and the exact baseline are then stale: `experiments/studies/fill.py`,
`tests/baseline/refresh.py`, `docs/make.py`.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pyarrow.parquet as pq

PACKAGE = Path(__file__).parents[1] / "trustabm"


def main(folder: Path) -> None:
    """Copy the draws into the package and declare the first of them."""
    shutil.copyfile(folder / "draws.parquet", PACKAGE / "posterior" / "draws.parquet")
    typical = pq.read_table(folder / "draws.parquet").slice(0, 1).to_pylist()[0]
    for file in sorted((PACKAGE / "parameters").glob("*.py")):
        text = file.read_text("utf-8")
        for name, value in typical.items():
            declared = rf"(?m)^(    {name}: float = uncertainty\(\n        )[^,]+,$"
            text = re.sub(declared, rf"\g<1>{value!r},", text)
        file.write_text(text, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
