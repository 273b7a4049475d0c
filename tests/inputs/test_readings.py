"""Readings of rules: what of them is drawn, worked out by hand from the rows."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

import trustabm as ta
from trustabm.inputs.places import laws
from trustabm.inputs.places.counties import counties
from trustabm.inputs.readings import Unsure, drawn, read, unsure
from trustabm.inputs.timeline import Timeline, timeline
from trustabm.inputs.town import Town, town
from trustabm.runs.arms import parting
from trustabm.runs.experiment import Experiment
from trustabm.runs.lots import drawn as what_differs

FIRST, LAST = dt.date(2026, 11, 1), dt.date(2027, 11, 1)


def in_force(place: Town, changes=None) -> Timeline:
    return timeline("today").merged(place.changes if changes is None else changes)


def doubts(name: str, first: dt.date = FIRST) -> dict[tuple[str, str], Unsure]:
    """Return what is not sure of a place's rules, by date and what."""
    place = town(name)
    found = unsure(place, [in_force(place)], first, LAST)
    return {(one.change[:10], one.what): one for one in found}


def test_what_is_not_sure_is_what_rules_in_force_leave_open():
    # Kansas: a law of 2026 that is unclear, and without it what the jail did before.
    assert {of: one.chance for of, one in doubts("wyandotte-ks").items()} == {
        ("1996-01-01", "extent"): 1.0,
        ("2026-07-01", "holds"): 0.5,
        ("2026-07-01", "extent"): 1.0,
    }
    # Wayne, Michigan: no law; what most jails did. An average town has no rules of its own.
    assert list(doubts("wayne-mi")) == [("1996-01-01", "extent")]
    assert doubts("us-average") == {}
    # Before the law there is nothing of it to be unsure of.
    early = unsure(
        town("wyandotte-ks"),
        [in_force(town("wyandotte-ks"))],
        dt.date(2025, 1, 1),
        dt.date(2026, 7, 1),
    )
    assert [one.change[:4] for one in early] == ["1996"]


def test_a_rule_that_does_not_hold_leaves_what_there_was():
    place, those = town("wyandotte-ks"), doubts("wyandotte-ks")

    def honors(holds: float = 1.0, extent: float = 0.0, custom: float = 0.0) -> float:
        numbers = {
            those["2026-07-01", "holds"]: holds,
            those["2026-07-01", "extent"]: extent,
            those["1996-01-01", "extent"]: custom,
        }
        return in_force(place, read(place, numbers)).at(FIRST).honor_none

    assert honors() == 1.0
    assert honors(holds=0.0) == 0.9
    # Odds of nine to one, five times as high: 45 to 1.
    five = np.log(5.0)
    assert honors(holds=0.0, custom=five) == pytest.approx(45 / 46)
    assert honors(holds=0.0, custom=-five) == pytest.approx(9 / 14)
    # Of all that must be honoured 15 in 100 are not, at that end; at the other none are missed.
    assert honors(extent=-five) == pytest.approx(0.85)
    assert honors(extent=five) == 1.0


def test_agreements_that_a_law_ends_go_on_where_it_does_not_hold():
    place = town("nassau-ny")
    law = next(x for x in doubts("nassau-ny", dt.date(2026, 1, 1)).values() if "287(g)" in x.title)
    assert law.what == "holds"
    day = dt.date(2026, 7, 1)
    assert in_force(place).at(day).deputized_share == 0.0
    assert in_force(place, read(place, {law: 0.0})).at(day).deputized_share == 0.2


def test_draws_have_a_chance_each_the_first_as_stated_and_where_the_seeds():
    places, those = [town("wyandotte-ks")], [tuple(doubts("wyandotte-ks").values())]
    numbers = [said for said, _ in drawn(places, those, 50, seed=1)]
    law = next(title for title in numbers[0] if title.startswith("whether"))
    assert sum(said[law] for said in numbers) == pytest.approx(25, abs=1)
    custom = next(title for title in numbers[0] if "1996" in title)
    values = [said[custom] for said in numbers]
    assert numbers[0] == {title: float(title == law) for title in numbers[0]}
    # Nine in ten lie within odds of five times as high or as low, and half on either side.
    inside = sum(abs(x) < np.log(5.0) for x in values)
    assert inside == pytest.approx(45, abs=1)
    assert sum(x > 0 for x in values) == pytest.approx(25, abs=1)
    again = [said for said, _ in drawn(places, those, 50, seed=2)]
    assert [said[law] for said in again[1:]] == [said[law] for said in numbers[1:]]
    assert [said[custom] for said in again] != values


