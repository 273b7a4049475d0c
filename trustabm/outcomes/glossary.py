"""The glossary of outcomes: each with its unit, what is counted, and over what.

An outcome is a ratio of weekly tallies. Where its denominator is zero it is missing, not zero.

A rate is over how many there were on the day the arms of a comparison part, day 0 of a single run,
and groups are those of that day: legalization moves nobody out of a denominator or a group.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = [
    "AMOUNTS",
    "GLOSSARY",
    "OUTCOMES",
    "TOWN_OUTCOMES",
    "Outcome",
]

YEAR = 52.0

AMOUNTS = {
    *("persons", "households", "undocumented", "exposed", "jail", "ice", "prison", "removed"),
    *("base_persons", "base_households", "base_undocumented", "surveyed"),
    *("trust", "risk", "jail_days", "hold_hours", "police_hours", "immigration_hours"),
}
"""Tallies that add up people, beliefs, hours or days week by week; all others count events."""
_OVER = {
    "base_persons": "those who lived in town",
    "base_households": "the households that were in town",
    "base_undocumented": "those who were undocumented and in town",
}
"""What the denominators of rates count, on the day the arms part: no policy moves them."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome.

    Args:
        name: Its name in tables and files.
        title: Its name for people.
        unit: Its unit.
        sentence: What it says, in plain words.
        over: Tallies whose sum is the numerator.
        under: Tallies whose sum is the denominator; empty: a count in the simulated sample.
        scale: What the ratio is multiplied by.
        by_group: Whether it is also given for each group.
        of: What makes it of sums of tallies, where it is a user's own and no such ratio.
    """

    name: str
    title: str
    unit: str
    sentence: str
    over: tuple[str, ...]
    under: tuple[str, ...]
    scale: float = 1.0
    by_group: bool = True
    of: Callable[[Any], Any] | None = None

    @property
    def top(self) -> float:
        """What it can be at most."""
        part = self.unit.startswith(("0 to 1", "share")) or self.unit.endswith("victimizations")
        return self.scale if part else math.inf

    @property
    def counted(self) -> tuple[tuple[str, ...], ...]:
        """The tallies of events that are set against each other: with few there is nothing to say.

        Those of the numerator, and those of the denominator where it counts events too; amounts of
        hours, days, beliefs or people count none.
        """
        sides = (tuple(f for f in side if f not in AMOUNTS) for side in (self.over, self.under))
        return tuple(side for side in sides if side)


def _o(
    name: str,
    title: str,
    unit: str,
    sentence: str,
    over: str,
    under: str,
    scale: float = 1.0,
    by_group: bool = True,
) -> Outcome:
    if under in _OVER:
        sentence += f" Over {_OVER[under]} on the day the arms part (day 0 of a single run)."
    return Outcome(
        name, title, unit, sentence, tuple(over.split()), tuple(under.split()), scale, by_group
    )


_CRIMES = "violent property domestic"
_REPORTED = "reported_violent reported_property reported_domestic"
_PER_1000 = "per 1,000 residents a year"
_PER_U = "per 1,000 undocumented residents a year"
_SHARE = "share"

OUTCOMES: dict[str, Outcome] = {
    o.name: o
    for o in (
        _o(
            "trust",
            "Trust in local police",
            "0 to 1",
            "Mean trust in local police, of those asked that week.",
            "trust",
            "surveyed",
        ),
        _o(
            "perceived_risk",
            "Perceived risk",
            "0 to 1",
            "Mean perceived chance that contact with local police ends in a deportation, of those "
            "asked that week.",
            "risk",
            "surveyed",
        ),
        _o(
            "reporting",
            "Reporting",
            "share of victimizations",
            "Victimizations that the victim reports to the police.",
            _REPORTED,
            _CRIMES,
        ),
        _o(
            "reporting_violent",
            "Reporting of violence",
            "share of victimizations",
            "Violent victimizations reported, domestic included.",
            "reported_violent reported_domestic",
            "violent domestic",
        ),
        _o(
            "reporting_property",
            "Reporting of property crime",
            "share of victimizations",
            "Property victimizations reported.",
            "reported_property",
            "property",
        ),
        _o(
            "reporting_domestic",
            "Reporting of domestic violence",
            "share of victimizations",
            "Domestic victimizations reported.",
            "reported_domestic",
            "domestic",
        ),
        _o(
            "witnesses",
            "Witnesses who come forward",
            "share of witnesses",
            "Witnesses of reported crimes who come forward, by the witness's group.",
            "witnesses_came",
            "witnesses",
        ),
        _o(
            "victimization",
            "Victimization",
            _PER_1000,
            "All victimizations, reported or not.",
            _CRIMES,
            "base_persons",
            1000 * YEAR,
        ),
        _o(
            "victimization_violent",
            "Violent victimization",
            _PER_1000,
            "Violent victimizations, domestic included.",
            "violent domestic",
            "base_persons",
            1000 * YEAR,
        ),
        _o(
            "victimization_property",
            "Property victimization",
            "per 1,000 households a year",
            "Property victimizations.",
            "property",
            "base_households",
            1000 * YEAR,
        ),
        _o(
            "recorded_crime",
            "Police-recorded crime",
            _PER_1000,
            "Victimizations that the police know of.",
            _REPORTED,
            "base_persons",
            1000 * YEAR,
        ),
        _o(
            "clearance_violent",
            "Clearance of violence",
            "share of reported crimes",
            "Reported violent crimes cleared by an arrest, by the victim's group.",
            "cleared_violent",
            "reported_violent reported_domestic",
        ),
        _o(
            "clearance_property",
            "Clearance of property crime",
            "share of reported crimes",
            "Reported property crimes cleared by an arrest, by the victim's group.",
            "cleared_property",
            "reported_property",
        ),
        _o(
            "solved",
            "Crimes solved",
            "per 1,000 victimizations",
            "Victimizations, reported or not, cleared by an arrest, by the victim's group.",
            "cleared_violent cleared_property",
            _CRIMES,
            1000.0,
        ),
        _o("stops", "Stops", _PER_1000, "Stops by police.", "stops", "base_persons", 1000 * YEAR),
        _o(
            "bad_stops",
            "Stops handled badly",
            "share of stops",
            "Stops that the person stopped would call badly handled.",
            "bad_stops",
            "stops",
        ),
        _o(
            "asked",
            "Stopped and asked about status",
            _PER_1000,
            "Stops in which the officer asks about immigration status.",
            "asked",
            "base_persons",
            1000 * YEAR,
        ),
        _o(
            "citations",
            "Citations",
            _PER_1000,
            "Stops that end in a citation.",
            "citations",
            "base_persons",
            1000 * YEAR,
        ),
        _o(
            "arrests",
            "Arrests",
            _PER_1000,
            "Arrests by local police, all of them booked.",
            "arrests",
            "base_persons",
            1000 * YEAR,
        ),
        _o(
            "arrests_felony",
            "Felony arrests",
            _PER_1000,
            "Arrests by local police on a felony charge.",
            "arrests_felony",
            "base_persons",
            1000 * YEAR,
        ),
        _o(
            "jail_days",
            "Jail bed-days",
            "days per 1,000 residents a year",
            "Days spent in the local jail, holds for ICE included.",
            "jail_days",
            "base_persons",
            1000 * YEAR,
        ),
        _o(
            "matches",
            "Matches",
            _PER_U,
            "Bookings that ICE learns to be of a removable person.",
            "matches",
            "base_undocumented",
            1000 * YEAR,
        ),
        _o(
            "requests",
            "ICE requests",
            _PER_U,
            "Detainers and notification requests issued.",
            "detainers notifications",
            "base_undocumented",
            1000 * YEAR,
        ),
        _o(
            "detainers",
            "Detainers",
            _PER_U,
            "Requests to hold a person past release.",
            "detainers",
            "base_undocumented",
            1000 * YEAR,
        ),
        _o(
            "notifications",
            "Notification requests",
            _PER_U,
            "Requests to be told of a release.",
            "notifications",
            "base_undocumented",
            1000 * YEAR,
        ),
        _o(
            "requests_no_conviction",
            "Requests without conviction",
            "share of requests",
            "Requests about people with no conviction.",
            "requests_none",
            "detainers notifications",
        ),
        _o(
            "requests_misdemeanor",
            "Requests, misdemeanor",
            "share of requests",
            "Requests about people whose gravest conviction is a misdemeanor.",
            "requests_misdemeanor",
            "detainers notifications",
        ),
        _o(
            "requests_felony",
            "Requests, felony",
            "share of requests",
            "Requests about people whose gravest conviction is a felony, not violent.",
            "requests_felony",
            "detainers notifications",
        ),
        _o(
            "requests_violent",
            "Requests, violent conviction",
            "share of requests",
            "Requests about people with a violent conviction.",
            "requests_violent",
            "detainers notifications",
        ),
        _o(
            "honored",
            "Requests honoured",
            "share of requests",
            "Requests with which the jail complied.",
            "honored",
            "detainers notifications",
        ),
        _o(
            "declined",
            "Requests declined",
            "share of requests",
            "Requests with which the jail did not comply.",
            "declined",
            "detainers notifications",
        ),
        _o(
            "transfers",
            "Hand-overs to ICE",
            _PER_U,
            "People whom local police or jails handed to ICE.",
            "transfers",
            "base_undocumented",
            1000 * YEAR,
        ),
        _o(
            "custody_per_request",
            "Hand-overs per request",
            "ratio",
            "Hand-overs over requests in the same weeks.",
            "transfers",
            "detainers notifications",
        ),
        _o(
            "at_large",
            "At-large arrests",
            _PER_U,
            "Arrests by ICE in homes, streets and workplaces, collateral ones included.",
            "at_large collateral",
            "base_undocumented",
            1000 * YEAR,
        ),
        _o(
            "removals",
            "Removals",
            _PER_U,
            "People removed from the country.",
            "removals",
            "base_undocumented",
            1000 * YEAR,
        ),
        _o(
            "removals_no_conviction",
            "Removals without conviction",
            _PER_U,
            "Removals of people with no conviction.",
            "removals_none",
            "base_undocumented",
            1000 * YEAR,
        ),
        _o(
            "removals_other_conviction",
            "Removals, other conviction",
            _PER_U,
            "Removals of people with a conviction that is not violent.",
            "removals_other",
            "base_undocumented",
            1000 * YEAR,
        ),
        _o(
            "removals_violent",
            "Removals, violent conviction",
            _PER_U,
            "Removals of people with a violent conviction.",
            "removals_violent",
            "base_undocumented",
            1000 * YEAR,
        ),
        _o(
            "local_removals",
            "Removals from local bookings",
            _PER_U,
            "Removals of people whom local police or jails handed over.",
            "local_removals",
            "base_undocumented",
            1000 * YEAR,
        ),
        _o(
            "local_removals_no_conviction",
            "Local removals without conviction",
            _PER_U,
            "Removals from local bookings of people with no conviction.",
            "local_removals_none",
            "base_undocumented",
            1000 * YEAR,
        ),
        _o(
            "local_removals_other_conviction",
            "Local removals, other conviction",
            _PER_U,
            "Removals from local bookings of people with a conviction that is not violent.",
            "local_removals_other",
            "base_undocumented",
            1000 * YEAR,
        ),
        _o(
            "local_removals_violent",
            "Local removals, violent conviction",
            _PER_U,
            "Removals from local bookings of people with a violent conviction.",
            "local_removals_violent",
            "base_undocumented",
            1000 * YEAR,
        ),
        _o(
            "removals_15_years",
            "Removals after 15 years or more",
            "share of removals",
            "Removals of people who had lived in the country for at least 15 years.",
            "removals_15_plus",
            "removals",
        ),
        _o(
            "removals_15_years_no_conviction",
            "Removals after 15 years, no conviction",
            _PER_U,
            "Removals of people with no conviction who had lived in the country for 15 years or "
            "more.",
            "removals_15_plus_none",
            "base_undocumented",
            1000 * YEAR,
        ),
        _o(
            "removals_5_to_14_years",
            "Removals after 5 to 14 years",
            "share of removals",
            "Removals of people who had lived in the country for 5 to less than 15 years.",
            "removals_5_14",
            "removals",
        ),
        _o(
            "removals_under_5_years",
            "Removals after less than 5 years",
            "share of removals",
            "Removals of people who had lived in the country for less than 5 years.",
            "removals_under_5",
            "removals",
        ),
        _o(
            "hold_hours",
            "Hold-hours without probable cause",
            "hours per 1,000 undocumented residents a year",
            "Hours held past release on a detainer without a judge's warrant.",
            "hold_hours",
            "base_undocumented",
            1000 * YEAR,
        ),
        _o(
            "separated",
            "Citizens separated",
            _PER_U,
            "Citizen household members left behind by removals (aged 12 and over).",
            "separated",
            "base_undocumented",
            1000 * YEAR,
        ),
        _o(
            "federal_releases",
            "Releases from federal prison",
            _PER_U,
            "People who come from federal prison, a local warrant outstanding.",
            "federal_releases",
            "base_undocumented",
            1000 * YEAR,
        ),
        _o(
            "priority_releases",
            "Priority releases without notification",
            _PER_U,
            "Releases from federal prison, a local warrant outstanding, of which ICE is not told.",
            "priority_releases",
            "base_undocumented",
            1000 * YEAR,
        ),
        _o(
            "in_jail",
            "In jail",
            "per 1,000 residents",
            "People in the local jail at the end of a week, held for ICE or not.",
            "jail",
            "base_persons",
            1000,
        ),
        _o(
            "in_prison",
            "In prison",
            "per 1,000 residents",
            "People in prison at the end of a week.",
            "prison",
            "base_persons",
            1000,
        ),
        _o(
            "in_ice_custody",
            "In ICE custody",
            "per 1,000 undocumented residents",
            "People in ICE custody at the end of a week.",
            "ice",
            "base_undocumented",
            1000,
        ),
        _o(
            "absent",
            "Removed, place empty",
            "per 1,000 undocumented residents",
            "Removed people whose place in town nobody has taken by the end of a week.",
            "removed",
            "base_undocumented",
            1000,
        ),
        _o(
            "newcomers",
            "Newcomers",
            _PER_1000,
            "People who take the place of somebody who left or was removed.",
            "arrivals",
            "base_persons",
            1000 * YEAR,
        ),
        _o(
            "exposed",
            "Know someone detained or removed",
            "share of residents",
            "Residents with a household member or tie detained or removed in the past year.",
            "exposed",
            "persons",
        ),
        _o(
            "legalized",
            "Legalized",
            _PER_U,
            "Undocumented residents who come forward.",
            "legalized",
            "base_undocumented",
            1000 * YEAR,
        ),
        _o(
            "undocumented",
            "Unknown pool",
            "share of residents",
            "Undocumented residents: those of whom the authorities hold no record of residence.",
            "undocumented",
            "persons",
        ),
    )
}
"""Outcomes that are one ratio of group tallies."""

TOWN_OUTCOMES: dict[str, Outcome] = {
    o.name: o
    for o in (
        _o(
            "stop_disparity",
            "Stop disparity",
            "ratio",
            "Stops per Latino resident over stops per other resident.",
            "stops",
            "base_persons",
            by_group=False,
        ),
        _o(
            "immigration_hours",
            "Police time on immigration",
            "share of police hours",
            "Police hours spent on immigration work.",
            "immigration_hours",
            "police_hours",
            by_group=False,
        ),
        _o(
            "social_cost",
            "Social cost",
            "US dollars per resident a year",
            "Cost of victimizations and of days in jail, at the parameters' cost of each.",
            "violent domestic property jail_days",
            "base_persons",
            by_group=False,
        ),
    )
}
"""Outcomes of a whole town, under the group `all`: `measures` says how each is made."""

GLOSSARY: dict[str, Outcome] = OUTCOMES | TOWN_OUTCOMES
"""Every outcome there is."""
