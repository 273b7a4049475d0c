"""Intervals tell luck, which more replicates take away, from doubt about parameters."""

from __future__ import annotations

import numpy as np
import pytest

from trustabm.comparison import compare
from trustabm.draws import drawn, shipped
from trustabm.errors import InvalidInput
from trustabm.estimates import spans
from trustabm.parameters import Parameters

NORMAL_90 = 1.645


def widths(replicates, draws, luck, doubt, rng):
    labels = np.arange(replicates) * draws // replicates
    values = rng.normal(0, doubt, draws)[labels] + rng.normal(0, luck, replicates)
    mean = values.mean()
    without = (replicates * mean - values) / (replicates - 1)
    found = spans(mean, without, labels)
    return mean, found.luck, (found.below + found.above) / 2


def test_luck_shrinks_with_replicates_and_doubt_about_parameters_does_not():
    # Over 400 data sets: the standard error of a mean width is 1% of it.
    rng = np.random.default_rng(5)
    for replicates in (80, 320):
        found = np.array([widths(replicates, replicates // 2, 1.0, 1.5, rng) for _ in range(400)])
        luck, both = found[:, 1].mean(), found[:, 2].mean()
        assert luck == pytest.approx(NORMAL_90 / np.sqrt(replicates), rel=0.05)
        assert both == pytest.approx(NORMAL_90 * np.sqrt(1 / replicates + 2.25), rel=0.15)


def test_the_interval_holds_the_effect_of_a_parameter_set_drawn_anew_nine_times_in_ten():
    # 1,000 data sets: between 86% and 94% unless something is wrong (4 standard errors). Where
    # doubt is small beside the luck of one town the interval is less exact (`estimates.FEWEST`).
    rng = np.random.default_rng(6)
    held = 0
    for _ in range(1000):
        mean, _, both = widths(60, 30, 1.0, 1.2, rng)
        held += abs(rng.normal(0, 1.2) - mean) <= both
    assert 860 <= held <= 940


def test_without_draws_the_interval_is_luck_alone():
    found = spans(1.0, np.array([0.9, 1.0, 1.1, 1.05]))
    assert found.luck == found.below == found.above > 0
    assert all(np.isnan(spans(1.0, np.array([1.0]))))


def test_a_skewed_posterior_has_a_skewed_interval():
    # Draws below 0 all of them, some far below: the interval must not reach above it.
    rng = np.random.default_rng(8)
    labels = np.arange(100) // 2
    values = -rng.lognormal(0, 0.9, 50)[labels] + rng.normal(0, 0.05, 100)
    mean = values.mean()
    found = spans(mean, (100 * mean - values) / 99, labels)
    assert found.below > 1.5 * found.above
    assert mean + found.above < 0


def test_the_first_draw_is_the_default_parameters():
    assert len(shipped()) >= 100
    assert drawn(1)[0] == Parameters()


def test_a_comparison_spreads_its_towns_over_draws_and_says_so():
    arms = ["none", "secure-communities"]
    small = {"weeks": 8, "burn_in": 8, "residents": 500, "workers": 1}
    c = compare(arms, replicates=20, **small)
    assert len(c.design.draws) == 10
    assert "posterior" in c.covers()
    assert c.provenance["posterior"]["draws"] == 10
    assert {"luck", "by_parameters"} <= set(c.effects().columns)
    alone = compare(arms, replicates=20, draws=0, **small)
    assert not alone.design.draws
    assert "posterior" not in alone.covers()
    fixed = compare(arms, replicates=20, parameters={"fear_weight": 5.0}, **small)
    assert {p.fear_weight for p in fixed.design.draws} == {5.0}
    again = c.world("secure-communities", 19)
    assert again.parameters == c.design.draws[9]


def test_draws_that_cannot_be_are_refused():
    arms = ["none", "secure-communities"]
    with pytest.raises(InvalidInput, match="draws: expected 0 to 4"):
        compare(arms, replicates=4, draws=5)
    with pytest.raises(InvalidInput, match="draws: expected 0 with a whole set"):
        compare(arms, replicates=4, draws=2, parameters=Parameters())
