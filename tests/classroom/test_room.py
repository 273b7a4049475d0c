"""A room: who is in it, what they committed to, and what each is shown."""

from __future__ import annotations

import json

import pytest

from trustabm.classroom import PUPILS_MAX, Room
from trustabm.classroom.predictions import Came, Predictions, Question, dealt
from trustabm.errors import InvalidInput

ASKED = Question("Will it rise?", ("Before you say.",), ("It rises.", "It falls."), 7)
TOWNS = tuple((100.0, 100.0 + k) for k in range(PUPILS_MAX))
CAME = Came(
    ("Agrees.", "Does not agree."),
    "Crimes reported",
    "of 1,000",
    ("None", "Some"),
    TOWNS,
    "49.5% higher",
    49.5,
    (45.0, 54.0),
)


def a_room(questions=2):
    return Room(Predictions([ASKED] * questions, dict.fromkeys(range(questions), CAME)))


def test_who_comes_back_with_a_token_is_the_same_pupil():
    room = a_room()
    one, other = room.join(), room.join("made up")
    assert one.number != other.number
    assert other.token != "made up"  # a token is the room's to give
    assert room.join(one.token) == one
    assert room.numbers == sorted([one.number, other.number])


def test_a_hundred_pupils_have_a_hundred_towns_and_the_next_is_told():
    room = a_room()
    numbers = [room.join().number for _ in range(PUPILS_MAX)]
    assert sorted(numbers) == list(range(1, 101))
    assert sorted(dealt(7, n, 100) for n in numbers) == list(range(100))
    assert [dealt(7, n, 100) for n in range(1, 6)] != [dealt(8, n, 100) for n in range(1, 6)]
    with pytest.raises(InvalidInput, match="at most 100 pupils"):
        room.join()


def test_a_choice_is_committed_to_once_and_in_time():
    room = a_room()
    pupil = room.join()
    for round_, choice, why in ((0, 2, "one of the options"), (0, -1, "options"), (1, 0, "closed")):
        with pytest.raises(InvalidInput, match=why):
            room.commit(pupil, round_, choice)
    assert room.waiting == [pupil.number]
    room.commit(pupil, 0, 1)
    room.commit(pupil, 0, 1)  # said again after a reload
    with pytest.raises(InvalidInput, match="committed to another"):
        room.commit(pupil, 0, 0)
    assert room.waiting == []
    room.advance()
    room.commit(pupil, 0, 1)  # the phone missed the answer
    late = room.join()
    with pytest.raises(InvalidInput, match="closed"):
        room.commit(late, 0, 0)
    assert room.waiting == []
    assert room.state_for(pupil).choice == 1
    assert room.state_for(late)[1:4] == (0, False, None)


def test_a_question_is_asked_counted_and_revealed():
    room = a_room()
    pupils = [room.join() for _ in range(4)]
    for k, pupil in enumerate(pupils[:3]):
        room.commit(pupil, 0, int(k == 2))
    assert room.board().counts == ()  # nobody sees what others expect before all have said
    assert room.state_for(pupils[0]).sheet.said == ""
    room.advance()
    assert room.board().counts == (2, 1)
    assert room.board().strip is None
    room.advance()
    board = room.board()
    assert board.said == "49.5% higher"
    changes = [float(dealt(7, p.number, 100)) for p in pupils]
    assert sorted(board.strip.dots) == sorted(changes[:3])
    assert (board.strip.middle, board.strip.ends) == (49.5, (45.0, 54.0))
    sheets = [room.state_for(p).sheet for p in pupils]
    assert [s.said for s in sheets] == [
        "Agrees.",
        "Agrees.",
        "Does not agree.",
        "You committed to no prediction.",
    ]
    for sheet, change in zip(sheets, changes, strict=True):
        assert sheet.strip.own == change
        assert f"Your town is number {change + 1:.0f} of 100." in sheet.after[0]
    room.advance()
    assert room.state_for(pupils[0])[1:4] == (1, True, None)
    assert room.activity.following.startswith("Close")
    room.advance()
    room.advance()
    with pytest.raises(InvalidInput, match="nothing more"):
        room.advance()


def test_a_reveal_waits_for_the_run():
    room = Room(Predictions([ASKED], progress="12 of 100 towns"))
    room.advance()
    assert room.activity.following == ""
    assert room.board().after == ("12 of 100 towns",)
    room.activity.came[0] = CAME
    assert room.activity.following == "Reveal"


def test_a_room_that_was_kept_goes_on_where_it_was():
    room = a_room()
    pupils = [room.join() for _ in range(3)]
    for pupil in pupils[:2]:
        room.commit(pupil, 0, 0)
    for _ in range(3):
        room.advance()
    room.commit(pupils[2], 1, 1)
    kept = json.loads(json.dumps(room.kept()))
    again = Room.again(kept, Predictions([ASKED] * 2, {0: CAME, 1: CAME}))
    assert again.code == room.code
    assert again.kept() == kept
    assert [again.join(p.token) for p in pupils] == pupils
    assert [again.state_for(p) for p in pupils] == [room.state_for(p) for p in pupils]
    assert again.board() == room.board()
    # All that is kept of a pupil is a token, a number and what they chose.
    assert set(kept) == {"code", "pupils", "choices", "steps"}


def test_the_table_has_what_was_revealed_and_no_more():
    room = a_room()
    pupil = room.join()
    room.commit(pupil, 0, 1)
    assert [r["change"] for r in room.table()] == [None]
    room.advance()
    room.advance()
    room.advance()
    room.commit(pupil, 1, 0)
    town = dealt(7, pupil.number, 100)
    first, second = room.table()
    assert first == {
        "pupil": pupil.number,
        "round": 1,
        "question": "Will it rise?",
        "prediction": "It falls.",
        "town": town + 1,
        "outcome": "Crimes reported, of 1,000",
        "a": 100.0,
        "b": 100.0 + town,
        "change": float(town),
    }
    assert (second["round"], second["town"], second["change"]) == (2, None, None)
