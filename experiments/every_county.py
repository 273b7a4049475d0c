"""Live a year in every US county, with the figures of 2019 and of 2023, and say whether all could.

    uv run python experiments/every_county.py results/counties

Each is found by its FIPS code, made of the table of counties alone and lived through under a policy
that uses most rules. `counties.csv` has a line a county, `provenance.json` what could not be.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from trustabm.errors import TrustabmError
from trustabm.inputs.places.counties import NEWEST, VINTAGES, County, counties
from trustabm.inputs.town import town
from trustabm.runs.provenance import origin
from trustabm.runs.scenario import Scenario

RESIDENTS, WEEKS, POLICY = 400, 52, "287g-task-force-2025"
COUNTED = {
    "crimes": ("violent", "property", "domestic"),
    "reported": ("reported_violent", "reported_property", "reported_domestic"),
    "arrests": ("arrests",),
    "removals": ("removals",),
}
"""What is kept of a year, by the counts that are added up."""


def year_in(county: County, vintage: int) -> dict[str, Any]:
    """Return what happens in a county's year, and how near its residents are to its figures."""
    name = f"{county.fips}@{vintage}"
    place = town(name)
    world = Scenario(town=name, policy=POLICY, residents=RESIDENTS, weeks=WEEKS).world()
    world.run_for(WEEKS)
    tally = world.tally
    for field in tally.dtype.names:
        if not np.isfinite(tally[field]).all():
            raise FloatingPointError(f"{field} is not finite")
    said = place.undocumented_share.value
    first = tally[0]
    simulated = float(first["undocumented"].sum() / first["persons"].sum())
    sums = {key: int(sum(tally[n].sum() for n in names)) for key, names in COUNTED.items()}
    return {
        "fips": county.fips,
        "county": county.slug,
        "undocumented_share": said,
        "simulated": round(simulated, 4),
        **sums,
    }


def main(out: Path) -> None:
    """Write what came of every county."""
    rows: list[dict[str, Any]] = []
    failed: dict[str, str] = {}
    apart: list[float] = []
    begun, code = time.perf_counter(), origin()
    for vintage in VINTAGES:
        for county in counties():
            try:
                row = year_in(county, vintage)
            except (TrustabmError, ArithmeticError, ValueError) as e:
                failed[f"{county.slug}@{vintage}"] = str(e)
                continue
            apart.append(row["simulated"] - row["undocumented_share"])
            if vintage == NEWEST:
                rows.append(row)
    out.mkdir(parents=True, exist_ok=True)
    with (out / "counties.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    told = {
        "counties": len(counties()),
        "vintages": VINTAGES,
        "lived_through": len(apart),
        "failed": failed,
        "undocumented_simulated_less_stated": round(float(np.mean(apart)), 5),
        "seconds": round(time.perf_counter() - begun),
        **{"residents": RESIDENTS, "weeks": WEEKS, "policy": POLICY, "seed": 0},
    }
    text = json.dumps(code | told, indent=2)
    (out / "provenance.json").write_text(text + "\n", "utf-8")
    print(
        f"{len(apart)} of {len(VINTAGES) * len(counties())} lived a year; {len(failed)} could not"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
