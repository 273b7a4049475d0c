"""docs/testing.md names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

from each import each

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "testing.md").read_text("utf-8")


def named() -> list[tuple[str, str]]:
    """Return every file and test that a row names; `::test` alone is of the file before it."""
    found, file = [], ""
    for word in re.findall(r"`([\w/]*\.py)?(?:::)?((?<=::)\w+)?`", TEXT):
        file = word[0] or file
        if file:
            found.append((file, word[1]))
    return found


def test_what_is_named_is_there():
    def check(file, test):
        path = ROOT / file if file.startswith("tests/") else ROOT / "tests" / file
        path = path if path.is_file() else ROOT / "tests" / "validation" / file
        assert path.is_file(), "no file"
        assert not test or f"def {test}(" in path.read_text("utf-8"), "no test"

    each(sorted(set(named())), check)


def test_every_folder_of_tests_is_named():
    folders = {p.name for p in (ROOT / "tests").iterdir() if any(p.glob("test_*.py"))}
    assert not {f for f in folders if f"`tests/{f}`" not in TEXT}
