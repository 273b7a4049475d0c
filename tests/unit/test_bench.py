"""The benchmark measures what its table promises, on towns too small to say anything."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from trustabm.bench import (
    TARGETS,
    Sizes,
    bench,
    children,
    limit,
    others,
    phases,
    print_bench,
    save_bench,
)
from trustabm.bench.timing import interleaved, preset

SMALL = Sizes(
    repeats=1,
    agents=(200, 2),
    people=300,
    steps=4,
    idle=1,
    large=2000,
    weeks=8,
    flat=(200, 2000),
    memory=2000,
    memory_weeks=2,
)


@pytest.fixture(scope="module")
def measured():
    with pytest.MonkeyPatch.context() as patched:
        # Starsim takes seconds to import, and warns.
        patched.setattr(others, "starsim_sir", _not_installed)
        yield bench(SMALL)


def _not_installed(*_):
    raise ImportError


def test_every_key_is_a_positive_number_or_missing_with_a_reason(measured):
    for key in TARGETS:
        value = measured[key]
        if value is None:
            assert measured["missing"][key]
        else:
            assert math.isfinite(value)
            assert value > 0
    assert set(measured["missing"]) == {"vs_starsim", "runs_10k_s"}


def test_what_was_measured_is_one_json_object_without_folders(measured):
    text = json.dumps(measured, allow_nan=False)
    assert json.loads(text)["targets"].keys() == TARGETS.keys()
    assert measured["versions"]["numpy"] == np.__version__
    assert "/home" not in text
    assert "/root" not in text


def test_what_was_measured_is_printed_and_kept(measured, capsys, tmp_path):
    print_bench(measured)
    assert "vs_mesa_loop" in capsys.readouterr().out
    save_bench(measured, tmp_path / "benchmark", force=False)
    kept = json.loads((tmp_path / "benchmark" / "bench.json").read_text())
    assert kept["vs_mesa_loop"] == measured["vs_mesa_loop"]
    assert (tmp_path / "benchmark" / "provenance.json").exists()


def test_shares_of_the_profile_add_up(measured):
    assert sum(part["share"] for part in measured["profile"].values()) == pytest.approx(1.0)


def test_phases_one_by_one_are_the_compiled_week():
    # The profile repeats the order of the week; if that changes there, it must change here.
    base = preset(2000, 6).world()
    whole = base.branch(base.plan)
    whole.run_for(6)
    parts = base.branch(base.plan)
    for _ in range(6):
        week = parts.begin()
        for _, phase in phases.IN_ORDER:
            phase(week)
    assert parts.tally.tobytes() == whole.tally.tobytes()
    for one, other in zip(parts.state, whole.state, strict=True):
        for name in one.dtype.names or ("",):
            assert np.array_equal(one[name] if name else one, other[name] if name else other)


def test_what_a_week_needs_is_less_than_the_columns():
    base = preset(20_000, 8).world()
    needed = limit.needed(base, 8)
    assert base.week == 0
    assert 0 < needed["bytes"] < needed["columns"]
    assert needed["rows"] < 20_000 * 0.3
    assert needed["draws"] > needed["rows"] / 2


def test_many_runs_are_those_asked_for():
    totals = children.all_policies(17, 0, 300, 4)
    assert len(totals) == 17
    assert all(total["stops"] >= 0 for total in totals)


def test_medians_leave_the_first_turn_out():
    times = iter([100.0, 1.0, 3.0, 2.0])
    assert interleaved({"it": lambda: next(times)}, 3) == {"it": 2.0}
