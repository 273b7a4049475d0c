"""A changed rule or parameter is said wherever draws are used that were fitted without it."""

from __future__ import annotations

import importlib.util
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import trustabm as ta
from trustabm.analysis.emulator import Emulator
from trustabm.analysis.slopes import Slopes
from trustabm.evidence.calibration import space
from trustabm.evidence.calibration.calibrate import Fit
from trustabm.evidence.calibration.likelihood import Likelihood
from trustabm.evidence.calibration.report import write
from trustabm.evidence.calibration.sampler import Chains
from trustabm.evidence.scorecard import covers
from trustabm.inputs import draws, fitted, typical
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.source import code_form
from trustabm.study import identity
from trustabm.study.definition import Study
from trustabm.study.notes import notices
from trustabm.study.sweep import sweep

RULE = '''
"""Of a week."""


def chance(p, x):
    """Return a chance."""
    return p.base * (1.0 - x)  # falls
'''
SAID = "The posterior was fitted with other rules or parameters than these ({} changed since)"


@pytest.mark.parametrize(
    "same",
    [
        "def chance(p, x): return p.base*(1.0-x)",
        'def chance(\n    p,\n    x,\n):\n    """In words."""\n    return (p.base * (1.0 - x))',
        RULE.replace("\n", "\r\n"),
    ],
)
def test_how_a_rule_is_laid_out_does_not_count(same):
    assert code_form(same) == code_form(RULE)


@pytest.mark.parametrize(
    ("was", "now"), [("1.0", "1.1"), ("p.base", "p.top"), (" - ", " + "), ("p, x", "p, x=0")]
)
def test_what_a_rule_says_counts(was, now):
    assert was in RULE
    assert code_form(RULE.replace(was, now)) != code_form(RULE)


def test_the_draws_that_ship_are_of_the_rules_that_ship():
    assert draws.stale() == (), (
        "calibrate, and experiments/ship.py; or, where behaviour is the same: "
        "uv run python experiments/stamp.py"
    )


def test_of_a_fitted_parameter_bounds_count_and_of_others_the_default(monkeypatch):
    then = fitted.stamp(space.FITTED)
    declared = list(fitted.declarations(Parameters))
    assert fitted.differences(then, space.FITTED) == []

    def changed(name: str, **how: float) -> list[str]:
        other = [fitted_with(d, **how) if d.name == name else d for d in declared]
        monkeypatch.setattr(fitted, "declarations", lambda _: iter(other))
        return fitted.differences(then, space.FITTED)

    assert changed("fear_weight", default=5.0) == []  # shipping a calibration sets it
    assert changed("fear_weight", high=9.0) == ["fear_weight"]
    assert changed("ask_identifies", default=0.6) == ["ask_identifies"]


def fitted_with(declared, **how):
    from dataclasses import replace

    return replace(declared, **how)


@pytest.fixture
def changed_rule(monkeypatch) -> None:
    """As if `rules/crime.py` had said something else when the draws were fitted."""
    table = draws._table()
    assert table is not None
    then = fitted.stamp(table.column_names)
    then["rules"]["rules/crime.py"] = "0"
    then["source"]["all"] = "0"
    monkeypatch.setattr(fitted, "of_table", lambda _: then)
    draws._ships.cache_clear()
    yield
    draws._ships.cache_clear()


SMALL = {"residents": 60, "weeks": 2}
BOTH = ["none", "sanctuary"]


@pytest.mark.usefixtures("changed_rule")
def test_every_result_says_so(tmp_path):
    said = SAID.format("rules/crime.py")
    compared = ta.compare(BOTH, replicates=2, burn_in=0, **SMALL)
    spread = ta.compare(BOTH, replicates=2, draws=1, burn_in=0, **SMALL)
    ran = ta.run(ta.Scenario(**SMALL))
    for result in (compared, spread, ran):
        assert sum(line.startswith(said) for line in result.notices) == 1
        assert any(line.startswith(said) for line in result.provenance["notices"])
    assert said in (spread.save(tmp_path / "c") / "findings.txt").read_text("utf-8")
    assert said in covers(50)
    own = ta.compare(BOTH, replicates=2, parameters=Parameters(), burn_in=0, **SMALL)
    assert not any(said in line for line in own.notices)  # a whole set of the user's own


