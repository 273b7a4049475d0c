"""The state that a link holds: read from an address, clamped, and written back.

Whatever an address says, a valid setting comes of it: names that do not exist and numbers out of
range fall back or are cut, and levers that contradict each other are left out.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from trustabm import catalog
from trustabm.declare import Declared, declarations
from trustabm.errors import InvalidInput
from trustabm.measures import ALL_GROUPS
from trustabm.outcomes import GLOSSARY
from trustabm.parameters import Parameters
from trustabm.policy import Policy
from trustabm.replicates import Design
from trustabm.timeline import Change, Timeline, date_of, stands_for, timeline
from trustabm.town import town

__all__ = ["ARMS", "LEVERS", "LIMITS", "MODES", "Setting", "Turn", "current", "read"]

ARMS = ("a", "b")
MODES = ("trust", "risk", "status", "reporting", "difference")
LEVERS: dict[str, Declared] = {d.name: d for d in declarations(Policy)}

LIMITS: dict[str, tuple[int, int, int]] = {
    "residents": (500, 20_000, 500),
    "seed": (0, 999_999, 1),
    "year": (1980, 2040, 1),
    "weeks": (52, 1040, 52),
    "speed": (1, 60, 1),
    "burn_in": (0, 260, 52),
    "replicates": (10, 200, 10),
}
"""Lowest, highest and grid of every number; a visitor cannot ask for more work than this."""

TURNS_MAX = 60
_LEVER = re.compile(r"([ab])\.([a-z_0-9]+)(?:@(\d{1,5}))?")


@dataclass(frozen=True, slots=True)
class Turn:
    """A lever that a visitor sets, from a week on."""

    arm: str
    week: int
    lever: str
    value: float | str


@dataclass(frozen=True, slots=True)
class Setting:
    """What a visitor looks at.

    Args:
        town: A shipped town.
        a: The policy or timeline; on Compare, the reference.
        b: The one compared with it.
        year: The year in which week 0 begins.
        weeks: Weeks that a run lasts.
        residents: Residents simulated.
        seed: The seed of the town's luck.
        local: Whether the town's own dated policies are merged in.
        burn_in: Compare: weeks in common before the arms part.
        replicates: Compare: towns in an ensemble.
        speed: Weeks a second.
        mode: What the map's colours say.
        group: Compare: whose outcomes the charts show.
        charts: Outcomes shown.
        turns: Levers the visitor has set, in order of their weeks.
        problem: What an address asked for and cannot have; no part of a link.
    """

    town: str = "harris-tx"
    a: str = "none"
    b: str = "secure-communities"
    year: int = 2010
    weeks: int = 260
    residents: int = 2000
    seed: int = 1
    local: bool = False
    burn_in: int = 104
    replicates: int = 50
    speed: int = 8
    mode: str = "trust"
    group: str = "latino"
    charts: tuple[str, ...] = (
        "trust",
        "perceived_risk",
        "reporting",
        "victimization",
        "exposed",
        "removals",
    )
    turns: tuple[Turn, ...] = ()
    problem: str = field(default="", compare=False)

    @property
    def start(self) -> dt.date:
        """The date on which week 0 begins."""
        return dt.date(self.year, 1, 1)

    def policy(self, arm: str) -> str:
        """Return the name of an arm's policy or timeline."""
        return self.a if arm == "a" else self.b

    def words(self, arm: str) -> str:
        """Return what an arm's policy stands for, in a sentence."""
        return stands_for(self.policy(arm))

    def timeline(self, arm: str) -> Timeline:
        """Return an arm's timeline: the named one, the town's own changes, the visitor's."""
        line = timeline(self.policy(arm))
        if self.local:
            place = town(self.town)
            line = line.merged(place.changes, place.title)
        own = [t for t in self.turns if t.arm == arm]
        for week in sorted({t.week for t in own}):
            levers = {t.lever: t.value for t in own if t.week == week}
            change = Change(
                date=date_of(self.start, week),
                sentence="Set on the screen: " + ", ".join(f"{k} {v}" for k, v in levers.items()),
                source="as set on the screen",
                levers=levers,
            )
            line = line.laid_over(change)
        if own:
            line = Timeline.model_validate(
                line.model_dump() | {"title": f"{line.title}, changed on the screen"}
            )
        return line

    def design(self, arms: int) -> Design:
        """Return what is lived through: one arm from its first week, or two from a common past."""
        return Design(
            place=town(self.town),
            arms=tuple(self.timeline(arm) for arm in ARMS[:arms]),
            start=self.start,
            weeks=self.weeks,
            burn_in=self.burn_in if arms > 1 else 0,
            residents=self.residents,
            seed=self.seed,
            parameters=Parameters(),
        )

    def turned(self, turn: Turn) -> Setting:
        """Return this setting with a lever set.

        Raises:
            ValueError: if the levers then contradict each other.
        """
        kept = [
            t for t in self.turns if (t.arm, t.week, t.lever) != (turn.arm, turn.week, turn.lever)
        ]
        turns = tuple(sorted([*kept, turn], key=lambda t: t.week))
        if len(turns) > TURNS_MAX:
            raise ValueError(f"levers: expected at most {TURNS_MAX} changes in a link")
        new = replace(self, turns=turns)
        new.timeline(turn.arm)
        return new

    def query(self) -> str:
        """Return what stands after the question mark: what is not as by default."""
        default = Setting()
        words: dict[str, str] = {}
        for f in fields(self):
            value = getattr(self, f.name)
            if f.name in ("turns", "problem") or value == getattr(default, f.name):
                continue
            text = ",".join(value) if isinstance(value, tuple) else str(value)
            words[f.name] = str(int(value)) if isinstance(value, bool) else text
        for t in self.turns:
            at = f"@{t.week}" if t.week else ""
            words[f"{t.arm}.{t.lever}{at}"] = (
                t.value if isinstance(t.value, str) else f"{t.value:g}"
            )
        return urlencode(words, safe=",@")

    def link(self, path: str = "") -> str:
        """Return the address of a page in this setting."""
        query = self.query()
        return f"{path}?{query}" if query else path

    def code(self, language: str, arms: int) -> str:
        """Return the Python or shell code that lives through the same."""
        from trustabm_app import reproduce

        return reproduce.python(self, arms) if language == "python" else reproduce.shell(self, arms)


