"""Run one scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from trustabm.errors import InvalidInput, shown
from trustabm.runs.classes import given, say_slower
from trustabm.runs.continued import result_of
from trustabm.runs.progress import Asked, telling
from trustabm.runs.replicates import Watch, live_watched
from trustabm.runs.results import Result
from trustabm.runs.scenario import Scenario

__all__ = ["run"]


def run(
    scenario: Scenario | dict[str, Any] | str | Path,
    *,
    events: bool = True,
    progress: Asked = None,
    watch: Watch | None = None,
    resident_class: type[Any] | str | None = None,
    police_class: type[Any] | str | None = None,
    ice_class: type[Any] | str | None = None,
) -> Result:
    """Run a scenario.

    Args:
        scenario: A scenario, its values, or the path of a TOML file.
        events: Whether every event is kept (memory grows with residents and weeks).
        progress: Called with weeks done and weeks in all; True for a bar, False for none. If not
            given a bar, in a notebook and on a terminal.
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
    scenario = Scenario.model_construct(**dict(scenario))  # a file may have changed since
    experiment = scenario.experiment()
    scenario.whole  # noqa: B018  read now, and kept
    say_slower(experiment.classes)
    world = experiment.world(keep_events=events)
    with telling(progress, "weeks") as tell:
        live_watched([world], scenario.weeks, watch, tell)
    return result_of(scenario, experiment, world)
