"""Make a calibration the one that ships: its draws, and the typical one as parameters' defaults.

uv run python experiments/ship.py results/calibration

Writes `trustabm/inputs/posterior/`, from which the fitted parameters take their defaults. What
follows from them is then stale: the values of `examples/tiny.py` (a test says which), the
scorecard and the studies' pages (`experiments/studies/fill.py`), the exact baseline
(`tests/baseline/refresh.py`), `docs/make.py`.
"""

from __future__ import annotations

import shutil
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from trustabm.inputs import draws, typical
from trustabm.study.store import write_table

PACKAGE = Path(str(resources.files("trustabm")))
SAYS = """\
# The first draw of draws.parquet: what single towns use, the defaults of the fitted parameters.
# experiments/ship.py writes it with the draws; docs/parameters.md says what each is.
"""


def ship(folder: Path, package: Path = PACKAGE) -> None:
    """Copy the draws into the package, and the first of them beside them.

    A first draw that ships already stays the first, and the defaults what they are, as long as
    it is within the new draws' 90% region: towns then stay what they were.

    Args:
        folder: What `trustabm calibrate` wrote.
        package: Where the package lies.
    """
    path, others = package / draws.FILE, package / draws.OTHERS
    table, first = pq.read_table(folder / path.name), None
    if path.exists():
        first = kept(pq.read_table(path), table)
    if first is not None:
        rows = pa.Table.from_pylist([first], schema=table.schema)
        table = pa.concat_tables([rows, table.slice(1)])
        table = table.replace_schema_metadata(rows.schema.metadata)
    write_table(table, path)
    if (folder / others.name).exists():
        shutil.copyfile(folder / others.name, others)
    else:
        others.unlink(missing_ok=True)
    (package / typical.FILE).write_text(said(table.slice(0, 1).to_pylist()[0]), "utf-8")


def said(row: dict[str, Any]) -> str:
    """Return the text of `typical.toml` for a draw."""
    return SAYS + "".join(f"{name} = {value!r}\n" for name, value in row.items())


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


if __name__ == "__main__":
    ship(Path(sys.argv[1]))
