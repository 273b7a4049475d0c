"""Forecasts of findings are dressed by what other studies were missed by, and scored properly."""

from __future__ import annotations

import json
import math

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from trustabm.cli import main
from trustabm.errors import InvalidInput
from trustabm.evidence import TARGETS, validation_targets
from trustabm.evidence.kinds import KINDS, kind_of
from trustabm.evidence.moments import Moment
from trustabm.evidence.naive import average_effect, last_value, no_change
from trustabm.evidence.predictive import (
    SIZES,
    Forecast,
    number,
    of_draws,
    predicted,
    read,
    spreads,
    write,
)
from trustabm.evidence.scores import ALL, MODEL, Score, not_above, scores, summary

NUMERIC = [t for t in validation_targets().values() if t.numeric]
ONE = {kind: (np.arange(len(SIZES)) == len(SIZES) // 2) / 1.0 for kind in KINDS}
"""A discrepancy that is known to be one tolerance."""


def off_by(sizes: dict[str, float]) -> dict[str, Forecast]:
    """Return forecasts that miss each finding by so many tolerances."""
    return {i: number(TARGETS[i].middle + TARGETS[i].tolerance * z) for i, z in sizes.items()}


def test_a_published_number_has_an_error_where_its_source_gives_one_or_it_is_a_range():
    assert TARGETS["1"].error == 0  # ± 8 is ours
    assert TARGETS["T5-06a"].error == pytest.approx(15 / 1.645)
    assert TARGETS["T5-07"].middle == -6  # -12 to 0, anywhere in it alike
    assert TARGETS["T5-07"].error == pytest.approx(12 / math.sqrt(12))
    assert [t.id for t in map(TARGETS.get, ("4a", "A8-04", "T10-04")) if t.numeric] == ["4a"]


def test_a_predictive_distribution_is_draws_their_error_the_discrepancy_and_the_sources_error():
    t = TARGETS["T5-06a"]  # -25 ± 15, the source's own
    draws = Forecast(np.array([-30.0, -10.0]), np.array([0.75, 0.25]), np.array([2.0, 2.0]))
    assert (draws.mean, draws.variance) == (-25, 75 + 4)
    values = predicted(t, draws, ONE)
    # Of 4,000 samples a mean is known to 0.4 and a standard deviation to 1.1% (standard errors).
    assert values.mean() == pytest.approx(-25, abs=1.3)
    wanted = math.sqrt(79 + 15**2 + (15 / 1.645) ** 2)
    assert values.std() == pytest.approx(wanted, rel=0.04)
    alone = predicted(t, draws, None)
    assert alone.std() == pytest.approx(math.sqrt(79 + (15 / 1.645) ** 2), rel=0.04)
    assert np.array_equal(values, predicted(t, draws, ONE))


def test_nothing_is_predicted_that_a_quantity_cannot_be():
    far = {kind: (np.arange(len(SIZES)) == len(SIZES) - 1) / 1.0 for kind in KINDS}
    for i, low, high in (("1", -100, math.inf), ("10b2", 0, 100), ("19b", 0, math.inf)):
        values = predicted(TARGETS[i], number(TARGETS[i].middle), far)
        assert low <= values.min() <= values.max() <= high, i


def test_the_discrepancy_is_learned_from_other_studies_alone():
    small = {t.id: 0.1 * (-1) ** k for k, t in enumerate(NUMERIC)}
    own = {t.id: 40.0 for t in NUMERIC if t.study == "raids"}
    calm, wild = (spreads(off_by(z)) for z in (small, small | own))
    assert all(np.array_equal(calm["raids"][k], wild["raids"][k]) for k in KINDS)
    less, more = (s["year-2025"]["reporting"] @ SIZES for s in (calm, wild))
    assert more > 3 * less


def test_a_kind_that_no_other_study_tells_of_is_told_by_the_other_kinds():
    known = {t.id: 2.0 * (-1) ** k for k, t in enumerate(NUMERIC) if t.study != "exposure"}
    spread = spreads(off_by({i: z for i, z in known.items() if i[:2] != "B4"} | {"15": 2.0}))
    assert 1.2 < spread["exposure"]["exposure"] @ SIZES < 4  # of a standard deviation of 2


def test_a_discrepancy_that_is_there_is_found_and_its_intervals_hold():
    """Truth: misses are normal, twice the tolerance. 40 sets of all findings never fitted.

    Of 40 sets times some 50 findings a share of 90% is known to 0.7% were they independent; what
    they share is their discrepancy's estimate, which moves all of a set: 2.5% is four times that.
    """
    held = {50: [], 90: []}
    for seed in range(40):
        z = 2 * np.random.default_rng(seed).standard_normal(len(NUMERIC))
        forecasts = off_by({t.id: x for t, x in zip(NUMERIC, z, strict=True)})
        by_study = spreads(forecasts)
        for t in NUMERIC:
            # A normal mixture has its quantiles in closed form only by the chance below a value.
            spread = by_study[t.study][kind_of(t.id)]
            size = np.hypot(SIZES * t.tolerance, t.error)
            away = abs(forecasts[t.id].mean - t.middle) / size
            within = float(spread @ [math.erf(x / math.sqrt(2)) for x in away])
            for percent in held:
                held[percent].append(within <= percent / 100)
    assert np.mean(held[90]) == pytest.approx(0.9, abs=0.025)
    assert np.mean(held[50]) == pytest.approx(0.5, abs=0.04)


def test_the_score_of_a_normal_forecast_is_the_closed_form(monkeypatch):
    """With a discrepancy of one tolerance, CRPS by Gneiting & Raftery 2007, equation 21."""
    import trustabm.evidence.scores as module

    studies = {t.study for t in TARGETS.values()}
    monkeypatch.setattr(module, "spreads", lambda _: dict.fromkeys(studies, ONE))
    for z in (0.0, 1.0, 3.0):
        [own] = [s for s in scores(off_by({"5a": z})) if s.forecast == MODEL]
        density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
        wanted = z * math.erf(z / math.sqrt(2)) + 2 * density - 1 / math.sqrt(math.pi)
        assert own.score == pytest.approx(wanted, abs=0.05)  # of 4,000 samples
        assert (own.held[90], own.held[50]) == (z <= 1.645, z <= 0.674)


def test_of_a_sign_or_a_bound_the_chance_given_to_the_contrary_counts(monkeypatch):
    import trustabm.evidence.scores as module

    studies = {t.study for t in TARGETS.values()}
    monkeypatch.setattr(module, "spreads", lambda _: dict.fromkeys(studies, ONE))
    found = scores({"T8-06": number(1.0), "T10-04": number(54.0)})  # positive; at most 50 ± 2
    rise, bound = (s for s in found if s.forecast == MODEL)
    # One tolerance, which is 1, above nothing; two above the bound.
    assert rise.chance == pytest.approx(0.841, abs=0.02)
    assert bound.chance == pytest.approx(0.023, abs=0.01)
    assert bound.score == (1 - bound.chance) ** 2
    assert bound.held == {}
    [naive] = [s for s in found if s.forecast == "no change"]
    assert (naive.id, naive.chance) == ("T8-06", pytest.approx(0.5, abs=0.03))


def test_naive_forecasts_by_hand():
    def of(give, *ids):
        return [give(TARGETS[i]) for i in ids]

    assert of(no_change, "1", "19a", "T3-14a", "17b", "15") == [0, 1, 1, None, None]
    assert of(last_value, "1", "17b", "B4-08b", "T9-03", "T1-07a", "15") == [
        0, 1.38, 8, 33, (64 + 80) / 2, None
    ]  # fmt: skip
    # Of 13b there is one other study (T8-01), which is no average; a level has no effect.
    assert of(average_effect, "13b", "15") == [None, None]
    # Removals: three of sanctuary (-33, -50, 0), and 2.48 and 0.7 times as many in New Jersey.
    assert average_effect(TARGETS["19a"]) == pytest.approx(1 + (-83 / 3 + (148 - 30) / 2) / 2 / 100)


def hand_made(forecast: str, ids: dict[str, float]) -> list[Score]:
    return [
        Score(
            i,
            "never fitted",
            forecast,
            x,
            low=0.0,
            high=1.0,
            held={50: x < 1, 90: True},
            alone={50: False, 90: x < 1},
            chance=None,
        )
        for i, x in ids.items()
    ]


def test_what_scores_come_to():
    own = hand_made(MODEL, {"5a": 1.0, "13a": 0.5, "19a": 1.5})
    naive = hand_made("no change", {"5a": 2.0, "13a": 0.25, "19a": 3.75})
    last = hand_made("last value", {"19a": 1.0})
    whole, crime, enforcement = summary([*own, *naive, *last])
    assert (whole.kind, crime.kind, enforcement.kind) == (ALL, "crime", "enforcement")
    assert (whole.findings, whole.studies, whole.held, whole.alone) == (
        3, 3, {50: 1, 90: 3}, {50: 0, 90: 1}
    )  # fmt: skip
    skill = whole.skill["no change"]
    assert (skill.findings, skill.model, skill.naive, skill.skill) == (3, 1.0, 2.0, 0.5)
    assert skill.worse == ("13a",)
    # Of the 27 ways to draw three studies of three the least skill is that of 13a thrice, 1 - 2,
    # and the greatest that of 19a thrice, 0.6; each of one in 27, less than the 5% left out.
    assert -1 < skill.low < 0.5 < skill.high <= 0.6
    assert crime.skill["no change"].skill == pytest.approx(1 - 1.5 / 2.25)
    last = enforcement.skill["last value"]
    assert (last.skill, last.low, last.high) == (-0.5, None, None)
    assert not_above([whole, crime, enforcement]) == [
        "never fitted, numbers: not above last value: all (-0.50, 1), enforcement (-0.50, 1)"
    ]


def test_forecasts_are_written_and_read_back(tmp_path):
    each = [
        {"5a": Moment(1.0, 0.1), "15": Moment(50.0, math.nan)},
        {"5a": Moment(2.0, 0.2), "15": Moment(51.0, 0.3)},
    ]
    given = of_draws(each, ["5a", "15"])
    write(given, tmp_path / "f.parquet")
    again = read(tmp_path / "f.parquet", fitted=False)
    assert list(again) == ["5a", "15"]
    assert again["5a"].values.tolist() == [1, 2]
    assert again["15"].errors.tolist() == [0, 0.3]  # an error that is not known is none
    assert again["5a"].weights.tolist() == [0.5, 0.5]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"weight": None}, "columns"),
        ({"target": ["nosuch"]}, "declared"),
        ({"target": ["4a"]}, "expected some that parameters are fitted to, got none"),
        ({"study": ["dallas"]}, "secure-communities"),
        ({"weight": [-1.0]}, "weights from 0"),
        ({"weight": [0.0]}, "weights from 0"),
        ({"model": [math.nan]}, "finite"),
    ],
)
def test_a_file_of_forecasts_that_is_none_is_refused(tmp_path, change, said):
    row = {"study": ["secure-communities"], "target": ["1"], "draw": [0], "weight": [1.0]}
    row["model"] = [-20.0]
    columns = {k: v for k, v in (row | change).items() if v is not None}
    pq.write_table(pa.table(columns), tmp_path / "f.parquet")
    with pytest.raises(InvalidInput, match=said):
        read(tmp_path / "f.parquet", fitted=True)


