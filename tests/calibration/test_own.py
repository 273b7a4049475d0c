"""A calibration to targets of one's own: from a file to draws that comparisons and studies use."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

import trustabm as ta
from trustabm import cli
from trustabm.errors import InvalidInput
from trustabm.evidence.own import worlds
from trustabm.evidence.own.before import before
from trustabm.evidence.own.problem import Problem
from trustabm.evidence.scorecard import covers, posterior
from trustabm.explorer.lived import Asked
from trustabm.forecasts.make import prepared
from trustabm.inputs import draws
from trustabm.nation.areas import nation
from trustabm.nation.each import Each
from trustabm.nation.effects import note
from trustabm.runs.compare import compare
from trustabm.runs.reproduce import python, shell
from trustabm.study.definition import Study
from trustabm.study.notes import notices
from trustabm.study.points import numbered

FILE = Path(__file__).parents[2] / "examples" / "my-targets.toml"
BOTH = ["none", "sanctuary"]
SMALL = {"residents": 60, "weeks": 2, "burn_in": 0, "workers": 1}
TARGET = {"title": "t", "outcome": "reporting", "value": 0.4, "se": 0.1}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """What the command writes for the example."""
    out = tmp_path_factory.mktemp("own") / "mine"
    with pytest.raises(SystemExit) as left:
        cli.main(["calibrate", str(FILE), "--out", str(out), "--check", "4", "--workers", "1"])
    assert not left.value.code
    return out


@pytest.fixture(autouse=True)
def nothing_in_use(monkeypatch):
    monkeypatch.delenv(draws.VARIABLE, raising=False)
    yield
    ta.use_posterior(None)


def test_the_example_leaves_draws_that_say_what_they_are_of(folder):
    made = draws.posterior(draws.own_file(folder))
    assert made.changed == ()
    assert sum(made.weights.values()) == pytest.approx(1)
    assert made.notices[0].endswith("fitted to 3 own targets (A survey and a record of my county).")
    targets = pd.read_csv(folder / "targets.csv")
    assert targets["target"].str.len().min() > 3
    assert (targets["now_low"] <= targets["now_high"]).all()
    # Targets are nearer than before, or were near: in their own standard deviations.
    assert targets["off"].abs().max() < 2.5
    summary = pd.read_csv(folder / "summary.csv")
    assert set(summary["parameter"]) >= {"report_latino", "fear_weight"}
    said = json.loads((folder / "provenance.json").read_text("utf-8"))
    assert said["runs"] >= 28
    assert said["knowledge"]["sha256"] == draws.digest()
    assert any("Pareto k" in line for line in said["notices"])
    assert len(pd.read_csv(folder / "check.csv")) == 40 + 3
    chains = dict(np.load(folder / "chains.npz"))
    assert chains["fear_weight"].shape[0] == 1


def test_runs_are_kept_and_a_wave_is_drawn_where_targets_put_it(folder):
    before_ = (folder / "runs" / "done.jsonl").read_bytes()
    found = ta.calibrate(FILE, waves=[4], draws=60, out=folder.parent / "wave", workers=1)
    assert found.runs == 32
    again = ta.calibrate(FILE, draws=60, out=folder.parent / "wave", workers=1)
    assert again.runs == 28
    kept = (folder.parent / "wave" / "runs" / "done.jsonl").read_bytes()
    assert kept.startswith(before_)
    assert kept.count(b"\n") == 32  # none was run twice
    assert "drawn anew" not in again.notices[0]
    assert "made anew after 4 more runs" in found.notices[0]
    page = found._repr_html_()
    assert "Latino victims who called the police" in page
    assert "made anew" in page
    tree = found.to_arviz()
    assert float(tree.posterior["fear_weight"].mean()) == pytest.approx(
        float(found.frame()["fear_weight"].mean()), rel=1e-3
    )
    ends = found.summary().set_index("parameter").loc["report_latino"]
    assert ends["now_low"] <= ends["now"] <= ends["now_high"]


def test_a_comparison_draws_from_it_and_names_it(folder, tmp_path):
    usual = compare(BOTH, replicates=10, **SMALL)
    own = ta.compare(BOTH, replicates=10, posterior=folder, **SMALL)
    assert own.notices[0].startswith("Parameters are drawn from posterior.parquet")
    said = own.provenance["posterior"]
    assert said["file"] == "posterior.parquet"
    opened = ta.load(own.save(tmp_path / "saved"))
    assert opened == own
    assert opened != usual
    assert opened.effects().equals(own.effects())
    assert ta.reproduce(tmp_path / "saved").equal
    assert said["sha256"] != usual.provenance["posterior"]["sha256"]
    rows = pq.read_table(folder / "posterior.parquet").to_pylist()
    first = own.experiment.lots[0].parameters
    assert first.fear_weight in {row["fear_weight"] for row in rows}
    # The command and the Python that make it again name it too.
    path = str(folder / "posterior.parquet")
    assert f"--posterior {path}" in shell(own.experiment)
    assert f"posterior={path!r}" in python(own.experiment)
    # However few towns there are; and a whole set of parameters leaves it out.
    few = compare(BOTH, replicates=2, posterior=folder / "posterior.parquet", **SMALL)
    assert len(few.experiment.lots) == 1
    with pytest.raises(InvalidInput, match="posterior: expected none without draws"):
        compare(BOTH, replicates=2, draws=0, posterior=folder, **SMALL)
    with pytest.raises(InvalidInput, match="posterior: expected a file of draws, got"):
        compare(BOTH, replicates=2, posterior="nowhere.parquet", **SMALL)


def test_taken_into_use_all_that_draw_take_it(folder, capsys):
    cli.with_own(["compare", "none", "--posterior", str(folder)])
    path = str(folder / "posterior.parquet")
    assert draws.in_use() == path
    own = compare(BOTH, replicates=2, **SMALL)
    assert own.experiment.posterior == path
    sets = posterior(6)
    assert [p.fear_weight for p in sets] == [p.fear_weight for _, p in draws.mixture(6, of=path)]
    assert "posterior.parquet" in covers(6)
    study = {"title": "T", "arms": BOTH, "design": {"kind": "posterior", "points": 5}}
    assert Study.make(study).design.draws == path
    ta.use_posterior(None)
    assert draws.in_use() is None
    assert "posterior.parquet" not in covers(6)
    with pytest.raises(InvalidInput, match="posterior: expected with app, compare, explorer, fo"):
        cli.with_own(["run", "--posterior", str(folder)])
    for words in (["forecast", "list"], ["forecast"], []):
        with pytest.raises(InvalidInput, match="posterior: expected with"):
            cli.with_own([*words, "--posterior", str(folder)])
    assert cli.with_own(["--posterior", str(folder), "forecast", "make"]) == ["forecast", "make"]


def test_maps_forecasts_and_explorers_draw_from_it_and_say_so(folder, tmp_path):
    path, shipped = str(folder / "posterior.parquet"), draws.mixture(1)[0][1].fear_weight
    asked = {"change": "no-detainers", "since": "2026-01", "draws": 3, "weeks": 1, "burn_in": 0}
    county = nation().largest
    before = Each.make(asked).experiment(county).lots
    explored = {"town": "travis-tx", "since": "2027-01", "lots": 10, "held": 4}
    said = draws.posterior(path).notices[0]
    assert said not in note(Each.make(asked))
    ta.use_posterior(folder)
    own = [p for _, p in draws.mixture(3, of=path)]
    # Draws are keyed by the seed after each structure's first.
    for found in (Each.make(asked).experiment(county).lots, Asked.make(explored).rules.lots):
        assert found[0].parameters.fear_weight == own[0].fear_weight != shipped
    assert before[0].parameters.fear_weight == shipped
    assert said in note(Each.make(asked))
    header, sets = prepared("mine", command="c", draws=3)
    assert list(sets) == own
    assert header.posterior == draws.posterior(path).sha256
    assert said in header.sentence
    words = ["map", "--change", "no-detainers", "--from", "2026-01", "--state", "de", "--out"]
    small = ["--residents", "200", "--draws", "2", "--weeks", "2", "--burn-in", "0", "--workers"]
    with pytest.raises(SystemExit, match="0"):
        cli.main([*words, str(tmp_path / "map"), *small, "1", "--posterior", str(folder)])
    kept = json.loads((tmp_path / "map" / "provenance.json").read_text("utf-8"))
    assert kept["posterior"] == draws.record(path)


def test_a_study_has_a_point_a_draw_with_what_its_structure_holds(folder):
    design = {"kind": "posterior", "draws": str(folder), "points": 12}
    study = Study.make({"title": "T", "arms": BOTH, "design": design})
    points = [dict(point) for _, point in numbered(study, [])]
    mixed = draws.mixture(12, of=str(folder / "posterior.parquet"))
    assert [p["fear_weight"] for p in points] == [p.fear_weight for _, p in mixed]
    for point, (_, parameters) in zip(points, mixed, strict=True):
        assert all(getattr(parameters, name) == value for name, value in point.items())
    assert {tuple(point) for point in points} == {tuple(points[0])}
    assert any(line.startswith("Parameters are drawn from") for line in notices(study))


def test_what_is_fitted_is_what_runs_count():
    one = {"residents": 2000, "weeks": 8, "burn_in": 4, "replicates": 2, "title": "t"}
    many = {"title": "n", "outcome": "arrests", "measure": "count", "value": 9e3, "se": 1e3}
    apart = {"measure": "difference", "policy": "287g-jail", "against": "sanctuary"}
    targets = [
        {"policy": "none", "title": "level", "outcome": "stops", "value": 1.0, "se": 1.0},
        {**many, "policy": "none"},
        {**TARGET, **apart, "outcome": "stops", "value": 0.1},
        {**TARGET, **apart, "outcome": "stops", "measure": "percent", "title": "p"},
    ]
    problem = Problem.make({**one, "targets": targets}, "test")
    found = worlds.answered((problem.experiments, {"fear_weight": 5.0}))
    same = {k: v for k, v in one.items() if k != "title"}
    whole = ta.Parameters(fear_weight=5.0)
    how = {"parameters": whole, "seed": 1, "start": "2019-01-01", "workers": 1}
    c = compare(["none", "sanctuary"], **same, **how)

    def said(of, outcome, arm):
        frame = of.effects().query("outcome == @outcome and group == 'all' and arm == @arm")
        return frame.iloc[0]

    assert found["values"][0] == pytest.approx(said(c, "stops", "none")["level"])
    arrests = said(c, "arrests", "none")["level"]
    people = c.experiment.place.population.value
    # A rate per 1,000 residents and year, of eight weeks and everybody.
    assert found["values"][1] == pytest.approx(arrests / 1000 * 8 / 52 * people, rel=0.02)
    pair = compare(["sanctuary", "287g-jail"], **same, **how)
    effect = said(pair, "stops", "287g-jail")
    assert found["values"][2] == pytest.approx(effect["difference"], abs=1e-9)
    assert found["values"][3] == pytest.approx(effect["percent"], abs=1e-9)
    assert len(problem.experiments) == 2  # two targets of one reference share their runs


def test_a_rule_of_ones_own_is_fitted_by_and_said(tmp_path):
    (tmp_path / "silent.py").write_text(
        "import trustabm as ta\n\n\n@ta.rule('report_chance')\n"
        "def silent(p, levers, kind, trust, feared, status, readiness):\n    return 0.0\n",
        "utf-8",
    )
    many = {"residents": 100, "weeks": 4, "burn_in": 0, "replicates": 2, "points": 8}
    asked = {"title": "t", "targets": [TARGET], "structures": ["full"], **many}
    own = {"rules": [str(tmp_path / "silent.py")]}
    found = ta.calibrate(asked | own, draws=8, workers=1, out=tmp_path / "mine")
    assert found.targets()["now"].item() == 0.0
    assert found.problem.rules[0].replaces == "report_chance"
    said = "the posterior was not fitted with this rule"
    shipped = compare(BOTH, replicates=10, rules=found.problem.rules, **SMALL)
    assert any(line.endswith(said) for line in shipped.notices)
    fitted = compare(
        BOTH, replicates=10, rules=found.problem.rules, posterior=tmp_path / "mine", **SMALL
    )
    assert not any(line.endswith(said) for line in fitted.notices)
    assert any("by silent in place of report_chance" in line for line in fitted.notices)


def test_what_says_little_or_is_missed_is_said():
    many = {"residents": 100, "weeks": 4, "burn_in": 0, "replicates": 2, "points": 16}
    sharp = {**TARGET, "title": "sharp", "se": 1e-4}
    high = {**TARGET, "title": "high", "outcome": "trust", "value": 0.99, "se": 0.01}
    found = ta.calibrate(
        {"title": "t", "targets": [sharp, high], **many, "structures": ["full"]}, draws=8, workers=1
    )
    assert found.runs == 16
    assert list(found.weights) == ["full"]
    (luck,) = [line for line in found.notices if line.startswith("Luck of the runs is larger")]
    assert "sharp" in luck
    assert "high" not in luck
    assert any("does not come near high" in line for line in found.notices)


def test_priors_alone_vary_what_is_named_and_nothing_else():
    ranged = {"low": 0.4, "high": 0.5}
    problem = Problem.make(
        {
            "title": "t",
            "knowledge": "priors",
            "parameters": ["fear_weight"],
            "priors": {"trust_latino": ranged},
            "targets": [TARGET],
        },
        "test",
    )
    known = before(problem)
    assert known.names == ("fear_weight", "trust_latino")
    values = known.values(known.points)
    assert values[:, 1].min() >= 0.4
    assert values[:, 1].max() <= 0.5
    assert values[:, 0].mean() == pytest.approx(8.0, abs=0.1)  # 0 to 16
    assert set(known.parameters(known.points[0], 0)) == {"fear_weight", "trust_latino"}
    # Beside the posterior, what it does not hold is drawn from its prior.
    both = before(
        Problem.make({"title": "t", "priors": {"trust_latino": ranged}, "targets": [TARGET]}, "t")
    )
    assert both.free.sum() == 1
    assert "fear_weight" in both.names
    located, which = both.located(both.drawn(300, np.random.default_rng(0)))
    mine = both.values(located)[:, both.names.index("trust_latino")]
    assert 0.4 <= mine.min() <= mine.max() <= 0.5
    assert set(which) <= set(range(7))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"targets": []}, "targets"),
        ({"targets": [{**TARGET, "outcome": "reportin"}]}, "no 'reportin'; did you mean"),
        ({"targets": [{**TARGET, "group": "latinos"}]}, "group: no 'latinos'; did you mean"),
        ({"targets": [{**TARGET, "interval": [0.3, 0.5]}]}, "one of them"),
        ({"targets": [{**TARGET, "measure": "difference"}]}, "the policy it is compared with"),
        ({"targets": [{**TARGET, "against": "none"}]}, "none of a level or count"),
        (
            {"targets": [{**TARGET, "outcome": "trust", "measure": "count"}]},
            "trust counts no events",
        ),
        ({"targets": [TARGET, TARGET]}, "expected a title once"),
        ({"targets": [{**TARGET, "policy": "nine"}]}, "no 'nine'"),
        ({"priors": {"fear_weigt": {}}}, "no parameter 'fear_weigt' that is a number"),
        ({"priors": {"fear_weight": {"low": 20.0}}}, "low < high within 0 to 16"),
        ({"priors": {"fear_weight": {"mean": 1.0}}}, "mean and sd together"),
        ({"structures": ["fulll"]}, "no 'fulll'"),
        ({"knowledge": "priors"}, "at least one where knowledge"),
        ({"town": "nowhere"}, "nowhere"),
    ],
)
def test_what_a_file_may_not_say(change, said):
    with pytest.raises(InvalidInput, match=said):
        Problem.make({"title": "t", "targets": [TARGET], **change}, "test")


def test_posteriors_that_are_none_are_refused(tmp_path):
    path = tmp_path / "posterior.parquet"
    path.write_bytes(b"PAR1 not")
    with pytest.raises(InvalidInput, match="expected a Parquet file of draws"):
        draws.posterior(str(path))
    for columns, said in (
        ({"fear_weigt": [1.0]}, "no such parameter; did you mean 'fear_weight'"),
        ({"fear_weight": [99.0]}, "fear_weight"),
        ({"fear_weight": [1.0], "structure": ["ful"]}, "structure: no 'ful'"),
        ({"fear_weight": []}, "at least one draw"),
    ):
        pd.DataFrame(columns).to_parquet(tmp_path / f"{len(said)}.parquet")
        with pytest.raises(InvalidInput, match=said):
            draws.posterior(str(tmp_path / f"{len(said)}.parquet"))
    plain = tmp_path / "mine.parquet"
    pd.DataFrame({"fear_weight": [1.0, 2.0]}).to_parquet(plain, index=False)
    assert draws.weights(str(plain)) == {"full": 1.0}
    assert "does not say which rules" in draws.stale(str(plain))[1]
