"""Weeks of small regions against a second reading of the ODD's section 7 (`reading.py`)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from reading import shape
from reading.week import Reading

from trustabm.inputs.groups import SHIPPED
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.policy import Policy
from trustabm.inputs.records import as_record
from trustabm.inputs.town import Town, town
from trustabm.rules import codes
from trustabm.state.layout import HOUSEHOLD_UNIT, TABLES, State
from trustabm.week.synthesis import synthesize
from trustabm.week.weekly_update import know_the_rules
from trustabm.week.world import Plan, World, beliefs

# A town in which much happens, so that few people in few weeks live through everything.
BUSY = {
    **{"stop_rate": 2.0, "informal_asking": 0.6, "ask_identifies": 0.8, "stop_arrest": 0.3},
    **{"license_arrest": 0.4, "referral_arrest": 0.5, "citation_share": 0.4, "charge_stop": 0.4},
    **{"offender_share": 0.8, "violent_rate": 3000.0, "property_rate": 5000.0},
    **{"offending_undocumented": 1.3, "fingerprint_match": 0.8, "clear_property": 0.4},
    **{"near_crime": 0.4, "domestic_share": 0.4, "latino_reporting": 0.9, "fear_weight": 1.5},
    **{"witness_share": 0.9, "property_witness": 1.5, "witness_report": 0.7, "ask_hand_over": 0.8},
    **{"conviction": 0.7, "prison_share": 0.5, "prison_weeks": 2.0, "jail_felony": 2.0},
    **{"jail_minor": 0.6, "custody_weeks": 2.0, "removal_given_custody": 0.8},
    **{"custody_follows": 0.8, "jail_discretion": 0.2, "request_hours": 0.5, "custody_hours": 1.0},
    **{"at_large_hours": 4.0, "refused_rearrest": 9.0, "turnover": 0.6, "refill": 0.6},
    **{"federal_releases": 0.4, "federal_violent": 0.5, "just_arrived": 0.4, "acquaintances": 6.0},
    **{"neighborhood_residents": 90.0, "ice_agents": 60.0, "past_arrests": 0.6},
    **{"handover_trust": 0.3, "case_weight": 1.5, "application_weeks": 13.0, "mood_weeks": 3.5},
    **{"longest_stay": 20.0, "case_half_life": 20.0, "news_weight": 4.0, "linked_fate": 0.4},
    **{
        "avoid_at": 0.15,
        "avoided": 0.4,
        "trust_home": 0.3,
        "federal_news": 0.8,
        "reassurance": 0.1,
    },
}
HARD = {
    **{"fingerprint_sharing": 0.9, "jail_screening": 0.5, "notification_share": 0.4},
    **{"priority_none": 0.9, "priority_misdemeanor": 0.8, "priority_felony": 0.95},
    **{"priority_violent": 0.99, "honor_none": 0.5, "honor_misdemeanor": 0.6},
    **{"honor_felony": 0.7, "honor_violent": 0.8, "judicial_warrant": 0.3},
    **{"at_large_share": 0.4, "raids": 20.0, "announced_reach": 0.4},
    **{"collateral": 0.6, "ice_capacity": 2.0, "deputized_share": 0.4},
    **{"officer_training": 0.5, "publicity": 0.7, "outreach": 0.3, "firewall": 0.3},
    **{"ask_victims": 0.6, "ask_witnesses": 0.5, "u_visa": 0.5, "license_access": 0.3},
    **{"prison_to_local": 0.5, "announced_reach": 0.5, "raids": 30.0},
}
OPEN = HARD | {
    **{"ask_status": codes.ASK_STOP, "legalization_uptake": 0.8, "legalization_years": 2},
    **{"prison_to_local": 0.9, "firewall": 0.0, "honor_none": 0.3, "priority_none": 0.5},
    **{"announced_reach": 0.0, "raids": 0.0, "publicity": 1.5},
}
QUIET = {"stories": False, "incapacitation": False, "diversion": False, "news": False}
NO_CASES = {"cases": False, "near_crime": 0.0}


def levers(*towns: dict[str, float]) -> Any:
    """Return levers as a plan has them, some set, whether or not they go together."""
    rows = np.concatenate([as_record(Policy()) for _ in towns])
    for row, values in zip(rows, towns, strict=True):
        for name, value in values.items():
            of, _, record = name.partition("_")
            if of in ("priority", "honor"):
                row[of][("none", "misdemeanor", "felony", "violent").index(record)] = value
            else:
                row[name] = value
    return rows


def crowded(name: str) -> Town:
    """Return a town in which three in ten residents are undocumented."""
    place = town(name)
    share = place.undocumented_share.model_copy(update={"value": 0.3})
    abroad = place.foreign_born_latino.model_copy(update={"value": 0.7})
    return place.model_copy(update={"undocumented_share": share, "foreign_born_latino": abroad})


def drawn(places: list[tuple[Town, int]], parameters: Parameters, seed: int) -> State:
    """Return towns before their first week."""
    return synthesize(places, parameters, seed, SHIPPED)


def region(seed: int, *, keep: bool, **values: Any) -> World:
    """Return two towns of a region, busy, in which other rules come into force in week 3.

    Nobody works or has ties across the line, which `worked/week/test_across.py` has by hand.
    """
    apart = {"tie_region": 0.0, "work_region": 0.0}
    parameters = Parameters().model_copy(update=BUSY | apart | values)
    places = [(crowded("los-angeles-ca"), 340), (crowded("harris-tx"), 150)]
    plan = Plan.__new__(Plan)
    plan.weeks = np.array([0, 3, 6])
    plan.levers = np.stack(
        [levers(HARD, OPEN), levers(OPEN, HARD), levers(OPEN, HARD | {"ask_victims": 0.1})]
    ).view(np.recarray)
    world = World(drawn(places, parameters, seed), parameters, plan, keep_events=keep)
    know_the_rules(world.belongings(plan.levers[0]))
    return world


def kept(world: World, week: int) -> dict[str, list[float]]:
    """Return what is left in a week of what beliefs are made of, from the columns as described."""
    r, p = world.state.residents, world.parameters
    ages = week - r["touched"].astype(int)
    lives = {"lasting": math.inf, "lately": p.trust_half_life}
    lives |= dict.fromkeys(("bad", "calm"), p.case_half_life)
    return {n: (r[n] * 0.5 ** (ages / half_life)).tolist() for n, half_life in lives.items()}


STATES = {
    *("persons", "households", "undocumented", "exposed", "jail", "ice", "prison"),
    *("removed", "expected_exposed", "base_persons", "base_households", "base_undocumented"),
}
"""Tallies that say how many there are; all others are added to."""

BEFORE = 100.0
"""What stands in the tallies of a week before it, so that adding can be told from writing."""


def begun(world: World) -> None:
    """Give the coming week's tallies something to be added to."""
    at = world.make_room(1)
    world._counted -= 1
    for name in set(world._tally.dtype.names) - STATES:
        world._tally[name][at] = BEFORE


