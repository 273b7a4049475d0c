"""What a survey of everybody would find: how likely each resident would be to report a crime."""

from __future__ import annotations

from trustabm.compiling import compiled
from trustabm.drivers import books
from trustabm.rules import reporting
from trustabm.state import rows


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
        r = s.residents[i]
        law = books.levers_of(s, lv, i)
        feared = reporting.fear(
            p,
            law,
            rows.risk_of(s, i),
            reporting.stake(p, r.concern, r.status),
            reporting.sensitivity(p, s.clock[0].seed, i, r.generation),
            law.ask_victims,
        )
        total = 0.0
        for kind in range(len(mix)):
            chance = reporting.report_chance(
                p, law, kind, rows.trust_of(s, i), s.groups[r.cell].rest, feared, r.status
            )
            total += mix[kind] * reporting.forced(p, chance, r.latino)
        out[i] = total
