"""The mutants themselves: a fault is noticed, what changes nothing is not, and names last."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from mutants import sites

ROOT = Path(__file__).parents[2]

SOURCE = '''
"""Docstrings are no rules."""
LIMIT = 2.0

def f(p, rows, i):
    """Nor is this 1."""
    if rows[i].age < LIMIT and p.on:
        rows[i].count += 1
    return min(1.0, rows[i].age * 3)
'''


def test_faults_of_every_kind_are_made_and_each_is_another_program():
    names = {m.name.split("x.py ")[1] for m in sites.mutants("x.py", SOURCE)}
    for name in (
        "<module>: numbers: 2.0 -> 3.0",
        "f: comparison: rows[i].age < LIMIT -> rows[i].age <= LIMIT",
        "f: comparison: rows[i].age < LIMIT -> rows[i].age >= LIMIT",
        "f: logic: rows[i].age < LIMIT and p.on -> rows[i].age < LIMIT or p.on",
        "f: condition: if rows[i].age < LIMIT and p.on -> if not (rows[i].age < LIMIT and p.on)",
        "f: removed: rows[i].count += 1 -> pass",
        "f: assigned not added: rows[i].count += 1 -> rows[i].count = 1",
        "f: arithmetic: rows[i].age * 3 -> rows[i].age / 3",
        "f: index: rows[i] -> rows[i + 1]",
        "f: index: rows[i] -> rows[i + 1] (3)",
        "f: extremes: min(1.0, rows[i].age * 3) -> max(1.0, rows[i].age * 3)",
        "f: numbers: 3 -> -3",
    ):
        assert name in names
    assert not {n for n in names if "Nor is" in n or "Docstrings" in n}
    programs = {sites.ast.unparse(sites.mutated(m, SOURCE)) for m in sites.mutants("x.py", SOURCE)}
    assert len(programs) == len(names)


def test_a_mutant_keeps_its_name_when_lines_above_it_change():
    longer = SOURCE.replace("LIMIT = 2.0", "LIMIT = 2.0\n\ndef g(x):\n    return x + 1\n")
    before = {m.name for m in sites.mutants("x.py", SOURCE)}
    assert before < {m.name for m in sites.mutants("x.py", longer)}


def test_a_sample_is_spread_and_does_not_change():
    few = sites.sample(60, 1)
    assert [m.name for m in few] == [m.name for m in sites.sample(60, 1)]
    assert len({m.name for m in few}) == 60
    assert {m.file.split("/")[0] for m in few} == {"rules", "outcomes", "week", "state"}


def test_a_fault_is_noticed_and_what_nothing_tries_survives(tmp_path):
    book = tmp_path / "book.json"
    test = tmp_path / "test_news.py"
    test.write_text(
        "from by_hand import p\n"
        "from trustabm.rules import beliefs\n"
        "def test_news():\n"
        "    assert beliefs.news(p(), 0.5, 0.2) == p().news_weight * 0.5 * 0.2\n"
        "    assert beliefs.news(p(), 0.5, -0.2) == p().news_weight * 0.5 * -0.2 * p().good_news\n"
    )
    done = subprocess.run(
        [
            *(sys.executable, "tests/mutants", "--tests", str(test), "--book", str(book)),
            *("--only", "rules/beliefs.py news:"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    by = {name.split("news: ")[1]: of["by"] for name, of in json.loads(book.read_text()).items()}
    assert by["comparison: surprise < 0.0 -> surprise >= 0.0"].endswith("::test_news")
    assert by["arithmetic: p.news_weight * publicity -> p.news_weight / publicity"].endswith(
        "::test_news"
    )
    # Where nothing is news it counts nothing, weighed by whatever.
    assert by["comparison: surprise < 0.0 -> surprise <= 0.0"] is None
    assert f"{len(by)} of {len(by)} mutants tried out" in done.stdout
    assert (
        "survives: rules/beliefs.py news: comparison: surprise < 0.0 -> surprise <= 0.0"
        in done.stdout
    )
