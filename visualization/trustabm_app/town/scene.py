"""A world as the map's bytes.

Homes go over once. A frame has four bytes a resident and world: trust, perceived risk with the
last decision to report, custody with what happened, and group; then officers and ICE agents.
Where people are between events is drawn, not modelled: the model knows beats and homes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from trustabm.rules import codes
from trustabm.state import journal
from trustabm.state.layout import groups_now
from trustabm.week.world import World, beliefs

__all__ = ["LAYERS", "Scene", "frame", "geometry", "homes"]

Array = npt.NDArray[Any]

SIDE = 65535

LAYERS = 4
"""Bytes of a resident in a frame."""

# What happened to a resident since the frame before; the later, the more it matters.
STOP, ASKED, REPORTED, SILENT, HANDED_OVER, TAKEN, REMOVED = range(1, 8)


def geometry(world: World) -> dict[str, Any]:
    """Return the neighborhoods and who lives there, for drawing streets and names.

    Returns:
        Each neighborhood with the share of each ethnic group but the reference, in words, and the
        title and colour of every outcome group, by its number.
    """
    s, groups = world.state, world.groups
    blocks = s.neighborhoods
    columns = int(blocks["column"].max()) + 1
    people = s.stretches["end"] - s.stretches["start"]
    shares = people[:, :-1] / people.sum(axis=1, keepdims=True)
    titles = [groups.titles[key] for key in groups.of_ethnic]
    return {
        "columns": columns,
        "rows": int(blocks["row"].max()) + 1,
        "blocks": [
            {
                "column": int(b["column"]),
                "row": int(b["row"]),
                "residents": int(b["end"] - b["start"]),
                "people": ", ".join(
                    f"{share:.0%} {title}" for share, title in zip(here, titles, strict=True)
                ),
            }
            for b, here in zip(blocks, shares, strict=True)
        ],
        "groups": [
            {"title": groups.titles[name], "color": color} for name, color in groups.colors.items()
        ],
    }


def homes(world: World) -> bytes:
    """Return where residents are drawn: uint16 x, y; members of a household beside each other."""
    s = world.state
    n = len(s.residents)
    turn = s.residents["member"] * (2 * np.pi / np.maximum(2, s.residents["household"]))
    apart = np.where(s.residents["household"] > 1, 0.28 * SIDE / np.sqrt(n), 0.0)
    spread = np.stack([np.cos(turn), np.sin(turn)], axis=1) * apart[:, None]
    at: bytes = np.clip(s.homes + spread, 0, SIDE).astype("<u2").tobytes()
    return at


class Scene:
    """One world on the map, and what it showed last.

    Args:
        world: A world that keeps its events.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.decided = np.zeros(len(world.state.residents), np.uint8)  # 1 reported, 2 kept silent
        self.shown = world.tables.used.copy()
        self.counts: dict[str, int] = {}
        side = SIDE // (int(world.state.neighborhoods["column"].max()) + 1)
        beats = world.state.neighborhoods[world.state.officers["beat"]]
        self.corner = np.stack([beats["column"], beats["row"]], axis=1) * side
        self.side = side

    def layers(self) -> tuple[Array, Array]:
        """Return `(4, residents)` bytes and `(movers, 3)` uint16 x, y, kind, and move on."""
        s = self.world.state
        r = s.residents
        trust, risk = beliefs(self.world)
        new = self._new()
        happened = self._happened(new)
        crimes = new["crimes"]
        self.decided[crimes["victim"]] = np.where(crimes["reported"], 1, 2)
        place = _PLACES[r["custody"]]
        layers = np.empty((LAYERS, len(r)), np.uint8)
        layers[0] = np.round(trust * 255)
        layers[1] = np.round(risk * 63).astype(np.uint8) | self.decided << 6
        layers[2] = place | happened << 2
        layers[3] = groups_now(self.world.state)
        return layers, self._movers(new)

    def _new(self) -> dict[str, Array]:
        tables = self.world.tables
        names = tables._fields[: len(tables.used)]
        new = {
            name: getattr(tables, name)[self.shown[k] : tables.used[k]]
            for k, name in enumerate(names)
        }
        self.shown = tables.used.copy()
        return new

    def _happened(self, new: dict[str, Array]) -> Array:
        happened = np.zeros(len(self.world.state.residents), np.uint8)
        stops, crimes, transfers = new["stops"], new["crimes"], new["transfers"]
        removed = new["departures"][new["departures"]["removed"] == 1]
        large = transfers["source"] >= codes.FROM_AT_LARGE
        for code, who in (
            (STOP, stops["resident"]),
            (ASKED, stops["resident"][stops["asked"] > 0]),
            (REPORTED, crimes["victim"][crimes["reported"] > 0]),
            (SILENT, crimes["victim"][crimes["reported"] == 0]),
            (REMOVED, removed["resident"]),
            (HANDED_OVER, transfers["resident"][~large]),
            (TAKEN, transfers["resident"][large]),
        ):
            happened[who] = code
        return happened

    def _movers(self, new: dict[str, Array]) -> Array:
        """Place officers where they made a stop, or on their beats; ICE where it arrests."""
        s = self.world.state
        rng = np.random.default_rng(self.world.week)
        officers = self.corner + rng.uniform(0.12, 0.88, self.corner.shape) * self.side
        stops = new["stops"]
        made = stops["officer"] >= 0
        officers[stops["officer"][made]] = s.homes[stops["resident"][made]]
        transfers = new["transfers"]
        taken = transfers["resident"][transfers["source"] >= codes.FROM_AT_LARGE]
        # An agent with nobody to arrest is at the field office, drawn below the town.
        agents = np.full((len(s.agents), 2), -1.0)
        many = min(len(agents), len(taken))
        agents[:many] = s.homes[taken[:many]]
        movers = np.zeros((len(officers) + len(agents), 3), "<u2")
        movers[: len(officers), :2] = officers
        movers[len(officers) :, :2] = np.where(agents < 0, SIDE, agents)
        movers[len(officers) :, 2] = np.where(agents[:, 0] < 0, 2, 1)
        return movers


_PLACES = np.array([0, 1, 1, 2, 1, 1, 3], np.uint8)  # free, jail or prison, ICE custody, removed
assert len(_PLACES) == len(codes.CUSTODY)
assert journal.STOPS == 0


def frame(week: int, scenes: Sequence[Scene], serial: int) -> bytes:
    """Return what a week looks like in every world.

    Returns:
        int32 serial, week, residents, worlds, movers; then by world four layers of a byte a
        resident, and uint16 x, y, kind a mover, padded to 4 bytes.
    """
    parts = [scene.layers() for scene in scenes]
    n, movers = parts[0][0].shape[1], len(parts[0][1])
    head = np.array([serial, week, n, len(scenes), movers], "<i4").tobytes()
    body = [layers.tobytes() + at.tobytes() + bytes(-6 * movers % 4) for layers, at in parts]
    return b"".join([head, *body])
