"""What several commands share: kinds of options, checks before a run, JSON."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

__all__ = [
    "Flag",
    "Named",
    "print_json",
    "refuse_existing",
    "refuse_nobody",
    "say_if_compiling",
    "say_notices",
]

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


def refuse_existing(out: Path | None, force: bool) -> None:
    """Say before the run, not after it, that a folder holds something."""
    if out is not None:
        from trustabm.folders import refuse_existing

        refuse_existing(out, force)


def refuse_nobody(resident: int | None, people: int) -> None:
    """Say before the run that there is no such resident."""
    if resident is not None and not 0 <= resident < people:
        from trustabm.errors import InvalidInput

        raise InvalidInput(f"story: expected a resident from 0 to {people - 1}, got {resident}")


def say_if_compiling() -> None:
    """Say that the first run compiles, so that nobody takes the wait for the usual."""
    from trustabm.compiling import is_compiled

    if not is_compiled():
        print("Compiling the model once (about half a minute) ...", file=sys.stderr, flush=True)
