"""Rules, called from Python: each moves the way its source says."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from worlds import lv, p

from trustabm.inputs.declare import declarations
from trustabm.inputs.parameters import Parameters
from trustabm.rules import (
    beliefs,
    codes,
    contact,
    crime,
    demography,
    enforcement,
    luck,
    policing,
    reporting,
)

KINDS = (codes.VIOLENT, codes.PROPERTY, codes.DOMESTIC)
GRID = [k / 10 for k in range(11)]


def rises(values):
    return all(a < b for a, b in itertools.pairwise(values))


def falls(values):
    return rises(list(values)[::-1])


# Reporting


@pytest.mark.parametrize("kind", KINDS)
def test_a_victim_without_fear_and_with_average_trust_reports_at_the_base(kind):
    base = {0: p().report_violent, 1: p().report_property, 2: p().report_domestic}[kind]
    chance = reporting.report_chance(p(), lv(), kind, p().trust_nation, 0.0, codes.US_BORN, 0.0)
    assert chance == pytest.approx(base)


@pytest.mark.parametrize("kind", KINDS)
def test_trust_raises_reporting_and_fear_lowers_it(kind):
    def chance(trust, feared):
        return reporting.report_chance(p(), lv(), kind, trust, feared, codes.US_BORN, 1.0)

    assert rises([chance(t, 0.5) for t in GRID])
    assert falls([chance(0.5, f) for f in GRID])


def test_fear_rises_with_risk_stake_and_asking_and_falls_with_the_firewall():
    assert rises([reporting.fear(p(), lv(), r, 1.0, 1.0, 0.0) for r in GRID])
    assert rises([reporting.fear(p(), lv(), 0.3, s, 1.0, 0.0) for s in GRID])
    assert rises([reporting.fear(p(), lv(), 0.3, 1.0, 1.0, a) for a in GRID])
    assert falls([reporting.fear(p(), lv(firewall=f), 0.3, 1.0, 1.0, 0.0) for f in GRID])


def test_nobody_is_afraid_where_nothing_is_at_stake_or_fear_is_off():
    assert reporting.fear(p(), lv(), 1.0, 0.0, 1.0, 1.0) == 0.0
    assert reporting.fear(p(fear=False), lv(), 1.0, 1.0, 1.0, 1.0) == 0.0


def test_trust_can_be_taken_out():
    assert reporting.trust_odds(p(trust=False), 0.9) == 0.0
    assert reporting.trust_odds(p(trust_weight=0.0), 0.9) == 0.0


def test_stakes_follow_nearness():
    nobody, friend, member, oneself = (
        reporting.stake(p(), concern, tied, codes.US_BORN)
        for concern, tied in (
            (codes.NOBODY, 0),
            (codes.TIE, 1),
            (codes.HOUSEHOLD, 0),
            (codes.SELF, 0),
        )
    )
    assert nobody == 0.0
    assert oneself == 1.0
    assert rises([nobody, friend, member, oneself])
    assert reporting.stake(p(), codes.NOBODY, 0, codes.LAWFUL) == p().stake_lawful


def test_every_undocumented_friend_adds_to_the_stake():
    stakes = [reporting.stake(p(), codes.TIE, n, codes.US_BORN) for n in range(1, 9)]
    assert rises(stakes)
    assert stakes[0] == pytest.approx(p().stake_tie)
    assert stakes[7] == pytest.approx(1 - (1 - p().stake_tie) ** 8)
    member = reporting.stake(p(), codes.HOUSEHOLD, 2, codes.US_BORN)
    assert member == pytest.approx(1 - (1 - p().stake_household) * (1 - p().stake_tie) ** 2)


def test_news_takes_trust_from_those_with_a_stake_and_gives_it_to_those_without():
    def trust(surprise, attends):
        return beliefs.trust(p(), 0.55, 0.0, 0.0, surprise, attends, 0.0)

    assert trust(0.5, 1.0) < 0.55 < trust(0.5, 0.0)
    assert trust(-0.5, 1.0) > 0.55 > trust(-0.5, 0.0)  # of a milder regime
    assert trust(0.0, 0.5) == 0.55
    assert falls([trust(0.5, a) for a in GRID])


def test_linked_fate_brings_the_ethnic_group_s_stake_and_takes_none_away():
    assert beliefs.attention(p(linked_fate=0.0), 0.1, 0.4) == 0.1
    assert beliefs.attention(p(linked_fate=1.0), 0.1, 0.4) == pytest.approx(0.4)
    assert beliefs.attention(p(), 0.9, 0.4) == 0.9


def test_stakes_of_a_group_add_up_those_of_its_members():
    housed, tied = np.zeros(9, int), np.zeros(9, int)
    housed[2], tied[0], tied[3] = 4, 10, 5
    each = (
        [reporting.stake(p(), codes.SELF, 0, codes.UNDOCUMENTED)] * 3
        + [reporting.stake(p(), codes.HOUSEHOLD, 2, codes.US_BORN)] * 4
        + [reporting.stake(p(), codes.TIE, 3, codes.US_BORN)] * 5
    )
    assert beliefs.sum_of_stakes(p(), 3, housed, tied) == pytest.approx(sum(each))


def test_a_u_visa_moves_undocumented_victims_of_violence_alone():
    def gain(kind, status):
        with_, without = (
            reporting.report_chance(p(), lv(u_visa=u), kind, 0.5, 0.5, status, 1.0)
            for u in (1.0, 0.0)
        )
        return with_ - without

    assert gain(codes.VIOLENT, codes.UNDOCUMENTED) > 0
    assert gain(codes.DOMESTIC, codes.UNDOCUMENTED) > 0
    assert gain(codes.PROPERTY, codes.UNDOCUMENTED) == 0
    assert gain(codes.VIOLENT, codes.US_BORN) == 0


def test_fear_keeps_witnesses_away_more_than_victims():
    def lost(feared):
        calm, afraid = (reporting.come_forward_chance(p(), 0.5, f) for f in (0.0, feared))
        return math.log(calm / (1 - calm)) - math.log(afraid / (1 - afraid))

    assert lost(1.0) == pytest.approx(p().witness_fear)


def test_sensitivity_is_one_on_average_and_for_life():
    # A standard deviation of 1.94: the standard error of the mean of 4,000 is 0.031.
    values = [reporting.sensitivity(p(), 3, i, 0) for i in range(4_000)]
    assert sum(values) / len(values) == pytest.approx(1.0, abs=0.14)
    assert values[7] == reporting.sensitivity(p(), 3, 7, 0)
    assert values[7] != reporting.sensitivity(p(), 3, 7, 1)


# Crime


def test_offenders_act_at_the_reference_as_often_as_opportunity_allows():
    assert crime.target_chance(p(), 0.35, 0.25, 0.35, 0.25) == pytest.approx(1.0)


def test_offenders_shun_those_who_report_and_are_bounded():
    acts = [crime.target_chance(p(), r, 0.25, 0.4, 0.25) for r in GRID[:6]]
    assert falls(acts)
    assert crime.target_chance(p(), 1.0, 1.0, 0.1, 0.1) == 0.0
    eager = p(deterrence_elasticity=1.2)
    assert crime.target_chance(eager, 0.0, 0.0, 0.4, 0.25) == eager.response_most


def test_the_offender_response_has_its_elasticity_at_the_reference():
    less = crime.target_chance(p(), 0.99 * 0.4, 0.25, 0.4, 0.25)
    assert (less - 1) / -0.01 == pytest.approx(-p().deterrence_elasticity)


def test_the_offender_response_can_be_taken_out():
    assert crime.target_chance(p(offender_response=False), 0.0, 0.0, 0.4, 0.25) == 1.0


def test_only_those_the_law_can_remove_hold_back():
    free = crime.offence_hazard(p(), 0.001, 2.0, False, 1.0)
    assert crime.offence_hazard(p(), 0.001, 2.0, True, 1.0) == pytest.approx(
        free * (1 - p().removal_deterrence)
    )
    assert crime.offence_hazard(p(deterrence=False), 0.001, 2.0, True, 1.0) == free


@pytest.mark.parametrize(
    ("status", "record", "answer"),
    [
        (codes.UNDOCUMENTED, codes.RECORD_NONE, True),
        (codes.LAWFUL, codes.RECORD_MISDEMEANOR, False),
        (codes.LAWFUL, codes.RECORD_FELONY, True),
        (codes.US_BORN, codes.RECORD_VIOLENT, False),
        (codes.NATURALIZED, codes.RECORD_VIOLENT, False),
        (codes.REGISTERED, codes.RECORD_NONE, False),
    ],
)
def test_who_can_be_removed(status, record, answer):
    assert bool(crime.removable(status, record)) is answer


def test_incapacitation():
    for custody in range(7):
        assert bool(crime.at_liberty(p(), custody)) is (custody == codes.FREE)
        assert crime.at_liberty(p(incapacitation=False), custody)


def test_learning_stays_between_what_was_believed_and_what_happened():
    assert crime.learned(p(), 0.4, 0, 0.0, 1.0) == 0.4
    after = crime.learned(p(), 0.4, 3, 0.0, 1.0)
    assert 0.0 < after < 0.4
    assert crime.learned(p(), 0.4, 10**6, 0.0, 1.0) == pytest.approx(0.0)


# Contact


def test_stops_follow_conduct_patrol_and_bias():
    def hazard(patrol=1.0, free=1.0, offending=1.0, latino=0, bias=0.1, trained=False, **levers):
        return contact.stop_hazard(
            p(), lv(**levers), patrol, contact.patrols(p(), free), offending, latino, bias, trained
        )

    asks = {"ask_status": "stop", "deputized_share": 0.5}
    assert hazard() == pytest.approx(p().stop_rate / 52)
    assert hazard(patrol=2.0) > hazard()
    assert hazard(offending=5.0) > hazard()
    assert hazard(free=0.5) < hazard()
    assert hazard(latino=1) == pytest.approx(1.1 * hazard())
    assert hazard(latino=1, **asks) > hazard(latino=1)
    assert hazard(latino=1, trained=True, **asks) == pytest.approx(hazard(latino=1))
    assert hazard(latino=0, **asks) == hazard()


def test_training_makes_stops_go_better():
    plain, taught = (contact.badly_chance(p(), 0.0, t, 0) for t in (False, True))
    assert plain == pytest.approx(p().bad_contact)
    assert plain / (1 - plain) / (taught / (1 - taught)) == pytest.approx(p().justice_odds)


def test_who_is_asked_at_a_stop():
    assert contact.asked_at_stop(p(), lv(ask_status="stop"), 0, True) == 1.0
    assert contact.asked_at_stop(p(), lv(), 0, False) == 0.0
    asked = [contact.asked_at_stop(p(), lv(firewall=f), 1, False) for f in GRID]
    assert asked == [p().informal_asking] * len(GRID)
    assert contact.asked_at_stop(p(), lv(), 1, True) == 0.0


def test_the_licence_offence_is_for_those_who_may_have_none():
    with_, without = (
        contact.stop_arrest_chance(p(), lv(license_access=a), 1.0, codes.UNDOCUMENTED)
        for a in (1.0, 0.0)
    )
    assert with_ < without
    assert with_ == contact.stop_arrest_chance(p(), lv(), 1.0, codes.US_BORN)


def test_only_those_who_may_hold_a_person_for_status_do():
    assert contact.arrested_for_status(p(), lv(), False) == 0.0
    assert contact.arrested_for_status(p(), lv(ask_status="stop"), False) == p().referral_arrest
    assert contact.arrested_for_status(p(), lv(ask_status="stop", deputized_share=1), True) == 1.0


# Police work


def test_immigration_work_takes_hours():
    assert policing.free_share(p(), lv(), 0.0, 100.0) == 1.0
    assert policing.free_share(p(), lv(), 10.0, 100.0) == pytest.approx(0.9)
    asks = lv(ask_status="stop", deputized_share=1.0)
    assert policing.free_share(p(), asks, 0.0, 100.0) == pytest.approx(1 - p().deputized_time)
    assert policing.free_share(p(diversion=False), asks, 50.0, 100.0) == 1.0


@pytest.mark.parametrize("kind", KINDS)
def test_effort_and_witnesses_clear_cases(kind):
    def chance(free=1.0, load=1.0, witness=0):
        return policing.clearance_chance(p(), kind, free, load, witness)

    assert rises([chance(free=f) for f in (0.3, 0.6, 1.0)])
    assert falls([chance(load=w) for w in (1.0, 1.5, 3.0)])
    assert chance(witness=1) > chance()


def test_clearance_averages_to_its_base_over_witnesses():
    for kind, base in ((0, p().clear_violent), (1, p().clear_property), (2, p().clear_domestic)):
        came = reporting.witness_there(p(), kind) * p().witness_report
        mean = came * policing.clearance_chance(p(), kind, 1.0, 1.0, 1) + (
            1 - came
        ) * policing.clearance_chance(p(), kind, 1.0, 1.0, 0)
        assert mean == pytest.approx(base, rel=0.02)


def test_questions_find_nobody_where_nobody_is_asked():
    assert not policing.question_finds(p(), lv(), 0.0, 0.0)
    assert policing.question_finds(p(), lv(ask_status="booking"), 0.0, 1.0)
    assert not policing.question_finds(p(), lv(ask_status="booking"), 1.0, 0.0)
    assert policing.question_finds(p(), lv(ask_status="arrest"), 1.0, 0.0)


# Enforcement


def test_priorities_and_honours_are_read_by_record():
    levers = lv(
        priority_none=0.1,
        priority_misdemeanor=0.2,
        priority_felony=0.3,
        priority_violent=0.4,
        honor_none=0.5,
        honor_misdemeanor=0.6,
        honor_felony=0.7,
        honor_violent=0.8,
    )
    assert list(levers.priority) == [0.1, 0.2, 0.3, 0.4]
    strict = p(jail_discretion=0.0)
    assert [enforcement.honor(strict, levers, r) for r in range(4)] == [0.5, 0.6, 0.7, 0.8]
    lax = p(jail_discretion=0.4)
    assert enforcement.honor(lax, lv(honor_none=0.0), 0) == pytest.approx(0.4)
    # Victims' and witnesses' firewall is nothing to the jail's staff.
    assert enforcement.honor(lax, lv(honor_none=0.0, firewall=1.0), 0) == pytest.approx(0.4)


def test_discretion_leaves_certainties_alone():
    assert enforcement.applied_priority(0.0, 3.0) == 0.0
    assert enforcement.applied_priority(1.0, -3.0) == 1.0
    assert rises([enforcement.applied_priority(0.5, d) for d in (-1.0, 0.0, 1.0)])


def test_a_hold_without_probable_cause_needs_a_detainer_without_a_warrant():
    assert enforcement.hold_hours(p(), 0, 0, 1) == pytest.approx(p().hold_limit / 2)
    assert enforcement.hold_hours(p(), 0, 0, 0) == p().hold_limit
    assert enforcement.hold_hours(p(), 1, 0, 1) == 0.0
    assert enforcement.hold_hours(p(), 0, 1, 1) == 0.0


def test_nobody_is_eligible_with_a_felony_or_too_few_years():
    levers = lv(legalization_uptake=0.5, legalization_years=5)
    assert enforcement.legal_hazard(p(), levers, codes.RECORD_NONE, 5, 0.1) > 0
    assert enforcement.legal_hazard(p(), levers, codes.RECORD_FELONY, 20, 0.1) == 0
    assert enforcement.legal_hazard(p(), levers, codes.RECORD_NONE, 4, 0.1) == 0
    assert enforcement.legal_hazard(p(), lv(), codes.RECORD_NONE, 20, 0.0) == 0


def test_the_willing_come_forward_and_nearly_all_within_the_window():
    levers = lv(legalization_uptake=0.75, legalization_years=0)
    assert enforcement.legal_hazard(p(), levers, codes.RECORD_NONE, 9, 0.7501) == 0
    hazard = enforcement.legal_hazard(p(), levers, codes.RECORD_NONE, 9, 0.7499)
    assert 1 - (1 - hazard) ** p().application_weeks == pytest.approx(0.95, abs=0.01)


def test_collateral_arrests_meet_at_most_those_who_are_near():
    levers = lv(collateral=0.4)
    assert enforcement.collateral_chance(p(), levers, 0) == 0.0
    assert enforcement.collateral_chance(p(), levers, 1) == 0.4
    assert enforcement.collateral_chance(p(), levers, 8) == pytest.approx(
        0.4 * p().collateral_met / 8
    )


def test_the_news_is_worse_the_more_is_possible():
    honors = {"honor_none": 0.9, "honor_misdemeanor": 0.9, "priority_none": 0.6}
    risks = [enforcement.rules_risk(p(), lv(fingerprint_sharing=f, **honors)) for f in GRID]
    assert risks[0] == 0.0
    assert rises(risks)
    assert (
        enforcement.rules_risk(p(), lv(fingerprint_sharing=1, judicial_warrant=1, **honors))
        < risks[-1]
    )


# Beliefs and turnover


def test_news_needs_publicity_and_has_the_sign_of_the_surprise():
    assert beliefs.news(p(), 0.0, 0.5) == 0.0
    assert beliefs.news(p(), 1.0, 0.0) == 0.0
    assert rises([beliefs.news(p(), 1.0, surprise) for surprise in np.linspace(-1, 1, 21)])
    assert abs(beliefs.news(p(), 1.0, -0.5)) < beliefs.news(p(), 1.0, 0.5)


def test_what_is_heard_comes_to_be_expected_and_never_overshoots():
    heard = lived_with = expected = 0.0
    for _ in range(1000):
        expected = beliefs.follows(p(), expected, lived_with)
        lived_with = beliefs.follows(p(), lived_with, heard)
        heard = beliefs.heard(p(), heard, 0.6)
        assert 0.0 <= expected < heard <= 0.6 + 1e-12 or heard == pytest.approx(expected)
    assert expected == pytest.approx(0.6, abs=1e-4)


def test_attention_rises_with_the_own_stake_and_the_group_s_and_stays_within_bounds():
    for ethnic in GRID:
        attends = [beliefs.attention(p(), own, ethnic) for own in GRID]
        assert rises(attends)
        assert all(own <= a <= 1.0 for own, a in zip(GRID, attends, strict=True))


def test_only_free_and_empty_places_change_hands():
    for custody in range(7):
        hazard = demography.turnover_hazard(p(), custody)
        assert (hazard > 0) is (custody in (codes.FREE, codes.REMOVED))
        assert hazard < demography.TURNOVER_BOUND


def test_newcomers_take_the_place_of_their_like():
    for status in range(4):
        assert demography.newcomer_status(status) == status
    assert demography.newcomer_status(codes.REGISTERED) == codes.LAWFUL
    assert demography.newcomer_years(p(), codes.US_BORN, 0.9) == 0


def test_newcomers_from_abroad_have_just_arrived_or_been_here_for_years():
    def years(u, **values):
        return demography.newcomer_years(p(**values), codes.UNDOCUMENTED, u)

    assert [years(u) for u in (0.0, 0.49, 0.5, 0.999)] == [0, 0, 0, 14]
    assert years(0.999, newcomer_years=40) == 39
    assert years(0.5, just_arrived=0.0) == 7
    assert years(0.999, just_arrived=1.0) == 0


def test_newcomers_born_here_turned_12_or_moved_in():
    def kind(u, **values):
        return demography.newcomer_kind(p(**values), codes.US_BORN, 0, u)

    assert [kind(0.1), kind(0.2)] == [codes.BORN, codes.MOVED]
    assert [kind(0.0, birth_share=0), kind(0.99, birth_share=1)] == [codes.MOVED, codes.BORN]


def test_offending_ends_where_the_parameters_say_and_keeps_its_mean():
    draws = [(k + 0.5) / 2_000 for k in range(2_000)]
    for most in (0.1, 1.0, 1.6):
        weights = [crime.weight(p(offending_most=most), u) for u in draws]
        assert max(weights) == most
        mean = crime.mean_weight(p(offending_most=most))
        assert sum(weights) / len(weights) == pytest.approx(mean, rel=0.01)


def test_what_candidates_are_thinned_by_is_above_what_parameters_allow():
    d = {d.name: d for d in declarations(Parameters)}
    assert d["response_most"].high == crime.ACT_BOUND
    assert d["application_rate"].high / d["application_weeks"].low <= enforcement.LEGAL_BOUND
    for name in ("turnover", "refill"):
        assert d[name].high / 52 <= demography.TURNOVER_BOUND
    # Every chance of a crime is today's or less: a longer tail of offending would be cut.
    tail = d["offending_most"]
    assert tail.high == tail.default


def test_waits_are_whole_weeks():
    assert luck.geometric(0.999999, 5.0) == int(luck.geometric(0.999999, 5.0)) > 0
