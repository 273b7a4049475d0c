"""Targets are declared whole, and validation never enters the fit."""

from __future__ import annotations

import math

import pytest
from each import each

from trustabm.evidence import (
    TARGETS,
    baseline_targets,
    calibration_targets,
    loss,
    validation_targets,
)
from trustabm.evidence.studies import STUDIES
from trustabm.evidence.target import Source, Target

ROWS = {"1", "2", "3", "6", "7", "8", "10", "11", "12"}


def test_a_target_is_whole():
    def check(_, target):
        assert target.tolerance > 0
        assert target.unit
        assert target.sentence.endswith(".")
        assert target.study in STUDIES
        assert target.source.citation
        assert target.source.address.startswith("http")

    each(TARGETS.items(), check)


def test_the_rows_are_those_of_the_contract():
    assert {t.row for t in calibration_targets().values()} == ROWS
    assert {t.row for t in baseline_targets().values()} == {"b"}
    assert {t.row for t in validation_targets().values()} >= {"4", "5"}


def test_each_target_has_one_role():
    parts = (calibration_targets(), baseline_targets(), validation_targets())
    assert sum(map(len, parts)) == len(TARGETS)


def test_validation_targets_do_not_move_the_loss():
    values = {i: t.published for i, t in TARGETS.items()}
    assert loss(values) == 0
    for i in validation_targets():
        assert loss(values | {i: values[i] + 1000}) == 0
        with pytest.raises(ValueError, match="may be fitted"):
            loss(values, [i])


def test_every_fitted_target_moves_the_loss():
    values = {i: t.published for i, t in TARGETS.items()}

    def check(i):
        far = {k: values[i] + sign * 1000 for k, sign in (("up", 1), ("down", -1))}
        assert max(loss(values | {i: x}) for x in far.values()) > 1

    each([*calibration_targets(), *baseline_targets()], check)


def test_ranges_and_bounds():
    def target(**more):
        return Target("1", "baseline", 41, 4, "%", "S.", "x", Source("c", "http://x"), **more)

    assert target().distance(45.5) == 4.5
    assert target(upto=46.0).distance(45.5) == 0
    assert target(bound="at most").distance(3) == 0
    assert target(bound="at least").distance(99) == 0
    assert not target().passes(math.nan)
    assert target().misfit(49) == 2
