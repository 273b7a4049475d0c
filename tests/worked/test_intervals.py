"""Intervals against closed forms, and against the description worked out one pair at a time."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from trustabm.outcomes.intervals import changes
from trustabm.outcomes.quantiles import chi_square_quantile, cube, normal_quantile, t_quantile

T2 = stats.t.ppf(0.95, 2)


def ratios(over, under=None):
    """Levels of all towns and without each, from counts of shape (towns, 2)."""
    over = np.asarray(over, float)[:, :, None]
    under = np.ones_like(over) if under is None else np.asarray(under, float)[:, :, None]
    whole = over.sum(axis=0) / under.sum(axis=0)
    without = (over.sum(axis=0) - over) / (under.sum(axis=0) - under)
    return whole, without, over


def found(over, under=None, top=math.inf, draws=()):
    c = changes(*ratios(over, under), top, draws)
    return {name: float(values[0]) for name, values in c._asdict().items()}


# Luck alone, three towns: Student's t with two degrees, whose quantile is exact


def test_a_percentage_is_jackknifed_on_the_log_scale():
    c = found([[10, 20], [12, 30], [14, 22]])
    assert c["difference"] == 12
    assert c["percent"] == pytest.approx(100)
    # Log ratios without each: 52/26, 42/24, 50/22; pseudo-values 3 log 2 - 2 of each
    pseudo = [3 * math.log(2) - 2 * math.log(x) for x in (52 / 26, 42 / 24, 50 / 22)]
    half = T2 * math.sqrt(np.var(pseudo, ddof=1) / 3)
    assert c["percent_low"] == pytest.approx(100 * (2 * math.exp(-half) - 1), rel=1e-9)
    assert c["percent_high"] == pytest.approx(100 * (2 * math.exp(half) - 1), rel=1e-9)
    assert c["percent_luck"] == pytest.approx(100 * 2 * math.sinh(half), rel=1e-9)


def test_a_difference_from_a_level_that_is_sure():
    c = found([[10, 20], [10, 30], [10, 22]])  # the reference is 10 in every town
    pseudo = [3 * math.log(2.4) - 2 * math.log(x) for x in (52 / 20, 42 / 20, 50 / 20)]
    half = T2 * math.sqrt(np.var(pseudo, ddof=1) / 3)
    assert c["low"] == pytest.approx(10 * (2.4 * math.exp(-half) - 1), rel=1e-9)
    assert c["high"] == pytest.approx(10 * (2.4 * math.exp(half) - 1), rel=1e-9)
    assert c["luck"] == pytest.approx(24 * math.sinh(half), rel=1e-9)


def test_a_difference_of_a_level_that_is_sure():
    c = found([[22, 10], [26, 10], [24, 10]])  # the arm is 10 in every town, the reference 24
    pseudo = [3 * math.log(24) - 2 * math.log(x) for x in (50 / 2, 46 / 2, 48 / 2)]
    half = T2 * math.sqrt(np.var(pseudo, ddof=1) / 3)
    assert c["low"] == pytest.approx(10 - 24 * math.exp(half), rel=1e-9)
    assert c["high"] == pytest.approx(10 - 24 * math.exp(-half), rel=1e-9)


def test_as_much_can_go_as_there_may_be_and_levels_end_at_their_top():
    c = found([[20, 1], [30, 1], [22, 1]])
    pseudo = [3 * math.log(24) - 2 * math.log(x) for x in (52 / 2, 42 / 2, 50 / 2)]
    half = T2 * math.sqrt(np.var(pseudo, ddof=1) / 3)
    assert c["low"] == pytest.approx(1 - 24 * math.exp(half), rel=1e-9)  # below -24
    assert c["reference_high"] == pytest.approx(24 * math.exp(half), rel=1e-9)
    over, under = [[5, 9], [5, 10], [5, 8]], [[10, 10]] * 3
    free, held = found(over, under), found(over, under, top=1.0)
    assert free["high"] > 0.5
    assert held["high"] == 0.5
    assert held["percent_high"] == pytest.approx(100)
    assert held["low"] == free["low"]
    # A few shares pass their bound, and are then themselves the most
    passed = found([[5, 11], [5, 12], [5, 10]], under, top=1.0)
    assert passed["high"] == pytest.approx(0.6)


# What cannot be said


def test_few_events_say_nothing_and_five_do():
    four, five = [[1, 1], [1, 0], [0, 1]], [[1, 1], [1, 1], [0, 1]]
    c = found(four)
    assert c["difference"] == 0.0
    assert all(np.isnan(c[name]) for name in ("percent", "low", "high", "percent_low", "luck"))
    c = found(five)
    assert c["percent"] == pytest.approx(50)
    assert c["low"] < 0 < c["high"]


def test_one_town_has_no_interval():
    c = changes(np.array([[4.0], [6.0]]), np.zeros((1, 2, 1)), np.array([[[4.0], [6.0]]]))
    assert (c.difference[0], c.percent[0]) == (2.0, 50.0)
    assert np.isnan([c.low[0], c.high[0], c.percent_low[0], c.percent_high[0], c.luck[0]]).all()


def test_what_is_alike_in_all_towns_is_sure():
    c = found([[10, 20], [10, 20]])
    ends = [c["low"], c["high"], c["percent_low"], c["percent_high"]]
    assert ends == pytest.approx([10, 10, 100, 100])


def test_three_draws_have_no_variance_and_four_do():
    towns = [[9, 18], [11, 25], [10, 19], [12, 22], [8, 20], [10, 24], [9, 17], [12, 26]]
    three, four = [0, 0, 0, 1, 1, 1, 2, 2], [0, 0, 1, 1, 2, 2, 3, 3]
    assert np.isnan(found(towns, draws=three)["low"])
    assert found(towns, draws=three)["luck"] > 0
    assert found(towns, draws=four)["low"] > 0


def test_no_percentage_of_a_level_that_one_town_makes():
    c = found([[9, 5], [0, 7]])
    assert c["difference"] == 1.5
    assert np.isnan([c["percent"], c["percent_low"]]).all()


def test_intervals_that_say_nothing_are_none():
    c = found([[1, 90], [50, 1], [1, 90]])
    assert np.isnan([c["low"], c["high"], c["percent_low"]]).all()
    assert c["percent"] == pytest.approx(100 * (181 / 52 - 1))


def test_no_difference_in_any_town_is_an_interval_of_none():
    c = found([[3, 3], [4, 4], [5, 5]])
    assert [c[x] for x in ("low", "high", "percent_low", "percent_high")] == [0, 0, 0, 0]
    # ... but not where levels agree by chance
    c = found([[3, 4], [4, 3], [5, 5]])
    assert c["low"] < 0 < c["high"]


def test_rows_are_told_one_by_one_whatever_their_number():
    rng = np.random.default_rng(2)
    over = rng.poisson(20.0, (6, 2, 1100)).astype(float)  # more than are held at a time
    whole, without = over.mean(axis=0), (over.sum(axis=0) - over) / 5
    many = changes(whole, without, over, np.full(1100, 25.0))
    for k in (0, 1037, 1038, 1099):
        one = changes(whole[:, [k]], without[:, :, [k]], over[:, :, [k]], 25.0)
        assert [x[k] for x in many] == pytest.approx([x[0] for x in one], nan_ok=True)
    draws = [0, 1, 1, 2, 3, 3]
    some = changes(whole[:, :3], without[:, :, :3], over[:, :, :3], draws=draws)
    for k in range(3):
        one = changes(whole[:, [k]], without[:, :, [k]], over[:, :, [k]], draws=draws)
        assert [x[k] for x in some] == pytest.approx([x[0] for x in one], nan_ok=True)


# The description of the module, one outcome and one pair at a time


def by_hand(over, under=None, top=math.inf, draws=None, lucky_alone=False):
    """What the module's text says, in scalars: ends of difference, percentage and both levels."""
    whole, without, events = (x[..., 0] for x in ratios(over, under))
    n, labels = len(without), list(draws or [0] * len(without))
    members = [[i for i in range(n) if labels[i] == d] for d in sorted(set(labels))]
    between, within = len(members) - 1, n - len(members)
    towns = (n - sum(len(m) ** 2 for m in members) / n) / max(1, between)
    solid = [whole[a] > 0 and all(without[:, a] > 0) for a in (0, 1)]
    signs = [-1, 1] if all(solid) else [1, 1]
    level = [whole[a] if solid[a] else 1.0 for a in (0, 1)]
    left = [[without[i, a] if solid[a] else 1.0 for a in (0, 1)] for i in range(n)]

    def of_draws(values):
        return [sum(values[i] for i in m) / len(m) for m in members]

    def pseudo(weights):
        logs = [
            sum(
                w * (n * math.log(level[a]) - (n - 1) * math.log(left[i][a]))
                for a, w in enumerate(weights)
            )
            for i in range(n)
        ]
        means = of_draws(logs)
        return [
            logs[i] - means[d] for i in range(n) for d in [sorted(set(labels)).index(labels[i])]
        ]

    def alike(a, b):
        size = math.sqrt(sum(x * x for x in a) * sum(x * x for x in b))
        return sum(x * y for x, y in zip(a, b, strict=True)) / size if size else 0.0

    luck_ratio, lucks = pseudo(signs), (pseudo([1, 0]), pseudo([0, 1]))
    pairs, freedom = (1010 if between else 250), within or between
    points = cube(pairs, 6)
    lucky = [t_quantile(u, freedom) for u in points[0]]
    apart = [t_quantile(u, freedom) for u in points[1]]
    town = [[(n * level[a] - (n - 1) * left[i][a]) / level[a] for a in (0, 1)] for i in range(n)]

    def chi(u, df):  # over its degrees of freedom, after Wilson & Hilferty
        c = 2 / (9 * df)
        return max(1e-3, 1 - c + normal_quantile(u) * math.sqrt(c)) ** 3

    def heavier(values):  # one and half of the excess kurtosis
        second = sum(x**2 for x in values) / len(values)
        fourth = sum(x**4 for x in values) / len(values)
        return 1 + max(0, fourth / second**2 - 3) / 2 if second else 1

    def doubt(weights):
        means = [of_draws([town[i][a] for i in range(n)]) for a in (0, 1)]
        some = [max(sum(events[i, a] for i in range(n)), 1) for a in (0, 1)]
        rare = [min(max(len(members) / 2 / x, 0.001), 0.5) for x in some]
        floor = [[max(x, rare[a]) for x in means[a]] for a in (0, 1)]

        def variance(of_draw, of_rest):
            mean = sum(len(m) * x for m, x in zip(members, of_draw, strict=True)) / n
            b = (
                sum(len(m) * (x - mean) ** 2 for m, x in zip(members, of_draw, strict=True))
                / between
            )
            w = sum(x * x for x in of_rest) / max(1, within)
            few = between / heavier([x - mean for x in of_draw])
            less = freedom / heavier(of_rest)
            return [
                max(0, b / chi(u, few) - w / chi(v, less)) / towns
                for u, v in zip(points[4], points[5], strict=True)
            ]

        def rest(a, i, d):
            return town[i][a] - means[a][d]

        logs = [
            sum(w * math.log(floor[a][d]) for a, w in enumerate(weights))
            for d in range(len(members))
        ]
        rests = [(d, i) for d, m in enumerate(members) for i in m]
        of_logs = variance(
            logs,
            [sum(w * rest(a, i, d) / floor[a][d] for a, w in enumerate(weights)) for d, i in rests],
        )
        of_levels = variance(
            [sum(w * means[a][d] for a, w in enumerate(weights)) for d in range(len(members))],
            [sum(w * rest(a, i, d) for a, w in enumerate(weights)) for d, i in rests],
        )
        sigma2 = [max(a, math.log1p(b)) for a, b in zip(of_logs, of_levels, strict=True)]
        mean = sum(len(m) * x for m, x in zip(members, logs, strict=True)) / n
        lie = [x - mean for x in logs]
        seen = sum(len(m) * x * x for m, x in zip(members, lie, strict=True)) / between / towns
        return sigma2, mean * min(sum(sigma2) / pairs / seen, 1) if seen > 0 else 0.0, lie

    def standing(lie):
        deviation = math.sqrt(sum(x * x for x in lie) / (len(lie) - 1)) or 1.0
        ordered = sorted(x / deviation for x in lie)
        out = []
        for u in points[2]:
            at = min(max((len(lie) + 1) * u - 1, 0), len(lie) - 1)
            k = min(int(at), len(lie) - 2)
            out.append(ordered[k] + (at - k) * (ordered[k + 1] - ordered[k]))
        return out

    def spread(luck, t, of=None, place=None):
        w = sum(x * x for x in luck) / max(1, within)
        if of is None:
            return [math.sqrt(w / n if within else math.nan) * x for x in t]
        sigma2, middle, _ = of
        return [
            math.sqrt((w + towns * s) / n) * x + middle + math.sqrt(s) * y
            for s, x, y in zip(sigma2, t, place, strict=True)
        ]

    # Of the two arms the one whose level is known better, luck and doubt together
    bases = [doubt([1, 0]), doubt([0, 1])] if between else [([0.0] * pairs, 0.0, [])] * 2
    unsure = [
        sum(x * x for x in lucks[a]) / max(1, within) / n + sum(bases[a][0]) / pairs for a in (0, 1)
    ]
    first = 0 if unsure[0] <= unsure[1] else 1
    base, luck_level = bases[first], lucks[first]
    rho = alike(luck_ratio, luck_level)
    lucky_level = [
        rho * a + math.sqrt(max(0, 1 - rho**2)) * b for a, b in zip(lucky, apart, strict=True)
    ]
    if between and not lucky_alone:
        ratio = doubt(signs)
        place = standing(ratio[2])
        rho = alike(ratio[2], base[2])
        normal = [normal_quantile(u) for u in points[3]]
        place_level = [
            rho * a + math.sqrt(max(0, 1 - rho**2)) * b for a, b in zip(place, normal, strict=True)
        ]
        far = spread(luck_ratio, lucky, ratio, place)
        far_level = spread(luck_level, lucky_level, base, place_level)
    else:
        far, far_level = spread(luck_ratio, lucky), spread(luck_level, lucky_level)
    middle = sum(s * math.log(x) for s, x in zip(signs, level, strict=True))
    times = [math.exp(middle + x) for x in far]
    if all(solid):
        known = [level[first] * math.exp(x) for x in far_level]
        if first == 0:
            reference, arm = known, [x * t for x, t in zip(known, times, strict=True)]
        else:
            reference, arm = [x / t for x, t in zip(known, times, strict=True)], known
    else:
        # Events in no town, or one: Gamma of their number and a half, in units of one town's
        thin = 1 if solid[0] else 0
        with_events = max(1, sum(events[:, 1 - thin] > 0))
        if whole[thin] > 0:
            few = [whole[thin] * chi_square_quantile(u, 3) / 2 for u in points[1]]
        else:
            few = [whole[1 - thin] / with_events * chi_square_quantile(u, 1) / 2 for u in points[1]]
        reference, arm = (few, times) if thin == 0 else (times, few)
    # Each level by itself
    sides = []
    for a in (0, 1):
        far = (
            spread(lucks[a], lucky, bases[a], standing(bases[a][2]))
            if between
            else spread(lucks[a], lucky)
        )
        sides.append([level[a] * math.exp(x) for x in far] if solid[a] else (reference, arm)[a])
    reference, arm, *sides = ([min(x, top) for x in side] for side in (reference, arm, *sides))
    k = 50 if between else 12  # the 51st of 1,010 and the 13th of 250 from either end
    out = []
    for values, value in (
        ([a - r for a, r in zip(arm, reference, strict=True)], whole[1] - whole[0]),
        (
            [100 * (a - r) / r for a, r in zip(arm, reference, strict=True)],
            100 * (whole[1] / whole[0] - 1) if solid[0] else math.nan,
        ),
        *(((side, whole[a]) for a, side in enumerate(sides)) if not lucky_alone else ()),
    ):
        low, high = sorted(values)[k], sorted(values)[-1 - k]
        out += [min(low, value), max(high, value)]
    if not lucky_alone:
        out[0], out[1] = max(out[0], -out[5]), min(out[1], out[7])
    return out


