"""What intervals of a comparison cover, and what those that are listed together may miss."""

from __future__ import annotations

from trustabm.outcomes.numbers import listed, said
from trustabm.runs.experiment import Experiment

__all__ = ["covers"]


def covers(experiment: Experiment, rows: int) -> str:
    """Return what the intervals of a comparison cover and what they do not.

    Args:
        experiment: What was run.
        rows: How many intervals are listed together.
    """
    e, spread = experiment, ""
    doubts, rest = ["the luck of the simulated towns"], []
    drawn = {lot.structure for lot in e.lots} - {None}
    if drawn:
        doubts.append("what published studies leave open about the model's parameters")
    else:
        rest.append("the model's parameters")
    if e.lots and e.figures is not False:
        doubts.append("the ranges of the town's own figures")
    else:
        rest.append("the town's own figures")
    if any(lot.rules for lot in e.lots):
        doubts.append("how its rules in force are read, where that is not sure")
    if len(drawn) > 1:
        doubts.append(f"{len(drawn)} structures of the model")
        rest.append("the model beyond them")
    else:
        rest.append("the model itself")
    if e.lots:
        spread = f", spread over {len(e.lots)} draws"
    text = (
        f"Each 90% interval covers {listed(doubts)}: {e.replicates} towns of "
        f"{e.residents:,} residents, {e.weeks} weeks each after {e.burn_in} weeks in common"
        f"{spread}. It does not cover uncertainty about {listed(rest, 'or')}. "
        "Rates and groups are those of who lived there on the day the policies part. "
    )
    return text + together(rows)


def together(rows: int) -> str:
    """Return how many of so many 90% intervals are expected to miss what they are of."""
    if rows < 2:
        return "One such interval in ten misses."
    return (
        f"Each interval stands alone: of the {rows} listed here {said(rows / 10, 1)} are expected "
        f"to miss, and if nothing differed at all, {said(rows / 10, 1)} would still be said to."
    )
