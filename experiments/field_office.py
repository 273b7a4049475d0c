"""How far off a county is that has ICE's hours to itself, against counties that share them.

    uv run python experiments/field_office.py --out results/nation/field-office.json

Maryland, whose counties are one field office's, from June 2025 on: some jails had agreements then,
others handed nobody over. Every county at its whole population, once all in one memory with one
field office, ties across county lines left out in both, and once apart, as `trustabm nation` does.
"""

from __future__ import annotations

import argparse
import pickle
from pathlib import Path
from typing import Any

import numpy as np

from trustabm.inputs.timeline import date_of
from trustabm.nation.areas import state
from trustabm.nation.ask import asked
from trustabm.nation.county import Task, code, count, in_county
from trustabm.nation.sums import EVENTS, FIELDS
from trustabm.outcomes.measures import counts, together
from trustabm.runs.provenance import origin
from trustabm.sealed import write_json
from trustabm.state.layout import EXPECTED
from trustabm.week.world import Plan, World

NAMES = ("requests", "hand-overs to ICE", "at-large arrests", "removals")


def events(sums: Any) -> dict[str, Any]:
    """Return events by name from counts of shape (..., fields)."""
    at = {name: [FIELDS.index(EXPECTED.get(f, f)) for f in EVENTS[name]] for name in NAMES}
    return {name: sums[..., columns].sum(axis=-1) for name, columns in at.items()}


def shared(here: list[Any]) -> Any:
    """Return counts by arm and county of one memory, of shape (arms, counties, fields)."""
    e = here[0]
    first = Plan([x.lines[0] for x in here], date_of(e.start, -e.burn_in), e.burn_in)
    places = [(x.place, x.residents) for x in here]
    past = World.synthesize(places, e.parameters, first, e.seed)
    past.run_for(e.burn_in)
    found = []
    for arm in range(len(e.arms)):
        lines = [x.lines[arm] for x in here]
        world = past.branch(
            Plan(lines, e.start, e.weeks, offset=e.burn_in, before=first.policies[-1][1])
        )
        world.run_for(e.weeks)
        many = len(world.groups.names)
        of_town = [together(counts(world.tally[:, k]))[:many].sum(axis=0) for k in range(len(here))]
        found.append(np.stack(of_town))
    return np.stack(found)


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--state", default="MD")
    parser.add_argument("--share", type=float, default=1.0, help="of residents simulated")
    asked_for = parser.parse_args()
    area = state(asked_for.state)
    # Hours alone are shared: ties and work stay in the county, as they do where it is alone.
    experiment = asked(
        area,
        changes=["287g-task-force-2025"],
        since="2025-06",
        weeks=104,
        burn_in=52,
        parameters={"tie_region": 0.0, "work_region": 0.0},
    )
    sizes = [max(20, round(c.population * asked_for.share)) for c in area.counties]
    pairs = list(zip(area.counties, sizes, strict=True))
    task = pickle.dumps(Task(experiment, code()))
    apart = np.stack([count(task, c.fips, n).groups.sum(axis=1) for c, n in pairs], axis=1)
    one = shared([in_county(experiment, c.fips, n, 0) for c, n in pairs])
    own, together_ = events(apart), events(one)
    table: dict[str, Any] = {}
    for name in NAMES:
        a, b = own[name], together_[name]
        table[name] = {
            "apart": dict(zip(experiment.arms, a.sum(axis=1).tolist(), strict=True)),
            "shared": dict(zip(experiment.arms, b.sum(axis=1).tolist(), strict=True)),
            "off_percent": (100 * (a.sum(axis=1) / b.sum(axis=1) - 1)).tolist(),
            "counties_off_percent": (
                100 * np.abs(a - b).sum(axis=1) / np.maximum(b.sum(axis=1), 1e-9)
            ).tolist(),
        }
    counties = [
        {"county": c.title}
        | {f"{name}, {how}": of[name][:, k].tolist() for name in NAMES for how, of in both.items()}
        for both in [{"apart": own, "shared": together_}]
        for k, (c, _) in enumerate(pairs)
    ]
    asked_for.out.parent.mkdir(parents=True, exist_ok=True)
    write_json(
        asked_for.out,
        {
            "state": area.name,
            "residents": sum(sizes),
            "arms": list(experiment.arms),
            "weeks": experiment.weeks,
            "table": table,
            "counties": counties,
            **origin(),
        },
    )
    for name, row in table.items():
        print(name, row)


if __name__ == "__main__":
    main()
