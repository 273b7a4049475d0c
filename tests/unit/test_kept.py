"""Work that is done once: lines that count, and lines that do not."""

from __future__ import annotations

import pytest

from trustabm.errors import OutputExists
from trustabm.runs.kept import kept
from trustabm.sealed import locked

TASKS = {"a": 1, "b": 2, "c": 3}


def doubled(n):
    return {"n": 2 * n, "third": n / 3}


WHOLE = {name: doubled(n) for name, n in TASKS.items()}


def counting(seen):
    def do(n):
        seen.append(n)
        return doubled(n)

    return do


def test_what_is_done_is_not_done_again(tmp_path):
    seen: list[int] = []
    assert kept(tmp_path, ["x"], TASKS, counting(seen)) == WHOLE
    assert kept(tmp_path, ["x"], TASKS, counting(seen)) == WHOLE
    assert seen == [1, 2, 3]
    some = kept(tmp_path, ["x"], {"c": 3, "d": 4}, counting(seen))
    assert list(some) == ["c", "d"]
    assert seen == [1, 2, 3, 4]


def test_other_settings_share_nothing(tmp_path):
    seen: list[int] = []
    kept(tmp_path, ["x"], TASKS, counting(seen))
    kept(tmp_path, ["y"], TASKS, counting(seen))
    assert seen == [1, 2, 3] * 2


def test_a_stop_costs_no_more_than_the_piece_at_work(tmp_path):
    def stops(n):
        if n == 3:
            raise KeyboardInterrupt
        return doubled(n)

    with pytest.raises(KeyboardInterrupt):
        kept(tmp_path, ["x"], TASKS, stops)
    seen: list[int] = []
    told: list[tuple[int, int]] = []
    found = kept(tmp_path, ["x"], TASKS, counting(seen), progress=lambda *at: told.append(at))
    assert found == WHOLE
    assert seen == [3]
    assert told == [(2, 3), (3, 3)]


def test_lines_that_are_not_as_they_were_written_are_done_again(tmp_path):
    path = tmp_path / "done.jsonl"
    kept(tmp_path, ["x"], TASKS, doubled)
    first, second, third = path.read_text().splitlines(keepends=True)
    torn = first.replace('"n": 2', '"n": 3') + second + third[:-9]
    path.write_text(torn)
    seen: list[int] = []
    assert kept(tmp_path, ["x"], TASKS, counting(seen)) == WHOLE
    assert seen == [1, 3]
    assert kept(tmp_path, ["x"], TASKS, counting(seen)) == WHOLE
    assert seen == [1, 3]


def test_two_at_a_time_in_one_folder_are_refused(tmp_path):
    with locked(tmp_path, ".lock", "command"), pytest.raises(OutputExists):
        kept(tmp_path, ["x"], TASKS, doubled)


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(OutputExists, match="something else"):
        kept(tmp_path, ["x"], TASKS, doubled)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
