"""Maps of counties: whose outline is whose, which colour means what, and what is said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex

from trustabm.errors import InvalidInput
from trustabm.figures.maps import GREY, SAME, classes, county_map
from trustabm.figures.outlines import outlines, upright
from trustabm.figures.style import save
from trustabm.inputs.places.counties import counties


def area_of(rings):
    """The area inside of rings; holes go the other way round."""
    return abs(
        sum(
            float((r[:-1, 0] * r[1:, 1] - r[1:, 0] * r[:-1, 1]).sum()) / 2  # the shoelace formula
            for r in rings
        )
    )


def test_every_county_of_the_table_has_an_outline_and_no_other_has():
    rings = outlines().rings
    assert set(rings) == {c.fips for c in counties()}
    assert all(rings.values())
    for found in rings.values():
        for ring in found:
            assert (ring[0] == ring[-1]).all()
    assert min(area_of(found) for found in rings.values()) > 0.05


def test_areas_are_those_of_counties():
    # An equal-area projection: square miles of San Bernardino, California, and of Cook, Illinois,
    # (20,105 and 945 of land) and of Alaska's North Slope, drawn at 0.35 of the scale.
    rings = outlines().rings
    cook = area_of(rings["17031"])
    assert area_of(rings["06071"]) / cook == pytest.approx(20105 / 945, rel=0.05)
    assert area_of(rings["02185"]) / cook == pytest.approx(88695 * 0.35**2 / 945, rel=0.1)
    # Fairfax city, Virginia, lies in a hole of its county.
    inside = area_of(rings["51059"])
    assert inside < area_of([max(rings["51059"], key=len)])


def test_borders_part_states_or_end_the_nation():
    borders = outlines().borders
    assert {len(states) for states, _ in borders} == {1, 2}
    assert any(states == {"24", "42"} for states, _ in borders)  # the Mason-Dixon line
    assert not any(states == {"06", "48"} for states, _ in borders)


def test_a_state_alone_stands_upright():
    # The northern end of Maryland is a parallel, which the whole map tilts by ten degrees.
    line = np.concatenate([x for states, x in outlines().borders if states == {"24", "42"}])
    whole = np.concatenate([r for f, rs in outlines().rings.items() if f[:2] == "24" for r in rs])
    middle = (whole.min(axis=0) + whole.max(axis=0)) / 2
    turned = upright(line, "24", middle)
    assert np.ptp(line[:, 1]) > 0.15 * np.ptp(line[:, 0])
    assert np.ptp(turned[:, 1]) < 0.02 * np.ptp(turned[:, 0])
    assert upright(line, "02", middle) is line


def test_classes_are_round_and_nothing_is_an_edge():
    found = classes(np.array([-38.0, -12.0, np.nan, 3.0]), signed=True)
    # Five classes a side hold 38: of 10 each, from the lowest that is used to the highest.
    assert found.edges.tolist() == [-30.0, -20.0, -10.0, 0.0]
    less, more = found.of(np.array([-0.1, 0.1]))
    assert less[2] > less[0]  # purple is less,
    assert more[0] > more[2]  # orange is more
    assert (found.of(np.array([-35.0])) == found.of(np.array([-900.0]))).all()
    doubt = classes(np.array([1.0, 2.0, 4.9]), signed=False)
    assert doubt.edges.tolist() == [1.0, 2.0, 3.0, 4.0]


def rows(**of):
    """Rows of Delaware's counties: a change in percent, its interval and what can be said."""
    names = ("percent", "low", "high", "verdict")
    return pd.DataFrame(
        [
            {"fips": fips[1:], "outcome": "reporting", **dict(zip(names, values, strict=True))}
            for fips, values in of.items()
        ]
    )


def drawn(figure, which):
    """The colours of what is drawn on one of the two maps, and the words beside it."""
    axis = figure.axes[which]
    shapes = [c for c in axis.collections if isinstance(c, PathCollection)]
    colors = [to_hex(c) for c in shapes[0].get_facecolors()]
    return colors, len(shapes[1].get_paths())


def test_counties_have_the_colour_of_what_is_said_of_them():
    frame = rows(
        f10001=(-25.0, -35.0, -15.0, "lower"),
        f10003=(-25.0, -60.0, 10.0, "too close to call"),
        f10005=(np.nan, np.nan, np.nan, "the same rules"),
    )
    figure = county_map(frame, "reporting", title="What changes", state="10")
    order = [fips for fips in outlines().rings if fips.startswith("10")]
    colors, hatched = drawn(figure, 0)
    of = dict(zip(order, colors, strict=True))
    assert of["10005"] == SAME
    assert hatched == 0
    clear, pale = (
        np.array([int(of[f][k : k + 2], 16) for k in (1, 3, 5)]) for f in ("10001", "10003")
    )
    grey = np.array([int(GREY[k : k + 2], 16) for k in (1, 3, 5)])
    assert np.abs(pale - (0.3 * clear + 0.7 * grey)).max() <= 1
    doubt = dict(zip(order, drawn(figure, 1)[0], strict=True))
    assert doubt["10001"] != doubt["10003"]
    words = [t.get_text() for t in figure.axes[1].get_legend().get_texts()]
    assert words == ["pale: too close to call", "the change alters nothing there"]


def test_counties_without_a_number_or_a_row_are_shown_as_such():
    frame = rows(
        f10001=(-25.0, -35.0, -15.0, "lower"), f10003=(-25.0, -35.0, -15.0, "too few events to say")
    )
    figure = county_map(frame, "reporting", title="What changes", state="10")
    order = [fips for fips in outlines().rings if fips.startswith("10")]
    for which in (0, 1):
        colors, hatched = drawn(figure, which)
        assert {f: c == "#ffffff" for f, c in zip(order, colors, strict=True)} == {
            "10001": False,
            "10003": True,
            "10005": True,
        }
        assert hatched == 1
    words = [t.get_text() for t in figure.axes[1].get_legend().get_texts()]
    assert words == ["no data", "too few events to say"]


def test_a_map_of_no_county_is_refused():
    frame = rows(f10001=(-25.0, -35.0, -15.0, "lower"))
    for outcome, state in (("trust", "10"), ("reporting", "44")):
        with pytest.raises(InvalidInput, match="no county"):
            county_map(frame, outcome, title="What changes", state=state)


def test_points_of_shapes_have_hundredths_at_most(tmp_path):
    frame = rows(f10001=(-25.0, -35.0, -15.0, "lower"))
    figure = county_map(frame, "reporting", title="What changes", state="10")
    files = save(figure, tmp_path / "map", title="What changes", provenance={"seed": 0.12345})
    text = files[1].read_text("utf-8")
    shapes = [part.split('"')[0] for part in text.split(' d="')[1:]]
    assert len(shapes) > 20
    numbers = [n for shape in shapes for n in shape.split() if "." in n]
    assert max(len(n.split(".")[1]) for n in numbers) == 2
    assert "0.12345" in text
