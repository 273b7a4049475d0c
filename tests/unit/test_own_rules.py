"""Rules of one's own: in place of any shipped one, to the bit, in both drivers, and everywhere."""

from __future__ import annotations

import json
import math
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from worlds import digest, lived
from worlds import p as parameters

import trustabm as ta
from trustabm.agents import Resident
from trustabm.errors import InvalidInput
from trustabm.inputs.rule import NOT_FITTED, rules_in
from trustabm.rules import codes, luck
from trustabm.rules.own import replaceable
from trustabm.runs import reproduce
from trustabm.state import journal
from trustabm.study.definition import Study
from trustabm.study.designs import Factorial
from trustabm.study.work import Work
from trustabm.study.worker import Job, run_batch
from trustabm.week.build import Build

REGION: dict[str, Any] = {
    "town": "los-angeles-ca",
    "policy": "mass-enforcement-2025",
    "levers": {"ask_status": "stop", "ice_capacity": 5.0, "legalization_uptake": 0.9},
    "residents": 300,
    "weeks": 20,
    "seed": 12,
}
SMALL: dict[str, Any] = {"town": "harris-tx", "residents": 500, "weeks": 8}
CHANCE = 0.5


@ta.rule("report_chance")
def half(p, levers, kind, trust, feared, status, readiness):  # type: ignore[no-untyped-def]
    """Half of all victims report."""
    return CHANCE


UNCOMPILED = """
import trustabm as ta
from worlds import digest
from trustabm.rules.own import replaceable

def both(rules):
    made = []
    for driver in ("compiled", "agents"):
        model = ta.TrustModel(driver=driver, rules=rules, **REGION)
        model.run_for(REGION["weeks"])
        made.append(digest(model.world))
    print(*made, int(model.world.tally["stops"].sum()))

both([])
both([ta.rule(name)(r.python) for name, r in replaceable().items()])
both([ta.Rule(replaces="report_chance", source=HALF)])
@ta.rule("stop_hazard")
def contrary(p, levers, patrol, patrols, offending, weight, bias, is_trained):
    return 0.019 if offending == 0.0 and weight == 0.0 else 0.0
@ta.rule("turnover_hazard")
def many(p, custody):
    return 0.012
@ta.rule("offence_hazard")
def alike(p, attempts, offending, can_be_removed, risk):
    return 0.02
both([contrary, many, alike])
"""


