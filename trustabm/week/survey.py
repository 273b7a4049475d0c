"""What a survey of everybody would find: who would report a crime, and who avoids going out."""

from __future__ import annotations

from trustabm.rules.compiling import compiled
from trustabm.state import rows
from trustabm.week import worry
from trustabm.week.reports import chance_to_report


@compiled
def chances(w, mix, out):
    """Write each resident's own chance of reporting, over a mix of kinds of crime.

    Args:
        w: A week, only read.
        mix: Share of each kind of crime.
        out: One chance a resident, written to.
    """
    for i in range(len(w.state.residents)):
        out[i] = 0.0
        for kind in range(len(mix)):
            out[i] += mix[kind] * chance_to_report(w, i, kind, -1)


@compiled
def avoiding(w, out):
    """Write who avoids going out: 1 for each resident who does, else 0; nobody where it is off.

    Args:
        w: A week, only read.
        out: One number a resident, written to.
    """
    for i in range(len(w.state.residents)):
        out[i] = 1.0 if rows.in_place(w.state, i) and worry.avoids(w, i) else 0.0
