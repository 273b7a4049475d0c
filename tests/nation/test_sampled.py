"""A state is compared by counties drawn: weights, same bits, and the fifth doubt's share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trustabm as ta
from trustabm.cli import main
from trustabm.errors import InvalidInput
from trustabm.nation import samples
from trustabm.nation.areas import state
from trustabm.nation.ask import asked
from trustabm.nation.county import in_county
from trustabm.nation.sampled import AreaComparison, compare_area
from trustabm.outcomes.intervals import changes
from trustabm.rules.luck import seed_of
from trustabm.state.layout import TALLY

SMALL = {
    **{"changes": ["287g-task-force-2025"], "since": "2026-01", "weeks": 5, "burn_in": 2},
    **{"replicates": 4, "residents": 100, "draws": 0},
}
PERSONS = (TALLY.names or ()).index("base_persons")


def area(**more: object) -> AreaComparison:
    return compare_area(state("RI"), **{**SMALL, "counties": 3, **more})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def island() -> AreaComparison:
    return area(workers=1)


def test_every_sample_weighs_as_much_as_its_residents(island: AreaComparison):
    """3 counties of 100 residents, 5 weeks: 1,500 person-weeks, however they are weighted."""
    many = len(island.experiment.groups.names)
    persons = island.sums[:, :, :many, PERSONS].sum(axis=-1)
    np.testing.assert_allclose(persons, 1500.0, rtol=1e-12)
    assert island.halves is not None
    np.testing.assert_allclose(island.halves[0::2] + island.halves[1::2], island.sums, rtol=1e-12)
    assert island.experiment.place.title == "Rhode Island"
    assert "which counties were drawn" in island.covers()
    assert "4 samples of 3 of 5 counties, 100 residents of each" in island.covers()


def test_workers_do_not_matter(island: AreaComparison):
    again = area(workers=2)
    np.testing.assert_array_equal(again.sums, island.sums)
    np.testing.assert_array_equal(again.by_week, island.by_week)
    assert again.records() == island.records()


@ta.rule("report_chance")
def everybody(p, levers, kind, trust, feared, status, readiness):  # type: ignore[no-untyped-def]
    """All victims report."""
    return 1.0


@pytest.mark.parametrize("rules", [[], [everybody]])
def test_a_state_of_one_county_is_that_county(rules: list[ta.Rule]):
    """The District of Columbia, all of it: the same towns as those of a comparison of it."""
    asked: dict[str, Any] = SMALL | {"replicates": 1, "rules": rules, "workers": 1}
    there = compare_area(state("DC"), **asked)
    here = ta.compare(town="11001", seed=seed_of(0, 1), **asked)
    np.testing.assert_array_equal(there.sums, here.sums)
    np.testing.assert_array_equal(there.town_by_week, here.town_by_week)
    assert there.halves is None
    assert [x for x in here.notices if "in place of" in x] == [r.notice for r in rules]
    assert [x for x in there.notices if "in place of" in x] == [r.notice for r in rules]


def test_a_rule_of_ones_own_holds_in_every_county_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """Where everybody reports, all crimes of a state are reported, in any number of processes."""
    small = {"counties": 3, "replicates": 2, "weeks": 3, "burn_in": 0, "residents": 200, "draws": 0}
    arms = {"shipped": "none", "everybody": ta.Arm(rules=[everybody])}
    c, again = (compare_area(state("RI"), arms, **small, workers=n) for n in (1, 2))  # type: ignore[arg-type]
    np.testing.assert_array_equal(again.sums, c.sums)
    levels = c.effects().query("outcome == 'reporting' and group == 'all'")["level"]
    assert levels.iloc[-1] == 1.0
    assert list(c.same_rules) == [True, False]
    c.save(tmp_path / "kept")
    assert ta.load(tmp_path / "kept").experiment.rules_of(1) == (everybody,)
    (tmp_path / "rules").mkdir()
    text = f'@ta.rule("report_chance")\n{everybody.source}'
    (tmp_path / "rules" / "everybody.py").write_text(f"import trustabm as ta\n\n\n{text}")
    monkeypatch.setenv("TRUSTABM_LIBRARY", str(tmp_path))
    words = ["compare", "none", "sanctuary", "--state", "RI", "--rule", "everybody", "--json"]
    words += [f"--{n.replace('_', '-')}={x}" for n, x in small.items()]
    with pytest.raises(SystemExit, match="0"):
        main([*words, "--workers", "1"])
    shown = capsys.readouterr()
    assert f"note: {everybody.notice}" in shown.err
    levels = [r["level"] for r in json.loads(shown.out) if r["outcome"] == "reporting"]
    assert set(levels) <= {1.0, None}


def test_all_counties_leave_no_doubt_about_which(island: AreaComparison):
    every = area(counties="all", replicates=3, workers=1)
    assert not every.design.sampled
    assert "drawn" not in every.covers()
    sampled = [e.by_sampling for e in every.estimates.values() if e.by_sampling is not None]
    assert sampled
    assert not any(sampled)
    some = [e for e in island.estimates.values() if e.by_sampling]
    assert some
    for e in some:
        assert e.by_luck is not None
        assert e.by_sampling is not None
        assert e.by_luck + e.by_sampling == pytest.approx(1.0)


def test_draws_of_parameters_and_figures_reach_every_county():
    c = area(replicates=12, draws=6, weeks=2, burn_in=0, residents=40, workers=1)
    assert len(c.experiment.lots) == 6
    assert c.provenance["posterior"]["draws"] == 6
    assert [s["draws"] for s in c.provenance["design"]["strata"]]
    frame = c.effects()
    assert "by_sampling" in frame
    assert c.findings()


def test_a_county_drawn_has_the_draws_of_a_comparison_of_it():
    """Figures and readings of every draw are those that a comparison of the county draws."""
    common = {**SMALL, "replicates": 12, "draws": 6}
    area = state("PA")
    whole = asked(area, **common)  # type: ignore[arg-type]
    assert whole.place.fips == "42101"
    assert len(whole.doubts[0]) == 3  # a court's finding may not hold, and two extents
    here = in_county(whole, "42101", 50, 0)
    known = samples._Task(whole, 2, 6, True, True, "")
    for draw, theirs in enumerate(whole.lots):
        ours = samples._lot(known, here, theirs.parameters, draw)
        assert ours.places[0][0] == theirs.places[0][0]
        assert ours.rules == theirs.rules
    assert len({str(lot.places[0][0].changes) for lot in whole.lots}) > 1
    # What is not sure of the state is told apart: it is that of its largest county of tables.
    found = compare_area(area, **common | {"weeks": 1, "burn_in": 0, "residents": 40}, workers=1)  # type: ignore[arg-type]
    assert [lot.rules for lot in found.experiment.lots] == [lot.rules for lot in whole.lots]
    assert "how its rules in force are read" in found.covers()


def test_the_part_of_the_counties_drawn_is_told_from_luck():
    """Replicates differ by counties with three times the variance of luck: three quarters.

    Power: both variances are known to a part of sqrt(2 / 400); the share's standard error is then
    about .25 * .1 = .025, and .08 off would be seen.
    """
    rng = np.random.default_rng(3)
    many, luck = 400, 0.02
    county = rng.normal(0.0, luck * np.sqrt(3 / 2), many)
    halves = 1.2 + county[:, None] + rng.normal(0.0, luck, (many, 2))
    arms = np.stack([np.ones(2 * many), halves.ravel()], axis=1)[..., None]
    of_replicate = arms.reshape(many, 2, 2, 1).mean(axis=1)

    def without(levels: np.ndarray) -> np.ndarray:
        n = len(levels)
        return (levels.sum(axis=0) - levels) / (n - 1)

    events = np.full((many, 2, 1), 100.0)
    whole = arms.mean(axis=0)
    c = changes(whole, without(of_replicate), events, halves=without(arms))
    assert c.by_sampling[0] == pytest.approx(0.75, abs=0.08)
    assert c.by_luck[0] + c.by_sampling[0] == pytest.approx(1.0)
    same = 1.2 + rng.normal(0.0, luck, (many, 2))  # one county, over and over
    arms[:, 1, 0] = same.ravel()
    of_replicate = arms.reshape(many, 2, 2, 1).mean(axis=1)
    c = changes(arms.mean(axis=0), without(of_replicate), events, halves=without(arms))
    assert c.by_sampling[0] < 0.2  # a part of 1 - F(400, 400): .07 at one standard error
    plain = changes(arms.mean(axis=0), without(of_replicate), events)
    assert plain.by_sampling[0] == 0.0
    assert plain.low[0] == c.low[0]


def test_luck_by_hand():
    """Two replicates of two halves: levels of the arm 2 and 4, 3 and 3; the reference is at 1.

    The arm is at 3 as a whole and without each half at 10/3, 8/3, 3 and 3. Pseudo-values of its
    logarithm are 4 log 3 - 3 log(10/3) and so on; the halves of the first differ by 3 log(10/8),
    those of the second by nothing: a half's variance is the mean of the squares over 2, and that of
    the mean of four a quarter of it.
    """
    from trustabm.outcomes.shares import luck_alone

    left = np.array([10 / 3, 8 / 3, 3.0, 3.0])
    halves = np.stack([np.ones(4), left], axis=1)[..., None]
    solid = np.ones((2, 1), bool)
    got = luck_alone(np.array([[1.0], [3.0]]), halves, solid)
    assert got[0] == pytest.approx((3 * np.log(10 / 8)) ** 2 / 2 / 2 / 4)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--state", "Texs"], "state: no 'Texs'; did you mean 'Texas'?"),
        (["--state", "TX", "--town", "travis-tx"], "town: expected none with a state"),
        (["--state", "TX", "--nation"], "state: expected none with the nation"),
        (["--counties", "5"], "counties: expected a state or the nation"),
        (["--nation", "--why"], "why: expected none for United States, which is many counties"),
        (["--state", "TX", "--story", "3"], "story: expected none for Texas"),
        (["--state", "TX", "--counties", "2"], "counties: expected at least 4"),
        (["--state", "TX", "--residents", "30"], "residents: expected at least 40, got 30"),
    ],
)
def test_what_an_area_has_not_is_refused(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as left:
        main(["compare", "--change", "287g-jail", "--from", "2026-01", *words])
    assert left.value.code == 2
    assert said in capsys.readouterr().err


def test_the_command_compares_a_state(capsys: pytest.CaptureFixture[str]):
    words = ["compare", "none", "secure-communities", "--state", "Rhode Island", "--counties", "3"]
    sizes = ["--replicates", "3", "--weeks", "3", "--burn-in", "0", "--residents", "60"]
    with pytest.raises(SystemExit, match="0"):
        main([*words, *sizes, "--workers", "1"])
    shown = capsys.readouterr().out
    assert "Rhode Island, 3 weeks" in shown
    assert "3 samples of 3 of 5" in " ".join(shown.split())


def test_a_world_of_an_area_is_none(island: AreaComparison):
    with pytest.raises(InvalidInput, match="expected one town, got Rhode Island"):
        island.worlds  # noqa: B018