EIGHT = [[9, 18], [11, 25], [10, 19], [12, 22], [8, 20], [10, 24], [9, 17], [12, 26]]
DOUBT = [[5, 3], [6, 4], [10, 22], [12, 19], [20, 8], [25, 12], [9, 40], [12, 36]]
CASES = {
    "luck": {"over": EIGHT},
    "luck, and a top": {"over": EIGHT, "under": [[30, 28]] * 8, "top": 0.8},
    "two towns": {"over": [[9, 18], [13, 20]]},
    "arm without events": {"over": [[2, 0], [3, 0], [2, 0], [1, 0], [2, 0], [3, 0]]},
    "reference without events": {"over": [[0, 2], [0, 3], [0, 0], [0, 1], [0, 2], [0, 3]]},
    "arm with events in one town": {"over": [[2, 0], [3, 0], [2, 1], [0, 0], [2, 0], [3, 0]]},
    "reference with events in one town": {"over": [[0, 9], [0, 8], [2, 9], [0, 0], [0, 7]]},
    "draws of two towns": {"over": DOUBT, "draws": [0, 0, 1, 1, 2, 2, 3, 3]},
    "draws that hardly differ": {"over": EIGHT, "draws": [0, 0, 1, 1, 2, 2, 3, 3]},
    "draws of one town": {"over": DOUBT, "draws": [0, 1, 2, 3, 4, 5, 6, 7]},
    "draws of one to three towns": {"over": DOUBT, "draws": [0, 1, 1, 2, 2, 2, 3, 3]},
    "draws out of order, and a top": {
        "over": DOUBT,
        "under": [[60, 50]] * 8,
        "top": 0.7,
        "draws": [5, 2, 9, 7, 5, 2, 9, 7],
    },
    "a draw without events": {
        "over": [[5, 0], [6, 0], [10, 2], [12, 3], [20, 1], [25, 2], [9, 2], [12, 1]],
        "draws": [0, 0, 1, 1, 2, 2, 3, 3],
    },
    "draws, and an arm without events": {
        "over": [[5, 0], [6, 0], [10, 0], [12, 0], [20, 0], [25, 0], [9, 0], [12, 0]],
        "draws": [0, 0, 1, 1, 2, 2, 3, 3],
    },
}


@pytest.mark.parametrize("name", CASES)
def test_intervals_are_those_described(name):
    got = found(**CASES[name])
    expected = by_hand(**CASES[name])
    lucky = by_hand(**CASES[name], lucky_alone=True)
    if np.isnan(got["percent"]):
        expected[2:4] = lucky[2:4] = [math.nan] * 2
    names = ("low", "high", "percent_low", "percent_high")
    names += ("reference_low", "reference_high", "level_low", "level_high")
    assert [got[end] for end in names] == pytest.approx(expected, rel=1e-9, nan_ok=True)
    halves = [(lucky[1] - lucky[0]) / 2, (lucky[3] - lucky[2]) / 2]
    assert [got["luck"], got["percent_luck"]] == pytest.approx(halves, rel=1e-9, nan_ok=True)
