"""Rates are over the people of the day on which arms part, by their groups of that day."""

from __future__ import annotations

import numpy as np
import pytest

import trustabm as ta
from trustabm.inputs.groups import SHIPPED
from trustabm.inputs.timeline import timeline
from trustabm.outcomes.glossary import GLOSSARY, OUTCOMES
from trustabm.outcomes.measures import counts, levels
from trustabm.rules import codes
from trustabm.runs.results import weekly
from trustabm.runs.scenario import Scenario
from trustabm.state import journal
from trustabm.state.layout import TALLY, ethnicity
from trustabm.week.world import Plan, beliefs

G = len(SHIPPED.names)
FIELD = {name: k for k, name in enumerate(TALLY.names)}
TOWN = {"town": "harris-tx", "residents": 4000, "seed": 2, "weeks": 300}
FIXED = ("base_persons", "base_households", "base_undocumented")


@pytest.fixture(scope="module")
def legalized():
    """A county under heavy enforcement, then two years of reform; the day they part, and after."""
    scenario = Scenario.make({**TOWN, "policy": "mass-enforcement-2025"})
    past = scenario.world()
    past.run_for(60)
    plan = Plan([timeline("comprehensive-reform")], scenario.start, 104, offset=60)
    world = past.branch(plan, keep_events=True)
    day = world.state.residents.copy()
    world.run_for(104)
    return day, world


def test_denominators_are_those_of_the_day_and_stay(legalized):
    day, world = legalized
    here = day["custody"] != codes.REMOVED
    group = world.state.pairs["now"][day["pair"]]
    each = counts(world.tally[:, 0])
    for k in range(G):
        who = here & (group == k)
        by_hand = (
            who.sum(),
            (1.0 / day["household"][who]).sum(),
            (who & (day["status"] == codes.UNDOCUMENTED)).sum(),
        )
        for name, number in zip(FIXED, by_hand, strict=True):
            assert each[:, k, FIELD[name]] == pytest.approx(number), (k, name)
    # Legalization takes most of the undocumented, and none of the denominator.
    undocumented = each[:, codes.UNDOCUMENTED_PART, FIELD["undocumented"]]
    assert undocumented[-1] < 0.6 * undocumented[0]


def test_who_registers_stays_in_the_group_of_the_day(legalized):
    day, world = legalized
    tables = journal.frames(world.tables)
    latino = ethnicity(world.state) == 0
    group = world.state.pairs["now"][day["pair"]]
    # The group of a person: of the day if they were here on it, else of their arrival, which for
    # the undocumented their status says, for a place keeps its ethnicity.
    came = {
        (int(a["resident"]), int(a["generation"])): a["status"] == codes.UNDOCUMENTED
        for a in tables["arrivals"]
    }

    def was_undocumented(i: int, generation: int) -> bool:
        if generation == day["generation"][i]:
            return bool(group[i] == codes.UNDOCUMENTED_PART)
        return bool(came[i, generation] and latino[i])

    each = counts(world.tally[:, 0]).sum(axis=0)[codes.UNDOCUMENTED_PART]
    gone = tables["departures"][tables["departures"]["removed"] == 1]
    for table, field, who, generation in (
        (gone, "removals", "resident", "generation"),
        (tables["stops"], "stops", "resident", "generation"),
        (tables["crimes"], None, "victim", "victim_generation"),
        (tables["legalizations"], "legalized", "resident", "generation"),
    ):
        by_hand = sum(was_undocumented(int(e[who]), int(e[generation])) for e in table)
        fields = [field] if field else ["violent", "property", "domestic"]
        assert sum(each[FIELD[f]] for f in fields) == by_hand > 0, fields
    # Some of them are registered by the time they are stopped.
    now = counts(world.tally[:, 0]).sum(axis=0)[G:]
    assert now[codes.REGISTERED_PART, FIELD["stops"]] > 0
    assert counts(world.tally[:, 0]).sum(axis=0)[codes.REGISTERED_PART, FIELD["stops"]] == 0


def test_every_event_counts_once_by_either_group(legalized):
    _, world = legalized
    each = counts(world.tally[:, 0])
    for name, k in FIELD.items():
        if name not in FIXED:
            then, now = each[:, :G, k].sum(), each[:, G:, k].sum()
            assert then == pytest.approx(now), name
            assert then == pytest.approx(world.tally[name].sum()), name


