"""Results as tidy frames, labelled arrays and figures."""

from __future__ import annotations

import sys

import numpy as np
import pytest

import trustabm as ta
from trustabm.errors import InvalidInput, NotInstalled
from trustabm.figures.results import _steps
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.measures import together


@pytest.fixture(scope="module")
def result():
    return ta.run({"policy": "sanctuary", "weeks": 30, "residents": 300})


@pytest.fixture(scope="module")
def comparison():
    asked = {"replicates": 3, "weeks": 28, "burn_in": 15, "residents": 200, "workers": 1}
    return ta.compare(["none", "secure-communities"], **asked)


def test_a_run_is_a_tidy_frame_of_its_weeks(result):
    frame = result.to_frame()
    assert list(frame.columns) == [
        *("replicate", "arm", "week", "date", "outcome", "group", "value")
    ]
    wide = frame[frame["group"] == "latino"].pivot(index="week", columns="outcome", values="value")
    own = result.weekly[result.weekly["group"] == "latino"].set_index("week")
    assert len(wide) == 30
    for outcome in wide.columns:
        assert np.array_equal(wide[outcome], own[outcome], equal_nan=True)
    assert set(frame["arm"]) == {"sanctuary"}
    assert frame["date"].iloc[0] == own["date"].iloc[0]
    town = frame[frame["outcome"] == "social_cost"]
    assert set(town["group"]) == {"all"}
    assert frame.attrs["units"]["social_cost"] == GLOSSARY["social_cost"].unit


def test_a_run_is_a_labelled_array_with_units(result):
    array = result.to_xarray()
    assert array["trust"].dims == ("replicate", "arm", "week", "group")
    assert array["social_cost"].dims == ("replicate", "arm", "week")
    assert array["trust"].attrs["units"] == "0 to 1"
    assert array["trust"].attrs["long_name"] == GLOSSARY["trust"].title
    own = result.weekly[result.weekly["group"] == "all"]
    assert np.array_equal(
        array["trust"].sel(arm="sanctuary", replicate=0, group="all"), own["trust"], equal_nan=True
    )
    assert array["date"].values[3] == own["date"].to_numpy()[3]
    assert set(array.data_vars) == set(GLOSSARY)


def test_a_comparison_is_a_tidy_frame_of_every_replicate(comparison):
    frame = comparison.to_frame()
    assert list(frame.columns) == ["replicate", "arm", "outcome", "group", "value"]
    trust = frame[(frame["outcome"] == "trust") & (frame["group"] == "all")]
    assert len(trust) == 3 * 2
    # By hand: trust is the sum of answers over how many answered, of everybody in one town.
    from trustabm.state.layout import TALLY

    over, under = (
        [TALLY.names.index(name) for name in names]
        for names in (GLOSSARY["trust"].over, GLOSSARY["trust"].under)
    )
    many = len(comparison.experiment.groups.names)
    sums = comparison.sums[2, 1, :many].sum(axis=0)
    by_hand = sums[over].sum() / sums[under].sum()
    row = trust[(trust["replicate"] == 2) & (trust["arm"] == "secure-communities")]
    assert row["value"].tolist() == pytest.approx([by_hand], rel=1e-12)
    assert dict(comparison.to_xarray().sizes) == {
        **{"replicate": 3, "arm": 2},
        "group": len(comparison.experiment.groups.every),
    }


def test_the_weeks_of_one_replicate_are_those_that_its_world_counted(comparison):
    frame = comparison.to_frame(replicate=1)
    assert (frame["week"].min(), frame["week"].max()) == (-15, 27)
    assert set(frame["replicate"]) == {1}
    array = comparison.to_xarray(replicate=1)
    world = comparison.world("secure-communities", 1)
    from trustabm.runs.results import weekly

    own = weekly(world, comparison.experiment.start)
    own = own[own["group"] == "latino"].iloc[-28:]
    here = array["removals"].sel(arm="secure-communities", replicate=1, group="latino")
    assert np.array_equal(here[15:], own["removals"], equal_nan=True)
    assert str(array["date"].values[15])[:10] == str(comparison.experiment.start)
    with pytest.raises(InvalidInput, match="replicate: expected a whole number from 0 to 2"):
        comparison.to_frame(replicate=3)


def test_steps_are_counted_from_the_parting_both_ways():
    assert _steps(-15, 28) == [(-15, -13), (-13, 0), (0, 14), (14, 28)]
    assert _steps(0, 30) == [(0, 15), (15, 30)]
    assert _steps(0, 4) == [(0, 4)]


def test_a_run_draws_a_line_a_group(result):
    figure = result.plot("trust")
    lines = figure.axes[0].lines
    assert [line.get_label() for line in lines] == ["Latino", "Not Latino", "Everyone"]
    own = result.weekly[(result.weekly["group"] == "all") & (result.weekly["week"] >= 15)]
    assert lines[-1].get_ydata()[1] == result.summary(15).loc["trust", "all"]
    assert len(own) == 15
    assert figure._repr_png_().startswith(b"\x89PNG")
    assert len(result.plot("social_cost").axes[0].lines) == 1
    with pytest.raises(InvalidInput, match="outcome: no 'trst'; did you mean 'trust'"):
        result.plot("trst")
    with pytest.raises(InvalidInput, match="groups: no 'latin'; did you mean 'latino'"):
        result.plot("trust", ["latin"])


def test_a_comparison_draws_weeks_and_effects(comparison):
    figure = comparison.plot("trust", "all")
    over, change = figure.axes
    assert [x.get_label() for x in over.lines[:2]] == ["No entanglement", "Secure Communities"]
    effect = comparison.estimates["trust", "all", "secure-communities"]
    assert change.lines[0].get_xdata().tolist() == [effect.difference]
    many = len(comparison.experiment.groups.names)
    weeks = together(comparison.by_week[1, 15:29])[:many].sum(axis=0)
    from trustabm.state.layout import TALLY

    place = TALLY.names.index
    by_hand = sum(weeks[place(n)] for n in GLOSSARY["trust"].over) / sum(
        weeks[place(n)] for n in GLOSSARY["trust"].under
    )
    assert over.lines[1].get_ydata()[2] == pytest.approx(by_hand, rel=1e-12)
    assert comparison.plot("social_cost").axes[0].get_ylabel().startswith("Social cost")


def test_without_the_extra_it_says_which(result, monkeypatch):
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(NotInstalled, match=r'pip install "trustabm\[study\]"'):
        result.to_xarray()
