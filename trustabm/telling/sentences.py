"""Events as sentences: one function a kind of event, each of them a row of a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zlib import crc32

from trustabm.rules import codes, contact, luck
from trustabm.state import rows
from trustabm.telling.lives import NEVER, Person, Record

__all__ = ["STATUS", "of_other", "own", "rules", "upper"]

STATUS = {
    codes.US_BORN: "born in the US",
    codes.NATURALIZED: "naturalized",
    codes.LAWFUL: "a lawful noncitizen",
    codes.UNDOCUMENTED: "undocumented",
    codes.REGISTERED: "provisionally registered",
}


def upper(text: str) -> str:
    """Return a text that begins a sentence."""
    return text[:1].upper() + text[1:]


def own(record: Record, i: int) -> Iterator[tuple[int, float, str]]:
    """Yield (week, place in the week, sentence) of what happened to whoever lived in place `i`."""
    for row in record.of("stops", "resident", i):
        yield int(row["week"]), 0, _stop(record, record.who(i, row["week"]), row)
    for row in record.of("crimes", "victim", i):
        yield int(row["week"]), 1, _crime(record, record.who(i, row["week"]), row)
    for row in record.of("crimes", "witness", i):
        me = record.who(i, row["week"])
        came = "told the police" if row["came"] else "did not come forward"
        yield (
            int(row["week"]),
            1.5,
            f"{me.she} saw a crime in the neighborhood and {came}.",
        )
    for row in record.of("bookings", "resident", i):
        me = record.who(i, row["week"])
        if row["source"] == codes.FROM_CASE:
            yield int(row["week"]), 2, f"{me.she} was arrested {_for(record, row)}."
        if row["weeks"] > 0:
            inside = "prison" if row["prison"] else "jail"
            many = "a week" if row["weeks"] == 1 else f"{row['weeks']} weeks"
            yield int(row["week"]), 2.1, f"{me.she} went to {inside} for {many}."
    for row in record.of("requests", "resident", i):
        me = record.who(i, row["week"])
        asked = "to be told of the release" if row["notification"] else f"to hold {me.them}"
        whom = "the jail" if row["source"] <= codes.FROM_CASE else "local police"
        did = f"{whom} did" if row["honored"] else f"{whom} declined"
        yield int(row["week"]), 3, f"ICE asked {whom} {asked}; {did}."
    for row in record.of("transfers", "resident", i):
        prison = row["source"] == codes.FROM_PRISON
        me = record.who(i, row["week"] + (1 if prison else 0))
        met = ""
        if row["met_with"] >= 0:
            met = f", who came for {record.relation(me, record.who(row['met_with'], row['week']))}"
        how = "handed to ICE"
        if row["source"] >= codes.FROM_AT_LARGE:
            how = f"arrested by ICE{met}"
        yield int(row["week"]), 7.5 if prison else 4, f"{me.she} was {how}."
    for row in record.of("departures", "resident", i):
        me = record.who(i, row["week"])
        many = "a year" if row["years"] == 1 else f"{row['years']} years"
        years = f" after {many} in the country" if row["years"] > 0 else ""
        text = f"{me.she} was removed{years}." if row["removed"] else f"ICE released {me.them}."
        yield int(row["week"]), 5, text
    for k, row in enumerate(record.of("arrivals", "resident", i)):
        gone, me = record.people(i)[k], record.people(i)[k + 1]
        removed = record.of("departures", "resident", i)
        was_removed = any(
            removed["removed"].astype(bool)
            & (removed["week"] > gone.since)
            & (removed["week"] <= gone.until)
        )
        left = f"{gone.their} place was taken" if was_removed else f"{gone.she} left"
        kinds = (
            f"a child of the house turned 12 and took {gone.their} place",
            f"a {me.woman} moved in",
            f"a {me.woman} came from abroad",
        )
        come = f"a {me.woman} came from federal prison" if row["federal"] else kinds[row["kind"]]
        text = f"{left}, and {come}, {STATUS[me.status]}. The story goes on with {me.them}."
        yield int(row["week"]), 6, text
    for row in record.of("legalizations", "resident", i):
        me = record.who(i, row["week"])
        yield (
            int(row["week"]),
            7,
            f"{me.she} came forward and is provisionally registered.",
        )


def of_other(record: Record, i: int, j: int) -> Iterator[tuple[int, float, str]]:
    """Yield what happened to somebody close that is told to resident `i`."""
    friend = record.is_friend(i, j)
    taken = {int(w) for w in record.of("transfers", "resident", j)["week"]}
    for row in record.of("bookings", "resident", j):
        week = int(row["week"])
        handed = week in taken and row["source"] < codes.FROM_PRISON
        if row["source"] not in (codes.FROM_STOP, codes.FROM_CASE) or (friend and not handed):
            continue
        end = " and handed to ICE" if handed else ""
        yield (
            week,
            4 if handed else 2,
            f"{_name(record, i, j, week)} was arrested {_for(record, row)}{end}.",
        )
        if handed:
            taken.discard(week)
    for row in record.of("transfers", "resident", j):
        week = int(row["week"])
        if week in taken and row["source"] != codes.FROM_PRISON:
            how = "handed to ICE" if row["source"] < codes.FROM_PRISON else "arrested by ICE"
            if row["met_with"] == i:
                how += f", who had come for {record.who(i, week).them}"
            yield week, 4.1, f"{_name(record, i, j, week)} was {how}."
    for row in record.of("departures", "resident", j):
        week = int(row["week"])
        end = "was removed from the country" if row["removed"] else "was released by ICE"
        yield week, 5, f"{_name(record, i, j, week)} {end}."
    for row in record.of("crimes", "victim", j):
        if row["reported"]:
            week, solved = int(row["week"]), "somebody" if row["cleared"] else "nobody"
            what = "a theft" if row["kind"] == codes.PROPERTY else "an attack"
            text = (
                f"{_name(record, i, j, week)} reported {what} to the police; {solved} was arrested."
            )
            yield week, 1.6, text
    for row in record.of("legalizations", "resident", j):
        week = int(row["week"])
        yield (
            week,
            7,
            f"{_name(record, i, j, week)} came forward and is provisionally registered.",
        )
    for row in [] if friend else record.of("arrivals", "resident", j):
        week = int(row["week"])
        kinds = (
            "a child of the house turned 12",
            "somebody new moved in",
            "somebody new came",
        )
        gone = _name(record, i, j, week)
        yield week, 6.1, f"in place of {gone}, {kinds[row['kind']]}."


def _name(record: Record, i: int, j: int, week: int) -> str:
    if record.is_friend(i, j):
        return "a friend"
    return record.relation(record.who(i, week), record.who(j, week))


def _stop(record: Record, me: Person, row: Any) -> str:
    text = f"an officer stopped {me.them}"
    if row["asked"]:
        text += f" and asked about {me.their} immigration status"
    text += ", handled it badly" if row["bad"] else ""
    if row["outcome"] == codes.STOP_NOTHING:
        return f"{text}, and let {me.them} go."
    if row["outcome"] == codes.STOP_CITATION:
        return f"{text}, and gave {me.them} a citation."
    return f"{text}. {upper(me.she)} was arrested {_grounds(record, me, row)}."


def _grounds(record: Record, me: Person, row: Any) -> str:
    """Return what an arrest at a stop was for: conduct, the licence, or status itself."""
    if row["identified"]:
        return "for lack of immigration status"
    if me.status == codes.UNDOCUMENTED and row["week"] <= me.registered:
        conduct = _conduct(record, me)
        u = luck.uniform(record.world.seed, int(row["week"]), luck.STOP_ARREST, me.place)
        if u >= conduct:
            return "for driving without a licence"
    return "on a serious charge" if row["charge"] >= codes.RECORD_FELONY else "for a minor offence"


def _conduct(record: Record, me: Person) -> float:
    """Return the chance that a stop of this person ends in an arrest for conduct, 1 if unknown.

    Rows hold the offending of the last occupant; of the ones before, luck says who offended.
    """
    world = record.world
    if me.until == NEVER:
        offending = float(record.residents["offending"][me.place])
        return float(contact.conduct_chance(world.p, offending))
    if me.order == 0 and me.newcomer:
        return 1.0
    u = luck.uniform(world.seed, max(me.since, 0), luck.NEW_OFFENDER, me.place)
    return 1.0 if u < world.p.offender_share else 0.0


def _for(record: Record, row: Any) -> str:
    """Return what a booking was for."""
    i, week = int(row["resident"]), int(row["week"])
    name = "stops" if row["source"] == codes.FROM_STOP else "crimes"
    for cause in record.of(name, "resident", i):
        if cause["week"] == week and name == "stops":
            return _grounds(record, record.who(i, week), cause)
        if cause["week"] == week and cause["cleared"]:
            return "for a theft" if cause["kind"] == codes.PROPERTY else "for an attack"
    return "for an offence"


def _crime(record: Record, me: Person, row: Any) -> str:
    week = int(row["week"])
    if row["kind"] == codes.PROPERTY:
        pick = crc32(f"{me.place}.{week}".encode()) % 8
        things = (f"{me.their} car was stolen", f"{me.their} home was broken into")
        what = things[pick] if pick < 2 else f"some of {me.their} things were stolen"
    elif row["kind"] == codes.DOMESTIC:
        what = f"{record.relation(me, record.who(int(row['resident']), week))} attacked {me.them}"
    else:
        what = f"{me.she} was attacked"
    if not row["reported"]:
        return f"{what}. {upper(me.she)} did not call the police."
    text = f"{what}. {upper(me.she)} called the police."
    if row["asked"]:
        text += f" They asked about {me.their} immigration status"
        text += " and told ICE." if row["asked"] == 3 else "."
    text += " A witness came forward." if row["came"] else ""
    return text + (" Somebody was arrested for it." if row["cleared"] else " Nobody was arrested.")


def rules(record: Record, i: int) -> Iterator[tuple[int, float, str]]:
    """Yield the weeks in which the rules in force changed where resident `i` lives."""
    town, plan = (
        int(rows.town_of(record.world.state, i)),
        record.world.plan,
    )
    for week, news in zip(plan.weeks, plan.news, strict=True):
        if news[town] and week < record.world.week:
            yield int(week), -1, "the rules of immigration enforcement here changed."
