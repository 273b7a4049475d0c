"""Results in a notebook: equal or not, hashed, and shown as a page."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

import trustabm as ta
from trustabm.outcomes.numbers import with_unit
from trustabm.runs.notebook import page, same
from trustabm.study.kept import shipped

RUN = {"town": "us-average", "policy": "none", "weeks": 4, "residents": 300, "seed": 7}
ASKED = {"replicates": 2, "weeks": 4, "burn_in": 2, "residents": 300, "draws": 0, "workers": 1}


@pytest.fixture(scope="module")
def result():
    return ta.run(RUN)


@pytest.fixture(scope="module")
def comparison():
    return ta.compare(["none", "secure-communities"], **ASKED)


class Cells(HTMLParser):
    """Rows of cells, and the other text, of a page."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.other, self._in = [], [], []
        self.feed(text)
        self.close()
        assert self._in == []

    def handle_starttag(self, tag, attrs):
        self._in.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self._in.pop() == tag

    def handle_data(self, data):
        if self._in[-1] in ("td", "th"):
            self.rows[-1][-1] += data
        else:
            self.other.append(data)


@dataclass(eq=False)
class Kept:
    values: object
    made: str = field(default="", compare=False)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (np.array([1.0, np.nan]), np.array([1.0, np.nan]), True),
        (np.array([1.0]), np.array([1.0], np.float32), False),
        (np.array([1.0]), np.array([1.0 + 2**-52]), False),
        (pd.DataFrame({"a": [1.0, np.nan]}), pd.DataFrame({"a": [1.0, np.nan]}), True),
        (pd.DataFrame({"a": [1]}), pd.DataFrame({"b": [1]}), False),
        ({"x": np.zeros(2)}, {"x": np.zeros(2)}, True),
        ({"x": np.zeros(2)}, {"x": np.zeros(2), "y": 1}, False),
        ((np.zeros(2), 1), (np.zeros(2), 2), False),
        ((1,), (1, 2), False),
        (1, 1.0, False),
        (Kept(np.zeros(2), "now"), Kept(np.zeros(2), "then"), True),
        (Kept(np.zeros(2)), Kept(np.ones(2)), False),
    ],
)
def test_what_is_the_same_bit_for_bit(one, other, equal):
    assert same(one, other) is equal


def test_a_page_shows_what_it_is_given_and_takes_no_text_for_markup():
    table = pd.DataFrame({"Outcome": ["a < b"], "1 & 2": ["3"]})
    shown = Cells(page("<i>Town", "of 2 & 3", table, ["first > last"]))
    assert shown.rows == [["Outcome", "1 & 2"], ["a < b", "3"]]
    assert shown.other == ["<i>Town", "of 2 & 3", "first > last"]


def test_units_stand_with_the_names_of_what_does_not_show_them():
    assert with_unit("Reporting", "share of victimizations") == "Reporting"
    assert with_unit("Trust", "0 to 1") == "Trust (0 to 100)"
    assert with_unit("Stops", "per 1,000 a year") == "Stops (per 1,000 a year)"


def test_a_run_made_again_is_equal_and_one_of_another_seed_is_not(result):
    again, other = ta.run(RUN), ta.run({**RUN, "seed": 8})
    assert again.provenance["made"]
    assert again == result
    assert hash(again) == hash(result)
    assert len({result, again, other}) == 2
    assert result != other
    assert result != 1
    altered = result.weekly.copy()
    altered.loc[3, "trust"] = np.nextafter(altered.loc[3, "trust"], 2)
    assert dataclasses.replace(result, weekly=altered) != result


def test_a_comparison_made_again_is_equal_and_one_of_another_seed_is_not(comparison):
    again = ta.compare(["none", "secure-communities"], **ASKED)
    other = ta.compare(["none", "secure-communities"], **ASKED, seed=1)
    assert again == comparison
    assert len({comparison, again, other}) == 2
    assert dataclasses.replace(comparison, by_week=comparison.by_week + 1) != comparison


def test_a_run_shows_its_key_outcomes(result):
    shown = Cells(result._repr_html_())
    head, *rows = shown.rows
    assert rows[0][0] == "Trust in local police (0 to 100)"
    assert head[0] == "Outcome"
    assert head[-1] == "Everyone"
    whole = 100 * result.summary().loc["trust", "all"]
    assert rows[0][-1] == f"{whole:.1f}"
    assert shown.other[0] == "us-average under none"
    assert "The last 4 of 4 weeks" in shown.other[1]
    assert repr(result) == "<Result: us-average under none, 4 weeks>"


def test_a_comparison_shows_what_it_finds(comparison):
    shown = Cells(comparison._repr_html_())
    assert shown.rows[0] == ["Outcome", "No entanglement", "Secure Communities"]
    level = comparison.estimates["trust", "latino", "none"].level
    row = next(r for r in shown.rows if r[0].startswith("Trust") and "Latino" in r[0])
    assert row[1] == f"{100 * level:.1f}"
    for line in comparison.findings():
        assert line in shown.other
    assert repr(comparison) == (
        "<Comparison: secure-communities against none in United States, average jurisdiction, "
        "2 towns, 4 weeks>"
    )


def test_a_study_shows_its_first_outcomes_effects():
    (folder,) = shipped().values()
    study = ta.open_study(folder)
    shown = Cells(study._repr_html_())
    assert repr(study) == "<OpenStudy: Publicity and actual enforcement, 480 of 480 runs>"
    assert shown.other[0] == study.study.title
    assert shown.other[1].startswith("480 of 480 runs; effects on trust of latino-undocumented")
    head, *rows = shown.rows
    assert head[:5] == ["town", "point", "publicity", "ice_capacity", "arm"]
    assert len(rows) == 12  # points, of one arm beside the reference
    first = study.effects().iloc[0]
    assert rows[0][-4:] == [*(f"{first[k]:.4g}" for k in ("difference", "low", "high")), "lower"]
