"""Persons, custody, cases and beliefs add up in every week of every world."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenarios import born, regions
from worlds import lived

from trustabm.outcomes.glossary import OUTCOMES
from trustabm.rules import codes
from trustabm.state import counts, journal, layout, rows
from trustabm.week.world import beliefs

COUNTS = ["persons", "households", "undocumented", "jail", "ice", "prison", "removed"]
STAKES = ["tied", "housed", "own"]


def check_counts(world) -> None:
    s = world.state
    r = s.residents
    fresh = layout.copied(s)
    counts.recount(fresh)
    for name in COUNTS:
        assert (s.counts[name] == fresh.counts[name]).all(), name
    for name in STAKES:
        assert (s.groups[name] == fresh.groups[name]).all(), name
    # Exposures that turn a year old today pass out as the week begins: see begin_week.
    passing = s.expiring[world.week % 52]
    assert (s.counts["exposed"] - passing == fresh.counts["exposed"]).all()
    later = [k for k in range(52) if k != world.week % 52]
    assert (s.expiring[later] == fresh.expiring[later]).all()
    for name in ("free", "wanted"):
        assert (s.pool[name] == fresh.pool[name]).all(), name

    for number, town in enumerate(s.towns):
        people = r[town["start"] : town["end"]]
        mine = s.counts[number]
        assert mine["persons"].sum() + mine["removed"].sum() == len(people)
        held = {"jail": (1, 2), "ice": (3,), "prison": (4, 5), "removed": (6,)}
        for name, states in held.items():
            assert mine[name].sum() == np.isin(people["custody"], states).sum(), name
        assert (people["town"] == number).all()

    listed = s.in_custody[: s.clock["in_custody"][0]]
    assert len(set(listed.tolist())) == len(listed)
    outside = (codes.FREE, codes.REMOVED)
    assert set(listed.tolist()) == set(np.flatnonzero(~np.isin(r["custody"], outside)).tolist())


def check_rows(world) -> None:
    s = world.state
    trust, risk = beliefs(world)
    for i in range(len(s.residents)):
        r = s.residents[i]
        assert 0.0 <= trust[i] <= 1.0
        assert 0.0 < risk[i] < 1.0
        assert r["bad"] >= 0.0
        assert r["calm"] >= 0.0
        if r["custody"] != codes.REMOVED:
            assert (r["concern"], r["tied"]) == rows.concern_of(s, i)
            assert rows.group_now(s, i) == rows.group_of(
                s, rows.ethnicity_of(s, i), r["status"], r["concern"]
            )
    assert ((s.groups["ethnic_stake"] >= 0) & (s.groups["ethnic_stake"] <= 1)).all()
    for name in ("heard", "lived_with", "expected_risk", "reached"):
        assert ((s.towns[name] >= 0) & (s.towns[name] <= 1)).all()
    for name in ("reports",):
        assert ((s.learned[name] >= 0) & (s.learned[name] <= 1)).all()
    assert ((s.towns["cleared"] >= 0) & (s.towns["cleared"] <= 1)).all()


def check_tally(t) -> None:
    for name in t.dtype.names:
        assert np.isfinite(t[name]).all(), name
        if name not in layout.EXPECTED.values():  # by luck a week's can be below nothing
            assert (t[name] >= 0).all(), name
    for kind in ("violent", "property", "domestic"):
        assert (t[f"reported_{kind}"] <= t[kind]).all()
    assert (t["cleared_property"] <= t["reported_property"]).all()
    violent = t["reported_violent"] + t["reported_domestic"]
    assert (t["cleared_violent"] <= violent).all()
    assert (t["witnesses_came"] <= t["witnesses"]).all()
    assert (t["bad_stops"] <= t["stops"]).all()
    assert (t["asked"] <= t["stops"]).all()
    assert (t["arrests_felony"] <= t["arrests"]).all()
    assert (t["trust"] <= t["surveyed"] + 1e-9).all()
    assert (t["risk"] <= t["surveyed"] + 1e-9).all()

    requests = t["detainers"] + t["notifications"]
    assert (t["honored"] + t["declined"] == requests).all()
    classes = ["requests_none", "requests_misdemeanor", "requests_felony", "requests_violent"]
    assert (sum(t[c] for c in classes) == requests).all()
    records = ["removals_none", "removals_other", "removals_violent"]
    assert (sum(t[c] for c in records) == t["removals"]).all()
    assert (sum(t[f"local_{c}"] for c in records) == t["local_removals"]).all()
    for local in ("", "local_"):
        parts = sum(t[layout.EXPECTED[f"{local}{c}"]] for c in records)
        assert (parts == t[layout.EXPECTED[f"{local}removals"]]).all()
    years = ["removals_under_5", "removals_5_14", "removals_15_plus"]
    assert (sum(t[c] for c in years) == t["removals"]).all()
    for whole in ("removals_15_plus", "removals_none"):
        assert (t["removals_15_plus_none"] <= t[whole]).all()
    assert (t["local_removals"] <= t["removals"]).all()


@given(region=regions(), weeks=st.integers(1, 60))
def test_everything_adds_up_every_week(region, weeks):
    world = born(region)
    for _ in range(weeks):
        world.run_for(1)
        check_counts(world)
    check_rows(world)
    check_tally(world.tally)


@given(region=regions())
def test_tables_and_tallies_tell_the_same(region):
    world = born(region, keep_events=True)
    world.run_for(50)
    t, tables = world.tally, journal.frames(world.tables)
    crimes, requests = tables["crimes"], tables["requests"]
    assert len(tables["stops"]) == t["stops"].sum()
    assert len(crimes) == sum(t[k].sum() for k in ("violent", "property", "domestic"))
    reported = sum(t[f"reported_{k}"].sum() for k in ("violent", "property", "domestic"))
    assert crimes["reported"].sum() == reported
    assert crimes["cleared"].sum() == t["cleared_violent"].sum() + t["cleared_property"].sum()
    assert (crimes["cleared"] <= crimes["reported"]).all()
    assert (crimes["came"] <= (crimes["witness"] >= 0)).all()
    assert (crimes["victim"] != crimes["resident"]).all()
    local = tables["bookings"]["source"] <= codes.FROM_CASE
    assert local.sum() == t["arrests"].sum()
    assert tables["bookings"]["matched"].sum() == t["matches"].sum()
    assert len(requests) == t["detainers"].sum() + t["notifications"].sum()
    assert requests["hold_hours"].sum() == pytest.approx(t["hold_hours"].sum())
    taken = tables["transfers"]["source"]
    assert (taken < codes.FROM_PRISON).sum() == t["transfers"].sum()
    assert (taken == codes.FROM_AT_LARGE).sum() == t["at_large"].sum()
    assert (taken == codes.FROM_COLLATERAL).sum() == t["collateral"].sum()
    assert tables["departures"]["removed"].sum() == t["removals"].sum()
    assert len(tables["arrivals"]) == t["arrivals"].sum()
    assert len(tables["legalizations"]) == t["legalized"].sum()
    for name, table in tables.items():
        assert (np.diff(table["week"]) >= 0).all(), name


@given(region=regions())
def test_an_outcome_has_a_value_wherever_its_denominator_is_positive(region):
    world = born(region)
    world.run_for(20)
    for o in OUTCOMES.values():
        over = sum(world.tally[n] for n in o.over)
        under = sum(world.tally[n] for n in o.under)
        assert np.isfinite(over[under > 0] / under[under > 0]).all(), o.name


def test_everything_adds_up_where_many_are_removed():
    """Random towns are small and lose few people; here whom each removal leaves behind is seen."""
    world = lived(
        town="harris-tx",
        policy="mass-enforcement-2025",
        levers={"ice_capacity": 5.0, "at_large_share": 0.7},
        residents=3000,
        weeks=150,
        seed=8,
    )
    assert world.tally["removals"].sum() > 50
    check_counts(world)
    check_rows(world)
    check_tally(world.tally)