def ran(words: list[str]) -> None:
    with pytest.raises(SystemExit) as e:
        main(words)
    assert not e.value.code


def test_the_command_scores_both_sets_and_says_where_no_skill_is(tmp_path, capsys):
    write(off_by({t.id: 4.0 for t in NUMERIC}), tmp_path / "f.parquet")
    write(off_by({"1": 1.0, "6": 2.0, "8a": 1.0}), tmp_path / "left.parquet")
    words = ["validate", "--score", "--forecasts", str(tmp_path / "f.parquet"), "--left-out",
             str(tmp_path / "left.parquet"), "--out", str(tmp_path / "out"), "--json"]  # fmt: skip
    ran(words)
    found = json.loads(capsys.readouterr().out)
    kept = json.loads((tmp_path / "out" / "scores.json").read_text("utf-8"))
    assert found == kept
    own = [s for s in found["findings"] if s["forecast"] == MODEL]
    assert {s["id"] for s in own} == {t.id for t in NUMERIC} | {"1", "6", "8a"}
    assert {s["set"] for s in found["summary"]} == {"never fitted", "left out"}
    assert read(tmp_path / "out" / "forecasts.parquet", fitted=False).keys() == {
        t.id for t in NUMERIC
    }
    # All are off by four tolerances, where what was published of recorded crime is no change.
    assert any("not above no change" in x and "crime (-" in x for x in found["not_above"])
    ran([*words[:-3], "--out", str(tmp_path / "out"), "--force"])
    assert "Skill over naive forecasts" in capsys.readouterr().out


def test_options_that_go_with_scores_alone_are_refused_without(tmp_path):
    for words in (["--out", str(tmp_path / "x")], ["--score", "--study", "raids"]):
        with pytest.raises(SystemExit) as e:
            main(["validate", *words])
        assert e.value.code == 2
