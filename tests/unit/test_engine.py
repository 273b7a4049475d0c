"""The thread of a tab: what it shows, and that it ends with the tab."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace

import numpy as np
from trustabm_app.shared.address import read
from trustabm_app.town.engine import Engine

import trustabm as ta


def view(**more):
    quiet = {name: lambda *a, **k: None for name in ("begin", "show", "tell", "turned", "select")}
    return SimpleNamespace(**{**quiet, **more})


def wait_until(true):
    for _ in range(400):
        if true():
            return
        time.sleep(0.02)
    raise AssertionError("it did not come about")


def test_a_threads_worlds_are_those_of_a_run_and_end_with_the_tab():
    closed, frames = threading.Event(), []
    setting = read("residents=500&seed=5&a=secure-communities")
    engine = Engine(setting, 1, view(show=lambda frame, rows: frames.append(frame)), closed)
    engine.start()
    for _ in range(6):
        engine.step()
    wait_until(lambda: len(frames) == 7)
    run = ta.run(
        {
            "town": "harris-tx",
            "policy": "secure-communities",
            "residents": 500,
            "seed": 5,
            "weeks": 6,
        }
    )
    assert (engine.worlds[0].tally == run.world.tally).all()
    head = np.frombuffer(frames[-1][:20], "<i4")
    assert list(head[1:4]) == [6, 500, 1]
    closed.set()
    engine.stop()
    wait_until(lambda: not any(t.name == "trustabm-engine" for t in threading.enumerate()))
    assert engine.worlds == []


def test_frames_are_not_sent_to_a_browser_that_paints_none():
    closed, frames = threading.Event(), []
    engine = Engine(
        read("residents=500&speed=60"),
        1,
        view(show=lambda frame, rows: frames.append(frame)),
        closed,
    )
    engine.start()
    engine.play(True)
    time.sleep(1.2)
    assert len(frames) <= 2
    engine.stop()
