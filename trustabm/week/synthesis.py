"""Phase 0: a sample of a real town's residents, from its figures.

Neighborhoods follow the shares and dissimilarities of the town's ethnic groups; households its size
and share of mixed-status homes; statuses its nativity; ties are matched within neighborhood, ethnic
group and nativity as far as homophily goes. Every draw is keyed by the seed and by who it is about.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from trustabm.errors import InvalidInput
from trustabm.inputs.groups import Groups
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.records import as_record
from trustabm.inputs.town import Town
from trustabm.rules import beliefs, codes, luck
from trustabm.rules.compiling import compiled
from trustabm.rules.luck import normals, uniform, uniforms
from trustabm.state import counts, layout, rows
from trustabm.state.layout import State
from trustabm.week import believing
from trustabm.week.commuting import work_of
from trustabm.week.people import residents_of
from trustabm.week.ties import ties_of

__all__ = ["synthesize"]

Array = npt.NDArray[Any]


def synthesize(
    places: Sequence[tuple[Town, int]], p: Parameters, seed: int, groups: Groups
) -> State:
    """Return the state of a region before its first week.

    Args:
        places: Each town and how many of its residents to simulate.
        p: Parameters.
        seed: The seed of this world's luck.
        groups: The ethnic groups of these towns, and others if need be.

    Raises:
        InvalidInput: for more residents than the columns can number.
    """
    people = sum(count for _, count in places)
    if people > layout.RESIDENTS_MAX:
        raise InvalidInput(
            f"residents of the region: expected at most {layout.RESIDENTS_MAX:,}, got {people:,}"
        )
    parts = []
    first, house = 0, 0
    for number, (place, count) in enumerate(places):
        part = residents_of(place, count, number, groups, p, seed, first, house)
        parts.append(part)
        first += count
        house += part["households"]
    residents = _joined([part.pop("residents") for part in parts])
    homes = _joined([part.pop("homes") for part in parts])
    blocks, towns, officers = _places(parts, residents, places, p, seed)
    for town in towns:
        here = residents["neighborhood"][town["start"] : town["end"]]
        here += np.uint32(town["first"])
    many = len(groups.ethnic)
    pairs = _pairs(many)
    ethnicity = pairs["ethnicity"][residents["pair"]]
    ties = ties_of(residents, ethnicity, many, len(towns), len(blocks), p, seed)
    work, workers, visits = work_of(residents, len(blocks), len(towns), p, seed)
    undocumented = int((residents["status"] == codes.UNDOCUMENTED).sum())
    state = State(
        residents=residents,
        ties=ties,
        work=work,
        workers=workers,
        visits=visits,
        homes=homes,
        marks=np.zeros(len(residents), np.uint8),
        officers=officers,
        agents=_agents(undocumented, p, seed),
        neighborhoods=blocks,
        stretches=_stretches(blocks, ethnicity, many),
        learned=np.zeros((len(blocks), many), layout.LEARNED),
        towns=towns,
        ethnicities=_ethnicities(groups, p),
        pairs=pairs,
        groups=np.zeros((len(places), codes.outcome_groups(many)), layout.GROUP),
        counts=np.zeros((len(places), len(pairs)), layout.COUNT),
        pool=np.zeros(len(places), layout.POOL),
        expiring=np.zeros((52, len(places), len(pairs)), np.int32),
        in_custody=np.zeros(len(residents), np.int32),
        clock=np.zeros(1, layout.CLOCK),
    )
    state.clock["seed"] = seed
    start(state)
    _prison(state, as_record(p)[0])
    _crime(state, places, p)
    beliefs_at_start(state, as_record(p)[0], seed)
    counts.recount(state)
    counts.part(state)
    return state


def _pairs(ethnicities: int) -> Array:
    pairs = np.zeros(len(codes.pairs(ethnicities)), layout.PAIR)
    pairs["then"], pairs["now"] = np.transpose(codes.pairs(ethnicities))
    pairs["ethnicity"] = pairs["now"] // len(codes.PARTS)
    return pairs


def _ethnicities(groups: Groups, p: Parameters) -> Array:
    rows_ = [
        (
            getattr(p, e.trust) if isinstance(e.trust, str) else e.trust,
            e.standing_risk,
            e.readiness,
            e.stop_bias,
            e.bad_contact_bias,
            e.informal_asking,
            e.experimental,
            p.status_known,
            p.status_known_others,
        )
        for e in groups.ethnic
    ]
    return np.array(rows_, layout.ETHNICITY)


def _joined(arrays: list[Array]) -> Array:
    """Return arrays one after the other; a single one without a copy."""
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)


def _places(
    parts: list[dict[str, Any]],
    residents: Array,
    places: Sequence[tuple[Town, int]],
    p: Parameters,
    seed: int,
) -> tuple[Array, Array, Array]:
    """Return neighborhoods, towns and officers."""
    towns = np.zeros(len(parts), layout.TOWN)
    blocks, officers = [], []
    first = beats = people = 0
    for number, (part, (place, count)) in enumerate(zip(parts, places, strict=True)):
        n = len(part["edges"]) - 1
        block = np.zeros(n, layout.NEIGHBORHOOD)
        block["town"] = number
        block["start"] = people + part["edges"][:-1]
        block["end"] = people + part["edges"][1:]
        block["column"], block["row"] = part["cells"].T
        drawn = np.empty(n)
        normals(seed, 0, luck.PATROL, first, drawn)
        patrol = np.array([math.exp(p.patrol_spread * x) for x in drawn.tolist()])
        block["patrol"] = patrol / patrol.mean()
        # officers_per_1000 counts residents of all ages.
        force = place.officers_per_1000.value * count / p.aged_12_plus / 1000
        many = max(1, round(force))
        force_rows = np.zeros(many, layout.OFFICER)
        force_rows["beat"] = first + np.arange(many) * n // many
        drawn = np.empty(many)
        normals(seed, 0, luck.OFFICER_JUSTICE, beats, drawn)
        force_rows["justice"] = p.officer_spread * drawn
        uniforms(seed, 0, luck.OFFICER_BIAS, beats, 0, drawn)
        force_rows["bias"] = 2 * p.profiling_bias * drawn
        uniforms(seed, 0, luck.OFFICER_DEPUTIZED, beats, 0, drawn)
        force_rows["rank"] = drawn
        uniforms(seed, 0, luck.OFFICER_TRAINED, beats, 0, drawn)
        force_rows["school"] = drawn
        force_rows["hours"] = force / many * p.officer_hours
        # Ranks are spread evenly, or a share of few officers would be a matter of luck.
        for column in ("rank", "school"):
            place_of = np.argsort(np.argsort(force_rows[column]))
            force_rows[column] = (place_of + force_rows[column]) / many
        beat = force_rows["beat"] - first
        block["officer"] = beats + np.searchsorted(beat, np.arange(n))
        block["officers"] = np.searchsorted(beat, np.arange(n), side="right") - (
            block["officer"] - beats
        )
        alone = block["officers"] == 0
        block["officer"][alone] = beats + np.arange(n)[alone] * many // n
        block["officers"][alone] = 1
        town = towns[number]
        town["start"], town["end"] = people, people + count
        town["first"], town["last"] = first, first + n
        town["officers"] = many
        town["factor"] = part["factor"]
        town["hours"] = force * p.officer_hours
        status = residents["status"][people : people + count]
        town["undocumented"] = (status == codes.UNDOCUMENTED).sum()
        blocks.append(block)
        officers.append(force_rows)
        first, beats, people = first + n, beats + many, people + count
    return np.concatenate(blocks), towns, np.concatenate(officers)


def _stretches(blocks: Array, ethnicity: Array, many: int) -> Array:
    """Return where in each neighborhood the residents of each ethnic group lie."""
    out = np.zeros((len(blocks), many), layout.STRETCH)
    block = np.repeat(np.arange(len(blocks)), blocks["end"] - blocks["start"])
    people = np.bincount(block * many + ethnicity, minlength=out.size).reshape(out.shape)
    out["end"] = blocks["start"][:, None] + np.cumsum(people, axis=1)
    out["start"] = out["end"] - people
    for town in np.unique(blocks["town"]):
        here = blocks["town"] == town
        out["before"][here] = np.cumsum(people[here], axis=0) - people[here]
    return out


def _agents(undocumented: int, p: Parameters, seed: int) -> Array:
    many = max(1, round(undocumented * p.ice_agents / 1000))
    agents = np.zeros(many, layout.ICE_AGENT)
    drawn = np.empty(many)
    normals(seed, 0, luck.DISCRETION, 0, drawn)
    agents["discretion"] = p.discretion_spread * drawn
    agents["hours"] = undocumented / 1000 / many * p.ice_working_hours
    return agents


@compiled
def start(s):
    """Set concern and group of every resident."""
    for i in range(len(s.residents)):
        rows.mark(s, i)
    for i in range(len(s.residents)):
        rows.regroup(s, i, True)


@compiled
def beliefs_at_start(s, p, seed):
    """Give every resident what they believe at the start."""
    home = place = 0.0  # drawn once for all of a household, or a neighborhood
    before = -1
    for i in range(len(s.residents)):
        r = s.residents[i]
        if r.member == 0:
            home = beliefs.home_trust(seed, i)
        if r.neighborhood != before:
            before = r.neighborhood
            place = beliefs.place_trust(seed, before)
        own = beliefs.own_trust(seed, i, r.generation)
        believing.begin_with(s, p, 0, i, beliefs.lasting_trust(p, own, home, place))


@compiled
def _prison(s, p):
    """Send to prison those who would be there: what arrests and sentences hold in the long run."""
    clock = s.clock[0]
    # A year, by a resident of offending 1.
    entry = p.past_arrests * p.past_felonies * p.conviction * p.prison_share
    stay = p.prison_weeks / 52
    for i in range(len(s.residents)):
        r = s.residents[i]
        inside = entry * stay * r.offending
        if uniform(clock.seed, 0, luck.PRISON, i) < inside / (1 + inside):
            left = -p.prison_weeks * luck.log_of_rest(uniform(clock.seed, 0, luck.PRISON_WEEKS, i))
            r.custody = codes.PRISON
            r.until = int(min(left, 32000.0)) + 1  # the column holds 16 bits
            s.in_custody[clock.in_custody] = i
            clock.in_custody += 1


def _crime(state: State, places: Sequence[tuple[Town, int]], p: Parameters) -> None:
    """Scale attempts so that the town starts at its level of crime, and set the references."""
    r = state.residents
    for number, (place, count) in enumerate(places):
        town = state.towns[number]
        people = r[town["start"] : town["end"]]
        violence = p.violent_rate / 52000 * place.violent_per_100k.value / p.recorded_violent
        property_ = (
            p.property_rate
            / 52000
            / place.household_size.value
            * (place.property_per_100k.value / p.recorded_property)
        )
        violent = violence * (1 - p.domestic_share)
        domestic = violence * p.domestic_share
        free = people["custody"] == codes.FREE
        at_large = max(people["offending"][free].sum() / count, 1e-9)
        together = people["offending"][free & (people["household"] > 1)].sum() / count
        attempts = violent + property_ + domestic * at_large / max(together, 1e-9)
        town["crime"] = attempts / at_large
        town["violent"] = violent / attempts
        town["domestic"] = 1 - (violent + property_) / attempts
        crimes = violent + property_ + domestic
        reported = np.array(
            [
                violent * p.report_violent,
                property_ * p.report_property,
                domestic * p.report_domestic,
            ]
        )
        cleared = reported @ [p.clear_violent, p.clear_property, p.clear_domestic]
        town["reports"] = reported.sum() / crimes
        town["clears"] = town["cleared"] = cleared / reported.sum()
        town["expected"] = reported.sum() * count
        hours = reported @ [p.case_hours_violent, p.case_hours_property, p.case_hours_violent]
        town["usual_hours"] = town["case_hours"] = hours * count
        for k in range(town["first"], town["last"]):
            here = state.stretches[k]
            state.learned[k]["reports"] = town["reports"]
            state.learned[k]["expected"] = crimes * np.maximum(1, here["end"] - here["start"])
