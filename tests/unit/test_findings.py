"""Sentences and tables say what the estimates hold, no more, and call every arm by a name."""

from __future__ import annotations

import re

import pytest

import trustabm as ta
from trustabm.errors import InvalidInput
from trustabm.inputs.catalog import names_apart, titles_apart
from trustabm.inputs.groups import SHIPPED
from trustabm.inputs.policy import Policy
from trustabm.outcomes.estimates import Estimate
from trustabm.outcomes.findings import (
    _FORMS,
    _KEY,
    key,
    label,
    told,
)
from trustabm.outcomes.numbers import percent_said, said, said_apart
from trustabm.telling.terminal import shown

ARMS = {"a": "A", "b": "B"}
SMALL_ONES = {"replicates": 2, "weeks": 4, "burn_in": 0, "residents": 300, "workers": 1}


def told_of(outcome, group, before, after, towns=10):
    nothing = {(o, g, a): Estimate(None) for o, g in key(SHIPPED) for a in ARMS}
    of_it = {(outcome, group, "a"): Estimate(before), (outcome, group, "b"): after}
    return told(nothing | of_it, ARMS, "b", towns, SHIPPED)


@pytest.mark.parametrize(
    ("row", "before", "after", "sentence"),
    [
        (
            ("victimization", "latino"),
            0.0,
            Estimate(4.0, 4.0, 1.2, 9.0, events=20),
            "For every 1,000 Latino residents, no crimes happen in a year under A, 4 under B: 4.0 "
            "more (90% interval 1.2 to 9.0).",
        ),
        (
            ("removals", "all"),
            3.1,
            Estimate(0.0, -3.1, -3.1, -2.4, -100.0, -100.0, -77.2, events=30),
            "For every 1,000 residents who were undocumented when the policies parted, 3.1 "
            "people are removed in a year under A, none under B: 100% fewer (90% "
            "interval 77 to 100).",
        ),
        (
            ("removals", "all"),
            2.0,
            Estimate(8.4, 6.4, 2.1, 15.0, 320.0, 102.0, 750.0, events=99),
            "For every 1,000 residents who were undocumented when the policies parted, 2.0 "
            "people are removed in a year under A, 8.4 under B: 4.2 times as many (90% "
            "interval 2.0 to 8.5).",
        ),
        (
            ("separated", "all"),
            0.02,
            Estimate(0.05, 0.03, 0.001, 0.08, 150.0, 4.0, 420.0, events=9),
            "For every 1,000 residents who were undocumented when the policies parted, 0.02 "
            "citizens aged 12 or over lose a household member to removal in a year under A, 0.05 "
            "under B: 2.50 times as many (90% interval 1.04 to 5.20).",
        ),
        (
            ("reporting", "latino"),
            0.4,
            Estimate(0.0002, -0.3998, -0.3999, -0.399, -99.95, -99.98, -99.7, events=99),
            "Of 1,000 crimes against Latino residents, 400 are reported under A, 0.2 under B: "
            "99.95% fewer (90% interval 99.70 to 99.98).",
        ),
        (
            ("trust", "latino"),
            0.55,
            Estimate(0.5, -0.05, -0.08, -0.02, -9.1, -14.5, -3.6),
            "On a scale from 0 to 100, Latino residents' trust in local police is 55.0 under A, "
            "50.0 under B: 5.0 lower (90% interval 2.0 to 8.0).",
        ),
        (
            ("trust", "non-latino"),
            0.57,
            Estimate(0.6, 0.03, 0.01, 0.05, 5.3, 1.8, 8.8),
            "On a scale from 0 to 100, other residents' trust in local police is 57.0 under A, "
            "60.0 under B: 3.0 higher (90% interval 1.0 to 5.0).",
        ),
        (
            ("reporting", "non-latino"),
            0.4,
            Estimate(0.5, 0.1, 0.05, 0.15, 25.0, 12.4, 37.6),
            "Of 1,000 crimes against other residents, 400 are reported under A, 500 under B: "
            "25% more (90% interval 12 to 38).",
        ),
        (
            ("reporting_domestic", "latino"),
            0.49,
            Estimate(0.392, -0.098, -0.147, -0.049, -20.0, -30.0, -10.0),
            "Of 1,000 acts of domestic violence against Latino residents, 490 are reported under "
            "A, 392 under B: 20% fewer (90% interval 10 to 30).",
        ),
        (
            ("victimization", "non-latino"),
            100.0,
            Estimate(120.0, 20.0, 5.0, 36.0, 20.0, 5.0, 36.0),
            "For every 1,000 other residents, 100 crimes happen in a year under A, 120 under B: "
            "20% more (90% interval 5 to 36).",
        ),
        (
            ("clearance_violent", "all"),
            0.41,
            Estimate(0.369, -0.041, -0.06, -0.02, -10.0, -16.0, -4.0),
            "Of 1,000 violent crimes reported, 410 are cleared by an arrest under A, 369 under B: "
            "10% fewer (90% interval 4 to 16).",
        ),
        (
            ("solved", "latino"),
            110.0,
            Estimate(88.0, -22.0, -34.0, -4.0, -20.0, -31.0, -4.0),
            "Of 1,000 crimes against Latino residents, reported or not, 110 are solved under A, "
            "88 under B: 20% fewer (90% interval 4 to 31).",
        ),
        (
            ("solved", "non-latino"),
            110.0,
            Estimate(121.0, 11.0, 4.0, 18.0, 10.0, 4.0, 16.0),
            "Of 1,000 crimes against other residents, reported or not, 110 are solved under A, "
            "121 under B: 10% more (90% interval 4 to 16).",
        ),
        (
            ("stop_disparity", "all"),
            1.2,
            Estimate(1.5, 0.3, 0.1, 0.5, 25.0, 12.0, 38.0),
            "For every 100 stops of other residents, equal numbers of Latino residents are "
            "stopped 120 times under A, 150 under B: 25% more (90% interval 12 to 38).",
        ),
        (
            ("removals_no_conviction", "all"),
            2.0,
            Estimate(8.0, 6.0, 2.0, 14.0, 300.0, 100.0, 700.0),
            "For every 1,000 residents who were undocumented when the policies parted, 2.0 "
            "people without a conviction are removed in a year under A, 8.0 under B: 4.0 times "
            "as many (90% interval 2.0 to 8.0).",
        ),
        (
            ("exposed", "latino"),
            0.1,
            Estimate(0.25, 0.15, 0.05, 0.3, 150.0, 50.0, 300.0),
            "Of 1,000 Latino residents, 100 know someone detained or removed within the year "
            "under A, 250 under B: 2.5 times as many (90% interval 1.5 to 4.0).",
        ),
        (
            ("immigration_hours", "all"),
            0.4567,
            Estimate(0.685, 0.2283, 0.04, 0.4, 50.0, 10.0, 90.0),
            "Of 1,000 police hours, 456.7 go to immigration work under A, 685.0 under B: 50% more "
            "(90% interval 10 to 90).",
        ),
        (
            ("separated", "all"),
            2.0,
            Estimate(3.0, 1.0, 0.2, 1.8, 50.0, 10.0, 90.0),
            "For every 1,000 residents who were undocumented when the policies parted, 2.0 "
            "citizens aged 12 or over lose a household member to removal in a year under A, 3.0 "
            "under B: 50% more (90% interval 10 to 90).",
        ),
        (
            ("social_cost", "all"),
            1000.0,
            Estimate(3200.0, 2200.0, 1000.0, 3100.0, 220.0, 100.0, 310.0),
            "Crime and jail cost society $1,000 a resident and year under A, $3,200 under B: 3.2 "
            "times as much (90% interval 2.0 to 4.1).",
        ),
        (
            ("social_cost", "all"),
            0.0,
            Estimate(20.0, 20.0, 10.0, 30.0),
            "Crime and jail cost society nothing a resident and year under A, $20 under B: $20.0 "
            "more (90% interval 10.0 to 30.0).",
        ),
    ],
)
def test_a_change_is_said_with_numbers_that_can_be(row, before, after, sentence):
    assert told_of(*row, before, after).changed == (sentence,)


