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

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from trustabm.study.store import write_table

PACKAGE = Path(__file__).parents[1] / "trustabm"
TINY = Path(__file__).parents[1] / "examples" / "tiny.py"
DRAWS = PACKAGE / "inputs" / "posterior" / "draws.parquet"
OTHERS = DRAWS.with_name("structures.parquet")


def adopt(folder: Path) -> None:
    """Copy the draws into the package and declare the first of them.

    A first draw that ships already stays the first, and the defaults what they are, as long as
    it is within the new draws' 90% region: towns then stay what they were.
    """
    table, typical = pq.read_table(folder / "draws.parquet"), None
    if DRAWS.exists():
        typical = kept(pq.read_table(DRAWS), table)
    if typical is not None:
        first = pa.Table.from_pylist([typical], schema=table.schema)
        table = pa.concat_tables([first, table.slice(1)]).replace_schema_metadata(
            table.schema.metadata
        )
    write_table(table, DRAWS)
    if (folder / OTHERS.name).exists():
        shutil.copyfile(folder / OTHERS.name, OTHERS)
    else:
        OTHERS.unlink(missing_ok=True)
    typical = table.slice(0, 1).to_pylist()[0]
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


def kept(shipped: pa.Table, new: pa.Table) -> dict[str, float] | None:
    """Return the first of the draws that ship where the new ones do not speak against it.

    They do where it is farther from their mean, by their covariance, than nine in ten of them.
    """
    if shipped.column_names != new.column_names:
        return None
    first: dict[str, float] = shipped.slice(0, 1).to_pylist()[0]
    rows = np.column_stack([new[name].to_numpy() for name in new.column_names])
    away = (np.vstack([list(first.values()), rows]) - rows.mean(axis=0)) / rows.std(axis=0)
    inverse = np.linalg.pinv(np.corrcoef(rows.T))
    far = np.einsum("ij,jk,ik->i", away, inverse, away)
    return first if far[0] <= np.quantile(far[1:], 0.9) else None


def same_behaviour() -> None:
    """Say that the draws that ship are of the rules and parameters as they are now."""
    from trustabm.inputs.fitted import stamped

    write_table(stamped(pq.read_table(DRAWS)), DRAWS)


if __name__ == "__main__":
    if sys.argv[1:] == ["--same-behaviour"]:
        same_behaviour()
    else:
        adopt(Path(sys.argv[1]))
