"""Scenes to explore: a page shows what the model's rules say, and every switch takes one out."""

from __future__ import annotations

import json
import math
import re

import pytest

from trustabm.classroom.scenes import SCENES, html, scene
from trustabm.inputs.parameters import Parameters

P = Parameters()
FAST = [name for name in SCENES if name != "town"]


def place(found, control: int, said: str) -> int:
    """Return the place of an option by what it is called."""
    return [text for text, _ in found.controls[control].options].index(said)


def page_of(name):
    """Return a scene as its page has it, with nothing asked of anywhere."""
    text = html(name)
    assert not re.search(r'(src=|href="(?!\w+\.html)|url\(|fetch\(|import )', text)
    return json.loads(re.search(r"const SCENE=(.*);\n", text)[1])


@pytest.mark.parametrize("name", FAST)
def test_a_page_has_a_number_for_every_setting(name):
    page, found = page_of(name), scene(name)
    many = math.prod(len(c["options"]) for c in page["controls"])
    assert len(page["values"]) == len(found.values) == many
    assert all(0.0 <= v < 2.5 for v in page["values"])
    assert all(0 <= c["at"] < len(c["options"]) for c in page["controls"])
    # Every control does something somewhere: no lever that does nothing.
    for n, control in enumerate(found.controls):
        at = [c.at for c in found.controls]
        moved = set()
        stride = math.prod(len(c.options) for c in found.controls[n + 1 :])
        for k in range(many):
            if (k // stride) % len(control.options) == 0:
                row = {found.values[k + j * stride] for j in range(len(control.options))}
                moved.add(len(row) > 1)
        assert True in moved, (control.label, at)


def test_the_victims_chance_is_the_odds_formula():
    """By hand from the ODD: logit of the usual share, less the weight of seen risk times stake."""
    found = scene("victim")
    at = [place(found, 0, "25%"), place(found, 1, "50%"), place(found, 2, "the victim")]
    at += [place(found, 3, "a theft"), 0, 1, 1]
    odds = math.log(P.report_property / (1 - P.report_property)) + P.report_latino
    odds += P.trust_weight * (0.5 - P.trust_nation)
    odds -= P.fear_weight * (0.25 / P.fear_at) ** P.fear_power
    assert found.at(*at) == pytest.approx(1 / (1 + math.exp(-odds)), abs=1e-4)
    without = [*at[:5], 0, 1]
    assert found.at(*without) > found.at(*at)
    # Without fear, whose deportation it would be makes no difference.
    assert found.at(*without) == found.at(*without[:2], 0, *without[3:])


def test_a_citizens_chance_falls_with_friends_only_where_others_count():
    found = scene("citizen")
    falls = [found.at(k, 0, 8, 1) for k in range(9)]
    assert falls == sorted(falls, reverse=True)
    assert falls[0] > falls[8]
    assert len({found.at(k, 0, 8, 0) for k in range(9)}) == 1


def test_what_was_heard_fades_towards_the_standing_risk():
    """A hand-over counts one case of all known: (m a + n) / (m + n), for prior m of n0 cases."""
    found = scene("heard")
    prior, firm = P.prior_undocumented, P.firm_undocumented
    assert found.at(0, 2, 0, 1, 1) == pytest.approx((prior * firm + 2) / (firm + 2), abs=0.02)
    later = [found.at(k, 2, 0, 1, 1) for k in range(27)]
    assert later == sorted(later, reverse=True)
    assert found.at(0, 2, 0, 1, 0) == found.at(0, 0, 0, 1, 1)


def test_the_hours_of_the_police_are_missing_only_where_they_count():
    found = scene("hours")
    assert found.at(20, 5, 0, 1, 1) < found.at(0, 5, 0, 1, 1)
    assert found.at(20, 5, 0, 1, 0) == found.at(0, 5, 0, 1, 0)


def test_offenders_answer_and_what_favours_enforcement_can_be_switched_off():
    """At the usual reporting all is 1; half of it for long makes 1 + elasticity / 2."""
    found = scene("offender")
    usual, half = place(found, 0, "40%"), place(found, 0, "20%")
    assert found.at(usual, 8, 0, 0, 1, 1, 1) == 1.0
    long = found.at(half, 8, 0, 0, 1, 1, 1)
    assert 1.0 < long <= min(P.response_most, 1 + P.deterrence_elasticity / 2) + 1e-4
    assert found.at(half, 8, 0, 0, 0, 1, 1) == 1.0
    assert found.at(usual, 8, 3, 0, 1, 1, 1) == pytest.approx(0.9)
    assert found.at(usual, 8, 3, 0, 1, 0, 1) == 1.0
    assert found.at(usual, 8, 0, 4, 1, 1, 1) == pytest.approx(
        1 - P.removal_deterrence / 2, abs=1e-4
    )
    assert found.at(usual, 8, 0, 4, 1, 1, 0) == 1.0


@pytest.mark.slow
def test_the_town_is_what_compare_says():
    """Its numbers are those of the Python API, as it is and with fear switched off."""
    from trustabm.classroom.scenes import TOWNS
    from trustabm.runs.compare import compare

    found = scene("town")
    values = {"town": "harris-tx", "replicates": TOWNS, "weeks": 104, "burn_in": 52}
    values |= {"residents": 2000, "seed": 1, "draws": 0, "workers": 1}
    for row, parameters in (
        (0, None),
        (place(found, 0, "without fear of deportation"), {"fear": False}),
    ):
        c = compare(["none", "secure-communities"], **values, parameters=parameters)
        e = c.estimates["reporting", "latino", "secure-communities"]
        assert found.at(row, 0) == round((e.percent or 0.0) / 100, 4)
