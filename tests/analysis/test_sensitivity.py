"""Indices agree with published ones, and what does nothing is said to do nothing."""

import numpy as np
import pandas as pd
import pytest
from analysis.functions import G_FIRST, G_TOTAL, ISHIGAMI, ishigami, sobol_g
from scipy.stats import qmc

from trustabm.analysis.emulator import Emulator
from trustabm.analysis.means import Means, Space, means
from trustabm.analysis.morris import morris, trajectories
from trustabm.analysis.sobol import Unpredictable, sobol
from trustabm.errors import InvalidInput


def unit(d):
    """Return the unit cube, its parameters named x0, x1, ..."""
    return Space({f"x{k}": (0.0, 1.0) for k in range(d)})


def exact(function, d, n):
    """Return a function without noise at points of a Sobol sequence, and its indices by name."""
    x = qmc.Sobol(d, rng=1).random(n)
    y = function(x)[:, None]
    learned = Means(unit(d), x, ("y",), y, np.zeros_like(y))
    return sobol(Emulator().fit(x, y), learned).set_index("parameter").loc[unit(d).names]


def test_ishigami():
    found = exact(ishigami, 3, 256)
    # The emulator predicts 98% of the variance of new points: its share is the tolerance.
    np.testing.assert_allclose(found["first"], ISHIGAMI["first"], atol=0.04)
    np.testing.assert_allclose(found["total"], ISHIGAMI["total"], atol=0.04)


def test_sobol_g():
    found = exact(sobol_g, 8, 512)
    # The kinks of G are hard on a smooth emulator.
    np.testing.assert_allclose(found["first"], G_FIRST, atol=0.05)
    np.testing.assert_allclose(found["total"], G_TOTAL, atol=0.05)
    assert (found["total"].iloc[4:] < 0.01).all()


def runs(points=128, replicates=8, noise=0.3, seed=0):
    """Return runs of a toy with two arms that share their luck; parameter `inert` does nothing."""
    rng = np.random.default_rng(seed)
    x = qmc.Sobol(4, rng=seed + 1).random(points)
    luck = rng.normal(0, 1, replicates)
    effect = 2 * x[:, 0] + x[:, 1] + 2 * x[:, 0] * x[:, 2]
    rows = []
    for p in range(points):
        for r in range(replicates):
            level = luck[r] + rng.normal(0, noise)
            for arm, more in (("none", 0.0), ("act", effect[p] + rng.normal(0, noise))):
                rows.append((p, r, "here", arm, *x[p], level + more))
    return pd.DataFrame(
        rows,
        columns=["point", "replicate", "town", "arm", "a", "b", "c", "inert", "reporting__latino"],
    )


TOY = Space(dict.fromkeys(("a", "b", "c", "inert"), (0.0, 1.0)))


def test_what_does_nothing_scores_near_zero_under_noise():
    """Power: noise is 9% of the variance of a run, which would be a total if taken for interaction.

    With 8 replicates it is 1% of that of a mean; the bound on the estimate is 0.01, and the truth
    of the others is told within 0.04.
    """
    learned = means(runs(), TOY, ["reporting__latino"], arm="act", reference="none")
    emulator = Emulator().fit(learned.points, learned.mean, learned.variance)
    found = sobol(emulator, learned).set_index("parameter")
    assert found.loc["inert", "total"] < 0.01
    assert found.loc["inert", "total_high"] < 0.03
    # Var = 9/12 of a, 1/12 of b, 1/12 of c, 4/144 of a and c together.
    variance = 9 / 12 + 1 / 12 + 1 / 12 + 4 / 144
    truth = pd.Series({"a": 9 / 12, "b": 1 / 12, "c": 1 / 12}) / variance
    np.testing.assert_allclose(found["first"][truth.index], truth, atol=0.04)
    first = found.loc[truth.index]
    inside = (first["first_low"] <= truth) & (truth <= first["first_high"])
    assert inside.sum() >= 2  # of 3 intervals of 90%


def test_noise_gets_no_indices():
    quiet = runs(points=64, replicates=2, noise=20)
    learned = means(quiet, TOY, ["reporting__latino"], arm="act", reference="none")
    emulator = Emulator().fit(learned.points, learned.mean, learned.variance)
    with pytest.raises(Unpredictable, match="more replicates would help"):
        sobol(emulator, learned)


def test_an_outcome_that_never_varies_gets_no_indices():
    x = qmc.Sobol(2, rng=1).random(16)
    flat = Means(unit(2), x, ("removals__all",), np.zeros((16, 1)), np.zeros((16, 1)))
    with pytest.raises(Unpredictable, match="removals__all: expected an output that varies"):
        sobol(Emulator().fit(x, flat.mean), flat)


def test_points_with_a_failed_run_are_left_out():
    frame = runs(points=16, replicates=3)
    frame.loc[5, "reporting__latino"] = np.nan
    learned = means(frame.drop(index=40), TOY, ["reporting__latino"], arm="act", reference="none")
    assert (learned.missing, len(learned.points)) == (2, 14)


def test_a_name_that_is_not_there_is_refused():
    with pytest.raises(InvalidInput, match="did you mean 'reporting__latino'"):
        means(runs(4, 2), TOY, ["reporting_latino"], arm="act")
    with pytest.raises(InvalidInput, match="arm: no 'acts'; did you mean 'act'"):
        means(runs(4, 2), TOY, ["reporting__latino"], arm="acts")


def test_screening_finds_what_matters_and_not_what_does_not():
    """Power: 20 effects of noise 0.16 a mean each; the least that matters is 20 times as large."""
    space = unit(12)
    points = trajectories(space, 20)
    rng = np.random.default_rng(1)
    runs = (4 * points[:, 0] + 3 * points[:, 1] + 4 * points[:, 2] * points[:, 3])[:, None]
    runs = runs + rng.normal(0, 0.3, (len(points), 8))
    found = morris(space, points, runs.mean(1), runs.var(1, ddof=1) / 8).set_index("parameter")
    assert set(found.index[found["matters"]]) == {"x0", "x1", "x2", "x3"}
    assert found.loc["x0", "effect"] == pytest.approx(4, abs=0.3)
    assert found.loc["x0", "spread"] < 0.5 < found.loc["x2", "spread"]
    inert = found.drop(["x0", "x1", "x2", "x3"])["effect"]
    assert inert.mean() == pytest.approx(found["noise"].iloc[0] / 1.5, rel=0.25)


def test_broken_trajectories_are_refused():
    with pytest.raises(InvalidInput, match="whole trajectories of 4 points"):
        morris(unit(3), np.zeros((5, 3)), np.zeros(5), np.zeros(5))
