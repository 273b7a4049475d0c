"""A town of forty residents, made by hand, and luck that a test sets draw by draw.

Two neighborhoods, 0 to 19 and 20 to 39; the first twelve and the first six of them are Latino.
Residents live alone, know nobody, were born here and are free, until a test says otherwise.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import by_hand
import numpy as np
import pytest

from trustabm.rules import codes, compiling, luck, reporting, uncompiled
from trustabm.state import counts, layout, rows
from trustabm.week import believing, week

NOW = 61
SEED = 7


def modules(*rooms: str) -> list[Any]:
    """Every module of some rooms."""
    found = []
    for room in rooms:
        package = importlib.import_module(f"trustabm.{room}")
        names = [m.name for m in pkgutil.iter_modules(package.__path__)]
        found += [importlib.import_module(f"trustabm.{room}.{name}") for name in names]
    return found


@pytest.fixture(autouse=True, scope="module")
def plain():
    """Rules, state and week as plain Python while a module's tests run: nothing is compiled."""
    with pytest.MonkeyPatch.context() as patch:
        made: dict[int, Any] = {}
        for module in modules("rules", "state", "week"):
            for name, value in list(vars(module).items()):
                if isinstance(value, compiling._Compiled):
                    if id(value) not in made:
                        made[id(value)] = uncompiled.uncompiled(value.py_func)
                    patch.setattr(module, name, made[id(value)])
        yield


