"""The pages that say what the model is and how it was held against evidence."""

from __future__ import annotations

import json
from pathlib import Path

from trustabm_app.evidence import counted, scorecard
from trustabm_app.pages.about import CITATION, DOCS

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
    assert [s.never_fitted for s in scores] == [False, True]
    assert counted(scores) == [("calibration", {"pass": 1}), ("validation", {"miss": 1})]


def test_a_scorecard_that_cannot_be_read_is_said_so():
    assert "cannot be read" in str(scorecard("{"))
    assert "cannot be read" in str(scorecard('[{"role": 3}]'))
