"""The thread of a tab: what it shows, and that it ends with the tab."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace

import numpy as np
from trustabm_app.shared.address import read
from trustabm_app.town import charts
from trustabm_app.town.engine import Engine

import trustabm as ta
from trustabm.state.layout import TABLES
from trustabm.telling.lives import parting


def view(**more):
    quiet = {
        name: lambda *a, **k: None for name in ("begin", "show", "tell", "turned", "select", "part")
    }
    return SimpleNamespace(**{**quiet, **more})


def wait_until(true):
    for _ in range(400):
        if true():
            return
        time.sleep(0.02)
    raise AssertionError("it did not come about")


def test_a_threads_worlds_are_those_of_a_run_and_end_with_the_tab():
    closed, frames = threading.Event(), []
    setting = read("residents=500&seed=5&a=secure-communities&burn_in=0")
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


def test_a_town_begins_after_the_weeks_before():
    engine = Engine(read("residents=500&burn_in=52"), 1, view(), threading.Event())
    engine._begin(None)
    assert (engine.week, engine.worlds[0].week) == (0, 52)
    engine._single()
    assert (engine.week, engine.worlds[0].week) == (1, 53)


def tables(**rows):
    """Event tables with these rows: values by column."""
    made = {}
    for name in TABLES:
        made[name] = np.zeros(len(rows.get(name, ())), TABLES[name])
        for k, row in enumerate(rows.get(name, ())):
            for column, value in row.items():
                made[name][k][column] = value
    return SimpleNamespace(tables=made)


def test_lives_that_part_are_those_with_the_most_weeks_that_differ():
    stop = {"resident": 3, "week": 5}
    one = tables(
        stops=[stop, {"resident": 9, "week": 1}],
        crimes=[{"victim": 4, "week": 2, "reported": 1}, {"victim": -1, "week": 2}],
        bookings=[{"resident": 4, "week": 8}],
    )
    other = tables(
        stops=[stop | {"officer": 7}, {"resident": 9, "week": 1, "asked": 1}],
        crimes=[{"victim": 4, "week": 2, "reported": 0}],
    )
    # Who stopped 3 does not matter; 9 was asked in one; 4 called in one, and was booked in one.
    assert parting(one, other, 6) == [(4, 2), (9, 1)]
    assert parting(one, other, 1) == [(4, 2)]
    assert parting(one, one, 6) == []


def test_a_picture_of_a_chart_has_dates_below(monkeypatch):
    setting, kept = read("residents=500&year=2026&month=6&weeks=104"), []
    monkeypatch.setattr(charts.exports, "figure_bytes", lambda figure, kind: kept.append(figure))
    lines = len(charts.series.lines(setting, 1))
    history = [[k, *[0.5] * lines * len(setting.charts)] for k in (1, 2)]
    charts._picture(setting, 1, 0, history, "png")
    (axes,) = kept[0].axes
    kept[0].canvas.draw()
    words = [t.get_text() for t in axes.get_xticklabels()]
    assert {"2027", "2028"} <= set(words)
    assert not axes.xaxis.get_offset_text().get_text().startswith("+")
    # From June 2026 to June 2028: 731 days.
    assert np.ptp(axes.get_xlim()) == 731
