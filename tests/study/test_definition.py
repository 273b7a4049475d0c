"""What a study file may say, and which points it stands for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import tomli_w

from trustabm.errors import InvalidInput
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.policy import Policy
from trustabm.rules.codes import UNDOCUMENTED
from trustabm.study.definition import Study
from trustabm.study.estimate import refuse_too_large, takes
from trustabm.study.points import numbered
from trustabm.study.work import Work

BASE: dict[str, Any] = {"title": "t", "arms": ["none", "sanctuary"]}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"replicats": 3}, "did you mean 'replicates'"),
        ({"vary": {"publicty": {"steps": 2}}}, "did you mean 'publicity'"),
        ({"vary": {"publicity": {"stepps": 2}}}, "no such key"),
        ({"vary": {"publicity": {}}}, "values or steps"),
        ({"vary": {"publicity": {"low": 0.5, "high": 3, "steps": 2}}}, "low < high within 0 to 2"),
        (
            {"vary": {"news_weight": {"steps": 2, "arms": ["none"]}}},
            "expected none for a parameter",
        ),
        ({"vary": {"publicity": {"steps": 2, "arms": ["nine"]}}}, "did you mean 'none'"),
        ({"outcomes": ["reportin"]}, "did you mean 'reporting'"),
        ({"design": {"kind": "sobol", "points": 4}}, "something to sample"),
        ({"arms": ["none", "none"]}, "twice"),
        ({"vary": {"fear": {}}, "design": {"kind": "list", "points": [{}]}}, "design.points.0"),
    ],
)
def test_an_error_names_what_is_wrong(change: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        Study.make(BASE | change)


def test_levers_that_contradict_each_other_are_found_before_anything_runs() -> None:
    vary = {"deputized_share": {"values": [0, 0.1]}}
    study = Study.make(BASE | {"vary": vary})
    with pytest.raises(InvalidInput, match=r"point 1 \(deputized_share = 0.1\)"):
        Work(study, numbered(study, []))


def test_a_study_survives_its_own_file(tmp_path: Path) -> None:
    study = Study.make(BASE | {"vary": {"ask_status": {"values": ["nobody", "booking"]}}})
    file = tmp_path / "study.toml"
    file.write_text(tomli_w.dumps(study.model_dump(mode="json", exclude_none=True)))
    assert Study.read(file) == study


def test_the_studies_that_ship_are_valid() -> None:
    for file in (Path(__file__).parents[2] / "experiments").glob("*.toml"):
        study = Study.read(file)
        assert file.read_text().startswith("# ")
        Work(study, numbered(study, []))


def test_a_sequence_goes_on_where_it_stopped() -> None:
    def points(many: int) -> list[Any]:
        design = {"kind": "sobol", "points": many}
        vary = {"publicity": {}, "fear": {}, "news_weight": {"low": 2, "high": 3}}
        return numbered(Study.make(BASE | {"vary": vary, "design": design}), [])

    assert points(8)[:5] == points(5)
    assert all(2 <= p["news_weight"] <= 3 and isinstance(p["fear"], bool) for _, p in points(8))


def test_draws_of_a_posterior_are_points(tmp_path: Path) -> None:
    file = tmp_path / "draws.parquet"
    pd.DataFrame({"news_weight": [2.0, 3.0, 4.0]}).to_parquet(file)
    design = {"kind": "posterior", "draws": str(file), "points": 2}
    study = Study.make(BASE | {"design": design})
    assert numbered(study, []) == [(0, {"news_weight": 2.0}), (1, {"news_weight": 3.0})]
    pd.DataFrame({"news_wieght": [2.0]}).to_parquet(file)
    with pytest.raises(InvalidInput, match="did you mean 'news_weight'"):
        numbered(study, [])


def test_an_id_is_of_all_that_makes_a_run() -> None:
    def ids(**change: Any) -> set[str]:
        study = Study.make(BASE | {"replicates": 2} | change)
        work = Work(study, numbered(study, []))
        return work.ids()

    whole = ids()
    assert len(whole) == 4
    assert ids() == ids(title="other", sentence="other") == whole
    assert ids(replicates=3) > whole
    assert ids(arms=["none", "sanctuary", "irca-1986"]) > whole
    for change in ({"weeks": 9}, {"parameters": {"news_weight": 5}}, {"levers": {"outreach": 1}}):
        assert not ids(**change) & whole


def test_levers_and_parameters_have_different_names() -> None:
    assert not set(Policy.model_fields) & set(Parameters.model_fields)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            {"replicates": 1_000_000, "vary": {"news_weight": {"steps": 11}}},
            "at most 20,000,000 runs, got 22,000,000",
        ),
        (
            {"vary": {n: {"steps": 1000} for n in ("publicity", "news_weight", "fear_weight")}},
            "at most 1,000,000 points, got 1,000,000,000",
        ),
        ({"design": {"kind": "sobol", "points": 2_000_000}, "vary": {"publicity": {}}}, "points"),
    ],
)
def test_a_study_too_large_for_any_machine_is_said_at_once(
    change: dict[str, Any], says: str
) -> None:
    with pytest.raises(InvalidInput, match=says):
        takes(Study.make(BASE | change))


def test_draws_without_a_row_are_no_points(tmp_path: Path) -> None:
    pd.DataFrame({"news_weight": pd.Series([], dtype=float)}).to_parquet(tmp_path / "d.parquet")
    design = {"kind": "posterior", "draws": str(tmp_path / "d.parquet")}
    with pytest.raises(InvalidInput, match="at least one point"):
        takes(Study.make(BASE | {"design": design}))


def test_more_workers_than_memory_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    study = Study.make(BASE | {"residents": 1_000_000})
    work = Work(study, numbered(study, []))
    known = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 2**18}  # 1 GiB: 3 towns of 300 MB
    monkeypatch.setattr("os.sysconf", known.__getitem__)
    refuse_too_large(work, 0, Path(), 3)
    with pytest.raises(InvalidInput, match=r"workers: expected at most 3 .* got 4"):
        refuse_too_large(work, 0, Path(), 4)


def test_a_figure_of_a_town_is_varied_within_the_town_alone() -> None:
    vary = {"undocumented_share": {"values": [0.03, 0.06]}, "news_weight": {"values": [3.0]}}
    study = Study.make(BASE | {"vary": vary})
    work = Work(study, numbered(study, []))
    task = work.task
    places = [task.experiment("us-average", values).place for _, values in work.points]
    usual = task.experiments["us-average"].place
    assert [p.undocumented_share.value for p in places] == [0.03, 0.06]
    for place in places:
        low, high = place.undocumented_share.span
        assert low <= place.undocumented_share.value <= high
        rest = {n: f for n, f in place.figures().items() if n != "undocumented_share"}
        assert rest == {n: f for n, f in usual.figures().items() if n != "undocumented_share"}
    # Of the residents of the town that is lived in, as many are undocumented; 5,000 residents have
    # a standard error of 0.3%.
    world = task.experiment("us-average", work.points[1][1]).world(0)
    assert (world.state.residents["status"] == UNDOCUMENTED).mean() == pytest.approx(0.06, abs=0.01)


@pytest.mark.parametrize(
    ("vary", "says"),
    [
        ({"undocumented_share": {"steps": 3}}, r"values, or low and high.*us-average.*0\.0"),
        ({"undocumented_share": {"values": [0.5]}}, r"point 0 \(undocumented_share = 0.5\)"),
        ({"undocumented_share": {"values": [2]}}, "expected a number from 0 to 1"),
    ],
)
def test_a_figure_that_cannot_be_is_an_error(vary: dict[str, Any], says: str) -> None:
    def made() -> Work:
        study = Study.make(BASE | {"vary": vary})
        return Work(study, numbered(study, []))

    with pytest.raises(InvalidInput, match=says):
        made()


def test_draws_are_crossed_with_what_is_varied(tmp_path: Path) -> None:
    file = tmp_path / "draws.parquet"
    pd.DataFrame({"news_weight": [2.0, 3.0]}).to_parquet(file)
    design = {"kind": "posterior", "draws": str(file)}
    study = Study.make(BASE | {"design": design, "vary": {"publicity": {"values": [0.5, 1]}}})
    assert [point for _, point in numbered(study, [])] == [
        {"news_weight": 2.0, "publicity": 0.5},
        {"news_weight": 2.0, "publicity": 1.0},
        {"news_weight": 3.0, "publicity": 0.5},
        {"news_weight": 3.0, "publicity": 1.0},
    ]
    both = {"news_weight": {"values": [1]}}
    with pytest.raises(InvalidInput, match="none of what the draws say"):
        numbered(Study.make(BASE | {"design": design, "vary": both}), [])
