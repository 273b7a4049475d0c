"""A lesson's kit: made from its file, with the numbers of its run; and what a class gained."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest

from trustabm.classroom.answers import CARE
from trustabm.classroom.gain import gain, read_answers
from trustabm.classroom.kit import answered, write
from trustabm.classroom.lesson import FOLDER, Lesson, lessons
from trustabm.classroom.reveal import Line, Reveal
from trustabm.cli import main
from trustabm.errors import InvalidInput


class Asks(HTMLParser):
    """Finds what a page would ask of anybody, and its visible text."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.text = [], []

    def handle_starttag(self, tag, attrs):
        self.asked += [v for k, v in attrs if k in ("src", "href", "action")]

    def handle_data(self, data):
        self.text.append(data)


def read(path) -> Asks:
    page = Asks()
    page.feed(path.read_text("utf-8"))
    return page


def lines(lesson) -> tuple[Line, ...]:
    """Return made-up lines, each with a number of its own: 11% for the first, 12% and so on."""
    many = range(1 + len(lesson.also))
    return tuple(
        Line(f"title {k}", "unit", (2.0, 1.0), (f"a{k}!", f"b{k}!"), f"{11 + k}% lower.")
        for k in many
    )


@pytest.mark.parametrize("name", list(lessons()))
def test_every_shipped_lesson_has_a_whole_kit(name, tmp_path):
    """Its answers name numbers of its run; pages ask for nothing; every item has a key."""
    lesson = lessons()[name].model_copy(update={"residents": 600, "burn_in": 4})
    told = [Reveal(f"verdict {k}", lines(lesson)) for k in range(len(lesson.predictions))]
    write(lesson, name, told, ["a notice"], tmp_path)
    pages = {path.stem: read(path) for path in tmp_path.glob("*.html")}
    assert set(pages) == {"script", "slides", "cards", "items"}
    for page in pages.values():
        assert page.asked == []
    script, slides = ("".join(pages[x].text) for x in ("script", "slides"))
    for text in (lesson.question, *(p.text for p in lesson.predictions)):
        assert text in script
        assert text in slides
    assert all(f"verdict {k}" in script for k in range(len(lesson.predictions)))
    assert all(f"{11 + k}% lower" in slides for k in range(1 + len(lesson.also)))
    assert all(answered(x, lines(lesson)) in script for x in lesson.answers)
    # What a question is answered with is of the run, and not of the file.
    assert any("{" in x for x in lesson.answers)
    assert all(line in "".join(pages["cards"].text) for line in CARE)
    cards = tmp_path.joinpath("cards.html").read_text("utf-8")
    assert cards.count("<section>") == 32
    assert len(lesson.items) >= 3
    head = (tmp_path / "answers.csv").read_text()
    assert head == "pupil,pre_1,pre_2,pre_3,post_1,post_2,post_3\n"


def test_an_answer_has_the_numbers_of_its_place():
    two = (
        Line("x", "u", (1.0, 2.0), ("1", "2"), "Higher by 3%."),
        Line("y", "u", (1.0, 2.0), ("4", "5"), "6% lower."),
    )
    assert answered("So {1}; {0}; {a0} and {b1}.", two) == "So 6% lower; higher by 3%; 1 and 5."


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("right = 1", "right = 3", "expected below 3, got 3"),
        ("by undocumented residents themselves: {1}", "{9}", r"expected \{0\} to \{4\}"),
        ("answers = [", 'answers = [\n  "one more",', "answers: expected 3, one to each, or none"),
    ],
)
def test_a_lesson_with_a_wrong_answer_or_item_is_refused(tmp_path, old, new, named):
    text = (FOLDER / "citizen.toml").read_text("utf-8")
    assert old in text
    (tmp_path / "x.toml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(InvalidInput, match=named):
        Lesson.read(tmp_path / "x.toml")


def test_a_gain_is_the_paired_difference_with_its_t_interval():
    """By hand: differences 0, 1/3, 2/3; mean 1/3, sd 1/3, t(0.95, 2) = 2.92: half 0.562."""
    found = gain([(1 / 3, 1 / 3), (0.0, 1 / 3), (1 / 3, 1.0)])
    assert found.gain == pytest.approx(1 / 3)
    assert found.low == pytest.approx(1 / 3 - 2.91999 / 3 / 3**0.5, abs=1e-4)
    assert found.high == pytest.approx(1 / 3 + 2.91999 / 3 / 3**0.5, abs=1e-4)
    assert (found.pre, found.post) == (pytest.approx(2 / 9), pytest.approx(5 / 9))


def test_answers_are_marked_by_the_key(tmp_path, capsys):
    """The key of the lesson `citizen` is B, A, B; an item left out is wrong."""
    table = tmp_path / "answers.csv"
    table.write_text(
        "pupil,pre_1,pre_2,pre_3,post_1,post_2,post_3\n"
        "1,A,A,A,B,A,B\n"  # 1 of 3, then 3
        "2,b,,C,B,A,\n"  # 1, then 2
        "3,C,C,C,,,\n"  # only once
    )
    assert [("ABC"[item.right]) for item in lessons()["citizen"].items] == ["B", "A", "B"]
    found = read_answers(table, "BAB")
    assert (found.pupils, found.left_out) == (2, 1)
    assert (found.pre, found.post) == (pytest.approx(1 / 3), pytest.approx(5 / 6))
    with pytest.raises(SystemExit, match="0"):
        main(["lesson", "gain", str(table), "--lesson", "citizen"])
    assert json.loads(capsys.readouterr().out)["gain"] == pytest.approx(0.5)
    with pytest.raises(SystemExit, match="0"):
        main(
            ["lesson", "gain", str(table), "--lesson", "citizen", "--out", str(tmp_path / "g.csv")]
        )
    assert (
        (tmp_path / "g.csv").read_text().startswith("pupils,left_out,pre,post,gain,low,high\n2,1,")
    )


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("pupil,pre_1\n", "columns: expected pupil,pre_1,post_1, got 'pupil,pre_1'"),
        ("pupil,pre_1,post_1\n1,A,X\n", "line 2, post_1: expected a letter A to F or nothing"),
        ("pupil,pre_1,post_1\n1,A,A\n", "expected at least 2 who answered twice, got 1"),
    ],
)
def test_a_wrong_table_of_answers_is_named(tmp_path, text, named):
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(InvalidInput, match=named):
        read_answers(tmp_path / "a.csv", "A")
