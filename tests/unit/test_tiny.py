"""The model on one page is the large one's: the same values, formulas, and trust week by week."""

from __future__ import annotations

import importlib.util
import runpy
from pathlib import Path

import numpy as np
import pytest

import trustabm as ta
from trustabm.rules import beliefs, reporting
from trustabm.rules.codes import US_BORN, VIOLENT

FILE = Path(__file__).parents[2] / "examples" / "tiny.py"
SPEC = importlib.util.spec_from_file_location("tiny", FILE)
assert SPEC is not None
assert SPEC.loader is not None
tiny = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(tiny)

NAMES = [n for n in vars(tiny) if n.isupper() and not n.endswith("_A_WEEK")]
GRID = np.linspace(0, 1, 11)
PLAIN = {"stories": False, "news": False, "turnover": 0.0}
"""What the large model leaves out to be the small one."""


@pytest.fixture(scope="module")
def model():
    busy = {"stop_rate": 0.3, "violent_rate": 100.0, "property_rate": 400.0}
    return ta.TrustModel(residents=400, weeks=12, policy="none", parameters={**PLAIN, **busy})


@pytest.fixture(scope="module")
def result(model):
    return ta.run(model.settings)


def test_values_are_the_parameters(model):
    assert {n: getattr(tiny, n) for n in NAMES} == {
        n: getattr(model.world.parameters, n.lower()) for n in NAMES
    }


def test_formulas_are_the_rules(model):
    p, levers = model.world.p, model.levers[0]
    for trust in GRID:
        chance = reporting.report_chance(p, levers, VIOLENT, trust, tiny.TRUST_OTHER, 0.0, US_BORN)
        assert tiny.report_chance(trust) == pytest.approx(chance, rel=1e-12)
        for toward, share in ((0.0, 0.012), (1.0, 0.03), (0.0, 2.0)):
            assert tiny.moved(trust, toward, share) == beliefs.moved(trust, toward, share)


def test_residents_of_the_large_model_trust_as_those_of_the_small_one(model, result):
    """Every resident of a group, each week, through all that happened to them and forgetting."""
    groups = result.residents["group"]
    rows = np.flatnonzero(groups == groups.mode()[0]).tolist()
    stops, crimes = result.events["stops"], result.events["crimes"]
    assert len(rows) > 100
    people = {row: tiny.Resident(tiny.Town(1)) for row in rows}
    lived = set()
    for week in range(model.settings.weeks):
        for row, person in people.items():
            person.trust = model.resident(row).trust
        model.step()
        for stop in stops[stops["week"] == week].itertuples():
            if stop.resident in people:
                people[stop.resident].is_stopped(bool(stop.bad))
                lived.add(("stop", bool(stop.bad)))
        for crime in crimes[(crimes["week"] == week) & crimes["reported"]].itertuples():
            if crime.victim in people:
                people[crime.victim].hears_back(bool(crime.cleared))
                lived.add(("call", bool(crime.cleared)))
        others = np.mean([person.trust for person in people.values()])
        for row, person in people.items():
            person.forgets(others)
            assert person.trust == pytest.approx(model.resident(row).trust, abs=1e-6)
    assert lived == {(kind, well) for kind in ("stop", "call") for well in (False, True)}


def test_a_bad_stop_weighs_as_much_as_four_good_ones_by_hand():
    resident = tiny.Resident(tiny.Town(1))
    resident.is_stopped(badly=True)
    assert resident.trust == pytest.approx(0.57 * 0.88)
    resident.is_stopped(badly=False)
    assert resident.trust == pytest.approx(0.5016 + 0.03 * 0.4984)


def test_it_runs_as_it_is_shown(capsys):
    runpy.run_path(str(FILE), run_name="__main__")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 53
    assert lines[-1].endswith("victims called the police")
