"""The rules of counties: what state law, agreements and Secure Communities set, by date.

A county has no file of its own rules, so they are made of three tables of dated facts (README.md
beside this file). State laws follow one another: of two that set a lever the later one holds. An
agreement under section 287(g) adds to what state law has in force and takes nothing away, as long
as it lasts; a state that forbids agreements ends those that there are.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from trustabm.inputs import catalog
from trustabm.inputs.policy import LEVERS, Policy, entangles
from trustabm.inputs.timeline import Basis, Change, Preset

__all__ = [
    "AGREEMENTS_KNOWN_TO",
    "STATES",
    "STATE_LAWS_KNOWN_TO",
    "Agreement",
    "StateLaw",
    "agreement",
    "agreements",
    "changes",
    "gaps",
    "state_laws",
    "state_of",
    "stated",
]

STATE_LAWS_KNOWN_TO = dt.date(2026, 7, 3)
"""The day of the newest page on state laws that was read."""

AGREEMENTS_KNOWN_TO = dt.date(2026, 6, 30)
"""The day to which published agreements were collected; the last whole list is of February 2026."""

LAST_ACTIVATED = dt.date(2013, 1, 22)
"""The day by which Secure Communities was active in every jurisdiction."""

STATES = {
    "01": "AL", "02": "AK", "04": "AZ", "05": "AR", "06": "CA", "08": "CO", "09": "CT", "10": "DE",
    "11": "DC", "12": "FL", "13": "GA", "15": "HI", "16": "ID", "17": "IL", "18": "IN", "19": "IA",
    "20": "KS", "21": "KY", "22": "LA", "23": "ME", "24": "MD", "25": "MA", "26": "MI", "27": "MN",
    "28": "MS", "29": "MO", "30": "MT", "31": "NE", "32": "NV", "33": "NH", "34": "NJ", "35": "NM",
    "36": "NY", "37": "NC", "38": "ND", "39": "OH", "40": "OK", "41": "OR", "42": "PA", "44": "RI",
    "45": "SC", "46": "SD", "47": "TN", "48": "TX", "49": "UT", "50": "VT", "51": "VA", "53": "WA",
    "54": "WV", "55": "WI", "56": "WY",
}  # fmt: skip
"""The state of a county, by the first two digits of its FIPS code."""

USUAL = Change(
    date=dt.date(1996, 1, 1),
    sentence="The jail holds people for immigration officers on request, as most jails then did.",
    source="8 CFR 287.7, read at the time as mandatory; GAO-12-708 (2012); shares assumed by us, "
    "and for a jail of whose own policy nothing is known",
    levers={"honor_none": 0.9, "honor_misdemeanor": 0.9, "honor_felony": 0.95}
    | {"honor_violent": 0.95},
)
"""What a jail does of which nothing is known, until state law or an agreement says otherwise."""

MODELS = {
    "JEM": ("jail enforcement", "287g-jail"),
    "WSO": ("warrant service officer", "287g-warrant-service"),
    "TFM": ("task force", "287g-task-force-2025"),
}
LISTS = {
    "pre2018": "lists of ICE, CRS, GAO and MPI, 2005 to 2017 (Deportation Data Project)",
    "2025-07": "ICE, 287(g) participating agencies, 18 July 2025",
    "2026-02": "ICE, 287(g) participating agencies, 17 February 2026",
    "archive": "ICE, agreements published until 30 June 2026",
}
FIRST_TASK_FORCES_END = dt.date(2012, 12, 31)

BASES = {
    "read": "shares assumed by us",
    "recalled": "recalled and not checked; shares assumed by us",
    "unclear": "unclear whether so in force; shares assumed by us",
}


class StateLaw(NamedTuple):
    """A dated rule of a state.

    Args:
        state: Its letters.
        date: From when it holds.
        key: What it is about.
        stance: Whether it requires or protects helping immigration authorities, `helps`, or
            forbids or limits it, `limits`; empty for neither.
        sentence: What it says.
        levers: What it sets.
        source: The law, order or judgment.
        basis: How it is known.
    """

    state: str
    date: dt.date
    key: str
    stance: str
    sentence: str
    levers: Mapping[str, Any]
    source: str
    basis: Basis

    def change(self) -> Change:
        """Return it as a change of a county's rules."""
        source = f"{self.source}; {BASES[self.basis]}" if self.levers else self.source
        return Change(
            date=self.date,
            sentence=self.sentence,
            source=source,
            levers=dict(self.levers),
            basis=self.basis,
        )


