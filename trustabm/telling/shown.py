"""An answer as HTML: lines with strips, and what stands below; a page gives its looks."""

from __future__ import annotations

from collections.abc import Sequence

from trustabm.telling.answer import Answer, Line
from trustabm.telling.beneath import Beneath, Course, Lever, Who
from trustabm.telling.markup import Markup, items, tag
from trustabm.telling.picture import course, strip

__all__ = ["KEY", "below", "lines", "note"]

KEY = (
    "Dashed: the rules in force. Solid: with the change. Shaded: the 90% interval of the change, "
    "from the same towns. Each point is a quarter of a year."
)
"""How a course is read."""


def note(line: Line) -> str:
    """Return what stands below a strip: in how many structures it holds, and what doubt is of."""
    under = ". ".join(x[0].upper() + x[1:] for x in (line.holds, line.doubt) if x)
    return f"{under}." if under else ""


def lines(said: Answer, style: str = "") -> Markup:
    """Return the lines of an answer, each with a strip.

    Args:
        said: The answer.
        style: As in `picture.strip`.
    """
    dots = f"Each dot is one of {said.towns} simulated towns"
    return Markup("").join(
        tag(
            "div",
            tag("p", line.said, class_="ta-said"),
            strip(line.dots, line.middle, line.ends, dots, style),
            tag("p", note(line), class_="src"),
            class_="ta-answer",
            data_outcome=line.outcome,
        )
        for line in said.lines
    )


def below(of: Beneath, style: str = "") -> Markup:
    """Return what stands below the lines.

    Args:
        of: All of it.
        style: As in `picture.strip`.
    """
    parts = [_who(of.who)] if of.who else []
    parts += [tag("h2", title) + items(said) for title, said in of.sections]
    if of.courses:
        drawn = (_course(x, style) for x in of.courses)
        parts += [tag("h2", "Over time"), tag("div", *drawn, class_="ta-courses")]
        parts.append(tag("p", KEY, class_="src"))
    if of.touches:
        parts.append(_touches(of.touches, of.where))
    return Markup("").join(parts)


def _who(rows: Sequence[Who]) -> Markup:
    heads = ("Who", "People", "Of 1,000 crimes against them, reach the police", "Crimes a year")
    body = [
        tag(
            "tr",
            tag("th", row.title, scope="row", class_="ta-part" if row.part else None),
            *(
                tag("td", x, data_label=head)
                for head, x in zip(heads[1:], (row.people, row.reporting, row.crimes), strict=True)
            ),
        )
        for row in rows
    ]
    return tag("h2", "Who bears it") + _table(heads, body)


def _touches(levers: Sequence[Lever], where: str) -> Markup:
    heads = "What", "Rules in force", "With the change"
    body = [
        tag(
            "tr",
            tag("th", lever.title, scope="row"),
            tag("td", lever.before, data_label=heads[1]),
            tag("td", lever.after, data_label=heads[2]),
        )
        for lever in levers
    ]
    title = "What the change touches" + (f" ({where})" if where else "")
    return tag("h2", title) + _table(heads, body)


def _table(heads: Sequence[str], body: Sequence[Markup]) -> Markup:
    head = tag("thead", tag("tr", *(tag("th", x, scope="col") for x in heads)))
    return tag("table", head, tag("tbody", *body), class_="ta-told")


def _course(of: Course, style: str) -> Markup:
    label = (
        f"{_upper(of.some)}: from {of.was[0]:,.3g} to {of.was[-1]:,.3g} under the rules in force, "
        f"to {of.now[-1]:,.3g} with the change"
    )
    return tag("figure", tag("figcaption", _upper(of.some)), course(of, label, style))


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]
