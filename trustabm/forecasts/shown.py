"""Forecasts and scores as lines on a terminal: an id is long, and stands on a line of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from trustabm.forecasts.registry import Statement
from trustabm.forecasts.score import summary

__all__ = ["print_scores", "print_statements"]


def print_statements(every: Sequence[Statement], today: dt.date) -> None:
    """Print statements, two lines each."""
    for s in every:
        state = s.state(today)
        came = f"came out as {s.outcome.value:g}" if s.outcome.value is not None else state
        print(f"{s.id}  (due {s.due}, {came})")
        unit = "" if s.unit == "ratio" else f" {s.unit}"
        half, ninety = (f"{i.low:g} to {i.high:g}" for i in (s.half, s.ninety))
        print(f"    {s.median:g}{unit}; 50%: {half}; 90%: {ninety}")
    states = [s.state(today) for s in every]
    said = ", ".join(f"{states.count(x)} {x}" for x in ("open", "overdue", "entered"))
    print(f"{len(every)} statements: {said}.")


def print_scores(by_batch: Mapping[str, Sequence[dict[str, Any]]]) -> None:
    """Print the score of each statement whose value is there, and of each batch."""
    if not any(by_batch.values()):
        print("No value has been entered yet: nothing to score.")
        return
    for f in (f for found in by_batch.values() for f in found):
        print(f["id"])
        half, ninety = ("hit" if f[hit] else "miss" for hit in ("in_half", "in_ninety"))
        print(f"    {f['value']:g} for {f['median']:g}; 50%: {half}; 90%: {ninety}")
        naive = [(n, f[k]) for n, k in (("no change", "no_change"), ("last value", "last_value"))]
        said = "".join(f"; {name} {x:.3f}" for name, x in naive if x is not None)
        print(f"    score {f['score']:.3f}{said}")
    for batch, found in by_batch.items():
        if found:
            s = summary(found)
            print(
                f"{batch}: {s['scored']} scored; {s['in_half']:.0%} in the 50% interval, "
                f"{s['in_ninety']:.0%} in the 90%; mean score {s['score']:.3f}; skill over no "
                f"change {_number(s['skill_over_no_change'])}, over the last value "
                f"{_number(s['skill_over_last_value'])}."
            )
    print(
        "The weighted interval score, 0 at best; naive forecasts have the statement's own widths,\n"
        "moved to their value. Skill is 1 less the one over the other."
    )


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.3f}"