@pytest.mark.parametrize(
    ("after", "line"),
    [
        (Estimate(0.5, 0.0, 0.0, 0.0, events=9), "No difference in any of the 10 towns under B: "),
        (Estimate(0.5, 0.1, events=90), "Too few towns or events for an interval under B: "),
        (Estimate(0.5, 0.1, events=4), "Too few events to say under B: "),
        (Estimate(0.5, 0.1, -0.1, 0.3, 25.0, -20.0, 75.0), "Too close to call under B: "),
        (Estimate(0.5, 0.001, 0.0001, 0.002, 0.2, 0.1, 0.4), "Less than 1% different under B: "),
    ],
)
def test_what_cannot_be_told_is_said_under_its_reason(after, line):
    lines = [x for x in told_of("reporting", "latino", 0.5, after).unclear if x.startswith(line)]
    assert "reporting, Latino" in " ".join(lines)


def test_one_town_in_which_nothing_differs_says_so():
    line, *_ = told_of("trust", "latino", 0.5, Estimate(0.5, 0.0), 1).unclear
    assert line == "No difference in the one town under B: trust in local police, Latino."


def test_every_outcome_of_a_summary_has_a_sentence():
    assert set(_FORMS) == set(_KEY)


def test_the_same_rules_are_the_same_and_it_is_said_why():
    later = {"now": Policy(), "later": Policy()}
    c = ta.compare(later, **SMALL_ONES)
    assert c.findings() == [
        "The same rules are in force under later as under now in every week, so that nothing can "
        "differ."
    ]
    assert set(c.effects()["verdict"].dropna()) == {"the same rules"}


