"""The state that a link holds: read from an address, clamped, and written back.

Whatever an address says, a valid setting comes of it: names that do not exist and numbers out of
range fall back or are cut, levers that contradict each other are left out, and all of it is said.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from typing import Any
from urllib.parse import urlencode

from pydantic import ValidationError

from trustabm.errors import InvalidInput, problems
from trustabm.inputs import catalog, library
from trustabm.inputs.catalog import titles_apart
from trustabm.inputs.groups import Groups
from trustabm.inputs.laid import Laid
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.places.counties import find
from trustabm.inputs.policy import LEVERS
from trustabm.inputs.rule import rules_in
from trustabm.inputs.structures import STRUCTURES
from trustabm.inputs.timeline import Change, Preset, Timeline, date_of, timeline
from trustabm.inputs.town import groups_of, town
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.parts import MECHANISMS
from trustabm.runs.arms import TitledArm
from trustabm.runs.experiment import Experiment
from trustabm_app.shared.asked import Asked, near, number, on_grid, quoted
from trustabm_app.shared.question import as_setting, offers

__all__ = ["ARMS", "LIMITS", "MODELS", "MODES", "OWN_RULES", "Setting", "Turn", "plain", "read"]
__all__ += ["ruled"]

ARMS = ("a", "b")
MODES = ("trust", "risk", "status", "reporting", "difference")
MODELS = (*STRUCTURES, *(f"without-{name}" for name in MECHANISMS))
"""What of the model may be switched: to one structure, or one mechanism off."""

LIMITS: dict[str, tuple[int, int, int]] = {
    "residents": (500, 20_000, 500),
    "seed": (0, 999_999, 1),
    "year": (1980, 2040, 1),
    "month": (1, 12, 1),
    "weeks": (52, 1040, 52),
    "speed": (1, 60, 1),
    "burn_in": (0, 260, 52),
    "replicates": (10, 200, 10),
}
"""Lowest, highest and grid of every number; a visitor cannot ask for more work than this."""


def ruled() -> dict[str, str]:
    """Return the files of rules that a library has, by what switches the model to each."""
    return {f"rules-{name}": name for name in library.files("rules")}


TURNS_MAX = 60
CHARTS_MAX = 12
OWN_RULES = "tick “The town's own dated policies too” to lay them in"
_LEVER = re.compile(r"([ab])\.([a-z_0-9]+)(?:@([0-9]{1,9}))?")


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
        town: A shipped town or a county.
        a: The policy or timeline; on Compare, the reference.
        b: The one compared with it.
        laid: A change that is laid on B from week 0 on, as a question asks for; empty for none.
        year: The year in which week 0 begins.
        month: The month of it.
        weeks: Weeks that a run lasts.
        residents: Residents simulated.
        seed: The seed of the town's luck.
        local: Whether the town's own dated policies are merged in.
        burn_in: Weeks before week 0, under what A has in force then.
        replicates: Compare: towns in an ensemble.
        speed: Weeks a second.
        model: One of `MODELS` or `ruled` that both arms live by; empty for the model as it is.
        mode: What the map's colours say; empty for what a page begins with.
        group: Compare: whose outcomes the charts show.
        charts: Outcomes shown.
        turns: Levers the visitor has set, in order of their weeks.
        notices: What an address asked for and cannot have; no part of a link.
    """

    town: str = "harris-tx"
    a: str = "none"
    b: str = "secure-communities"
    laid: str = ""
    year: int = 2010
    month: int = 1
    weeks: int = 260
    residents: int = 2000
    seed: int = 1
    local: bool = False
    burn_in: int = 104
    replicates: int = 50
    speed: int = 8
    model: str = ""
    mode: str = ""
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
    notices: tuple[str, ...] = field(default=(), compare=False)

    @property
    def groups(self) -> Groups:
        """The groups of the town."""
        return groups_of([town(self.town)])

    @property
    def start(self) -> dt.date:
        """The date on which week 0 begins."""
        return dt.date(self.year, self.month, 1)

    def policy(self, arm: str) -> str:
        """Return the name of an arm's policy or timeline."""
        return self.a if arm == "a" else self.b

    def words(self, arm: str) -> str:
        """Return what an arm's policy stands for, and which levers it changes."""
        name = self.policy(arm)
        if laid := self._laid(arm):
            return f"{timeline(name).title}, and from {self.start} on: {laid[0].preset.sentence}"
        path = catalog.policy_file(name)
        if name in catalog.names("timelines") or timeline(path).changes:
            return timeline(path).sentence
        preset = catalog.read("policies", path, Preset)
        return f"{preset.sentence} {preset.line()}"

    def timeline(self, arm: str) -> Timeline:
        """Return an arm's timeline: the named one, the town's own changes, the visitor's."""
        return self._of((arm,)).lines[0]

    def titles(self, arms: int) -> list[str]:
        """Return what the arms are called, each by a name of its own."""
        return list(self.experiment(arms).titles.values())

    def notes(self, arms: int) -> tuple[str, ...]:
        """Return what of the arms' and the town's own rules is not lived through."""
        return tuple(self.experiment(arms).notices(OWN_RULES, same=True))

    def experiment(self, arms: int) -> Experiment:
        """Return what is run: one arm from its first week, or two from a common past.

        An arm goes by its policy's name, so that a command can name it too; where a lever is set
        on the screen or both have one policy, all go by their titles.
        """
        return self._of(ARMS[:arms])

    def _of(self, arms: tuple[str, ...]) -> Experiment:
        titles, words = {}, {}
        for arm in arms:
            laid = self._laid(arm)
            changed = ", changed on the screen" if self._changes(arm) else ""
            title = laid[0].title if laid else timeline(self.policy(arm)).title
            titles[arm.upper()] = title + changed
            words[arm] = laid[0].word if laid else self.policy(arm)
        by_name = len({*words.values()}) == len(arms)
        by_name = by_name and not any(self._changes(arm) for arm in arms)
        named = {}
        for arm, title in zip(arms, titles_apart(titles).values(), strict=True):
            laid = self._laid(arm)
            named[words[arm] if by_name else title] = TitledArm(
                policy=self.policy(arm),
                title=None if by_name and not laid else title,
                laid=laid,
                changes=self._changes(arm),
            )
        return Experiment(
            town=self.town,
            arms=named,
            start=self.start,
            weeks=self.weeks,
            burn_in=self.burn_in,
            residents=self.residents,
            replicates=self.replicates if len(arms) > 1 else 1,
            seed=self.seed,
            local_policies=self.local,
            parameters=Parameters(**self._fixed()),
            structures=(self.model,) if self.model in STRUCTURES and len(arms) > 1 else None,
            rules=rules_in(name) if (name := ruled().get(self.model)) else (),
        )

    def _fixed(self) -> dict[str, Any]:
        """Return the parameters that the switched model holds."""
        if self.model in STRUCTURES:
            return dict(STRUCTURES[self.model].fixed)
        off = self.model.removeprefix("without-")
        return {off: False} if off != self.model else {}

    def shows(self, arms: int) -> str:
        """Return what the map's colours say: of two towns first what they differ by."""
        return self.mode or ("difference" if arms > 1 else "trust")

    def _laid(self, arm: str) -> tuple[Laid, ...]:
        """Return what is laid on an arm."""
        return (Laid.of(self.laid, self.start),) if self.laid and arm == "b" else ()

    def _changes(self, arm: str) -> tuple[Change, ...]:
        """Return what the visitor has set in an arm, as dated changes."""
        found = []
        for week in sorted({t.week for t in self.turns if t.arm == arm}):
            levers = {t.lever: t.value for t in self.turns if (t.arm, t.week) == (arm, week)}
            change = Change(
                date=date_of(self.start, week),
                sentence="Set on the screen: "
                # A lever that does not exist is refused below, by name.
                + "; ".join(LEVERS[k].said(v) for k, v in levers.items() if k in LEVERS),
                source="as set on the screen",
                levers=levers,
            )
            found.append(change)
        return tuple(found)

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
        new, old = replace(self, turns=turns), replace(self, turns=tuple(kept))
        new.timeline(turn.arm)
        # One that is set to what holds then anyway is not set.
        held = getattr(old.timeline(turn.arm).at(date_of(self.start, turn.week)), turn.lever)
        return old if held == turn.value else new

    def query(self) -> str:
        """Return what stands after the question mark: what is not as by default."""
        default = Setting()
        words: dict[str, str] = {}
        for f in fields(self):
            value = getattr(self, f.name)
            if f.name in ("turns", "notices") or value == getattr(default, f.name):
                continue
            text = ",".join(value) if isinstance(value, tuple) else str(value)
            words[f.name] = str(int(value)) if isinstance(value, bool) else text
        for t in self.turns:
            at = f"@{t.week}" if t.week else ""
            words[f"{t.arm}.{t.lever}{at}"] = (
                t.value if isinstance(t.value, str) else f"{t.value:.12g}"
            )
        return urlencode(words, safe=",@")

    def link(self, path: str = "") -> str:
        """Return the address of a page in this setting."""
        query = self.query()
        return f"{path}?{query}" if query else path


