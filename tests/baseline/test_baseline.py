"""One scenario gives exactly what it gave before; `refresh.py` changes that on purpose."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

_spec = importlib.util.spec_from_file_location("refresh", Path(__file__).with_name("refresh.py"))
assert _spec is not None
assert _spec.loader is not None
refresh = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(refresh)


def test_the_baseline_is_exactly_what_it_was():
    kept, today = json.loads(refresh.FILE.read_text(encoding="utf-8")), refresh.now()
    # Totals first: they say what moved.
    assert today["totals"] == kept["totals"]
    assert today["digest"] == kept["digest"]


def test_the_baseline_is_not_empty():
    totals = json.loads(refresh.FILE.read_text(encoding="utf-8"))["totals"]
    for name in ("violent", "stops", "arrests", "matches", "honored", "declined", "removals"):
        assert totals[name] > 0, name
