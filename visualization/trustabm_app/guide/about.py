"""About: the model in plain words, what it cannot say, versions, and how to cite it."""

from __future__ import annotations

import sys
from typing import Any

import solara

from trustabm.outcomes.parts import MECHANISMS
from trustabm.rules.compiling import digest
from trustabm.runs.provenance import version
from trustabm.telling.brief.caveats import CANNOT_SAY
from trustabm_app.shared.asked import Asked
from trustabm_app.shared.shell import Notice, element

__all__ = ["CITATION", "DOCS", "ODD", "Page"]

ODD: tuple[tuple[str, str], ...] = (
    (
        "What it is for",
        "Questions of the kind “what if local police take part in immigration enforcement in this "
        "way?”: what becomes of trust, of who reports crime, of who is victimized, of what police "
        "can solve, and of who is removed. It compares policies in one place and at one time; it "
        "does not forecast levels.",
    ),
    (
        "Who is in it",
        "Residents aged 12 and over, each with a household, ties, a status and beliefs; police "
        "officers on beats; ICE agents of one field office; neighborhoods. A resident is a place: "
        "a newcomer takes the place of whoever left.",
    ),
    (
        "What happens in a week",
        "Crimes happen, victims and witnesses decide whether to call, police stop people, "
        "investigate and arrest; the jail books, screens, and honours or declines what ICE asks "
        "for; people are released, held or removed; news and stories travel, and trust and "
        "perceived risk follow; residents move away and others come.",
    ),
    (
        "What people believe",
        "Most of a person's trust in police is their own and lasts; what happens to them, and to "
        "those close, moves it for weeks. The risk they see in contact is the share of the cases "
        "they know of that ended in a deportation, added to what people of their status stand "
        "with. A change of the rules, or of what ICE does in the open, counts like cases for as "
        "long as it is news.",
    ),
    (
        "What policies are",
        "Settings of levers, and nothing else: no rule looks at a policy's name. A lever may "
        "change on a date.",
    ),
    (
        "How effects arise",
        f"From mechanisms, each of which can be switched off: {', '.join(MECHANISMS.values())}. "
        "Those that favour entanglement are among them. Compare shows what goes away of an effect "
        "without each.",
    ),
    (
        "Where chance comes in",
        "Every town has a seed. Two policies are lived through by the same residents with the same "
        "luck, so that what differs is caused by the policy; many towns tell it from luck.",
    ),
)
"""Overview, design concepts and details, in plain words."""

DOCS: tuple[tuple[str, str], ...] = (
    ("docs/odd.md", "the whole model in the ODD protocol (Grimm et al. 2020)"),
    ("docs/parameters.md", "every number, with its unit, bounds and source"),
    ("docs/levers.md", "every lever of a policy"),
    ("docs/outcomes.md", "every outcome and how it is counted"),
    ("docs/departures.md", "where the model departs from what it was asked to be"),
    ("docs/uncertainty.md", "what an interval says, and what it leaves out"),
    ("docs/scores.md", "how well it forecasts what it was not fitted to"),
    ("docs/credibility.md", "why it may be believed, and how far: TRACE and V&V 40"),
)
"""Files in the source that say more."""

CITATION = (
    "trustabm: an agent-based model of community trust and crime reporting under local "
    "participation in immigration enforcement"
)
"""The title in CITATION.cff, which a wheel does not hold."""

PACKAGES = ("trustabm", "numpy", "numba", "pydantic", "solara", "anywidget")


@solara.component
def Page() -> Any:
    """Say what this is."""
    number = version("trustabm")
    with element("div", class_="ta-column") as page:
        Notice(Asked(solara.use_router().search).said)
        element("h1", "What this model is")
        with element("section", class_="ta-box", aria_label="The model in plain words"):
            element("h2", "The model in plain words")
            for head, text in ODD:
                element("p", element("b", f"{head}. "), text)
        with element("section", class_="ta-box", aria_label="What it cannot say"):
            element("h2", "What it cannot say")
            items = (element("li", element("b", f"{a} "), b) for a, b in CANNOT_SAY)
            element("ul", *items, class_="ta-findings")
        with element("section", class_="ta-box", aria_label="Citation"):
            element("h2", "How to cite it")
            element("p", f"trustabm contributors. {CITATION}. Version {number}. MIT licence.")
            element(
                "p",
                "Give the version and the commit you used; results that are saved hold both in "
                "provenance.json.",
                class_="ta-lede",
            )
        with element("section", class_="ta-box", aria_label="Versions"):
            element("h2", "Versions")
            python = ".".join(map(str, sys.version_info[:3]))
            versions = {"python": python} | {p: version(p) or "not installed" for p in PACKAGES}
            element("p", " · ".join(f"{k} {v}" for k, v in versions.items()))
            element("p", f"Rules: {digest()}", class_="ta-lede")
        with element("section", class_="ta-box", aria_label="Documentation"):
            element("h2", "Where to read more, in the source")
            element("ul", *(element("li", element("b", a), f": {b}") for a, b in DOCS))
    return page
