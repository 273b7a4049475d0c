"""Levers of one's own: set as any lever, read by rules of one's own, and never silently nothing."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from worlds import digest, lived

import trustabm as ta
from trustabm.classroom.lesson import FOLDER, shelf
from trustabm.cli import main
from trustabm.errors import InvalidInput
from trustabm.inputs import library
from trustabm.inputs.groups import SHIPPED
from trustabm.inputs.lever import OWN, RESERVED, levers_of
from trustabm.inputs.policy import Policy
from trustabm.inputs.rule import rules_in
from trustabm.outcomes.glossary import OUTCOMES
from trustabm.runs import reproduce
from trustabm.state import journal
from trustabm.study.columns import KEYS, Columns
from trustabm.study.definition import Study
from trustabm.study.designs import STRUCTURE
from trustabm.study.series import Series
from trustabm.study.tables import OF_AN_ARM
from trustabm.study.work import Work
from trustabm.study.worker import Job, run_batch

SMALL: dict[str, Any] = {"town": "harris-tx", "residents": 500, "weeks": 8}
ASKED: dict[str, Any] = {**SMALL, "replicates": 4, "burn_in": 4, "draws": 0}

RULES = '''"""A line on which victims call without a name."""
import trustabm as ta

ta.lever(
    "tip_line",
    title="Victims have a line to call unnamed",
    unit="share of victims",
    sentence="Victims who call a line.",
    default=0.25,
)
other = ta.lever("billboards", title="Many billboards", unit="number", high=9, sentence="Signs.")


@ta.rule("report_chance")
def as_many(p, levers, kind, trust, feared, status, readiness):
    """As many report as the lever says."""
    return levers.tip_line + 0.0 * levers.billboards * levers.firewall
'''


@pytest.fixture(autouse=True)
def nothing_declared(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Begin without levers of one's own, and end so."""
    monkeypatch.delenv(library.VARIABLE, raising=False)
    OWN.clear()
    yield
    OWN.clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a library with the rule, and a timeline that sets the lever."""
    for name, text in {
        "rules/line.py": RULES,
        "policies/a-line.toml": 'title = "A line"\nsentence = "s"\nsource = "s"\n'
        "levers = { tip_line = 0.5, outreach = 0.5 }\n",
        "timelines/later.toml": 'title = "Later"\nstart = "none"\n'
        '[[changes]]\ndate = 2010-01-29\nsentence = "s"\nsource = "s"\n'
        "levers = { tip_line = 0.75 }\n"
        '[[changes]]\ndate = 2010-02-26\nsentence = "s"\nsource = "s"\npolicy = "none"\n',
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def declared(**more: Any) -> Any:
    values = {"title": "Victims have a line", "unit": "share of victims", "sentence": "A line."}
    return ta.lever(**{"name": "tip_line", **values, **more})


def test_a_rule_reads_what_a_timeline_sets_by_date_and_the_default_before(folder: Path) -> None:
    rules = rules_in(folder / "rules" / "line.py")
    line = str(folder / "timelines" / "later.toml")
    asked = {**SMALL, "residents": 4000, "weeks": 12, "policy": line, "rules": rules}
    world = lived(keep_events=True, **asked)
    crimes = world.tables.crimes[: world.tables.used[journal.CRIMES]]
    # 29 January 2010 is four weeks after the start, 26 February eight; what resets, resets it too.
    for weeks, chance in (((0, 4), 0.25), ((4, 8), 0.75), ((8, 12), 0.25)):
        found = crimes["chance"][(crimes["week"] >= weeks[0]) & (crimes["week"] < weeks[1])]
        assert len(found) > 5
        assert set(found.tolist()) == {chance}
    assert [p.value("tip_line") for _, (p,) in world.plan.policies] == [0.25, 0.75, 0.25]


BOTH = """
import trustabm as ta
from worlds import digest
made = []
for driver in ("compiled", "agents"):
    model = ta.TrustModel(driver=driver, **SCENARIO)
    model.run_for(SCENARIO["weeks"])
    made.append(digest(model.world))
