"""What is known of mutants, kept beside the code, and the score that follows."""

from __future__ import annotations

import hashlib
import json
import tomllib
from functools import cache
from pathlib import Path

from mutants.running import Outcome, is_sameness
from mutants.sites import ROOT, Mutant

HERE = Path(__file__).parent
BOOK = HERE / "book.json"
EQUIVALENTS = HERE / "equivalents.toml"

WORKED = (
    *("beliefs", "contact", "crime", "demography", "enforcement", "luck", "policing", "reporting"),
    *(
        "codes",
        "whole",
        "outcomes",
        "estimates",
        "intervals",
        "quantiles",
        "segregation",
        "weeks",
        "regions",
        "survivors",
    ),
)
TESTS = [
    "tests/worked/week",
    *(f"tests/worked/test_{name}.py" for name in WORKED),
    *(f"tests/unit/test_{name}.py" for name in ("rules", "intervals", "findings")),
]
"""The tests that faults are tried by: those that are quick where nothing is compiled."""

Known = dict[str, str | None]


class Book:
    """What became of mutants, by name, with digests of what it hangs on.

    Args:
        path: The file that it is kept in: by the mutant's name, the test that noticed it, None if
            it survived, and digests of the file it is in and of that test's file, of all tests
            for a survivor.
        tests: The files and folders of tests.
    """

    def __init__(self, path: Path, tests: list[str]) -> None:
        self.path, self.tests = path, tests
        self.of: dict[str, Known] = json.loads(path.read_text("utf-8")) if path.is_file() else {}

    def knows(self, mutant: Mutant) -> bool:
        """Return whether it was tried out, with file and tests as they are now."""
        known = self.of.get(mutant.name)
        return known is not None and known == self._known(mutant, known["by"])

    def write(self, mutant: Mutant, outcome: Outcome) -> None:
        """Keep what became of a mutant."""
        self.of[mutant.name] = self._known(mutant, outcome.by)
        self.path.write_text(json.dumps(dict(sorted(self.of.items())), indent=0) + "\n", "utf-8")

    def _known(self, mutant: Mutant, by: str | None) -> Known:
        file = (by or "").split("::")[0]
        files = [file] if file.endswith(".py") and (ROOT / file).is_file() else self.tests
        tests = "".join(_digest(f) for test in files for f in _files(test))
        return {"by": by, "file": _digest(f"trustabm/{mutant.file}"), "tests": _short(tests)}

    def report(self, wanted: list[Mutant]) -> str:
        """Return survivors and the score, over what is known of these mutants."""
        tried = [m for m in wanted if self.knows(m)]
        equal = equivalents()
        alive = [m for m in tried if self.of[m.name]["by"] is None]
        same = [m for m in alive if m.name in equal]
        left = [m for m in alive if m.name not in equal]
        killed = len(tried) - len(alive)
        only = sum(is_sameness(str(self.of[m.name]["by"])) for m in tried)
        lines = [f"survives: {m.name}" for m in left]
        over = max(1, len(tried) - len(same))
        return "\n".join(
            [
                *lines,
                f"{len(tried)} of {len(wanted)} mutants tried out, {len(same)} equivalent "
                f"({len(same) / max(1, len(tried)):.1%})",
                f"{killed} of the other {len(tried) - len(same)} killed: {killed / over:.1%}, "
                f"{only} of them by sameness alone ({(killed - only) / over:.1%} without)",
            ]
        )


@cache
def equivalents() -> dict[str, str]:
    """Return mutants that no test can notice, and why."""
    if not EQUIVALENTS.is_file():
        return {}
    table = tomllib.loads(EQUIVALENTS.read_text("utf-8"))
    return {name: of["why"] for of in table["reason"] for name in of["mutants"]}


@cache
def _files(test: str) -> tuple[str, ...]:
    path = ROOT / test
    found = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    return tuple(map(str, found))


@cache
def _digest(path: str) -> str:
    file = ROOT / path
    return _short(file.read_text("utf-8")) if file.exists() else ""


def _short(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()
