"""The rules in force in a place, and changes laid on them."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from worlds import same

import trustabm as ta
from trustabm.cli import main
from trustabm.errors import InvalidInput
from trustabm.inputs.catalog import shipped
from trustabm.inputs.laid import Laid, day_of
from trustabm.inputs.places import laws
from trustabm.inputs.timeline import timeline
from trustabm.inputs.town import town
from trustabm.runs.arms import TitledArm, parting
from trustabm.runs.experiment import Experiment
from trustabm.runs.reproduce import python, shell

DAY = dt.date(2026, 1, 1)
SMALL = {"weeks": 3, "burn_in": 8, "residents": 100, "replicates": 2, "draws": 0}
HONORS = ("honor_none", "honor_misdemeanor", "honor_felony", "honor_violent")


def laid(name: str, word: str, since: dt.date = DAY) -> Experiment:
    """Return today's rules in a town, and a change of them."""
    arms = parting([], [word], since, None)
    return Experiment.make({"town": name, **arms, **SMALL})


def test_what_set_a_lever_is_said():
    found = ta.today("mecklenburg-nc", dt.date(2026, 11, 26))
    rows = {row["lever"]: row for row in found.records()}
    assert rows["jail_screening"]["value"] == found.policy.jail_screening == 0.4
    assert rows["jail_screening"]["since"] == "2025-10-01"
    assert "Session Law 2025-85" in rows["jail_screening"]["source"]
    assert rows["jail_screening"]["basis"] == ["values ours"]
    assert rows["ask_status"]["since"] == "2024-12-01"  # the later law does not set it
    assert rows["ice_capacity"]["since"] == "2026-01-03"
    assert "deputized_share" not in rows  # nothing ever set it
    assert found.known_to == {"all": dt.date(2026, 1, 3), "federal rules": dt.date(2026, 1, 3)}
    assert "the last of 2025-11-22" in found.gaps[0]


def test_state_laws_that_a_town_file_does_not_have_are_named():
    ours = town("harris-tx")
    older = ours.model_copy(update={"changes": ours.changes[:-1]})
    gaps = " ".join(ta.today(older, dt.date(2026, 12, 1)).gaps)
    assert "State laws since then are not in that file: Sheriffs who run a jail must have" in gaps
    assert "State laws since then" not in " ".join(ta.today(older, DAY.replace(2025)).gaps)


@pytest.mark.parametrize("name", shipped("towns"))
def test_town_files_that_ship_have_every_state_law_that_is_known(name):
    assert "State laws since then" not in " ".join(ta.today(name, dt.date(2040, 1, 1)).gaps)


def test_a_county_of_tables_says_to_when_each_is_known():
    county = town("travis-tx")
    assert county.changes == laws.changes("48453", "TX")
    found = ta.today(county, DAY)
    assert found.known_to == {
        "all": dt.date(2026, 1, 3),
        "federal rules": dt.date(2026, 1, 3),
        "state laws": dt.date(2026, 7, 3),
        "agreements": dt.date(2026, 6, 30),
    }
    assert any("No policy of the county" in gap for gap in found.gaps)


def test_today_is_federal_history_with_the_towns_own_rules():
    arms = {"today": TitledArm(policy="today")}
    own = {"town": "mecklenburg-nc", "start": DAY, **SMALL}
    one = Experiment(arms=arms, **own)
    other = Experiment(arms={"h": TitledArm(policy="us-history")}, local_policies=True, **own)
    assert [p for _, p in one.lines[0].dated()] == [p for _, p in other.lines[0].dated()]
    worlds = []
    for e in (one, other):
        world = e.world()
        world.run_for(e.burn_in)
        worlds.append(world.branch(e.plan()))
        worlds[-1].run_for(e.weeks)
    assert same(*worlds)


def test_the_past_is_lived_under_the_rules_of_its_dates():
    # From 6 November 2025, eight weeks of 52 a year: agents come on the 15th (week 1) and leave on
    # the 22nd (week 2); nothing else changes until ICE's officers of 3 January 2026.
    e = laid("mecklenburg-nc", "outreach")
    first = e.first()
    assert first.weeks.tolist() == [0, 1, 2]
    assert first.levers["raids"].ravel().tolist() == [0.0, 2.6, 0.0]
    assert first.news.ravel().tolist() == [False, True, True]
    assert e.before[0] == e.lines[0].at(dt.date(2025, 12, 31))
    # In week 0 only the change is news; what today changes in that week is in both.
    assert e.plan(0).policies[0][1][0].ice_capacity == 1.6
    assert e.plan(1).policies[0][1][0].outreach == 0.8


def test_a_change_sets_local_levers_alone_and_from_its_day_on():
    now, then = laid("mecklenburg-nc", "287g-task-force-2025").lines
    assert now.at(DAY - dt.timedelta(1)) == then.at(DAY - dt.timedelta(1))
    local = {
        "ask_status": ("booking", "stop"),
        "deputized_share": (0.0, 0.2),
        "officer_training": (0.0, 0.02),
        "honor_none": (0.9, 1.0),
        "honor_misdemeanor": (0.9, 1.0),
        "honor_felony": (0.95, 1.0),
        "honor_violent": (0.95, 1.0),
    }
    for day in (DAY, dt.date(2026, 1, 3), dt.date(2027, 1, 1)):
        assert now.at(day).differences(then.at(day)) == local


