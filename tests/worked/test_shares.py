"""Shares of an interval: by hand where draws differ by one thing, and of known parts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from trustabm.inputs.groups import SHIPPED
from trustabm.outcomes.estimates import Estimate
from trustabm.outcomes.findings import key
from trustabm.outcomes.intervals import changes
from trustabm.outcomes.narrowing import made_of, narrowed, narrows, shares
from trustabm.outcomes.shares import Drawn, parts


def test_one_figure_by_hand():
    # Eight draws of y on x = -3.5 .. 3.5: slope 2, what is left of them known.
    x = np.arange(8) - 3.5
    left = np.array([1, -1, -1, 1, 1, -1, -1, 1.0])  # without slope or mean
    y = 2 * x + left
    found = parts(y[:, None], np.array([30.0]), Drawn(["full"] * 8, {"x": x.tolist()}))
    # Explained: (4 * 42 - 8 / 6) / 7 of 30; 42 is the sum of squares of x, 6 draws are left over.
    explained = (168 - 8 / 6) / 7 / 30
    assert found.figures[0] == found.of_figure[0] == pytest.approx(explained)
    assert found.figure[0] == 0
    assert found.structure[0] == found.rules[0] == 0
    assert found.parameters[0] == pytest.approx(1 - explained)
    # The same of a reading of a rule in its place.
    law = parts(y[:, None], np.array([30.0]), Drawn(["full"] * 8, {}, {"x": x.tolist()}))
    assert law.rules[0] == law.of_rule[0] == pytest.approx(explained)
    assert (law.rule[0], law.figures[0]) == (0, 0)
    assert np.isnan(law.figure[0])


def test_what_explains_more_than_there_is_is_all_of_it():
    x = np.arange(8.0)
    found = parts(2 * x[:, None], np.array([1.0]), Drawn((), {"x": x.tolist()}))
    assert found.figures[0] == pytest.approx(1)
    assert found.parameters[0] == pytest.approx(0)


def test_too_few_draws_are_not_told_apart_and_nothing_drawn_is_parameters():
    y = np.arange(7.0)[:, None]
    few = parts(y, np.ones(1), Drawn((), {"a": [1, 0, 1, 0, 0, 1, 0], "b": [0, 0, 1, 1, 0, 1, 1]}))
    assert np.isnan([x[0] for x in few]).all()  # 7 - 1 - 2 draws are left over, 5 wanted
    none = parts(y, np.ones(1), Drawn(["full"] * 7))
    assert [none.parameters[0], none.figures[0], none.structure[0]] == [1, 0, 0]


def test_shares_of_known_parts():
    """400 comparisons of 50 draws: variances 4 of one figure, 1 of another, 3 and 2 as said.

    A share's standard error is near 1 in 10 a comparison, so half a point in the mean; 3 points
    are allowed for what the square of small samples adds.
    """
    rng = np.random.default_rng(3)
    many, rows = 50, 400
    figures = rng.normal(size=(4, many))
    figures /= figures.std(axis=1, keepdims=True)
    kind = np.arange(many) % 2
    y = 2 * figures[1, :, None] + figures[2, :, None] + np.sqrt(3) * rng.normal(size=(many, rows))
    y += 2 * np.sqrt(2) * (kind[:, None] - 0.5)
    drawn = Drawn([f"s{k}" for k in kind], {str(k): list(f) for k, f in enumerate(figures)})
    found = parts(y, np.full(rows, 10.0), drawn)
    apart = np.corrcoef(figures[[1, 2]], kind)  # the columns are not quite apart from each other
    assert abs(apart[np.triu_indices(3, 1)]).max() < 0.35
    assert found.parameters.mean() == pytest.approx(0.3, abs=0.1)
    assert found.figures.mean() == pytest.approx(0.5, abs=0.1)
    assert found.structure.mean() == pytest.approx(0.2, abs=0.06)
    assert (found.figure == 1).mean() > 0.97
    assert found.of_figure.mean() == pytest.approx(0.4, abs=0.1)
    added = found.parameters + found.figures + found.structure
    assert added == pytest.approx(1)


def test_shares_of_a_change_add_up_with_luck():
    rng = np.random.default_rng(4)
    labels = np.arange(100) // 2
    x = rng.normal(size=50)
    logs = 0.1 * x[labels] + 0.1 * rng.normal(size=50)[labels] + 0.2 * rng.normal(size=100)
    pair = np.stack([np.ones(100), np.exp(logs)], axis=1)[:, :, None]
    without = (pair.sum(axis=0) - pair) / 99
    events = np.full(pair.shape, np.inf)
    c = changes(pair.mean(axis=0), without, events, np.inf, labels, Drawn((), {"x": x.tolist()}))
    by = [c.by_luck[0], c.by_parameters[0], c.by_figures[0], c.by_structure[0]]
    assert sum(by) == pytest.approx(1)
    # Luck 0.04 / 100 beside 0.02 of draws: 2%.
    assert by[0] == pytest.approx(0.02, abs=0.015)
    assert min(by[1], by[2]) > 0.2
    assert by[3] == 0
    alone = changes(pair.mean(axis=0), without, events)
    assert [alone.by_luck[0], alone.by_parameters[0], alone.by_figures[0]] == [1, 0, 0]


def an(luck, parameters, figures, structure, figure=None, by_figure=0.0, rules=0.0):
    return Estimate(
        *(0.5, 0.1, 0.05, 0.15),
        by_luck=luck,
        by_parameters=parameters,
        by_sampling=0.0,
        by_figures=figures,
        by_rules=rules,
        by_structure=structure,
        figure=figure,
        by_figure=by_figure,
    )


def test_shares_in_words():
    e = an(0.105, 0.2, 0.695, 0.0, "undocumented_share", 0.6)
    assert shares(e) == {"luck": 0.105, "parameters": 0.2, "figures": 0.695}
    assert made_of(e) == "the town's figures 69%, parameters 20%, luck 11%"
    assert narrows(e) == ("the town's undocumented share", 0.6)
    several = an(0.1, 0.2, 0.7, 0.0, "undocumented_share", 0.3)
    assert narrows(several) == ("the town's own figures", 0.7)
    assert narrows(an(0.5, 0.4, 0.1, 0.0)) == ("more simulated towns", 0.5)
    assert narrows(an(0.1, 0.3, 0.2, 0.4))[0] == "studies of its structure"
    assert narrows(Estimate(0.5, 0.1)) is None
    assert made_of(an(0.1, None, None, None)) is None
    law = replace(an(0.2, 0.3, 0.0, 0.0, rules=0.5), rule="whether it holds", by_rule=0.4)
    assert made_of(law) == "readings of rules 50%, parameters 30%, luck 20%"
    assert narrows(law) == ("knowing whether it holds", 0.4)
    assert narrows(replace(law, by_rule=0.2)) == ("knowing what the rules in force say", 0.5)


def test_outcomes_are_listed_by_what_would_narrow_them():
    rows = key(SHIPPED)
    one, other = an(0.1, 0.2, 0.7, 0.0, "groups.asian.share", 0.6), an(0.6, 0.4, 0.0, 0.0)
    found = narrowed({(*row, "b"): one if row == rows[0] else other for row in rows}, "b", SHIPPED)
    assert found[0].endswith("in the median outcome: luck 60%, parameters 40%.")
    assert found[1].startswith("Narrowed most by more simulated towns: trust in local police, not")
    assert (
        found[2] == "Narrowed most by the town's asian share: trust in local police, Latino (60%)."
    )
    assert narrowed({(*row, "b"): Estimate(0.5) for row in rows}, "b", SHIPPED) == []


def test_a_rule_that_decides_is_named_whatever_makes_more():
    rows = key(SHIPPED)
    law = replace(an(0.6, 0.2, 0.0, 0.0, rules=0.2), rule="whether it holds", by_rule=0.1)
    every = {(*row, "b"): an(0.6, 0.4, 0.0, 0.0) for row in rows}
    found = narrowed(every | {(*rows[0], "b"): law}, "b", SHIPPED)
    assert found[-1] == (
        "It is not known whether it holds. Drawn as doubt, that makes so much of the square of the "
        "width: trust in local police, Latino (10%)."
    )
    less = narrowed(every | {(*rows[0], "b"): replace(law, by_rule=0.09)}, "b", SHIPPED)
    assert not any("not known" in line for line in less)
