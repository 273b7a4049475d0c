"""Every figure of a town has bounds, and whatever is within them runs."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from each import each

from trustabm.errors import InvalidInput
from trustabm.inputs import catalog
from trustabm.inputs.declare import declarations
from trustabm.inputs.town import Town, town
from trustabm.runs.scenario import Scenario

FIGURES = {d.name: d for d in declarations(Town)}


def plain(name: str = "us-average") -> dict[str, Any]:
    return town(name).model_dump()


def put(values: dict[str, Any], **figures: float) -> dict[str, Any]:
    """Return a town's values with some figures set, as counted ones."""
    counted = {"year": 2019, "source": "s"}
    return values | {name: counted | {"value": value} for name, value in figures.items()}


def test_every_figure_is_declared():
    assert set(FIGURES) == set(town("us-average").figures())
    for d in FIGURES.values():
        assert d.unit
        assert d.sentence.endswith(".")
        assert d.low < d.high


def test_both_ends_of_every_shipped_range_may_be_its_value():
    def check(name):
        values, ends = plain(name), 0
        for key, figure in town(name).figures().items():
            for end in {figure.low, figure.high} - {None}:
                Town.make(values | {key: values[key] | {"value": end}})
                ends += 1
        assert ends > 15

    each(catalog.names("towns"), check)


def test_segregation_is_from_all_other_residents():
    """As `Town` means it; the index against White residents alone is higher in every one."""
    white = {  # over census tracts, American Community Survey 2014-2018
        "cook-il": 0.58,
        "harris-tx": 0.55,
        "king-wa": 0.38,
        "los-angeles-ca": 0.62,
        "maricopa-az": 0.50,
        "mecklenburg-nc": 0.51,
    }
    for name in catalog.names("towns"):
        index = town(name).dissimilarity
        assert "all other residents" in index.source
        assert index.imputed
        assert index.low < index.value < index.high
        if name in white:
            assert f"{white[name]:.2f} and " in index.source
            assert 0.6 * white[name] < index.value < 0.95 * white[name]


def test_no_figure_is_missing_or_out_of_its_bounds():
    values = plain()

    def check(key, value):
        figure = {"value": value, "year": 2019, "source": "s"}
        with pytest.raises(InvalidInput, match=rf"^town: {key}"):
            Town.make(values | {key: figure})

    wrong = [math.nan, math.inf, -math.inf, -1.0, 1e12, True, "1", None]
    each(itertools.product(FIGURES, wrong), check)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"value": 1e9}, "violent_per_100k.value: expected from 0 to 10000"),
        ({"value": 300, "low": 400, "high": 500}, "violent_per_100k.value: expected between"),
        ({"value": 300, "high": 200}, "violent_per_100k.value: expected between"),
        ({"value": 300, "low": -5}, "violent_per_100k.low: expected from 0"),
        ({"value": 300, "low": math.nan, "high": 500}, "violent_per_100k.low: expected a finite"),
        ({"value": 300, "imputed": True, "low": 1}, "violent_per_100k.low, high: expected a range"),
        ({"value": 300, "imputed": 1}, "violent_per_100k.imputed: expected a valid boolean"),
        ({"value": 300, "year": 20}, "violent_per_100k.year: expected at least 1790"),
        ({"value": 300, "year": 2012.5}, "violent_per_100k.year: expected a valid integer"),
        ({"value": 300, "source": 3}, "violent_per_100k.source: expected a valid string"),
    ],
)
def test_a_figure_is_told_what_is_wrong_with_it(change, says):
    values = plain()
    values["violent_per_100k"] = {"year": 2012, "source": "s"} | change
    with pytest.raises(InvalidInput, match=says):
        Town.make(values)


def test_more_undocumented_residents_than_noncitizens_are_refused():
    values = put(plain(), latino_share=0.2, foreign_born_latino=0.5, naturalized_latino=0.4)
    # 0.2 x 0.5 x 0.6 = 0.06 of all residents are Latino noncitizens.
    Town.make(put(values, undocumented_share=0.06, undocumented_latino=1.0))
    with pytest.raises(InvalidInput, match=r"Latino residents .* 0\.0600 of all.* got 0\.0610"):
        Town.make(put(values, undocumented_share=0.061, undocumented_latino=1.0))


@pytest.mark.parametrize("end", ["low", "high"])
@pytest.mark.parametrize("key", FIGURES)
def test_a_town_at_any_bound_runs(key, end):
    # Nobody is undocumented, so that no other figure stands in the way of this one.
    slack = {"undocumented_share": 0.0}
    if key == "undocumented_share":
        slack = dict.fromkeys(("latino_share", "foreign_born_latino", "undocumented_latino"), 1.0)
        slack |= {"naturalized_latino": 0.0}
    place = Town.make(put(plain(), **slack, **{key: getattr(FIGURES[key], end)}))
    world = Scenario(town=place, policy="287g-task-force-2025", weeks=20, residents=400).world()
    world.run_for(20)
    for table in (world.tally, world.town_tally, world.state.residents, world.state.groups):
        for field in table.dtype.names:
            assert np.isfinite(table[field]).all(), field
