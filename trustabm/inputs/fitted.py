"""What draws were fitted with: a digest of every rule and of every declared parameter.

It lies in the metadata of the Parquet file that holds the draws, so that a copy of the file keeps
it. Digests are of what the code says, not of how it is laid out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from trustabm.inputs.declare import declarations
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.source import code_form, text_digest
from trustabm.rules.compiling import FOLDERS, digest

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["differences", "of_table", "stamp", "stamped"]

Stamp = dict[str, dict[str, str]]

KEY = b"trustabm.inputs.fitted"
"""Where it lies in the metadata of a file of draws."""

APART = ("state/saved.py", "week/world.py", "rules/own.py", "week/build.py")
"""What decides nothing of what happens by the shipped rules: states on disk, the world as Python
holds it, and how rules of a user's own take the place of shipped ones."""


def stamp(free: Iterable[str]) -> Stamp:
    """Return digests of the rules by file, and of the parameters by name.

    Args:
        free: The fitted parameters; of them only bounds count, as draws take the defaults' place.
    """
    return {"rules": dict(_rules()), "parameters": _parameters(free), "source": _source()}


def stamped(table: pa.Table) -> pa.Table:
    """Return a table of draws, a column a parameter, that says what it was fitted with."""
    text = json.dumps(stamp(table.column_names), sort_keys=True)
    return table.replace_schema_metadata({**(table.schema.metadata or {}), KEY: text.encode()})


def of_table(table: pa.Table) -> Stamp | None:
    """Return what a table of draws was fitted with; None where it does not say."""
    try:
        found = json.loads((table.schema.metadata or {}).get(KEY, b""))
    except ValueError:
        return None
    parts = ("rules", "parameters", "source")
    whole = isinstance(found, dict) and all(isinstance(found.get(p), dict) for p in parts)
    return found if whole else None


def differences(then: Mapping[str, Mapping[str, str]], free: Iterable[str]) -> list[str]:
    """Return the names of rules' files and of parameters that are not what they were.

    Args:
        then: What draws were fitted with.
        free: The fitted parameters.
    """
    now: Stamp = {"parameters": _parameters(free)}
    if then.get("source") != _source():  # else the files are the same, byte for byte
        now["rules"] = _rules()
    return [
        name
        for kind in now
        for name in sorted({*now[kind], *then.get(kind, {})})
        if now[kind].get(name) != then.get(kind, {}).get(name)
    ]


def _source() -> dict[str, str]:
    return {"all": digest()}


def _parameters(free: Iterable[str]) -> dict[str, str]:
    free = set(free)
    return {
        d.name: text_digest([d.kind, d.low, d.high, None if d.name in free else d.default])
        for d in declarations(Parameters)
    }


@cache
def _rules() -> dict[str, str]:
    root = Path(__file__).parents[1]
    files = sorted(p for folder in FOLDERS for p in (root / folder).glob("*.py"))
    return {
        name: text_digest(code_form(path.read_text("utf-8")))
        for path in files
        if (name := path.relative_to(root).as_posix()) not in APART
    }
