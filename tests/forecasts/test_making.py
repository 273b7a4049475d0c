"""What is asked, what of the model stands for it, and how wide statements are."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest

from trustabm.errors import InvalidInput
from trustabm.forecasts.make import (
    Discrepancy,
    discrepancy,
    make,
    prepared,
    quantiles,
    statement_of,
)
from trustabm.forecasts.questions import Kind, Question, onto, questions
from trustabm.forecasts.registry import sealed
from trustabm.forecasts.worlds import (
    FIRST,
    Lived,
    Sizes,
    Task,
    live,
    reading,
    readings,
    timeline_of,
)
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.places import laws
from trustabm.inputs.timeline import weeks_between
from trustabm.inputs.town import town

NORMAL_95 = 1.6448536
DAY = "%d %B %Y"


def question(**more):
    plain = {
        "id": "q",
        "quantity": "Reports: 2026 over 2025",
        "unit": "ratio",
        "population": "Victims",
        "release": "nibrs",
        "kind": "reporting",
        "place": "nation",
        "over": ("reported_property",),
        "window": "2026",
        "base": "2025",
    }
    return Question(**(plain | more))


def test_at_least_fifty_questions_are_asked_of_every_sort_that_was_promised():
    asked = questions().each()
    assert len(asked) >= 50
    text = " ".join(q.id for q in asked)
    for sort in ("ncvs", "fbi", "nibrs", "ice", "pew", "kff", "urban", "with-without"):
        assert sort in text
    towns = {"harris-tx", "mecklenburg-nc", "maricopa-az", "cook-il", "king-wa", "los-angeles-ca"}
    assert towns <= {q.place for q in asked}


def test_counties_are_asked_about_after_dated_changes_that_the_tables_have():
    whole = questions()
    after = [q for q in whole.each() if whole.places[q.place].changed]
    assert len(after) >= 20
    assert {q.window[0].year for q in after} == {2026}
    assert all(q.beside == f"{q.place}-unsigned" for q in after if q.beside)
    for name in {q.place for q in after}:
        place = whole.places[name]
        own = town(place.town)
        days = {c.date for c in own.changes if c.levers}
        known = laws.agreements(own.fips, laws.state_of(own.fips))
        if place.signed is not None:
            assert place.signed in {a.signed for a in known if a.scope == "county"}
        # The day of the change that is named is in the table, and in 2025 or 2026.
        day = dt.datetime.strptime(place.changed.rpartition(", ")[2], DAY)
        assert day.date() in days, name
        assert day.year in (2025, 2026)


def test_a_county_beside_itself_has_its_states_laws_and_no_agreement():
    places = questions().places
    # Denton County, Texas: a jail agreement in July 2025, a task force in January 2026, and a state
    # law by which all sheriffs have an agreement on jails by 1 December 2026.
    with_, without = (places[name] for name in ("denton-tx", "denton-tx-unsigned"))
    before, task_force, law = dt.date(2025, 12, 1), dt.date(2026, 2, 1), dt.date(2026, 12, 2)
    found = [
        [timeline_of(p).at(day) for day in (before, task_force, law)] for p in (with_, without)
    ]
    assert [p.jail_screening for p in found[0]] == [0.9, 0.9, 0.9]
    assert [p.jail_screening for p in found[1]] == [0.0, 0.0, 0.9]
    assert [p.deputized_share for p in found[0]] == [0.0, 0.2, 0.2]
    assert [p.deputized_share for p in found[1]] == [0.0, 0.0, 0.0]
    assert without.title == "counties of the same state without a 287(g) agreement"
    assert Sizes(1000, 400).of(with_) == Sizes(1000, 400).of(without) == 200


def test_two_batches_of_one_day_have_no_statement_in_common():
    day = dt.date(2026, 11, 26)
    lived, sizes = np.array([[0.2, 0.2], [0.4, 0.4]]), Sizes(1000, 1000)
    made = []
    for name in ("2026-11-26", "2026-11-26-counties"):
        header, _ = prepared(name, command="c", draws=2, today=day)
        said = statement_of(question(), questions(), lived, sizes, Discrepancy(0.3, 0.1), header)
        made.append(sealed(header, [said]).statements[0])
    assert [s.id for s in made] == ["2026-11-26/q", "2026-11-26-counties/q"]
    assert made[0].made_on == made[1].made_on
    assert made[0].sha256 != made[1].sha256


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", dt.date(2026, 1, 1), dt.date(2027, 1, 1)),
        ("FY2026", dt.date(2025, 10, 1), dt.date(2026, 10, 1)),
        ("2025-06-06/2025-07-11", dt.date(2025, 6, 6), dt.date(2025, 7, 11)),
        ("2027-03-15", dt.date(2027, 3, 15), dt.date(2027, 3, 15)),
    ],
)
def test_windows(text, first, last):
    assert question(window=text).window == (first, last)


@pytest.mark.parametrize(
    "more",
    [
        {"base": None},
        {"place": ""},
        {"over": ()},
        {"asked": "worry"},
        {"anchor": 2.0, "anchor_source": "x"},
        {"unit": "persons"},
        {"unit": "%", "base": None},
    ],
)
def test_a_question_that_is_none_is_refused(more):
    with pytest.raises(ValueError, match="expected"):
        question(**more)


def test_questions_begin_after_worlds_have_lived_in():
    for q in questions().each():
        assert (q.base or q.window)[0] >= FIRST + dt.timedelta(days=700), q.id


def lived(**counts):
    """Two places: a count a week in 2025 and another in 2026, by group."""
    weeks = weeks_between(FIRST, dt.date(2027, 1, 1))
    turn = weeks_between(FIRST, dt.date(2026, 1, 1))
    out = {}
    for name, by_group in counts.items():
        out[name] = {}
        for group, (before, after) in by_group.items():
            x = np.full(weeks, float(before))
            x[turn:] = after
            out[name][group] = x
    return Lived(counts=out)


def test_a_reading_is_the_change_of_a_ratio_against_another_group_beside_another_place():
    here = lived(reported_property={"latino": (100, 50), "other": (200, 200)})
    there = lived(reported_property={"latino": (100, 80), "other": (200, 160)})
    places = {"task-force": here, "nation": there}
    alone = question(place="task-force", group="latino")
    # A half is added to counts of thousands: the third digit.
    assert reading(alone, "log", places) == pytest.approx(math.log(0.5), abs=1e-3)
    against = question(place="task-force", group="latino", against="other")
    assert reading(against, "log", places) == pytest.approx(math.log(0.5), abs=1e-3)
    beside = question(place="task-force", group="latino", against="other", beside="nation")
    assert reading(beside, "log", places) == pytest.approx(math.log(0.5), abs=1e-3)
    plain = question(place="task-force", group="latino", beside="nation")
    assert reading(plain, "log", places) == pytest.approx(math.log(0.5 / 0.8), abs=1e-3)


def test_a_share_is_read_on_log_odds():
    places = {"nation": lived(arrested={"all": (100, 100)}, at_large={"all": (50, 75)})}
    some = {"over": ("at_large",), "under": ("arrested",), "unit": "%"}
    share = question(**some, anchor=52.0, anchor_source="x")
    assert reading(share, "logit", places) == pytest.approx(math.log(3.0), abs=1e-3)


def test_worry_is_a_share_above_the_line_of_the_published_one():
    then, now = dt.date(2025, 3, 15), dt.date(2027, 3, 15)
    worry = {("worry", then): {"latino": np.arange(1000.0)}}
    worry["worry", now] = {"latino": np.arange(1000.0) + 200.0}
    q = question(
        over=(),
        unit="%",
        asked="worry",
        who="latino",
        window="2027-03-15",
        base="2025-03-15",
        threshold={"who": "latino", "day": "2025-03-15", "share": 40.0},
        anchor=40.0,
        anchor_source="x",
    )
    found = reading(q, "logit", {"nation": Lived(asked=worry)})
    assert found == pytest.approx(onto("logit", 60.0, "%") - onto("logit", 40.0, "%"), abs=1e-2)


def test_places_have_the_levers_that_they_stand_for():
    places = questions().places
    before, after = (
        timeline_of(places["task-force"]).at(day)
        for day in (dt.date(2025, 9, 30), dt.date(2025, 10, 1))
    )
    assert (before.ask_status, after.ask_status) == ("nobody", "stop")
    assert (before.deputized_share, after.deputized_share) == (0.0, 0.2)
    assert before.ice_capacity == after.ice_capacity
    today = dt.date(2026, 11, 26)
    assert timeline_of(places["refuses"]).at(today).honor_none == 0.0
    assert timeline_of(places["nation"]).at(today).honor_none == pytest.approx(0.98)


def test_quantiles_of_one_normal_distribution_and_of_two():
    low, _, median, _, high = quantiles(np.array([2.0]), 0.5)
    assert (low, median, high) == pytest.approx((2 - 0.5 * NORMAL_95, 2, 2 + 0.5 * NORMAL_95))
    # Two far apart: a quarter of all is half of the lower one.
    assert quantiles(np.array([-10.0, 10.0]), 1.0)[1] == pytest.approx(-10.0, abs=1e-6)


def test_discrepancy_is_the_larger_of_misfit_and_movement():
    kind = Kind(scale="log", rows=("A8-06", "A8-07"), series=(), says="none")
    off = discrepancy(kind, {"A8-06": 10.0, "A8-07": -5.0})  # published: 0 and 0
    missed = math.sqrt((math.log(1.1) ** 2 + math.log(0.95) ** 2) / 2)
    assert off == Discrepancy(pytest.approx(missed), None)
    assert off.value == pytest.approx(missed)
    moving = kind.model_copy(update={"series": ((10.0, 20.0), (40.0, 20.0))})
    assert discrepancy(moving, {"A8-06": 0.0, "A8-07": 0.0}).value == pytest.approx(math.log(2))
    with pytest.raises(InvalidInput, match="A8-07"):
        discrepancy(kind, {"A8-06": 10.0})


def test_a_value_within_a_published_range_or_bound_misses_by_nothing():
    kind = Kind(scale="log", rows=("A11-04a",), series=(), says="none")  # −18 to −3.5
    assert discrepancy(kind, {"A11-04a": -10.0}).value == 0.0


def made(values, **more):
    q = question(**more)
    header, _ = prepared("b", command="c", draws=2, today=dt.date(2026, 11, 26))
    sizes = Sizes(1000, 1000)
    return statement_of(q, questions(), np.array(values), sizes, Discrepancy(0.3, 0.1), header)


def test_a_statement_is_as_wide_as_its_parts():
    # Draws at 0.2 and 0.4, no luck; own error 0.04 of two published values.
    s = made([[0.2, 0.2], [0.4, 0.4]])
    assert s.spread.draws == pytest.approx(0.1414, abs=1e-4)
    assert s.spread.luck == 0.0
    assert s.spread.discrepancy == 0.3
    assert s.spread.own == pytest.approx(0.04 * math.sqrt(2), abs=1e-4)
    assert s.median == pytest.approx(math.exp(0.3), rel=1e-3)
    # The mixture of two is nearly normal: 0.09 + 0.0032 + 0.02 / 2 + 0.01.
    half = math.log(s.ninety.high / s.ninety.low) / 2
    assert half == pytest.approx(NORMAL_95 * math.sqrt(0.1132), rel=0.02)
    assert s.naive.no_change == 1.0


def test_luck_of_the_sample_is_no_doubt_about_parameters():
    # Lives of one draw differ by as much as draws do: nothing is left between draws.
    s = made([[0.1, 0.5], [0.5, 0.1], [0.4, 0.2]])
    assert s.spread.draws == 0.0
    people = town("us-average").population.value
    by_luck = (0.4**2 + 0.4**2 + 0.2**2) / 3 / 2
    assert s.spread.luck == pytest.approx(math.sqrt(by_luck * 1000 / people), abs=1e-4)


def test_an_anchor_is_where_the_change_begins():
    s = made([[math.log(1.2)] * 2] * 2, unit="persons", anchor=50_000.0, anchor_source="A1")
    assert s.median == pytest.approx(60_000, rel=1e-3)
    assert (s.naive.no_change, s.naive.last_value) == (50_000.0, 50_000.0)
    assert s.naive.last_source == "A1"


def test_a_place_is_lived_through_and_read():
    q = question(over=("reported_property",), window="2019", base="2018")
    asked = question(
        id="a",
        over=(),
        unit="%",
        asked="avoids",
        who="families",
        window="2018-12-15",
        base="2018-06-15",
        anchor=17.0,
        anchor_source="x",
    )
    task = Task(Parameters(), {"us-average": town("us-average")}, 7, Sizes(2000, 500))
    found = live(questions().places["nation"], [q, asked], task, "nation")
    weeks = weeks_between(FIRST, dt.date(2020, 1, 1))
    assert len(found.counts["reported_property"]["all"]) == weeks
    some = found.counts
    for name in ("reported_property", "violent"):
        assert (some[name]["latino"] + some[name]["other"] == some[name]["all"]).all()
    taken = some["at_large"]["all"] + some["collateral"]["all"] + some["in_custody"]["all"]
    assert (taken == some["arrested"]["all"]).all()
    assert (some["arrested_none"]["all"] <= some["arrested"]["all"]).all()
    answers = found.asked["avoids", dt.date(2018, 12, 15)]
    assert 0 < len(answers["families"]) < len(answers["everyone"])
    assert np.isfinite(reading(q, "log", {"nation": found}))


def test_a_batch_has_a_statement_a_question():
    header, sets = prepared("small", command="c", draws=2, today=dt.date(2026, 11, 26))
    told = []
    made = make(
        header, sets, sizes=Sizes(200, 200), workers=1, progress=lambda *done: told.append(done)
    )
    assert told == [(k, 4) for k in (1, 2, 3, 4)]
    assert len(made.statements) == len(questions().each())
    assert list(made.problems()) == []
    for s in made.statements:
        wide = onto(s.scale, s.ninety.high, s.unit) - onto(s.scale, s.ninety.low, s.unit)
        assert wide >= 2 * NORMAL_95 * s.spread.own * 0.99, s.id


def test_readings_are_the_same_again():
    names = {place.town for place in questions().places.values()}
    towns = {name: town(name) for name in names}
    one, two = (readings(Task(Parameters(), towns, 5, Sizes(100, 100))) for _ in range(2))
    assert one == two
    assert all(math.isfinite(x) for x in one.values())


@pytest.mark.parametrize("draws", [0, 1, 10**6])
def test_a_number_of_draws_that_cannot_be_is_refused(draws):
    with pytest.raises(InvalidInput, match="draws"):
        prepared("b", command="c", draws=draws)


def test_a_name_that_is_no_files_is_refused():
    with pytest.raises(InvalidInput, match="batch"):
        prepared("../b", command="c", draws=2)
