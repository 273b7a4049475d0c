"""Figures say what they show, are legible without colour, and are the same when made again."""

import json
import math
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.image import imread
from scipy.stats import qmc

import trustabm as ta
from trustabm.analysis.emulator import Emulator
from trustabm.analysis.means import Means, Space
from trustabm.analysis.sobol import sobol
from trustabm.errors import InvalidInput
from trustabm.figures.levers import (
    effect_by_lever,
    effects_of_arms,
    heat_map,
    small_multiples,
)
from trustabm.figures.of_study import study_figures
from trustabm.figures.style import blank, dots, save
from trustabm.figures.surfaces import response_surface, tornado
from trustabm.figures.trajectories import trajectories
from trustabm.inputs.groups import SHIPPED
from trustabm.study.definition import Study

GROUPS = ["latino", "non-latino", "all"]


@pytest.fixture(scope="module")
def effects():
    rows = [
        (p, o, arm, "reporting", group, (p + 1) * (o - 0.5), 0.2)
        for p in (0.0, 0.5, 1.0)
        for o in (0.0, 0.5, 1.0)
        for arm in ("secure-communities", "sanctuary")
        for group in GROUPS
    ]
    frame = pd.DataFrame(
        rows, columns=["publicity", "news_weight", "arm", "outcome", "group", "difference", "half"]
    )
    return frame.assign(
        low=frame["difference"] - frame["half"], high=frame["difference"] + frame["half"]
    )


@pytest.fixture(scope="module")
def learned():
    x = qmc.Sobol(2, rng=1).random(32)
    y = (x[:, :1] * 2 - x[:, 1:]) / 10
    space = Space({"linked_fate": (0.0, 0.8), "news_half_life": (5, 80)})
    means = Means(space, x, ("reporting__latino",), y, np.zeros_like(y))
    return Emulator().fit(x, y), means


def texts(figure):
    axis = figure.axes[0]
    return " ".join([figure.get_suptitle(), axis.get_xlabel(), axis.get_ylabel()])


def test_axes_have_units_and_denominators_and_titles_both_sides(effects):
    one = effects[effects["arm"] == "sanctuary"]
    said = texts(effect_by_lever(one, "publicity", "reporting", "latino", reference="none"))
    assert "sanctuary against none" in said
    assert "share of victimizations" in said
    assert "times the usual" in said


def test_lines_differ_in_more_than_colour(effects):
    figure = effect_by_lever(effects, "publicity", "reporting", "latino")
    lines = [c[0] for c in figure.axes[0].containers]
    assert len({line.get_linestyle() for line in lines}) == 2
    assert len({line.get_marker() for line in lines}) == 2


def test_multiples_share_a_scale_and_show_no_empty_axes(effects):
    figure = small_multiples(effects, "publicity", "reporting", GROUPS)
    assert len({axis.get_ylim() for axis in figure.axes}) == 1
    assert sum(axis.get_visible() for axis in figure.axes) == 3


def test_what_luck_could_do_is_hatched(effects):
    figure = heat_map(effects, "publicity", "news_weight", "reporting", "all", "sanctuary")
    axis = figure.axes[0]
    assert len(axis.texts) == 9
    assert len(axis.patches) == 3  # the row where the effect is zero
    assert "+1.00" in {t.get_text() for t in axis.texts}


def test_a_heat_map_of_scattered_points_is_refused(effects):
    with pytest.raises(InvalidInput, match="response surface"):
        heat_map(effects.iloc[6:], "publicity", "news_weight", "reporting", "all", "sanctuary")


def test_a_cell_without_a_value_says_so_and_the_others_are_drawn(effects):
    one = effects.copy()
    at = (one["publicity"] == 0) & (one["news_weight"] == 1) & (one["arm"] == "sanctuary")
    one.loc[at, ["difference", "low", "high"]] = np.nan
    axis = heat_map(one, "publicity", "news_weight", "reporting", "all", "sanctuary").axes[0]
    said = [t.get_text() for t in axis.texts]
    assert (len(said), said.count("no value")) == (9, 1)
    assert len(axis.patches) == 3


def test_settings_of_matplotlib_stand_in_one_file():
    root = Path(ta.__file__).parents[1]
    files = [
        f.relative_to(root).as_posix()
        for folder in ("trustabm", "visualization/trustabm_app", "experiments")
        for f in (root / folder).rglob("*.py")
        if re.search(r"rc_context|rcParams|font\.size", f.read_text("utf-8"))
    ]
    assert files == ["trustabm/figures/style.py"]


