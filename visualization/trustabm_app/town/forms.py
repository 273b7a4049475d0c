"""Forms made from declarations: the setup of a run, and every lever there is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from trustabm.errors import InvalidInput
from trustabm.inputs import catalog
from trustabm.inputs.groups import Groups
from trustabm.inputs.policy import LEVERS
from trustabm.inputs.structures import STRUCTURES
from trustabm.inputs.timeline import Timeline, timeline
from trustabm.inputs.town import Town, town
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.parts import MECHANISMS
from trustabm_app.shared.address import LIMITS, Setting
from trustabm_app.shared.question import offers

__all__ = ["lever_values", "levers", "setup", "setup_values"]

_LEVELS = {"local": "Set locally", "state": "Set by the state", "federal": "Set federally"}


def _number(key: str, label: str, kind: str = "number", help_: str = "") -> dict[str, Any]:
    low, high, grid = LIMITS[key]
    return {
        "key": key,
        "label": label,
        "kind": kind,
        "low": low,
        "high": high,
        "grid": grid,
        "help": help_,
    }


def _titles(folder: catalog.Folder, read: Callable[[str], Town | Timeline]) -> list[list[str]]:
    """Return name and title of each file of a kind; without those that became unreadable."""
    found = []
    for name in catalog.names(folder):
        with suppress(InvalidInput):
            found.append([name, read(name).title])
    return found


def _policies() -> list[dict[str, Any]]:
    return [
        {"label": "Policies", "options": _titles("policies", timeline)},
        {"label": "Timelines", "options": _titles("timelines", timeline)},
    ]


def _charts() -> list[dict[str, Any]]:
    return [
        {
            "label": "",
            "options": [["", "Choose an outcome"], *([n, o.title] for n, o in GLOSSARY.items())],
        }
    ]


def setup(arms: int, known: Groups, place: str) -> list[dict[str, Any]]:
    """Return the form of a run's setup.

    Args:
        arms: How many worlds.
        known: The groups of the town.
        place: The town, which may be any county.
    """
    options = _titles("towns", town)
    if place not in (name for name, _ in options):
        options.append([place, town(place).title])
    towns = [{"label": "", "options": options}]
    policies = _policies()
    chosen = [
        {
            "key": "a",
            "label": "Policy" if arms == 1 else "A, the reference",
            "kind": "select",
            "options": policies,
        }
    ]
    if arms > 1:
        words = [["", "Nothing"], *([offer.word, offer.act] for offer in offers())]
        laid = [{"label": "", "options": words}]
        chosen += [
            {"key": "b", "label": "B, compared with it", "kind": "select", "options": policies},
            {"key": "laid", "label": "Laid on B from week 0", "kind": "select", "options": laid},
        ]
    more = [
        _number("year", "Year it begins"),
        _number("month", "Month of that year"),
        _number("weeks", "Weeks it lasts", help_="On a grid of 52 weeks, a year."),
        _number("seed", "Seed of its luck"),
        {
            "key": "local",
            "label": "The town's own dated policies too",
            "kind": "check",
        },
    ]
    before = "Both towns live them" if arms > 1 else "The town lives them"
    help_ = f"{before} under {'A' if arms > 1 else 'the policy'}'s rules of that time."
    more.append(_number("burn_in", "Weeks before week 0", help_=help_))
    models = [["", "As it is"], *([s.name, s.title] for s in STRUCTURES.values())]
    without = [[f"without-{name}", f"Without {title}"] for name, title in MECHANISMS.items()]
    switched = {
        "key": "model",
        "label": "A structure, or one part off",
        "kind": "select",
        "options": [
            {"label": "", "options": models},
            {"label": "One part off", "options": without},
        ],
        "help": "Switch a structure or take a mechanism out, and see which effects stay.",
    }
    shown: list[dict[str, Any]] = [
        {
            "key": "show",
            "label": "Add a chart, or take it away",
            "kind": "select",
            "options": _charts(),
        }
    ]
    if arms > 1:
        groups = [{"label": "", "options": [[g, known.titles[g]] for g in known.every]}]
        shown.insert(0, {"key": "group", "label": "Charts of", "kind": "select", "options": groups})
    return [
        {
            "title": "",
            "fields": [
                {"key": "town", "label": "Town", "kind": "select", "options": towns},
                *chosen,
                _number("residents", "Residents simulated", "range"),
            ],
        },
        {"title": "When, and whose luck", "fields": more},
        {"title": "How the model is built", "fields": [switched]},
        {"title": "What charts show", "fields": shown},
    ]


def setup_values(setting: Setting) -> dict[str, Any]:
    """Return what the form of the setup holds."""
    names = (
        "town",
        "a",
        "b",
        "laid",
        "residents",
        "year",
        "month",
        "weeks",
        "seed",
        "local",
        "burn_in",
        "model",
        "group",
    )
    return {name: getattr(setting, name) for name in names} | {"show": ""}


def levers(arm: str, title: str) -> list[dict[str, Any]]:
    """Return the form of every lever of an arm, by who sets it."""
    sections = []
    for level, heading in _LEVELS.items():
        fields = []
        for d in LEVERS.values():
            if d.level != level:
                continue
            field: dict[str, Any] = {
                "key": f"{arm}.{d.name}",
                "label": d.title,
                "help": f"{d.sentence} ({d.unit})",
                "source": d.source,
            }
            if d.choices:
                options = [{"label": "", "options": [[c, c] for c in d.choices]}]
                field |= {"kind": "select", "options": options}
            else:
                grid = 0.05 if d.high <= 5 else 1.0
                field |= {"kind": "range", "low": d.low, "high": d.high, "grid": grid}
            fields.append(field)
        sections.append({"title": f"{title}{heading}", "fields": fields})
    sections[-1]["buttons"] = [{"key": f"clear.{arm}", "label": "Take my changes back"}]
    return sections


def lever_values(setting: Setting, arm: str, policy: Any) -> dict[str, Any]:
    """Return what the form of an arm's levers holds."""
    return {f"{arm}.{name}": getattr(policy, name) for name in LEVERS}
