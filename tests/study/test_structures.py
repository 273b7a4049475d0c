"""Structures of the model as what a study varies: each point lives by its own draws."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import trustabm as ta
from trustabm.errors import InvalidInput
from trustabm.inputs.draws import mixture, posterior, weights
from trustabm.runs.comparison import Comparison
from trustabm.state.layout import TALLY
from trustabm.study.definition import Study
from trustabm.study.opening import OpenStudy
from trustabm.study.points import numbered
from trustabm.study.sweep import sweep
from trustabm.study.work import Work

SIZES: dict[str, Any] = {"replicates": 2, "weeks": 8, "burn_in": 3, "residents": 300}
ARMS = ["none", "secure-communities"]
SMALL = {"title": "t", "arms": ARMS, **SIZES}
TWO = {"structure": {"values": ["threshold", "news"]}}


def points(**more: Any) -> list[dict[str, Any]]:
    return [point for _, point in numbered(Study.make(SMALL | more), [])]


def same_runs(opened: OpenStudy, point: int, c: Comparison) -> bool:
    """Return whether the sums of all runs at a point are a comparison's, bit for bit."""
    rows = opened.sums[opened.sums["point"] == point]
    fields = TALLY.names or ()
    for of, group in enumerate(opened.groups.names):
        for field in opened._columns.fields:
            ours = rows[f"sum__{field}__{group}"].to_numpy(float).reshape(c.sums.shape[:2])
            if not np.array_equal(ours, c.sums[:, :, of, fields.index(field)]):
                return False
    return len(rows) == SIZES["replicates"] * len(ARMS)


def test_a_structure_is_that_of_a_comparison_and_of_a_run_bit_for_bit(tmp_path: Path) -> None:
    vary = TWO | {"linked_fate": {"values": [0.1, 0.9]}}
    sweep(Study.make(SMALL | {"vary": vary, "weekly": True}), tmp_path / "out", workers=1)
    opened = ta.open_study(tmp_path / "out")
    assert opened.points == [
        {"structure": s, "linked_fate": x} for s in ("threshold", "news") for x in (0.1, 0.9)
    ]
    for point, of in enumerate(opened.points):
        own = {"linked_fate": of["linked_fate"]}
        structures = {"structures": [of["structure"]], "draws": 1, "figures": False}
        c = ta.compare(ARMS, parameters=own, **structures, **SIZES)
        assert same_runs(opened, point, c)
        other = ta.compare(ARMS, parameters=own, draws=0, **SIZES)
        assert not same_runs(opened, point, other)
    # The reference of a first replicate without a past is a run by the structure's parameters.
    still = {"vary": TWO, "burn_in": 0, "replicates": 1, "weekly": True}
    sweep(Study.make(SMALL | still), tmp_path / "run", workers=1)
    weekly = ta.open_study(tmp_path / "run").weekly
    for point, name in enumerate(TWO["structure"]["values"]):
        (_, parameters), *_ = mixture(1, structures=[name])
        changed = {n: v for n, v in parameters if v != getattr(ta.Parameters(), n)}
        scenario = {"policy": "none", "weeks": 8, "residents": 300, "parameters": changed}
        theirs = ta.run(scenario).weekly
        theirs = theirs[theirs["group"] == "latino"]
        ours = weekly[(weekly["point"] == point) & (weekly["arm"] == "none")]
        assert ours["trust__latino"].tolist() == theirs["trust"].tolist()


def test_a_point_has_its_structures_typical_draw_and_what_is_said_of_it() -> None:
    study = Study.make(
        SMALL
        | {
            "vary": {"structure": {}, "news_weight": {"values": [4.0]}},
            "parameters": {"linked_fate": 0.5},
        }
    )
    work = Work(study, numbered(study, []))
    assert len(work.points) == 7
    for _, values in work.points:
        name = values["structure"]
        lived = work.task.experiment("us-average", values).parameters
        expected = posterior().rows[name][0] | {"news_weight": 4.0, "linked_fate": 0.5}
        assert {n: getattr(lived, n) for n in expected} == expected
        switched = {"threshold": ("by_threshold", 1.0), "news": ("cases", False)}
        for of, (switch, value) in switched.items():
            assert (getattr(lived, switch) == value) is (name == of)


def test_every_structure_has_draws_of_its_own() -> None:
    design = {"kind": "posterior", "points": 2}
    found = points(vary=TWO | {"publicity": {"values": [0.5, 1]}}, design=design)
    assert [(p["structure"], p["publicity"]) for p in found] == [
        (name, x) for name in ("threshold", "news") for _ in range(2) for x in (0.5, 1.0)
    ]
    for k, name in enumerate(("threshold", "news")):
        for draw, (_, parameters) in enumerate(mixture(2, structures=[name])):
            point = found[4 * k + 2 * draw]
            values = {n: v for n, v in point.items() if n not in ("structure", "publicity")}
            assert {"by_threshold", "cases", "fear_power"} < values.keys()
            assert values == {n: getattr(parameters, n) for n in values}
            # What no point says is as it is by default in all of these draws.
            rest = parameters.model_fields_set - values.keys()
            assert all(getattr(parameters, n) == getattr(ta.Parameters(), n) for n in rest)


