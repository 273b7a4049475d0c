"""What the counties of an area counted, as numbers of people: sums and rates of states and of all.

A county of which a sample was simulated counts as many times as there are residents for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from trustabm.inputs.places.counties import County
from trustabm.nation.areas import Area
from trustabm.nation.ask import notices
from trustabm.nation.folder import Records
from trustabm.outcomes.glossary import GLOSSARY, YEAR
from trustabm.outcomes.measures import levels
from trustabm.runs.experiment import Experiment
from trustabm.sealed import whole
from trustabm.state.layout import EXPECTED, TALLY, TOWN_TALLY

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["EVENTS", "Sums", "save"]

Floats = npt.NDArray[np.float64]

FIELDS, TOWN_FIELDS = TALLY.names or (), TOWN_TALLY.names or ()

EVENTS = {
    "victimizations": ("violent", "property", "domestic"),
    "reported": ("reported_violent", "reported_property", "reported_domestic"),
    "arrests": ("arrests",),
    "requests": ("detainers", "notifications"),
    "detainers": ("detainers",),
    "hand-overs to ICE": ("transfers",),
    "at-large arrests": ("at_large", "collateral"),
    "removals": ("removals",),
    "citizens separated": ("separated",),
}
"""What is shown as numbers a year, and the tallies that it is the sum of."""


@dataclass(frozen=True)
class Sums:
    """Counts of an area's counties over the weeks after the arms part, in numbers of people.

    Args:
        area: The area, its counties by FIPS code.
        experiment: What was lived through.
        residents: Residents simulated of each county.
        groups: Of shape (counties, arms, groups, fields).
        town: Of shape (counties, arms, fields).
        same: Whether each arm has the reference's rules in a county, of shape (counties, arms).
        seconds: Processor time of all.
    """

    area: Area
    experiment: Experiment = field(repr=False)
    residents: npt.NDArray[np.int64] = field(repr=False)
    groups: Floats = field(repr=False)
    town: Floats = field(repr=False)
    same: npt.NDArray[np.bool_] = field(repr=False)
    seconds: float = 0.0

    @classmethod
    def of(cls, records: Records, area: Area, experiment: Experiment) -> Sums:
        """Return the sums of counties that are all on record."""
        counted = [records.counted(c.fips) for c in area.counties]
        lived = np.array([records.done[c.fips]["residents"] for c in area.counties])
        weights = np.array([c.population for c in area.counties]) / lived
        return cls(
            area=area,
            experiment=experiment,
            residents=lived,
            groups=np.stack([c.groups for c in counted]) * weights[:, None, None, None],
            town=np.stack([c.town for c in counted]) * weights[:, None, None],
            same=np.array([c.same for c in counted]),
            seconds=sum(c.seconds for c in counted),
        )

    @property
    def states(self) -> dict[str, npt.NDArray[np.intp]]:
        """Places of the counties of each state, by its letters."""
        letters = np.array([c.state for c in self.area.counties])
        return {s: np.flatnonzero(letters == s) for s in dict.fromkeys(letters.tolist())}

    def parts(self) -> dict[str, npt.NDArray[np.intp]]:
        """Return places of the counties of each state and, last, of the whole area."""
        every = np.arange(len(self.area.counties))
        states = self.states
        return states if [*states] == [self.area.name] else states | {self.area.name: every}

    def levels(self, places: Sequence[int] | npt.NDArray[Any]) -> dict[tuple[str, str], Floats]:
        """Return rates and shares of some counties together, by outcome and group: one an arm."""
        sums, town = self.groups[places].sum(axis=0), self.town[places].sum(axis=0)
        e = self.experiment
        return levels(e.groups, sums, town, e.parameters, GLOSSARY, expected=True)

    def yearly(self, places: Sequence[int] | npt.NDArray[Any]) -> dict[str, Floats]:
        """Return how many events are to be expected a year in some counties: one number an arm."""
        sums = self.groups[places].sum(axis=(0, 2))
        years = self.experiment.weeks / YEAR
        at = {n: [FIELDS.index(EXPECTED.get(f, f)) for f in of] for n, of in EVENTS.items()}
        return {name: sums[:, columns].sum(axis=-1) / years for name, columns in at.items()}

    def people(self, places: Sequence[int] | npt.NDArray[Any]) -> dict[str, float]:
        """Return how many live in some counties on the day the arms part, by group."""
        base = self.groups[places, 0, :, FIELDS.index("base_persons")].sum(axis=0)
        base = base / self.experiment.weeks
        names = self.experiment.groups
        found = dict(zip(names.names, base.tolist(), strict=True))
        return found | {n: sum(found[m] for m in of) for n, of in names.aggregates.items()}

    def notices(self) -> list[str]:
        """Return what the sums are to be read with."""
        return [
            "One luck, one set of parameters and the figures as stated: no interval. "
            "`trustabm compare --nation` has them.",
            *notices(self.area, self.experiment, self.same.all(axis=0).tolist()),
        ]

    def frame(self) -> pd.DataFrame:
        """Return the counts: a row a state (and the whole), arm and group, in numbers of people."""
        import pandas as pd

        frames = [
            self._rows(self.groups[places].sum(axis=0)[None], {"state": [name]})
            for name, places in self.parts().items()
        ]
        return pd.concat(frames, ignore_index=True)

    def _rows(self, groups: Floats, keys: dict[str, Sequence[Any]]) -> pd.DataFrame:
        import pandas as pd

        arms, names = list(self.experiment.arms), self.experiment.groups.names
        many = len(groups)
        columns: dict[str, Any] = {k: np.repeat(v, len(arms) * len(names)) for k, v in keys.items()}
        columns["arm"] = np.tile(np.repeat(arms, len(names)), many)
        columns["group"] = np.tile(names, many * len(arms))
        flat = groups.reshape(-1, len(FIELDS))
        return pd.DataFrame(columns | {name: flat[:, k] for k, name in enumerate(FIELDS)})

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return what is written: counts of counties, their police hours, and sums of states."""
        import pandas as pd

        counties: Sequence[County] = self.area.counties
        keys: dict[str, Sequence[Any]] = {
            "fips": [c.fips for c in counties],
            "state": [c.state for c in counties],
            "people": [c.population for c in counties],
            "residents": self.residents.tolist(),
        }
        arms = list(self.experiment.arms)
        hours: dict[str, Any] = {"fips": np.repeat(keys["fips"], len(arms))}
        hours["arm"] = np.tile(arms, len(counties))
        hours["same_rules"] = self.same.reshape(-1)
        flat = self.town.reshape(-1, len(TOWN_FIELDS))
        hours |= {name: flat[:, k] for k, name in enumerate(TOWN_FIELDS)}
        return {
            "counties": self._rows(self.groups, keys),
            "towns": pd.DataFrame(hours),
            "states": self.frame(),
        }


def save(sums: Sums, folder: Path) -> None:
    """Write the tables to a folder, each whole or not at all.

    Raises:
        NotWritten: where one cannot be written.
    """
    for name, table in sums.tables().items():

        def write(half: Path, table: pd.DataFrame = table) -> None:
            table.to_parquet(half, index=False, compression="zstd")

        whole(folder / f"{name}.parquet", write)
