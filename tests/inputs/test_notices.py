"""What a result is to be read with is said wherever the result is shown."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from markupsafe import escape

import trustabm as ta
from trustabm.cli import main
from trustabm.inputs.notices import same_rules, window
from trustabm.inputs.policy import Policy
from trustabm.inputs.timeline import Change, Timeline
from trustabm.telling.brief import as_html, as_pdf

START = dt.date(2010, 1, 1)
SMALL = {"replicates": 2, "weeks": 2, "burn_in": 0, "residents": 60}


def line(title: str, *changes: tuple[str, dict[str, float]]) -> Timeline:
    dated = [
        Change(date=dt.date.fromisoformat(d), sentence="s", source="s", levers=levers)
        for d, levers in changes
    ]
    return Timeline(title=title, changes=tuple(dated))


@pytest.fixture(scope="module")
def late() -> ta.Comparison:
    later = line("Later", ("2010-01-20", {"firewall": 1.0}))
    return ta.compare({"none": "none", "later": later}, town="harris-tx", **SMALL)


def test_a_change_after_the_last_week_is_said_with_its_date_and_why_all_is_the_same(late):
    # Two weeks from 1 January end on 14 January.
    assert (
        "Dated changes after the last week (2010-01-14) are not lived through: 2010-01-20 under "
        "later."
    ) in late.notices
    said = [*late.findings(), *late.notices]
    assert [s for s in said if "nothing can differ" in s] == [
        "The same rules are in force under later as under none in every week, so that nothing can "
        "differ."
    ]
    assert list(same_rules([("A", line("A")), ("B", line("B"))], START, 2)) == [
        "In every week the levers under B are those under A: nothing can differ."
    ]


def test_no_such_thing_is_said_of_a_change_within_the_weeks():
    inside = line("Inside", ("2010-01-14", {"firewall": 1.0}))
    assert list(window([("none", line("none")), ("Inside", inside)], START, 2)) == []


def test_changes_before_the_start_and_undone_in_their_week_are_said():
    odd = line(
        "Odd",
        ("2009-06-01", {"u_visa": 1.0}),
        ("2010-01-09", {"firewall": 1.0, "outreach": 1.0}),
        ("2010-01-11", {"firewall": 0.0}),
    )
    before, undone = window([("Odd", odd)], START, 4)
    assert "2009-06-01 under Odd" in before
    assert "2010-01-09 under Odd" in undone
    both = line("Both", ("2010-01-09", {"firewall": 1.0}), ("2010-01-11", {"outreach": 1.0}))
    assert list(window([("Both", both)], START, 4)) == []
    assert both.schedule(START, 4)[-1] == (1, Policy(firewall=1.0, outreach=1.0))


def test_a_towns_own_rules_that_are_left_out_are_said_with_the_remedy(late):
    (said,) = [n for n in late.notices if "Harris County" in n]
    assert "not laid in" in said
    assert "--local-policies" in said
    laid = ta.compare(
        ["none", "secure-communities"], town="harris-tx", local_policies=True, **SMALL
    )
    assert not [n for n in laid.notices if "not laid in" in n]


def test_few_towns_without_the_posterior_are_said_unless_asked_for(late):
    assert any(n.startswith("2 towns: typical parameters only") for n in late.notices)
    asked = ta.compare(["none", "sanctuary"], draws=0, **SMALL)
    assert not [n for n in asked.notices if "typical" in n]


def test_notices_stand_in_brief_findings_and_record(late, tmp_path):
    folder = late.save(tmp_path / "out")
    record = json.loads((folder / "provenance.json").read_text("utf-8"))
    assert tuple(record["notices"]) == late.notices
    page, found = as_html(late), (folder / "findings.txt").read_text("utf-8")
    for said in late.notices:
        assert escape(said) in page
        assert said in found
    assert as_pdf(late).startswith(b"%PDF")


def test_the_command_line_says_them_beside_json_and_under_the_table(capsys):
    def said(words: str) -> tuple[str, str]:
        with pytest.raises(SystemExit) as left:
            main(f"{words} --weeks 2 --residents 60".split())
        assert left.value.code == 0
        return capsys.readouterr()

    compare = "compare none us-history --replicates 2 --burn-in 0"
    assert "Note: 2 towns: typical" in " ".join(said(compare)[0].split())
    out, err = said(compare + " --json")
    assert json.loads(out)
    assert "trustabm: note: 2 towns: typical" in err
    out = " ".join(said("run --policy us-history --town harris-tx")[0].split())
    assert "Dated changes after the last week (2010-01-14)" in out
    assert "Harris County" in out


def test_a_neighbors_own_rules_are_said_to_be_left_out():
    values = {"weeks": 1, "residents": 60, "local_policies": True, "town": "harris-tx"}
    near = [{"town": "cook-il", "residents": 60}]
    (said,) = [n for n in ta.run(values | {"neighbors": near}).notices if "not laid in" in n]
    assert "Cook County" in said
