"""A town that goes on with some of its decisions made by people in the room.

A decision made in the room takes the place of the model's draw and of nothing else: the chance is
noted and the luck is drawn as ever, so that a world whose people all decide as the model would have
is the model's, bit for bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from trustabm.agents.driver import AgentsDriver
from trustabm.agents.model import WorldModel
from trustabm.rules import codes
from trustabm.state import journal, layout, rows
from trustabm.week import reports, weekly_update
from trustabm.week.world import World

__all__ = ["Case", "chances", "live", "present", "this_week", "twin"]

Array = npt.NDArray[Any]


class Case(NamedTuple):
    """Which crime: an offender commits at most one a week."""

    week: int
    offender: int
    victim: int


class _Decided(AgentsDriver):
    """Carries out weeks as the agents do, but for what has been decided already."""

    def __init__(self, model: WorldModel, decided: Mapping[Case, bool]) -> None:
        super().__init__(model)
        self.decided = decided

    def whether_to_call(self, case: Any) -> int:
        """Return what was decided of this case or, where nothing was, what the victim decides."""
        own = super().whether_to_call(case)
        return int(self.decided.get(_named(case), own))


def live(world: World, weeks: int, decided: Mapping[Case, bool]) -> None:
    """Live through weeks in which some decisions whether to call are made already.

    Weeks without one are carried out by the compiled driver, which is the same and faster. A case
    to which it does not come, since another decision led elsewhere, is nobody's to decide.

    Args:
        world: The world; changed in place.
        weeks: How many weeks.
        decided: By case, whether the police are called.
    """
    model = WorldModel(world, {})
    model.agents_driver = _Decided(model, decided)
    with_cases = {case.week for case in decided}
    for _ in range(weeks):
        if world.week in with_cases:
            model.step()
        else:
            world.run_for(1)


def twin(world: World) -> World:
    """Return a world that is as this one is now, with nothing counted yet, and keeps its events."""
    return World(
        layout.copied(world.state),
        world.parameters,
        world.plan,
        keep_events=True,
        groups=world.groups,
    )


def this_week(world: World) -> list[tuple[Case, int]]:
    """Return the crimes of the last week lived through and their kinds, in the order of places.

    Violence within a household is left out: nobody in a room is asked about that.
    """
    crimes = journal.frames(world.tables)["crimes"]
    latest = crimes[crimes["week"] == world.week - 1]
    return [(_named(c), int(c["kind"])) for c in latest if c["kind"] != codes.DOMESTIC]


def present(world: World, row: int, generation: int) -> bool:
    """Return whether whoever lived in a place then is there and at liberty now."""
    r = world.state.residents[row]
    return bool(r["generation"] == generation and r["custody"] == codes.FREE)


def chances(world: World, asked: Sequence[tuple[int, int]]) -> list[float]:
    """Return the chances that residents would report what happened to them in the week to come.

    Args:
        world: The world; left as it is.
        asked: Pairs of a resident and a kind of crime.

    Returns:
        Chances, 0..1, by the rule and with the beliefs by which the model decides in that week.
    """
    copy = twin(world)
    w = copy.begin()
    weekly_update.begin_week(w)
    return [float(reports.chance_to_report(w, row, kind, -1)) for row, kind in asked]


def people(world: World) -> Array:
    """Return the places of all who are in town and at liberty."""
    found: Array = np.flatnonzero(world.state.residents["custody"] == codes.FREE)
    return found


def nearness(world: World, row: int, victim: int) -> int:
    """Return how near to a resident somebody lives: an index into `NEAR`, its length for far."""
    r, v = world.state.residents[row], world.state.residents[victim]
    if row == victim:
        return 0
    if row - int(r["member"]) == victim - int(v["member"]):
        return 1
    if victim in world.state.ties[row]:
        return 2
    return 3 if r["neighborhood"] == v["neighborhood"] else len(NEAR)


NEAR = ("own", "household", "friend", "neighborhood")
"""How near what happens is to the resident who decides."""


def has_stake(world: World, row: int) -> bool:
    """Return whether somebody's deportation is at stake when this resident calls."""
    r = world.state.residents[row]
    return bool(r["concern"] != codes.NOBODY or r["tied"] > 0 or r["status"] == codes.LAWFUL)


def group_of(world: World, row: int) -> str:
    """Return the title of the outcome group that a resident is in."""
    names = world.groups.names
    return str(world.groups.titles[names[int(rows.group_now(world.state, row))]])


def _named(case: Any) -> Case:
    return Case(int(case["week"]), int(case["resident"]), int(case["victim"]))
