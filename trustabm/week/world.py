"""A world: one region under one plan of policies at one seed, carried out week by week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from trustabm.errors import InvalidInput, whole_number
from trustabm.inputs.groups import SHIPPED, Groups
from trustabm.inputs.lever import Lever
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.policy import Policy
from trustabm.inputs.records import as_record, record_dtype
from trustabm.inputs.rule import Rule
from trustabm.inputs.timeline import Timeline
from trustabm.inputs.town import Town, groups_of
from trustabm.rules.compiling import compiled
from trustabm.rules.luck import BLOCK, ROOM
from trustabm.state import (
    counts,
    journal,
    layout,
    saved,
)
from trustabm.state.layout import State, Tables
from trustabm.week import believing, weekly_update
from trustabm.week.build import build
from trustabm.week.phases import run
from trustabm.week.synthesis import synthesize
from trustabm.week.week import LOT, Week

__all__ = ["Lives", "Plan", "World", "beliefs", "check_weeks"]

Array = npt.NDArray[Any]


class Plan:
    """Which levers are in force when: the timelines of every town of a region, as arrays.

    Args:
        timelines: One a town.
        start: The date of week `offset`.
        weeks: Weeks from there that the plan covers.
        offset: The week of the world at which the plan begins.
        before: The policies in force until then, for who tells that the rules changed. None:
            nothing came before.
        own: Levers of a user's own that the rules of the world read.
    """

    def __init__(
        self,
        timelines: Sequence[Timeline],
        start: dt.date,
        weeks: int,
        offset: int = 0,
        before: Sequence[Policy] | None = None,
        *,
        own: Sequence[Lever] = (),
    ) -> None:
        schedules = [dict(t.schedule(start, weeks)) for t in timelines]
        current = list(before) if before is not None else [s[0] for s in schedules]
        self.policies: list[tuple[int, list[Policy]]] = []
        rows: list[Array] = []
        news: list[list[bool]] = []
        for week in sorted({w for s in schedules for w in s}):
            now = [s.get(week, c) for s, c in zip(schedules, current, strict=True)]
            changed = [a != b for a, b in zip(now, current, strict=True)]
            if rows and not any(changed):
                continue
            self.policies.append((offset + week, now))
            values = [[p.own.get(x.name, x.default) for x in own] for p in now]
            rows.append(np.concatenate([as_record(*of) for of in zip(now, values, strict=True)]))
            news.append(changed)
            current = now
        self.weeks: Array = np.array([w for w, _ in self.policies], np.int64)
        self.levers: Array = np.stack(rows).astype(record_dtype(Policy)).view(np.recarray)
        self.news: Array = np.array(news, np.bool_)

    def at(self, week: int) -> int:
        """Return which row of the plan is in force in a week of the world."""
        return max(0, int(np.searchsorted(self.weeks, week, side="right")) - 1)


class Lives(Protocol):
    """Who lives through the weeks of a world in place of the compiled driver."""

    def step(self) -> None:
        """Live through one week."""


class World:
    """A region that lives through weeks, with what was counted and, if wanted, what happened.

    Args:
        state: Its columns; changed in place.
        parameters: The parameters of its rules.
        plan: The levers in force.
        keep_events: Whether the event tables keep all weeks, for stories and files.
        groups: The ethnic groups of its towns.
        inhabit: Makes who lives through its weeks; the compiled driver does if not given.
        rules: A user's own, in place of shipped ones.

    Raises:
        InvalidInput: for other groups than those of the state.
    """

    def __init__(
        self,
        state: State,
        parameters: Parameters,
        plan: Plan,
        *,
        keep_events: bool = False,
        groups: Groups = SHIPPED,
        inhabit: Callable[[World], Lives] | None = None,
        rules: tuple[Rule, ...] = (),
    ) -> None:
        if len(groups.ethnic) != len(state.ethnicities):
            raise InvalidInput(
                f"groups: expected the {len(state.ethnicities)} ethnic groups of the state, got "
                f"{[e.key for e in groups.ethnic]}"
            )
        self.state = state
        self.groups = groups
        self.parameters = parameters
        self.plan = plan
        self.keep_events = keep_events
        self.inhabit = inhabit
        self.inhabitants: Lives | None = None
        self.p = as_record(parameters)[0]
        self.build = build(rules)
        self.fading = self.build.run(believing.fading, parameters)
        self.tables: Tables = layout.new_tables(journal.room(len(state.residents)))
        towns = len(state.towns)
        self._counted = 0
        self._tally: Array = np.zeros((0, towns, len(state.pairs)), layout.TALLY)
        self._town_tally: Array = np.zeros((0, towns), layout.TOWN_TALLY)

    @classmethod
    def synthesize(
        cls,
        places: Sequence[tuple[Town, int]],
        parameters: Parameters,
        plan: Plan,
        seed: int,
        *,
        keep_events: bool = False,
        inhabit: Callable[[World], Lives] | None = None,
        rules: tuple[Rule, ...] = (),
    ) -> World:
        """Return a world before its first week, whose people know the rules it begins with."""
        groups = groups_of([place for place, _ in places])
        state = build(rules).run(synthesize, places, parameters, seed, groups)
        more: dict[str, Any] = {"groups": groups, "inhabit": inhabit, "rules": rules}
        world = cls(state, parameters, plan, keep_events=keep_events, **more)
        world.build.run(weekly_update.know_the_rules, world.belongings(plan.levers[0]))
        return world

    @property
    def week(self) -> int:
        """Weeks lived through."""
        return int(self.state.clock["week"][0])

    @property
    def tally(self) -> Array:
        """What was counted, of shape (weeks, towns, groups)."""
        return self._tally[: self._counted]

    @property
    def town_tally(self) -> Array:
        """What was counted of whole towns, of shape (weeks, towns)."""
        return self._town_tally[: self._counted]

    @property
    def seed(self) -> int:
        """The seed of this world's luck."""
        return int(self.state.clock["seed"][0])

    def branch(
        self,
        plan: Plan,
        *,
        keep_events: bool | None = None,
        parameters: Parameters | None = None,
        rules: tuple[Rule, ...] | None = None,
    ) -> World:
        """Return a world that shares this one's past and goes its own way under another plan.

        This is the day on which arms part: what is counted from here on is by the groups of today,
        and rates are over those who live here today.

        Args:
            plan: The levers in force from here on.
            keep_events: Whether its event tables keep all weeks; as here if not given.
            parameters: Where an experiment forces something from here on; as here if not given.
            rules: A user's own from here on; as here if not given.
        """
        keep = self.keep_events if keep_events is None else keep_events
        whole = self.parameters if parameters is None else parameters
        state = layout.copied(self.state)
        counts.part(state)
        more: dict[str, Any] = {"groups": self.groups, "inhabit": self.inhabit}
        more["rules"] = self.build.rules if rules is None else rules
        return World(state, whole, plan, keep_events=keep, **more)

    def run_for(self, weeks: int) -> None:
        """Live through `weeks` more weeks: compiled, or with those who inhabit the world."""
        if self.inhabit is not None:
            check_weeks(self.week + whole_number(weeks, "weeks", 0))
            people = self.inhabitants or self.inhabit(self)
            self.inhabitants = people
            for _ in range(weeks):
                people.step()
            return
        first = self.make_room(weeks)
        done = 0
        while done < weeks:
            w = self.belongings(self.plan.levers, slice(first + done, first + weeks))
            done += self.build.run(run, w, self.plan.weeks, self.keep_events)
            if done < weeks:
                self.tables = journal.grown(self.tables, len(self.state.residents))

    def belongings(self, levers: Array, weeks: int | slice | None = None) -> Week:
        """Return what the present week, or the weeks from it on, are carried out with.

        Args:
            levers: The levers in force.
            weeks: Their places in the tallies; None: what happens is not counted.
        """
        towns = len(self.state.towns)
        return self.build.week(
            self.state,
            self.tables,
            self.p,
            self.fading,
            levers.view(np.ndarray),
            np.zeros(self.state.counts.shape, layout.TALLY)
            if weeks is None
            else self._tally[weeks],
            np.zeros(towns, layout.TOWN_TALLY) if weeks is None else self._town_tally[weeks],
            np.zeros(ROOM, np.int64),  # what lies past the candidates is read too, and left
            np.empty(BLOCK),
            np.empty(LOT * BLOCK, np.int64),
            self.seed,
            self.week,
        )

    def begin(self) -> Week:
        """Begin one week, to be carried out by whoever asked for it; return what with."""
        t = self.make_room(1)
        while self.keep_events and not journal.roomy(self.tables, len(self.state.residents)):
            self.tables = journal.grown(self.tables, len(self.state.residents))
        journal.rewound(self.tables, self.keep_events)
        at = self.plan.at(self.week)
        return self.belongings(self.plan.levers[at], t)

    def make_room(self, weeks: int) -> int:
        """Add empty weeks to the tallies; return the place of the first of them.

        Raises:
            InvalidInput: for more weeks than the columns can number, or for no number of weeks.
        """
        weeks = whole_number(weeks, "weeks", 0)
        check_weeks(self.week + weeks)
        first = self._counted
        self._counted += weeks
        if self._counted > len(self._tally):
            # Room for as many again, so that week by week costs no more than all at once.
            more = max(self._counted, 2 * first) - first
            self._tally = _longer(self.tally[:first], more)
            self._town_tally = _longer(self.town_tally[:first], more)
        return first

    def save(self, path: Path) -> None:
        """Write the columns to a file from which the world can be continued."""
        saved.save(self.state, path)


def _longer(array: Array, more: int) -> Array:
    longer = np.zeros((len(array) + more, *array.shape[1:]), array.dtype)
    longer[: len(array)] = array
    return longer


def check_weeks(weeks: int, what: str = "weeks that a world lives") -> None:
    """Raise `InvalidInput` for more weeks in all than the columns can number."""
    if weeks > layout.WEEKS_MAX:
        raise InvalidInput(f"{what}: expected at most {layout.WEEKS_MAX:,}, got {weeks:,}")


@compiled
def _beliefs(w: Any, trust: Any, risk: Any) -> None:
    for i in range(len(w.state.residents)):
        trust[i] = believing.trust_of(w, i)
        risk[i] = believing.risk_of(w, i)


def beliefs(world: World) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return everyone's trust in local police and perceived risk, as they are now."""
    trust, risk = np.zeros((2, len(world.state.residents)))
    _beliefs(world.belongings(world.plan.levers[world.plan.at(world.week)]), trust, risk)
    return trust, risk
