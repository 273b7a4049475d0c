"""Regions drawn a second time from the ODD's section 5: in plain Python, a person at a time."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from reading import shape
from scipy.optimize import brentq
from scipy.stats import poisson
from worked.test_weeks import crowded, drawn

from trustabm.inputs.parameters import Parameters
from trustabm.inputs.records import as_record
from trustabm.inputs.town import Town, town
from trustabm.rules import codes, demography, luck
from trustabm.state.layout import TIES, State

SEED = 5
VALUES = {
    **{"offender_share": 0.4, "neighborhood_residents": 60.0, "mixed_undocumented": 0.4},
    **{"tie_neighborhood": 0.5, "tie_homophily": 0.7, "tie_nativity": 0.6, "ice_agents": 30.0},
    **{"tie_region": 0.3, "work_region": 0.4},
    **{
        "longest_stay": 9.0,
        "past_arrests": 5.0,
        "profiling_bias": 0.3,
        "patrol_spread": 0.4,
    },
    **{"trust_spread": 0.3, "trust_home": 0.3, "trust_place": 0.2, "calm_case": 0.5},
    **{"domestic_share": 0.3, "prison_weeks": 90.0},
    **{"discretion_spread": 0.5, "officer_spread": 0.6},
}
P = Parameters().model_copy(update=VALUES)
PLACES = [(crowded("los-angeles-ca"), 500), (town("harris-tx"), 170), (town("king-wa"), 40)]


def u(purpose: int, who: int, index: int = 0) -> float:
    return float(luck.uniform(SEED, 0, purpose, who, index))


@pytest.fixture(scope="module")
def region() -> State:
    """Return three towns before their first week."""
    return drawn(PLACES, P, SEED)


def households(place: Town, count: int, first: int) -> list[int]:
    """Return sizes of households that add up to a town: 1 + Poisson, at most 8, the last cut."""
    sizes: list[int] = []
    upto = [poisson.cdf(k, place.household_size.value - 1) for k in range(7)]
    while sum(sizes) < count:
        draw = u(luck.HOUSEHOLD_SIZE, first + len(sizes))
        sizes.append(min(1 + sum(draw > x for x in upto), count - sum(sizes)))
    return sizes


def shares(place: Town, blocks: int) -> list[float]:
    """Return Latino shares of neighborhoods: logistic in even normal scores, as segregated."""
    score = [NormalDist().inv_cdf((k + 0.5) / blocks) for k in range(blocks)]
    share = place.latino_share.value
    if blocks == 1:
        return [share]

    def of(spread: float) -> list[float]:
        def at(middle: float) -> list[float]:
            return [1 / (1 + math.exp(-middle - spread * x)) for x in score]

        return at(brentq(lambda m: sum(at(m)) / blocks - share, -40, 40, xtol=1e-13))

    def index(spread: float) -> float:
        return sum(abs(x / share - (1 - x) / (1 - share)) for x in of(spread)) / blocks / 2

    return of(brentq(lambda s: index(s) - place.dissimilarity.value, 0, 12, xtol=1e-9))


class Drawn:
    """Homes and people of the towns, one after the other."""

    def __init__(self) -> None:
        self.homes: list[dict[str, Any]] = []
        self.people: list[dict[str, Any]] = []
        self.blocks: list[dict[str, Any]] = []
        self.factors: list[float] = []
        for number, (place, count) in enumerate(PLACES):
            self.town(number, place, count)

    def town(self, number: int, place: Town, count: int) -> None:
        sizes = households(place, count, len(self.homes))
        many = max(1, round(count / P.neighborhood_residents))
        first = len(self.blocks)
        self.blocks += [{"number": first + k, "homes": 0} for k in range(many)]
        homes = []
        for k, size in enumerate(sizes):
            block = self.blocks[first + k * many // len(sizes)]
            homes.append({"number": len(self.homes) + k, "size": size, "block": block})
            block["homes"] += 1
        upto = [
            round(x)
            for x in itertools.accumulate(
                share * b["homes"] for share, b in zip(shares(place, many), self.blocks[first:])
            )
        ]
        for block, latino in zip(self.blocks[first:], np.diff([0, *upto]), strict=True):
            here = [h for h in homes if h["block"] is block]
            for k, home in enumerate(here):
                home["latino"] = k < latino
        people = [
            {"home": home, "member": k, "town": number, "status": codes.US_BORN}
            for home in homes
            for k in range(home["size"])
        ]
        self.homes += homes
        for k, person in enumerate(people):
            person["number"] = len(self.people) + k
            person["block"] = person["home"]["block"]["number"]
        self.statuses(place, homes, people)
        factor = sum(demography.offending_by_status(as_record(P)[0], a["status"]) for a in people)
        self.factors.append(factor / len(people))
        self.people += people

    def statuses(self, place: Town, homes: list[Any], people: list[Any]) -> None:
        several = sum(h["size"] > 1 for h in homes) / len(homes)
        for home in homes:
            mixed = (
                u(luck.HOUSEHOLD_MIXED, home["number"]) < place.mixed_status_share.value / several
            )
            home["lacking"] = home["size"]
            if mixed and home["size"] > 1:
                part = math.ceil(home["size"] * P.mixed_undocumented)
                home["lacking"] = min(part, home["size"] - 1)
        share, part = place.latino_share.value, place.undocumented_latino.value
        for latino, of_all, lacking, born, naturalized in (
            (True, share, part, place.foreign_born_latino, place.naturalized_latino),
            (False, 1 - share, 1 - part, place.foreign_born_other, place.naturalized_other),
        ):
            here = [a for a in people if a["home"]["latino"] == latino]
            want = round(place.undocumented_share.value * lacking / of_all * len(here))
            found = 0
            order = sorted(
                (h for h in homes if h["latino"] == latino),
                key=lambda h: u(luck.HOUSEHOLD_STATUS, h["number"]),
            )
            marked = []
            for home in order:
                found += home["lacking"]
                if found > want:
                    break
                marked.append(home["number"])
            without = [
                a
                for a in here
                if a["home"]["number"] in marked and a["member"] < a["home"]["lacking"]
            ]
            for a in without:
                a["status"] = codes.UNDOCUMENTED
            abroad = born.value * len(here)
            citizens = abroad * naturalized.value
            lawful = max(0.0, abroad - citizens - len(without))
            rest = max(1, len(here) - len(without))
            for a in here:
                draw = u(luck.MEMBER_STATUS, a["number"])
                if a["status"] != codes.UNDOCUMENTED and draw < (citizens + lawful) / rest:
                    a["status"] = codes.NATURALIZED if draw < citizens / rest else codes.LAWFUL


@pytest.fixture(scope="module")
def hand() -> Drawn:
    return Drawn()


def test_households_neighborhoods_ethnicity_and_status(region, hand):
    s = region
    assert len(s.residents) == len(hand.people) == 710
    for a, r in zip(hand.people, s.residents, strict=True):
        at = shape.place(s, a["number"])
        assert at["town"] == a["town"]
        assert at["ethnicity"] == shape.ETHNIC["latino" if a["home"]["latino"] else "other"]
        assert (r["member"], r["household"]) == (a["member"], a["home"]["size"])
        assert (r["status"], r["neighborhood"]) == (a["status"], a["block"])
        assert r["exposed"] < -20_000
    assert sum(r["status"] == codes.UNDOCUMENTED for r in s.residents[:500]) > 100


def test_pasts_prison_and_beliefs(region, hand):
    s, p = region, as_record(P)[0]
    entry = P.past_arrests * P.past_felonies * P.conviction * P.prison_share
    inside, for_licence = [], 0
    for a, r in zip(hand.people, s.residents, strict=True):
        i = a["number"]
        stay = min(P.longest_stay, -math.log(1 - u(luck.NEW_STAY, i)) / P.turnover)
        years = demography.newcomer_years(p, a["status"], u(luck.NEW_YEARS, i)) + stay
        assert r["arrived"] == (-int(52 * years) if a["status"] != codes.US_BORN else 0)
        much, record = 0.0, codes.RECORD_NONE
        federal = a["status"] == codes.UNDOCUMENTED
        federal &= u(luck.FEDERAL_RELEASE, i) < P.federal_releases
        if federal or u(luck.NEW_OFFENDER, i) < P.offender_share:
            much = min(-math.log(1 - u(luck.NEW_OFFENDING, i)), P.offending_most)
            much *= demography.offending_by_status(p, a["status"]) / hand.factors[a["town"]]
            much /= P.offender_share * (1 - math.exp(-P.offending_most))
            record = demography.first_record(p, federal, u(luck.NEW_RECORD, i))
        convictions = P.past_arrests * P.conviction * much * stay
        unlicensed = 0.0  # offences of who drives without a licence, whether they offend or not
        if a["status"] == codes.UNDOCUMENTED:
            stopped = P.stop_rate * (1 + P.stop_offender_weight * (much - 1))
            stopped *= 1 + P.profiling_bias * a["home"]["latino"]
            unlicensed = stopped * P.license_arrest * P.conviction * stay
        for least, expected in (
            (codes.RECORD_MISDEMEANOR, convictions + unlicensed),
            (codes.RECORD_FELONY, convictions * P.past_felonies),
            (codes.RECORD_VIOLENT, convictions * P.past_violence),
        ):
            if u(luck.NEW_CONVICTIONS, i) < 1 - math.exp(-expected):
                record = max(record, least)
        found = u(luck.FOUND_BEFORE, i) < P.past_removals and record >= codes.RECORD_FELONY
        if a["status"] == codes.UNDOCUMENTED and found:
            record = codes.RECORD_NONE
        for_licence += much == 0.0 and record == codes.RECORD_MISDEMEANOR
        assert r["offending"] == pytest.approx(much, rel=1e-6)
        assert r["record"] == record
        odds = entry * P.prison_weeks / 52 * much
        if u(luck.PRISON, i) < odds / (1 + odds):
            inside.append(i)
            left = -P.prison_weeks * math.log(1 - u(luck.PRISON_WEEKS, i))
            assert (r["custody"], r["until"]) == (codes.PRISON, int(left) + 1)
        else:
            assert (r["custody"], r["until"]) == (codes.FREE, 0)
        draws = luck.LASTING_TRUST, luck.HOME_TRUST, luck.PLACE_TRUST
        of = i, i - a["member"], a["block"]
        own, home, block = (
            float(luck.normal(SEED, 0, draw, who)) for draw, who in zip(draws, of, strict=True)
        )
        lasting = math.sqrt(0.5) * own + math.sqrt(0.3) * home + math.sqrt(0.2) * block
        assert r["lasting"] == pytest.approx(0.3 * lasting, abs=1e-6)
        count = PLACES[a["town"]][1]
        contacts = P.stop_rate / 52 + s.towns[a["town"]]["expected"] / count
        told = 1 + P.tell_household * (a["home"]["size"] - 1) + P.tell_tie * TIES
        calm = contacts * 0.5 * told / (1 - 0.5 ** (1 / P.case_half_life))
        assert r["calm"] == pytest.approx(calm, rel=1e-6)
        assert (r["lately"], r["bad"], r["touched"]) == (0, 0, 0)
    count = int(s.clock["in_custody"][0])
    assert s.in_custody[:count].tolist() == inside
    assert count > 3
    assert for_licence > 3
    assert s.ethnicities["trust"].tolist() == [P.trust_latino, P.trust_other]
    assert s.clock["seed"][0] == SEED


def test_everybody_is_counted_where_they_are(region, hand):
    s = region
    lacking = {a["number"] for a in hand.people if a["status"] == codes.UNDOCUMENTED}
    latino = [a["home"]["latino"] for a in hand.people]
    counts: dict[tuple[int, int], list[float]] = defaultdict(lambda: [0, 0, 0, 0])
    for a in hand.people:
        i, home = a["number"], a["home"]["size"]
        family = {j for j in range(i - a["member"], i - a["member"] + home) if j != i}
        friends = [int(j) for j in s.ties[i] if j >= 0]
        tied = sum(
            j in lacking
            and u(luck.STATUS_KNOWN, min(i, j), 2 * max(i, j))
            < (P.status_known if latino[i] == latino[j] else P.status_known_others)
            for j in friends
        )
        concern = codes.TIE if tied else codes.NOBODY
        concern = codes.HOUSEHOLD if family & lacking else concern
        concern = codes.SELF if i in lacking else concern
        r = s.residents[i]
        assert (r["concern"], r["tied"]) == (concern, tied)
        ethnicity = shape.ETHNIC["latino" if a["home"]["latino"] else "other"]
        now = shape.group_of(ethnicity, a["status"], concern)
        assert (shape.place(s, i)["then"], shape.place(s, i)["now"]) == (now, now)
        sums = counts[a["town"], now]
        sums[0] += 1
        sums[1] += 840 // home
        sums[2] += i in lacking
        sums[3] += r["custody"] == codes.PRISON
    cells = s.counts
    for (k, now), group in shape.groups(s).items():
        cell, by_hand = cells[shape.cell(k, now, now)], counts[k, now]
        assert [cell[n] for n in ("persons", "households", "undocumented", "prison")] == by_hand
        base = [group[f"base_{n}"] for n in ("persons", "households", "undocumented")]
        assert base == by_hand[:3]


def test_ties_are_matched_two_by_two_within_their_pools(region, hand):
    for slot in range(TIES):
        pools = defaultdict(list)
        for a in hand.people:
            i = a["number"]
            draws = [u(luck.TIE_POOL, i, 3 * slot + k) for k in range(3)]
            far = "region" if u(luck.TIE_REGION, i, slot) < P.tie_region else f"town {a['town']}"
            pool = (
                a["block"] if draws[0] < P.tie_neighborhood else far,
                a["home"]["latino"] if draws[1] < P.tie_homophily else None,
                a["status"] == codes.US_BORN if draws[2] < P.tie_nativity else None,
            )
            pools[pool].append((int(u(luck.TIE_ORDER, i, slot) * 2**20), i))
        ties = [-1] * len(hand.people)
        for people in pools.values():
            order = [i for _, i in sorted(people)]
            for one, other in zip(order[::2], order[1::2]):
                ties[one], ties[other] = other, one
        assert region.ties[:, slot].tolist() == ties


def test_who_works_in_another_county_works_where_some_resident_of_it_lives(region, hand):
    s, people = region, hand.people
    works: dict[int, list[int]] = defaultdict(list)
    for a in people:
        i = a["number"]
        job = people[int(u(luck.WORK, i, 1) * len(people))]
        if u(luck.WORK, i) < P.work_region and job["town"] != a["town"]:
            works[job["block"]].append(i)
            assert s.work[i] == job["block"]
        else:
            assert s.work[i] == -1
    lists = [s.workers[s.visits[k] : s.visits[k + 1]].tolist() for k in range(len(s.neighborhoods))]
    assert lists == [works[k] for k in range(len(s.neighborhoods))]
    assert len(s.workers) > 100


def test_homes_are_on_the_map_by_neighborhood_row_by_row_and_back(region, hand):
    for number, (_, count) in enumerate(PLACES):
        people = [a for a in hand.people if a["town"] == number]
        first = min(a["block"] for a in people)
        columns = math.ceil(math.sqrt(max(1, round(count / P.neighborhood_residents))))
        for a in people:
            row, column = divmod(a["block"] - first, columns)
            column = columns - 1 - column if row % 2 else column
            inside = [u(k, a["home"]["number"]) for k in (luck.HOME_X, luck.HOME_Y)]
            side = 65535 // columns
            at = [(c + 0.06 + 0.88 * x) * side for c, x in zip((column, row), inside, strict=True)]
            assert region.homes[a["number"]].tolist() == [int(x) for x in at]
            block = region.neighborhoods[a["block"]]
            assert (block["column"], block["row"]) == (column, row)


def test_neighborhoods_hold_their_people_and_patrols(region, hand):
    s = region
    for k, block in enumerate(s.neighborhoods):
        here = [a for a in hand.people if a["block"] == k]
        assert (block["start"], block["end"]) == (here[0]["number"], here[-1]["number"] + 1)
        assert block["town"] == here[0]["town"]
        before = [a for a in hand.people if a["town"] == block["town"] and a["block"] < k]
        for latino in (True, False):
            found = shape.stretch(s, k, "latino" if latino else "other")
            own = [a for a in here if a["home"]["latino"] == latino]
            assert found["people"] == len(own)
            assert not own or found["start"] == own[0]["number"]
            assert found["before"] == sum(a["home"]["latino"] == latino for a in before)
    for number in range(3):
        patrol = {
            k: math.exp(P.patrol_spread * float(luck.normal(SEED, 0, luck.PATROL, k)))
            for k, block in enumerate(s.neighborhoods)
            if block["town"] == number
        }
        mean = sum(patrol.values()) / len(patrol)
        for k, much in patrol.items():
            assert s.neighborhoods[k]["patrol"] == pytest.approx(much / mean)


def test_officers_and_agents(region, hand):
    s, before, blocks = region, 0, 0
    for number, (place, count) in enumerate(PLACES):
        people = [a for a in hand.people if a["town"] == number]
        force = place.officers_per_1000.value * count / P.aged_12_plus / 1000
        many, homes = max(1, round(force)), len({a["block"] for a in people})
        here = s.officers[before : before + many]
        where = s.towns[number]
        assert (where["officers"], where["hours"]) == (many, pytest.approx(force * P.officer_hours))
        assert (where["first"], where["last"]) == (blocks, blocks + homes)
        assert (where["start"], where["end"]) == (people[0]["number"], people[-1]["number"] + 1)
        assert where["factor"] == pytest.approx(hand.factors[number])
        assert where["undocumented"] == sum(a["status"] == codes.UNDOCUMENTED for a in people)
        beats = [blocks + k * homes // many for k in range(many)]
        assert here["beat"].tolist() == beats
        for name, purpose in (("rank", luck.OFFICER_DEPUTIZED), ("school", luck.OFFICER_TRAINED)):
            draws = [u(purpose, before + k) for k in range(many)]
            spread = [(sum(d < x for d in draws) + x) / many for x in draws]
            assert here[name].tolist() == pytest.approx(spread)
        for k, officer in enumerate(here):
            normal = float(luck.normal(SEED, 0, luck.OFFICER_JUSTICE, before + k))
            assert officer["justice"] == pytest.approx(P.officer_spread * normal)
            bias = 2 * P.profiling_bias * u(luck.OFFICER_BIAS, before + k)
            assert officer["bias"] == pytest.approx(bias)
            assert officer["hours"] == pytest.approx(force / many * P.officer_hours)
        for k in range(homes):
            block = s.neighborhoods[blocks + k]
            own = [before + n for n, beat in enumerate(beats) if beat == blocks + k]
            alone = [before + k * many // homes]  # a beat without an officer of its own
            found = range(block["officer"], block["officer"] + block["officers"])
            assert list(found) == (own or alone)
        before, blocks = before + many, blocks + homes
    assert len(s.officers) == before
    lacking = sum(a["status"] == codes.UNDOCUMENTED for a in hand.people)
    agents = round(lacking * P.ice_agents / 1000)
    assert len(s.agents) == agents > 1
    hours = lacking / 1000 * P.ice_working_hours
    assert s.agents["hours"].tolist() == pytest.approx([hours / agents] * agents)
    for k, agent in enumerate(s.agents):
        normal = float(luck.normal(SEED, 0, luck.DISCRETION, k))
        assert agent["discretion"] == pytest.approx(P.discretion_spread * normal)


def test_a_town_begins_at_its_level_of_crime(region, hand):
    s, weeks = region, 52
    for number, (place, count) in enumerate(PLACES):
        here = s.towns[number]
        people = [s.residents[a["number"]] for a in hand.people if a["town"] == number]
        free = [r for r in people if r["custody"] == codes.FREE]
        alone = sum(r["offending"] for r in free) / count
        together = sum(r["offending"] for r in free if r["household"] > 1) / count
        # A week, per resident: the national rate times the town's level over the nation's.
        violence = P.violent_rate / 1000 / weeks
        violence *= place.violent_per_100k.value / P.recorded_violent
        theft = P.property_rate / 1000 / weeks / place.household_size.value
        theft *= place.property_per_100k.value / P.recorded_property
        crimes = {"violent": violence * (1 - P.domestic_share), "property": theft}
        crimes["domestic"] = violence * P.domestic_share
        # Attempts by all at large come to these crimes; domestic ones need somebody at home.
        attempts = here["crime"] * alone
        assert attempts * here["violent"] == pytest.approx(crimes["violent"])
        other = 1 - here["violent"] - here["domestic"]
        assert attempts * other == pytest.approx(crimes["property"])
        domestic = here["crime"] * together * here["domestic"]
        assert domestic == pytest.approx(crimes["domestic"])
        reported = {k: much * getattr(P, f"report_{k}") for k, much in crimes.items()}
        cleared = {k: much * getattr(P, f"clear_{k}") for k, much in reported.items()}
        hours = {"violent": P.case_hours_violent, "domestic": P.case_hours_violent}
        hours["property"] = P.case_hours_property
        load = sum(much * hours[k] for k, much in reported.items()) * count
        all_reported, all_crimes = sum(reported.values()), sum(crimes.values())
        assert here["reports"] == pytest.approx(all_reported / all_crimes)
        assert here["clears"] == pytest.approx(sum(cleared.values()) / all_reported)
        assert here["cleared"] == here["clears"]
        assert here["expected"] == pytest.approx(all_reported * count)
        assert here["usual_hours"] == here["case_hours"] == pytest.approx(load)
        for k in range(here["first"], here["last"]):
            for name, ethnicity in shape.ETHNIC.items():
                known = shape.learned(s)[k, ethnicity]
                own = [
                    a
                    for a in hand.people
                    if a["block"] == k and a["home"]["latino"] == (name == "latino")
                ]
                assert known["reports"] == here["reports"]
                assert known["expected"] == pytest.approx(all_crimes * max(1, len(own)))
