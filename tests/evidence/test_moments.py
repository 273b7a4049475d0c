"""The studies give every target a number, whatever presets are called, and cheap worlds agree."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

from trustabm.errors import InvalidInput
from trustabm.evidence import TARGETS
from trustabm.evidence.enforcement import (
    handed_over,
    matched,
    requested,
    sought_later,
)
from trustabm.evidence.lab import YEAR, Lab
from trustabm.evidence.moments import (
    Moment,
    Size,
    moments,
    pooled,
)
from trustabm.evidence.roles import policies_of_roles
from trustabm.evidence.scorecard import ASKED, records, scorecard
from trustabm.evidence.studies import STUDIES
from trustabm.evidence.study import PublishedStudy
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.timeline import policy
from trustabm.rules import codes

SMALL = {
    "latino": Size("los-angeles-ca", 2000, 2),
    "national": Size("us-average", 2000, 2),
    "nulls": Size("us-average", 2000, 2),
    "checks": Size("los-angeles-ca", 20_000, 2),
}


@pytest.fixture(scope="module")
def found():
    return moments(Parameters(), seed=3, studies=STUDIES, sizes=SMALL)


def test_every_target_has_a_number(found):
    assert set(found) >= set(TARGETS)
    assert all(np.isfinite(found[i].value) for i in TARGETS)


def test_the_same_seed_gives_the_same_numbers(found):
    again = moments(Parameters(), seed=3, studies=["dallas"], sizes=SMALL)
    assert again["6"] == found["6"]


def test_names_of_presets_mean_nothing(tmp_path, found):
    """The same levers under shuffled names, from files, give the same numbers to the bit."""
    roles = policies_of_roles()
    shuffled = {}
    for role, name in zip(roles, [*list(roles)[1:], next(iter(roles))], strict=True):
        levers = [f"{k} = {json.dumps(v)}" for k, v in roles[role].model_dump().items()]
        text = f'title = "{name}"\nsentence = "s"\nsource = "s"\n[levers]\n' + "\n".join(levers)
        path = tmp_path / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        shuffled[role] = policy(str(path))
    again = moments(Parameters(), seed=3, studies=STUDIES, sizes=SMALL, policies=shuffled)
    assert repr(again) == repr(found)  # to the bit, and where a small sample has no error too


def test_arms_that_do_nothing_have_no_effect():
    """With every role under the same levers, each effect is exactly zero."""
    same = dict.fromkeys(policies_of_roles(), policy("secure-communities"))
    studies = ["secure-communities", "dallas", "sanctuary-removals"]
    null = moments(Parameters(), studies=studies, sizes=SMALL, policies=same)
    for i in ("1", "2", "4a", "4b", "6", "13a", "13b"):
        assert null[i].value == pytest.approx(0, abs=1e-9)


def test_fear_takes_nothing_where_nobody_fears():
    """The same residents, asked with fear and without, in a world in which fear is switched off."""
    arm = Lab("los-angeles-ca", 2000, Parameters(fear=False), 1).communities
    mix = arm.mix_against("latino")
    with_fear, without = (arm.propensities(mix, arm.latino, fear=f) for f in (True, False))
    assert np.array_equal(with_fear, without)
    feared = Lab("los-angeles-ca", 2000, Parameters(), 1).communities
    with_fear, without = (feared.propensities(mix, feared.latino, fear=f) for f in (True, False))
    assert (without >= with_fear).all()
    assert without.sum() > 1.02 * with_fear.sum()


def test_asking_people_on_the_way_changes_nothing_and_is_of_that_week():
    lab = Lab("los-angeles-ca", 2000, Parameters(), 1)
    once = lab.arm(lab.past, "communities")
    asked = lab.arm(lab.past, "communities", waves=(0, YEAR))
    assert np.array_equal(once.residents, asked.residents)
    assert np.array_equal(once.world.tally, asked.world.tally)
    assert asked.waves[YEAR].week == asked.first + YEAR
    then, now = asked.answers(YEAR), asked.answers()
    assert np.array_equal(lab.arm(lab.past, "communities", YEAR).answers().risk, then.risk)
    assert not np.array_equal(then.risk, now.risk)


def test_without_fear_and_trust_nobody_stops_reporting():
    off = moments(Parameters(fear=False, trust=False), studies=["secure-communities"], sizes=SMALL)
    assert off["1"].value == pytest.approx(0, abs=0.5)


def test_reporting_is_forced_down_by_a_tenth_and_no_more():
    lab = Lab("los-angeles-ca", 4000, Parameters(), 1)
    before, forced = (
        np.concatenate([a.crimes_against(g, 0, 1)["chance"] for g in ("latino", "other")]).sum()
        for a in (lab.without, lab.forced)
    )
    first = lab.without.crimes_against("latino", 0, 1)["chance"].sum()
    assert before - forced == pytest.approx(0.1 * first, rel=1e-5)


def test_expected_requests_and_handovers_are_those_that_happen():
    expected, seen = np.zeros(2), np.zeros(2)
    for seed in range(6):
        arm = Lab("harris-tx", 8000, Parameters(), seed).communities
        bookings = matched(arm)
        asked = requested(arm, bookings)
        expected += asked.sum(), (asked * handed_over(arm, bookings)).sum()
        rows = arm.events["requests"]
        seen += len(rows), rows["followed"].sum()
    # Counts of rare, nearly independent events: about Poisson.
    assert abs(expected - seen) == pytest.approx(0, abs=3 * np.sqrt(expected.max()))


def test_those_whom_a_jail_kept_are_sought_as_often_as_expected():
    expected, seen = 0.0, 0
    for seed in range(6):
        arm = Lab("harris-tx", 8000, Parameters(), seed).sanctuary
        bookings = matched(arm)
        expected += (requested(arm, bookings) * sought_later(arm, bookings)).sum()
        asked = arm.events["requests"]["resident"]
        taken = arm.events["transfers"]
        taken = taken[taken["source"] >= codes.FROM_AT_LARGE]
        seen += int(np.isin(taken["resident"], asked).sum())
    assert seen > 5
    assert abs(expected - seen) < 3 * np.sqrt(expected)


def test_errors_are_the_jackknifes():
    """Of a plain mean, the jackknife's error is the usual one."""
    study = PublishedStudy("s", "t", "latino", lambda lab: {}, lambda c: {"m": c["x"] / c["n"]})
    values = [3.0, 5.0, 4.0, 8.0]
    m = pooled(study, [{"x": v, "n": 1.0} for v in values])["m"]
    assert m.value == 5.0
    assert m.error == pytest.approx(np.std(values, ddof=1) / 2)


def test_a_scorecard_holds_what_was_asked_for():
    card = scorecard([], ["exposure"], SMALL)
    assert [r["id"] for r in card] == ["11a", "15", "11b"]
    keys = ["id", "role", "published", "tolerance", "value", "low", "high", "pass", "note"]
    assert all(list(r) == keys for r in card)
    assert all(r["pass"] or r["note"] for r in card)
    with pytest.raises(InvalidInput, match="exposure"):
        scorecard([], ["exposur"])


def test_every_study_but_one_is_asked_for_a_finding():
    assert set(STUDIES) - set(ASKED) == {"what-carries-it"}


def test_a_scorecard_gives_medians_and_intervals_over_draws():
    each = [{"1": Moment(float(v), 1.0)} for v in range(-40, -19)]
    [record] = records(each, [TARGETS["1"]])
    assert (record["value"], record["low"], record["high"]) == (-30, -39, -21)
    assert record["pass"]


def test_moments_load_neither_tables_nor_agents():
    code = (
        "import sys; import trustabm.evidence.moments;"
        "print([m for m in ('pandas', 'mesa', 'pyarrow', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
