"""What is unsure of a world beside its luck, drawn at once: all that a lot has of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import repeat
from typing import NamedTuple

from trustabm.inputs import ranges, readings
from trustabm.inputs.draws import mixture, most, weights
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.timeline import Change
from trustabm.inputs.town import Town
from trustabm.outcomes.shares import Drawn

__all__ = ["FEW", "Lot", "drawn", "lots", "probes", "ruled", "usual_draws"]

PROBED = 3
"""Lots of each structure that are lived through at least, two replicates each."""

FEW = 10
"""Fewer replicates than this say too little about the draws they would be spread over."""


class Lot(NamedTuple):
    """One draw of all that is unsure.

    Args:
        structure: The name of its structure; None where it is that of the experiment's parameters.
        parameters: Its parameters.
        places: Every town of the region, its figures and how its rules are read drawn, with its
            residents.
        rules: How rules are read, by what would have to be known of them.
    """

    structure: str | None
    parameters: Parameters
    places: list[tuple[Town, int]]
    rules: Mapping[str, float] = {}


def lots(
    places: Sequence[tuple[Town, int]],
    parameters: Parameters,
    seed: int,
    replicates: int,
    draws: int | None,
    structures: Collection[str] | None,
    figures: bool | None,
    doubts: Sequence[Sequence[readings.Unsure]] = (),
    posterior: str | None = None,
) -> tuple[Lot, ...]:
    """Return what the replicates of an experiment are spread over.

    Args:
        places: Every town of the region as stated, with its residents.
        parameters: Those of the experiment; what is set in them is so in every lot.
        seed: What draws and figures are keyed by.
        replicates: As in `trustabm.runs.experiment.Experiment`, as the others are.
        draws: How many.
        structures: Names of structures.
        figures: Whether figures are drawn.
        doubts: What is not sure of every town's rules; drawn where there are draws.
        posterior: A posterior of one's own, from which draws are; the one that ships if not given.

    Returns:
        None of them where nothing but luck differs between replicates.
    """
    many = usual_draws(replicates, structures, posterior) if draws is None else draws
    figures = many > 0 if figures is None else figures
    if not many and not figures:
        return ()
    drawn: Iterable[tuple[str | None, Parameters]]
    if many:
        given = {n: getattr(parameters, n) for n in parameters.model_fields_set}
        drawn = mixture(many, given, structures, seed, posterior)
    else:
        many, doubts = usual_draws(replicates), ()
        drawn = repeat((None, parameters), many)
    towns, people = zip(*places, strict=True)
    regions = ranges.drawn(towns, many, seed) if figures else repeat(towns, many)
    rules = readings.drawn(towns, doubts or ((),) * len(towns), many, seed)
    return tuple(
        Lot(name, p, list(zip(map(ruled, region, read), people, strict=True)), said)
        for (name, p), region, (said, read) in zip(drawn, regions, rules, strict=True)
    )


def ruled(place: Town, changes: tuple[Change, ...]) -> Town:
    """Return a town with its rules as they are read."""
    return place if place.changes == changes else place.model_copy(update={"changes": changes})


def probes(
    of: Sequence[Lot],
    parameters: Parameters,
    structures: Collection[str] | None,
    seed: int,
    posterior: str | None = None,
) -> tuple[Lot, ...]:
    """Return more lots of those structures that have few of some.

    Args:
        of: What replicates are spread over.
        parameters: As in `lots`.
        structures: As in `lots`.
        seed: As in `lots`.
        posterior: As in `lots`.
    """
    have = Counter(lot.structure for lot in of if lot.structure is not None)
    wanted = [n for n in weights(posterior) if structures is None or n in structures]
    if not have or len(wanted) < 2:
        return ()
    given = {n: getattr(parameters, n) for n in parameters.model_fields_set}
    found: list[Lot] = []
    for name in wanted:
        many = max(min(PROBED, most([name], posterior)), have[name])
        for _, p in mixture(many, given, [name], seed, posterior)[have[name] :]:
            found.append(of[len(found) % len(of)]._replace(structure=name, parameters=p))
    return tuple(found)


def drawn(of: Sequence[Lot]) -> Drawn:
    """Return what lots differ by beside their parameters; figures of neighbors by their number."""
    figures: dict[str, list[float]] = {}
    for lot in of:
        for k, (place, _) in enumerate(lot.places):
            for name, figure in ranges.ranged(place).items():
                whose = f"neighbor {k}: {name}" if k else name
                figures.setdefault(whose, []).append(figure.value)
    rules = {title: [lot.rules[title] for lot in of] for title in (of[0].rules if of else ())}
    return Drawn([lot.structure for lot in of], _differing(figures), _differing(rules))


def _differing(values: Mapping[str, list[float]]) -> dict[str, list[float]]:
    return {name: those for name, those in values.items() if len(set(those)) > 1}


def usual_draws(
    replicates: int, structures: Collection[str] | None = None, posterior: str | None = None
) -> int:
    """Return how many draws to spread replicates over where nobody says: two replicates each.

    Args:
        replicates: How many replicates.
        structures: Names of the structures that are drawn from; all if not given.
        posterior: As in `lots`. One of one's own is drawn from however few replicates there are.
    """
    if replicates < FEW and posterior is None:
        return 0
    return min(max(1, replicates // 2), most(structures, posterior))
