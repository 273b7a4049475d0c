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

OWN = {"STOPS_A_WEEK", "CRIMES_A_WEEK", "RULES_SINCE", "RULES_RISK"}
NAMES = [n for n in vars(tiny) if n.isupper() and n not in OWN]
GRID = np.linspace(0, 1, 11)
PLAIN = {"stories": False, "turnover": 0.0, "informal_asking": 0.0, "linked_fate": 0.0}
"""What the large model leaves out to be the small one."""


@pytest.fixture(scope="module")
def model():
    busy = {"stop_rate": 0.3, "violent_rate": 100.0, "property_rate": 400.0}
    return ta.TrustModel(
        town="harris-tx", residents=1200, weeks=16, policy="none", parameters={**PLAIN, **busy}
    )


@pytest.fixture(scope="module")
def result(model):
    return ta.run(model.settings)


def test_values_are_the_parameters(model):
    plain = {n.upper() for n in PLAIN}
    assert not plain & set(NAMES)
    assert {n: getattr(tiny, n) for n in NAMES} == {
        n: getattr(model.world.parameters, n.lower()) for n in NAMES
    }


def test_formulas_are_the_rules(model):
    p, levers = model.world.p, model.levers[0]
    for one in GRID:
        for other in GRID:
            feared = reporting.fear(p, levers, one, other, 1.0, 0.0)
            assert tiny.fear(other, one) == pytest.approx(feared, rel=1e-12)
            chance = reporting.report_chance(p, levers, VIOLENT, one, feared, US_BORN, 1.0)
            assert tiny.report_chance(one, feared) == pytest.approx(chance, rel=1e-12)
            for sign in (1.0, -1.0):
                told = one * beliefs.news(p, 1.0, sign * other)
                assert tiny.news(one, sign * other) == pytest.approx(told, rel=1e-12)
    town, heard, lived_with, expected = tiny.Town(1), 0.0, 0.0, 0.0
    for rules in (0.5, 0.5, 0.2, 0.0, 0.0):
        town.rules = rules
        town.hear()
        expected = beliefs.follows(p, expected, lived_with)
        lived_with = beliefs.follows(p, lived_with, heard)
        heard = beliefs.heard(p, heard, rules)
        assert town.surprise == pytest.approx(heard - expected, rel=1e-12)


def test_residents_of_the_large_model_believe_as_those_of_the_small_one(model, result):
    """Latino residents not undocumented or arrested, each week: all that happened, and fading."""
    stops, crimes = result.events["stops"], result.events["crimes"]
    arrested = set(stops.loc[stops["outcome"] == "arrest", "resident"])
    groups = result.residents["group"].isin(["latino-mixed", "latino-other"])
    rows = [row for row in np.flatnonzero(groups).tolist() if row not in arrested]
    assert len(rows) > 50
    people = {row: tiny.Resident(tiny.Town(1)) for row in rows}
    for row, person in people.items():
        columns = model.resident(row).columns
        person.lasting, person.calm = float(columns["lasting"]), float(columns["calm"])
    lived = set()
    for week in range(model.settings.weeks):
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
            known = model.resident(row)
            assert person.trust == pytest.approx(known.trust, abs=1e-6)
            assert person.risk == pytest.approx(known.perceived_risk, abs=1e-6)
    assert lived == {(kind, well) for kind in ("stop", "call") for well in (False, True)}


@pytest.fixture
def round_values(monkeypatch) -> None:
    """Values to reckon with, whatever was fitted."""
    values = {
        **{"TRUST_LATINO": 0.55, "CONTACT_BAD": 0.25, "CONTACT_GOOD": 0.08, "HANDOVER_TRUST": 0.15},
        **{"TRUST_HALF_LIFE": 3.0, "RESIDUE_BAD": 0.3, "RESIDUE_GOOD": 0.2, "TELL_HOUSEHOLD": 0.6},
        **{"PRIOR_UNDOCUMENTED": 0.4, "PRIOR_CITIZEN": 0.2, "FIRM_CITIZEN": 0.5},
        **{"CASE_WEIGHT": 0.9, "CASE_HALF_LIFE": 58.0, "STAKE_HOUSEHOLD": 0.75},
        **{"NEWS_WEIGHT": 3.0, "GOOD_NEWS": 0.3},
    }
    for name, value in values.items():
        monkeypatch.setattr(tiny, name, value)


@pytest.mark.usefixtures("round_values")
def test_what_is_lived_through_fades_but_for_a_residue_by_hand():
    resident = tiny.Resident(tiny.Town(1))
    resident.lasting = 0.05
    resident.is_stopped(badly=True)
    assert resident.trust == pytest.approx(0.55 + 0.05 - 0.25)
    for _ in range(6):  # two half-lives
        resident.forgets()
    assert resident.trust == pytest.approx(0.6 - 0.075 - 0.175 / 4)
    resident.is_stopped(badly=False)
    resident.hears_back(solved=True)
    assert resident.trust == pytest.approx(0.6 - 0.075 - 0.175 / 4 + 0.08)
    for _ in range(300):
        resident.forgets()
    assert resident.trust == pytest.approx(0.6 - 0.075 + 0.016)


@pytest.mark.usefixtures("round_values")
def test_who_lives_with_somebody_taken_knows_of_a_case_by_hand():
    town = tiny.Town(4)
    one, other, citizen, _ = town.residents
    assert (one.undocumented, other.undocumented, one.stake) == (True, False, 1.0)
    assert (other.stake, citizen.stake) == (0.75, 0.0)
    other.lasting = 0.0
    one.is_taken()
    cases = 0.6 * 0.9
    assert town.taken == 1
    assert other.trust == pytest.approx(0.55 - 0.6 * 0.15)
    assert other.risk == pytest.approx((0.5 * 0.2 + cases) / (0.5 + cases))
    assert (one.bad, one.risk, citizen.risk) == (0.0, pytest.approx(0.4), pytest.approx(0.2))
    for _ in range(58):
        other.forgets()
    assert other.risk == pytest.approx((0.5 * 0.2 + cases / 2) / (0.5 + cases / 2))
    other.bad = 0.0
    town.heard, town.expected = 0.5, 0.1
    told = 0.75 * 3.0 * 0.4
    assert other.risk == pytest.approx((0.5 * 0.2 + told) / (0.5 + told))
    town.heard, town.expected = 0.1, 0.5
    assert other.risk == pytest.approx(0.5 * 0.2 / (0.5 + 0.3 * told))
    assert citizen.risk == pytest.approx(0.2)


def test_it_runs_as_it_is_shown(capsys):
    runpy.run_path(str(FILE), run_name="__main__")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 53
    assert lines[-1].endswith("victims called the police")
