"""What all figures share: colours, axes, words, and files that say where they come from."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trustabm.errors import InvalidInput, nearest
from trustabm.inputs.groups import SHIPPED
from trustabm.outcomes.glossary import GLOSSARY

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "COLORS",
    "DASHES",
    "INTERVAL",
    "MARKERS",
    "as_text",
    "axis_label",
    "blank",
    "chosen",
    "dots",
    "file_name",
    "named",
    "save",
    "styled",
    "titled",
    "whom",
    "words",
    "write",
    "zero_line",
]

COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Okabe & Ito 2008, in an order in which neighbours differ in lightness too; no yellow on white."""

MARKERS = ("o", "s", "^", "D", "v", "P", "X")
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)))

LABEL_MAX = 60
"""Characters of an axis' label in one line."""

INTERVAL = "Bars: 90% intervals of the luck of simulated towns, each alone."

FONT = 9.5

_SETTINGS: Any = {
    "font.family": "DejaVu Sans",  # comes with matplotlib, so files are the same everywhere
    "svg.fonttype": "path",
    "svg.hashsalt": "trustabm",
    "savefig.facecolor": "white",
}


def as_text(figure: Figure) -> None:
    """Take every word as it stands: no `$` in somebody's title begins a formula."""
    from matplotlib.text import Text

    for text in figure.findobj(Text):
        text.set_parse_math(False)


def styled(font: float = FONT, **more: Any) -> AbstractContextManager[None]:
    """Return a context in which figures are made and written: the one style of all.

    Args:
        font: Points of plain text.
        more: Settings of matplotlib that depart from it, `_` for `.`.
    """
    from matplotlib import rc_context

    own = {k.replace("_", "."): v for k, v in more.items()}
    return rc_context(_SETTINGS | {"font.size": font} | own)


def blank(
    rows: int, columns: int, size: tuple[float, float], *, font: float = FONT, **more: Any
) -> tuple[Figure, Any]:
    """Return an empty figure and an array of its axes, of shape (rows, columns).

    A notebook shows it, though pyplot, which keeps every figure, knows nothing of it.
    """
    with styled(font):
        figure = _figure_class()(figsize=size, layout="constrained")
        axes = figure.subplots(rows, columns, squeeze=False, **more)
        for axis in axes.flat:
            axis.spines[["top", "right"]].set_visible(False)
            axis.grid(axis="y", color="0.92")
            axis.set_axisbelow(True)
    return figure, axes


@cache
def _figure_class() -> type[Figure]:
    from matplotlib.figure import Figure

    class Shown(Figure):
        """A figure that a notebook asks for its picture."""

        def _repr_png_(self) -> bytes:
            picture = BytesIO()
            with styled():
                write(self, picture, format="png", dpi=110)
            return picture.getvalue()

    return Shown


def titled(figure: Figure, title: str, note: str = "") -> None:
    """Set the title in plain words, and beneath the axes what intervals or colours mean."""
    import textwrap

    width = int(figure.get_figwidth() * 10)
    figure.suptitle(
        "\n".join(textwrap.wrap(title, width)),
        x=0.01,
        ha="left",
        fontsize=11,
        fontweight="bold",
    )
    if note:
        figure.supxlabel(
            "\n".join(textwrap.wrap(note, int(width * 1.5))),
            x=0.01,
            ha="left",
            fontsize=8,
            color="0.35",
        )


def save(
    figure: Figure, path: str | Path, *, title: str, provenance: Mapping[str, Any], dpi: int = 150
) -> list[Path]:
    """Write a figure as PNG and SVG with its provenance in their metadata.

    The same figure gives the same bytes: no date is written but what the provenance holds.

    Args:
        figure: The figure.
        path: Where, without ending.
        title: Its title, for the metadata.
        provenance: Plain values: the study, the code, the versions, the command.
        dpi: Pixels an inch, of the PNG.

    Returns:
        The two files.
    """
    where = json.dumps(provenance, default=str, sort_keys=True)
    base = Path(path)
    base.parent.mkdir(parents=True, exist_ok=True)
    png, svg = base.with_name(base.name + ".png"), base.with_name(base.name + ".svg")
    with styled():
        write(
            figure,
            png,
            dpi=dpi,
            metadata={"Title": title, "Description": where, "Software": "trustabm"},
        )
        write(
            figure,
            svg,
            metadata={"Title": title, "Description": where, "Creator": "trustabm", "Date": None},
        )
    svg.write_text(_SHAPE.sub(_shorter, svg.read_text("utf-8")), "utf-8", newline="\n")
    return [png, svg]


_SHAPE, _LONG = re.compile(r' d="[^"]*"'), re.compile(r"[0-9]+\.[0-9]{3,}")


