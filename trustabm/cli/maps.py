"""`trustabm map`: what a change does in every county of a state or the nation, as a picture."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from trustabm.cli.shared import Flag, Whole, print_json, say_if_compiling, say_notices

__all__ = ["map_"]


def map_(
    *,
    change: str,
    from_: Annotated[str, Parameter("--from")],
    out: Path,
    state: str | None = None,
    outcome: str = "reporting",
    residents: Whole = 3000,
    draws: Whole = 5,
    weeks: Whole = 104,
    burn_in: Whole = 52,
    seed: Whole = 0,
    workers: Whole | None = None,
    json: Flag = False,
) -> None:
    """Map what a change does in every county, and how unsure that is; goes on where it stopped.

    Parameters
    ----------
    change
        A policy whose local levers are laid on the rules in force in each county; state:NAME or
        federal:NAME lays what is theirs.
    from_
        The day or month from which it holds, as 2026-01.
    out
        Folder to write to: what is done, a sealed line a county; counties.csv; a map as PNG and
        SVG. Given again, with another outcome too, counties that are done are not run again.
    state
        A state, as TX or Texas; all 3,142 counties if not given (a quarter of an hour).
    outcome
        What is drawn: reporting, trust, perceived_risk, victimization or exposed of Latino
        residents, removals or separated of all. counties.csv has every one.
    residents
        Residents simulated of a county at most.
    draws
        Draws of structure, parameters and the county's figures, each lived through twice.
    weeks
        Weeks from there, all of them measured.
    burn_in
        Weeks before, in common.
    seed
        The root of all luck.
    workers
        Processes; as many as there are processors if not given.
    json
        Print the counties of that outcome as JSON records.
    """
    from trustabm.errors import InvalidInput, nearest, need

    need("study", "map")
    from trustabm.figures.maps import county_map
    from trustabm.figures.style import save
    from trustabm.inputs.draws import in_use, record, stale
    from trustabm.nation.areas import area, nation
    from trustabm.nation.each import MAPPED, Each
    from trustabm.nation.effects import effects, heading, note
    from trustabm.runs.progress import bar as progress_bar
    from trustabm.runs.provenance import origin
    from trustabm.sealed import write_json

    if outcome not in MAPPED:
        raise InvalidInput(f"outcome: no {outcome!r}; {nearest(outcome, MAPPED)}")
    asked = {"change": change, "since": from_, "residents": residents, "draws": draws}
    asked |= {"weeks": weeks, "burn_in": burn_in, "seed": seed}
    each, where = Each.make(asked, "map"), area(state)
    say_if_compiling()
    with progress_bar("counties") as progress:
        found = effects(each, where, out, workers=workers, progress=progress)
    table = out / "counties.csv"
    found.to_csv(table, index=False, lineterminator="\n", float_format="%.6g", encoding="utf-8")
    provenance = origin() | {"map": each.model_dump(mode="json"), "area": where.name}
    provenance |= {"posterior": record(in_use())}
    write_json(out / "provenance.json", provenance)
    alone = None if where == nation() else where.largest.fips[:2]
    title = heading(each, outcome, where)
    figure = county_map(found, outcome, title=title, note=note(each), state=alone)
    drawn = save(figure, out / f"map_{outcome}", title=title, provenance=provenance)
    if json:
        own = found[found["outcome"] == outcome]
        print_json(
            [{k: None if v != v else v for k, v in r.items()} for r in own.to_dict("records")]
        )
    else:
        said = found.loc[found["outcome"] == outcome, "verdict"].value_counts()
        print("\n".join(f"{number:>6,} {verdict}" for verdict, number in said.items()))
    say_notices(stale(in_use()))
    print(
        f"Written to {out}: {', '.join(path.name for path in drawn)}, {table.name}", file=sys.stderr
    )
