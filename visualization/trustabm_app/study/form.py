"""The form of what is looked at: made from what a study keeps and varies."""

from __future__ import annotations

from typing import Any

from trustabm.outcomes.glossary import GLOSSARY
from trustabm.study.definition import measured
from trustabm_app.study.look import Look, Outline, title_of

__all__ = ["sections", "values"]


def _select(key: str, label: str, options: list[list[str]], help_: str = "") -> dict[str, Any]:
    field = {"key": key, "label": label, "kind": "select", "help": help_}
    return field | {"options": [{"label": "", "options": options}]}


def sections(known: Outline, look: Look) -> list[dict[str, Any]]:
    """Return the form's sections."""
    kept = known.study.outcomes
    groups = [g for o, g in measured(kept, known.groups) if o == look.outcome]
    fields = [
        _select("outcome", "Outcome", [[o, GLOSSARY[o].title] for o in kept]),
        _select("group", "Group", [[g, known.groups.titles[g]] for g in groups]),
    ]
    sides = [d for d in known.dims if d.is_axis]
    if len(sides) > 1:
        names = [[d.name, d.title] for d in sides]
        fields.append(_select("across", "Across", names))
        fields.append(_select("up", "Down", [n for n in names if n[0] != look.across]))
    if look.against:
        varied = [[n, title_of(n)] for n in known.names]
        fields.append(_select("against", "Drawn against", varied))
    for d in known.dims:
        side = d.name in (look.across, look.up)
        if d.name != "point" and (not side or d.name in ("town", "arm")):
            title = f"{d.title} below the map" if side else d.title
            fields.append(_select(f"at.{d.name}", title, [[w, w] for w in d.words]))
    if known.study.weekly and len(known.in_words) > 1:
        points = [[str(k), words] for k, words in enumerate(known.in_words)]
        fields.append(_select("point", "Weeks of", [["", "All points together"], *points]))
    fields.append(
        _select(
            "opens", "A cell opens", [["town", "Town"], ["compare", "Compare, with the reference"]]
        )
    )
    return [{"title": "", "fields": fields}]


def values(look: Look) -> dict[str, Any]:
    """Return what the form holds."""
    plain = {
        k: getattr(look, k)
        for k in ("outcome", "group", "across", "up", "against", "point", "opens")
    }
    return plain | {f"at.{k}": v for k, v in look.at.items()}
