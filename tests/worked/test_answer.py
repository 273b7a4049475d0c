"""Answers in words: every number worked out by hand from level, change and interval."""

from __future__ import annotations

import datetime as dt

import pytest

import trustabm as ta
from trustabm.evidence.targets import TARGETS
from trustabm.evidence.tested import BEARING, Held, held_against
from trustabm.inputs.laid import Laid
from trustabm.inputs.places.counties import suggested
from trustabm.inputs.policy import LEVERS, Policy
from trustabm.inputs.timeline import policy
from trustabm.inputs.town import town
from trustabm.outcomes.estimates import Estimate
from trustabm.state.layout import TALLY, TOWN_TALLY
from trustabm.telling.answer import answer, doubt, in_force
from trustabm.telling.beneath import Course, beneath, hidden
from trustabm.telling.picture import course
from trustabm.telling.wording import Form, act, briefly, forms, headline, large, worded

REPORTED = Form("reporting", "latino", 1000.0, "of every 1,000 crimes reach the police", False)
CRIMES = Form("victimization", "latino", 30.0, "crimes a year happen here", True)
REMOVED = Form("removals", "all", 0.5, "residents are removed", True)


def changed(was, now, low, high, **more):
    """Return the estimates under both policies, percentages as they follow from the numbers."""
    percents = (100 * x / was for x in (now - was, low, high))
    after = Estimate(now, now - was, low, high, *percents, events=900.0, **more)
    return Estimate(was), after


SAID = [
    # 160 - 127 = 33; an end of -0.4 of 1,000 is none
    (
        REPORTED,
        changed(0.160, 0.127, -0.098, -0.0004),
        "About 33 fewer of every 1,000 crimes reach the police: 127 instead of 160; perhaps none, "
        "perhaps 98 fewer.",
    ),
    # 159.6 and 127.4 are shown as 160 and 127, and the change as what these differ by
    (
        REPORTED,
        changed(0.1596, 0.1274, -0.098, -0.005),
        "About 33 fewer of every 1,000 crimes reach the police: 127 instead of 160; perhaps 5, "
        "perhaps 98 fewer.",
    ),
    # 30 × 120 = 3,600, 30 × 127.9 = 3,837, which differ by 237: two digits of it are tens
    (
        CRIMES,
        changed(120.0, 127.9, 2.05, 14.2),
        "About 240 more crimes a year happen here: 3,840 instead of 3,600; perhaps 60, perhaps 430 "
        "more.",
    ),
    # half a thousand people: 10 become 15
    (
        REMOVED,
        changed(20.0, 30.0, 2.2, 18.0),
        "About 5 more residents are removed: 15 instead of 10; perhaps 1, perhaps 9 more.",
    ),
    # of few people, a part of one a year
    (
        REMOVED,
        changed(20.0, 21.2, 0.4, 2.0),
        "About 0.6 more residents are removed: 10.6 instead of 10.0; perhaps 0.2, perhaps 1.0 "
        "more.",
    ),
    (
        REPORTED,
        changed(0.160, 0.127, -0.098, 0.005),
        "Too close to call: about 160 of every 1,000 crimes reach the police; perhaps 5 more, "
        "perhaps 98 fewer.",
    ),
    # too close to call: rounded by the farther end, 60 of a year, and not by the change, 0.1
    (
        REMOVED,
        changed(400.0, 400.2, -100.0, 120.0),
        "Too close to call: about 200 residents are removed; perhaps 50 fewer, perhaps 60 more.",
    ),
    # the whole interval within one percent
    (
        REPORTED,
        changed(0.400, 0.401, -0.001, 0.003),
        "Less than 1% different: about 400 of every 1,000 crimes reach the police either way.",
    ),
    (
        REPORTED,
        changed(0.400, 0.400, 0.0, 0.0),
        "No difference in any town: about 400 of every 1,000 crimes reach the police.",
    ),
    (
        REPORTED,
        (Estimate(0.4), Estimate(0.5, 0.1, events=4.0)),
        "Too few events to say: how many of every 1,000 crimes reach the police.",
    ),
]


@pytest.mark.parametrize(("form", "estimates", "says"), SAID)
def test_a_line_is_said_by_rule(form, estimates, says):
    assert worded(form, *estimates) == says


HERE = "If the sheriff signs a 287(g) task force agreement in Mecklenburg County, North Carolina"


