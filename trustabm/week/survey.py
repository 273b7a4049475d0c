"""What a survey of everybody would find: how likely each resident would be to report a crime."""

from __future__ import annotations

from trustabm.rules.compiling import compiled
from trustabm.week import event_records


@compiled
def chances(s, p, lv, mix, out):
    """Write each resident's own chance of reporting, over a mix of kinds of crime.

    Args:
        s: State, only read.
        p: Parameters.
        lv: Levers of every town.
        mix: Share of each kind of crime.
        out: One chance a resident, written to.
    """
    for i in range(len(s.residents)):
        law = event_records.levers_of(s, lv, i)
        out[i] = 0.0
        for kind in range(len(mix)):
            out[i] += mix[kind] * event_records.chance_to_report(s, p, law, i, kind)
