"""Levers of a user's own: declared beside the rules that read them, and set as those that ship."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from keyword import iskeyword
from typing import Any, Self

from pydantic import ValidationError, model_validator

from trustabm.errors import from_validation, problems, shown
from trustabm.inputs import catalog, library
from trustabm.inputs.declare import Declared, Level

__all__ = ["OWN", "RESERVED", "Lever", "lever", "levers_of", "look_for"]

OWN: dict[str, Declared] = {}
"""Levers of a user's own that this process knows: those declared, read from a file or received."""

RESERVED = frozenset(
    {
        *("run_id", "town", "point", "replicate", "seed", "arm"),
        *("week", "weeks", "stopped", "error", "sitting", "policy", "change", "from"),
        *("structure", "posterior", "mixture", "draw", "own"),
    }
)
"""Names of a study's columns, of headers of its tables of arms, and of what its files say."""


class Lever(catalog.Strict):
    """A lever of one's own; `trustabm.lever` makes one.

    Args:
        name: Its name in policies, and in rules as `levers.NAME`.
        title: A name for people that says what a high value means.
        unit: Its unit.
        low: The least that it can be.
        high: The most.
        default: What it is where nothing sets it.
        level: Who sets it: local, state or federal government.
        sentence: What it is and what it moves.
        source: Where that is recorded.
    """

    name: str
    title: catalog.Title
    unit: catalog.Title
    low: float = 0.0
    high: float = 1.0
    default: float = 0.0
    level: Level = "local"
    sentence: catalog.Prose
    source: catalog.Prose = "a user's own"

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        if not _is_free(self.name):
            raise ValueError(f"name: expected a new name, as tip_line, got {shown(self.name)}")
        if not self.low <= self.default <= self.high or self.low == self.high:
            raise ValueError(
                f"default: expected low <= default <= high and low < high, got {self.low:g}, "
                f"{self.default:g}, {self.high:g}"
            )
        self.learn()
        return self

    @classmethod
    def of(cls, d: Declared) -> Self:
        """Return the lever that is so declared."""
        return cls.model_validate({name: getattr(d, name) for name in cls.model_fields})

    @property
    def declared(self) -> Declared:
        """What documentation, checks and studies read of it."""
        return Declared(
            name=self.name,
            kind="lever",
            unit=self.unit,
            low=float(self.low),
            high=float(self.high),
            default=float(self.default),
            sentence=self.sentence,
            source=self.source,
            title=self.title,
            level=self.level,
        )

    def learn(self) -> None:
        """Make it known in this process.

        Raises:
            ValueError: where one of its name has another default, which policies stand upon.
        """
        before = OWN.get(self.name)
        if before is not None and before.default != self.default:
            raise ValueError(
                f"default: expected {before.default:g}, that of the lever {self.name} here, got "
                f"{self.default:g}; another default is another lever, with a name of its own"
            )
        OWN[self.name] = self.declared

    def __setstate__(self, state: dict[Any, Any]) -> None:
        """Make it known in the process that receives it."""
        super().__setstate__(state)
        OWN[self.name] = self.declared  # whoever sent it has held it against what is known there


def _is_free(name: str) -> bool:
    """Return whether a name is one, and of nothing that studies vary or write or rules read."""
    from trustabm.inputs.declare import declarations
    from trustabm.inputs.parameters import Parameters
    from trustabm.inputs.policy import Policy
    from trustabm.inputs.records import record_dtype
    from trustabm.inputs.town import Town

    fields = {*(record_dtype(Policy).names or ()), *(record_dtype(Parameters).names or ())}
    taken = {*RESERVED, *fields, *(d.name for d in declarations(Town))}
    column = "__" in name or name.startswith(("_", "until_"))  # as studies name those they make
    return name.isidentifier() and not iskeyword(name) and not column and name not in taken


def levers_of(text: str, where: str) -> tuple[Lever, ...]:
    """Return the levers that the text of a Python file declares, which is read and not run.

    Raises:
        ValueError: for what is none; then no lever of the file is known.
    """
    from trustabm.rules.own import declared_in

    before = OWN.copy()
    try:
        return tuple(Lever.model_validate(values) for values in declared_in(text, where))
    except ValueError as e:
        for name in OWN.keys() - before:
            del OWN[name]
        OWN.update(before)
        if not isinstance(e, ValidationError):
            raise
        said = problems(e, list(Lever.model_fields))
        raise ValueError("\n".join(f"{where}: lever: {line}" for line in said)) from e


def look_for(names: Iterable[str]) -> None:
    """Read the levers that the rules of a library or plug-in declare, if one may be meant."""
    if any(name not in OWN for name in names):
        for path in library.files("rules").values():
            with suppress(OSError, ValueError):  # whoever asks for the rules is told
                levers_of(path.read_text("utf-8-sig"), str(path))


def lever(
    name: str,
    *,
    title: str,
    unit: str,
    sentence: str,
    low: float = 0.0,
    high: float = 1.0,
    default: float = 0.0,
    level: Level = "local",
    source: str = "a user's own",
) -> Lever:
    """Declare a lever of one's own, which has an effect through rules of one's own that read it.

    From then on it stands in policies, timelines, arms and studies as any lever, and a rule of
    one's own reads it as `levers.NAME`. What is run with a value that no rule reads is refused.

    Args:
        name: Its name; declared again when a notebook's cell is run again.
        title: A name for people that says what a high value means.
        unit: Its unit.
        sentence: What it is and what it moves.
        low: The least that it can be.
        high: The most.
        default: What it is where nothing sets it: no change of the model that ships, best.
        level: Who sets it: "local", "state" or "federal".
        source: Where that is recorded.

    Returns:
        The lever.

    Raises:
        InvalidInput: for a name that is taken or is none, or bounds that are none.

    Example:
        >>> import trustabm as ta
        >>> line = ta.lever(
        ...     "tip_line",
        ...     title="Victims have a line to call unnamed",
        ...     unit="share of victims",
        ...     sentence="Victims whom fear keeps from calling, and who call a line instead.",
        ... )
        >>> @ta.rule("report_chance")
        ... def with_line(p, levers, kind, trust, feared, status, readiness):
        ...     named = shipped(p, levers, kind, trust, feared, status, readiness)
        ...     unafraid = shipped(p, levers, kind, trust, 0.0, status, readiness)
        ...     return named + levers.tip_line * (unafraid - named)
        >>> ta.Policy(tip_line=0.5).own
        {'tip_line': 0.5}
        >>> arms = {"no line": "none", "a line": ta.Arm(levers={"tip_line": 0.5})}
        >>> c = ta.compare(arms, rules=[with_line], replicates=4, weeks=8, residents=500)
        >>> c.same_rules
        [True, False]
    """
    try:
        return Lever(
            name=name,
            title=title,
            unit=unit,
            low=low,
            high=high,
            default=default,
            level=level,
            sentence=sentence,
            source=source,
        )
    except ValidationError as e:
        raise from_validation(f"lever {shown(name)}", e, list(Lever.model_fields)) from e