print(*made)
"""


def test_both_drivers_read_it_compiled_or_not(folder: Path) -> None:
    asked = {"town": "harris-tx", "residents": 300, "weeks": 10, "levers": {"tip_line": 0.5}}
    asked |= {"rules": [str(folder / "rules" / "line.py")]}
    (folder / "both.py").write_text(f"SCENARIO = {asked!r}\n{BOTH}")
    done = subprocess.run(
        [sys.executable, "-W", "error", str(folder / "both.py")],
        env=os.environ | {"TRUSTABM_UNCOMPILED": "1", "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    here = digest(ta.run(ta.Scenario.make(asked)).world)
    assert done.stdout.split() == [here, here]
    other = ta.Scenario.make(asked | {"levers": {"tip_line": 0.4}})
    assert digest(ta.run(other).world) != here


def test_at_its_default_the_model_is_the_one_that_ships() -> None:
    declared()

    @ta.rule("report_chance")
    def more(p, levers, kind, trust, feared, status, readiness):  # type: ignore[no-untyped-def]
        chance = shipped(p, levers, kind, trust, feared, status, readiness)  # type: ignore[name-defined] # noqa: F821
        return chance + levers.tip_line * (1.0 - chance)

    assert digest(lived(**SMALL, rules=[more])) == digest(lived(**SMALL))
    arms = {"none": "none", "line": ta.Arm(levers={"tip_line": 1.0})}
    c = ta.compare(arms, **ASKED, rules=[more], workers=1)
    assert c.same_rules == [True, False]
    effect = c.effects().query("outcome == 'reporting' and group == 'all'").iloc[-1]
    assert effect["level"] == 1.0  # everybody who is victimized reports
    assert (ta.compare(arms, **ASKED, rules=[more], workers=2).sums == c.sums).all()
    names: dict[str, Any] = {}
    exec(reproduce.python(c.experiment), names)
    assert (names["comparison"].sums == c.sums).all()
    record = json.loads(json.dumps(c.provenance["experiment"]))
    OWN.clear()  # as in another process, which has but the record
    assert reproduce.Experiment.make(record).rules_of(1) == (more,)


def test_what_no_rule_reads_is_refused_or_said(folder: Path) -> None:
    line = rules_in(folder / "rules" / "line.py")
    set_ = {"tip_line": 0.5}
    for policy in (Policy(tip_line=0.5), str(folder / "policies" / "a-line.toml")):
        with pytest.raises(InvalidInput, match=r"levers\.tip_line: expected a rule of one's own"):
            ta.Scenario.make({**SMALL, "policy": policy})
    ta.Scenario.make({**SMALL, "levers": {"tip_line": 0.25}})  # its default is nothing set
    arms = {"shipped": ta.Arm(levers=set_), "line": ta.Arm(levers=set_, rules=line)}
    c = ta.compare(arms, **ASKED)
    said = "Victims have a line to call unnamed is set in shipped, where no rule reads it."
    assert said in c.notices
    assert not any("is set in line" in x for x in c.notices)
    study = {"title": "t", "arms": {"none": {}}, "vary": {"tip_line": {"values": [0, 1]}}}
    with pytest.raises(InvalidInput, match=r"vary\.tip_line: expected a rule of one's own"):
        Study.make(study)
    with pytest.raises(InvalidInput, match=r"vary\.tip_line\.values: expected .*got 2"):
        Study.make(study | {"vary": {"tip_line": {"values": [0, 2]}}, "rules": line})


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": "firewall"}, "name: expected a new name, as tip_line, got 'firewall'"),
        ({"name": "trust_weight"}, "expected a new name"),
        ({"name": "honor"}, "expected a new name"),
        ({"name": "a b"}, "expected a new name"),
        ({"name": "class"}, "expected a new name"),
        ({"name": "week"}, "expected a new name"),
        ({"name": "until_calm"}, "expected a new name"),
        ({"name": "reporting__all"}, "expected a new name"),
        ({"low": 1.0}, "default: expected low <= default <= high and low < high, got 1, 0, 1"),
        ({"unit": ""}, "unit: expected 1 to 200 characters"),
        ({"default": 0.5}, "default: expected 0, that of the lever tip_line here, got 0.5"),
    ],
)
def test_what_is_no_lever_is_refused(values: dict[str, Any], said: str) -> None:
    declared()
    with pytest.raises(InvalidInput) as e:
        declared(**values)
    assert said in str(e.value)


def test_a_lever_has_no_name_of_a_column_or_of_a_header_of_studies() -> None:
    columns = Columns((), (), (), (), SHIPPED, stops=True)
    weeks = replace(columns, series=Series(outcomes=["reporting"], every=2))
    every = {*columns.schema().names, *weeks.schema().names, *OF_AN_ARM, STRUCTURE.name}
    assert set(KEYS) < every <= RESERVED


def test_a_file_with_one_that_is_none_teaches_no_lever() -> None:
    assert [x.name for x in levers_of(RULES, "a.py")] == ["tip_line", "billboards"]
    OWN.clear()
    before = declared(name="before")
    for later in ('ta.lever("week", title="t", unit="u", sentence="s")', "ta.lever(word)"):
        with pytest.raises(ValueError, match="lever: "):
            levers_of(f"{RULES}\n{later}\n", "a.py")
        assert {"before": before.declared} == OWN


def test_what_is_received_takes_the_place_of_what_was_known() -> None:
    sent = pickle.dumps(declared(default=0.5))
    OWN.clear()
    declared(default=0.25)
    pickle.loads(sent)
    assert OWN["tip_line"].default == 0.5


def test_runs_of_what_ships_are_the_same_whatever_is_declared() -> None:
    small = {"title": "t", "weeks": 4, "burn_in": 0, "residents": 500, "replicates": 2}
    study = small | {"arms": {"none": {}, "laid": {"policy": "us-history"}}}
    made = Work(Study.make(study), [(0, {})])
    ids, contents, whole = made.ids(), made.contents(), Policy(outreach=0.5).model_dump()
    assert len(ids) == 4
    declared()
    made = Work(Study.make(study), [(0, {})])
    assert (made.ids(), made.contents()) == (ids, contents)
    assert Policy(outreach=0.5).model_dump() == whole


def test_a_whole_policy_puts_it_back_to_its_default_and_some_levers_do_not() -> None:
    declared(default=0.25)
    some = {"sentence": "s", "source": "s"}
    line = ta.Timeline(
        title="t",
        changes=[
            {"date": "2010-01-01", "levers": {"tip_line": 0.75}, **some},
            {"date": "2011-01-01", "levers": {"outreach": 0.5}, **some},
            {"date": "2012-01-01", "levers": Policy(firewall=1.0).model_dump(), **some},
        ],
    )
    for laid in (line, line.overlaid({"publicity": 0.5})):
        read = ta.Timeline.model_validate_json(laid.model_dump_json())
        assert [p.value("tip_line") for _, p in read.dated()] == [0.25, 0.75, 0.75, 0.25]
    over = line.laid_over(
        line.changes[0].model_copy(update={"levers": Policy(outreach=1.0).model_dump()})
    )
    assert [p.value("tip_line") for _, p in over.dated()] == [0.25, 0.25, 0.25, 0.25]


def test_a_lesson_that_sets_one_which_no_rule_reads_is_refused_in_words(tmp_path: Path) -> None:
    declared()
    text = (FOLDER / "citizen.toml").read_text("utf-8")
    for name, levers in (("a", "tip_line = 0.5"), ("b", "own = { tip_line = 0.5 }")):
        arm = f'policy = "none"\nlevers = {{ {levers} }}'
        (tmp_path / f"{name}.toml").write_text(text.replace('policy = "none"', arm, 1), "utf-8")
    _, (one, other) = shelf(tmp_path)
    assert "levers.tip_line: expected a rule of one's own that reads it, got none" in one
    assert "levers.own: expected levers of one's own among the others, by name" in other


def test_values_and_names_are_held_against_what_is_declared() -> None:
    with pytest.raises(InvalidInput, match=r"levers\.tip_line: no such key, got 0\.5"):
        ta.Scenario.make({"levers": {"tip_line": 0.5}})
    declared()
    for levers, said in (
        ({"tip_line": 1.5}, "tip_line: expected 0 to 1, got 1.5"),
        ({"tip_line": True}, "tip_line: expected a valid number, got True"),
        ({"tip_lin": 0.5}, "levers.tip_lin: no such key, got 0.5; did you mean 'tip_line'?"),
    ):
        with pytest.raises(InvalidInput) as e:
            ta.Scenario.make({"levers": levers})
        assert said in str(e.value)
    source = "def f(p, levers, kind, trust, feared, status, readiness):\n    return levers.tip_lin"
    with pytest.raises(InvalidInput, match=r"levers\.tip_lin: no such lever; did you mean 'tip_l"):
        ta.Scenario.make({"rules": [{"replaces": "report_chance", "source": source}]})


def test_a_declaration_is_part_of_a_rule_and_travels_with_it(folder: Path) -> None:
    (rule,) = rules_in(folder / "rules" / "line.py")
    assert [lever.name for lever in rule.levers] == ["billboards", "tip_line"]
    other = RULES.replace("share of victims", "share of calls")
    (folder / "rules" / "line.py").write_text(other)
    assert rules_in(folder / "rules" / "line.py")[0].digest != rule.digest
    text = pickle.dumps((rule, Policy(tip_line=0.5)))
    script = "import pickle, sys; from trustabm.inputs.lever import OWN\n"
    script += "rule, policy = pickle.load(sys.stdin.buffer)\n"
    script += (
        "print(OWN['tip_line'].default, policy.value('tip_line'), type(policy)().value('tip_line'))"
    )
    done = subprocess.run([sys.executable, "-c", script], input=text, capture_output=True)
    assert done.stdout.decode().split() == ["0.25", "0.5", "0.25"], done.stderr


def test_a_study_varies_it_in_the_arms_whose_rules_read_it(folder: Path) -> None:
    study = Study.make(
        {
            "title": "Lines",
            "arms": {"shipped": {}, "line": {"rules": [str(folder / "rules" / "line.py")]}},
            "vary": {"tip_line": {"values": [0.0, 1.0]}},
            "residents": 2000,
            "weeks": 4,
            "burn_in": 0,
            "replicates": 1,
        }
    )
    points: list[Any] = [(0, {"tip_line": 0.0}), (1, {"tip_line": 1.0})]
    work = Work(study, points)
    assert work.task.levers == {"shipped": (), "line": ("tip_line",)}
    OWN.clear()  # a worker knows what it is sent
    jobs = [Job("us-average", k, values, 0, ("shipped", "line")) for k, values in points]
    none, all_ = (run_batch(work.pickled, [job]).runs for job in jobs)
    assert {run.error for run in (*none, *all_)} == {None}
    assert (none[0].groups == all_[0].groups).all()
    of = OUTCOMES["reporting"]
    for run, share in ((none[1], 0.0), (all_[1], 1.0)):
        over, under = (
            sum(run.groups[..., work.task.fields.index(n)].sum() for n in names)
            for names in (of.over, of.under)
        )
        assert over == share * under
        assert under > 0


def test_commands_take_it_from_a_library_or_beside_a_file_of_rules(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    small = ["--weeks", "2", "--residents", "100", "--json"]
    ruled = ["--rule", str(folder / "rules" / "line.py")]
    policy = str(folder / "policies" / "a-line.toml")
    for words in (
        ["run", *small, *ruled, "--policy", policy],
        ["compare", "none", policy, "--replicates", "2", *small, *ruled],
        ["compare", "--change", policy, "--from", "2010-02", "--replicates", "2", *small, *ruled],
    ):
        OWN.clear()
        with pytest.raises(SystemExit, match="0"):
            main(words)
    OWN.clear()
    monkeypatch.setenv(library.VARIABLE, str(folder))
    assert not [*library.wrong()]
    with pytest.raises(SystemExit, match="0"):
        main(["policies", "a-line"])
    shown = capsys.readouterr().out
    assert "tip_line" in shown
    assert "0.5*" in shown
