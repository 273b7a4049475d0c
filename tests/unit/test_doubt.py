"""Intervals tell luck, which more replicates take away, from doubt about parameters."""

from __future__ import annotations

import numpy as np
import pytest

from trustabm.errors import InvalidInput
from trustabm.inputs.draws import mixture, shipped
from trustabm.inputs.parameters import Parameters
from trustabm.outcomes.intervals import changes
from trustabm.runs.compare import compare

NORMAL_90 = 1.645


def found(values, labels=()):
    """Return changes by exp(values) of a level of 1, in many made-up comparisons at once.

    Args:
        values: Log ratios, of shape (replicates, comparisons).
        labels: The draw of each replicate.
    """
    pair = np.stack([np.ones_like(values), np.exp(values)], axis=1)
    without = (pair.sum(axis=0) - pair) / max(1, len(pair) - 1)
    return changes(pair.mean(axis=0), without, np.full(pair.shape, np.inf), np.inf, labels)


def test_luck_shrinks_with_replicates_and_doubt_about_parameters_does_not():
    # Over 400 data sets: the standard error of a mean width is 1% of it.
    rng = np.random.default_rng(5)
    for replicates in (80, 320):
        labels = np.arange(replicates) // 2
        doubt = rng.normal(0, 0.015, (replicates // 2, 400))[labels]
        c = found(doubt + rng.normal(0, 0.01, (replicates, 400)), labels)
        both = (c.high - c.low).mean() / 2
        assert c.luck.mean() == pytest.approx(0.01 * NORMAL_90 / np.sqrt(replicates), rel=0.05)
        wanted = 0.01 * NORMAL_90 * np.sqrt(1 / replicates + 2.25)
        assert both == pytest.approx(wanted, rel=0.15)


def test_without_draws_the_interval_is_luck_alone():
    c = found(np.array([[0.09], [0.1], [0.11], [0.105]]))
    assert c.luck[0] == pytest.approx((c.high[0] - c.low[0]) / 2)
    assert c.luck[0] > 0
    assert np.isnan(found(np.array([[0.1]])).luck[0])


def test_a_skewed_posterior_has_a_skewed_interval():
    # Draws below 0 all of them, some far below: the interval must not reach above it.
    rng = np.random.default_rng(8)
    labels = np.arange(100) // 2
    values = -0.1 * rng.lognormal(0, 0.9, 50)[labels] + rng.normal(0, 0.005, 100)
    c = found(values[:, None], labels)
    assert c.difference[0] - c.low[0] > 1.5 * (c.high[0] - c.difference[0])
    assert c.high[0] < 0


def test_the_first_draw_is_the_default_parameters():
    assert len(shipped()) >= 100
    assert mixture(1, structures=["full"]) == (("full", Parameters()),)


def test_a_comparison_spreads_its_towns_over_draws_and_says_so():
    arms = ["none", "secure-communities"]
    small = {"weeks": 8, "burn_in": 8, "residents": 500, "workers": 1}
    c = compare(arms, replicates=20, **small)
    assert len(c.experiment.lots) == 10
    assert "published studies" in c.covers()
    assert "ranges of the town's own figures" in c.covers()
    assert c.provenance["posterior"]["draws"] == 10
    effects = c.effects().set_index(["outcome", "group", "arm"])
    row = effects.loc["trust", "latino", arms[1]]
    assert row.by_luck > 0
    assert np.isnan(row.by_parameters)  # ten draws of eleven things cannot be told apart
    assert row.level_low < row.level < row.level_high
    alone = compare(arms, replicates=20, draws=0, **small)
    assert not alone.experiment.lots
    assert "the luck of the simulated towns:" in alone.covers()
    fixed = compare(arms, replicates=20, parameters={"fear_weight": 5.0}, **small)
    assert {lot.parameters.fear_weight for lot in fixed.experiment.lots} == {5.0}
    again = c.world("secure-communities", 19)
    assert again.parameters == c.experiment.lots[9].parameters
    assert c.experiment.at(19).places == c.experiment.lots[9].places


def test_draws_that_cannot_be_are_refused():
    arms = ["none", "secure-communities"]
    with pytest.raises(InvalidInput, match="draws: expected 0 to 4"):
        compare(arms, replicates=4, draws=5)
    with pytest.raises(InvalidInput, match="draws: expected 0 with a whole set"):
        compare(arms, replicates=4, draws=2, parameters=Parameters())