def differs(read: Reading, world: World) -> list[str]:
    """Return where a world after its week is not as it was read, a line each."""
    s, found = world.state, []

    def same(what: str, got: Any, by_hand: Any, within: float = 1e-9) -> None:
        if np.shape(got) != np.shape(by_hand) or np.any(
            np.abs(np.subtract(got, by_hand)) > within * (1 + np.abs(by_hand))
        ):
            found.append(f"{what}: read {by_hand}, got {got}")

    for k, name in enumerate(TABLES):
        first, end = int(world.tables.mark[k]), int(world.tables.used[k])
        rows = getattr(world.tables, name)[first:end]
        same(f"rows of {name}", len(rows), len(read.rows[name]))
        for n, (row, hand) in enumerate(zip(rows, read.rows[name], strict=False)):
            for field in row.dtype.names:
                same(f"{name} {n} {field}", float(row[field]), float(hand[field]), 1e-5)
    for a in read.people:
        r, at = s.residents[a.number], shape.place(s, a.number)
        for field in (
            *("arrived", "exposed", "until", "generation", "status", "record", "custody", "cause"),
            *("concern", "wanted", "tied", "offending"),
        ):
            if a.custody == codes.REMOVED and field in ("concern", "tied"):
                continue
            same(f"{field} of {a.number}", float(r[field]), float(getattr(a, field)), 1e-6)
        same(f"groups of {a.number}", (at["then"], at["now"]), (a.then, a.now))
    for name, now in kept(world, read.week).items():
        for a in read.people:
            if a.custody != codes.REMOVED:
                same(f"{name} of {a.number}", now[a.number], getattr(a, name), 1e-6)
    for key, group in shape.groups(s).items():
        for name, value in group.items():
            same(f"{name} of group {key}", value, read.groups[key][name], 2e-6)
    for k, place in enumerate(read.towns):
        for name, value in place.items():
            same(f"{name} of town {k}", s.towns[k][name].item(), value, 1e-7)
        for name, value in read.town_tally[k].items():
            same(f"{name} counted in town {k}", world.town_tally[-1, k][name].item(), value, 1e-7)
    for key, cell in shape.learned(s).items():
        for name, value in cell.items():
            same(f"{name} learned in {key}", value, read.learned[key][name], 1e-7)
    same("ICE's hours", s.clock["ice_hours"][0].item(), read.hours)
    same("weeks", s.clock["week"][0].item(), read.week + 1)
    count = int(s.clock["in_custody"][0])
    same("who is in custody", s.in_custody[:count].tolist(), read.inside)
    same_counts(read, world, same)
    tally = world.tally[-1]
    hand = np.zeros_like(tally)
    for name in set(tally.dtype.names) - STATES:
        hand[name] = BEFORE
    for (k, then, now, name), value in read.tally.items():
        hand[shape.cell(k, then, now)][name] += value
    for name in tally.dtype.names:
        same(f"{name} counted", tally[name].tolist(), hand[name].tolist(), 1e-6)
    return found


