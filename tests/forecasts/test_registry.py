"""Statements are dated and hashed; what is edited afterwards is seen."""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess

import pytest

from trustabm.cli import main
from trustabm.errors import Damaged, InvalidInput, OutputExists
from trustabm.forecasts.checking import checked
from trustabm.forecasts.registry import (
    Batch,
    Header,
    Outcome,
    Statement,
    batches,
    entered,
    hash_of,
    sealed,
    write,
)

MADE = dt.date(2026, 11, 26)
HEADER = Header(
    batch="b1",
    made_on=MADE,
    package="trustabm 0",
    commit="c",
    rules="r",
    posterior="p",
    structures={"full": 2},
    command="trustabm forecast make --batch b1",
    sentence="All else equal.",
)
PLAIN = {
    "id": "b1/reports",
    "made_on": MADE,
    "quantity": "Reports: 2026 over 2025",
    "unit": "ratio",
    "population": "Victims",
    "period": "2026",
    "publisher": "A bureau",
    "release": "A report",
    "due": dt.date(2027, 6, 30),
    "place": "A place",
    "median": 1.0,
    "half": {"low": 0.9, "high": 1.1},
    "ninety": {"low": 0.7, "high": 1.3},
    "scale": "log",
    "mapping": "As it is.",
    "widened": "By nothing.",
    "spread": {"draws": 0.1, "luck": 0.0, "discrepancy": 0.1, "own": 0.1},
    "naive": {"no_change": 1.0},
}


def cli(*words):
    """A command of the registry; it leaves with 0."""
    with pytest.raises(SystemExit) as left:
        main(["forecast", *words])
    assert left.value.code == 0


def batch(**more):
    other = PLAIN | {"id": "b1/crimes"}
    return sealed(HEADER, [Statement(**(PLAIN | more)), Statement(**other)])


def test_the_hash_is_that_of_the_canonical_content_and_a_stranger_can_work_it_out():
    import hashlib

    made = batch()
    header = json.loads(made.header.model_dump_json())
    plain = json.loads(made.statements[0].model_dump_json(exclude={"sha256", "outcome"}))
    text = json.dumps(
        {"header": header, "statement": plain},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    assert made.statements[0].sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_a_batch_is_read_as_it_was_written(tmp_path):
    path = write(batch(), tmp_path)
    assert Batch.read(path) == batch()
    assert list(Batch.read(path).problems()) == []
    assert path.name == "b1.toml"


def test_a_batch_that_is_there_is_never_made_anew(tmp_path):
    write(batch(), tmp_path)
    with pytest.raises(OutputExists, match=r"b1\.toml"):
        write(batch(median=1.01), tmp_path)


def test_an_outcome_changes_no_hash_and_nothing_else(tmp_path):
    path = write(batch(), tmp_path)
    before = Batch.read(path)
    outcome = Outcome(value=1.05, source="Table 3", entered_on=dt.date(2027, 5, 1))
    entered(tmp_path, "b1/reports", outcome)
    after = Batch.read(path)
    assert after.statements[0].outcome == outcome
    assert after.sha256 == before.sha256
    assert [s.sha256 for s in after.statements] == [s.sha256 for s in before.statements]
    assert list(after.problems()) == []
    emptied = after.statements[0].model_copy(update={"outcome": Outcome()})
    assert (emptied, after.statements[1]) == before.statements


@pytest.mark.parametrize(("value", "unit"), [(0.0, "ratio"), (-1.0, "ratio"), (100.0, "%")])
def test_a_value_that_cannot_be_is_refused(tmp_path, value, unit):
    path = write(batch(unit=unit), tmp_path)
    before = path.read_bytes()
    outcome = Outcome(value=value, source="Table 3", entered_on=dt.date(2027, 5, 1))
    with pytest.raises(InvalidInput, match=r"outcome\.value: expected more than 0"):
        entered(tmp_path, "b1/reports", outcome)
    assert path.read_bytes() == before


def test_an_outcome_is_entered_once_unless_it_is_corrected(tmp_path):
    write(batch(), tmp_path)
    first = Outcome(value=1.05, source="Table 3", entered_on=dt.date(2027, 5, 1))
    second = Outcome(value=1.06, source="Erratum", entered_on=dt.date(2027, 6, 1))
    entered(tmp_path, "b1/reports", first)
    with pytest.raises(InvalidInput, match="--correct"):
        entered(tmp_path, "b1/reports", second)
    path = entered(tmp_path, "b1/reports", second, correct=True)
    assert Batch.read(path).statements[0].outcome == second


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("median = 1.0", "median = 1.02"),
        ("high = 1.3", "high = 1.6"),
        ("due = 2027-06-30", "due = 2027-07-31"),
        ('quantity = "Reports: 2026 over 2025"', 'quantity = "Reports: 2027 over 2025"'),
        ("no_change = 1.0", "no_change = 0.9"),
        ('rules = "r"', 'rules = "s"'),
    ],
)
def test_whatever_is_edited_is_seen(tmp_path, old, new):
    path = write(batch(), tmp_path)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert any("expected the statement that was hashed" in x for x in Batch.read(path).problems())
    outcome = Outcome(value=1.05, source="Table 3", entered_on=dt.date(2027, 5, 1))
    with pytest.raises(Damaged):
        entered(tmp_path, "b1/reports", outcome)