def test_a_change_holds_whatever_law_comes_later_and_only_adds_where_it_says_so():
    # From 2016 on: law lets officers ask at a stop in 2017, which a jail agreement leaves alone.
    now, then = laid("harris-tx", "287g-jail", dt.date(2016, 1, 1)).lines
    assert then.at(dt.date(2017, 8, 31)).ask_status == "booking"
    assert then.at(dt.date(2017, 9, 1)).ask_status == "stop"
    assert [x.at(dt.date(2017, 3, 1)).jail_screening for x in (now, then)] == [0.4, 0.9]
    assert then.at(DAY).priority_none == now.at(DAY).priority_none == 1.0
    # A judge's warrant is insisted on in Cook County; the agreement's officers need none.
    now, then = laid("cook-il", "287g-warrant-service").lines
    assert [x.at(DAY).judicial_warrant for x in (now, then)] == [1.0, 0.0]
    assert then.at(DAY).firewall == now.at(DAY).firewall == 0.75


def test_what_is_federal_or_a_states_is_changed_by_its_own_change(tmp_path):
    now, then = laid("king-wa", "federal:priority-enforcement").lines
    changed = now.at(DAY).differences(then.at(DAY))
    assert changed["notification_share"] == (0.0, 0.17)
    assert set(changed) == {
        "notification_share",
        "priority_none",
        "priority_misdemeanor",
        "priority_felony",
        "priority_violent",
    }
    path = tmp_path / "licences.toml"
    path.write_text(
        'title = "No licences"\nsentence = "s"\nsource = "s"\n'
        "[levers]\nlicense_access = 0.1\noutreach = 0.5\n"
    )
    now, then = laid("king-wa", f"state:{path}").lines
    assert now.at(DAY).differences(then.at(DAY)) == {"license_access": (0.95, 0.1)}


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("mass-enforcement-2025", "a local lever.*mean federal:mass-enforcement-2025"),
        ("state:outreach", "a state lever.*mean local:outreach"),
        ("fedral:outreach", "expected local, state or federal, got 'fedral'; did you mean"),
        ("outreech", "policies: no 'outreech'; did you mean 'outreach'"),
        ("us-history", "policies: no 'us-history'"),
    ],
)
def test_a_change_that_is_none_is_refused(word, said):
    with pytest.raises(InvalidInput, match=said):
        Laid.of(word, DAY)


def test_laws_that_say_otherwise_are_named():
    def said(name: str, word: str) -> str:
        return " ".join(laid(name, word).notices())

    against = said("harris-tx", "no-detainers")
    assert "State law says otherwise than No detainers: Jails must honour every detainer" in against
    assert "SB 4 (2017)" in against
    assert "Assumed here: the change is carried out all the same" in against
    against = said("king-wa", "287g-task-force-2025")
    assert "No holds on a civil detainer, no asking, no new 287(g) agreement" in against
    assert "otherwise" not in said("mecklenburg-nc", "287g-task-force-2025")
    recalled = "may not limit helping immigration authorities (2015-10-28; HB 318, S.L. 2015-294; "
    assert recalled + "recalled)" in said("mecklenburg-nc", "no-detainers")
    assert "names no county" in said("us-average", "no-detainers")
    assert "what is federal stays as it is, and is a change of its own" in said(
        "mecklenburg-nc", "287g-task-force-2025"
    )


def test_every_answer_says_to_when_rules_are_known():
    notes = " ".join(laid("cook-il", "outreach").notices())
    assert "Rules are known to 2026-01-03" in notes
    assert "In force with values that are a reading of ours" in notes
    assert "are not laid in" not in notes
    raided = Experiment.make(
        {"town": "cook-il", "start": "2025-09-08", "arms": {"today": {"policy": "today"}}, **SMALL}
    )
    assert "did not check: Agents sent to Chicago" in " ".join(raided.notices())


def test_days_and_arms_that_do_not_fit_are_refused():
    assert day_of("2026-01", "since") == DAY
    for policies, changes, since, start, said in (
        ([], [], None, None, "or a change of the rules in force"),
        ([], ["outreach"], None, None, "since: expected the day"),
        ([], ["outreach"], "2026-13", None, "since"),
        ([], ["outreach"], "2025-12", "2026-01", "since: expected the start, 2026-01-01, or a"),
        ([], ["outreach", "outreach"], "2026-01", None, "each once"),
        (["none", "today"], ["outreach"], "2026-01", None, "expected none or one"),
        (["none", "today"], [], "2026-01", None, "since: expected none without changes"),
        ([], "outreach", "2026-01", None, "changes: expected a list"),
    ):
        with pytest.raises(InvalidInput, match=said):
            parting(policies, changes, since, start)