def test_every_rule_replaced_by_its_own_text_gives_the_same_bits_in_both_drivers(
    tmp_path: Path,
) -> None:
    script = tmp_path / "both.py"
    script.write_text(f"REGION = {REGION!r}\nHALF = {half.source!r}\n{UNCOMPILED}")
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script)],
        env=os.environ | {"TRUSTABM_UNCOMPILED": "1", "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    shipped, again, own, contrary = (line.split() for line in done.stdout.splitlines())
    assert shipped[:2] == [digest(lived(**REGION))] * 2
    assert again == shipped
    assert own[:2] == [digest(lived(**REGION, rules=[half]))] * 2 != shipped[:2]
    # Nobody who offends is stopped, and nobody else is left out: the drivers agree on both.
    assert contrary[0] == contrary[1]
    assert int(contrary[2]) > 2 * int(shipped[2]) > 0


def test_half_of_all_crimes_are_reported_by_the_luck_of_whoever_did_it() -> None:
    world = lived(keep_events=True, **SMALL | {"residents": 2000, "weeks": 52}, rules=[half])
    crimes = world.tables.crimes[: world.tables.used[journal.CRIMES]]
    assert len(crimes) > 50
    assert (crimes["chance"] == CHANCE).all()
    draws = [luck.uniform(world.seed, c["week"], luck.REPORT, c["resident"]) for c in crimes]
    assert crimes["reported"].tolist() == [u < CHANCE for u in draws]
    assert 0 < crimes["reported"].sum() < len(crimes)


class Half(Resident):
    """A resident who calls with one and the same chance."""

    def chance_to_report(self, kind: int, offender: Any = None) -> float:
        return CHANCE


def test_a_class_and_a_rule_that_say_the_same_make_the_same_town() -> None:
    rule, kind = ta.run({**SMALL, "rules": [half]}), ta.run(SMALL, resident_class=Half)
    for one, other in zip(rule.world.state, kind.world.state, strict=True):
        assert one.tobytes() == other.tobytes()
    assert rule.world.state.residents.tobytes() != ta.run(SMALL).world.state.residents.tobytes()


def test_rules_side_by_side_leave_each_other_alone() -> None:
    before = digest(lived(**SMALL))
    own = digest(lived(**SMALL, rules=[half]))
    assert own == digest(ta.run({**SMALL, "weeks": 5, "rules": [half]}).go_on(3).world)
    assert digest(lived(**SMALL)) == before != own == digest(lived(**SMALL, rules=[half]))


def test_an_arm_with_a_rule_beside_one_without_in_two_processes_as_in_one(tmp_path: Path) -> None:
    asked: dict[str, Any] = {**SMALL, "replicates": 4, "burn_in": 4, "draws": 0}
    arms = {"shipped": "none", "half": ta.Arm(policy="none", rules=[half])}
    c = ta.compare(arms, **asked, workers=1)
    assert (c.sums[:, 0] == ta.compare(["none", "sanctuary"], **asked).sums[:, 0]).all()
    assert (c.sums[:, 0] != c.sums[:, 1]).any()
    assert (ta.compare(arms, **asked, workers=2).sums == c.sums).all()
    assert c.same_rules == [True, False]
    assert c.notices[0] == f"half in place of report_chance: {NOT_FITTED}"
    arms_then = c.provenance["experiment"]["arms"]
    assert [arms_then[arm].get("rules", []) for arm in arms] == [[], [half.model_dump()]]
    c.save(tmp_path / "kept")
    assert ta.load(tmp_path / "kept").experiment.rules_of(1) == (half,)
    crimes = c.world("half", 2).tables.crimes
    assert {float(x) for x in crimes["chance"][crimes["chance"] > 0]} == {CHANCE}
    # In every arm, and the weeks before: as one world by the rule.
    every = ta.compare(["none", "sanctuary"], **asked, rules=[half])
    assert every.provenance["scenario"]["rules"] == [half.model_dump()]
    names: dict[str, Any] = {}
    exec(reproduce.python(every.experiment), names)
    assert (names["comparison"].sums == every.sums).all()
    exec(reproduce.python(c.experiment), names)
    assert (names["comparison"].sums == c.sums).all()
    with pytest.raises(InvalidInput, match=r"expected a name for an Arm"):
        ta.compare(["none", ta.Arm(rules=[half])])


def test_an_arm_of_a_study_has_rules_which_travel_to_workers_as_text() -> None:
    study = Study.make(
        {
            "title": "Half",
            "arms": {"shipped": {}, "half": {"rules": [half.model_dump()]}, "again": {}},
            "design": Factorial(),
            "residents": 300,
            "weeks": 4,
            "burn_in": 0,
            "replicates": 1,
        }
    )
    work = Work(study, [(0, {})])
    assert b"def half" in work.pickled
    job = Job("us-average", 0, {}, 0, ("shipped", "half", "again"))
    shipped, own, again = run_batch(work.pickled, [job]).runs
    assert shipped.error is own.error is None
    assert (shipped.groups != own.groups).any()
    assert np.array_equal(shipped.groups, again.groups)
    assert len({work.id(job, arm) for arm in job.arms}) == 3


def test_a_rule_is_read_from_a_file_a_library_and_a_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "rules").mkdir()
    text = (
        '"""My rules."""\nimport math\nimport trustabm as ta\n\nCHANCE = 0.5\n\n'
        "def small(x):\n    return math.sqrt(x)\n\n"
        '@ta.rule("report_chance")\n'
        "def mine(p, levers, kind, trust, feared, status, readiness):\n"
        "    return small(CHANCE * CHANCE)\n\n"
        '@ta.rule("witness_there")\ndef all_see(p, kind: int) -> float:\n    return 1.0\n'
    )
    (tmp_path / "rules" / "mine.py").write_text(text)
    found = rules_in(tmp_path / "rules" / "mine.py")
    assert [r.replaces for r in found] == ["report_chance", "witness_there"]
    assert found[0](*[None] * 7) == 0.5
    (tmp_path / "scenario.toml").write_text('rules = ["rules/mine.py"]\nresidents = 300\n')
    scenario = ta.Scenario.read(tmp_path / "scenario.toml")
    assert scenario.rules == found
    monkeypatch.setenv("TRUSTABM_LIBRARY", str(tmp_path))
    assert ta.Scenario.make({"rules": ["mine"]}).rules == found
    record = json.loads(scenario.model_dump_json())
    assert ta.Scenario.make(record).rules == found
    assert pickle.loads(pickle.dumps(found)) == found
    record["rules"][0]["source"] += "# other"
    with pytest.raises(InvalidInput, match=r"rules\.0\.digest: expected [0-9a-f]{16}, that of"):
        ta.Scenario.make(record)


