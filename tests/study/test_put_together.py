"""Studies put together from the words of a form: what they ask, what is refused, what is kept."""

from __future__ import annotations

import datetime as dt
import os
import tomllib
from concurrent.futures import ProcessPoolExecutor

import pytest

import trustabm as ta
from trustabm.errors import InvalidInput
from trustabm.inputs.policy import LEVERS
from trustabm.runs.processes import Processes
from trustabm.study import composed as made
from trustabm.study.definition import Study
from trustabm.study.sweep import sweep

WORDS = {
    "place": "mecklenburg-nc",
    "change": "287g-task-force-2025",
    "from": "2027-01",
    "vary.publicity": "0:2:3",
    "replicates": "5",
    "residents": "300",
    "weeks": "4",
}
TITLE = LEVERS["publicity"].title


def test_words_are_the_study_that_a_file_would_be():
    found = made.composed(WORDS)
    assert found == Study.of(
        "287(g) task force (2025) in Mecklenburg County, North Carolina",
        sentence=f"The change with other values of: {TITLE}.",
        towns=["mecklenburg-nc"],
        arms={
            "today": "today",
            "287g-task-force-2025": {"change": "287g-task-force-2025", "from": "2027-01"},
        },
        vary={"publicity": {"values": [0, 1, 2], "arms": ["287g-task-force-2025"]}},
        replicates=5,
        residents=300,
        weeks=4,
    )
    assert found.start == dt.date(2027, 1, 1)
    again = Study.make(tomllib.loads(made.study_file(found)))
    assert (again, made.name_of(again)) == (found, made.name_of(found))
    more = made.composed(WORDS | {"weeks": "5"})
    assert made.name_of(more) != made.name_of(found)


def test_a_policy_may_stand_in_the_place_of_the_rules_in_force():
    found = made.composed(WORDS | {"a": "sanctuary", "change": "federal:secure-communities"})
    assert [arm.policy for arm in found.arms.values()] == ["sanctuary", "sanctuary"]
    reference, changed = found.arms.values()
    assert (reference.laid, [x.level for x in changed.laid]) == ((), ["federal"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"place": ""}, "Place: expected a county or a town"),
        ({"place": "../towns/mine.toml"}, "Place: expected a county or a town"),
        ({"change": "/etc/passwd.toml"}, "Change: expected one of those offered"),
        ({"a": "mine.toml"}, "Reference: no"),
        ({"from": "soon"}, "From: .*soon"),
        ({"vary.publicity": "0:3:3"}, "from < to within 0 to 2 .*got 0 to 3"),
        ({"vary.publicity": "1:1:3"}, "from < to within 0 to 2 .*got 1 to 1"),
        ({"vary.publicity": "nan:1:3"}, "from < to within 0 to 2"),
        ({"vary.publicity": "0:1:9"}, "expected 2 to 5 values, got 9"),
        ({"vary.publicity": "0:1:nan"}, "expected 2 to 5 values, got nan"),
        ({"vary.publicity": "0:1"}, "expected from:to:values"),
        ({"vary.fear_weight": "0:1:2"}, "Levers: no 'fear_weight'"),
        (
            {"vary.firewall": "0:1:2", "vary.ice_capacity": "0:1:2", "vary.ask_status": "0:1:2"},
            "Levers: expected 1 to 3, got 4",
        ),
        ({"replicates": "21"}, "Towns at each point: expected a whole number from 5 to 20"),
        ({"residents": "5001"}, "Residents of a town: expected a whole number from 300 to 5,000"),
        ({"weeks": "-4"}, "Weeks after the change: expected a whole number from 4 to 104"),
    ],
)
def test_what_cannot_be_had_is_refused_by_name(words, said):
    with pytest.raises(InvalidInput, match=said):
        made.composed(WORDS | words)


def test_a_form_sets_words_and_shows_them():
    words = made.changed({"place": "x", "vary.publicity": "0:2:2"}, "0.high", "1.5")
    words = made.changed(words, "1.lever", "ice_capacity")
    d = LEVERS["ice_capacity"]
    assert words == {
        "place": "x",
        "vary.publicity": "0:1.5:2",
        "vary.ice_capacity": f"{d.low:g}:{d.high:g}:2",
    }
    held = made.held(words)
    assert [held[f"0.{x}"] for x in ("lever", "low", "high", "steps")] == [
        "publicity",
        "0",
        "1.5",
        "2",
    ]
    assert (held["2.lever"], held["replicates"], held["a"]) == ("", "10", "today")
    assert made.changed(words, "0.lever", "") == {k: words[k] for k in words if "publ" not in k}
    assert made.changed(words, "2.low", "1") == words  # of a row that says no lever


def test_the_cost_is_said_and_what_is_too_much_refused(tmp_path):
    study = made.composed(WORDS)
    found = made.cost(study, tmp_path / "none", 2, 1000.0)
    # The reference does not hang on what is varied: 5 towns of it and 3 x 5 of the change.
    assert found.sentence.startswith("3 points × 5 towns × 2 arms = 30 runs, of which 20 are lived")
    assert (found.refused, found.done, found.left, made.runs_of(study)) == ("", 0, 30, 30)
    much = made.cost(study, tmp_path / "none", 2, 1e-6)
    assert "this server allows 0. Fewer values" in much.refused


@pytest.fixture(scope="module")
def pool():
    with ProcessPoolExecutor(1, mp_context=Processes()) as found:
        yield found


def test_what_was_stopped_is_kept_and_gone_on_with(pool, tmp_path, monkeypatch):
    monkeypatch.setattr(made, "_home", lambda: type("Home", (), {"name": str(tmp_path)}))
    monkeypatch.setattr("trustabm.study.sweep.BATCH_JOBS", 2)  # so that one is not all of it
    study = made.composed(WORDS)
    name = made.name_of(study)
    told, out = [], made.place_of(name)
    assert made.swept(name) == {}
    made.carry_out(study, pool, 1000.0, 1, told.append, lambda: bool(told))
    first = told[-1]
    assert 0 < first < 30
    assert made.swept(name) == {name: out}
    assert made.cost(study, out, 1, 1000.0).left == 30 - first
    made.carry_out(study, pool, 1000.0, 1, told.append, lambda: False)
    assert told[-1] == 30
    # Nothing was lived through twice: each sitting added what the one before had left.
    assert list(ta.open_study(out).sittings["runs"]) == [first, 30 - first]
    sweep(study, tmp_path / "alone", workers=1)
    here, alone = (ta.open_study(x).effects() for x in (out, tmp_path / "alone"))
    assert here.equals(alone)
    with pytest.raises(InvalidInput, match="this server allows 0"):
        made.carry_out(study.model_copy(update={"seed": 1}), pool, 0.0, 1, told.append, bool)
    assert made.swept("composed-../../etc") == {}


def test_the_studies_swept_longest_ago_make_room(tmp_path, monkeypatch):
    monkeypatch.setattr(made, "_home", lambda: type("Home", (), {"name": str(tmp_path)}))
    monkeypatch.setattr(made, "KEPT", 2)
    for k in range(3):
        (tmp_path / str(k)).mkdir()
        os.utime(tmp_path / str(k), (k, k))
    made._make_room(tmp_path / "0")  # which is gone on with
    assert {x.name for x in tmp_path.iterdir()} == {"0", "2"}
