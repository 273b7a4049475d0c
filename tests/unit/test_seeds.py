"""Replicates of one root are the same towns everywhere, and those of another root are others."""

from __future__ import annotations

import numpy as np
import pytest

from trustabm import compare, open_study, run
from trustabm.evidence import moments
from trustabm.evidence.moments import Size
from trustabm.inputs.parameters import Parameters
from trustabm.rules.luck import seed_of
from trustabm.runs.replicates import past
from trustabm.study.definition import Study
from trustabm.study.sweep import sweep

SMALL = {"residents": 300, "weeks": 4, "burn_in": 0, "draws": 0}


def test_comparisons_with_neighboring_roots_have_no_town_in_common():
    seeds = [compare(["none", "sanctuary"], seed=s, replicates=10, **SMALL).seeds for s in (0, 1)]
    assert len(set(seeds[0]) | set(seeds[1])) == 20


def test_a_run_with_a_replicates_seed_starts_in_its_town():
    c = compare(["none", "sanctuary"], seed=5, replicates=3, **SMALL)
    for k, seed in enumerate(c.seeds):
        town = run({"policy": "none", "seed": seed, "residents": 300, "weeks": 4}).world
        assert (town.state.homes == past(c.experiment, k).state.homes).all()
        # Without a burn-in the reference's arm is that very run.
        assert (town.tally == c.world("none", k).tally).all()


def test_a_study_has_the_towns_of_a_comparison_with_its_root(tmp_path):
    study = Study.make(
        {
            "title": "towns",
            "arms": ["none", "sanctuary"],
            "replicates": 3,
            "seed": 5,
            "residents": 300,
            "weeks": 4,
            "burn_in": 0,
            "outcomes": ["trust"],
        }
    )
    sweep(study, tmp_path / "out", workers=1)
    runs = open_study(tmp_path / "out").runs.sort_values(["replicate", "arm"])
    assert runs["seed"].tolist() == [seed_of(5, k) for k in (0, 0, 1, 1, 2, 2)]


def test_evidence_counts_in_the_same_towns(monkeypatch: pytest.MonkeyPatch):
    seen = []
    monkeypatch.setattr(moments, "Lab", lambda *a: seen.append(a[3]) or np.inf)
    sizes = {"latino": Size("us-average", 300, 4)}
    study = moments.STUDIES["dallas"]
    monkeypatch.setitem(moments.STUDIES, "dallas", study.__class__(
        name="dallas", title="", where="latino",
        count=lambda lab: {"x": 1.0}, estimate=lambda c: {"6": c["x"]},
    ))  # fmt: skip
    moments.moments(Parameters(), seed=3, studies=["dallas"], sizes=sizes)
    assert seen == [seed_of(3, k) for k in range(4)]
