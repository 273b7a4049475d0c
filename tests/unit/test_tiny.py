"""The model on one page is the large one's: the same values, formulas, and trust week by week."""

from __future__ import annotations

import importlib.util
import runpy
from pathlib import Path

import numpy as np
import pytest

import trustabm as ta
from trustabm.rules import reporting
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
        chance = reporting.report_chance(p, levers, VIOLENT, trust, 0.0, US_BORN, 0.0)
        assert tiny.report_chance(trust) == pytest.approx(chance, rel=1e-12)


def test_residents_of_the_large_model_trust_as_those_of_the_small_one(model, result):
    """Everybody who is not Latino, each week, through all that happened to them and faded."""
    rows = np.flatnonzero(result.residents["group"] == "non-latino").tolist()
    stops, crimes = result.events["stops"], result.events["crimes"]
    assert len(rows) > 100
    people = {row: tiny.Resident(tiny.Town(1)) for row in rows}
    lived = set()
    for week in range(model.settings.weeks):
        for row, person in people.items():
            if week == 0:
                person.lasting = float(model.resident(row).columns["lasting"])
        model.step()
        for stop in stops[stops["week"] == week].itertuples():
            if stop.resident in people:
                people[stop.resident].is_stopped(bool(stop.bad))
                lived.add(("stop", bool(stop.bad)))
        for crime in crimes[(crimes["week"] == week) & crimes["reported"]].itertuples():
            if crime.victim in people:
                people[crime.victim].hears_back(bool(crime.cleared))
                lived.add(("call", bool(crime.cleared)))
        for row, person in people.items():
            person.forgets()
            assert person.trust == pytest.approx(model.resident(row).trust, abs=1e-6)
    assert lived == {(kind, well) for kind in ("stop", "call") for well in (False, True)}


def test_what_is_lived_through_fades_but_for_a_residue_by_hand(monkeypatch):
    for name, value in {"CONTACT_BAD": 0.25, "CONTACT_GOOD": 0.08, "TRUST_HALF_LIFE": 3.0}.items():
        monkeypatch.setattr(tiny, name, value)
    monkeypatch.setattr(tiny, "RESIDUE_BAD", 0.3)
    monkeypatch.setattr(tiny, "RESIDUE_GOOD", 0.2)
    resident = tiny.Resident(tiny.Town(1))
    resident.lasting = 0.05
    resident.is_stopped(badly=True)
    assert resident.trust == pytest.approx(0.57 + 0.05 - 0.25)
    for _ in range(6):  # two half-lives
        resident.forgets()
    assert resident.trust == pytest.approx(0.62 - 0.075 - 0.175 / 4)
    resident.is_stopped(badly=False)
    resident.hears_back(solved=True)
    assert resident.trust == pytest.approx(0.62 - 0.075 - 0.175 / 4 + 0.08)
    for _ in range(300):
        resident.forgets()
    assert resident.trust == pytest.approx(0.62 - 0.075 + 0.016)


def test_it_runs_as_it_is_shown(capsys):
    runpy.run_path(str(FILE), run_name="__main__")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 53
    assert lines[-1].endswith("victims called the police")
