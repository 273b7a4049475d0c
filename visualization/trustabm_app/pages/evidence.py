"""Evidence: the scorecard of calibration and validation."""

from __future__ import annotations

from typing import Any

import solara

from trustabm_app.evidence import Score, counted, said, scorecard
from trustabm_app.shell import element

__all__ = ["Page"]


@solara.component
def Page() -> Any:
    """Show what was published beside what the model gives."""
    scores = solara.use_memo(scorecard, [])
    with element("div") as page:
        element("h1", "Does the model agree with what was measured?")
        if isinstance(scores, str):
            with element("section", class_="ta-box", aria_label="No scorecard"):
                element("p", scores, role="status")
        else:
            Counts(scores)
            Table(scores)
    return page


@solara.component
def Counts(scores: list[Score]) -> Any:
    """Count passes and misses by role."""
    with element("section", class_="ta-box", aria_label="Passes and misses") as box:
        element("h2", "Passes and misses")
        lines = []
        for role, n in counted(scores):
            parts = [f"{n.get('pass', 0)} pass", f"{n.get('miss', 0)} miss"]
            parts += [f"{n['not told']} not told"] * ("not told" in n)
            lines.append(element("li", element("b", f"{role.capitalize()}: "), ", ".join(parts)))
        element("ul", *lines)
        element(
            "p",
            "A pass means that the model's value is within the tolerance of the published one. "
            "Rows marked “never fitted” took no part in setting parameters; of the others, a pass "
            "says that the fit worked, not that the model is right.",
            class_="ta-lede",
        )
    return box


@solara.component
def Table(scores: list[Score]) -> Any:
    """List every row."""
    heads = ("What", "Role", "Published", "Tolerance", "Model", "Interval", "Verdict", "Source")
    with element("section", class_="ta-box", aria_label="Scorecard") as box:
        element("h2", "Scorecard")
        with element("div", class_="ta-scroll", tabindex="0", role="region", aria_label="Rows"):
            with element("table"):
                element("thead", element("tr", *(element("th", h, scope="col") for h in heads)))
                with element("tbody"):
                    for s in scores:
                        name = s.sentence or s.id.replace("_", " ")
                        role = f"{s.role}, never fitted" if s.never_fitted else s.role
                        span = "–"
                        if s.low is not None and s.high is not None:
                            span = f"{said(s.low)} to {said(s.high)}"
                        note = element("div", s.note or "", class_="src")
                        element(
                            "tr",
                            element("th", name, note, scope="row"),
                            element("td", role),
                            *(element("td", said(x), class_="num") for x in (s.published,)),
                            element("td", said(s.tolerance), class_="num"),
                            element("td", said(s.value), class_="num"),
                            element("td", span, class_="num"),
                            element("td", element("b", s.verdict)),
                            element("td", element("span", s.source or "–", class_="src")),
                        )
    return box
