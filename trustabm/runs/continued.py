"""Results of runs opened again, and gone on with: bit for bit as if all weeks were run at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy.typing as npt

from trustabm.errors import InvalidInput, whole_number
from trustabm.inputs import catalog
from trustabm.inputs.draws import stale
from trustabm.inputs.policy import Policy
from trustabm.inputs.timeline import Change, Timeline, date_of
from trustabm.rules.compiling import digest
from trustabm.runs.arrays import read_arrays
from trustabm.runs.classes import inhabiting
from trustabm.runs.experiment import Experiment
from trustabm.runs.own import Own
from trustabm.runs.progress import Asked, telling
from trustabm.runs.provenance import plain, provenance, read_record
from trustabm.runs.replicates import live_watched
from trustabm.runs.results import Result, event_frames, residents_frame, weekly
from trustabm.runs.scenario import Scenario
from trustabm.state import journal, layout, saved
from trustabm.week.world import World

__all__ = ["go_on", "read_result", "result_of"]


def result_of(
    scenario: Scenario,
    experiment: Experiment,
    world: World,
    record: dict[str, Any] | None = None,
) -> Result:
    """Return what a world gives that has lived through the weeks of a scenario.

    Args:
        scenario: What was run.
        experiment: The same, as it was run.
        world: The world at its end.
        record: Its provenance where it was written down before; that of now if not given.
    """
    towns = _town_names(scenario)
    if record is None:
        notices = tuple(dict.fromkeys([*experiment.notices(), *stale()]))
        record = provenance(scenario, notices=notices) | {"scenario": plain(scenario.whole)}
    return Result(
        scenario=scenario,
        weekly=weekly(world, scenario.start, towns),
        events=event_frames(world.tables, scenario.start) if world.keep_events else {},
        residents=residents_frame(world, towns),
        provenance=record,
        world=world,
        notices=tuple(record["notices"]),
    )


def _town_names(scenario: Scenario) -> list[str]:
    """Return the towns' names; a town that comes twice is numbered."""
    names: list[str] = []
    for name in (scenario.town, *(n.town for n in scenario.neighbors)):
        stem = catalog.stem(name)
        again = sum(n.split("#")[0] == stem for n in names)
        names.append(f"{stem}#{again + 1}" if again else stem)
    return names


def read_result(folder: Path) -> Result:
    """Return a result that `Result.save` wrote.

    Args:
        folder: The folder.

    Raises:
        Damaged: where something of it is not as it was written.
        InvalidInput: where its scenario cannot be read by this version.
    """
    record = read_record(folder)
    scenario = Scenario.make(record["scenario"], str(folder / "provenance.json"))
    experiment = scenario.experiment()
    state, kept = saved.load(folder / "state.npz"), read_arrays(folder / "counts.npz")
    world = World(
        state,
        scenario.parameters,
        experiment.plan(),
        keep_events=bool(kept["keep_events"]),
        groups=experiment.groups,
        inhabit=inhabiting(scenario.classes),
        rules=experiment.rules_of(0),
    )
    rows = int(kept["used"].max()) + journal.room(len(state.residents))
    tables = layout.new_tables(rows)
    for name in layout.TABLES:
        getattr(tables, name)[: len(kept[name])] = kept[name]
    _counted(world, kept["tally"], kept["town_tally"])
    world.tables = tables._replace(used=kept["used"], mark=kept["mark"])
    return result_of(scenario, experiment, world, record)


def _counted(world: World, tally: npt.NDArray[Any], town_tally: npt.NDArray[Any]) -> None:
    """Have a world go on after weeks that were counted before."""
    world.make_room(len(tally))
    world.tally[:], world.town_tally[:] = tally, town_tally


def go_on(
    result: Result,
    weeks: int,
    policy: str | Path | Policy | Timeline | None,
    progress: Asked,
) -> Result:
    """Return the result of some more weeks; `Result.go_on` says what of."""
    weeks = whole_number(weeks, "weeks", 1)
    if result.scenario.classes:
        raise InvalidInput(
            "go_on: expected a run without classes of your own, whose agents may hold what no "
            f"column does, got {', '.join(result.scenario.classes)}"
        )
    if result.provenance["rules"] != digest():
        raise InvalidInput(
            f"go_on: expected a result of these rules, {digest()}, got one of "
            f"{result.provenance['rules']}: run it again"
        )
    scenario = _longer(result.scenario.whole, weeks, policy)
    experiment, before = scenario.experiment(), result.world
    world = World(
        layout.copied(before.state),
        before.parameters,
        experiment.plan(),
        keep_events=before.keep_events,
        groups=before.groups,
        rules=before.build.rules,
    )
    _counted(world, before.tally, before.town_tally)
    world.tables = layout.Tables(*(array.copy() for array in before.tables))
    with telling(progress, "weeks") as tell:
        live_watched([world], weeks, None, tell)
    return result_of(scenario, experiment, world)


def _longer(
    scenario: Scenario, weeks: int, policy: str | Path | Policy | Timeline | None
) -> Scenario:
    """Return a scenario of more weeks, under other rules from there on if any are given."""
    values = dict(scenario) | {"weeks": scenario.weeks + weeks}
    if policy is None:
        return Scenario.make(values)
    e, day = scenario.experiment(), date_of(scenario.start, scenario.weeks)
    asked = Scenario.make({"town": scenario.town, "policy": policy, "own": {"towns": _own(e)}})
    old, new = (
        x.whole.policy(next(iter(x.arms.values())).policy).in_town(
            e.place, always=scenario.local_policies
        )
        for x in (e, asked.experiment())
    )
    line = Timeline(
        title=f"{old.title[:90]}, from {day} {new.title[:90]}",
        start=old.start,
        changes=(
            *(c for c in old.changes if c.date < day),
            Change(
                date=day,
                sentence=f"{new.title} from here on.",
                source="as given",
                levers=new.at(day).model_dump(),
            ),
            *(c for c in new.changes if c.date > day),
        ),
    )
    near = {n.policy for n in scenario.neighbors}
    held = {name: x for name, x in scenario.own.policies.items() if name in near}
    own = Own(towns=scenario.own.towns, policies=held)
    return Scenario.make(values | {"policy": line, "local_policies": False, "own": own})


def _own(experiment: Experiment) -> dict[str, Any]:
    """Return the experiment's own town where it was given whole."""
    return {n: t for n, t in experiment.own.towns.items() if n == experiment.town}
