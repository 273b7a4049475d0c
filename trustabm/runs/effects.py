"""Effects of a comparison as a frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from trustabm.outcomes.estimates import Estimate
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.narrowing import KINDS, narrows

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["effects_frame", "records_of"]

NUMBERS = (
    *("percent", "percent_low", "percent_high", "luck", "percent_luck"),
    *("level_low", "level_high", *(f"by_{kind}" for kind in KINDS)),
)


def effects_frame(
    records: list[dict[str, Any]],
    estimates: Mapping[tuple[str, str, str], Estimate],
    reference: str,
) -> pd.DataFrame:
    """Return effects as `Comparison.effects` describes them.

    Args:
        records: What there is of them in plain values.
        estimates: The same ones, in the same order.
        reference: The name of the arm that others are compared with.
    """
    import pandas as pd

    frame = pd.DataFrame(records)
    for name in NUMBERS:
        frame[name] = [getattr(e, name) for e in estimates.values()]
    frame["narrows"] = [found[0] if (found := narrows(e)) else None for e in estimates.values()]
    frame["verdict"] = [
        str(e.verdict()) if arm != reference else None for (_, _, arm), e in estimates.items()
    ]
    numbers = ("level", "difference", "low", "high", *NUMBERS)
    return frame.astype(dict.fromkeys(numbers, float))


def records_of(estimates: dict[tuple[str, str, str], Estimate]) -> list[dict[str, Any]]:
    """Return one record an outcome, group and arm, as `Comparison.records` describes them."""
    return [
        {
            "outcome": outcome,
            "group": group,
            "arm": name,
            "level": e.level,
            "difference": e.difference,
            "low": e.low,
            "high": e.high,
            "unit": GLOSSARY[outcome].unit,
        }
        for (outcome, group, name), e in estimates.items()
    ]
