"""Studies composed in Python and out of tables are those that a file says."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

import trustabm as ta
from trustabm.errors import InvalidInput
from trustabm.inputs.laid import Laid
from trustabm.inputs.policy import Policy
from trustabm.study.definition import Study
from trustabm.study.points import numbered
from trustabm.study.work import Work

POINTS = "news_weight, fear, ask_status, publicity\n2, true, nobody, 0.5\n4, false, booking, 1\n"
LISTED = {
    "kind": "list",
    "points": [
        {"news_weight": 2.0, "fear": True, "ask_status": "nobody", "publicity": 0.5},
        {"news_weight": 4.0, "fear": False, "ask_status": "booking", "publicity": 1.0},
    ],
}
NAMES: dict[str, dict[str, object]] = {name: {} for name in LISTED["points"][0]}  # type: ignore[index]


def test_a_table_of_points_is_the_list_of_them(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("\ufeff" + POINTS + "\n", encoding="utf-8")
    head = 'title = "t"\narms = ["none", "sanctuary"]\n'
    file = tmp_path / "study.toml"
    file.write_text(
        head + 'design = { kind = "points", file = "points.csv" }\n'
        'vary.publicity = { arms = ["sanctuary"] }\n'
    )
    vary = NAMES | {"publicity": {"arms": ["sanctuary"]}}
    said = {"title": "t", "arms": ["none", "sanctuary"], "vary": vary, "design": LISTED}
    assert Study.read(file) == Study.make(said)
    # What a folder keeps of it needs the table no more.
    assert Study.make(Study.read(file).settled().model_dump()) == Study.make(said)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("news_weigth\n2\n", "no column 'news_weigth'.*news_weight"),
        ("news_weight\n2\n900\n", "line 3: news_weight: expected a number from"),
        ("news_weight\ntwo\n", "line 2: news_weight: expected a number.*'two'"),
        ("news_weight\nnan\n", "line 2: news_weight: expected a number.*'nan'"),
        ("fear\nyes\n", "line 2: fear: expected true or false, got 'yes'"),
        ("news_weight,fear\n2\n", "line 2: expected 2 cells, got 1"),
        ("news_weight\n", "1 to 100,000 rows"),
        ("news_weight,news_weight\n1,2\n", "each once"),
    ],
)
def test_a_table_that_is_none_is_an_error_of_its_line(
    tmp_path: Path, table: str, says: str
) -> None:
    (tmp_path / "points.csv").write_text(table)
    design = {"kind": "points", "file": str(tmp_path / "points.csv")}
    with pytest.raises(InvalidInput, match=says):
        Study.make({"title": "t", "arms": ["none", "sanctuary"], "design": design})


def test_a_table_of_dated_policies_is_the_arms(tmp_path: Path) -> None:
    (tmp_path / "arms.csv").write_text(
        "arm,policy,change,from,outreach\n"
        "as it is,today,,,\n"
        "deputies,,287g-task-force-2025,2026-01-01,\n"
        "deputies,,outreach,2026-07-01,\n"
        "city,sanctuary,,,0.5\n"
    )
    (tmp_path / "study.toml").write_text('title = "t"\narms = "arms.csv"\n')
    study = Study.read(tmp_path / "study.toml")
    assert study.start == dt.date(2026, 1, 1)
    days = [dt.date(2026, 1, 1), dt.date(2026, 7, 1)]
    changes = ["287g-task-force-2025", "outreach"]
    laid = tuple(Laid.of(word, day) for word, day in zip(changes, days, strict=True))
    arms = {
        "as it is": {"policy": "today"},
        "deputies": {"policy": "today", "laid": laid},
        "city": {"policy": "sanctuary", "levers": {"outreach": 0.5}},
    }
    assert study == Study.make({"title": "t", "start": days[0], "arms": arms})
    Work(study, numbered(study, []))


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("a,none,sanctuary,,\n", "line 2: expected a change and the day"),
        (",none,,,\n", "line 2: arm: expected the name"),
        ("a,none,,,2\n", "line 2: outreach: expected a number from 0 to 1"),
        ("a,none,sanctury,2026-01-01,\n", "line 2:.*sanctuary"),
        ("a,none,,,0.5\na,,,,0.7\n", "line 3: outreach: expected what a had"),
    ],
)
def test_a_row_of_arms_that_says_too_little_is_an_error(
    tmp_path: Path, row: str, says: str
) -> None:
    (tmp_path / "arms.csv").write_text("arm,policy,change,from,outreach\n" + row)
    with pytest.raises(InvalidInput, match=says):
        Study.make({"title": "t", "arms": str(tmp_path / "arms.csv")})


def test_python_composes_what_a_file_says() -> None:
    mine = Policy(outreach=0.5, officer_training=0.25)
    vary = {"publicity": [0.5, 1], "news_weight": (2.0, 4.0), "fear": {}}
    design = {"kind": "sobol", "points": 4}
    made = ta.Study.of("t", arms={"none": "none", "mine": mine}, vary=vary, design=design, weeks=9)
    said = {
        "title": "t",
        "arms": {
            "none": {"policy": "none"},
            "mine": {"levers": {"outreach": 0.5, "officer_training": 0.25}},
        },
        "vary": {
            "publicity": {"values": [0.5, 1]},
            "news_weight": {"low": 2, "high": 4},
            "fear": {},
        },
        "design": design,
        "weeks": 9,
    }
    assert made == Study.make(said)
    # An arm that is a Policy has in force what a comparison of it has.
    work = Work(made, numbered(made, []))
    lines = work.task.experiments["us-average"].lines
    assert lines[1].at(dt.date(2012, 1, 1)) == mine


def test_a_frame_is_points() -> None:
    frame = pd.DataFrame(LISTED["points"])  # type: ignore[arg-type]
    vary = {"publicity": {"arms": ["sanctuary"]}}
    made = Study.of("t", arms=["none", "sanctuary"], points=frame, vary=vary)
    assert made == Study.make(
        {"title": "t", "arms": ["none", "sanctuary"], "vary": NAMES | vary, "design": LISTED}
    )
    with pytest.raises(InvalidInput, match="none beside points"):
        Study.of("t", arms=["none"], points=frame, design={"kind": "factorial"})