def helper(x: float) -> float:
    return x * math.pi


def test_what_a_function_takes_from_around_it_comes_with_it() -> None:
    times = 2.0

    def more(p, kind):  # type: ignore[no-untyped-def]
        return min(1.0, times * shipped(p, kind) * helper(1.0))  # type: ignore[name-defined] # noqa: F821

    rule = ta.rule("witness_there")(more)
    assert rule.source.startswith("def helper(x):")
    assert "times = 2.0" in rule.source
    p = parameters(witness_share=0.1)
    assert rule(p, codes.VIOLENT) == pytest.approx(0.2 * math.pi)


@pytest.mark.parametrize(
    ("name", "source", "said"),
    [
        ("report_chanc", "", "rule: no 'report_chanc'; did you mean 'report_chance'?"),
        (
            "witness_there",
            "def f(p): return 1.0",
            "rule witness_there: expected (p, kind), got (p)",
        ),
        ("witness_there", "def f(p, kind): return open('x')", "got open"),
        ("witness_there", "import os\ndef f(p, kind): return 1.0", "got 'import os'"),
        ("witness_there", "def f(p, kind): return p.__class__", "got .__class__"),
        ("witness_there", "def f(p, kind=1): return 1.0", "without decorators or defaults"),
        ("witness_there", "def f(p, kind: return 1.0", "expected Python, got"),
        ("witness_there", "x = 1.0", "expected a function"),
    ],
)
def test_what_is_no_rule_is_refused_in_one_line(name: str, source: str, said: str) -> None:
    with pytest.raises(InvalidInput) as e:
        ta.Scenario.make({"rules": [{"replaces": name, "source": source}]})
    assert said in str(e.value)
    assert "\n" not in str(e.value)


def test_two_rules_in_one_place_and_files_that_are_none_are_refused() -> None:
    other = ta.Rule(replaces="report_chance", source=half.source + "# other\n")
    with pytest.raises(InvalidInput, match="rules: expected one rule in place of report_chance"):
        ta.Scenario.make({"rules": [half, other]})
    with pytest.raises(InvalidInput, match=r"rules: expected the path of a Python file, got 'no"):
        ta.Scenario.make({"rules": ["none.py"]})
    with pytest.raises(InvalidInput, match=r"expected its inputs, numbers, .* got os"):
        ta.rule("witness_there")(lambda p, kind: os.sep)


def test_what_cannot_be_compiled_is_said_of_its_rule() -> None:
    words = ta.Rule(replaces="witness_there", source="def f(p, kind): return 'x'")
    with pytest.raises(InvalidInput, match="witness_there: numba cannot compile it"):
        lived(**SMALL, rules=[words])


def test_what_a_rule_is_no_part_of_is_shared() -> None:
    build = Build((half,))
    own = {r.replaces for r in build.rules}
    assert own == {"report_chance"}
    from trustabm.week import crimes, phases, reports, stops

    for anew in (phases.run, crimes.phase, reports.chance_to_report):
        assert build.of(anew) is not anew
    for shared in (stops.phase, reports.calls, replaceable()["fear"].made):
        assert build.of(shared) is shared
    assert Build().of(phases.run) is phases.run
