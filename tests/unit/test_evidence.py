"""The pages that say what the model is and how it was held against evidence."""

from __future__ import annotations

import json
from pathlib import Path

from trustabm_app.guide.about import CITATION, DOCS
from trustabm_app.guide.scorecard import counted, scorecard

from trustabm.evidence.targets import TARGETS

ROOT = Path(__file__).parents[2]


def test_about_says_what_the_citation_file_says():
    assert f'title: "{CITATION}"' in (ROOT / "CITATION.cff").read_text("utf-8")
    assert all((ROOT / path).is_file() for path, _ in DOCS)


def test_a_scorecard_is_read_and_counted():
    rows = [
        {"id": "a", "role": "calibration", "published": 0.3, "tolerance": 0.1, "value": 0.32,
         "low": 0.3, "high": 0.4, "pass": True, "note": ""},
        {"id": "b", "role": "validation", "published": 1, "tolerance": None, "value": None,
         "low": None, "high": None, "pass": False, "note": "n", "source": "s"},
    ]  # fmt: skip
    scores = scorecard(json.dumps(rows))
    assert not isinstance(scores, str)
    assert counted(scores) == [("validation", {"miss": 1}), ("calibration", {"pass": 1})]


def test_every_shipped_row_says_what_is_measured_and_where_it_was_published():
    scores = scorecard()
    assert not isinstance(scores, str)
    assert {s.id for s in scores} == set(TARGETS)
    for s in scores:
        t = TARGETS[s.id]
        assert s.what == t.sentence
        assert s.cited == (t.source.citation, t.source.address)
        assert s.reach is not None
        assert (abs(s.reach[0]) <= 1) == s.passed


def test_a_scorecard_that_cannot_be_read_is_said_so():
    assert "cannot be read" in str(scorecard("{"))
    assert "cannot be read" in str(scorecard('[{"role": 3}]'))
