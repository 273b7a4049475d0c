"""Phase 8: what happened is lived through, and told to household and ties, once."""

from __future__ import annotations

from typing import NamedTuple

from trustabm.rules import beliefs, codes, luck
from trustabm.rules.compiling import compiled
from trustabm.rules.fetching import fetch
from trustabm.rules.luck import uniform
from trustabm.state import journal, rows
from trustabm.state.layout import TIES
from trustabm.week import believing, expecting
from trustabm.week.week import fetch_close

BY_ICE_ITSELF = -1.0
"""In place of police's share in a loss: each listener puts down to police what they believe."""


AHEAD = 8
"""How many events ahead of an event those are asked for who will hear of that."""

ACQUAINTANCE_TRIES = 8
"""How often somebody of one's own nativity is looked for among those who may be known."""


class Story(NamedTuple):
    """What an event does to the beliefs of whoever lives through it."""

    trust: float  # what it moves trust by, in the first days
    bad: float  # cases that ended in a deportation, or looked like it
    calm: float  # cases that ended quietly


@compiled
def of_stop(w, stop):
    """A stop goes badly or not; being asked about status counts against it, going home for it."""
    trust = -w.p.contact_bad if stop.bad else 0.0
    if stop.asked:
        return Story(trust, w.p.asked_case, 0.0)
    return Story(trust, 0.0, 0.0 if stop.outcome == codes.STOP_ARREST else w.p.calm_case)


@compiled
def of_report(w, case):
    """A solved report builds trust, an unsolved one costs some; a quiet one speaks for calling."""
    trust = w.p.contact_good if case.cleared else -w.p.unsolved_loss
    if case.asked:
        return Story(trust, w.p.asked_case, 0.0)
    return Story(trust, 0.0, w.p.calm_case)


@compiled
def of_being_asked(w):
    """A witness is asked about status."""
    return Story(0.0, w.p.asked_case, 0.0)


@compiled
def of_release(w):
    """Somebody whom ICE had taken comes home."""
    return Story(0.0, 0.0, w.p.calm_case)


@compiled
def of_loss(w, listener, record, police_share):
    """ICE has taken or removed somebody whom the listener knows.

    Args:
        w: The week.
        listener: Who is told.
        record: The record of who was taken; people without a serious one count for more.
        police_share: How much of it was police's doing, 0..1, or BY_ICE_ITSELF.
    """
    share = police_share
    if police_share < 0.0:
        share = beliefs.attributed(w.p, believing.risk_of(w, listener))
    share *= beliefs.weight_of_record(w.p, record)
    return Story(-share * w.p.handover_trust, share * w.p.case_weight, 0.0)


@compiled
def hear(w, i, story, told, at_home):
    """Move what resident `i` believes.

    Args:
        w: The week.
        i: The resident.
        story: What is heard.
        told: How heavily it weighs: 1 for whoever lived through it.
        at_home: Whether it happened in one's own household: only that leaves a residue.
    """
    p = w.p
    moved = told * story.trust
    residue = p.residue_bad if moved < 0.0 else p.residue_good
    stays = moved * residue if at_home else 0.0
    cases = told if p.cases != 0.0 else 0.0
    believing.learn(w, i, moved - stays, stays, cases * story.bad, cases * story.calm)


@compiled
def hear_of_loss(w, i, told, record, police_share, at_home):
    """Resident `i` learns that ICE has taken or removed somebody; see `of_loss` and `hear`."""
    if rows.in_place(w.state, i):
        rows.expose(w.state, i)
        if w.p.stories != 0.0:
            hear(w, i, of_loss(w, i, record, police_share), told, at_home)


@compiled
def weight(w, i, n):
    """Return how heavily what resident `i` tells weighs for the `n`-th person close to them."""
    if is_home(w, i, n):
        return w.p.tell_household
    return w.p.tell_tie * weight_across(w, i, rows.close_to(w.state, i, n))


@compiled
def weight_across(w, i, j):
    """Return how much of its weight what happened to resident `i` keeps for `j`.

    Of one's own county all; of another's, whose police are others, a part.
    """
    here, there = rows.town_of(w.state, j), rows.town_of(w.state, i)
    return 1.0 if here == there else w.p.tell_across


@compiled
def is_home(w, i, n):
    """Return whether the `n`-th person close to resident `i` lives in the household."""
    return n < w.state.residents[i].household


@compiled
def tell(w, i, story):
    """Resident `i` tells household and ties what happened, once."""
    if w.p.stories != 0.0:
        for n in range(w.state.residents[i].household + TIES):
            j = rows.close_to(w.state, i, n)
            if j >= 0:
                hear(w, j, story, weight(w, i, n), is_home(w, i, n))


@compiled
def tell_of_loss(w, i, weighs, record, police_share):
    """Household and ties of resident `i` learn that ICE has taken or removed them.

    Args:
        w: The week.
        i: Who was taken.
        weighs: How heavily it weighs, 1 for a hand-over.
        record: Their record.
        police_share: How much of it was police's doing, 0..1, or BY_ICE_ITSELF.
    """
    for n in range(w.state.residents[i].household + TIES):
        j = rows.close_to(w.state, i, n)
        if j >= 0:
            told = weighs * weight(w, i, n)
            hear_of_loss(w, j, told, record, police_share, is_home(w, i, n))


