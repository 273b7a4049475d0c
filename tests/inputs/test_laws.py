"""Rules of counties made of tables: levers in force worked out by hand from the rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from trustabm.inputs.places import laws
from trustabm.inputs.policy import LEVERS, Policy
from trustabm.inputs.timeline import Timeline, timeline

HONORS = ("honor_none", "honor_misdemeanor", "honor_felony", "honor_violent")
ALL = dict.fromkeys(HONORS, 1.0)
NOBODY = dict.fromkeys(HONORS, 0.0)
USUAL = dict(zip(HONORS, (0.9, 0.9, 0.95, 0.95), strict=True))


def line_of(fips: str) -> Timeline:
    """Return what is in force in a county by date."""
    return timeline("today").merged(laws.changes(fips, laws.state_of(fips)))


@pytest.mark.parametrize(
    ("fips", "day", "expected"),
    [
        # Travis, Texas: no agreement of the sheriff; SB 4 on 25 September 2017, SB 8 with a
        # deadline on 1 December 2026; Secure Communities in June 2009.
        ("48453", "2009-05-31", {"fingerprint_sharing": 0.0, "ask_status": "nobody", **USUAL}),
        ("48453", "2009-06-01", {"fingerprint_sharing": 1.0, "ask_status": "nobody", **USUAL}),
        ("48453", "2017-09-24", {"ask_status": "nobody", "ask_victims": 0.0, **USUAL}),
        ("48453", "2017-09-25", {"ask_status": "stop", "ask_victims": 0.05, **ALL}),
        ("48453", "2026-11-30", {"ask_status": "stop", "jail_screening": 0.0, **ALL}),
        ("48453", "2026-12-01", {"ask_status": "stop", "jail_screening": 0.9, **ALL}),
        # Frederick, Maryland: the sheriff screens since 6 February 2008, until Maryland ends
        # agreements (day ours: 1 July 2026) and, by an act not verified, limits holds.
        ("24021", "2008-02-06", {"ask_status": "booking", "jail_screening": 0.9, **ALL}),
        ("24021", "2026-06-30", {"ask_status": "booking", "jail_screening": 0.9, **ALL}),
        ("24021", "2026-07-01", {"ask_status": "nobody", "jail_screening": 0.0, **USUAL}),
        ("24021", "2026-10-01", {"honor_violent": 0.6, "judicial_warrant": 0.8}),
        # Miami-Dade: state law lets a tenth of officers be deputized on 13 February 2025, the
        # sheriff's task force of 26 February goes further; licences of other states end in 2023.
        ("12086", "2022-06-16", {"jail_screening": 0.0, **ALL}),
        ("12086", "2022-06-17", {"ask_status": "booking", "jail_screening": 0.9, **ALL}),
        ("12086", "2025-02-13", {"ask_status": "stop", "deputized_share": 0.1}),
        ("12086", "2025-02-26", {"deputized_share": 0.2, "officer_training": 0.02}),
        # Wayne, Michigan: no state law and no agreement is known.
        ("26163", "2026-07-01", {"ask_status": "nobody", "jail_screening": 0.0, **USUAL}),
        # Los Angeles from the tables alone: the Values Act ends the agreement and all holds.
        ("06037", "2010-01-01", {"ask_status": "booking", "jail_screening": 0.9, **ALL}),
        ("06037", "2018-01-01", {"ask_status": "nobody", "jail_screening": 0.0, **NOBODY}),
        ("06037", "2018-01-01", {"judicial_warrant": 1.0, "firewall": 0.8, "license_access": 0.6}),
    ],
)
def test_levers_in_force_are_what_the_rows_say(fips, day, expected):
    got = line_of(fips).at(dt.date.fromisoformat(day))
    assert {name: getattr(got, name) for name in expected} == expected


def test_what_ends_goes_back_to_what_else_is_in_force():
    # Harris from the tables: an agreement of 2008, last listed on 29 January 2017, adds to what
    # the jail did anyway and takes nothing with it.
    line = line_of("48201")
    before, after = (line.at(dt.date(2017, 1, day)) for day in (28, 29))
    assert before.differences(after) == {
        "ask_status": ("booking", "nobody"),
        "jail_screening": (0.9, 0.0),
        **{name: (1.0, value) for name, value in USUAL.items()},
    }


def test_a_state_that_forbids_agreements_ends_them():
    def banned(state: str, lever: str) -> list[dt.date]:
        return [law.date for law in laws.state_laws(state) if law.levers.get(lever) == 0.0]

    ended = {
        (a.fips, a.model): a.ended
        for fips in ("24021", "06065", "34017")
        for a in laws.agreements(fips, laws.state_of(fips))
        if a.scope == "county"
    }
    # Riverside's was last listed in 2013, Hudson's 2016 signature ran until 2019.
    assert ended["24021", "JEM"] == banned("MD", "jail_screening")[0] == dt.date(2026, 7, 1)
    assert ended["06065", "JEM"] == dt.date(2013, 9, 30)
    assert ended["34017", "JEM"] == dt.date(2019, 7, 22)


def test_every_row_is_of_a_state_a_model_and_levers_that_exist():
    rows = [law for state in laws.STATES.values() for law in laws.state_laws(state)]
    assert len(rows) == 116
    assert {law.stance for law in rows} == {"", "helps", "limits"}
    assert {law.basis for law in rows} == {"read", "recalled", "unclear"}
    for law in rows:
        assert set(law.levers) <= set(LEVERS)
        assert law.sentence.endswith(".")
        assert law.source
    known = laws._all_agreements()
    assert sum(map(len, known.values())) == 1802
    for fips, signed in known.items():
        assert fips[:2] in laws.STATES
        assert {a.model for a in signed} <= {"JEM", "WSO", "TFM"}
        assert {a.scope for a in signed} <= {"county", "part"}
    assert len(laws._activated()) == 3101


def test_recalled_rules_say_so_where_they_are_cited():
    cited = {
        state: [c.source for c in laws.changes(fips, state) if words in c.source]
        for state, fips, words in (("OK", "40109", "recalled"), ("KS", "20173", "unclear"))
    }
    assert [len(sources) for sources in cited.values()] == [1, 1]


@pytest.mark.parametrize("step", [29])
def test_rules_of_counties_never_contradict_federal_ones(step):
    # Of every 29th county with an agreement, and one of every state; all 3,142 were tried once.
    some = sorted(laws._all_agreements())[::step] + [f"{code}001" for code in laws.STATES]
    for fips in some:
        dated: list[Any] = line_of(fips).dated()
        assert isinstance(dated[-1][1], Policy)


def test_no_record_of_an_agreement_is_none_known():
    def said(fips: str, day: str) -> str:
        return laws.agreement(fips, laws.state_of(fips), dt.date.fromisoformat(day))

    assert said("26163", "2026-07-01") == "none known, which is not to say that there is none."
    assert said("12086", "2026-07-01").startswith("Miami Dade Sheriff")
    assert "task force, since 2025-02-26" in said("12086", "2026-07-01")
    assert said("24021", "2026-06-30").startswith("Frederick")
    assert said("24021", "2026-07-01").startswith("none: state law forbids them (HB 444")
    assert said("36059", "2026-07-01").endswith("2026-05-27, unclear).")


def test_what_is_not_known_is_said():
    def said(fips: str) -> str:
        return " ".join(laws.gaps(fips, laws.state_of(fips), dt.date(2026, 7, 1)))

    assert "No policy of the county or a city is known" in said("26163")
    assert "not to say that there is none" in said("26163")
    assert "not to say" not in said("12086")
    assert "City Of Miami Police Department" in said("12086")
    assert "The month in which Secure Communities began is not known" in said("02013")


def test_an_agreement_does_not_end_before_the_last_list_it_stands_on():
    # Those here were on the list of 1 August 2017 and on none since; Washington, Arkansas, has no
    # later signature than that of 2007, and three years from it would be 2010.
    listed = [
        a
        for known in laws._all_agreements().values()
        for a in known
        if a.note.startswith("still listed on 1 August 2017")
    ]
    assert min(a.ended for a in listed if a.ended is not None) >= dt.date(2017, 8, 1)
    (own,) = (
        a
        for a in laws.agreements("05143", "AR")
        if a.signed == dt.date(2007, 9, 26) and a.model == "JEM"
    )
    assert own.ended == dt.date(2017, 8, 1)


def test_what_an_ended_agreement_set_is_no_longer_said_to_be_its_doing():
    # Davidson, Tennessee: no law there speaks of a judge's warrant, which the agreement of 2007
    # ruled out; from 30 September 2013 on nobody insists on one because the agreement ended.
    line = line_of("47037")
    for day, said in (
        (dt.date(2013, 9, 29), "has a 287(g) agreement"),
        (dt.date(2013, 9, 30), "ends."),
    ):
        assert said in line.setters(day)["judicial_warrant"].sentence
        assert line.at(day).judicial_warrant == 0.0


@pytest.mark.parametrize(
    ("fips", "day", "so"),
    [
        ("09003", "2026-07-01", False),  # Connecticut forbids them since 2019, which was read
        ("09003", "2019-09-30", True),  # the day before
        ("15003", "2026-07-02", True),  # Hawaii: whether the bill was signed is unclear
        ("26163", "2026-07-01", True),  # Michigan has no such law
    ],
)
def test_there_may_be_an_unknown_agreement_only_where_none_is_known_to_be_forbidden(fips, day, so):
    gaps = laws.gaps(fips, laws.state_of(fips), dt.date.fromisoformat(day))
    assert any("287(g) agreement of a county agency is known" in gap for gap in gaps) == so