def test_the_command_gives_the_numbers_of_the_code(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    words = "compare --town mecklenburg-nc --change 287g-task-force-2025 --change outreach"
    small = "--from 2026-01 --weeks 3 --burn-in 8 --residents 100 --replicates 2 --draws 0 --out o"
    with pytest.raises(SystemExit, match="0"):
        main(f"{words} {small}".split())
    assert "Rules are known to 2026-01-03" in " ".join(capsys.readouterr().out.split())
    c = ta.compare(
        town="mecklenburg-nc",
        changes=["287g-task-force-2025", "outreach"],
        since="2026-01",
        **SMALL,
    )
    assert list(c.arms) == ["today", "287g-task-force-2025", "outreach"]
    assert next(iter(c.arms.values())) == "Rules in force"
    ours, weekly = c.weekly, pd.read_parquet("o/weekly.parquet")
    for name in ("trust", "perceived_risk", "victimization"):
        np.testing.assert_array_equal(weekly[name], ours[name])
    command = shell(c.experiment)
    assert "compare today --change 287g-task-force-2025 --change outreach" in command
    assert "--from 2026-01-01" in command
    scope: dict[str, ta.Comparison] = {}
    exec(python(c.experiment), scope)
    assert np.array_equal(scope["comparison"].sums, c.sums)


def test_the_rules_are_printed_and_given_as_json(capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["today", "king-wa", "--on", "2026-11-26"])
    short = capsys.readouterr().out
    out = " ".join(short.split())
    assert "King County, Washington: rules in force on 2026-11-26" in out
    assert "Rules are known to 2026-01-03" in out
    assert "--all shows every lever" in out
    with pytest.raises(SystemExit, match="0"):
        main(["today", "king-wa", "--on", "2026-11-26", "--all"])
    whole = capsys.readouterr().out
    assert len(whole) > 3 * len(short)
    assert "readings of ours" in " ".join(whole.split())
    with pytest.raises(SystemExit, match="0"):
        main(["today", "king-wa", "--on", "2026-11", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert found["known_to"]["federal rules"] == "2026-01-03"
    assert found["agreement"] == "as its own file says."
    rows = {row["lever"]: row for row in found["rules"]}
    assert [rows[name]["value"] for name in HONORS] == [0.0] * 4
    assert rows["license_access"]["level"] == "state"


def test_the_snippet_of_the_page_runs(capsys):
    page = (Path(__file__).parents[2] / "docs" / "today.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.S)
    exec(code, {})
    first, *rest = capsys.readouterr().out.splitlines()
    assert first == "stop 2026-01-03"
    assert rest[0].startswith("No policy of the county or a city is known")


def test_a_timeline_may_come_after_one_that_ships(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        'title = "mine"\non = "us-history"\n[[changes]]\ndate = 2026-06-01\nsentence = "s"\n'
        'source = "s"\nlevers = {outreach = 0.5}\n'
    )
    mine, history = timeline(path), timeline("us-history")
    assert mine.changes[:-1] == history.changes
    assert mine.at(dt.date(2026, 6, 1)).outreach == 0.5
    assert (mine.known_to, mine.local) == (history.known_to, False)
    path.write_text('title = "mine"\non = "us-histry"\nchanges = []\n')
    with pytest.raises(InvalidInput, match="on: expected a timeline that ships, got 'us-histry'"):
        timeline(path)


def test_laws_against_agreements_are_held_against_agreements_of_every_model():
    def said(name: str, word: str) -> str:
        return " ".join(laid(name, word, dt.date(2026, 8, 1)).notices())

    # Bernalillo, New Mexico: agreements are forbidden, and what jails honour is theirs to say. A
    # warrant service agreement screens nobody, and is an agreement.
    forbids = "No 287(g) agreement and no detention contract (2026-05-20"
    for word in ("287g-warrant-service", "287g-jail", "287g-task-force-2025"):
        assert forbids in said("bernalillo-nm", word)
    assert "otherwise" not in said("bernalillo-nm", "secure-communities")
    # Minnesota: a sheriff needs the county board, a law that sets no lever. Virginia's of July 2026
    # is about task forces alone.
    assert "needs the county board" in said("itasca-mn", "287g-warrant-service")
    assert "otherwise" not in said("henrico-va", "287g-warrant-service")
    assert "conditions that ICE has not accepted" in said("henrico-va", "287g-task-force-2025")
    # Texas: that sheriffs must sign by December says nothing of what a jail without one honours.
    against = said("travis-tx", "community-trust")
    assert "Jails must honour every detainer" in against
    assert "have one by 1 December" not in against


def test_before_all_that_is_known_it_is_said():
    # The first federal record of `us-history` is of 1 January 1996.
    said = "Of federal rules before 1996-01-01 nothing is known"
    assert ta.today("travis-tx", dt.date(1995, 12, 31)).gaps[0].startswith(said)
    assert said not in " ".join(ta.today("travis-tx", dt.date(1996, 1, 1)).gaps)
    assert said in " ".join(laid("king-wa", "outreach", dt.date(1995, 12, 31)).notices())
