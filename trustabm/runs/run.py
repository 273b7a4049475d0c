"""Run one scenario."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from trustabm.errors import InvalidInput, shown
from trustabm.inputs import catalog
from trustabm.inputs.draws import stale
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
) -> Result:
    """Run a scenario.

    Args:
        scenario: A scenario, its values, or the path of a TOML file.
        events: Whether every event is kept (memory grows with residents and weeks).
        progress: Called with weeks done and weeks in all.
        watch: Called with the world, in a list, before the first week and after every one.

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
    experiment = scenario.experiment()
    world = experiment.world(keep_events=events)
    live_watched([world], scenario.weeks, watch, progress)
    towns = _town_names(scenario)
    notices = tuple(dict.fromkeys([*experiment.notices(), *stale()]))
    return Result(
        scenario=scenario,
        weekly=weekly(world, scenario.start, towns),
        events=event_frames(world.tables, scenario.start) if events else {},
        residents=residents_frame(world.state, towns, world.groups),
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
