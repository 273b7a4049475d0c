"""Lessons: the shipped ones are valid and worth a run, a wrong one is refused."""

from __future__ import annotations

import json
import threading

import pytest
from trustabm_app.shared.ensembles import Ensemble

from trustabm.classroom.lesson import FOLDER, lessons, shelf
from trustabm.classroom.reveal import found, reveal
from trustabm.cli import main
from trustabm.inputs.catalog import read_toml


def test_six_lessons_are_shipped_and_run():
    assert len(lessons()) == 6
    for lesson in lessons().values():
        assert {p.says for p in lesson.predictions} == {"higher", "lower", "same"}
        assert lesson.experiment().lines[1].title


def test_the_command_line_prints_the_schema_of_a_lesson(capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["schema", "lesson"])
    schema = json.loads(capsys.readouterr().out)
    assert schema["title"] == "Lesson"
    assert schema["additionalProperties"] is False
    for path in FOLDER.glob("*.toml"):
        written = read_toml(path)
        assert set(schema["required"]) <= set(written) <= set(schema["properties"])


@pytest.mark.slow
@pytest.mark.parametrize("name", list(lessons()))
def test_a_lesson_runs_whole_and_answers_its_question(name):
    lesson = lessons()[name]
    over = threading.Event()
    ensemble = Ensemble(
        lesson.experiment(),
        lambda e: None if e.busy else over.set(),
    ).start()
    assert over.wait(300)
    assert ensemble.state == "done", ensemble.message
    c = ensemble.comparison
    assert c.replicates == lesson.replicates
    d = lesson.decides
    came = found(c.estimates[d.outcome, d.group, list(c.arms)[1]], lesson.margin)
    # There is something to see, whatever it is: exactly one prediction is borne out.
    assert came != "unclear"
    agrees = [
        "agrees" in reveal(lesson, c.estimates, c.arms, p.says).verdict for p in lesson.predictions
    ]
    assert agrees == [p.says == came for p in lesson.predictions]
    assert sum(agrees) == 1
    assert all(line.levels for line in reveal(lesson, c.estimates, c.arms, "same").lines)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('policy = "none"', 'policy = "nome"', "a.policy"),
        ('group = "latino-mixed"', 'group = "latinos"', "decides.group"),
        ("order = 1", 'order = "1"', "order"),
        ("order = 1", "margin = -1.0", "margin"),
        ("order = 1", "weaks = 52", "weaks"),
        ("order = 1", "weeks = 100000", "weeks"),
        ("order = 1", "parameters = { fears = true }", "parameters: fears"),
        ('policy = "none"', 'policy = "none"\nlevers = { firewal = 1.0 }', "a.levers.firewal"),
        (
            'policy = "none"',
            'policy = "none"\nlevers = { firewall = 9.0 }',
            "a.levers.firewall: expected at most 1.0, got 9.0",
        ),
    ],
)
def test_a_wrong_lesson_is_named_and_the_others_go_on(tmp_path, old, new, named):
    text = (FOLDER / "citizen.toml").read_text("utf-8")
    assert old in text
    (tmp_path / "fine.toml").write_text(text, "utf-8")
    (tmp_path / "mine.toml").write_text(text.replace(old, new, 1), "utf-8")
    (tmp_path / "broken.toml").write_bytes(b"\xff\xfet")
    known, wrong = shelf(tmp_path)
    assert list(known) == ["fine"]
    assert [line.partition(":")[0] for line in wrong] == ["broken.toml", "mine.toml"]
    assert named in wrong[1]
    assert "got" in wrong[1] or "no such lever" in wrong[1]
    assert str(tmp_path) not in "".join(wrong)