@compiled
def acquaintance(w, i, n):
    """Return the `n`-th person who knows resident `i` by more than sight; -1 where it is nobody.

    Drawn from the pools that ties are drawn from, and the same all through a life: the draw is
    keyed by the two of them alone. Of those who are to be of one nativity, somebody is looked for
    who is, a few times; places keep their nativity, so it stays the same person.
    """
    s, p = w.state, w.p
    r = s.residents[i]
    is_near = uniform(w.seed, r.generation, luck.ACQUAINTANCE, i, 4 * n) < p.tie_neighborhood
    alike = uniform(w.seed, r.generation, luck.ACQUAINTANCE, i, 4 * n + 1) < p.tie_homophily
    born = uniform(w.seed, r.generation, luck.ACQUAINTANCE, i, 4 * n + 3) < p.tie_nativity
    here = r.status == codes.US_BORN
    in_region = (
        not is_near
        and len(s.towns) > 1
        and uniform(w.seed, r.generation, luck.ACQUAINTANCE_REGION, i, n) < p.tie_region
    )
    u = uniform(w.seed, r.generation, luck.ACQUAINTANCE, i, 4 * n + 2)
    j = one_of_pool(s, i, is_near, in_region, alike, u)
    tries = 1
    while born and tries < ACQUAINTANCE_TRIES and (s.residents[j].status == codes.US_BORN) != here:
        again = ACQUAINTANCE_TRIES * n + tries
        u = uniform(w.seed, r.generation, luck.ACQUAINTANCE_AGAIN, i, again)
        j = one_of_pool(s, i, is_near, in_region, alike, u)
        tries += 1
    return -1 if j == i else j


@compiled
def one_of_pool(s, i, is_near, in_region, alike, u):
    """Return one of a pool that resident `i`'s acquaintances are drawn from, from one uniform.

    Args:
        s: State.
        i: The resident.
        is_near: Whether the pool is of the neighborhood, else of the town.
        in_region: Whether it is of all towns of the region instead.
        alike: Whether it is of the resident's ethnic group, else of everybody.
        u: The draw.
    """
    r = s.residents[i]
    place = s.neighborhoods[r.neighborhood]
    town = s.towns[place.town]
    ethnicity = rows.ethnicity_of(s, i)
    if is_near:
        first, end = place.start, place.end
        if alike:
            same = s.stretches[r.neighborhood, ethnicity]
            first, end = same.start, same.end
        return first + int(u * (end - first))
    if in_region and alike:
        return rows.one_alike_anywhere(s, ethnicity, u)
    if in_region:
        return int(u * len(s.residents))
    if alike:
        return rows.one_alike(s, town, ethnicity, u)
    return town.start + int(u * (town.end - town.start))


@compiled
def after_stop(w, stop):
    """The person stopped lives through it and tells of it."""
    story = of_stop(w, stop)
    hear(w, stop.resident, story, 1.0, True)
    tell(w, stop.resident, story)


@compiled
def after_report(w, case):
    """The victim learns what came of the report and tells of it; a witness was asked or not."""
    story = of_report(w, case)
    hear(w, case.victim, story, 1.0, True)
    tell(w, case.victim, story)
    if case.witness_asked:
        hear(w, case.witness, of_being_asked(w), 1.0, True)


@compiled
def is_told(source):
    """Return whether people hear that ICE has taken somebody: of federal prisoners they do not."""
    return source != codes.FROM_PRISON


@compiled
def share_of_police(source):
    """Return how much of it was police's doing that ICE has taken somebody, or BY_ICE_ITSELF."""
    return 1.0 if source < codes.FROM_PRISON else BY_ICE_ITSELF


@compiled
def after_transfer(w, transfer):
    """Those who know somebody learn that ICE has taken them, from police or at large."""
    if not is_told(transfer.source):
        return
    police_share = share_of_police(transfer.source)
    record = int(transfer.record)
    tell_of_loss(w, transfer.resident, 1.0, record, police_share)
    for n in range(int(w.p.acquaintances)):
        j = acquaintance(w, transfer.resident, n)
        if j >= 0:
            told = w.p.tell_acquaintance * weight_across(w, transfer.resident, j)
            hear_of_loss(w, j, told, record, police_share, False)


@compiled
def after_departure(w, departure):
    """A removal is told again, with part of a hand-over's weight; a release is good news."""
    if not departure.removed:
        tell(w, departure.resident, of_release(w))
    elif departure.source < codes.FROM_PRISON:
        record = int(departure.record)
        tell_of_loss(w, departure.resident, w.p.removal_story, record, 1.0)


@compiled
def fetch_tellers(w):
    """Ask for the rows and ties of those who will tell of stops and crimes."""
    s, mark, used = w.state, w.tables.mark, w.tables.used
    for k in range(mark[journal.STOPS], used[journal.STOPS]):
        fetch(s.residents, w.tables.stops[k].resident)
        fetch(s.ties, w.tables.stops[k].resident)
    for k in range(mark[journal.CRIMES], used[journal.CRIMES]):
        if w.tables.crimes[k].reported:
            fetch(s.residents, w.tables.crimes[k].victim)
            fetch(s.ties, w.tables.crimes[k].victim)


@compiled
def phase(w):
    """Carry out the phase."""
    expecting.spread_exposed(w)
    fetch_tellers(w)
    mark, used = w.tables.mark, w.tables.used
    last = used[journal.STOPS] - 1
    for k in range(mark[journal.STOPS], used[journal.STOPS]):
        fetch_close(w, w.tables.stops[min(k + AHEAD, last)].resident)
        after_stop(w, w.tables.stops[k])
    last = used[journal.CRIMES] - 1
    for k in range(mark[journal.CRIMES], used[journal.CRIMES]):
        later = w.tables.crimes[min(k + AHEAD, last)]
        if later.reported:
            fetch_close(w, later.victim)
        if w.tables.crimes[k].reported:
            after_report(w, w.tables.crimes[k])
    for k in range(mark[journal.TRANSFERS], used[journal.TRANSFERS]):
        after_transfer(w, w.tables.transfers[k])
    for k in range(mark[journal.DEPARTURES], used[journal.DEPARTURES]):
        after_departure(w, w.tables.departures[k])
