"""Lessons: the shipped ones are valid, a wrong one is refused, the reveal is what was computed."""

from __future__ import annotations

import json

import pytest
from trustabm_app.lesson import FOLDER, lessons, read_lesson, reveal
from trustabm_app.pages.lessons import chosen

from trustabm.catalog import read_toml
from trustabm.cli import main
from trustabm.errors import InvalidInput
from trustabm.estimates import Estimate

ARMS = {"none": "A", "x": "B"}


def test_six_lessons_are_shipped_and_run():
    assert len(lessons()) == 6
    for lesson in lessons().values():
        assert {p.says for p in lesson.predictions} == {"higher", "lower", "same"}
        assert lesson.setting.design(2).arms[1].title


def test_the_command_line_prints_the_schema_of_a_lesson(capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["schema", "lesson"])
    schema = json.loads(capsys.readouterr().out)
    assert schema["title"] == "Lesson"
    assert schema["additionalProperties"] is False
    for path in FOLDER.glob("*.toml"):
        written = read_toml(path)
        assert set(schema["required"]) <= set(written) <= set(schema["properties"])


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('policy = "none"', 'policy = "nome"', "a.policy"),
        ('group = "latino-mixed"', 'group = "latinos"', "decides"),
        ("order = 1", 'order = "1"', "order"),
        ("order = 1", "weaks = 52", "weaks"),
        ("order = 1", "weeks = 100000", "weeks"),
        ("order = 1", "parameters = { fears = true }", "fears"),
        ('policy = "none"', 'policy = "none"\nlevers = { firewal = 1.0 }', "firewal"),
    ],
)
def test_a_wrong_lesson_is_refused_and_named(tmp_path, old, new, named):
    text = (FOLDER / "citizen.toml").read_text("utf-8")
    assert old in text
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(InvalidInput, match=named):
        read_lesson(path)


def estimates(lesson, after):
    before = Estimate(0.5)
    return {
        (m.outcome, m.group, arm): e
        for m in (lesson.decides, *lesson.also)
        for arm, e in (("none", before), ("x", after))
    }


def test_the_reveal_says_what_was_computed():
    lesson = lessons()["citizen"]
    less = Estimate(0.4, -0.1, -0.12, -0.08, -20.0, -24.0, -16.0)
    verdict, lines = reveal(lesson, estimates(lesson, less), ARMS, "lower")
    assert "agrees" in verdict
    assert "50.0%" in lines[0]
    assert "20.0% lower (90% interval 16.0 to 24.0)" in lines[0]
    verdict, _ = reveal(lesson, estimates(lesson, less), ARMS, "same")
    assert "does not agree" in verdict


def test_what_cannot_be_told_apart_is_too_close_to_call():
    lesson = lessons()["citizen"]
    near = Estimate(0.49, -0.01, -0.03, 0.01, -2.0, -6.0, 2.0)
    verdict, lines = reveal(lesson, estimates(lesson, near), ARMS, "lower")
    assert verdict.startswith("Too close to call")
    assert "too close to call (90% interval -6.0% to +2.0%)" in lines[0]


def test_an_address_asks_for_a_lesson_or_gets_the_list():
    assert chosen("lesson=citizen&town=x") == "citizen"
    assert chosen("lesson=../../etc") is None
    assert chosen(None) is None
