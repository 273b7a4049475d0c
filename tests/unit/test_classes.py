"""Classes of one's own carry out the weeks of runs, comparisons and studies, and are said slow."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import behaving
import numpy as np
import pytest

import trustabm as ta
from trustabm.agents import PoliceOfficer, Resident
from trustabm.errors import InvalidInput
from trustabm.inputs.source import of_class
from trustabm.runs import reproduce
from trustabm.runs.classes import SLOWER
from trustabm.state.layout import EXPECTED
from trustabm.study.definition import Study
from trustabm.study.identity import code_digest
from trustabm.study.sweep import sweep

SMALL = {"town": "harris-tx", "residents": 300, "weeks": 6}
ASKING = "287g-task-force-2006"
NAME = "behaving:NeverAsks"


def asked(tally: Any) -> float:
    return float(tally["asked"].sum())


def said(capsys: pytest.CaptureFixture[str]) -> int:
    return capsys.readouterr().err.count(f"about {SLOWER} times slower")


@pytest.mark.parametrize("police_class", [behaving.NeverAsks, NAME])
def test_officers_who_never_ask_do_so_in_a_run(
    police_class: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = ta.run({**SMALL, "policy": ASKING})
    assert asked(plain.world.tally) > 0
    assert not said(capsys)
    own = ta.run({**SMALL, "policy": ASKING}, police_class=police_class)
    assert asked(own.world.tally) == 0
    assert said(capsys) == 1
    assert own.world.tally["stops"].sum() > 0
    assert own.provenance["scenario"]["classes"] == {"police_class": NAME}


def test_officers_who_never_ask_do_so_in_every_arm_of_a_comparison(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ask: dict[str, Any] = {**SMALL, "burn_in": 3, "replicates": 2, "draws": 0}
    plain = ta.compare([ASKING, "287g-task-force-2025"], **ask)
    own = ta.compare([ASKING, "287g-task-force-2025"], **ask, police_class=behaving.NeverAsks)
    assert said(capsys) == 1
    for arm in plain.arms:
        assert plain.estimates["asked", "all", arm].level > 0
        assert own.estimates["asked", "all", arm].level == 0
    assert own.weekly["asked"].max() == 0 < plain.weekly["asked"].max()  # burn-in too
    again = own.world("287g-task-force-2025", 1)
    assert asked(again.tally) == 0
    assert again.tally["stops"].sum() > 0
    assert "police_class='behaving:NeverAsks'" in reproduce.python(own.experiment)
    assert reproduce.shell(own.experiment).startswith("python - <<'PY'\n")


def test_officers_who_never_ask_do_so_in_a_study(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "s.toml").write_text(
        'title = "t"\ntowns = ["harris-tx"]\nreplicates = 1\nweeks = 6\nburn_in = 2\n'
        f'residents = 300\noutcomes = ["asked", "stops"]\narms = ["{ASKING}", '
        f'"287g-task-force-2025"]\n[classes]\npolice_class = "{NAME}"\n',
        encoding="utf-8",
    )
    study = Study.read(tmp_path / "s.toml")
    assert sweep(study, tmp_path / "out", workers=1).failed == 0
    assert said(capsys) == 1
    runs = ta.open_study(tmp_path / "out").runs
    assert len(runs) == 2
    assert (runs["asked__all"] == 0).all()
    assert (runs["stops__all"] > 0).all()
    with pytest.raises(InvalidInput, match=r"classes: expected .*NeverAsks"):
        sweep(study.model_copy(update={"classes": {}}), tmp_path / "out", workers=1)


def test_what_a_class_says_is_part_of_what_a_run_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)

    def digest(body: str, name: str = "Own") -> str:
        (tmp_path / "own_officer.py").write_text(
            "from trustabm.agents import PoliceOfficer\n"
            f"class Own(PoliceOfficer):\n    def cites(self, resident):\n        return {body}\n"
            "class Other(Own):\n    pass\n",
            encoding="utf-8",
        )
        monkeypatch.delitem(sys.modules, "own_officer", raising=False)
        importlib.invalidate_caches()
        kind = getattr(importlib.import_module("own_officer"), name)
        return code_digest(classes=(("police_class", kind),))

    first = digest("True")
    assert digest("True  # always") == first
    assert digest("False") != first
    assert digest("True", "Other") != first
    assert code_digest() != code_digest(classes=(("police_class", behaving.NeverAsks),))
    assert {"behaving", "trustabm.agents.driver"} <= set(of_class(behaving.NeverAsks))


def test_all_three_classes_act_in_a_model(capsys: pytest.CaptureFixture[str]) -> None:
    ask: dict[str, Any] = {**SMALL, "policy": "287g-task-force-2025", "residents": 1000}
    plain = ta.TrustModel(**ask)
    plain.run_for(6)
    assert plain.driver == "compiled"
    assert not said(capsys)
    own = ta.TrustModel(
        **ask,
        resident_class=behaving.Silent,
        police_class=behaving.NeverAsks,
        ice_class=behaving.Idle,
    )
    assert own.driver == "agents"
    assert said(capsys) == 1
    own.run_for(3)
    own.world.run_for(3)  # the same agents, whoever asks for the weeks
    assert own.world.inhabitants is own
    assert own.world.week == 6
    for field in ("reported_property", "asked", "at_large"):
        assert plain.world.tally[field].sum() > 0
        assert own.world.tally[field].sum() == 0
    with pytest.raises(InvalidInput, match=r"expected 'agents' with classes .*Idle.*Never.*Silent"):
        own.driver = "compiled"


def test_agents_of_the_classes_that_ship_are_no_classes_of_ones_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    plain = ta.run(SMALL)
    same = ta.run(SMALL, resident_class=Resident, police_class=PoliceOfficer)
    assert same.scenario == plain.scenario
    assert not said(capsys)
    assert np.array_equal(same.world.tally, plain.world.tally)

    class Like(PoliceOfficer):
        pass

    own = ta.run(SMALL, police_class=Like)
    assert said(capsys) == 1
    for name in set(plain.world.tally.dtype.names) - set(EXPECTED.values()):
        assert np.array_equal(own.world.tally[name], plain.world.tally[name])
    assert np.array_equal(own.world.town_tally, plain.world.town_tally)


class _Local(PoliceOfficer):
    __module__ = "__main__"


def test_what_is_no_such_class_is_refused_before_anything_is_run() -> None:
    expected = r"police_class: expected a subclass of trustabm.agents.PoliceOfficer, got "
    for given in (3, Resident, behaving.Silent, "behaving:Silent"):
        for call in (ta.run, ta.TrustModel):
            with pytest.raises(InvalidInput, match=expected):
                call(ta.Scenario(**SMALL), police_class=given)
        with pytest.raises(InvalidInput, match=expected):
            ta.compare(["none", "sanctuary"], police_class=given)  # type: ignore[arg-type]
    for name in ("behaving", "behaving:Nobody", "nowhere:NeverAsks", ""):
        with pytest.raises(InvalidInput, match=r"expected a class to import, as 'package.module:"):
            ta.run(SMALL, police_class=name)
    with pytest.raises(InvalidInput, match="did you mean 'police_class'"):
        ta.run({**SMALL, "classes": {"policeclass": NAME}})
    arms = {"title": "t", "arms": ["none", "sanctuary"]}
    other = "expected a class that other processes can import, got __main__._Local"
    with pytest.raises(InvalidInput, match=f"classes: {other}"):
        Study.make({**arms, "classes": {"police_class": _Local}})
    with pytest.raises(InvalidInput, match=f"workers: {other}"):
        ta.compare(["none", "sanctuary"], police_class=_Local, workers=2)