def test_a_row_has_a_dot_and_its_interval_hollow_where_that_is_said():
    _, ((axis,),) = blank(1, 1, (4, 2))
    dots(axis, ["a", "b"], [(1, 0, 3), (math.nan,) * 3], hollow=[True, False], caps=0)
    (dot, _, (bar,)), _ = axis.containers
    assert dot.get_xydata().tolist() == [[1, 0]]
    assert dot.get_markerfacecolor() == "none"
    assert bar.get_segments()[0].tolist() == [[0, 0], [3, 0]]
    assert [t.get_text() for t in axis.get_yticklabels()] == ["a", "b"]


def test_arms_stand_in_order_of_size(effects):
    one = effects[(effects["publicity"] == 1) & (effects["news_weight"] == 1)].copy()
    one.loc[one["arm"] == "sanctuary", "difference"] = -3
    labels = effects_of_arms(one, "reporting", "all").axes[0].get_yticklabels()
    assert [t.get_text() for t in labels] == ["sanctuary", "secure-communities"]


def test_unknown_groups_are_refused(effects):
    with pytest.raises(InvalidInput, match="group: no 'latinos'; did you mean 'latino'"):
        effect_by_lever(effects, "publicity", "reporting", "latinos")


def test_a_surface_and_a_tornado_name_the_parameters(learned):
    emulator, means = learned
    surface = response_surface(emulator, means, "linked_fate", "news_half_life", who="a against b")
    title = " ".join(surface.get_suptitle().split())
    assert "a against b: reporting by “linked fate” and “news half life” (Latino)" in title
    assert "weeks" in texts(surface)
    drawn = tornado(sobol(emulator, means))
    ticks = [t.get_text() for t in drawn.axes[0].get_yticklabels()]
    assert ticks == ["news half life", "linked fate"]  # the largest on top
    assert "share of the variance" in texts(drawn)


def test_trajectories_have_a_line_and_a_band_an_arm():
    rng = np.random.default_rng(0)
    rows = [(r, a, w) for r in range(5) for a in ("none", "sanctuary") for w in range(-26, 52)]
    weekly = pd.DataFrame(rows, columns=["replicate", "arm", "week"])
    weekly["trust__latino"] = rng.random(len(weekly))
    figure = trajectories(weekly, "trust", "latino")
    assert len(figure.axes[0].collections) == 2
    assert list(figure.axes[0].lines[0].get_xdata()) == [-0.375, -0.125, 0.125, 0.375, 0.625, 0.875]
    with pytest.raises(InvalidInput, match="trust__latino"):
        trajectories(weekly, "trust", "latinos")


def test_files_say_where_they_come_from_and_are_the_same_again(effects, tmp_path):
    where = {"study": "toy", "rules": "abc", "seed": 0}
    made = []
    for name in ("a", "b"):
        figure = effect_by_lever(effects, "publicity", "reporting", "latino")
        made.append(save(figure, tmp_path / name, title="toy", provenance=where))
    for first, second in zip(*made):
        assert first.read_bytes() == second.read_bytes()
    png, svg = made[0]
    assert json.dumps(where, sort_keys=True).encode() in png.read_bytes()
    assert "&quot;toy&quot;" in svg.read_text() or '"toy"' in svg.read_text()
    assert "<dc:date>" not in svg.read_text()
    assert imread(png).shape[0] > 400


def test_one_missing_effect_stops_no_other_figure_and_is_said():
    study = Study.make(
        {
            "title": "t",
            "arms": ["none", "sanctuary"],
            "vary": {"publicity": {"values": [0, 1]}},
            "outcomes": ["removals", "reporting"],
        }
    )
    rows = [
        ("us-average", p, "sanctuary", o, g, d, d, d)
        for p in (0.0, 1.0)
        for o, g, d in (("removals", "all", np.nan), ("reporting", "latino", 0.5))
    ]
    columns = ["town", "publicity", "arm", "outcome", "group", "difference", "low", "high"]
    frame = pd.DataFrame(rows, columns=columns)
    opened = SimpleNamespace(
        study=study,
        names=("publicity",),
        groups=SHIPPED,
        effects=lambda: frame,
        done=1,
        total=1,
        stopped=0,
    )
    drawn = study_figures(opened, ["removals__all", "reporting__latino"])
    assert list(drawn.figures) == ["lever_reporting__latino"]
    assert len(drawn.missing) == 1
    assert drawn.missing[0].startswith("removals__all: no effect to draw: nothing to count")
    with pytest.raises(InvalidInput, match="removals__all: no effect to draw"):
        study_figures(opened, ["removals__all"])
