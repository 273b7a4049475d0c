"""What is played is what the map showed: a recording unpacked again, byte by byte."""

from __future__ import annotations

import gzip
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from trustabm_app.shared.address import read
from trustabm_app.town import recording, scene

from trustabm.runs.replicates import branches


def unpacked(data):
    """Return the head and the parts of a packed recording."""
    data = gzip.decompress(data)
    length = int(np.frombuffer(data[:4], "<i4")[0])
    head = json.loads(data[4 : 4 + length])
    at, parts = 4 + length, []
    for size in head["parts"]:
        parts.append(data[at : at + size])
        at += size + -size % 4
    assert at == len(data)
    return head, parts


def layer(gaps, steps, residents, pictures):
    """Return the `(pictures, residents)` bytes that gaps and steps stand for."""
    flat = np.zeros(residents * pictures, np.uint8)
    gaps = iter(gaps)
    at = -1
    for step in steps:
        while (gap := next(gaps)) == 255:
            at += 255
        at += gap + 1
        flat[at] = step
    return np.cumsum(flat.reshape(residents, pictures).T, axis=0, dtype=np.uint8)


def frames(head, parts):
    """Return the frames that a page hands to the map."""
    n, pictures, worlds, movers = (
        head["residents"],
        len(head["weeks"]),
        head["worlds"],
        head["movers"],
    )
    who = np.frombuffer(parts[2], "<u2").reshape(worlds, pictures, movers, 3)
    who = np.cumsum(who, axis=0, dtype=np.uint16)
    layers = np.array(
        [
            [
                layer(parts[3 + 8 * w + 2 * k], parts[4 + 8 * w + 2 * k], n, pictures)
                for k in range(scene.LAYERS)
            ]
            for w in range(worlds)
        ]
    )
    layers = np.cumsum(layers, axis=0, dtype=np.uint8)
    for k, week in enumerate(head["weeks"]):
        head_bytes = np.array([k + 1, week, n, worlds, movers], "<i4").tobytes()
        yield head_bytes + b"".join(
            layers[w, :, k].tobytes() + who[w, k].tobytes() + bytes(-6 * movers % 4)
            for w in range(worlds)
        )


def shown(experiment, weeks):
    """Return the frames that the screen would send of the first replicate at these weeks."""
    worlds = branches(experiment.at(0))
    scenes = [scene.Scene(world) for world in worlds]
    week = 0
    for serial, at in enumerate(weeks, 1):
        for world in worlds:
            world.run_for(at - week)
        week = at
        yield scene.frame(at, scenes, serial)


@pytest.mark.parametrize("arms", [1, 2])
@pytest.mark.parametrize("pictures", [10**9, 501 * 20])
def test_every_frame_comes_back(monkeypatch, arms, pictures):
    monkeypatch.setattr(recording, "PICTURES_MAX", pictures)
    experiment = read("residents=500&weeks=52&burn_in=0&b=287g-task-force-2025").experiment(arms)
    kept = recording.record(experiment)
    assert (kept.weeks[0], kept.weeks[-1]) == (0, 52)
    assert (len(kept.weeks) == 53) == (recording.interval(experiment) == 1)
    rows = [[1.0, float("nan")], [2.0, 0.5]]
    head, parts = unpacked(recording.packed(kept, {"mine": 1}, rows))
    assert head["mine"] == 1
    np.testing.assert_array_equal(np.frombuffer(parts[0], "<f4").reshape(2, 2), rows)
    assert parts[1] == scene.homes(kept.worlds[0])
    assert list(frames(head, parts)) == list(shown(experiment, kept.weeks))


def test_the_same_is_packed_the_same():
    experiment = read("residents=500&weeks=52").experiment(1)
    one, two = (recording.packed(recording.record(experiment), {}, [[1.0]]) for _ in range(2))
    assert one == two


@given(
    st.integers(1, 4),
    st.integers(1, 700),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=20),
)
def test_any_bytes_come_back_from_their_steps(residents, pictures, values):
    table = np.zeros((pictures, residents), np.uint8)
    for at, value in values:
        table.flat[at % table.size] = value
    gaps, steps = recording.steps(table)
    np.testing.assert_array_equal(layer(gaps, steps, residents, pictures), table)