def test_a_mixture_has_structures_by_their_weights() -> None:
    design = {"kind": "posterior", "points": 40, "mixture": True}
    # 40 x weight, each structure being at most one draw behind or ahead.
    every = Counter(p["structure"] for p in points(design=design))
    assert all(abs(every[name] - 40 * w) < 1 for name, w in weights().items())
    some = points(design=design, vary=TWO)
    share = weights()["threshold"] / (weights()["threshold"] + weights()["news"])
    assert abs(sum(p["structure"] == "threshold" for p in some) - 40 * share) < 1
    assert {p["structure"] for p in some} == {"threshold", "news"}
    drawn = mixture(40, structures=["threshold", "news"])
    assert [(p["structure"], p["fear_weight"]) for p in some] == [
        (name, parameters.fear_weight) for name, parameters in drawn
    ]


def test_a_mixture_is_swept_with_the_structure_of_every_point(tmp_path: Path) -> None:
    design = {"kind": "posterior", "points": 3, "mixture": True}
    sweep(Study.make(SMALL | {"design": design}), tmp_path / "out", workers=1)
    opened = ta.open_study(tmp_path / "out")
    name, parameters = mixture(3)[2]
    c = ta.compare(ARMS, parameters=parameters, **SIZES)
    assert opened.points[2]["structure"] == name
    assert same_runs(opened, 2, c)
    assert opened.runs["error"].isna().all()


def test_points_of_a_table_and_of_a_sequence_have_structures(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("structure,news_weight\nnews,2\nfull,3\n")
    (tmp_path / "study.toml").write_text(
        'title = "t"\narms = ["none", "sanctuary"]\n'
        'design = { kind = "points", file = "points.csv" }\n'
    )
    study = Study.read(tmp_path / "study.toml")
    assert [p for _, p in numbered(study, [])] == [
        {"structure": "news", "news_weight": 2.0},
        {"structure": "full", "news_weight": 3.0},
    ]
    sobol = points(vary=TWO | {"publicity": {}}, design={"kind": "sobol", "points": 16})
    assert Counter(p["structure"] for p in sobol) == {"threshold": 8, "news": 8}


def test_an_id_is_of_what_the_structure_brings(monkeypatch: pytest.MonkeyPatch) -> None:
    def ids() -> set[str]:
        study = Study.make(SMALL | {"vary": TWO})
        return Work(study, numbered(study, [])).ids()

    before = ids()
    other = {"fear_weight": 1.0}
    monkeypatch.setattr("trustabm.study.work.typical_of", lambda _: other)
    assert not before & ids()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"vary": {"structure": {"values": ["treshold"]}}}, "expected one of 'full', 'threshold'"),
        ({"vary": TWO | {"cases": {}}}, r"vary.cases: .* got what 'news' holds at False"),
        ({"vary": {"structure": {"arms": ["none"]}}}, "expected none for a parameter"),
        ({"vary": {"structure": {"steps": 2}}}, "values out of"),
    ],
)
def test_what_cannot_be_of_a_structure_is_said(change: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        Study.make(SMALL | change)


def test_a_posterior_of_ones_own_without_a_structure_says_so(tmp_path: Path) -> None:
    file = tmp_path / "draws.parquet"
    rows = {"structure": ["threshold", "full"], "news_weight": [2.0, 3.0]}
    pd.DataFrame(rows).to_parquet(file)
    design = {"kind": "posterior", "draws": str(file)}
    with pytest.raises(InvalidInput, match=r"vary.structure: expected one of .*, got 'news'"):
        points(vary=TWO, design=design)
    vary = {"structure": {"values": ["full", "threshold"]}}
    found = points(vary=vary, design=design)
    assert [(p["structure"], p["news_weight"], p["by_threshold"]) for p in found] == [
        ("full", 3.0, 0.0),
        ("threshold", 2.0, 1.0),
    ]


@pytest.mark.parametrize(
    "of",
    [
        {"vary": {"structure": {"values": ["full", "no-trust"]}}},
        {"design": {"kind": "posterior", "points": 3, "mixture": True}},
    ],
    ids=["typical", "mixture"],
)
def test_a_study_read_from_its_folder_lives_by_the_same_structures(
    tmp_path: Path, of: dict[str, Any]
) -> None:
    study = Study.make(SMALL | of | {"parameters": {"linked_fate": 0.3}})
    sweep(study, tmp_path / "out", workers=1)
    again = ta.open_study(tmp_path / "out").study
    work, other = (Work(s, numbered(s, [])) for s in (study, again))
    assert (work.key, work.points) == (other.key, other.points)
    for _, values in work.points:
        ours, theirs = (w.task.experiment("us-average", values) for w in (work, other))
        assert ours.parameters == theirs.parameters
        assert ours.parameters.linked_fate == 0.3
        assert ours.parameters.trust == (values["structure"] != "no-trust")
    made = ta.reproduce(tmp_path / "out", workers=1)
    assert (made.difference, made.notes) == (None, ())


def test_parameters_do_not_make_a_structure_otherwise() -> None:
    with pytest.raises(InvalidInput, match=r"parameters\.trust: expected nothing that a structure"):
        points(vary={"structure": {}}, parameters={"trust": True})