@pytest.mark.parametrize(
    ("estimates", "says"),
    [
        (
            changed(0.160, 0.127, -0.098, -0.005),
            "the model estimates that about 33 fewer of every 1,000 crimes reach the police (90% "
            "interval 5 to 98).",
        ),
        (
            changed(0.160, 0.127, -0.098, 0.005),
            "the model cannot tell whether more or fewer of every 1,000 crimes reach the police "
            "(90% interval: 5 more to 98 fewer).",
        ),
        (
            changed(0.400, 0.401, -0.001, 0.003),
            "the model expects hardly any change in how many of every 1,000 crimes reach the "
            "police.",
        ),
    ],
)
def test_a_headline_says_what_its_interval_allows(estimates, says):
    assert headline(REPORTED, *estimates, HERE) == f"{HERE}, {says}"
    assert HERE.startswith(f"If {act(Laid.of('287g-task-force-2025', dt.date(2027, 1, 1)))} in ")


def test_people_are_the_countys():
    place = town("mecklenburg-nc")
    people = place.population.value
    reported, crimes, removed = forms(place, {"latino": "Latino"}, "latino")
    assert reported.scale == 1000
    assert crimes.scale == pytest.approx(people * place.latino_share.value / 1000)
    assert removed.scale == pytest.approx(people * place.undocumented_share.value / 1000)
    assert crimes.some == "crimes a year happen to Latino residents of Mecklenburg County"


def test_most_of_the_doubt_is_named():
    parts = {"by_luck": 0.1, "by_parameters": 0.2, "by_figures": 0.05, "by_structure": 0.05}
    parts |= {"by_sampling": 0.0}
    of_rules = Estimate(0.1, **parts, by_rules=0.6, rule="how far this is carried out: a law")
    assert doubt(of_rules) == (
        "most of the doubt (60%) is how the rules in force are read: it is not known how far this "
        "is carried out: a law"
    )
    assert doubt(Estimate(0.1)) == ""


def test_rules_are_said_in_a_few_words():
    assert in_force(Policy()) == (
        "the jail holds hardly anybody for ICE; nobody is asked about status"
    )
    assert in_force(policy("sanctuary")) == (
        "the jail holds people for ICE only after some convictions; nobody is asked about status; "
        "victims and witnesses are promised not to be asked"
    )
    assert in_force(policy("287g-task-force-2025")) == (
        "the jail holds people for ICE when asked; officers may ask about status at a stop; some "
        "officers are deputized by ICE"
    )


def test_every_lever_says_what_bears_on_it():
    assert set(BEARING) == set(LEVERS)
    for ids in BEARING.values():
        assert all(TARGETS[i].role != "reported" for i in ids.split())


def test_findings_are_told_by_what_they_were_for():
    found = held_against(
        ["firewall", "outreach", "legalization_uptake", "honor_none"],
        {"A5-01": False, "A5-02": True, "18": False, "5c": True, "13a": True, "13b": False},
    )
    assert found == {
        Held.FITTED: ("7a", "7b", "8a", "8b", "8c", "T6-12b"),
        Held.HIT: ("A5-02", "5c", "13a"),
        Held.MISSED: ("A5-01", "18", "13b"),
        Held.NEVER: ("outreach",),
    }
    assert [kind.head(len(names)) for kind, names in found.items()] == [
        "Fitted (6 findings)",
        "Held out: hit (3 findings)",
        "Held out: missed (3 findings)",
        "Never tested",
    ]
    assert Held.HIT.head(1) == "Held out: hit (1 finding)"


@pytest.fixture(scope="module")
def comparison():
    return ta.compare(
        town="travis-tx",
        changes=["no-detainers"],
        since="2027-01",
        replicates=12,
        residents=500,
        weeks=26,
        burn_in=4,
        workers=1,
    )


def test_what_is_below_is_the_comparison_in_words(comparison):
    c, below = comparison, beneath(comparison)
    # The same number of the same people as in the line above.
    line = answer(c).lines[1].said
    was, now = (c.estimates["victimization", "latino", arm].level for arm in c.arms)
    people = c.experiment.place.population.value * c.experiment.place.latino_share.value
    assert below.who[0].title == "Latino"
    form = Form("victimization", "latino", people / 1000, "", True)
    pair = Estimate(was), c.estimates["victimization", "latino", "no-detainers"]
    assert below.who[0].crimes == briefly(form, *pair)
    assert below.sections[3].lines[0] == line
    # Officers' hours of the county: a share of all that its officers work in a year.
    hours = c.estimates["immigration_hours", "all", "no-detainers"]
    lived = c.sums[:, 0, :5, TALLY.names.index("base_persons")].sum() / 52
    worked = c.town_sums[:, 0, TOWN_TALLY.names.index("police_hours")].sum()
    scale = c.experiment.place.population.value * worked / lived
    form = Form("immigration_hours", "all", scale, "police hours a year go to immigration work", 1)
    before = c.estimates["immigration_hours", "all", c.reference]
    assert below.sections[2].lines[0] == worded(form, before, hours)
    # Two quarters of a half-year: the mean of both is the half-year.
    crimes = below.courses[1]
    assert sum(crimes.was) / 2 == pytest.approx(people / 1000 * was, rel=0.01)
    assert sum(crimes.now) / 2 == pytest.approx(people / 1000 * now, rel=0.01)
    assert [d.isoformat() for d in crimes.middles] == ["2027-02-15", "2027-05-17"]
    # What the change sets, and nothing else.
    rules = [line.at(dt.date(2027, 1, 1)) for line in c.experiment.lines]
    assert [x.title for x in below.touches] == [
        LEVERS[n].title for n in rules[0].differences(rules[1])
    ]
    assert ("Jail insists on a judge's warrant", "0 of 100", "100 of 100") in below.touches