class Agreement(NamedTuple):
    """An agreement of an agency under section 287(g).

    Args:
        fips: The county.
        agency: Who signed.
        model: JEM, WSO or TFM.
        scope: `county` where it is the county's sheriff, jail or police, `part` where another's.
        signed: When it was first signed.
        ended: When it ended; None where no end is known.
        lists: Where it is recorded.
        note: Which day is ours.
    """

    fips: str
    agency: str
    model: str
    scope: str
    signed: dt.date
    ended: dt.date | None
    lists: tuple[str, ...]
    note: str

    @property
    def kind(self) -> str:
        """Its model, in words."""
        return MODELS[self.model][0]

    @property
    def preset(self) -> str:
        """The preset whose local levers it sets."""
        first = self.model == "TFM" and self.signed < FIRST_TASK_FORCES_END
        return "287g-task-force-2006" if first else MODELS[self.model][1]

    @property
    def levers(self) -> dict[str, Any]:
        """What it sets."""
        return catalog.read_shipped("policies", self.preset, Preset).of("local")

    @property
    def source(self) -> str:
        """Where it is recorded, and what of it is ours."""
        said = "; ".join(LISTS[name] for name in self.lists)
        note = f"; {self.note}" if self.note else ""
        return f"{said}{note}; shares assumed by us, as in {self.preset}"

    def in_force(self, on: dt.date) -> bool:
        """Return whether it is known to have been signed and not to have ended."""
        return self.signed <= on and (self.ended is None or on < self.ended)


Reading = Callable[[Change], Change | None]


def _as_stated(change: Change) -> Change:
    return change


def state_of(fips: str) -> str:
    """Return the letters of the state of a county."""
    return STATES[fips[:2]]


@cache
def state_laws(state: str) -> tuple[StateLaw, ...]:
    """Return the rules of a state, by date."""
    return tuple(law for law in _all_laws() if law.state == state)


def agreements(
    fips: str, state: str, known: Sequence[StateLaw] | None = None
) -> tuple[Agreement, ...]:
    """Return the agreements of a county's agencies, ended where the state has forbidden them.

    Args:
        fips: The county's five digits.
        state: Its state's letters.
        known: The rules of the state; all if not given.
    """
    laws = state_laws(state) if known is None else known
    return tuple(_until_forbidden(agreement, laws) for agreement in _all_agreements().get(fips, ()))


def stated(state: str) -> tuple[Change, ...]:
    """Return what jails do where no law says it, and the rules of a state, by date."""
    return USUAL, *(law.change() for law in state_laws(state))


def changes(
    fips: str, state: str, *, signed: bool = True, read: Reading = _as_stated
) -> tuple[Change, ...]:
    """Return the dated rules of a county of which no more is known than these tables hold.

    Args:
        fips: The county's five digits.
        state: Its state's letters.
        signed: Whether its agencies have the agreements that they signed; False for what would
            be in force had none of them ever signed one.
        read: Returns what a law, or the custom where there is none, is read as; None where it is
            read as not in force.
    """
    laws = [c for c in map(read, stated(state)) if c is not None]
    held = {c.name for c in laws}
    holding = [law for law in state_laws(state) if law.change().name in held]
    known = agreements(fips, state, holding) if signed else ()
    own = [a for a in known if a.scope == "county" and a.ended != a.signed]
    days = {c.date for c in laws} | {a.signed for a in own}
    days |= {a.ended for a in own if a.ended is not None}
    made = [_activation(fips)]
    before: dict[str, Any] = {}
    for day in sorted(days):
        after = _in_force(day, laws, own)
        made += [_what_holds(c, after) for c in laws if c.date == day]
        made += [_what_holds(_start(a), after) for a in own if a.signed == day]
        made += [_end(a, day, before, after) for a in own if a.ended == day]
        before = after
    return tuple(made)


def agreement(fips: str, state: str, on: dt.date) -> str:
    """Return which agreements of a county's own agencies are known to be in force, in a sentence.

    No record of one is no record that there is none, unless the state forbids them.

    Args:
        fips: The county.
        state: Its state.
        on: The day.
    """
    here = [a for a in agreements(fips, state) if a.scope == "county" and a.in_force(on)]
    if here:
        each = (f"{a.agency} ({a.kind}, since {a.signed})" for a in here)
        return f"{'; '.join(dict.fromkeys(each))}."
    law = _ban(state, on)
    if law is None:
        return "none known, which is not to say that there is none."
    how = "" if law.basis == "read" else f", {law.basis}"
    return f"none: state law forbids them ({law.source}; {law.date}{how})."