class Draws(dict[Any, float]):
    """What luck draws: by purpose, or by purpose and whom it is about, or by index besides."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[int, int, int]] = []

    def uniform(self, seed: int, now: int, purpose: int, who: int, index: int = 0) -> float:
        """Return what was set in place of a uniform draw."""
        assert seed == SEED
        self.asked.append((now, purpose, who))
        for key in ((purpose, who, index), (purpose, who), purpose):
            if key in self:
                return self[key]
        raise AssertionError(f"no draw was set for purpose {purpose} of {who}, index {index}")

    def normal(self, seed: int, week: int, purpose: int, who: int, index: int = 0) -> float:
        """Return what was set in place of a normal draw."""
        return self.uniform(seed, week, purpose, who, index)

    def uniforms(self, seed: int, now: int, purpose: int, first: int, index: int, out: Any) -> None:
        """Fill in what was set in place of uniform draws of people who follow each other."""
        for k in range(len(out)):
            out[k] = self.uniform(seed, now, purpose, first + k, index)

    def uniforms_of(
        self, seed: int, now: int, purpose: int, people: Any, many: int, out: Any
    ) -> None:
        """Fill in what was set in place of uniform draws of so many of these people."""
        for k in range(many):
            out[k] = self.uniform(seed, now, purpose, people[k])

    def normals(self, seed: int, week: int, purpose: int, first: int, out: Any) -> None:
        """Fill in what was set in place of normal draws, likewise."""
        self.uniforms(seed, week, purpose, first, 0, out)


@pytest.fixture
def draws(monkeypatch):
    """Set luck by hand; a draw that is asked for and not set is an error."""
    drawn = Draws()
    for module in modules("week"):
        for name in ("uniform", "uniforms", "uniforms_of", "normals"):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, getattr(drawn, name))
    for module in (luck, reporting):
        monkeypatch.setattr(module, "normal", drawn.normal)
    return drawn


@pytest.fixture
def candidates(monkeypatch):
    """Set who is looked at in a phase; purposes and bounds that were asked for are kept."""
    asked: list[tuple[int, float]] = []

    def these(*who: int) -> list[tuple[int, float]]:
        def found_are(seed, now, purpose, block, residents, bound, found):
            asked.append((purpose, bound))
            assert (seed, now, block, residents) == (SEED, NOW, 0, 40)
            found[: len(who)] = who
            return len(who)

        monkeypatch.setattr(week, "candidates", found_are)
        return asked

    return these


# The outcome groups of Latino residents, and everybody else.
GROUP_UNDOCUMENTED, GROUP_REGISTERED, GROUP_MIXED, GROUP_LATINO, GROUP_OTHER = range(5)
PAIR = {pair: k for k, pair in enumerate(codes.pairs(2))}


class Town:
    """The town, and what a week of it is carried out with.

    Args:
        parameters: Set anew in those of `by_hand`.
    """

    def __init__(self, **parameters: Any) -> None:
        many = 40
        self.state = s = layout.State(
            residents=np.zeros(many, layout.RESIDENT),
            ties=np.full((many, layout.TIES), -1, np.int32),
            work=np.zeros(0, np.int32),
            workers=np.zeros(0, np.int32),
            visits=np.zeros(0, np.int32),
            homes=np.zeros((many, 2), np.uint16),
            marks=np.zeros(many, np.uint8),
            officers=np.zeros(3, layout.OFFICER),
            agents=np.zeros(2, layout.ICE_AGENT),
            neighborhoods=np.zeros(2, layout.NEIGHBORHOOD),
            learned=np.zeros((2, 2), layout.LEARNED),
            towns=np.zeros(1, layout.TOWN),
            stretches=np.zeros((2, 2), layout.STRETCH),
            ethnicities=np.array(
                [(0.55, 1, 1, 1, 1, 1, 1, 1, 1), (0.57, 0, 0, 0, 0, 0, 0, 1, 1)], layout.ETHNICITY
            ),
            pairs=np.array([(*pair, pair[1] // 4) for pair in codes.pairs(2)], layout.PAIR),
            groups=np.zeros((1, 5), layout.GROUP),
            counts=np.zeros((1, 8), layout.COUNT),
            pool=np.zeros(1, layout.POOL),
            expiring=np.zeros((52, 1, 8), np.int32),
            in_custody=np.zeros(many, np.int32),
            clock=np.zeros(1, layout.CLOCK),
        )
        self.p = by_hand.p(**parameters)
        self.fading = believing.fading(by_hand.PARAMETERS.model_copy(update=parameters))
        r = s.residents
        r["arrived"] = NOW - 52 * 30
        r["exposed"] = rows.NEVER
        r["household"] = 1
        r["neighborhood"] = np.arange(many) // 20
        for k, (latinos, before) in enumerate(((12, 0), (6, 12))):
            place = s.neighborhoods[k]
            place["town"], place["start"], place["end"] = 0, 20 * k, 20 * k + 20
            place["patrol"] = 1.0 + 0.5 * k
            middle = 20 * k + latinos
            s.stretches[k] = [(20 * k, middle, before), (middle, 20 * k + 20, 20 * k - before)]
            place["officer"], place["officers"] = (0, 2) if k == 0 else (2, 1)
            r["pair"][middle : 20 * k + 20] = GROUP_OTHER
        s.officers["beat"] = (0, 0, 1)
        s.officers["hours"] = 30.0
        s.officers["justice"] = (0.5, -0.5, 0.0)
        s.officers["bias"] = (0.2, 0.1, 0.0)
        s.officers["rank"] = (0.1, 0.5, 0.9)
        s.officers["school"] = (0.9, 0.5, 0.1)
        s.agents["hours"] = (10.0, 20.0)
        s.agents["discretion"] = (0.4, -0.4)
        place = s.towns[0]
        for name, value in {
            "start": 0,
            "end": many,
            "first": 0,
            "last": 2,
            "officers": 3,
            "hours": 90.0,
            "free": 0.8,
            "patrols": 0.9,
            "factor": 0.75,
            "crime": 0.004,
            "violent": 0.3,
            "domestic": 0.1,
            "reports": 0.4,
            "clears": 0.25,
            "usual_hours": 20.0,
            "cleared": 0.25,
            "expected": 2.0,
            "case_hours": 20.0,
            "away_hours": 9.0,
            "week_case_hours": 0.0,
            "week_away_hours": 0.0,
            "week_reported": 0,
            "week_cleared": 0,
            "undocumented": 4,
        }.items():
            place[name] = value
        s.learned["reports"] = ((0.3, 0.5), (0.35, 0.45))
        s.learned["expected"] = ((1.0, 2.0), (0.5, 3.0))
        s.learned["crimes"] = s.learned["reported"] = 0
        s.clock["seed"], s.clock["week"] = SEED, NOW
        s.clock["in_custody"], s.clock["ice_hours"] = 0, 25.0
        self.tables = layout.new_tables(60)
        self.tally = np.zeros((1, 8), layout.TALLY)
        self.town_tally = np.zeros(1, layout.TOWN_TALLY)
        self.levers()

    @property
    def groups(self) -> Any:
        """The outcome groups of the town."""
        return self.state.groups[0]

    @property
    def counts(self) -> Any:
        """Who is in each pair of groups."""
        return self.state.counts[0]

    @property
    def expiring(self) -> Any:
        """Exposures that pass out of the year, by week and pair of groups."""
        return self.state.expiring[:, 0]

    def levers(self, **levers: Any) -> Town:
        """Put levers in force, set anew in those of `by_hand`."""
        record = by_hand.lv(**levers)
        self.in_force = np.array([record], record.dtype)
        return self

    def place(self, i: int, **values: Any) -> Town:
        """Set columns of resident `i`."""
        for name, value in values.items():
            self.state.residents[name][i] = value
        rows.mark(self.state, i)
        return self

    def household(self, *people: int) -> Town:
        """Let people whose numbers follow each other live together."""
        for member, i in enumerate(people):
            assert i == people[0] + member
            self.place(i, household=len(people), member=member)
        return self

    def tied(self, i: int, *others: int) -> Town:
        """Tie resident `i` with others, both ways."""
        for j in others:
            for one, other in ((i, j), (j, i)):
                free = list(self.state.ties[one]).index(-1)
                self.state.ties[one, free] = other
        return self

    def ready(self) -> Town:
        """Count everybody where the rows say they are, and note who is in custody."""
        s, r = self.state, self.state.residents
        listed = [i for i in range(len(r)) if r["custody"][i] not in (codes.FREE, codes.REMOVED)]
        s.in_custody[: len(listed)] = listed
        s.clock["in_custody"] = len(listed)
        for i in range(len(r)):
            r["concern"][i], r["tied"][i] = rows.concern_of(s, i)
            r["pair"][i] = rows.group_of(
                s, rows.ethnicity_of(s, i), r["status"][i], r["concern"][i]
            )
        counts.recount(s)
        return self

    @property
    def w(self) -> Any:
        """The week, as functions of the room take it."""
        return week.Week(
            self.state,
            self.tables,
            self.p,
            self.fading,
            self.in_force,
            self.tally,
            self.town_tally,
            np.zeros(luck.ROOM, np.int64),
            np.zeros(luck.BLOCK),
            np.zeros(week.LOT * luck.BLOCK, np.int64),
            SEED,
            NOW,
        )

    def row(self, table: str, k: int = -1) -> dict[str, Any]:
        """One row of a table of events, the last if none is named."""
        used = self.tables.used[list(layout.TABLES).index(table)]
        assert used > 0, f"no {table}"
        row = getattr(self.tables, table)[:used][k]
        return {name: row[name].item() for name in row.dtype.names}

    def events(self, table: str) -> int:
        """How many rows a table of events has."""
        return int(self.tables.used[list(layout.TABLES).index(table)])

    def counted(self) -> dict[str, float]:
        """What was counted this week, summed over groups, nothing left out but zeros.

        What was to be expected is counted apart: see `expected`.
        """
        sums = {name: float(self.tally[name].sum()) for name in layout.TALLY.names}
        beside = layout.EXPECTED.values()
        return {name: value for name, value in sums.items() if value and name not in beside}

    def expected(self) -> dict[str, float]:
        """What was to be expected this week, summed over groups, by the names of what happened."""
        sums = {name: float(self.tally[x].sum()) for name, x in layout.EXPECTED.items()}
        return {name: value for name, value in sums.items() if value}

    def of(self, i: int) -> dict[str, Any]:
        """The row of resident `i`."""
        row = self.state.residents[i]
        return {name: row[name].item() for name in row.dtype.names}


def edge(decide: Any, draws: Draws, purpose: Any, chance: float) -> bool:
    """Whether something is decided just below a chance, and not just above it."""
    draws[purpose] = chance - 1e-7
    below = bool(decide())
    draws[purpose] = chance + 1e-7
    return below and not decide()


def opened(row: Any) -> Any:
    """A row of one as functions of the room take it: its fields are attributes, written through."""
    return uncompiled._opened(row)[0]


def believed(t: Town, i: int) -> tuple[float, float]:
    """What resident `i` believes now: trust and perceived risk."""
    return believing.trust_of(t.w, i), believing.risk_of(t.w, i)


__all__ = [
    "NOW",
    "SEED",
    "Draws",
    "Town",
    "believed",
    "candidates",
    "draws",
    "edge",
    "opened",
    "plain",
]
