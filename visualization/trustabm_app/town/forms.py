"""Forms made from declarations: the setup of a run, and every lever there is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from trustabm.errors import InvalidInput
from trustabm.inputs import catalog
from trustabm.inputs.declare import Declared
from trustabm.inputs.groups import Groups
from trustabm.inputs.policy import LEVERS
from trustabm.inputs.structures import STRUCTURES
from trustabm.inputs.timeline import Timeline, timeline
from trustabm.inputs.town import Town, town
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.parts import MECHANISMS
from trustabm_app.shared.address import ARMS, LIMITS, Setting, ruled
from trustabm_app.shared.fields import form, number, select
from trustabm_app.shared.question import offers

__all__ = ["lever_values", "levers", "model_title", "setup", "setup_values"]

WITHOUT = {f"without-{name}": f"Without {title}" for name, title in MECHANISMS.items()}
"""The model with one mechanism off."""

_LEVELS = {"local": "Set locally", "state": "Set by the state", "federal": "Set federally"}


def _number(key: str, label: str, kind: str = "number", help_: str = "") -> dict[str, Any]:
    return number(key, label, LIMITS[key], kind, help=help_)


def _titles(folder: catalog.Folder, read: Callable[[str], Town | Timeline]) -> list[list[str]]:
    """Return name and title of each file of a kind; without those that became unreadable."""
    found = []
    for name in catalog.names(folder):
        with suppress(InvalidInput):
            found.append([name, read(name).title])
    return found


def model_title(model: str) -> str:
    """Return what a switched model is called."""
    known = WITHOUT | {name: f"Rules of {of}" for name, of in ruled().items()}
    return known[model] if model in known else STRUCTURES[model].title


def setup(arms: int, known: Groups, place: str) -> list[dict[str, Any]]:
    """Return the form of a run's setup.

    Args:
        arms: How many worlds.
        known: The groups of the town.
        place: The town, which may be any county.
    """
    towns = _titles("towns", town)
    if place not in (name for name, _ in towns):
        towns.append([place, town(place).title])
    named = {"Policies": _titles("policies", timeline), "Timelines": _titles("timelines", timeline)}
    chosen = [select("a", "Policy" if arms == 1 else "A, the reference", [], grouped=named)]
    if arms > 1:
        words = [("", "Nothing"), *((offer.word, offer.act) for offer in offers())]
        chosen.append(select("b", "B, compared with it", [], grouped=named))
        chosen.append(select("laid", "Laid on B from week 0", words))
    before = "Both towns live them" if arms > 1 else "The town lives them"
    rules = f"{before} under {'A' if arms > 1 else 'the policy'}'s rules of that time."
    models = [("", "As it is"), *((s.name, s.title) for s in STRUCTURES.values())]
    shown = [("", "Choose an outcome"), *((n, o.title) for n, o in GLOSSARY.items())]
    groups = [(g, known.titles[g]) for g in known.every]
    return [
        form(
            select("town", "Town", towns),
            *chosen,
            _number("residents", "Residents simulated", "range"),
        ),
        form(
            _number("year", "Year it begins"),
            _number("month", "Month of that year"),
            _number("weeks", "Weeks it lasts", help_="On a grid of 52 weeks, a year."),
            _number("seed", "Seed of its luck"),
            {"key": "local", "label": "The town's own dated policies too", "kind": "check"},
            _number("burn_in", "Weeks before week 0", help_=rules),
            title="When, and whose luck",
        ),
        form(
            select(
                "model",
                "A structure, or one part off",
                models,
                "Switch a structure or take a mechanism out, and see which effects stay.",
                {"One part off": WITHOUT.items()}
                | ({"Own rules": [(m, model_title(m)) for m in ruled()]} if ruled() else {}),
            ),
            title="How the model is built",
        ),
        form(
            *([select("group", "Charts of", groups)] if arms > 1 else []),
            select("show", "Add a chart, or take it away", shown),
            title="What charts show",
        ),
    ]


def setup_values(setting: Setting) -> dict[str, Any]:
    """Return what the form of the setup holds."""
    names = ("town", *ARMS, "laid", "model", "group", "local", *LIMITS)
    return {name: getattr(setting, name) for name in names} | {"show": ""}


def levers(arm: str, title: str) -> list[dict[str, Any]]:
    """Return the form of every lever of an arm, by who sets it."""
    sections = []
    for level, heading in _LEVELS.items():
        fields = [_lever(arm, d) for d in LEVERS.values() if d.level == level]
        sections.append(form(*fields, title=f"{title}{heading}"))
    sections[-1]["buttons"] = [{"key": f"clear.{arm}", "label": "Take my changes back"}]
    return sections


def _lever(arm: str, d: Declared) -> dict[str, Any]:
    key, help_ = f"{arm}.{d.name}", f"{d.sentence} ({d.unit})"
    if d.choices:
        return select(key, d.title, [(c, c) for c in d.choices], help_) | {"source": d.source}
    limits = (d.low, d.high, 0.05 if d.high <= 5 else 1.0)
    return number(key, d.title, limits, "range", help=help_, source=d.source)


def lever_values(setting: Setting, arm: str, policy: Any) -> dict[str, Any]:
    """Return what the form of an arm's levers holds."""
    return {f"{arm}.{name}": getattr(policy, name) for name in LEVERS}