def read(search: str | None) -> Setting:
    """Return the setting that a query string stands for, whatever it says."""
    try:
        words = dict(parse_qsl((search or "").lstrip("?")[:8000], max_num_fields=200))
    except ValueError:
        words = {}
    setting = _agreeing(Setting(**_plain(words)))
    for key, value in words.items():
        match = _LEVER.fullmatch(key)
        if match is None or match[2] not in LEVERS:
            continue
        turn = _turn(match[1], match[2], value, int(match[3] or 0))
        if turn is not None and turn.week < setting.weeks:
            try:
                setting = setting.turned(turn)
            except ValueError:
                continue
    return setting


def _agreeing(setting: Setting) -> Setting:
    """Return a setting without the town's own policies, where they contradict an arm's."""
    try:
        for arm in ARMS:
            setting.timeline(arm)
    except InvalidInput as e:
        return replace(setting, local=False, problem=f"The town's own policies are left out. {e}")
    return setting


def current() -> Setting:
    """Return the setting of the visitor's address; to be called inside a component."""
    import solara

    return read(solara.use_router().search)


def _plain(words: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {name: clamped(name, words[name]) for name in LIMITS if name in words}
    known = {
        "town": catalog.names("towns"),
        "a": (*catalog.names("policies"), *catalog.names("timelines")),
        "b": (*catalog.names("policies"), *catalog.names("timelines")),
        "mode": MODES,
        "group": ALL_GROUPS,
    }
    values |= {name: words[name] for name, names in known.items() if words.get(name) in names}
    if "local" in words:
        values["local"] = words["local"] == "1"
    charts = tuple(dict.fromkeys(c for c in words.get("charts", "").split(",") if c in GLOSSARY))
    if charts:
        values["charts"] = charts[:12]
    return {k: v for k, v in values.items() if v is not None}


def clamped(name: str, value: Any) -> int | None:
    """Return a number within its limits and on its grid; None if it is none."""
    low, high, grid = LIMITS[name]
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    if math.isnan(number):
        return None
    number = min(max(number, low), high)
    return min(high, max(low, round(number / grid) * grid))


def _turn(arm: str, lever: str, value: str, week: int) -> Turn | None:
    declared = LEVERS[lever]
    if declared.choices:
        return Turn(arm, week, lever, value) if value in declared.choices else None
    try:
        number = float(value)
    except ValueError:
        return None
    if math.isnan(number):
        return None
    return Turn(arm, week, lever, round(min(max(number, declared.low), declared.high), 6))
