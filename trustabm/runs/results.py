"""Results as frames and files: weekly outcomes, events, residents, and where they come from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustabm.errors import whole_number
from trustabm.inputs.catalog import stem
from trustabm.inputs.groups import Groups
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.policy import Policy
from trustabm.inputs.timeline import Timeline, date_of
from trustabm.outcomes.findings import KEY_OUTCOMES
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.measures import counts, levels, total, town_counts
from trustabm.outcomes.numbers import shown, with_unit
from trustabm.rules import codes
from trustabm.runs.arrays import arrays_of, digests_of, write_arrays
from trustabm.runs.folders import written
from trustabm.runs.notebook import drawn, page, same
from trustabm.runs.progress import Asked
from trustabm.runs.provenance import write_record
from trustabm.runs.scenario import Scenario
from trustabm.state import journal
from trustabm.state.layout import Tables, ethnicity, groups_now
from trustabm.week.world import World, beliefs

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

__all__ = [
    "Result",
    "event_frames",
    "residents_frame",
    "weekly",
    "weekly_frame",
]

_STOP_OUTCOMES = ("nothing", "citation", "arrest")
_ASKED = ("not asked", "asked", "identified", "passed on")
_CONCERN = ("nobody", "tie", "household", "self")
_FEDERAL = ("no", "to ICE", "to the local jail", "released, ICE not told")

_LABELS: dict[tuple[str, str], tuple[str, ...]] = {
    ("stops", "outcome"): _STOP_OUTCOMES,
    ("stops", "charge"): codes.RECORDS,
    ("crimes", "kind"): codes.KINDS,
    ("crimes", "charge"): codes.RECORDS,
    ("crimes", "asked"): _ASKED,
    ("crimes", "witness_asked"): _ASKED,
    ("bookings", "charge"): codes.RECORDS,
    ("bookings", "record"): codes.RECORDS,
    ("bookings", "source"): codes.CAUSES,
    ("requests", "record"): codes.RECORDS,
    ("requests", "source"): codes.CAUSES,
    ("transfers", "record"): codes.RECORDS,
    ("transfers", "source"): codes.CAUSES,
    ("departures", "record"): codes.RECORDS,
    ("departures", "source"): codes.CAUSES,
    ("departures", "separated"): (),  # a count
    ("arrivals", "kind"): codes.ARRIVALS,
    ("arrivals", "federal"): _FEDERAL,
    ("arrivals", "status"): codes.STATUSES,
}
"""What codes stand for; every other one-byte column is yes or no."""


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """What a run gives. Two are equal where every bit of them is, whenever they were made.

    Args:
        scenario: What was run.
        weekly: Outcomes by week, town and group.
        events: One frame an event table; weeks count from the start of the run.
        residents: Everyone at the end.
        provenance: What is needed to make the result again.
        world: The world itself, at the end of the run.
        notices: What it is to be read with, in plain sentences.
    """

    scenario: Scenario
    weekly: pd.DataFrame
    events: dict[str, pd.DataFrame]
    residents: pd.DataFrame
    provenance: dict[str, Any] = field(compare=False)
    world: World = field(repr=False, compare=False)
    notices: tuple[str, ...] = ()

    def __eq__(self, other: object) -> bool:
        return same(self, other)

    def __hash__(self) -> int:
        return hash(pd.util.hash_pandas_object(self.weekly, index=False).to_numpy().tobytes())

    def __repr__(self) -> str:
        return f"<Result: {self.title}, {self.scenario.weeks} weeks>"

    @property
    def title(self) -> str:
        """The town and the policy."""
        return f"{stem(self.scenario.town)} under {stem(self.scenario.policy)}"

    def _repr_html_(self) -> str:
        """Return the key outcomes of the last year as a table, for a notebook."""
        s, groups, frame = self.scenario, self.world.groups, self.summary()
        columns = (*groups.of_ethnic, groups.reference, "all")
        rows = [
            [with_unit(outcome.title, outcome.unit)]
            + [
                shown(float(frame.at[name, g]), outcome.unit)  # type: ignore[arg-type]
                if g == "all" or outcome.by_group
                else ""
                for g in columns
            ]
            for name, outcome in ((name, GLOSSARY[name]) for name in KEY_OUTCOMES)
        ]
        table = pd.DataFrame(rows, columns=["Outcome", *(groups.titles[g] for g in columns)])
        about = f"The last {min(52, s.weeks)} of {s.weeks} weeks from {s.start}, {s.residents:,} "
        return page(self.title, f"{about}residents, seed {s.seed}", table, self.notices)

    def summary(self, weeks: int = 52, current: bool = False) -> pd.DataFrame:
        """Return the levels of the last `weeks` weeks in the scenario's own town.

        Args:
            weeks: How many weeks.
            current: Whether to add the groups as of each week (`current-latino-undocumented` and
                so on), over how many were in them then.

        Returns:
            A frame with a row for every outcome and a column for every group; NaN where the
            denominator was zero or the outcome is of a whole town.

        Raises:
            InvalidInput: for less than a week.
        """
        weeks = whole_number(weeks, "weeks", 1)
        groups = self.world.groups
        table = levels(
            groups,
            total(self.world.tally[-weeks:, 0]),
            town_counts(self.world.town_tally[-weeks:, 0]).sum(axis=0),
            self.scenario.parameters,
        )
        wanted = groups.every + groups.current if current else groups.every
        return pd.DataFrame(
            {g: [float(table.get((o, g), np.nan)) for o in GLOSSARY] for g in wanted},
            index=pd.Index(list(GLOSSARY), name="outcome"),
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the run in its own town as one tidy frame.

        Returns:
            A row a week, outcome and group: `replicate` (0, the one that was run), `arm` (the
            policy), `week`, `date`, `outcome`, `group` and `value`, in the outcome's unit, which
            `.attrs["units"]` says; NaN where its denominator was zero.

        Example:
            >>> frame = result.to_frame()
            >>> frame[(frame["outcome"] == "trust") & (frame["group"] == "latino")]["value"].mean()
        """
        from trustabm.runs.tidy import of_run

        return of_run(self).frame()

    def to_xarray(self) -> xr.Dataset:
        """Return the same as an xarray Dataset: a variable an outcome, with its unit in its attrs.

        Dimensions are `replicate`, `arm`, `week` and `group`; outcomes of a whole town have no
        group. `date` is the first day of each week.

        Raises:
            NotInstalled: without xarray: `pip install "trustabm[study]"` brings it.

        Example:
            >>> result.to_xarray()["trust"].sel(group="latino").mean("week")
        """
        from trustabm.runs.tidy import of_run

        return of_run(self).dataset()

    def plot(self, outcome: str = "trust", groups: Sequence[str] = ()) -> Figure:
        """Draw an outcome over the weeks of the run, a line a group.

        Args:
            outcome: The outcome, of those in `weekly`.
            groups: Groups, as `latino`; every ethnic group and everyone if not given.

        Returns:
            A matplotlib figure, which a notebook shows.

        Raises:
            InvalidInput: for an outcome or group that does not exist.
            NotInstalled: without matplotlib: `pip install "trustabm[study]"` brings it.

        Example:
            >>> result.plot("reporting", groups=["latino", "all"])
        """
        figure: Figure = drawn("of_run", self, outcome, groups)
        return figure

    @cached_property
    def current_weekly(self) -> pd.DataFrame:
        """Outcomes by week and town of groups as of each week, over who is in them then."""
        towns = list(self.weekly["town"].cat.categories)
        return weekly(self.world, self.scenario.start, towns, self.world.groups.current)

    def numbers(self) -> list[dict[str, Any]]:
        """Return the key outcomes of the last year in plain values: `{outcome, group, level}`."""
        frame, groups = self.summary(), self.world.groups
        levels = [
            (name, g, float(frame.at[name, g]))  # type: ignore[arg-type]
            for name in KEY_OUTCOMES
            for g in (groups.every if GLOSSARY[name].by_group else ("all",))
        ]
        return [
            {"outcome": name, "group": g, "level": None if np.isnan(x) else x}
            for name, g, x in levels
        ]

    def go_on(
        self,
        weeks: int = 52,
        policy: str | Path | Policy | Timeline | None = None,
        *,
        progress: Asked = None,
    ) -> Result:
        """Return the result of so many weeks more, bit for bit that of all weeks run at once.

        This result stays as it is; its `scenario` and that of what is returned say what was run.

        Args:
            weeks: Weeks more.
            policy: What is in force from there on: a policy, a timeline, by itself, by name or by
                file; as before if not given. The town's neighbors go on as they were.
            progress: As in `trustabm.run`.

        Raises:
            InvalidInput: for less than a week, a run with classes of one's own, or a result that
                other rules made.

        Example:
            >>> year = run(Scenario(weeks=52, residents=300))
            >>> more = year.go_on(weeks=52, policy="secure-communities")
            >>> len(more.weekly["week"].unique())
            104
        """
        from trustabm.runs.continued import go_on

        return go_on(self, weeks, policy, progress)

    def save(self, folder: str | Path, force: bool = False) -> Path:
        """Write everything to a folder, all or nothing; `trustabm.load` opens it again.

        Frames are Parquet files, for whatever reads them. `state.npz` and `counts.npz` hold what
        the run goes on from, each with a digest, and `provenance.json` what was run, whole.

        Args:
            folder: Where to; made if it does not exist.
            force: Whether a folder that holds an earlier result is replaced.

        Raises:
            OutputExists: where the folder holds something and `force` is not set, or holds
                something that no run wrote.
            NotWritten: where it cannot be written.
        """
        with written(folder, force, "run") as root:
            self.weekly.to_parquet(root / "weekly.parquet", index=False)
            self.residents.to_parquet(root / "residents.parquet", index=False)
            (root / "events").mkdir()
            for name, frame in self.events.items():
                frame.to_parquet(root / "events" / f"{name}.parquet", index=False)
            self.world.save(root / "state.npz")
            write_arrays(root / "counts.npz", arrays_of(self.world))
            write_record(
                root,
                self.provenance,
                events=self.world.keep_events,
                results=digests_of(self.world),
                numbers=self.numbers(),
            )
        return Path(folder)


