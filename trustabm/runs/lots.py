"""What is unsure of a world beside its luck, drawn at once: structure, parameters and figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import repeat
from typing import NamedTuple

from trustabm.inputs import ranges
from trustabm.inputs.draws import mixture, most, weights
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.town import Town
from trustabm.outcomes.shares import Drawn

__all__ = ["FEW", "Lot", "drawn", "lots", "probes", "usual_draws"]

PROBED = 3
"""Lots of each structure that are lived through at least, two replicates each."""

FEW = 10
"""Fewer replicates than this say too little about the draws they would be spread over."""


class Lot(NamedTuple):
    """One draw of all that is unsure.

    Args:
        structure: The name of its structure; None where it is that of the experiment's parameters.
        parameters: Its parameters.
        places: Every town of the region, its figures drawn, with its residents.
    """

    structure: str | None
    parameters: Parameters
    places: list[tuple[Town, int]]


def lots(
    places: Sequence[tuple[Town, int]],
    parameters: Parameters,
    seed: int,
    replicates: int,
    draws: int | None,
    structures: Collection[str] | None,
    figures: bool | None,
) -> tuple[Lot, ...]:
    """Return what the replicates of an experiment are spread over.

    Args:
        places: Every town of the region as stated, with its residents.
        parameters: Those of the experiment; what is set in them is so in every lot.
        seed: What figures are keyed by.
        replicates: As in `trustabm.runs.experiment.Experiment`, as the others are.
        draws: How many.
        structures: Names of structures.
        figures: Whether figures are drawn.

    Returns:
        None of them where nothing but luck differs between replicates.
    """
    many = usual_draws(replicates, structures) if draws is None else draws
    figures = many > 0 if figures is None else figures
    if not many and not figures:
        return ()
    drawn: Iterable[tuple[str | None, Parameters]]
    if many:
        given = {n: getattr(parameters, n) for n in parameters.model_fields_set}
        drawn = mixture(many, given, structures)
    else:
        many = usual_draws(replicates)
        drawn = repeat((None, parameters), many)
    towns, people = zip(*places, strict=True)
    regions = ranges.drawn(towns, many, seed) if figures else repeat(towns, many)
    return tuple(
        Lot(name, p, list(zip(region, people, strict=True)))
        for (name, p), region in zip(drawn, regions, strict=True)
    )


def probes(
    of: Sequence[Lot], parameters: Parameters, structures: Collection[str] | None
) -> tuple[Lot, ...]:
    """Return more lots of those structures that have few of some.

    Args:
        of: What replicates are spread over.
        parameters: As in `lots`.
        structures: As in `lots`.
    """
    have = Counter(lot.structure for lot in of if lot.structure is not None)
    wanted = [n for n in weights() if structures is None or n in structures]
    if not have or len(wanted) < 2:
        return ()
    given = {n: getattr(parameters, n) for n in parameters.model_fields_set}
    found: list[Lot] = []
    for name in wanted:
        many = min(PROBED, most([name]))
        for _, p in mixture(max(many, have[name]), given, [name])[have[name] :]:
            found.append(Lot(name, p, of[len(found) % len(of)].places))
    return tuple(found)


def drawn(of: Sequence[Lot]) -> Drawn:
    """Return what lots differ by beside their parameters; figures of neighbors by their number."""
    figures: dict[str, list[float]] = {}
    for lot in of:
        for k, (place, _) in enumerate(lot.places):
            for name, figure in ranges.ranged(place).items():
                whose = f"neighbor {k}: {name}" if k else name
                figures.setdefault(whose, []).append(figure.value)
    differ = {name: values for name, values in figures.items() if len(set(values)) > 1}
    return Drawn([lot.structure for lot in of], differ)


def usual_draws(replicates: int, structures: Collection[str] | None = None) -> int:
    """Return how many draws to spread replicates over where nobody says: two replicates each.

    Args:
        replicates: How many replicates.
        structures: Names of the structures that are drawn from; all if not given.
    """
    return 0 if replicates < FEW else min(replicates // 2, most(structures))
