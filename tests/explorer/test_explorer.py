"""Settings, lives and the emulator of the explorer, against what is known of them."""

from __future__ import annotations

import numpy as np
import pytest
from explorer_made import RULES, made

from trustabm.errors import InvalidInput
from trustabm.explorer import settings
from trustabm.explorer.emulator import UNKNOWN, ends_of
from trustabm.explorer.features import CHAINS, features
from trustabm.explorer.held import held
from trustabm.explorer.lived import OUTCOMES, Asked, _gone_through, tried
from trustabm.inputs.policy import LEVERS, patched
from trustabm.outcomes.measures import together
from trustabm.runs.replicates import live

TINY = {"town": "travis-tx", "since": "2027-01", "weeks": 12, "burn_in": 4, "residents": 300}
TINY |= {"lots": 10, "lives": 2, "settings": 4, "held": 4, "tested": 2}


def test_settings_at_random_are_policies_and_lie_over_the_whole_range():
    found = [settings.drawn(str(k)) for k in range(400)]
    for one in found:
        patched(RULES, one)
        assert one == settings.whole(one)
    for name, declared in LEVERS.items():
        if declared.choices:
            assert {one[name] for one in found if name in one} == set(declared.choices)
            continue
        values = np.array([one[name] for one in found if name in one]) / declared.high
        # Each is moved in about half of them: 200 even values leave out a tenth of their range
        # at either end with a chance of 0.9**200, below 1e-9.
        assert len(values) > 150
        assert values.min() < 0.1
        room = {"ask_victims", "ask_witnesses"}  # those have what a firewall leaves
        assert values.max() > (0.6 if name in room else 0.9)


def test_levers_that_go_together_are_said_together_and_never_too_far():
    said = settings.whole({"firewall": 0.7, "ask_victims": 0.9})
    assert said["ask_victims"] == pytest.approx(0.3)
    assert said["ask_witnesses"] == 0.0
    assert settings.whole({"ask_status": "booking", "deputized_share": 0.5}) == {
        "ask_status": "booking",
        "deputized_share": 0.0,
    }


def test_lives_are_those_of_a_comparison_bit_for_bit():
    asked = Asked.make(TINY, "explorer")
    setting = settings.whole({"firewall": 1.0, "honor_none": 0.0})
    compared = asked.compared(setting)
    for life in (0, 5):
        whole = live(compared.at(life), life + asked.lots * asked.lives)
        number = asked.lots * asked.lives + life
        _, sums, of_town = _gone_through(asked, number, [setting])
        many = len(compared.groups.names)
        np.testing.assert_array_equal(sums, together(whole.weeks)[:, :many])
        np.testing.assert_array_equal(of_town, whole.town_weeks.sum(axis=1))
    assert not np.array_equal(sums[0], sums[1])


def test_what_is_tried_is_set_beside_the_model_in_lots_that_were_not_learned_from():
    asked = Asked.make(TINY, "explorer")
    found = list(tried(asked, 1))
    lots = found[0][1].experiment.lots
    assert len(found) == asked.tested
    assert len(lots) == asked.held
    assert not {lot.parameters.model_dump_json() for lot in lots} & {
        lot.parameters.model_dump_json() for lot in asked.rules.lots[: asked.lots]
    }
    everything, *each = held(made()[0], found)
    assert everything.settings == asked.tested
    assert [x.outcome for x in each] == list(OUTCOMES)


def test_a_day_before_rules_that_are_known_is_refused():
    with pytest.raises(InvalidInput, match="2026-12-01 or later"):
        Asked.make(TINY | {"since": "2026-01"}, "explorer")


def test_features_are_levers_products_chains_and_room_for_a_step():
    at = {"ice_capacity": 0.16, "fingerprint_sharing": 0.5, "jail_screening": 0.4, "raids": 0.01}
    at |= {"priority_none": 0.5, "honor_none": 0.3, "notification_share": 0.2}
    at |= {"legalization_uptake": 0.5, "legalization_years": 0.25}
    found = features(np.array([at.get(name, 0.0) for name in settings.NAMES]))
    v = len(settings.NAMES) + 2
    assert found.shape == (v + v * (v + 1) // 2 + len(CHAINS) + 1,)
    assert found[-1] == 0.0
    chains = found[v + v * (v + 1) // 2 : -1].round(12)
    known = 1 - 0.5 * 0.6  # the jail learns of seven in ten
    for product in (
        known,
        known * 0.5 * 0.3,  # of those, without a record half are asked for, 0.3 of them held
        known * 0.5 * 0.3 * 0.2 * 0.4,  # and of another kind by ICE's capacity, its root
        1 - np.exp(-100 * 0.01),  # raids' filling
        0.5 * np.exp(-0.25 * LEVERS["legalization_years"].high / 12),
    ):
        assert round(product, 12) in chains


def test_what_lots_depart_by_unseen_widens_the_interval_and_luck_does_not():
    # Every lot has a product of two levers of its own, which no slope can follow.
    setting = settings.drawn("wide other")
    plain, lucky, apart = (made(**how)[0] for how in ({}, {"noise": 0.3}, {"unseen": 0.6}))
    assert apart.apart.sum() > 10 * lucky.apart.sum()
    said, wide = plain.answer(setting), apart.answer(setting)
    seen = [one.each.max(axis=0) - one.each.min(axis=0) for one in (said, wide)]
    assert ((wide.high - wide.low) - seen[1] > (said.high - said.low) - seen[0]).all()


def test_nothing_moved_is_nothing_changed_exactly():
    said = made(0.1)[0].answer({})
    for values in (said.middle, said.low, said.high, said.each):
        assert not values.any()
    assert said.known.all()


def test_an_emulator_finds_answers_that_are_quadratic_again():
    emulator, rules, base, shared, more = made()
    wrong, size = 0.0, 0.0
    for k in range(20):
        setting = settings.drawn(f"{k} other")
        said = emulator.answer(setting)
        there = np.stack([settings.point(setting, RULES)] * len(rules))
        stay = [n not in setting for n in settings.NAMES]
        there[:, stay] = rules[:, stay]
        moved = features(there) - features(rules)
        moved[:, -1] = 1.0
        each = (base + (1 + more)[:, None] * (moved @ shared)) ** 2 - base**2
        wrong += np.abs(said.each - each).mean()
        size += np.abs(each).mean()
        # (12 + 1) * 0.05 is below the first of twelve: ends are the farthest lots, no nearer.
        assert (said.low <= said.each.min(axis=0) + 1e-9).all()
        assert (said.high >= said.each.max(axis=0) - 1e-9).all()
    # 596 numbers are learned of 1,920 lives, shrunk by penalties: within a fifth of what changes.
    assert wrong < 0.2 * size


def test_where_parts_of_the_settings_contradict_each_other_it_does_not_know():
    emulator, *_ = made()
    setting = {"outreach": 1.0}
    assert emulator.answer(setting).known.all()
    one = settings.NAMES.index("outreach")
    parts = emulator.parts.copy()
    parts[0, one, 0] += 50 * UNKNOWN
    assert emulator._replace(parts=parts).answer(setting).known.tolist() == [False] + [True] * 4


def test_ends_cut_off_a_twentieth_of_nineteen_lots_and_lie_at_the_first_and_the_last():
    low, high = ends_of(np.arange(19.0)[:, None])
    assert (low[0], high[0]) == pytest.approx((0.0, 18.0))
    low, high = ends_of(np.arange(99.0)[:, None])
    assert (low[0], high[0]) == pytest.approx((4.0, 94.0))