@pytest.mark.usefixtures("changed_rule")
def test_a_study_says_so_before_and_after(tmp_path):
    said = SAID.format("rules/crime.py")
    study = Study.make(
        {
            "title": "T",
            "towns": ["us-average"],
            "replicates": 1,
            "burn_in": 0,
            "design": {"kind": "posterior", "points": 1},
            "arms": {a: {"policy": a} for a in BOTH},
            **SMALL,
        }
    )
    assert notices(study)[0].startswith(said)
    sweep(study, tmp_path / "s", workers=1)
    assert any(line.startswith(said) for line in ta.open_study(tmp_path / "s").notices)


def fit() -> Fit:
    many = len(space.FITTED)
    points = np.random.default_rng(0).random((8, many))
    chains = Chains(points[None], np.zeros((1, 8)), 1.0, np.eye(many), 0.1)
    none = Likelihood(Slopes([], 0), [], np.zeros(0), np.zeros(0), {})
    learned = Emulator().fit(points, points[:, :1])
    return Fit("full", chains, points, np.zeros((8, 0)), np.zeros(0), none, learned, none, 0.0, {})


def test_a_calibration_says_what_it_was_fitted_with(tmp_path):
    write(fit(), tmp_path, 4, {})
    table = pq.read_table(tmp_path / "draws.parquet")
    assert len(table) == 4
    assert draws.changed(table) == []


@pytest.mark.parametrize("text", [None, b"{", b"[]", b'{"rules": 1}'])
def test_draws_that_do_not_say_are_said_not_to(tmp_path, text):
    table = pa.Table.from_pandas(pd.DataFrame({"fear_weight": [5.0]}), preserve_index=False)
    table = table.replace_schema_metadata({fitted.KEY: text} if text is not None else {})
    pq.write_table(table, tmp_path / "mine.parquet")
    design = {"kind": "posterior", "draws": str(tmp_path / "mine.parquet")}
    arms = {"a": {"policy": "none"}, "b": {"policy": "sanctuary"}}
    study = Study.make({"title": "T", "towns": ["us-average"], "design": design, "arms": arms})
    assert notices(study) == (
        "mine.parquet does not say which rules and parameters it was fitted with: it may not fit "
        "these.",
    )


def script(name: str):
    path = Path(__file__).parents[2] / "experiments" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_maintainers_can_say_that_behaviour_is_the_same(tmp_path):
    plain = pa.table({"fear_weight": [5.0]})
    pq.write_table(plain, tmp_path / "draws.parquet")
    assert draws.changed(pq.read_table(tmp_path / "draws.parquet")) is None
    script("stamp").stamp(tmp_path / "draws.parquet")
    stamped = pq.read_table(tmp_path / "draws.parquet")
    assert draws.changed(stamped) == []
    assert stamped.to_pylist() == plain.to_pylist()


def test_defaults_are_the_first_draw_that_ships():
    declared = {d.name: d.default for d in fitted.declarations(Parameters)}
    first = draws.shipped()[0]
    assert first == typical.TYPICAL
    assert {name: declared[name] for name in first} == first
    assert set(first) == set(space.FITTED)


def test_another_typical_draw_is_another_run(monkeypatch):
    was = identity.code_digest.__wrapped__()
    assert identity.code_digest.__wrapped__() == was
    monkeypatch.setitem(identity.TYPICAL, "fear_weight", 5.0)
    assert identity.code_digest.__wrapped__() != was


def test_a_calibration_is_shipped_with_its_first_draw_as_defaults(tmp_path):
    ship = script("ship")
    package, folder = tmp_path / "package", tmp_path / "calibration"
    (package / "inputs" / "posterior").mkdir(parents=True)
    folder.mkdir()
    write(fit(), folder, 4, {})
    ship.ship(folder, package)
    first = pq.read_table(package / draws.FILE).slice(0, 1).to_pylist()[0]
    said = (package / typical.FILE).read_text("utf-8")
    assert tomllib.loads(said) == first
    # One that ships stays where the new draws do not speak against it: it is their mean here.
    table = pq.read_table(folder / "draws.parquet")
    far = table.slice(0, 1).to_pylist()[0]
    mean = {n: float(np.mean(table[n].to_numpy())) for n in table.column_names}
    for own, stays in ((mean, True), ({n: v + 1e3 for n, v in far.items()}, False)):
        pq.write_table(pa.Table.from_pylist([own], schema=table.schema), package / draws.FILE)
        ship.ship(folder, package)
        kept = tomllib.loads((package / typical.FILE).read_text("utf-8"))
        assert kept == pytest.approx(own if stays else far)
        assert draws.changed(pq.read_table(package / draws.FILE)) == []
