"""What structures say alone: in how many a finding holds, what is open, and from which towns."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from trustabm.inputs import draws
from trustabm.inputs.groups import SHIPPED
from trustabm.inputs.structures import Structure
from trustabm.outcomes.estimates import Estimate, Verdict
from trustabm.outcomes.findings import key, told
from trustabm.outcomes.measures import levels
from trustabm.outcomes.structures import Open, Structured, holds, open_why
from trustabm.runs.compare import compare
from trustabm.runs.covers import together
from trustabm.telling.terminal import print_comparison

UP = Estimate(0.6, 0.1, 0.05, 0.15, 20.0, 10.0, 30.0, events=99)
DOWN = Estimate(0.4, -0.1, -0.15, -0.05, -20.0, -30.0, -10.0, events=99)
CLOSE = Estimate(0.5, 0.01, -0.05, 0.07, 2.0, -10.0, 14.0, events=99)
ARMS = {"a": "A", "b": "B"}


def of(*estimates, weights=None):
    names = [f"s{k}" for k in range(len(estimates))]
    shares = weights or [1 / len(names)] * len(names)
    every = dict(zip(names, estimates, strict=True))
    return Structured(dict(zip(names, shares, strict=True)), dict.fromkeys(names, 4), every)


def test_in_how_many_structures_a_finding_holds():
    assert holds(Verdict.HIGHER, of(UP, UP, UP)) == "holds in all of 3 structures"
    assert holds(Verdict.HIGHER, of(UP, CLOSE, UP)) == "holds in 2 of 3 structures"
    assert holds(Verdict.HIGHER, of(CLOSE, CLOSE)) == "holds in none of 2 structures"
    assert holds(Verdict.LOWER, of(DOWN, CLOSE, UP)) == (
        "holds in 1 of 3 structures, the other way round in 1"
    )


def test_a_question_is_open_where_no_structure_that_fits_can_answer_it():
    assert open_why(of(CLOSE, CLOSE)) is Open.NONE
    assert open_why(of(UP, CLOSE, DOWN)) is Open.AGAINST
    assert open_why(of(UP, CLOSE)) is None
    # A structure that hardly fits is not asked.
    assert open_why(of(UP, CLOSE, DOWN, weights=[0.5, 0.46, 0.04])) is None
    assert open_why(of(UP, CLOSE, weights=[0.04, 0.96])) is Open.NONE


def test_findings_say_it_of_every_key_outcome():
    nothing = {(*row, arm): Estimate(0.5) for row in key(SHIPPED) for arm in ARMS}
    changed, other, third = key(SHIPPED)[2:5]
    estimates = nothing | {(*changed, "b"): UP, (*other, "b"): CLOSE, (*third, "b"): CLOSE}
    structures = {
        (*changed, "b"): of(UP, CLOSE),
        (*other, "b"): of(CLOSE, CLOSE),
        (*third, "b"): of(UP, DOWN),
    }
    found = told(estimates, ARMS, "b", 9, SHIPPED, structures)
    assert found.changed[0].endswith("(90% interval 10 to 30); holds in 1 of 2 structures.")
    assert any(line.startswith(f"{Open.NONE} under B: reporting") for line in found.unclear)
    assert any(line.startswith(f"{Open.AGAINST} under B: reporting") for line in found.unclear)
    alone = told(estimates, ARMS, "b", 9, SHIPPED)
    assert alone.changed[0].endswith("(90% interval 10 to 30).")
    assert not any("Open" in line for line in alone.unclear)


def test_how_many_of_those_listed_together_miss():
    assert together(1) == "One such interval in ten misses."
    assert "of the 17 listed here 1.7 are expected to miss" in together(17)


@pytest.fixture
def three(monkeypatch):
    """Structures of 85, 10 and 5%: one without fear of status, one without news."""
    shares = {"full": 0.85, "quiet": 0.1, "calm": 0.05}
    fixed = {"full": {}, "quiet": {"news": False}, "calm": {"fear": False}}
    made = {n: Structure(n, n.title(), "s", "s", fixed[n]) for n in shares}
    monkeypatch.setattr("trustabm.inputs.draws.STRUCTURES", made)
    monkeypatch.setattr("trustabm.telling.terminal.STRUCTURES", made)
    rows = draws.shipped()
    parts = {"full": rows[:40], "quiet": rows[40:50], "calm": rows[50:53]}
    made_up = draws.Draws(None, "", shares, parts, "", ())
    monkeypatch.setattr("trustabm.inputs.draws._ships", lambda: made_up)


def test_each_structure_is_lived_through_and_told_alone(three, capsys):
    seen = []
    c = compare(
        ["none", "secure-communities"],
        replicates=20,
        weeks=26,
        burn_in=4,
        residents=400,
        workers=1,
        progress=lambda *x: seen.append(x),
    )
    # Of ten draws one is of the second structure and none or one of the third, which has three.
    of_main = [lot.structure for lot in c.experiment.lots]
    assert of_main.count("full") in (8, 9)
    probing = c.probed.experiment
    assert {p.parameters.news for p in probing.lots if p.structure == "quiet"} == {False}
    have = {
        n: of_main.count(n) + [p.structure for p in probing.lots].count(n)
        for n in ("quiet", "calm")
    }
    assert have == {"quiet": 3, "calm": 3}
    assert c.probed.sums.shape[0] == probing.replicates == 2 * len(probing.lots)
    assert seen[-1] == (20 + probing.replicates, 20 + probing.replicates)
    assert not set(c.seeds) & {probing.world(k).seed for k in (0, 1)}
    # Probing changes nothing of the comparison itself.
    assert c.replicates == 20
    frame = c.by_structure().set_index(["outcome", "group", "arm", "structure"])
    assert set(frame.index.get_level_values("structure")) == {"full", "quiet", "calm"}
    row = frame.loc["trust", "latino", "secure-communities", "quiet"]
    assert (row.draws, row.weight) == (3, pytest.approx(0.1))

    # The same of trust worked out from what was counted.
    groups, p = c.experiment.groups, c.experiment.parameters
    many = len(groups.names)
    sums = np.concatenate([c.sums[:, :, :many], c.probed.sums])
    towns = np.concatenate([c.town_sums, c.probed.town_sums])
    whose = [c.experiment.lots[k].structure for k in c.experiment.spread()]
    whose += [probing.lots[k].structure for k in probing.spread()]

    def effect(at):
        of = levels(groups, sums[at].sum(axis=0), towns[at].sum(axis=0), p, ["trust"])
        return float(np.diff(of["trust", "latino"])[0])

    lots, rest = {}, []
    for name in ("full", "quiet", "calm"):
        at = [k for k, s in enumerate(whose) if s == name]
        n, all_ = len(at), effect(at)
        pseudo = np.array([n * all_ - (n - 1) * effect([j for j in at if j != k]) for k in at])
        pairs = pseudo.reshape(-1, 2)  # the two replicates of a lot follow each other
        lots[name] = pairs.mean(axis=1)
        rest.append(pairs - lots[name][:, None])
    free = sum(len(x) for x in lots.values()) - 3
    seen_ = sum(((x - x.mean()) ** 2).sum() for x in lots.values()) / free
    luck = sum((x**2).sum() for x in rest) / (free + 3)
    spread = np.sqrt(max(0, seen_ - luck / 2) + seen_ / 3)
    half = stats.t.ppf(0.95, free) * spread
    assert row.difference == pytest.approx(effect([k for k, s in enumerate(whose) if s == "quiet"]))
    assert row.high - row.difference == pytest.approx(half, rel=0.005)

    print_comparison(c, structures=True)
    printed = capsys.readouterr().out
    assert "What each structure says of" in printed
    assert "2 structures of the model" in " ".join(printed.split())  # of the towns listed first


def test_with_one_structure_nothing_is_said_of_structures():
    small = {"replicates": 20, "weeks": 4, "burn_in": 2, "residents": 200, "workers": 1}
    c = compare(["none", "sanctuary"], structures=["full"], **small)
    assert c.probed is None
    assert c.structured == {}
    assert c.by_structure().empty
    assert not any("structure" in line for line in c.findings())
