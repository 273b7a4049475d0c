"""A strip of dots: the change in every simulated town, and the interval, on one axis."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from trustabm.telling.markup import Markup, tag

__all__ = ["strip"]

WIDTH, DOT, HEIGHT_MAX = 640, 7.0, 11
TICKS = 4


def strip(
    dots: Sequence[float], middle: float | None, ends: tuple[float, float] | None, label: str
) -> Markup:
    """Return a picture of changes, each a dot, stacked where they would lie over each other.

    Args:
        dots: The change in every town.
        middle: The change over all of them.
        ends: The ends of its interval.
        label: What a dot is.
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
        kind = "less" if x < 0 else "more"
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
    return tag(
        "svg",
        tag("title", f"{label}; the bar below is the 90% interval"),
        *parts,
        viewBox=f"-4 0 {WIDTH + 8} {base + 36:.0f}",
        role="img",
        class_="ta-strip",
    )


def _step(about: float) -> float:
    """Return the step of ticks, 1, 2 or 5 times a power of ten, that is nearest above a size."""
    power = 10.0 ** math.floor(math.log10(about))
    return next(k * power for k in (1, 2, 5, 10) if k * power >= about)
