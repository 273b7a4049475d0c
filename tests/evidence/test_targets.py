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
from trustabm.evidence.kinds import KINDS, OF_KIND, TITLES, kind_of
from trustabm.evidence.not_asked import NOT_ASKED
from trustabm.evidence.rows import (
    GROUPS,
    PARTS_NEEDED,
    group_of,
    summary,
    tallies,
    whole_rows,
)
from trustabm.evidence.studies import STUDIES
from trustabm.evidence.target import Source, Target
from trustabm.evidence.targets import reported_targets

ROWS = {"1", "2", "3", "6", "7", "8", "10", "11", "12", "A1-06"}


def right() -> dict[str, float]:
    """Return what a model would give that is right about everything."""
    return {i: min(max(t.published, t.low), t.high) for i, t in TARGETS.items()}


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
    of_the_contract = {
        t.row for t in calibration_targets().values() if group_of(t) == "calibration"
    }
    assert of_the_contract == ROWS
    assert {t.row for t in baseline_targets().values()} == set(baseline_targets())
    assert {t.row for t in validation_targets().values()} >= {"4", "5"}


def test_each_target_has_one_role():
    parts = (calibration_targets(), baseline_targets(), validation_targets(), reported_targets())
    assert sum(map(len, parts)) == len(TARGETS)


def test_validation_targets_do_not_move_the_loss():
    values = right()
    assert loss(values) == 0
    for i in validation_targets() | reported_targets():
        assert loss(values | {i: values[i] + 1000}) == 0
        with pytest.raises(ValueError, match="may be fitted"):
            loss(values, [i])


def test_every_fitted_target_moves_the_loss():
    values = right()

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


def test_a_sign_is_met_by_the_sign_alone():
    def target(bound):
        return Target("1", "validation", 0, 2, "%", "S.", "x", Source("c", "http://x"), bound=bound)

    assert target("negative").passes(-0.01)
    assert not target("negative").passes(0.01)
    assert target("positive").passes(0.01)
    assert not target("positive").passes(-0.01)
    assert target("positive").misfit(-2) == -2  # the fit wants it clearly there
    assert (target("negative").goal, target("near").goal) == ("negative", "0 ± 2")


def test_every_target_is_of_one_group():
    each(
        TARGETS.values(), lambda t: sum(g.holds(t) for g in GROUPS.values()) == 1 or pytest.fail(t)
    )
    assert {group_of(t) for t in TARGETS.values()} == set(GROUPS)


def test_every_target_is_of_one_kind():
    named = [i for ids in OF_KIND.values() for i in ids.split()]
    assert sorted(named) == sorted(TARGETS)
    assert set(OF_KIND) == set(TITLES) == set(KINDS)
    assert [kind_of(i) for i in ("1", "2", "13b", "8a", "T9-02a", "11a")] == [
        "reporting", "crime", "policing", "enforcement", "belief", "exposure"
    ]  # fmt: skip


def test_a_row_is_whole_when_its_parts_are_and_the_twelfth_when_four_fifths_are():
    assert whole_rows({"8a": True, "8b": True, "8c": False, "1": True}) == {"8": False, "1": True}
    assert whole_rows({"8a": True, "8b": True, "8c": True}) == {"8": True}
    assert PARTS_NEEDED == {"12": 0.8}
    parts = [i for i in calibration_targets() if TARGETS[i].row == "12"]
    assert len(parts) == 8
    for missed, whole in ((0, True), (1, True), (2, False)):
        assert whole_rows({i: k >= missed for k, i in enumerate(parts)}) == {"12": whole}


def test_rows_are_counted_by_what_they_were_for():
    missed = {"8b", "A8-04", "T9-02a", "T5-07", "17a", "5d", "b1"}
    found = [{"id": i, "pass": i not in missed} for i in TARGETS]
    counted = tallies(found)
    assert counted["calibration"].missed == ("8",)
    assert len(counted["calibration"].met) == len(ROWS) - 1
    assert counted["calibration-beliefs"].missed == ("T9-02",)
    assert counted["released"].missed == ("A8-04",)
    assert counted["validation-beliefs"].missed == ("T5-07",)
    assert counted["validation"].missed == ("17",)
    of_all = len(validation_targets())
    lines = summary(found)
    assert f"9 of 10 rows whole (not so 8); {18 - 1 + 2 + 1}" in lines[0]
    assert lines[-1].startswith(f"Of all that was never fitted {of_all - 3} of {of_all} targets")
    assert not any(line.startswith("Told of") and "within" in line for line in lines)


BELIEFS = (
    *(f"T1-{k:02}" for k in (1, 2, 3, 4, 5, 7, 9, 12)),
    *(f"T2-{k:02}" for k in range(3, 8)),
    *(f"T3-{k:02}" for k in (1, 2, 3, 6, 8, 9, 10, 11, 14, 15)),
    *(f"T4-{k:02}" for k in (1, 2, 3, 5, 7, 8, 10, 12)),
    *(f"T5-{k:02}" for k in range(4, 12)),
    *(f"T6-{k:02}" for k in (2, 3, 4, 5, 7, 9, 10, 12, 13)),
    *(f"T7-{k:02}" for k in (1, 3, 5, 6)),
    *(f"T8-{k:02}" for k in (1, 2, 5, 6, 7)),
    *(f"T9-{k:02}" for k in (2, 3, 5)),
    *(f"T10-{k:02}" for k in (1, 2, 4)),
)
"""Every finding of the evidence on trust and fear."""


def test_every_finding_on_beliefs_is_asked_or_it_is_said_why_not():
    asked = {t.row for t in TARGETS.values() if t.id.startswith("T")}
    why_not = {name for names, _, _ in NOT_ASKED for name in names.split(", ")}
    assert not asked & why_not
    assert asked | why_not == set(BELIEFS)
