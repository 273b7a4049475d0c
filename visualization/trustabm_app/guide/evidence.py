"""Evidence: the scorecard of calibration and validation."""

from __future__ import annotations

from typing import Any

import solara

from trustabm.inputs.draws import stale
from trustabm.telling.markup import Markup, tag
from trustabm_app.guide.scorecard import ROLES, Score, counted, roles, said, scorecard
from trustabm_app.shared.asked import Asked
from trustabm_app.shared.shell import Notice, element, piece, scrolled

__all__ = ["Page"]

REACH = 3.0
"""Tolerances to either side of a published value that its picture shows."""


@solara.component
def Page() -> Any:
    """Show what was published beside what the model gives."""
    scores = solara.use_memo(scorecard, [])
    with element("div") as page:
        Notice(Asked(solara.use_router().search).said)
        element("h1", "Does the model agree with what was measured?")
        if isinstance(scores, str):
            with element("section", class_="ta-box", aria_label="No scorecard"):
                element("p", scores, role="status")
        else:
            element(
                "p",
                "Every row is a published number, and what the model gives for it over its "
                "posterior. A pass is a median within the tolerance, which is the source's own "
                "error where it gives one that can be used, and ours otherwise.",
                class_="ta-lede",
            )
            for line in stale():
                element("p", line, role="status")
            Counts(scores)
            piece(_key())
            for role in roles(scores):
                Rows(role, [s for s in scores if s.role == role])
    return page


@solara.component
def Counts(scores: list[Score]) -> Any:
    """Count passes and misses by role."""
    with element("ul", class_="ta-counts", aria_label="Passes by role") as box:
        for role, n in counted(scores):
            element(
                "li",
                element("b", f"{n.get('pass', 0)} of {sum(n.values())}"),
                element("a", f"{role} rows pass", href=f"#{role}"),
                element("span", ROLES.get(role, "").split(":")[0], class_="src"),
            )
    return box


@solara.component
def Rows(role: str, scores: list[Score]) -> Any:
    """List the rows of a role."""
    title = role.capitalize()
    with element("section", class_="ta-box", aria_label=title, id=role) as box:
        element("h2", title)
        element("p", ROLES.get(role, ""), class_="ta-lede")
        scrolled(_table(scores), f"Rows: {role}")
    return box


def _key() -> Markup:
    return tag(
        "p",
        _picture(0.2, -0.5, 0.9, True),
        tag("span", "pass"),
        _picture(1.9, 1.3, 2.5, False),
        tag("span", "miss"),
        tag("span", "Shaded: within the tolerance. Line: the model's 90% interval."),
        class_="ta-keys",
    )


def _table(scores: list[Score]) -> Markup:
    heads = ("What is measured", "Published", "Model", "90% interval", "How far off", "", "Source")
    top = [
        tag("th", h, scope="col", class_="num" if 0 < k < 4 else "") if h else tag("td")
        for k, h in enumerate(heads)
    ]
    return tag(
        "table",
        tag("thead", tag("tr", *top)),
        tag("tbody", *(_row(s) for s in scores)),
        class_="ta-scores",
    )


def _row(s: Score) -> Markup:
    about = [
        tag("span", s.id, class_="ta-id"),
        tag("span", s.what),
        tag("div", s.unit, class_="src"),
    ]
    if s.note:
        about.append(tag("div", s.note, class_="ta-why"))
    span = "–"
    if s.low is not None and s.high is not None:
        span = f"{said(s.low)} to {said(s.high)}"
    citation, address = s.cited
    source: Any = citation or "–"
    if address.startswith(("https://", "http://")):
        source = tag("a", citation, href=address, rel="noreferrer", target="_blank")
    drawn = Markup("") if s.reach is None else _picture(*s.reach, bool(s.passed))
    return tag(
        "tr",
        tag("th", *about, scope="row"),
        tag("td", s.goal, class_="num", data_label="Published"),
        tag("td", said(s.value), class_="num", data_label="Model"),
        tag("td", span, class_="num", data_label="90% interval"),
        tag("td", drawn, data_label="How far off"),
        tag("td", tag("b", s.verdict, class_=f"ta-{s.verdict.split()[0]}"), data_label="Verdict"),
        tag("td", source, class_="src", data_label="Source"),
        data_row=s.id,
        id=f"row-{s.id}",
    )


def _picture(value: float, low: float, high: float, passed: bool) -> Markup:
    """Return where the model lies around a published value, in tolerances; numbers say the same."""
    width, middle = 132, 12

    def at(x: float) -> str:
        return f"{width * (min(max(x, -REACH), REACH) + REACH) / (2 * REACH):.1f}"

    third = width / 3
    parts = [
        tag("rect", x=f"{third:.1f}", y=3, width=f"{third:.1f}", height=18, class_="band"),
        tag("line", x1=at(0), x2=at(0), y1=1, y2=23, class_="goal"),
        tag("line", x1=at(low), x2=at(high), y1=middle, y2=middle, class_="span"),
    ]
    x = float(at(value))
    if passed:
        parts.append(tag("circle", cx=x, cy=middle, r=5, class_="hit"))
    else:
        points = f"{x - 6},{middle} {x},{middle - 6} {x + 6},{middle} {x},{middle + 6}"
        parts.append(tag("polygon", points=points, class_="off"))
    return tag(
        "svg", *parts, viewBox=f"-7 0 {width + 14} 24", class_="ta-reach", aria_hidden="true"
    )