def test_a_law_is_read_alike_in_all_towns_and_carried_out_by_each():
    places = [town("wyandotte-ks"), town("johnson-ks")]
    those = [tuple(doubts("wyandotte-ks").values()), tuple(doubts("johnson-ks").values())]
    held = [
        [in_force(p, rules).at(FIRST).judicial_warrant for p, rules in zip(places, of, strict=True)]
        for _, of in drawn(places, those, 20, seed=1)
    ]
    names = next(iter(drawn(places, those, 20, seed=1)))[0]
    assert sum(name.startswith("whether") for name in names) == 1
    assert sum(name.startswith("neighbor 1: how far") for name in names) == 2
    assert any(one != other for one, other in held)


def small(name: str, change: str, **more) -> Experiment:
    arms = parting([], [change], "2026-11", None)
    values = {"weeks": 26, "burn_in": 4, "residents": 2000, "replicates": 40}
    return Experiment.make({"town": name, **arms, **values, **more})


def test_every_arm_and_all_towns_of_a_lot_read_rules_alike():
    e = small("frederick-md", "outreach")
    assert {x.what for x in e.doubts[0]} == {"holds", "extent"}
    each = [e.at(k) for k in range(e.replicates)]
    day = dt.date(2026, 12, 1)
    got = [[line.at(day).honor_violent for line in x.lines] for x in each]
    asked = [x.lines[0].at(day).judicial_warrant for x in each[::2]]
    assert all(one == other for one, other in got)
    assert got[::2] == got[1::2]
    # Where the act of 2026 is read as not in force the jail holds nearly all, by custom.
    held = [one > 0.7 and warrant == 0.0 for (one, _), warrant in zip(got[::2], asked, strict=True)]
    rules = what_differs(e.lots).rules
    (law,) = (x for n, x in rules.items() if n.startswith("whether this is in force: Limits"))
    assert [x == 0.0 for x in law] == held
    assert sum(held) == pytest.approx(10, abs=1)
    assert e.at(0).lines == e.lines
    # Whole policies side by side have nothing of the town's rules, nor has what is not drawn.
    whole = {"arms": {"a": {"policy": "none"}, "b": {"policy": "outreach"}}}
    assert Experiment.make({"town": "frederick-md", **whole}).doubts == ((),)
    assert small("frederick-md", "outreach", draws=0).lots == ()


def test_the_rule_that_decides_is_named_with_its_share():
    c = ta.compare(
        town="frederick-md",
        changes=["287g-warrant-service"],
        since="2026-11",
        structures=["full"],
        figures=False,
        **{"weeks": 26, "burn_in": 4, "residents": 2000, "replicates": 40},
    )
    removed = c.estimates["removals", "all", "287g-warrant-service"]
    assert removed.rule is not None
    assert "Limits on holds and release dates" in removed.rule
    # Of 40 towns, seed 0: 0.19.
    total = removed.by_luck + removed.by_parameters + removed.by_figures + removed.by_rules
    assert total == pytest.approx(1)
    assert removed.by_rules >= removed.by_rule > 0.1
    said = " ".join(c.narrowed())
    assert "It is not known whether this is in force: Limits on holds" in said
    assert "how its rules in force are read" in c.covers()


def test_no_county_has_a_reading_that_contradicts_what_else_is_in_force():
    # One county of every state, each rule alone and all together read as not in force.
    first = {c.state: c.fips for c in reversed(counties())}
    assert len(first) == 51
    for state, fips in first.items():
        place = town(fips)
        those = unsure(place, [in_force(place)], dt.date(2005, 1, 1), LAST)
        in_doubt = [one for one in those if one.what == "holds"]
        rows = [law for law in laws.state_laws(state) if law.basis != "read" and law.levers]
        assert {one.change for one in in_doubt} <= {law.change().name for law in rows}
        in_force(place, read(place, dict.fromkeys(in_doubt, 0.0)))
