"""What several commands share: kinds of options, checks before a run, JSON."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter, Token

__all__ = [
    "Flag",
    "Keeper",
    "Named",
    "Whole",
    "print_json",
    "ready",
    "refuse_nobody",
    "say_if_compiling",
    "say_notices",
    "values_of",
]


def _whole(_type: Any, tokens: Sequence[Token]) -> int:
    """Return a whole number, and no fraction rounded to one."""
    text = tokens[0].value
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        raise ValueError(f"expected a whole number, got {text[:80]!r}")
    return int(text)


Whole = Annotated[int, Parameter(converter=_whole)]
Named = Annotated[dict[str, str] | None, Parameter(negative=(), show_default=False)]
Flag = Annotated[bool, Parameter(negative=())]


def print_json(value: Any) -> None:
    """Print a value as strict JSON."""
    import json

    print(json.dumps(value, indent=2, allow_nan=False, default=str))


def say_notices(notices: Sequence[str]) -> None:
    """Say what a result is to be read with where standard output holds JSON."""
    for line in notices:
        print(f"trustabm: note: {line}", file=sys.stderr)


def values_of(given: dict[str, str] | None) -> dict[str, Any]:
    """Return levers or parameters as they are typed on a command line, as what they stand for.

    What cannot be read stays text, which the model then refuses by name.
    """
    from trustabm.inputs.declare import declarations
    from trustabm.inputs.parameters import Parameters
    from trustabm.inputs.policy import Policy

    declared = {d.name: d.default for model in (Policy, Parameters) for d in declarations(model)}
    return {name: _value(text, declared.get(name)) for name, text in (given or {}).items()}


def _value(text: str, like: object) -> Any:
    if isinstance(like, bool):
        return {"true": True, "false": False}.get(text.lower(), text)
    if isinstance(like, float):
        try:
            return float(text)
        except ValueError:
            return text
    return text


def ready(out: Path | None, force: bool, by: str) -> None:
    """Say before the run, not after it, that a folder may not or cannot be written to.

    Args:
        out: The folder.
        force: Whether what an earlier `by` wrote is replaced; that is said.
        by: The command.
    """
    if out is None:
        return
    from trustabm.runs.folders import ready

    old = ready(out, force, by)
    if old:
        some = ", ".join(old[:6]) + (" ..." if len(old) > 6 else "")
        print(f"Replacing in {out} what an earlier `trustabm {by}` wrote: {some}", file=sys.stderr)


class Keeper:
    """Saves what was worked out: where it was to go, or beside; never loses it.

    `missed` says afterwards whether anything is not where it was to go.
    """

    def __init__(self) -> None:
        self.missed = False

    def keep(self, out: Path, save: Callable[[Path], object]) -> None:
        """Save to a place; where that fails, among temporary files, and say so.

        Args:
            out: The file or folder.
            save: Writes to a place that is free.
        """
        from trustabm.errors import TrustabmError

        try:
            save(out)
            return
        except (OSError, TrustabmError) as e:
            self.missed = True
            print(f"trustabm: {e}", file=sys.stderr)
        try:
            beside = Path(tempfile.mkdtemp(prefix="trustabm-")) / (out.resolve().name or "result")
            save(beside)
            print(f"trustabm: kept in {beside}", file=sys.stderr)
        except (OSError, TrustabmError) as e:
            print(f"trustabm: kept nowhere else either: {e}", file=sys.stderr)

    def leave(self, out: Path | None = None) -> None:
        """Say where results are; leave with 1 where something is not where it was to go."""
        if self.missed:
            sys.exit(1)
        if out is not None:
            print(f"Written to {out}", file=sys.stderr)


def refuse_nobody(resident: int | None, people: int) -> None:
    """Say before the run that there is no such resident."""
    if resident is not None and not 0 <= resident < people:
        from trustabm.errors import InvalidInput

        raise InvalidInput(f"story: expected a resident from 0 to {people - 1}, got {resident}")


def say_if_compiling() -> None:
    """Say that the first run compiles, so that nobody takes the wait for the usual."""
    from trustabm.rules.compiling import is_compiled

    if not is_compiled():
        print("Compiling the model once (about half a minute) ...", file=sys.stderr, flush=True)
