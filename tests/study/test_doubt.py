"""Figures and readings of rules drawn per replicate: a comparison's, bit for bit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trustabm as ta
from trustabm.errors import InvalidInput
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.places.written import written
from trustabm.inputs.town import town
from trustabm.runs.comparison import Comparison
from trustabm.state.layout import TALLY
from trustabm.study.definition import Study
from trustabm.study.opening import OpenStudy
from trustabm.study.points import numbered
from trustabm.study.sweep import sweep
from trustabm.study.work import Work

SIZES: dict[str, Any] = {"replicates": 10, "weeks": 6, "burn_in": 3, "residents": 300, "seed": 4}
ARMS = ["none", "secure-communities"]
SMALL: dict[str, Any] = {"title": "t", "arms": ARMS, "doubt": True, **SIZES}


def sums(opened: OpenStudy, point: int = 0) -> np.ndarray[Any, Any]:
    """Return the sums of a point's runs, of shape (replicates, arms, groups, fields)."""
    rows = opened.sums[opened.sums["point"] == point]
    c = opened._columns
    names = [f"sum__{f}__{g}" for g in c.groups.names for f in c.fields]
    shape = SIZES["replicates"], -1, len(c.groups.names), len(c.fields)
    return rows[names].to_numpy(float).reshape(shape)


def theirs(opened: OpenStudy, c: Comparison) -> np.ndarray[Any, Any]:
    names, many = TALLY.names or (), len(opened.groups.names)
    found: np.ndarray[Any, Any] = c.sums[:, :, :many]
    return found[..., [names.index(f) for f in opened._columns.fields]]


def test_figures_of_a_comparison_bit_for_bit(tmp_path: Path) -> None:
    vary = {"news_weight": {"values": [2.0, Parameters().news_weight]}}
    sweep(Study.make(SMALL | {"vary": vary}), tmp_path / "out", workers=2)
    opened = ta.open_study(tmp_path / "out")
    effects = opened.effects()
    for point, values in enumerate(opened.points):
        c = ta.compare(ARMS, figures=True, draws=0, parameters=values, **SIZES)
        assert np.array_equal(sums(opened, point), theirs(opened, c))
        expected = c.effects().query("arm != 'none'")
        here = effects[effects["point"] == point]
        both = here.merge(expected, on=["outcome", "group", "arm"])
        assert len(both) == len(here)
        for name in ("level", "difference", "low", "high", "percent_low", "percent_high"):
            pair = both[f"{name}_x"], both[f"{name}_y"].astype(float)
            np.testing.assert_allclose(*pair, rtol=1e-9)
        assert (both["verdict_x"] == both["verdict_y"]).all()
    # The first lot has all as stated, and no other has.
    sweep(Study.make(SMALL | {"doubt": False}), tmp_path / "stated", workers=1)
    stated = sums(ta.open_study(tmp_path / "stated"))
    same = (sums(opened, 1) == stated).reshape(10, -1).all(axis=1)
    assert same.tolist() == [True, True, *[False] * 8]


def test_readings_of_rules_are_a_comparisons_bit_for_bit(tmp_path: Path) -> None:
    about = {"town": "harris-tx", "changes": ["287g-task-force-2025"], "since": "2025-06"}
    whole = Parameters().model_dump()
    c = ta.compare(parameters=whole, draws=5, **about, **SIZES)  # type: ignore[arg-type]
    arms = ["today", {"change": "287g-task-force-2025", "from": "2025-06"}]
    study = Study.make(SMALL | {"towns": ["harris-tx"], "arms": arms})
    work = Work(study, numbered(study, []))
    lots = work.task.lots["harris-tx"]
    rules = {x.lines[0].model_dump_json() for x in lots}
    assert len(lots) == 5
    assert len(rules) > 1  # rules are read in more than one way
    assert lots[0].lines[0] == work.task.experiments["harris-tx"].lines[0]
    sweep(study, tmp_path / "out", workers=1)
    opened = ta.open_study(tmp_path / "out")
    assert np.array_equal(sums(opened), theirs(opened, c))
    assert not [line for line in opened.notices if "as stated" in line]
    plain = Study.make(SMALL | {"towns": ["harris-tx"], "arms": arms, "doubt": False})
    sweep(plain, tmp_path / "plain", workers=1)
    said = [line for line in ta.open_study(tmp_path / "plain").notices if "as stated" in line]
    assert said
    assert all("`doubt = true` draws it" in line for line in said)


def test_levers_that_contradict_a_reading_leave_rules_as_stated() -> None:
    # A lever that is laid over all arms says what no reading can change.
    vary = {"honor_none": {"values": [0.0, 0.4]}}
    arms = ["today", {"change": "287g-task-force-2025", "from": "2025-06"}]
    study = Study.make(SMALL | {"towns": ["harris-tx"], "arms": arms, "vary": vary})
    work = Work(study, numbered(study, []))
    for values in work.values.values():
        for replicate in range(10):
            lived = work.task.experiment("harris-tx", values, replicate)
            last = [policy for _, policy in lived.lines[0].dated()][-1]
            assert last.honor_none == values["honor_none"]
            assert (
                lived.place.figures() == work.task.lots["harris-tx"][replicate // 2].place.figures()
            )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"replicates": 9}, "doubt: expected 10 replicates or more"),
        ({"vary": {"undocumented_share": {"values": [0.03]}}}, "no figure beside doubt"),
    ],
)
def test_doubt_that_cannot_be_is_an_error(change: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        Study.make(SMALL | change)


def test_what_was_drawn_for_some_replicates_is_not_drawn_for_more(tmp_path: Path) -> None:
    one = Study.make(SMALL)
    sweep(one, tmp_path / "out", workers=1)
    more = Study.make(SMALL | {"replicates": 12})
    with pytest.raises(InvalidInput, match=r"replicates: expected 10 as in .*, got 12"):
        sweep(more, tmp_path / "out", workers=1)
    ids = [
        Work(s, numbered(s, [])).ids() for s in (one, more, Study.make(SMALL | {"doubt": False}))
    ]
    assert not ids[0] & ids[1]
    assert not ids[0] & ids[2]


def test_how_rules_are_known_is_part_of_what_a_run_is(tmp_path: Path) -> None:
    digests = set()
    for basis in ("read", "recalled"):
        changes = [c.model_copy(update={"basis": basis}) for c in town("harris-tx").changes]
        place = town("harris-tx").model_copy(update={"changes": tuple(changes)})
        (tmp_path / "mine.toml").write_text(written(place), "utf-8")
        here = {"towns": [str(tmp_path / "mine.toml")], "start": "2018-01-01"}
        study = Study.make(SMALL | here | {"local_policies": True})
        digests |= {*Work(study, numbered(study, [])).town_digests.values()}
    assert len(digests) == 2  # lots read them in other ways