def test_a_course_is_drawn_from_zero_over_the_days_of_the_run():
    days = dt.date(2027, 1, 1), dt.date(2029, 1, 1)  # 731 days
    drawn = Course("x", days, (100.0, 100.0), (50.0, 50.0), (40.0, 40.0), (60.0, 60.0), days)
    text = course(drawn, "Said")
    # In steps of 50 the top is 100, 8 below the edge; half of it is 8 + 182 / 2.
    assert 'points="58.0,8.0 400.0,8.0"' in text
    assert 'points="58.0,99.0 400.0,99.0"' in text
    for label in ("0", "50", "100", "Jan 2027", "Jul 2027", "Jan 2029"):
        assert f">{label}</text>" in text
    assert "<title>Said</title>" in text


@pytest.mark.parametrize(
    ("crimes", "records", "says"),
    [
        ((10.0, 2.0, 18.0), (-9.0, -14.0, -4.0), "Records would show less crime where there is m"),
        ((1.0, -8.0, 9.0), (-9.0, -14.0, -4.0), "Records would show less crime, which is not what"),
        ((10.0, 2.0, 18.0), (9.0, 4.0, 14.0), None),
        ((10.0, 2.0, 18.0), (1.0, -4.0, 6.0), None),
    ],
)
def test_what_records_would_hide_is_said_where_they_tell_another_story(crimes, records, says):
    pair = [changed(100.0, 100.0 + d, low, high)[1] for d, low, high in (crimes, records)]
    found = hidden(*pair)
    assert [x[: len(says)] for x in found] == [says] if says else found == []


def test_what_stands_large_is_the_change_or_why_there_is_none():
    assert large(REPORTED, *changed(0.160, 0.127, -0.098, -0.005)) == "33 fewer"
    assert large(REPORTED, *changed(0.160, 0.127, -0.098, 0.005)) == "Too close to call"
    assert large(REPORTED, *changed(0.4, 0.401, -0.001, 0.003)) == "Less than 1% different"


def test_an_answer_is_the_comparison_in_words(comparison):
    c, said = comparison, answer(comparison)
    assert said.towns == 12
    assert [line.outcome for line in said.lines] == ["reporting", "victimization", "removals"]
    reporting = said.lines[0]
    e = c.estimates["reporting", "latino", "no-detainers"]
    assert reporting.middle == pytest.approx(1000 * e.difference)
    assert reporting.ends == pytest.approx((1000 * e.low, 1000 * e.high))
    assert len(reporting.dots) == 12
    assert list(reporting.dots) == sorted(reporting.dots)
    assert reporting.holds.startswith("holds in ")
    assert "firewall" not in said.tested.get(Held.NEVER, ())
    assert "judicial_warrant" in said.tested[Held.NEVER]


def test_nothing_changes_where_the_rules_are_in_force_already():
    c = ta.compare(
        {"x": policy("secure-communities")},
        changes=["secure-communities"],
        since="2027-01",
        replicates=2,
        residents=100,
        weeks=4,
        burn_in=0,
        workers=1,
    )
    assert answer(c).lines == ()
    assert answer(c).headline.startswith("Nothing would change: in ")


@pytest.mark.parametrize(
    ("typed", "first", "many"),
    [
        ("meck", "Mecklenburg County, North Carolina", 2),
        ("Cook County, IL", "Cook County, Illinois", 1),
        ("brook", "Kings County, New York", 5),
        ("dona ana", "Doña Ana County, New Mexico", 1),
        ("Mecklenberg NC", "Mecklenburg County, North Carolina", 2),
        ("qqqq", None, 0),
        ("", None, 0),
    ],
)
def test_counties_are_suggested_as_one_types(typed, first, many):
    found = suggested(typed)
    assert [c.title for c in found][:1] == ([first] if first else [])
    assert len(found) == many
