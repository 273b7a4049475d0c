"""Who an event happened to: place and generation together, in both drivers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import trustabm as ta
from trustabm.runs.results import event_frames, residents_frame
from trustabm.runs.scenario import Scenario

VALUES = {
    "town": "harris-tx",
    "policy": "mass-enforcement-2025",
    "residents": 1500,
    "weeks": 120,
    "seed": 4,
    "parameters": {"turnover": 0.3},
}
PERSONS = {
    ("stops", "resident"),
    ("crimes", "resident"),
    ("crimes", "victim"),
    ("crimes", "witness"),
    ("bookings", "resident"),
    ("requests", "resident"),
    ("transfers", "resident"),
    ("transfers", "met_with"),
    ("departures", "resident"),
    ("legalizations", "resident"),
}


def lived(driver: str, policy: str, weeks: int):
    scenario = Scenario.make({**VALUES, "policy": policy, "weeks": weeks})
    model = ta.TrustModel(scenario, driver=driver)
    model.run_for(weeks)
    world = model.world
    return event_frames(world.tables, scenario.start), residents_frame(world)


def by_hand(events: dict[str, pd.DataFrame], table: str, who: str) -> pd.Series:
    """Return generations from the arrivals alone: the last before the event."""
    frame = events[table]
    comings = events["arrivals"].groupby("resident")["week"].apply(np.array)
    # People come at the end of a week, and register after that; who comes from federal prison is
    # taken by ICE in the week of their coming.
    late = np.full(len(frame), table == "legalizations")
    if table == "transfers":
        late |= (frame["source"] == "release from federal prison").to_numpy()
    return pd.Series(
        [
            -1 if i < 0 else int((comings.get(i, np.zeros(0)) < week + is_late).sum())
            for i, week, is_late in zip(frame[who], frame["week"], late, strict=True)
        ]
    )


@pytest.mark.parametrize(
    ("driver", "policy", "weeks"),
    [
        ("compiled", "mass-enforcement-2025", 120),
        ("compiled", "comprehensive-reform", 120),
        ("agents", "mass-enforcement-2025", 25),
    ],
)
def test_every_person_of_an_event_is_a_place_and_a_generation(driver, policy, weeks):
    events, _ = lived(driver, policy, weeks)
    seen = set()
    for table, who in PERSONS:
        name = "generation" if who == "resident" else f"{who}_generation"
        column = events[table][name].reset_index(drop=True)
        assert (column == by_hand(events, table, who)).all(), (table, who)
        seen |= {(table, who)} if (column > 0).any() else set()
    if weeks > 100:  # turnover was seen by the events that are many
        assert {("stops", "resident"), ("crimes", "victim"), ("crimes", "witness")} <= seen


def test_a_merge_gives_events_to_who_lived_there_then():
    events, residents = lived("compiled", "mass-enforcement-2025", 120)
    arrivals = events["arrivals"]
    # Newcomers are numbered 1, 2 and so on in the order of their coming.
    assert (arrivals["generation"] == arrivals.groupby("resident").cumcount() + 1).all()
    assert (
        residents.set_index("resident")["generation"]
        .eq(arrivals["resident"].value_counts().reindex(residents["resident"], fill_value=0))
        .all()
    )
    keys = ["resident", "generation"]
    stops = events["stops"]
    merged = stops.merge(residents[[*keys, "status"]], on=keys)
    before = stops.merge(residents[["resident", "status"]], on="resident")
    last = arrivals.groupby("resident")["week"].max()
    still = stops["week"] > stops["resident"].map(last).fillna(-1)
    assert len(merged) == still.sum() < len(before) == len(stops)