def read(search: str | None) -> Setting:
    """Return the setting that a query string stands for, whatever it says."""
    asked = Asked(search)
    asked.words = as_setting(asked.words)
    setting = _agreeing(_plain(asked), asked)
    for key, value in asked.words.items():
        if key.startswith(("a.", "b.")):
            try:
                setting = setting.turned(_turn(key, value, setting.weeks))
            except ValueError as e:
                why = plain(e)
                asked.say(f"{quoted(key)} is left out: {why}{'' if why.endswith('?') else '.'}")
    return replace(setting, notices=asked.said)


def plain(error: ValueError) -> str:
    """Return what is wrong, without pydantic's frame around it."""
    if not isinstance(error, ValidationError):
        return str(error)
    return "; ".join(problems(error, list(LEVERS)))


def _agreeing(setting: Setting, asked: Asked) -> Setting:
    """Return a setting without the town's own policies, where they contradict an arm's."""
    try:
        for arm in ARMS:
            setting.timeline(arm)
    except ValueError as e:
        if setting.laid:
            asked.say(f"The change is left out. {plain(e)}")
            return _agreeing(replace(setting, laid=""), asked)
        asked.say(f"The town's own policies are left out. {plain(e)}")
        return replace(setting, local=False)
    return setting


def _plain(asked: Asked) -> Setting:
    default = Setting()
    policies = (*catalog.names("policies"), *catalog.names("timelines"))
    numbers: dict[str, Any] = {
        name: asked.whole(name, at, getattr(default, name)) for name, at in LIMITS.items()
    }
    place = _county(asked) or asked.one_of("town", catalog.names("towns"), default.town)
    return Setting(
        town=place,
        a=asked.one_of("a", policies, default.a),
        b=asked.one_of("b", policies, default.b),
        laid=asked.one_of("laid", ["", *(offer.word for offer in offers())], default.laid),
        local=asked.one_of("local", ("0", "1"), "0") == "1",
        model=asked.one_of("model", (*MODELS, *ruled()), default.model, "the model as it is"),
        mode=asked.one_of("mode", MODES, default.mode, "what a page begins with"),
        group=asked.one_of("group", groups_of([town(place)]).every, default.group),
        charts=_charts(asked) or default.charts,
        **numbers,
    )


