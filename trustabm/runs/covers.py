"""What intervals of a comparison cover, and what those that are listed together may miss."""

from __future__ import annotations

from trustabm.outcomes.numbers import listed, said
from trustabm.runs.experiment import Experiment

__all__ = ["covers"]


def covers(experiment: Experiment, rows: int, towns: str = "", sampled: bool = False) -> str:
    """Return what the intervals of a comparison cover and what they do not.

    Args:
        experiment: What was run.
        rows: How many intervals are listed together.
        towns: What was simulated, where it is not that many towns.
        sampled: Whether counties of an area were drawn.
    """
    e, spread, whose = experiment, "", "the counties' own" if towns else "the town's own"
    doubts, rest = ["the luck of the simulated towns"], []
    if sampled:
        doubts.append("which counties were drawn")
    drawn = {lot.structure for lot in e.lots} - {None}
    if drawn:
        doubts.append("what published studies leave open about the model's parameters")
    else:
        rest.append("the model's parameters")
    if e.lots and e.figures is not False:
        doubts.append(f"the ranges of {whose} figures")
    else:
        rest.append(f"{whose} figures")
    if any(lot.rules for lot in e.lots) or (towns and drawn):
        doubts.append("how its rules in force are read, where that is not sure")
    if len(drawn) > 1:
        doubts.append(f"{len(drawn)} structures of the model")
        rest.append("the model beyond them")
    else:
        rest.append("the model itself")
    if e.lots:
        spread = f", spread over {len(e.lots)} draws"
    towns = towns or f"{e.replicates} towns of {e.residents:,} residents"
    text = (
        f"Each 90% interval covers {listed(doubts)}: {towns}, {e.weeks} weeks each "
        f"after {e.burn_in} weeks in common{spread}. It does not cover uncertainty about "
        f"{listed(rest, 'or')}. "
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
