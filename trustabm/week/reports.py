"""Phase 4: victims decide whether to call, witnesses whether to come forward.

What is decided about a crime is drawn by its offender: `case.resident`.
"""

from __future__ import annotations

from trustabm.rules import codes, luck, reporting
from trustabm.rules.compiling import inlined
from trustabm.rules.luck import uniform
from trustabm.state import journal, rows
from trustabm.week import believing, worry
from trustabm.week.whereabouts import one_there, scene, town_at


@inlined
def levers_at(w, block):
    """Return the levers in force where something happened."""
    return w.levers[town_at(w, block)]


@inlined
def fear_of(w, i, asks, block):
    """Return the log odds that fear takes from resident `i`'s decision to call.

    Args:
        w: The week.
        i: The resident.
        asks: How often people in this position are asked about status.
        block: The neighborhood in which it happened, whose police would be called.
    """
    stake = believing.stake_of(w, i)
    if stake == 0.0:
        return 0.0
    r = w.state.residents[i]
    asks *= reporting.asking_bites(w.p, r.concern)
    return reporting.fear(
        w.p,
        levers_at(w, block),
        believing.risk_of(w, i),
        stake,
        reporting.sensitivity(w.p, w.seed, i, r.generation),
        asks,
    )


@inlined
def chance_to_report(w, i, kind, by):
    """Return resident `i`'s chance of reporting a crime against them, this week.

    Args:
        w: The week.
        i: The victim.
        kind: VIOLENT, PROPERTY or DOMESTIC.
        by: The offender; -1 where it is nobody in particular.
    """
    r, block = w.state.residents[i], scene(w, i, by)
    levers = levers_at(w, block)
    feared = fear_of(w, i, levers.ask_victims, block)
    if kind == codes.DOMESTIC:
        removable = by >= 0 and w.state.residents[by].status == codes.UNDOCUMENTED
        feared = reporting.domestic_fear(w.p, feared, removable)
    chance = reporting.report_chance(
        w.p,
        levers,
        kind,
        believing.trust_now(w, i),
        feared,
        r.status,
        rows.weights_of(w.state, i).reports,
    )
    return reporting.with_experimental_factor(w.p, chance, rows.weights_of(w.state, i).experimental)


@inlined
def calls(w, case):
    """Decide whether the victim, whose chance the crime notes, calls the police."""
    return uniform(w.seed, w.now, luck.REPORT, case.resident) < case.chance


@inlined
def asked(w, i, asks, by, purpose):
    """Return how far police come who may ask resident `i`, who helps them, about status.

    Args:
        w: The week.
        i: The victim or witness.
        asks: How often people in this position are asked.
        by: The offender.
        purpose: What the first of three draws is for; the others are for the next two purposes.

    Returns:
        NOT_ASKED, ASKED, IDENTIFIED as undocumented, or PASSED_ON to ICE.
    """
    if uniform(w.seed, w.now, purpose, by) >= asks:
        return codes.NOT_ASKED
    if (
        w.state.residents[i].status != codes.UNDOCUMENTED
        or uniform(w.seed, w.now, purpose + 1, by) >= w.p.ask_identifies
    ):
        return codes.ASKED
    if uniform(w.seed, w.now, purpose + 2, by) < w.p.ask_hand_over:
        return codes.PASSED_ON
    return codes.IDENTIFIED


@inlined
def victim_asked(w, case):
    """Return how far police come who may ask the victim about status."""
    asks = levers_at(w, case.neighborhood).ask_victims
    return asked(w, case.victim, asks, case.resident, luck.VICTIM_ASKED)


@inlined
def witness_asked(w, case):
    """Return how far police come who may ask the witness about status."""
    asks = levers_at(w, case.neighborhood).ask_witnesses
    return asked(w, case.witness, asks, case.resident, luck.WITNESS_ASKED)


@inlined
def witness_of(w, case):
    """Return who saw the crime and is free to tell; -1 where nobody did."""
    by = case.resident
    if uniform(w.seed, w.now, luck.WITNESS_THERE, by) >= reporting.witness_there(w.p, case.kind):
        return -1
    i = one_there(w, case.neighborhood, uniform(w.seed, w.now, luck.WITNESS_WHO, by))
    if i < 0 or i in (case.victim, by) or w.state.residents[i].custody != codes.FREE:
        return -1
    return -1 if worry.stays_in(w, i) else i


@inlined
def comes_forward(w, case):
    """Decide whether the witness speaks to the police."""
    i = case.witness
    chance = reporting.come_forward_chance(
        w.p,
        believing.trust_now(w, i),
        fear_of(w, i, levers_at(w, case.neighborhood).ask_witnesses, case.neighborhood),
    )
    return uniform(w.seed, w.now, luck.WITNESS_COMES, case.resident) < chance


@inlined
def phase(w):
    """Carry out the phase."""
    for k in range(w.tables.mark[journal.CRIMES], w.tables.used[journal.CRIMES]):
        case = w.tables.crimes[k]
        case.reported = calls(w, case)
        if case.reported:
            case.asked = victim_asked(w, case)
            case.witness = witness_of(w, case)
            if case.witness >= 0:
                case.witness_generation = w.state.residents[case.witness].generation
                case.came = comes_forward(w, case)
                if case.came:
                    case.witness_asked = witness_asked(w, case)
