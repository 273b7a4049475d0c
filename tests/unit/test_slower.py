"""What counts as slower than the benchmark that is kept."""

from __future__ import annotations

import json

import pytest
import slower


def bench(**changed):
    """A benchmark whose keyed draw takes 10 ns."""
    return {
        "resident_weeks_per_s": 100e6,
        "synthesis_us": 0.5,
        "flatness": 1.2,
        "bytes_per_resident": 90.0,
        "limit": {
            "needed_per_week": {"draws": 200_000.0},
            "seconds_per_week": {"draws": 0.002},
        },
    } | changed


def test_costs_are_in_draws_of_the_same_run():
    assert slower.costs(bench()) == pytest.approx(
        {
            "a resident-week, in draws": 1.0,
            "making a resident, in draws": 50.0,
            "flatness": 1.2,
            "bytes a resident": 90.0,
        }
    )
    assert len(slower.costs(bench(synthesis_us=None, bytes_per_resident=None))) == 2


def test_a_machine_half_as_fast_is_no_loss():
    slow = bench(
        resident_weeks_per_s=50e6,
        synthesis_us=1.0,
        limit={
            "needed_per_week": {"draws": 200_000.0},
            "seconds_per_week": {"draws": 0.004},
        },
    )
    assert slower.lost(slow, bench()) == {}


@pytest.mark.parametrize(
    ("key", "value", "name"),
    [
        ("resident_weeks_per_s", 86e6, "a resident-week, in draws"),
        ("synthesis_us", 0.58, "making a resident, in draws"),
        ("flatness", 1.39, "flatness"),
        ("bytes_per_resident", 104.0, "bytes a resident"),
    ],
)
def test_a_loss_of_more_than_15_percent_is_told(tmp_path, capsys, key, value, name):
    files = [tmp_path / "measured.json", tmp_path / "kept.json"]
    files[0].write_text(json.dumps(bench(**{key: value})))
    files[1].write_text(json.dumps(bench()))
    assert slower.main(*map(str, files)) == 1
    assert f"{name}: expected at most 1.15 times" in capsys.readouterr().err
    assert list(slower.lost(bench(**{key: value}), bench())) == [name]
    less = value * (1.02 if key == "resident_weeks_per_s" else 0.98)
    assert slower.lost(bench(**{key: less}), bench()) == {}
