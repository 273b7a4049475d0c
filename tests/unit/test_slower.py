"""What counts as slower than the benchmark that is kept, and what does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import slower

from trustabm.bench import FULL, QUICK

KEPT = Path(__file__).parents[2] / "results" / "benchmark" / "bench.json"


def bench(draws=10.0, read=0.05, **changed):
    """A benchmark whose keyed draw takes 10 ns, and a byte of columns read 0.05 ns."""
    return {
        "resident_weeks_per_s": 100e6,
        "synthesis_us": 0.5,
        "bytes_per_resident": 90.0,
        "ns_per_resident_week": {"10000": 10.0, "100000": 12.0, "1000000": 11.0},
        "limit": {
            "needed_per_week": {"draws": 200_000.0, "columns": 80e6},
            "seconds_per_week": {"draws": 200_000 * draws * 1e-9, "columns": 80e6 * read * 1e-9},
        },
        "machine": {"processor": "one", "compiled_for": "x", "cache": "1 KB", "system": "Linux"},
    } | changed


@pytest.fixture
def judge(tmp_path):
    """Judge benchmarks, one a turn, by what `bench` keeps; return the code and the turns taken."""
    file = tmp_path / "kept.json"
    file.write_text(json.dumps(bench()))

    def judged(*turns):
        left = list(turns)
        return slower.main(str(file), lambda: left.pop(0)), len(turns) - len(left)

    return judged


def test_costs_are_ratios_to_two_loops_of_the_same_run():
    # 10 ns a resident-week: a draw, or 200 bytes read. 500 ns a resident made: 50 or 10,000.
    costs = slower.costs(bench())
    assert costs["a resident-week"] == pytest.approx({"draws": 1.0, "bytes read": 200.0})
    assert costs["making a resident"] == pytest.approx({"draws": 50.0, "bytes read": 10_000.0})
    assert costs["flatness"] == pytest.approx({"sizes": 1.2})
    assert costs["bytes a resident"] == {"bytes": 90.0}
    assert len(slower.costs(bench(synthesis_us=None, bytes_per_resident=None))) == 2


def test_a_machine_half_as_fast_is_no_loss(judge):
    slow = bench(draws=20.0, read=0.1, resident_weeks_per_s=50e6, synthesis_us=1.0)
    assert judge(slow) == (0, 1)


@pytest.mark.parametrize("yardstick", [{"draws": 20.0}, {"read": 0.1}])
def test_work_that_slows_the_processor_or_memory_alone_is_no_loss(judge, yardstick):
    assert judge(bench(resident_weeks_per_s=50e6, synthesis_us=1.0, **yardstick)) == (0, 1)


LOSSES = [
    ({"resident_weeks_per_s": 86e6}, {"resident_weeks_per_s": 88e6}, "a resident-week"),
    ({"synthesis_us": 0.58}, {"synthesis_us": 0.57}, "making a resident"),
    (
        {"ns_per_resident_week": {"10000": 10.0, "100000": 13.9, "1000000": 11.0}},
        {"ns_per_resident_week": {"10000": 10.0, "100000": 13.7, "1000000": 11.0}},
        "flatness",
    ),
    ({"bytes_per_resident": 104.0}, {"bytes_per_resident": 103.0}, "bytes a resident"),
]


@pytest.mark.parametrize(("more", "less", "name"), LOSSES)
def test_a_loss_of_more_than_15_percent_in_every_turn_is_told(judge, capsys, more, less, name):
    assert judge(*[bench(**more)] * slower.TURNS) == (1, slower.TURNS)
    assert f"{name}: expected at most 1.15 times" in capsys.readouterr().err
    assert judge(bench(**less)) == (0, 1)


def test_a_loss_that_the_next_turn_does_not_have_is_noise(judge):
    slow, large = bench(resident_weeks_per_s=50e6), bench(bytes_per_resident=200.0)
    assert judge(slow, bench()) == (0, 2)
    # Each key's own least counts: no turn is good at all of them.
    assert judge(slow, large) == (0, 2)


@pytest.mark.parametrize("key", slower.KIND)
def test_another_kind_of_machine_is_judged_at_three_times(judge, capsys, key):
    other = {"machine": bench()["machine"] | {key: "another"}}
    assert judge(bench(resident_weeks_per_s=35e6, **other)) == (0, 1)  # 2.9 times
    assert "another kind of machine" in capsys.readouterr().out
    assert judge(*[bench(resident_weeks_per_s=32e6, **other)] * 3) == (1, 3)  # 3.1 times


def test_a_quick_benchmark_is_kept_for_a_quick_one_is_held_against_it():
    kept = json.loads(KEPT.read_text("utf-8"))
    assert (kept["residents"], kept["weeks"]) == (QUICK.large, QUICK.weeks)
    assert QUICK.weeks != FULL.weeks
    assert [*kept["ns_per_resident_week"]] == [str(n) for n in QUICK.flat]
    assert set(slower.costs(kept)) == {
        "a resident-week",
        "making a resident",
        "flatness",
        "bytes a resident",
    }
    assert slower.alike(kept, kept)