def weekly(
    world: World,
    start: dt.date,
    towns: Sequence[str] | None = None,
    wanted: Sequence[str] = (),
) -> pd.DataFrame:
    """Return every outcome by week, town and group.

    Args:
        world: The world that was run.
        start: The date of its first week.
        towns: Names of its towns; numbers if not given.
        wanted: Which groups; all but those as of each week (`Groups.current`) if not given.

    Returns:
        One row a week, town and group. An outcome is NaN where its denominator is zero;
        outcomes of a whole town stand in the rows of the group `all`.
    """
    names = towns or [str(t) for t in range(world.tally.shape[1])]
    offset = world.week - len(world.tally)
    frames = [
        weekly_frame(
            world.groups,
            counts(world.tally[:, t]),
            town_counts(world.town_tally[:, t]),
            world.parameters,
            start,
            offset,
            wanted or world.groups.every,
        ).assign(town=name)
        for t, name in enumerate(names)
    ]
    frame = pd.concat(frames, ignore_index=True)
    frame["town"] = pd.Categorical(frame["town"], list(dict.fromkeys(names)))
    return frame[["week", "date", "town", "group", *GLOSSARY]]


def weekly_frame(
    groups: Groups,
    counted: npt.NDArray[np.float64],
    town: npt.NDArray[np.float64],
    parameters: Parameters,
    start: dt.date,
    first: int,
    wanted: Sequence[str],
) -> pd.DataFrame:
    """Return outcomes by week and group from counts of shape (weeks, 2 * groups, fields)."""
    weeks = np.arange(first, first + len(counted))
    dates = np.array([date_of(start, int(w)) for w in weeks], "datetime64[s]")
    table = levels(groups, counted, town, parameters)
    missing = np.full(len(weeks), np.nan)
    frames = [
        pd.DataFrame(
            {"week": weeks, "date": dates, "group": group}
            | {name: table.get((name, group), missing) for name in GLOSSARY}
        )
        for group in wanted
    ]
    frame = pd.concat(frames, ignore_index=True)
    frame["group"] = pd.Categorical(frame["group"], list(wanted))
    return frame


