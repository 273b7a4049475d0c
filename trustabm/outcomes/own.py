"""Outcomes of a user's own, made of the tallies that a week counts."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from trustabm.errors import InvalidInput, nearest, shown
from trustabm.outcomes.glossary import GLOSSARY, OUTCOMES, Outcome
from trustabm.state.layout import TALLY

__all__ = ["outcome", "own_outcomes"]

Floats = npt.NDArray[np.float64]
_SOURCES: dict[str, str] = {}
"""What functions say, by the outcome that they make."""

Made = Callable[["Tallies"], Any]


class Tallies(Mapping[str, Any]):
    """Sums of tallies by name, as attributes and as items.

    Args:
        name: Of the outcome, for messages.
        values: The sums.
    """

    def __init__(self, name: str, values: Mapping[str, Any]) -> None:
        self._name, self._values = name, values
        self.asked: dict[str, None] = {}

    def __getitem__(self, field: str) -> Any:
        if field not in self._values:
            raise InvalidInput(
                f"outcome {self._name}: no tally {shown(field)}; {nearest(field, self._values)}"
            )
        self.asked[field] = None
        return self._values[field]

    def __getattr__(self, field: str) -> Any:
        if field.startswith("_"):
            raise AttributeError(field)
        return self[field]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def outcome(
    name: str, *, title: str, unit: str, sentence: str = "", by_group: bool = True
) -> Callable[[Made], Made]:
    """Make an outcome of the function below it, in every table of this process from now on.

    The function is given sums of tallies, `t.stops` or `t["stops"]`, of some weeks and towns and of
    one group, and returns its level, so that levels are pooled before they are divided. Intervals
    are those of every outcome, of the paired jackknife over towns. docs/outcomes.md says in
    `counted` and `over` what tallies there are; `t.base_persons` is residents times weeks. It is
    missing (NaN) where it is no finite number, as where nothing was counted.

    Args:
        name: Its name in tables and files, as `arrests_per_stop`; the name of one of your own is
            given again when a notebook's cell is run again.
        title: Its name for people.
        unit: Its unit; what begins with "share" or "0 to 1" is at most 1.
        sentence: What it says; the function's docstring if not given.
        by_group: Whether it is also given for each group.

    Returns:
        The function, unchanged.

    Raises:
        InvalidInput: for a name that is taken or is none, or a function that asks for what is not
            counted or gives no number for each town.

    Example:
        >>> import trustabm as ta
        >>> @ta.outcome("cited", title="Stops that end in a citation", unit="share of stops")
        ... def cited(t):
        ...     return t.citations / t.stops
        >>> result = ta.run(ta.Scenario(weeks=26, residents=2000))
        >>> bool(0 <= result.summary().loc["cited", "all"] <= 1)
        True
    """
    known = GLOSSARY.get(name) if isinstance(name, str) else None
    if not isinstance(name, str) or not name.isidentifier() or (known and known.of is None):
        raise InvalidInput(f"outcome: expected a new name, as arrests_per_stop, got {shown(name)}")

    def made(function: Made) -> Made:
        def of(values: Mapping[str, Any]) -> Floats:
            with np.errstate(all="ignore"):
                level = np.asarray(function(Tallies(name, values)), float)
            return np.where(np.isfinite(level), level, np.nan)

        several = np.ones(2)
        probe = Tallies(name, dict.fromkeys(TALLY.names or (), several))
        try:
            level = np.asarray(function(probe), float)
        except (TypeError, ValueError) as e:
            if isinstance(e, InvalidInput):
                raise
            raise InvalidInput(f"outcome {name}: expected numbers, got: {e}") from e
        if level.shape != several.shape or not probe.asked:
            raise InvalidInput(
                f"outcome {name}: expected a number for each of {len(several)} towns, made of "
                f"tallies without `if` or `max`, got {shown(level.tolist())}"
            )
        said = sentence or (function.__doc__ or title).strip()
        whole = Outcome(name, title, unit, said, tuple(probe.asked), (), 1.0, by_group, of)
        GLOSSARY[name] = OUTCOMES[name] = whole
        try:
            _SOURCES[name] = inspect.cleandoc(inspect.getsource(function))
        except OSError:
            _SOURCES[name] = repr(function)
        return function

    return made


def own_outcomes() -> dict[str, dict[str, str]]:
    """Return what a record says of outcomes of a user's own: title, unit and source, by name."""
    return {
        name: {"title": o.title, "unit": o.unit, "source": _SOURCES[name]}
        for name, o in GLOSSARY.items()
        if o.of is not None
    }
