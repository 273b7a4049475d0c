"""A run kept for later: what the map shows week by week, written small enough for a page.

Little changes from week to week, and little differs between two towns with the same luck. So a
layer is written as its steps: byte by byte, what a resident's value is more than the week before,
and of the second world what it is more than in the first. Only steps that are not 0 are kept, each
with how many 0s stand before it.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from trustabm.runs.experiment import Experiment
from trustabm.runs.replicates import branches, live_watched
from trustabm.week.world import World
from trustabm_app.town import scene

__all__ = ["Recorder", "Recording", "interval", "packed", "record", "steps"]

Array = npt.NDArray[Any]

PICTURES_MAX = 2_500_000
"""Residents times pictures times worlds; beyond it, not every week is kept."""


@dataclass(frozen=True)
class Recording:
    """What a map shows of one or two worlds.

    Args:
        worlds: The worlds, at their end.
        weeks: The week of every picture, from 0; the last week is always among them.
        layers: Of shape (pictures, worlds, 4, residents), as `Scene.layers` gives them.
        movers: Of shape (pictures, worlds, movers, 3).
    """

    worlds: tuple[World, ...]
    weeks: tuple[int, ...]
    layers: Array
    movers: Array


def interval(experiment: Experiment) -> int:
    """Return of how many weeks one picture is kept."""
    whole = experiment.residents * experiment.weeks * len(experiment.arms)
    return max(1, math.ceil(whole / PICTURES_MAX))


class Recorder:
    """Keeps what maps show of worlds while they are lived through, as `live_watched` has it.

    Args:
        experiment: What is lived through.
    """

    def __init__(self, experiment: Experiment) -> None:
        weeks, every = experiment.weeks, interval(experiment)
        self._weeks = tuple(dict.fromkeys([*range(0, weeks, every), weeks]))
        self._scenes: list[scene.Scene] = []
        self._pictures: list[list[tuple[Array, Array]]] = []
        self._seen = 0

    def __call__(self, worlds: Sequence[World]) -> None:
        """Look at the worlds in their next week."""
        self._scenes = self._scenes or [scene.Scene(world) for world in worlds]
        if self._seen in self._weeks:
            self._pictures.append([s.layers() for s in self._scenes])
        self._seen += 1

    def recording(self) -> Recording:
        """Return what was kept."""
        return Recording(
            tuple(s.world for s in self._scenes),
            self._weeks,
            np.array([[layers for layers, _ in p] for p in self._pictures]),
            np.array([[movers for _, movers in p] for p in self._pictures]),
        )


def record(experiment: Experiment) -> Recording:
    """Live through the first replicate of an experiment and keep what its maps show.

    Where it has draws that is a town of its first draw, as in a comparison.
    """
    recorder = Recorder(experiment)
    live_watched(branches(experiment.at(0)), experiment.weeks, recorder)
    return recorder.recording()


def steps(layer: Array) -> tuple[bytes, bytes]:
    """Return `(gaps, steps)` of a `(pictures, residents)` table of bytes.

    Residents come one after the other, each with all pictures. A gap is the number of pictures
    without a step before one with; 255 in it stands for 255 and whatever the next byte adds.
    """
    change = layer.copy()
    change[1:] -= layer[:-1]
    flat = change.T.ravel()
    at = np.flatnonzero(flat)
    full, rest = np.divmod(np.diff(at, prepend=-1) - 1, 255)
    gaps = np.full(len(at) + int(full.sum()), 255, np.uint8)
    gaps[np.cumsum(full + 1) - 1] = rest
    return gaps.tobytes(), flat[at].tobytes()


def packed(recording: Recording, head: dict[str, Any], rows: list[list[float]]) -> bytes:
    """Return everything that a page needs, compressed.

    Returns:
        gzip of: int32 length of the JSON, the JSON, and the parts whose lengths stand in its
        `parts`: chart rows in float32, homes, movers of the first world and what the second's are
        more (uint16), and for each layer of each world its gaps and its steps. The JSON and every
        part are padded to 4 bytes.
    """
    layers, movers = recording.layers.copy(), recording.movers.copy()
    layers[:, 1:] -= recording.layers[:, :1]
    movers[:, 1:] -= recording.movers[:, :1]
    parts = [
        np.asarray(rows, "<f4").tobytes(),
        scene.homes(recording.worlds[0]),
        movers.swapaxes(0, 1).tobytes(),
    ]
    for world in range(layers.shape[1]):
        for k in range(scene.LAYERS):
            parts += steps(layers[:, world, k])
    whole = head | {
        "weeks": recording.weeks,
        "residents": layers.shape[3],
        "worlds": layers.shape[1],
        "movers": movers.shape[2],
        "parts": [len(part) for part in parts],
    }
    text = json.dumps(whole, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    size = np.int32(len(text)).astype("<i4").tobytes()
    padded = [part + bytes(-len(part) % 4) for part in parts]
    return gzip.compress(b"".join([size, text, *padded]), 9, mtime=0)
