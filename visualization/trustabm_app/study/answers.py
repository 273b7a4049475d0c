"""What a study answers to a look: effects of scenarios, weeks, and what an effect hangs on."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from trustabm.errors import InvalidInput
from trustabm.figures.of_study import where_from
from trustabm.study.designs import called
from trustabm.study.opening import OpenStudy, open_study
from trustabm.study.sizes import refuse_large
from trustabm_app.study.look import Dimension, Look, Outline, dimensions
from trustabm_app.study.scenario import Place, place

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Answers", "Cell", "Indices", "runs_of"]

POINTS_MAX = 600
"""Points of which the screen makes an emulator; its work grows with their cube."""

NAMED_MAX = 200
"""Points of which one can be chosen."""

FILE_MAX = 1_000_000
"""Bytes of a table of indices that the screen reads."""


@dataclass(frozen=True)
class Cell:
    """The effect in one scenario.

    Args:
        values: The scenario: a value for every dimension, in words.
        row: The row of `.effects()`; None where no run went well.
        place: Where it is to be seen.
    """

    values: dict[str, str]
    row: dict[str, Any] | None
    place: Place


@dataclass(frozen=True)
class Indices:
    """What an effect hangs on.

    Args:
        kind: Sobol's indices or Morris' elementary effects.
        frame: A row a parameter, largest first.
        said: Where they come from, or why there are none.
    """

    kind: str
    frame: pd.DataFrame
    said: str


def runs_of(opened: OpenStudy) -> str:
    """Return how many runs there are, and of how many where some are missing."""
    whole = opened.done >= opened.total
    return f"{opened.done:,} runs" if whole else opened.runs_said


class Answers:
    """An opened study as the screen asks it; one question at a time.

    Args:
        folder: The study's folder.

    Raises:
        InvalidInput: for a folder without a run, or more of them than the screen reads.
    """

    def __init__(self, folder: Path) -> None:
        self.rows = refuse_large(folder, "runs")
        self.opened: OpenStudy = open_study(folder)
        self.study = self.opened.study
        self.dims = dimensions(self.study, self.opened.points)
        self.lock = threading.Lock()
        many = "select count(*) as n from runs where error is not null"
        self.failed = int(self.opened.sql(many)["n"].iloc[0])
        self._indices: dict[tuple[str, str, str], Indices] = {}
        two = len(self.study.arms) > 1
        whole = two and not self.opened.stopped
        self.effects = self.opened.effects() if whole else pd.DataFrame()

    @cached_property
    def outline(self) -> Outline:
        """What a page has to know of it."""
        points = len(self.opened.points)
        return Outline(
            study=self.study,
            groups=self.opened.groups,
            dims=self.dims,
            names=self.opened.names,
            points=points,
            in_words=tuple(self.point_in_words(k) for k in range(points))
            if points <= NAMED_MAX
            else (),
            runs=runs_of(self.opened),
            failed=self.failed,
            notices=tuple(
                f"{n[0].upper()}{n[1:]}".rstrip(".") + "."
                for n in (*self.opened.notices, *self.unshown())
            ),
            effects=not self.effects.empty,
            why_no_grid=self.why_no_grid(),
            why_no_indices=self.why_no_indices(),
        )

    def dimension(self, name: str) -> Dimension | None:
        """Return a dimension by name."""
        return next((d for d in self.dims if d.name == name), None)

    def point(self, number: int) -> dict[str, Any]:
        """Return the values of a point."""
        return self.opened.points[number]

    def shown(self, look: Look, free: tuple[str, ...]) -> pd.DataFrame:
        """Return the effects on the outcome looked at, all dimensions fixed but the free ones."""
        if self.effects.empty:
            return self.effects
        frame = self.effects
        frame = frame[(frame["outcome"] == look.outcome) & (frame["group"] == look.group)]
        for d in self.dims:
            if d.name not in free:
                frame = frame[frame[d.name] == d.values[d.words.index(look.at[d.name])]]
        return frame

    def point_in_words(self, number: int) -> str:
        """Return what is varied at a point."""
        values = self.point(number).items()
        return ", ".join(
            f"{called(n)} {f'{v:.3g}' if isinstance(v, float) else v}" for n, v in values
        )

    def grid(self, look: Look) -> list[list[Cell]]:
        """Return a row of cells for every value of the one side, a cell for each of the other."""
        across, up = self.dimension(look.across), self.dimension(look.up)
        if across is None or up is None or self.effects.empty:
            return []
        rows = self._by_values(self.shown(look, (look.across, look.up)))
        return [
            [self._cell(look, look.at | {across.name: x, up.name: y}, rows) for x in across.words]
            for y in up.words
        ]

    def unshown(self) -> list[str]:
        """Return what the study has that the page does not show."""
        held = [f"{name} ({w.said})" for name, w in self.study.when.items()]
        command = "`trustabm study show` says after how many weeks these held, and this page not"
        return [f"{command}: {'; '.join(held)}"] if held else []

    def why_no_grid(self) -> str:
        """Return why there is no heat map; empty where there is one."""
        if self.opened.stopped:
            return (
                "A condition ended runs of this study early. Their levels are of fewer weeks than "
                "others', so that there are no effects of them."
            )
        if self.effects.empty:
            return "This study has one arm, and an effect needs one to differ from."
        if len([d for d in self.dims if d.is_axis]) > 1:
            return ""
        if self.dimension("point") is not None:
            return (
                "The points of this study fill a space and are no grid, so two of its parameters "
                "do not make a heat map. What the effect hangs on says more of them."
            )
        return "A heat map needs two things in which scenarios differ; this study has fewer."

    def cells(self, look: Look, most: int) -> tuple[list[Cell], int]:
        """Return the effects in all scenarios of the town, and how many there are.

        In a grid they stand in order; where points fill a space, the largest effects come first.
        """
        free = tuple(
            d.name for d in self.dims if d.name != "town" or "town" in (look.across, look.up)
        )
        frame = self.shown(look, free)
        if self.dimension("point") is not None and len(frame):
            frame = frame.loc[frame["difference"].abs().sort_values(ascending=False).index]
        elif "arm" in self._names:
            frame = self._by_arm(frame)
        rows = self._by_values(frame.head(most))
        return [self._cell(look, look.at | dict(zip(self._names, key)), rows) for key in rows], len(
            frame
        )

    @property
    def _names(self) -> list[str]:
        return [d.name for d in self.dims]

    def _by_values(self, frame: pd.DataFrame) -> dict[tuple[str, ...], dict[str, Any]]:
        words = [dict(zip(d.values, d.words)) for d in self.dims]
        return {
            tuple(w[row[n]] for n, w in zip(self._names, words)): row for row in _records(frame)
        }

    def _cell(
        self, look: Look, values: dict[str, str], rows: dict[tuple[str, ...], dict[str, Any]]
    ) -> Cell:
        row = rows.get(tuple(values[n] for n in self._names))
        if row is None or pd.isna(row["difference"]):
            return Cell(values, None, Place(None, None))
        where = place(
            self.study,
            row["town"],
            row["arm"],
            self.point(row["point"]),
            outcome=look.outcome,
            group=look.group,
        )
        return Cell(values, row, where)

    def whole(self, look: Look) -> pd.DataFrame:
        """Return all outcomes in the town and under the arm looked at.

        One scenario: its effects. Many: their spread over points.
        """
        if self.effects.empty:
            return self.effects
        frame = self.effects if len(self.opened.points) == 1 else self.opened.spread()
        town, arm = look.chosen(self.study)
        return frame[(frame["town"] == town) & (frame["arm"] == arm)]

    def effects_figure(self, look: Look) -> Figure:
        """Draw the effects along what is across, or those of arms or towns in order of size."""
        from trustabm.figures.levers import effect_at_points, effect_by_lever, effects_of_arms

        reference = self.study.reference
        if self.dimension("point") is not None:
            frame = self.shown(look, ("point",))
            return effect_at_points(
                frame, look.against, look.outcome, look.group, reference=reference
            )
        across = self.dimension(look.across)
        if across is not None and all(isinstance(v, float) for v in across.values):
            frame = self.shown(look, (look.across, look.up))
            return effect_by_lever(
                frame,
                look.across,
                look.outcome,
                look.group,
                by=look.up or "arm",
                reference=reference,
            )
        label = "arm" if "arm" in (look.across, look.up) else look.across or "arm"
        frame = self.shown(look, (label,))
        return effects_of_arms(frame, look.outcome, look.group, label=label, reference=reference)

    def grid_figure(self, look: Look) -> Figure:
        """Draw the heat map for a file."""
        from trustabm.figures.levers import heat_map

        frame = self.shown(look, (look.across, look.up))
        arm = None if "arm" in (look.across, look.up) else look.chosen(self.study)[1]
        return heat_map(
            frame,
            look.across,
            look.up,
            look.outcome,
            look.group,
            arm,
            reference=self.study.reference,
        )

    def weeks(self, look: Look) -> pd.DataFrame:
        """Return the weeks of the outcome in the town looked at, at one point or all together.

        Raises:
            InvalidInput: where the study keeps none, or more than the screen reads.
        """
        kept = self.study.kept
        if kept is None or look.outcome not in kept.outcomes:
            of = "" if kept is None else f" of “{called(look.outcome)}”"
            raise InvalidInput(
                f"This study keeps no weeks{of}. With `weekly = true` in its file, a sweep to a "
                "new folder keeps them."
            )
        refuse_large(self.opened.folder, "weekly")
        town = look.chosen(self.study)[0].replace("'", "''")
        only = f"and point = {int(look.point)} " if look.point else ""
        # Later weeks are of those runs alone that no condition ended.
        only += f"and week < {self.opened.weeks_of_all} " if self.opened.stopped else ""
        length = "weeks, " if kept.every > 1 else ""
        with self.lock:
            frame = self.opened.sql(
                f'select arm, replicate, week, {length}"{look.column}" from weekly '
                f"where town = '{town}' {only}order by replicate, week"
            )
        return self._by_arm(frame)

    def _by_arm(self, frame: pd.DataFrame) -> pd.DataFrame:
        order = pd.Categorical(frame["arm"], list(self.study.arms))
        return frame.iloc[order.codes.argsort(kind="stable")]

    def weeks_figure(self, look: Look) -> Figure:
        """Draw the outcome over time under every arm."""
        from trustabm.figures.trajectories import trajectories

        return trajectories(self.weeks(look), look.outcome, look.group)

    def why_no_indices(self) -> str:
        """Return why no sensitivity can be worked out; empty where it can."""
        if self.opened.stopped:
            return "Indices need runs of the same weeks, and a condition ended some early."
        if self.study.design.kind not in ("sobol", "latin-hypercube"):
            return (
                f"The points of this study are of the design “{self.study.design.kind}”. Indices "
                'need points that fill a space: `design.kind = "sobol"` and ranges in `[vary]`.'
            )
        if self.study.replicates < 2:
            return "Indices need at least 2 replicates."
        if len(self.opened.points) > POINTS_MAX:
            return (
                f"{len(self.opened.points):,} points are more than the {POINTS_MAX} of which the "
                "screen makes an emulator; `trustabm sensitivity` on the command line does."
            )
        return ""

    def known_indices(self, look: Look) -> Indices | None:
        """Return what was worked out before, here or by `trustabm sensitivity`; None if nothing."""
        key = (*look.chosen(self.study), look.column)
        if key in self._indices:
            return self._indices[key]
        for kind, folder in (("Sobol", "sensitivity"), ("Morris", "screening")):
            frame = self._filed(self.opened.folder / folder, key)
            if frame is not None and len(frame):
                said = f"As `trustabm sensitivity` left it: {folder}/indices.csv in its folder."
                return Indices(kind, frame, said)
        return None

    def _filed(self, folder: Path, key: tuple[str, str, str]) -> pd.DataFrame | None:
        """Return the rows of an outcome in a table, if it is of this town, arm and these runs."""
        table, made = folder / "indices.csv", folder / "provenance.json"
        try:
            if max(table.stat().st_size, made.stat().st_size) > FILE_MAX:
                return None
            about = json.loads(made.read_text("utf-8"))
            now = {"points": len(self.opened.points), "replicates": self.study.replicates}
            if (about["town"], about["arm"], *(about[n] for n in now)) != (*key[:2], *now.values()):
                return None
            frame = pd.read_csv(table)
            return frame[frame["output"] == key[2]].reset_index(drop=True)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def work_out(self, look: Look) -> Indices:
        """Emulate the effect over the space and return Sobol's indices: seconds, or minutes."""
        from trustabm.analysis.means import means
        from trustabm.analysis.steps import indices, space_of

        town, arm = look.chosen(self.study)
        key, reference = (town, arm, look.column), self.study.reference
        if key in self._indices:
            return self._indices[key]
        names = ", ".join(f'"{n}"' for n in self.opened.names)
        with self.lock:
            runs = self.opened.sql(
                f'select town, point, replicate, arm, {names}, "{look.column}" from runs'
            )
        learned = means(
            runs[runs["town"] == town],
            space_of(self.study),
            [look.column],
            arm=arm,
            reference=reference if arm != reference else None,
        )
        found = indices(learned)
        if found.frame.empty:
            answer = Indices("Sobol", found.frame, "Refused. " + " ".join(found.refused))
        else:
            check = found.checks.iloc[0]
            answer = Indices(
                "Sobol",
                found.frame,
                f"Of an emulator that predicts {check['r2']:.0%} of the variance of means it "
                f"has not seen.",
            )
        self._indices[key] = answer
        return answer

    def indices_figure(self, look: Look, found: Indices) -> Figure:
        """Draw indices or elementary effects, largest first."""
        from trustabm.figures.surfaces import elementary, tornado

        arm, reference = look.chosen(self.study)[1], self.study.reference
        who = f"{arm} against {reference}" if arm != reference else ""
        return (tornado if found.kind == "Sobol" else elementary)(found.frame, who=who)

    def where(self) -> dict[str, Any]:
        """Return where its figures come from."""
        return where_from(self.opened)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]