def same_counts(read: Reading, world: World, same: Any) -> None:
    """Compare running counts with what everybody's rows add up to."""
    s = world.state
    counts = s.counts
    hand = np.zeros(counts.shape, [(n, "f8") for n in counts.dtype.names])
    for (k, then, now), cell in read.counts.items():
        for name, value in cell.items():
            hand[shape.cell(k, then, now)][name] = value
    hand["households"] *= HOUSEHOLD_UNIT
    for name in counts.dtype.names:
        same(f"running {name}", counts[name].tolist(), hand[name].tolist(), 1e-5)
    expiring = s.expiring
    passing = np.zeros(expiring.shape)
    pool = np.zeros((len(s.towns), 2, 4))
    for a in read.people:
        if a.custody == codes.REMOVED:
            continue
        if read.week - a.exposed < 52:
            passing[a.exposed % 52][shape.cell(a.town, a.then, a.now)] += 1
        if read.at_large(a):
            pool[a.town, a.wanted, a.record] += 1
    same("exposures that pass", expiring.tolist(), passing.tolist())
    for k, name in enumerate(("free", "wanted")):
        same(f"at large, {name}", s.pool[name].tolist(), pool[:, k].tolist())


@pytest.mark.parametrize(
    ("seed", "keep", "values"),
    [(1, False, {}), (2, True, {}), (3, False, QUIET), (4, True, NO_CASES)],
)
def test_a_week_is_as_it_is_read(seed, keep, values):
    world = region(seed, keep=keep, **values)
    base = None
    for _ in range(9):
        read = Reading(world, base)
        base = read.base
        begun(world)
        said = np.transpose(beliefs(world))
        np.testing.assert_allclose(said, read.believed, atol=1e-6, err_msg=f"week {read.week}")
        world.run_for(1)
        assert differs(read, world)[:12] == [], f"week {read.week}"
