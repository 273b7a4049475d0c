"""The batches that are in the repository."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from trustabm.forecasts.checking import checked
from trustabm.forecasts.questions import onto
from trustabm.forecasts.registry import batches

FOLDER = Path(__file__).parents[2] / "forecasts"

BATCHES = batches(FOLDER)

NORMAL_95 = 1.6448536


def test_every_batch_is_whole_and_as_it_was_first_committed():
    for found in checked(FOLDER):
        assert found.problems == (), found.path


@pytest.mark.parametrize("path", [path for path, _ in BATCHES], ids=lambda path: path.stem)
def test_a_batch_has_fifty_statements_with_nothing_left_empty(path):
    batch = dict(BATCHES)[path]
    assert len(batch.statements) >= 50
    for s in batch.statements:
        plain = s.model_dump(exclude={"outcome", "naive"})
        assert all(value not in ("", None) for value in plain.values()), s.id
        assert s.naive.no_change is not None or s.naive.last_value is not None, s.id
        assert s.naive.last_value is None or s.naive.last_source, s.id
        assert s.id.startswith(f"{batch.header.batch}/")


@pytest.mark.parametrize("path", [path for path, _ in BATCHES], ids=lambda path: path.stem)
def test_no_statement_is_about_what_was_due_when_it_was_made(path):
    for s in dict(BATCHES)[path].statements:
        assert s.due > s.made_on, s.id
        assert s.due - s.made_on < dt.timedelta(days=3 * 365), s.id


@pytest.mark.parametrize("path", [path for path, _ in BATCHES], ids=lambda path: path.stem)
def test_no_statement_is_narrower_than_the_published_numbers_own_error(path):
    for s in dict(BATCHES)[path].statements:
        low, high = (onto(s.scale, x, s.unit) for x in (s.ninety.low, s.ninety.high))
        assert s.spread.own > 0.0
        # Ends are rounded to four digits, or hundredths of a percent.
        assert high - low >= 2 * NORMAL_95 * max(s.spread.own, s.spread.discrepancy) * 0.97, s.id


def test_a_batch_was_made_of_files_as_they_were_committed():
    for _, batch in BATCHES:
        assert "with changes" not in batch.header.commit
        assert batch.header.commit != "none"