def test_a_statement_taken_out_is_seen():
    whole = batch()
    less = whole.model_copy(update={"statements": whole.statements[:1]})
    assert [x for x in less.problems() if x.startswith("sha256")]


def test_a_statement_hashed_again_after_its_commit_is_seen(tmp_path):
    def git(*words):
        subprocess.run(["git", *words], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-q")
    git("config", "user.name", "n")
    git("config", "user.email", "n@example.org")
    write(batch(), tmp_path)
    assert "not committed" in checked(tmp_path)[0].history
    git("add", ".")
    git("commit", "-qm", "made", "--date", "2026-11-27T12:00:00+00:00")
    # A date of commit is that of the machine: on one whose clock is before, it says so.
    late = [p for p in checked(tmp_path)[0].problems if not p.startswith("made_on")]
    assert late == []
    write(batch(median=1.02), tmp_path, new=False)
    found = checked(tmp_path)[0]
    assert any("what was first committed" in p for p in found.problems)
    # An outcome is no edit.
    write(batch(), tmp_path, new=False)
    outcome = Outcome(value=1.05, source="Table 3", entered_on=dt.date(2027, 5, 1))
    entered(tmp_path, "b1/reports", outcome)
    assert [p for p in checked(tmp_path)[0].problems if not p.startswith("made_on")] == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"due": MADE}, "due: expected a day after 2026-11-26"),
        ({"median": 0.89}, "quantiles that ascend"),
        ({"quantity": ""}, "quantity"),
        ({"release": ""}, "release"),
        ({"population": ""}, "population"),
        ({"outcome": {"value": 1.0}}, "a value with its source"),
        (
            {"outcome": {"value": 1.0, "source": "x", "entered_on": dt.date(2026, 1, 1)}},
            "a day after the statement was made",
        ),
    ],
)
def test_a_statement_that_is_none_is_refused(more, said):
    with pytest.raises(ValueError, match=said):
        Statement(**(PLAIN | more))


def test_the_state_is_open_then_overdue_then_entered():
    s = Statement(**PLAIN)
    assert s.state(dt.date(2027, 6, 30)) == "open"
    assert s.state(dt.date(2027, 7, 1)) == "overdue"
    out = Outcome(value=1.0, source="x", entered_on=dt.date(2027, 8, 1))
    assert s.model_copy(update={"outcome": out}).state(dt.date(2027, 9, 1)) == "entered"


def test_the_commands_enter_score_and_check(tmp_path, capsys):
    write(batch(), tmp_path)
    where = ["--folder", str(tmp_path)]
    cli("score", *where)
    assert "nothing to score" in capsys.readouterr().out
    cli("enter", "b1/reports", "--value", "1.05", "--source", "Table 3", *where)
    cli("score", "--json", *where)
    found = json.loads(capsys.readouterr().out)
    assert found["batches"]["b1"]["scored"] == 1
    assert found["statements"][0]["in_half"] is True
    cli("list", *where)
    assert "came out as 1.05" in capsys.readouterr().out
    cli("check", *where)
    assert re.search(r"b1\.toml: 2 statements, whole", capsys.readouterr().out)
    path = tmp_path / "b1.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("median = 1.0", "median = 1.01", 1), encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        main(["forecast", "check", *where])
    assert left.value.code == 1
    assert "NOT whole" in capsys.readouterr().out


def test_a_statement_that_does_not_exist_is_named(tmp_path, capsys):
    write(batch(), tmp_path)
    with pytest.raises(InvalidInput, match="did you mean 'b1/reports'"):
        entered(tmp_path, "b1/report", Outcome())
    with pytest.raises(InvalidInput, match="expected a folder of batches"):
        batches(tmp_path / "none")


def test_the_hash_covers_the_header():
    s = Statement(**PLAIN)
    assert hash_of(HEADER, s) != hash_of(HEADER.model_copy(update={"posterior": "q"}), s)
