"""What a wheel must hold, and what a comparison by it must print.

uv run python tests/wheel.py WHEEL [RECORDS]
"""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

NEEDED = (
    "trustabm/py.typed",
    "trustabm/figures/shapes/counties.json.gz",
    "trustabm/inputs/towns/harris-tx.toml",
    "trustabm/inputs/policies/none.toml",
    "trustabm/inputs/places/agreements.csv",
    "trustabm/inputs/places/counties.parquet",
    "trustabm/inputs/places/secure-communities.csv",
    "trustabm/inputs/places/sources.toml",
    "trustabm/inputs/places/state-laws.csv",
    "trustabm/inputs/posterior/draws.parquet",
    "trustabm/inputs/posterior/scorecard.json",
    "trustabm_app/static/townmap.js",
    "trustabm_app/assets/custom.js",
    "trustabm_app/vendor/uplot/dist/uPlot.iife.min.js",
    "trustabm_app/vendor/licences/uplot.txt",
)

names = zipfile.ZipFile(sys.argv[1]).namelist()
top = {name.split("/")[0] for name in names}
extra = {t for t in top - {"trustabm", "trustabm_app"} if not t.endswith(".dist-info")}
assert not extra, f"the wheel would put {sorted(extra)} into site-packages"
lacking = [n for n in NEEDED if n not in names]
assert not lacking, f"the wheel lacks {lacking}"
print(f"{len(names)} files, all in {sorted(top)}")

for file in sys.argv[2:]:
    records = json.loads(Path(file).read_text("utf-8"))
    keys = {"outcome", "group", "arm", "level", "difference", "low", "high", "unit"}
    assert records
    assert all(set(r) == keys for r in records), {frozenset(r) ^ keys for r in records}
    assert {r["arm"] for r in records} == {"none", "secure-communities"}
    print(f"{len(records)} records")
