"""A link is a question, and Town and Compare show what it asks."""

from __future__ import annotations

import datetime as dt

import pytest
from trustabm_app.shared.address import read
from trustabm_app.shared.places import place_named, places_like
from trustabm_app.shared.question import Question, offers, read_question

from trustabm.errors import InvalidInput
from trustabm.inputs import catalog
from trustabm.inputs.places.written import written
from trustabm.inputs.timeline import Preset
from trustabm.inputs.town import town
from trustabm.runs.arms import parting
from trustabm.runs.experiment import Experiment

LINK = "place=mecklenburg-nc&change=287g-task-force-2025&from=2027-01"


def test_a_question_comes_back_from_its_link():
    question = read_question(LINK)
    assert question.place.title == "Mecklenburg County, North Carolina"
    assert (question.change, question.since) == ("287g-task-force-2025", dt.date(2027, 1, 1))
    assert question.query() == LINK
    assert not question.notices
    assert read_question(question.query()) == question


@pytest.mark.parametrize(
    ("search", "says"),
    [
        ("place=nowhere", "place: there is no “nowhere”; type its name to find it."),
        ("change=tax", "change: there is no “tax” here. Shown is nothing of it."),
        ("from=2027-13", "from: expected a month from 1990-01 to 2040-12, got “2027-13”; shown is"),
        ("from=1000-01", "from: expected a month from 1990-01 to 2040-12, got “1000-01”; shown is"),
    ],
)
def test_what_a_link_cannot_have_is_said(search, says):
    question = read_question(search)
    assert question.notices[0].startswith(says)
    assert not question.whole


@pytest.mark.parametrize(
    ("typed", "word", "title"),
    [
        ("texas", "TX", "Texas (whole state)"),
        ("TX", "TX", "Texas (whole state)"),
        ("New York", "NY", "New York (whole state)"),
        ("New York County", "new-york-ny", "New York County, New York"),
        ("District of Columbia", "district-of-columbia-dc", "District of Columbia"),
        ("48453", "travis-tx", "Travis County, Texas"),
    ],
)
def test_a_place_is_a_county_or_a_state(typed, word, title):
    assert place_named(typed)[:2] == (word, title)
    assert title in [p.title for p in places_like(title.split(",")[0])]
    assert read_question(f"place={word}").place.title == title


def test_a_town_of_ones_own_is_a_place_and_stands_before_the_county(tmp_path, monkeypatch):
    (tmp_path / "towns").mkdir()
    for name in ("travis-tx", "harbor"):
        text = written(town("travis-tx"), "").replace("Travis County, Texas", f"My {name}")
        (tmp_path / "towns" / f"{name}.toml").write_text(text)
    monkeypatch.setenv("TRUSTABM_LIBRARY", str(tmp_path))
    assert [p.title for p in places_like("my")][:2] == ["My harbor", "My travis-tx"]
    assert place_named("my harbor").word == "harbor"
    asked = read_question("place=travis-tx&change=no-detainers&from=2027-01")
    assert asked.experiment().place.title == "My travis-tx"


def test_a_state_is_asked_as_the_command_asks_it():
    experiment = read_question("place=TX&change=no-detainers&from=2027-01").experiment()
    sizes = experiment.town, experiment.residents, experiment.replicates
    assert sizes == ("48201", 2000, 100)
    assert read("place=FL&change=no-detainers&from=2027-01").town == "miami-dade-fl"


def test_it_is_what_the_command_runs():
    arms = parting((), ["287g-task-force-2025"], "2027-01", None)
    asked = Experiment.make({"town": "mecklenburg-nc", **arms}, "compare")
    assert read_question(LINK).experiment() == asked


def test_compare_shows_the_same_arms():
    setting = read(LINK)
    assert not setting.notices
    assert setting.experiment(2) == read_question(LINK).experiment()
    again = read(setting.query())
    assert again == setting
    assert "town=mecklenburg-nc" in setting.query()
    assert setting.experiment(1).start == dt.date(2027, 1, 1)


def test_any_county_may_be_a_town_and_a_change_that_contradicts_is_left_out():
    assert read("town=48453").town == "travis-tx"
    odd = read("town=travis-tx&a=none&b=sanctuary&laid=287g-task-force-2025&b.ask_status=stop")
    odd.experiment(2)


def test_every_policy_says_who_does_what_for_each_of_its_levels():
    for offer in offers():
        assert offer.act[-1] != "."
        Question(place_named("travis-tx"), offer.word, dt.date(2027, 1, 1)).experiment()
    said = {o.word for o in offers() if o.level == "local"}
    wanted = {n for n in catalog.names("policies") if _sets(n)}
    assert said == wanted
    assert {o.level for o in offers()} == {"local", "federal"}


def _sets(name):
    return bool(catalog.read("policies", name, Preset).of("local"))


def test_an_act_of_a_level_without_levers_is_refused(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(
        'title = "Mine"\nsentence = "S."\nsource = "O."\n[acts]\nstate = "the state acts"\n'
        "[levers]\noutreach = 0.5\n"
    )
    with pytest.raises(InvalidInput, match=r"acts\.state: expected a state lever among those"):
        catalog.read("policies", str(file), Preset)
