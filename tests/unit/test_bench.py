"""The benchmark measures what its table promises, on towns too small to say anything."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from trustabm.bench import (
    TARGETS,
    Sizes,
    bench,
    children,
    event_queue,
    limit,
    others,
    phases,
    print_bench,
    save_bench,
    table,
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
def measured(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patched:
        # Other tools take seconds to import: one is absent, one fails, one is what a test knows.
        patched.delenv("TRUSTABM_VIVARIUM", raising=False)
        for key, task in (
            ("vs_starsim", _not_installed),
            ("vs_laser", _failing),
            ("vs_jax", lambda people, steps, rows: lambda: people * steps * 1e-3),
        ):
            patched.setitem(others.PEERS, key, others.PEERS[key]._replace(task=task))
        patched.setattr(table, "NATION", tmp_path_factory.mktemp("nation") / "whole.json")
        table.NATION.write_text('{"nation_s": 405.4, "nation_bytes": 2563860480, "residents": 1}')
        yield bench(SMALL)


def _not_installed(*_):
    raise ImportError("No module named 'starsim'")


def _failing(*_):
    return lambda: 1 // 0


def test_every_key_is_a_positive_number_or_missing_with_a_reason(measured):
    for key in TARGETS:
        value = measured[key]
        if value is None:
            assert measured["missing"][key]
        else:
            assert math.isfinite(value)
            assert value > 0
    left_out = {"runs_10k_s", "compile_s"}
    assert set(measured["missing"]) == {"vs_starsim", "vs_laser", "vs_vivarium"} | left_out


def test_why_a_tool_is_missing_is_told(measured):
    why = measured["missing"]
    assert why["vs_starsim"].startswith("No module named 'starsim'; the extra `bench`")
    assert why["vs_laser"] == (
        "LASER's SIR failed: ZeroDivisionError: integer division or modulo by zero"
    )
    assert "TRUSTABM_VIVARIUM names no Python" in why["vs_vivarium"]


def test_a_tool_is_compared_by_the_resident_step(measured):
    # The stand-in for JAX says a millisecond a resident-step: 1,000,000 ns.
    parts = measured["others"]
    assert parts["vs_jax"]["ns_per_resident_step"] == pytest.approx(1e6)
    ours = parts["trustabm"]["ns_per_resident_step"]
    assert measured["vs_jax"] == pytest.approx(1e6 / ours)
    assert set(parts) == {"trustabm", "vs_mesa_loop", "vs_jax", "vs_event_loop"}
    assert all(part["does"] for part in parts.values())


def test_the_nation_is_taken_from_what_is_kept_with_its_results(measured):
    assert measured["nation_s"] == 405.4
    assert measured["nation_bytes"] == 2563860480


def test_other_tools_are_left_out_where_they_are_not_asked_for():
    some = {name: 1.0 for name in TARGETS if name.startswith("vs_")}
    sizes = replace(SMALL, peers=())
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(table, "_others", _failing)
        got = bench(sizes)
    assert {key for key in some if got[key] is None} == {"vs_mesa_loop", "vs_starsim", "vs_laser"}
    assert got["missing"]["vs_laser"] == "not asked for"
    assert "others" not in got


def test_a_heap_is_a_heap_after_its_root_waits_longer():
    # 5 sinks past 2 (the lesser of 2 and 3) and 4; 6 is no child of it.
    when, who = np.array([5.0, 2.0, 3.0, 6.0, 4.0]), np.arange(5)
    event_queue.sink(when, who)
    assert when.tolist() == [2.0, 4.0, 3.0, 6.0, 5.0]
    assert who.tolist() == [1, 4, 2, 3, 0]


def test_events_of_the_bare_loop_are_as_many_as_a_poisson_process_has():
    # 2,000 residents, half an event a week, 10 weeks: 10,000 events, sd 100; five sd allowed.
    when, who, had = event_queue.fresh(2000, 0.5)
    many = event_queue.run(when, who, had, 0.5, 10.0)
    assert abs(many - 10_000) < 500
    assert had.sum() == many
    assert when.min() >= 10.0
    assert sorted(who) == list(range(2000))


@pytest.mark.slow  # it compiles what others wrote
def test_tools_that_spread_an_infection_spread_the_same_one():
    # 100,000 residents, 1,000 infectious: in a week 99,000 × (1 − e^(−0.3 × 0.01)) = 296.6 catch
    # it (sd 17) and 1,000 / 10 = 100 recover (sd 9.5); by LASER, whose weeks are rounded and at
    # least one, 1,000 × (1 − e^(−0.15)) = 139 (sd 11). Five sd allowed.
    pytest.importorskip("jax")
    pytest.importorskip("laser.generic")
    states = np.bincount(np.asarray(others.jax_run(100_000, 1)()), minlength=3)
    assert abs(99_000 - states[0] - 296.6) < 86
    assert abs(states[2] - 100) < 48
    model = others.laser_model(100_000, 1)
    model.run()
    counts = [int(getattr(model.nodes, x)[-1, 0]) for x in "SIR"]
    assert sum(counts) == 100_000
    assert abs(99_000 - counts[0] - 296.6) < 86
    assert abs(counts[2] - 139) < 55


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
