"""What a survey of everybody would find: how likely each resident would be to report a crime."""

from __future__ import annotations

from trustabm.rules.compiling import compiled
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
            out[i] += mix[kind] * chance_to_report(w, i, kind)