def event_frames(tables: Tables, start: dt.date, offset: int = 0) -> dict[str, pd.DataFrame]:
    """Return event tables as frames with readable labels.

    A place may change hands: who it happened to is `resident` and `generation` together, and so
    `victim` and `victim_generation`, `witness` and `witness_generation`, `met_with` and
    `met_with_generation` (-1 where there is nobody), as in the frame of residents.

    Args:
        tables: The tables of a world that kept its events.
        start: The date of week `offset` of that world.
        offset: Weeks subtracted, so that week 0 is the week of `start`.
    """
    frames = {}
    for table, array in journal.frames(tables).items():
        columns: dict[str, Any] = {}
        for name in array.dtype.names or ():
            values = array[name]
            if name == "week":
                columns["week"] = values - offset
                columns["date"] = _dates(values - offset, start)
            elif values.dtype != np.uint8:
                columns[name] = values
            else:
                columns[name] = _labelled(values, _LABELS.get((table, name)))
        if table == "stops":
            # The driver draws a charge for every stop, so that luck is shared; only an arrest
            # makes it one.
            arrest = array["outcome"] == codes.STOP_ARREST
            columns["charge"] = columns["charge"].where(arrest)
        frames[table] = pd.DataFrame(columns)
    return frames


def _labelled(values: npt.NDArray[Any], labels: tuple[str, ...] | None) -> Any:
    if labels is None:
        return values.astype(bool)
    if not labels:
        return values
    return pd.Series(pd.Categorical.from_codes(values.astype(np.int8), categories=pd.Index(labels)))