def test_one_town_says_what_it_saw_and_no_more():
    c = ta.compare(["none", "community-trust"], **SMALL_ONES | {"replicates": 1})
    text = "\n".join(c.findings())
    assert "(too few towns or events for an interval)" in text
    assert "90% interval" not in text
    assert "Too few events to say" in text
    assert not re.search(r"none crimes|\b0\.0+ (more|fewer)|\b0% |-0\b|\bnan\b", text)


def test_numbers_that_are_not_zero_do_not_look_like_zero():
    assert [said(x, 1) for x in (0.0, -0.0, 0.04, -0.0004, 12.34)] == [
        "0",
        "0",
        "0.04",
        "-0.0004",
        "12.3",
    ]
    assert said_apart([5.0, 4.0, 4.4], 0) == ["5.0", "4.0", "4.4"]
    assert said_apart([1.6, 0.9, 2.4], 0) == ["1.6", "0.9", "2.4"]
    assert percent_said(-0.02, -0.3, 0.0) == ("-0.02%", "-0.3 to 0%")
    assert shown(0.0, "share of residents") == "0%"
    assert shown(0.00004, "share of residents", signed=True) == "+0.004"


def test_arms_are_told_apart_in_every_output(tmp_path, capsys):
    from trustabm.telling.terminal import print_comparison

    for folder in ("old", "new"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "ours.toml").write_text(
            'title = "Our rules"\nsentence = "Ours."\nsource = "us"\n[levers]\n'
            f"firewall = {0.2 if folder == 'old' else 0.9}\n"
        )
    paths = [str(tmp_path / folder / "ours.toml") for folder in ("old", "new")]
    c = ta.compare(paths, **SMALL_ONES)
    assert list(c.arms) == paths
    assert list(c.arms.values()) == [f"Our rules ({p})" for p in paths]
    assert set(c.effects()["arm"]) == set(paths)
    named = ta.compare({"before": paths[0], "after": paths[1], "none": "none"}, **SMALL_ONES)
    assert list(named.arms.values()) == ["before", "after", "none"]
    print_comparison(named)
    assert "Our rules" not in capsys.readouterr().out
    with pytest.raises(InvalidInput, match="names of your own"):
        ta.compare([paths[0], paths[0]], **SMALL_ONES)


def test_names_and_titles_apart():
    assert names_apart(["none", "a/mine.toml", "b/mine.toml", "c/other.toml"]) == [
        "none",
        "a/mine.toml",
        "b/mine.toml",
        "other",
    ]
    assert titles_apart({"x": "Same", "y": "same ", "z": "Other"}) == {
        "x": "Same (x)",
        "y": "same  (y)",
        "z": "Other",
    }
    assert titles_apart({"a": "t", "b": "t", "c": "t (a)"}) == {"a": "a", "b": "b", "c": "c"}


def test_labels_are_unique():
    assert len({label(*row, SHIPPED) for row in key(SHIPPED)}) == len(key(SHIPPED))
