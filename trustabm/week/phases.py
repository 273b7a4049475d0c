"""The week over the columns, in compiled loops: its cost follows what happens in it.

Rare events are thinned from candidates drawn against a bound that no policy moves, so two worlds
look at the same people in the same week; what each world then does with them is its own.
"""

from __future__ import annotations

from trustabm.rules.compiling import compiled
from trustabm.rules.references import by_reference
from trustabm.state import journal
from trustabm.week import (
    at_large,
    cases,
    crimes,
    custody,
    hearsay,
    reports,
    requests,
    stops,
    turnover,
    weekly_update,
)
from trustabm.week.week import Week

__all__ = ["run"]


@compiled
def run(w, plan_weeks, keep):
    """Carry out weeks until all are done or the tables are full; return how many were done.

    Args:
        w: The first week, but its `levers` are the whole plan's, by change and town, and its
            tallies have a row for each of the weeks to come.
        plan_weeks: Weeks of the world in which the rules change, ascending; the first is past.
        keep: Whether tables keep earlier weeks.
    """
    done = 0
    while done < len(w.tally):
        if keep and not journal.roomy(w.tables, len(w.state.residents)):
            break
        journal.rewound(w.tables, keep)
        at = 0
        while at + 1 < len(plan_weeks) and plan_weeks[at + 1] <= w.now + done:
            at += 1
        week = by_reference(
            Week(
                w.state,
                w.tables,
                w.p,
                w.fading,
                w.levers[at],
                w.tally[done],
                w.town_tally[done],
                w.found,
                w.drawn,
                w.sought,
                w.seed,
                w.now + done,
            )
        )
        weekly_update.begin_week(week)
        stops.phase(week)
        crimes.phase(week)
        reports.phase(week)
        cases.phase(week)
        custody.bookings(week)
        requests.phase(week)
        custody.releases(week)
        at_large.phase(week)
        hearsay.phase(week)
        turnover.arrivals(week)
        turnover.legalizations(week)
        weekly_update.end_week(week)
        done += 1
    return done