def _dates(weeks: npt.NDArray[Any], start: dt.date) -> npt.NDArray[Any]:
    if not len(weeks):
        return np.zeros(0, "datetime64[s]")
    first = int(weeks.min())
    known = [date_of(start, w) for w in range(first, int(weeks.max()) + 1)]
    dates: npt.NDArray[Any] = np.array(known, "datetime64[s]")[weeks - first]
    return dates


def residents_frame(world: World, towns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return everyone as they are now, one row a resident, beliefs and codes decoded."""
    state, groups = world.state, world.groups
    r = state.residents
    ethnic = ethnicity(state)
    names = list(towns or [str(t) for t in range(len(state.towns))])
    trust, risk = beliefs(world)
    gone = r["custody"] == codes.REMOVED
    trust[gone] = risk[gone] = np.nan
    cause = np.where(r["custody"] == codes.FREE, -1, r["cause"].astype(np.int8))
    born = r["status"] == codes.US_BORN
    week = int(state.clock["week"][0])
    return pd.DataFrame(
        {
            "resident": np.arange(len(r)),
            "generation": r["generation"].astype(np.int32),
            "town": _named(r["town"], names),
            "neighborhood": r["neighborhood"],
            "household": np.arange(len(r)) - r["member"],
            "member": r["member"],
            "household_size": r["household"],
            "x": state.homes[:, 0],
            "y": state.homes[:, 1],
            "group": _named(groups_now(state), groups.names),
            "ethnicity": _named(ethnic, [e.key for e in groups.ethnic]),
            "latino": ethnic == 0,
            "status": _named(r["status"], codes.STATUSES),
            "years_in_country": np.where(born, np.nan, (week - r["arrived"]) / 52),
            "concern": _named(r["concern"], _CONCERN),
            "record": _named(r["record"], codes.RECORDS),
            "offending": r["offending"],
            "custody": _named(r["custody"], codes.CUSTODY),
            "cause": _named(cause, codes.CAUSES),
            "wanted": r["wanted"].astype(bool),
            "trust": trust,
            "perceived_risk": risk,
        }
    )


def _named(values: npt.NDArray[Any], labels: Sequence[str]) -> Any:
    names = list(dict.fromkeys(labels))
    places = np.array([names.index(label) for label in labels])
    at = np.where(values < 0, -1, places[values])
    return pd.Categorical.from_codes(at, categories=pd.Index(names))
