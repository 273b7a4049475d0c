"""Pictures of an answer as SVG: a strip with a dot for every town, and the course of an outcome.

They have no colours of their own: a page gives their classes some, and what is no page takes
`PLAIN` into them.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Sequence

from trustabm.telling.beneath import Course
from trustabm.telling.markup import Markup, tag

__all__ = ["PLAIN", "course", "strip"]

PLAIN = Markup("""
.dot{fill:#565d69;fill-opacity:.75}.span{stroke:#0b5394;stroke-width:4;stroke-linecap:round}
.hit{fill:#0b5394;stroke:#fff;stroke-width:2}.goal{stroke:#1d2129;stroke-dasharray:3 3}
text{fill:#40454e;font-size:16px;font-family:'Libertinus Serif',Georgia,serif}
.axis{stroke:#c9ccd2}.was{stroke:#565d69;stroke-dasharray:7 5}.now{stroke:#0b5394}
.was,.now{fill:none;stroke-width:3}.band{fill:#0b5394;fill-opacity:.18}
""")
"""The looks of a picture that stands alone."""

WIDTH, DOT, HEIGHT_MAX = 640, 7.0, 11
TICKS = 4


def strip(
    dots: Sequence[float],
    middle: float | None,
    ends: tuple[float, float] | None,
    label: str,
    style: str = "",
    own: float | None = None,
) -> Markup:
    """Return a picture of changes, each a dot, stacked where they would lie over each other.

    Args:
        dots: The change in every town.
        middle: The change over all of them.
        ends: The ends of its interval.
        label: What a dot is.
        style: Its looks, where no page gives any.
        own: The change that is marked among them.
    """
    shown = [*dots, *(ends or ()), 0.0]
    low, high = min(shown), max(shown)
    if low == high:
        return Markup("")
    step = _step((high - low) / TICKS)
    low, high = math.floor(low / step) * step, math.ceil(high / step) * step

    def at(x: float) -> float:
        return float(WIDTH * (x - low) / (high - low))

    columns = Counter[int]()
    parts = []
    tallest = max(Counter(int(at(x) // DOT) for x in dots).values(), default=1)
    rise = min(1.0, HEIGHT_MAX / tallest) * DOT
    base = 8 + min(tallest, HEIGHT_MAX) * DOT
    for x in sorted(dots):
        column = int(at(x) // DOT)
        y = base - DOT / 2 - rise * columns[column]
        columns[column] += 1
        kind = "own" if x == own else "less" if x < 0 else "more"
        parts.append(
            tag(
                "circle", cx=f"{(column + 0.5) * DOT:.1f}", cy=f"{y:.1f}", r=3, class_=f"dot {kind}"
            )
        )
    if ends is not None:
        y = base + 7
        parts.append(
            tag("line", x1=f"{at(ends[0]):.1f}", x2=f"{at(ends[1]):.1f}", y1=y, y2=y, class_="span")
        )
        if middle is not None:
            parts.append(tag("circle", cx=f"{at(middle):.1f}", cy=y, r=5, class_="hit"))
    ticks = [low + k * step for k in range(round((high - low) / step) + 1)]
    for x in ticks:
        anchor = "start" if x == ticks[0] else "end" if x == ticks[-1] else "middle"
        text = "no change" if abs(x) < step / 2 else f"{x:+,.10g}".replace("-", "\N{MINUS SIGN}")
        parts.append(tag("text", text, x=f"{at(x):.1f}", y=base + 30, text_anchor=anchor))
    parts.append(
        tag("line", x1=f"{at(0):.1f}", x2=f"{at(0):.1f}", y1=0, y2=base + 14, class_="goal")
    )
    title = f"{label}; the bar below is the 90% interval"
    return _svg(title, parts, f"-4 0 {WIDTH + 8} {base + 36:.0f}", "ta-strip", style)


WIDE, HIGH, LEFT, FOOT = 400, 190, 58, 26


def course(of: Course, label: str, style: str = "") -> Markup:
    """Return a picture of an outcome by date, with the interval of its change about the reference.

    The axis of numbers begins at 0, that of dates with the first day and ends with the last.

    Args:
        of: What is drawn.
        label: What it says, for who does not see it.
        style: As in `strip`.
    """
    step = _step(max(*of.was, *of.now, *of.high) / 3 or 1.0)
    top = step * math.ceil(max(*of.was, *of.now, *of.high) / step or 1)
    first, last = of.span

    def at(day: dt.date) -> float:
        return LEFT + float((WIDE - LEFT) * ((day - first) / (last - first)))

    def up(value: float) -> float:
        return 8 + (HIGH - 8) * (1 - min(max(value / top, 0), 1))

    def points(values: Sequence[float]) -> list[str]:
        return [f"{at(d):.1f},{up(v):.1f}" for d, v in zip(of.middles, values, strict=True)]

    parts = []
    for k in range(round(top / step) + 1):
        y = f"{up(k * step):.1f}"
        parts.append(tag("line", x1=LEFT, x2=WIDE, y1=y, y2=y, class_="axis"))
        text = f"{k * step:,.10g}"
        parts.append(tag("text", text, x=LEFT - 6, y=f"{up(k * step) + 5:.1f}", text_anchor="end"))
    months = (last - first).days / 30.44
    every = next((m for m in (1, 3, 6, 12, 24, 60) if months / m <= 4.5), 120)
    for k in range(0, round(months) + 1, every):
        day = dt.date(first.year + (first.month - 1 + k) // 12, (first.month - 1 + k) % 12 + 1, 1)
        if first <= day <= last:
            x = f"{at(day):.1f}"
            parts.append(tag("line", x1=x, x2=x, y1=HIGH, y2=HIGH + 5, class_="axis"))
            parts.append(tag("text", f"{day:%b %Y}", x=x, y=HIGH + 22, text_anchor="middle"))
    band = " ".join([*points(of.high), *points(of.low)[::-1]])
    parts.append(tag("polygon", points=band, class_="band"))
    for name, values in (("was", of.was), ("now", of.now)):
        parts.append(tag("polyline", points=" ".join(points(values)), class_=name))
    return _svg(label, parts, f"0 0 {WIDE + 34} {HIGH + FOOT}", "ta-course", style)


def _svg(title: str, parts: Sequence[Markup], box: str, name: str, style: str) -> Markup:
    looks = tag("style", Markup(style)) if style else Markup("")
    more = {"xmlns": "http://www.w3.org/2000/svg"} if style else {}
    return tag(
        "svg", tag("title", title), looks, *parts, viewBox=box, role="img", class_=name, **more
    )


def _step(about: float) -> float:
    """Return the step of ticks, 1, 2 or 5 times a power of ten, that is nearest above a size."""
    power = 10.0 ** math.floor(math.log10(about))
    return next(k * power for k in (1, 2, 5, 10) if k * power >= about)