def test_means_are_over_those_asked_who_are_everybody_in_place_in_a_year(legalized):
    _, world = legalized
    s = world.state
    here = s.residents["custody"] != codes.REMOVED
    year = counts(world.tally[-52:, 0]).sum(axis=0)
    pair = s.pairs[s.residents["pair"]]
    trust, risk = beliefs(world)
    for k in range(G):
        for who, row in ((pair["then"] == k, k), (pair["now"] == k, G + k)):
            many = (who & here).sum()
            if many < 30:
                continue
            # An answer weighs for 13 or 52 weeks; who came, left or moved meanwhile is few.
            asked = year[row, FIELD["surveyed"]]
            assert asked == pytest.approx(year[row, FIELD["persons"]], rel=0.1), row
            for name, values in (("trust", trust), ("risk", risk)):
                # Beliefs of a year on average, and now
                mean = year[row, FIELD[name]] / asked
                assert mean == pytest.approx(values[who & here].mean(), abs=0.05), (row, name)


def test_reform_removes_fewer_per_resident_and_says_so():
    # The denominator was what quadrupled: those who stay undocumented are few, and are sought.
    c = ta.compare(
        ["secure-communities", "comprehensive-reform"],
        town="harris-tx",
        replicates=6,
        residents=2000,
        burn_in=26,
        weeks=156,
        draws=0,
        workers=1,
    )
    reform = c.estimates["removals", "all", "comprehensive-reform"]
    before = c.estimates["removals", "all", "secure-communities"]
    sums = c.sums[:, :, :G].sum(axis=(0, 2))
    removed, persons = sums[:, FIELD["removals"]], sums[:, FIELD["base_undocumented"]]
    assert persons[0] == persons[1]
    sought = sums[:, FIELD["expected_removals"]]
    assert (before.level, reform.level) == pytest.approx(tuple(52_000 * sought / persons))
    assert removed[1] < removed[0]
    assert reform.level < before.level
    now = c.current_estimates["removals", "current-all", "comprehensive-reform"]
    assert now.level > 1.5 * reform.level

    # The weekly series: one denominator before the arms part and after.
    for arm in range(2):
        for name in FIXED:
            assert len(np.unique(c.by_week[arm][:, :G, FIELD[name]].sum(axis=1))) == 1
    frame = c.weekly.query("arm == 'comprehensive-reform' and group == 'latino-undocumented'")
    assert frame["victimization"].notna().all()


def test_current_groups_are_given_on_request():
    result = ta.run({**TOWN, "residents": 1000, "weeks": 30, "policy": "comprehensive-reform"})
    assert list(result.weekly["group"].cat.categories) == list(SHIPPED.every)
    assert list(result.current_weekly["group"].cat.categories) == list(SHIPPED.current)
    assert list(result.summary(current=True).columns) == [*SHIPPED.every, *SHIPPED.current]
    both = weekly(result.world, result.scenario.start, ["x"], (*SHIPPED.every, *SHIPPED.current))
    wide = both.pivot(index="week", columns="group", values="stops")
    t = result.world.tally[:, 0]
    persons = t["persons"].sum(axis=1)
    assert wide["current-all"].to_numpy() == pytest.approx(
        52_000 * t["stops"].sum(axis=1) / persons
    )
    day = Scenario.make({**TOWN, "residents": 1000}).world().state.residents
    here = (day["custody"] != codes.REMOVED).sum()
    assert wide["all"].to_numpy() == pytest.approx(52_000 * t["stops"].sum(axis=1) / here)


def test_no_policy_moves_the_denominator_of_a_rate():
    for o in GLOSSARY.values():
        if o.scale > 1000 or o.unit.endswith("a year"):
            assert set(o.under) <= set(FIXED), o.name
            assert "on the day the arms part" in o.sentence, o.name


def test_crimes_solved_are_of_all_crimes_by_hand(legalized):
    _, world = legalized
    crimes = journal.frames(world.tables)["crimes"]
    latino = (ethnicity(world.state) == 0)[crimes["victim"]]
    sums = counts(world.tally[:, 0]).sum(axis=0)
    town = np.zeros(3)
    found = levels(SHIPPED, sums, town, world.parameters, list(OUTCOMES))
    for group, who in (("latino", latino), ("non-latino", ~latino)):
        by_hand = 1000 * (crimes["cleared"] & crimes["reported"])[who].sum() / who.sum()
        assert found["solved", group] == pytest.approx(by_hand)
        assert 20 < by_hand < 300