def _shorter(shape: re.Match[str]) -> str:
    """Return a shape whose points have hundredths: half as many bytes, and nobody sees more."""
    return _LONG.sub(lambda number: f"{float(number[0]):.2f}", shape[0])


def write(figure: Figure, out: Any, **how: Any) -> None:
    """Write a figure in which every text stands as it is: a dollar sign begins no formula.

    Args:
        figure: The figure.
        out: A path, or what takes bytes or text.
        how: Arguments of `Figure.savefig`.
    """
    import warnings

    as_text(figure)
    with warnings.catch_warnings():
        # A sign that the font lacks is drawn as a box, which says enough.
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        figure.savefig(out, **how)


def file_name(name: str) -> str:
    """Return a name for a file on any system, another for every name.

    Args:
        name: A name that a user may have made: a path, or nothing that a file may be called.
    """
    plain = re.sub(r"[^\w.+-]+", "_", name)[:80].strip(".")
    if plain == name != "":
        return name
    return f"{plain}-{hashlib.blake2b(name.encode(), digest_size=3).hexdigest()}"


def chosen(frame: pd.DataFrame, **keys: str) -> pd.DataFrame:
    """Return the rows with these values.

    Raises:
        InvalidInput: naming the column and the nearest value, where there are none.
    """
    for column, value in keys.items():
        known = frame[column].astype(str)
        if value not in set(known):
            raise InvalidInput(f"{column}: no {value!r}; {nearest(value, set(known))}")
        frame = frame[known == value]
    return frame


def named(name: str) -> str:
    """Return what a varied name is called on an axis, with its unit."""
    from trustabm.study.designs import VARIABLE

    if name not in VARIABLE:
        return words(name)
    declared = VARIABLE[name]
    apart = "\n" if len(declared.title) + len(declared.unit) > LABEL_MAX else " "
    return f"{declared.title}{apart}({declared.unit})"


def words(name: str) -> str:
    """Return a name with spaces for dashes, as in a sentence."""
    return name.replace("_", " ")


def axis_label(outcome: str, change: bool = False) -> str:
    """Return what an outcome's axis says: its name, its unit or denominator, and if it is a change.

    Args:
        outcome: Its name.
        change: Whether differences are drawn, not levels.
    """
    known = GLOSSARY[outcome]
    return f"{'Change in ' + known.title.lower() if change else known.title}\n({known.unit})"


def whom(group: str, frame: pd.DataFrame | None = None) -> str:
    """Return a group's name for a title.

    Args:
        group: The group.
        frame: What is drawn; of a study, it says what the study's groups are called.
    """
    titles = {} if frame is None else frame.attrs.get("titles", {})
    return str((SHIPPED.titles | titles).get(group, words(group).capitalize()))


def zero_line(axis: Axes, vertical: bool = False) -> None:
    """Draw where nothing changes."""
    draw = axis.axvline if vertical else axis.axhline
    draw(0, color="0.45", lw=0.9, zorder=1)


def dots(
    axis: Axes,
    labels: Sequence[str],
    rows: Iterable[Iterable[float]],
    *,
    colors: Sequence[str] = COLORS[:1],
    hollow: Sequence[bool] = (False,),
    markers: tuple[str, str] = ("o", "o"),
    shift: float = 0.0,
    size: float = 6.0,
    width: float = 1.5,
    caps: float = 2.5,
) -> None:
    """Draw a row a label, the first at the bottom: a dot, and its interval as a bar.

    Args:
        axis: Where.
        labels: What the rows are called.
        rows: The dot, and the lower and upper end of the interval; NaN for a row without.
        colors: Of every row, or of all.
        hollow: Whether a row's dot is hollow, or all are.
        markers: Of dots that are filled, and of those that are hollow.
        shift: How far above its place a row is drawn, where a label has several.
        size: Points of a dot.
        width: Points of a bar.
        caps: Points of the strokes at its ends.
    """
    for k, (value, low, high) in enumerate(rows):
        color, empty = colors[k % len(colors)], hollow[k % len(hollow)]
        drawn = axis.errorbar(
            value,
            k + shift,
            xerr=[[abs(value - low)], [abs(high - value)]],
            fmt=markers[empty],
            color=color,
            markerfacecolor="none" if empty else color,
            markersize=size,
            elinewidth=width,
            capsize=caps,
        )
        for bar in drawn.lines[2]:
            bar.set_capstyle("round")
    axis.grid(axis="y", visible=False)
    axis.grid(axis="x", color="0.92")
    axis.set_yticks(range(len(labels)), labels)
    axis.set_ylim(-0.6, max(0.6, len(labels) - 0.4))