def _county(asked: Asked) -> str:
    """Return the county that an address names; empty where it names none, or a town by name."""
    text = asked.words.get("town", "")
    if text in catalog.names("towns"):
        return ""
    with suppress(InvalidInput):
        return find(text)[0].slug
    return ""


def _charts(asked: Asked) -> tuple[str, ...]:
    names = [name for name in asked.words.get("charts", "").split(",") if name]
    known = tuple(dict.fromkeys(name for name in names if name in GLOSSARY))
    for name in names:
        if name not in GLOSSARY:
            asked.say(f"charts: there is no outcome {quoted(name)}; it is left out.")
    if "charts" in asked.words and not known:
        asked.say("charts: no outcome is left of them; shown are the usual ones.")
    if len(known) > CHARTS_MAX:
        asked.say(f"charts: expected at most {CHARTS_MAX}, got {len(known)}; the first are shown.")
    return known[:CHARTS_MAX]


def clamped(name: str, value: Any) -> int | None:
    """Return a number within its limits and on its grid; None if it is none."""
    try:
        wanted = float(value)
    except (TypeError, ValueError):
        return None
    return None if math.isnan(wanted) else on_grid(wanted, LIMITS[name])


def _turn(key: str, text: str, weeks: int) -> Turn:
    """Return a lever that an address sets.

    Raises:
        ValueError: for a lever, a week or a value that there is not.
    """
    match = _LEVER.fullmatch(key)
    if match is None or match[2] not in LEVERS:
        raise ValueError("there is no such lever" + near(key[2:].partition("@")[0], LEVERS))
    week = int(match[3] or 0)
    if week >= weeks:
        raise ValueError(f"expected a week before {weeks}, got {week}")
    declared = LEVERS[match[2]]
    if declared.choices:
        if text not in declared.choices:
            raise ValueError(f"expected one of {', '.join(declared.choices)}, got {quoted(text)}")
        return Turn(match[1], week, match[2], text)
    value = number(text)
    if value is None or not declared.low <= value <= declared.high:
        wanted = f"expected a number from {declared.low:g} to {declared.high:g}"
        raise ValueError(f"{wanted}, got {quoted(text)}")
    return Turn(match[1], week, match[2], round(value, 6))
