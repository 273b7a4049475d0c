"""Quantiles against scipy and the formulas of their sources."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from trustabm.outcomes.quantiles import (
    chi_square_quantile,
    chi_squares,
    cube,
    normal_quantile,
    t_quantile,
)

PS = (0.001, 0.05, 0.3, 0.5, 0.8, 0.95, 0.999)


@pytest.mark.parametrize("df", [1, 2])
def test_quantiles_of_few_degrees_of_freedom_are_exact(df):
    for p in PS:
        assert t_quantile(p, df) == pytest.approx(stats.t.ppf(p, df), rel=1e-9, abs=1e-12)
        assert chi_square_quantile(p, df) == pytest.approx(stats.chi2.ppf(p, df), rel=1e-9)
        assert normal_quantile(p) == pytest.approx(stats.norm.ppf(p), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("df", [3, 4, 7, 20, 200])
def test_approximate_quantiles_are_near(df):
    # t within 0.2%; chi-squares within 2%, at their lower end 7% with 3 degrees of freedom.
    for p in (0.05, 0.2, 0.8, 0.95):
        assert t_quantile(p, df) == pytest.approx(stats.t.ppf(p, df), rel=2e-3)
        near = 0.21 / df if p < 0.1 else 0.02
        assert chi_square_quantile(p, df) == pytest.approx(stats.chi2.ppf(p, df), rel=near)
    assert t_quantile(0.5, df) == 0


def test_chi_squares_are_those_of_wilson_and_hilferty():
    # df (1 - 2 / (9 df) + z sqrt(2 / (9 df)))³, and never below df / 1000³
    for df, p in ((3, 0.9), (8, 0.025), (30, 0.5)):
        z = stats.norm.ppf(p)
        root = 1 - 2 / (9 * df) + z * math.sqrt(2 / (9 * df))
        assert chi_square_quantile(p, df) == pytest.approx(df * root**3, rel=1e-9)
    assert chi_square_quantile(1e-6, 3) == pytest.approx(3e-9)


def test_t_is_the_expansion_of_abramowitz_and_stegun():
    # 26.7.5, at degrees of freedom so few that every coefficient shows
    for p in (0.6, 0.9, 0.9995):
        x = stats.norm.ppf(p)
        g = (
            x * (x**2 + 1) / 4,
            x * (5 * x**4 + 16 * x**2 + 3) / 96,
            x * (3 * x**6 + 19 * x**4 + 17 * x**2 - 15) / 384,
            x * (79 * x**8 + 776 * x**6 + 1482 * x**4 - 1920 * x**2 - 945) / 92160,
        )
        for df in (3, 5):
            by_hand = x + g[0] / df + g[1] / df**2 + g[2] / df**3 + g[3] / df**4
            assert t_quantile(p, df) == pytest.approx(by_hand, rel=1e-10)


def test_points_fill_the_cube_evenly():
    golden = (1 + math.sqrt(5)) / 2
    assert cube(4, 2)[0] == pytest.approx([1 / 8, 3 / 8, 5 / 8, 7 / 8])
    assert cube(3, 2)[1] == pytest.approx([(0.5 + k / golden) % 1 for k in (1, 2, 3)])
    plastic = 1.324717957244746  # x³ = x + 1
    by_hand = [[(0.5 + k / plastic**d) % 1 for k in (1, 2, 3)] for d in (1, 2)]
    assert cube(3, 3)[1:] == pytest.approx(np.array(by_hand))
    # Six coordinates: every eighth of each holds an eighth of the points, within four.
    for coordinate in cube(1010, 6):
        held = np.histogram(coordinate, 8, (0, 1))[0]
        assert abs(held - 1010 / 8).max() <= 4


def test_chi_squares_of_many_degrees_at_once():
    p, df = np.array([0.05, 0.5, 0.95]), np.array([3.0, 12.5, 49.0])
    normal = np.array([[normal_quantile(u)] for u in p])
    wanted = [[stats.chi2.ppf(u, d) / d for d in df] for u in p]
    assert chi_squares(normal, df) == pytest.approx(np.array(wanted), rel=0.08)  # of 3, below
    assert chi_squares(normal, df)[:, 2] == pytest.approx(np.array(wanted)[:, 2], rel=0.002)
