"""The form of what is looked at: made from what a study keeps and varies."""

from __future__ import annotations

from typing import Any

from trustabm.outcomes.glossary import GLOSSARY
from trustabm.study.definition import measured
from trustabm_app.shared.asked import STUDY
from trustabm_app.shared.fields import form, select
from trustabm_app.study.look import Look, Outline, title_of

__all__ = ["sections", "values"]


def sections(known: Outline, look: Look) -> list[dict[str, Any]]:
    """Return the form's sections."""
    kept = known.study.outcomes
    groups = [g for o, g in measured(kept, known.groups) if o == look.outcome]
    fields = [
        select("outcome", "Outcome", [[o, GLOSSARY[o].title] for o in kept]),
        select("group", "Group", [[g, known.groups.titles[g]] for g in groups]),
    ]
    sides = [d for d in known.dims if d.is_axis]
    if len(sides) > 1:
        names = [[d.name, d.title] for d in sides]
        fields.append(select("across", "Across", names))
        fields.append(select("up", "Down", [n for n in names if n[0] != look.across]))
    if look.against:
        varied = [[n, title_of(n)] for n in known.names]
        fields.append(select("against", "Drawn against", varied))
    for d in known.dims:
        side = d.name in (look.across, look.up)
        if d.name != "point" and (not side or d.name in ("town", "arm")):
            title = f"{d.title} below the map" if side else d.title
            fields.append(select(f"at.{d.name}", title, [[w, w] for w in d.words]))
    if known.study.kept is not None and len(known.in_words) > 1:
        points = [[str(k), words] for k, words in enumerate(known.in_words)]
        fields.append(select("point", "Weeks of", [["", "All points together"], *points]))
    opens = [["town", "Town"], ["compare", "Compare, with the reference"]]
    fields.append(select("opens", "A cell opens", opens))
    return [form(*fields)]


def values(look: Look) -> dict[str, Any]:
    """Return what the form holds."""
    plain = {k: getattr(look, k) for k in STUDY if k != "study"}
    return plain | {f"at.{k}": v for k, v in look.at.items()}
