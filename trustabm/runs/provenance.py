"""Where a result comes from: versions, commit, inputs, seed, command. Nothing about the machine."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from trustabm.errors import InvalidInput
from trustabm.inputs.catalog import is_file
from trustabm.outcomes.own import own_outcomes
from trustabm.rules.compiling import digest
from trustabm.runs.experiment import Experiment
from trustabm.runs.scenario import Scenario

__all__ = [
    "POSTERIOR",
    "RECORD",
    "lines",
    "origin",
    "plain",
    "provenance",
    "read_record",
    "version",
    "write_record",
]

POSTERIOR = "posterior.parquet"
"""A posterior of one's own, beside the record of what was drawn from it."""

RECORD = "provenance.json"
"""The file of a saved result that says what was run, whole, and digests of what came of it."""

_PACKAGES = ("trustabm", "numpy", "numba", "pandas", "mesa", "pydantic")


def provenance(scenario: Scenario, **more: Any) -> dict[str, Any]:
    """Return what is needed to make a result again.

    Args:
        scenario: What was run.
        more: What else made it, as plain values (arms and replicates of a comparison).
    """
    own = own_outcomes()
    return origin() | {
        "seed": scenario.seed,
        "scenario": _plain(scenario),
        "inputs": _inputs(scenario, more),
        **({"own_outcomes": own} if own else {}),
        **_without_folders(more),
    }


def origin() -> dict[str, Any]:
    """Return when, with which versions, from which commit and by which command."""
    return {
        "made": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "versions": {"python": ".".join(map(str, sys.version_info[:3]))}
        | {name: version(name) for name in _PACKAGES},
        "rules": digest(),
        "git": _git(),
        "command": [_without_folder(word) for word in sys.argv],
    }


def lines(provenance: dict[str, Any]) -> dict[str, str]:
    """Return versions, code and inputs as a reader needs them, by name."""
    versions, git = provenance["versions"], provenance["git"]
    code = f"rules {provenance['rules']}"
    if git is not None:
        code += f", commit {git['commit'][:12]}"
        code += " with uncommitted changes" if git["dirty"] else ""
    rows = {
        "trustabm": versions["trustabm"],
        "Code": code,
        "Python, numpy": f"{versions['python']}, {versions['numpy']}",
    }
    inputs = provenance.get("inputs", {})
    return rows | {name: f"sha256 {digest[:16]}" for name, digest in inputs.items()}


def version(package: str) -> str | None:
    """Return the installed version of a package, None where it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def plain(of: Scenario | Experiment) -> dict[str, Any]:
    """Return what was run in plain values, of parameters those that were set."""
    said: dict[str, Any] = {"parameters": of.parameters.model_dump(mode="json", exclude_unset=True)}
    if isinstance(of, Experiment) and of.posterior is not None:
        said["posterior"] = POSTERIOR
    return of.model_dump(mode="json") | said


def write_record(folder: Path, record: dict[str, Any], **more: Any) -> None:
    """Write the record of a result into its folder.

    Args:
        folder: The folder.
        record: The result's provenance.
        more: What is known of what came of it.
    """
    text = json.dumps(record | more, indent=2, default=str)
    (folder / RECORD).write_text(text + "\n", encoding="utf-8")


def read_record(path: str | Path) -> dict[str, Any]:
    """Return a record, from its file or the folder that it lies in.

    Raises:
        InvalidInput: where there is none.
    """
    file = Path(path) / RECORD if Path(path).is_dir() else Path(path)
    try:
        record = json.loads(file.read_text("utf-8"))
        if not {"versions", "rules", "scenario", "notices"} <= record.keys():
            raise ValueError("keys of something else")
    except (OSError, ValueError, AttributeError) as e:
        raise InvalidInput(f"{file}: expected the record of a result, got: {e}") from e
    return dict(record)


def _plain(scenario: Scenario) -> dict[str, Any]:
    values = plain(scenario)
    for place in (values, *values["neighbors"]):
        for key in ("town", "policy"):
            place[key] = _without_folder(place[key])
    return values


def _inputs(scenario: Scenario, more: dict[str, Any]) -> dict[str, str]:
    """Return a digest of every file of the user's own that was read."""
    names = [scenario.town, scenario.policy, *more.get("files", ())]
    names += [name for n in scenario.neighbors for name in (n.town, n.policy)]
    held = {*scenario.own.towns, *scenario.own.policies}
    paths = {Path(n) for n in names if is_file(n) and n not in held}
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in paths if p.is_file()}


def _without_folders(value: Any) -> Any:
    """Return plain values in which no whole path says where a user's file lies."""
    if isinstance(value, dict):
        return {k: _without_folders(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_without_folders(v) for v in value]
    whole = isinstance(value, str) and is_file(value) and os.path.isabs(value)
    return os.path.basename(value) if whole else value


def _without_folder(word: str) -> str:
    option, equals, value = word.partition("=")
    if equals and option.startswith("--"):
        return option + equals + _without_folder(value)
    return os.path.basename(word.rstrip(os.sep)) if os.sep in word else word


def _git() -> dict[str, Any] | None:
    """Return commit and whether files differ from it; None outside a checkout of this package."""
    here = Path(__file__).parent

    def git(*words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=here, capture_output=True, text=True, timeout=10, check=True
        )
        return done.stdout.strip()

    try:
        # An installed copy may lie in the environment of somebody else's checkout.
        git("ls-files", "--error-unmatch", "provenance.py")
        commit = git("rev-parse", "HEAD")
        return {"commit": commit, "dirty": bool(git("status", "--porcelain", "--", "."))}
    except (OSError, subprocess.SubprocessError):
        return None
