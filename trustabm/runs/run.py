"""Run one scenario."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from trustabm.errors import InvalidInput, shown
from trustabm.inputs import catalog
from trustabm.inputs.draws import stale
from trustabm.runs.classes import given, say_slower
from trustabm.runs.provenance import provenance
from trustabm.runs.replicates import Watch, live_watched
from trustabm.runs.results import (
    Result,
    event_frames,
    residents_frame,
    weekly,
)
from trustabm.runs.scenario import Scenario

__all__ = ["run"]


def run(
    scenario: Scenario | dict[str, Any] | str | Path,
    *,
    events: bool = True,
    progress: Callable[[int, int], object] | None = None,
    watch: Watch | None = None,
    resident_class: type[Any] | str | None = None,
    police_class: type[Any] | str | None = None,
    ice_class: type[Any] | str | None = None,
) -> Result:
    """Run a scenario.

    Args:
        scenario: A scenario, its values, or the path of a TOML file.
        events: Whether every event is kept (memory grows with residents and weeks).
        progress: Called with weeks done and weeks in all.
        watch: Called with the world, in a list, before the first week and after every one.
        resident_class: A subclass of `trustabm.agents.Resident` for residents, or where it is
            imported from, as "package.module:Class". Agents then carry out the weeks; how much
            slower is said on stderr before the first.
        police_class: The same of `PoliceOfficer`.
        ice_class: The same of `IceAgent`.

    Returns:
        Weekly outcomes, events, residents and provenance.

    Raises:
        InvalidInput: for a scenario that does not say what it must; nothing was run.

    Example:
        >>> result = run(Scenario(town="harris-tx", policy="secure-communities", weeks=4))
        >>> result.weekly["week"].max()
        np.int64(3)
    """
    if isinstance(scenario, dict):
        scenario = Scenario.make(scenario)
    elif not isinstance(scenario, Scenario):
        if not isinstance(scenario, str | Path):
            raise InvalidInput(
                f"scenario: expected a scenario, its values or the path of a TOML file, got "
                f"{shown(scenario)}"
            )
        scenario = Scenario.read(scenario)
    classes = given(resident_class=resident_class, police_class=police_class, ice_class=ice_class)
    if classes:
        scenario = scenario.with_classes(classes, "run")
    experiment = scenario.experiment()
    say_slower(experiment.classes)
    world = experiment.world(keep_events=events)
    live_watched([world], scenario.weeks, watch, progress)
    towns = _town_names(scenario)
    notices = tuple(dict.fromkeys([*experiment.notices(), *stale()]))
    return Result(
        scenario=scenario,
        weekly=weekly(world, scenario.start, towns),
        events=event_frames(world.tables, scenario.start) if events else {},
        residents=residents_frame(world, towns),
        provenance=provenance(scenario, notices=notices),
        world=world,
        notices=notices,
    )


def _town_names(scenario: Scenario) -> list[str]:
    """Return the towns' names; a town that comes twice is numbered."""
    names: list[str] = []
    for name in (scenario.town, *(n.town for n in scenario.neighbors)):
        stem = catalog.stem(name)
        again = sum(n.split("#")[0] == stem for n in names)
        names.append(f"{stem}#{again + 1}" if again else stem)
    return names
