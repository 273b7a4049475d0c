"""Whether batches are as they were made: by their own hashes, and by the repository's history."""

from __future__ import annotations

import subprocess
from pathlib import Path

from trustabm.forecasts.registry import batches
from trustabm.inputs.catalog import Strict

__all__ = ["Checked", "checked"]


class Checked(Strict):
    """What a check of one batch found.

    Args:
        path: Its file.
        statements: How many it has.
        problems: What is not as it was made.
        history: What the repository's history says of it.
    """

    path: str
    statements: int
    problems: tuple[str, ...]
    history: str


def checked(folder: Path) -> list[Checked]:
    """Hold every batch against its hashes and against what was first committed of it."""
    found = []
    for path, batch in batches(folder):
        problems = list(batch.problems())
        if path.stem != batch.header.batch:
            problems.append(f"batch: expected {path.stem}, as its file, got {batch.header.batch}")
        first = _first_committed(path)
        if first is None:
            history = "not committed, or no history here: only its own hashes were checked"
        else:
            commit, day, text = first
            history = f"first committed on {day} ({commit[:12]})"
            if f'sha256 = "{batch.sha256}"' not in text.splitlines():
                problems.append(f"sha256: expected what was first committed ({commit[:12]})")
            if day < batch.header.made_on.isoformat():
                problems.append(f"made_on: expected {day} or before, when it was committed")
        found.append(
            Checked(
                path=str(path),
                statements=len(batch.statements),
                problems=tuple(problems),
                history=history,
            )
        )
    return found


def _first_committed(path: Path) -> tuple[str, str, str] | None:
    """Return commit, day and text of a file as it was first committed; None if it never was."""

    def git(*words: str) -> str:
        done = subprocess.run(
            ["git", *words],
            cwd=path.parent,
            capture_output=True,
            encoding="utf-8",
            timeout=30,
            check=True,
        )
        return done.stdout

    try:
        words = ("log", "--diff-filter=A", "--format=%H %cs", "--", path.name)
        lines = git(*words).split("\n")
        if not lines[0]:
            return None
        commit, day = [line for line in lines if line][-1].split()
        return commit, day, git("show", f"{commit}:./{path.name}")
    except (OSError, subprocess.SubprocessError):
        return None