def gaps(fips: str, state: str, on: dt.date) -> tuple[str, ...]:
    """Return what is not known of a county's rules on a day, in sentences.

    Args:
        fips: The county.
        state: Its state.
        on: The day.
    """
    here = [a for a in agreements(fips, state) if a.in_force(on)]
    said = ["No policy of the county or a city is known: state law and federal rules only."]
    ban = _ban(state, on)
    if (ban is None or ban.basis != "read") and all(a.scope == "part" for a in here):
        said.append(
            "No 287(g) agreement of a county agency is known, which is not to say that there is "
            "none: about half of those of September 2026 are in no list that names counties."
        )
    if parts := sorted({a.agency for a in here if a.scope == "part"}):
        some = ", ".join(parts[:3]) + (f" and {len(parts) - 3} more" if len(parts) > 3 else "")
        said.append(
            f"287(g) agreements of other agencies in the county are not laid in, because their "
            f"part of its officers is not known: {some}."
        )
    if fips not in _activated():
        said.append(
            "The month in which Secure Communities began is not known; the last of all is taken."
        )
    return tuple(said)


def _ban(state: str, on: dt.date) -> StateLaw | None:
    """Return the law that forbids agreements on a day, if one does."""
    laws = [x for x in state_laws(state) if x.date <= on and "jail_screening" in x.levers]
    return laws[-1] if laws and laws[-1].levers["jail_screening"] == 0.0 else None


def _in_force(day: dt.date, laws: Iterable[Change], signed: Iterable[Agreement]) -> dict[str, Any]:
    """Return what is set on a day: by the latest law, and by agreements that go further."""
    out: dict[str, Any] = {}
    for law in laws:
        if law.date <= day:
            out |= law.levers
    for agreement in signed:
        if agreement.in_force(day):
            for name, value in agreement.levers.items():
                if entangles(name, value, out.get(name, LEVERS[name].default)) >= 0:
                    out[name] = value
    return out


def _what_holds(change: Change, after: Mapping[str, Any]) -> Change:
    """Return a change without what something else in force goes further in."""
    holds = {name: value for name, value in change.levers.items() if after[name] == value}
    return change.model_copy(update={"levers": holds})


def _start(agreement: Agreement) -> Change:
    return Change(
        date=agreement.signed,
        sentence=f"{agreement.agency} has a 287(g) agreement ({agreement.kind}).",
        source=agreement.source,
        levers=agreement.levers,
    )


def _end(
    agreement: Agreement, day: dt.date, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Change:
    """Return what goes back, where an agreement ends, to what else is in force."""
    back = {name: after.get(name, LEVERS[name].default) for name in agreement.levers}
    return Change(
        date=day,
        sentence=f"The 287(g) agreement of {agreement.agency} ({agreement.kind}) ends.",
        source=agreement.source,
        levers={n: x for n, x in back.items() if before[n] != x or n not in after},
    )


def _until_forbidden(agreement: Agreement, known: Iterable[StateLaw]) -> Agreement:
    lever = "deputized_share" if agreement.model == "TFM" else "jail_screening"
    for law in known:
        if law.levers.get(lever) == 0.0 and (agreement.ended is None or law.date < agreement.ended):
            ended = max(law.date, agreement.signed)
            return agreement._replace(ended=ended, note=f"ended by state law: {law.source}")
    return agreement


def _activation(fips: str) -> Change:
    month = _activated().get(fips)
    known = "day not known to us, first of the month used"
    return Change(
        date=LAST_ACTIVATED if month is None else dt.date.fromisoformat(f"{month}-01"),
        sentence="Fingerprints taken at booking are checked against Department of Homeland "
        "Security records (Secure Communities).",
        source="ICE, Secure Communities Activated Jurisdictions; "
        + (known if month is not None else "month not known, the last of all used"),
        key="secure-communities",
        levers={"fingerprint_sharing": 1.0},
    )


def _rows(name: str) -> list[dict[str, str]]:
    text = (resources.files("trustabm") / "inputs" / "places" / name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def _all_laws() -> tuple[StateLaw, ...]:
    found = (
        StateLaw(**r | {"date": dt.date.fromisoformat(r["date"]), "levers": _levers(r["levers"])})  # type: ignore[arg-type]
        for r in _rows("state-laws.csv")
    )
    return tuple(sorted(found, key=lambda law: law.date))


def _levers(text: str) -> dict[str, Any]:
    said = dict(part.split("=") for part in text.split())
    values = {n: v if LEVERS[n].choices else float(v) for n, v in said.items()}
    return Policy.model_validate(values).model_dump(include=set(values))


@cache
def _all_agreements() -> dict[str, tuple[Agreement, ...]]:
    found: dict[str, list[Agreement]] = {}
    for r in _rows("agreements.csv"):
        words = r["fips"], r["agency"], r["model"], r["scope"]
        signed, lists = dt.date.fromisoformat(r["signed"]), tuple(r["lists"].split())
        ended = dt.date.fromisoformat(r["ended"]) if r["ended"] else None
        known = Agreement(*words, signed, ended, lists, r["note"])
        found.setdefault(r["fips"], []).append(known)
    return {fips: tuple(known) for fips, known in found.items()}


@cache
def _activated() -> dict[str, str]:
    return {r["fips"]: r["month"] for r in _rows("secure-communities.csv")}
