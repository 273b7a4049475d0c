"""What a survey would find: who would report a crime, trust, risk, worry, who avoids going out."""

from __future__ import annotations

from trustabm.rules.compiling import compiled
from trustabm.state import rows
from trustabm.week import believing, worry
from trustabm.week.reports import chance_to_report


@compiled
def chances(w, mix, who, out):
    """Write the own chance of reporting of those who are asked, over a mix of kinds of crime.

    Args:
        w: A week, only read.
        mix: Share of each kind of crime.
        who: Whether each resident is asked.
        out: One chance a resident, written to; 0 of those who are not asked.
    """
    for i in range(len(w.state.residents)):
        out[i] = 0.0
        for kind in range(len(mix)):
            if who[i] and mix[kind] > 0.0:
                out[i] += mix[kind] * chance_to_report(w, i, kind, -1)


@compiled
def answers(w, trust, risk, worries):
    """Write each resident's trust in local police this week, perceived risk, and worry.

    Args:
        w: A week, only read.
        trust: One a resident, written to; so are the others.
        risk: Perceived risk.
        worries: Worry.
    """
    for i in range(len(w.state.residents)):
        trust[i] = believing.trust_now(w, i)
        risk[i] = believing.risk_of(w, i)
        worries[i] = worry.worry_of(w, i)


@compiled
def avoiding(w, out):
    """Write who avoids going out: 1 for each resident who does, else 0; nobody where it is off.

    Args:
        w: A week, only read.
        out: One number a resident, written to.
    """
    for i in range(len(w.state.residents)):
        out[i] = 1.0 if rows.in_place(w.state, i) and worry.avoids(w, i) else 0.0
