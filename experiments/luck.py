"""Write how wide intervals of luck are, of what happened and of what was to be expected.

`uv run python experiments/luck.py results/luck` compares Secure Communities with no entanglement in
two towns, with typical parameters, so that luck alone is in the intervals.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd

import trustabm
from trustabm.outcomes.estimates import estimates
from trustabm.outcomes.findings import key
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.runs.counted import Counted
from trustabm.runs.provenance import origin

ARMS = ["none", "secure-communities"]


def widths(town: str, towns: int) -> pd.DataFrame:
    """Return half widths of the headline outcomes, a row each."""
    c = trustabm.compare(ARMS, town=town, replicates=towns, draws=0, figures=False)
    e = c.experiment
    counted = Counted(e, c.sums[:, :, : len(e.groups.names)], c.town_sums)
    wanted = key(e.groups)
    found = {}
    for how in (False, True):
        rows = counted.rows({o for o, _ in wanted}, e.groups.every, how)
        tops = [GLOSSARY[o].top for o, _ in rows.keys]
        arm = estimates(rows.whole, rows.without, rows.events, tops)[1]
        found[how] = dict(zip(rows.keys, arm, strict=True))
    table = []
    for outcome, group in wanted:
        before, after = (found[how][outcome, group] for how in (False, True))
        row = {"place": town, "towns": towns, "outcome": outcome, "group": group}
        row |= {"happened": before.difference, "expected": after.difference}
        row |= {"luck_happened": before.luck, "luck_expected": after.luck}
        narrower = after.luck / before.luck if before.luck and after.luck else None
        table.append(row | {"ratio": narrower, "events": before.events})
    return pd.DataFrame(table)


def main(folder: Path) -> None:
    """Write the table."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = [widths(town, n) for town in ("us-average", "harris-tx") for n in (10, 100)]
    table = pd.concat(tables)
    table.round(6).to_csv(folder / "luck.csv", index=False)
    made = origin() | {"arms": ARMS}
    (folder / "provenance.json").write_text(json.dumps(made, indent=2) + "\n", "utf-8")
    print(table.to_string(index=False))
    print(table.groupby(["place", "towns"])["ratio"].median())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
