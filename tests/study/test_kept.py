"""The study that ships: it opens out of the box, whole and small."""

from __future__ import annotations

from pathlib import Path

from trustabm_app.study.answers import Answers

from trustabm.study.definition import Study
from trustabm.study.kept import shipped

ROOT = Path(__file__).parents[2]


def test_the_shipped_study_is_whole_small_and_that_of_its_file():
    (folder,) = shipped().values()
    known = Answers(folder)
    assert known.opened.done == known.opened.total == 3 * 4 * 20 * 2
    assert (known.failed, known.outline.notices, known.outline.why_no_grid) == (0, (), "")
    assert sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) < 400_000
    asked = Study.read(ROOT / "experiments" / "publicity-small.toml")
    assert known.study.vary == asked.vary
    assert known.study.replicates == asked.replicates
