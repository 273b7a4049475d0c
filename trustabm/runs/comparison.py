"""What a comparison gives: what differs between arms that share towns and luck.

Every replicate is one town and its luck. It lives through a burn-in under the reference; then each
arm goes its own way from that same state, so that a difference is caused by the policy. Levels are
pooled over replicates and weeks; intervals are of the paired jackknife over replicates, which are
spread over draws from the posterior.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from trustabm.errors import InvalidInput, nearest, shown, whole_number
from trustabm.outcomes.estimates import NUMBERLESS, Estimate
from trustabm.outcomes.findings import key, label, sentences
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.narrowing import narrowed
from trustabm.outcomes.numbers import percent_said, with_unit
from trustabm.outcomes.numbers import shown as shown_number
from trustabm.outcomes.parts import ASKED, NOT_A_SUM, NUMBERS, OF_WHOM, Part, parts_told
from trustabm.outcomes.structures import Structured
from trustabm.rules.luck import seed_of
from trustabm.runs.arrays import digest_of, write_arrays
from trustabm.runs.counted import Counted
from trustabm.runs.covers import covers
from trustabm.runs.effects import effects_frame, records_of
from trustabm.runs.experiment import Experiment
from trustabm.runs.folders import written
from trustabm.runs.notebook import drawn, page, same
from trustabm.runs.provenance import POSTERIOR, write_record
from trustabm.runs.replicates import Watch, branches, live_watched, past
from trustabm.runs.scenario import Scenario
from trustabm.runs.spillovers import spilled_frame, spilled_told, spillovers
from trustabm.runs.structured import as_frame, structured
from trustabm.runs.tidy import Leveled, of_comparison
from trustabm.runs.why import Decomposition, decompose
from trustabm.week.world import World

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure

__all__ = ["Comparison"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """What a comparison gives. Two are equal where every bit of them is, whenever they were made.

    Args:
        experiment: What was run.
        sums: Counts of every replicate over the weeks after the arms part, of shape
            (replicates, arms, 2 * groups, fields), as `measures.counts` gives them.
        town_sums: The same of the town, of shape (replicates, arms, fields).
        by_week: Counts of all replicates by week, burn-in first, of shape
            (arms, burn_in + weeks, 2 * groups, fields).
        town_by_week: The same of the town.
        provenance: What is needed to make the comparison again.
        notices: What it is to be read with, in plain sentences.
        around: What each neighbor under the same field office counted.
        probed: What more towns of structures that have few of these counted; None where none has.
        quarters: Counts of shape (replicates, arms, quarters, groups, fields), if they were kept.
    """

    experiment: Experiment
    sums: Floats = field(repr=False)
    town_sums: Floats = field(repr=False)
    by_week: Floats = field(repr=False)
    town_by_week: Floats = field(repr=False)
    provenance: dict[str, Any] = field(repr=False, compare=False)
    notices: tuple[str, ...] = ()
    around: tuple[Counted, ...] = field(default=(), repr=False)
    probed: Counted | None = field(default=None, repr=False)
    quarters: Floats | None = field(default=None, repr=False)

    of_area = False  # whether it is of counties that stand for an area

    def __eq__(self, other: object) -> bool:
        return same(self, other)

    def __hash__(self) -> int:
        return hash(self.sums.tobytes())

    def __repr__(self) -> str:
        words = " against ".join([", ".join([*self.arms][1:]), self.reference])
        place, e = self.experiment.place.title, self.experiment
        return f"<{type(self).__name__}: {words} in {place}, {e.replicates} towns, {e.weeks} weeks>"

    def _repr_html_(self) -> str:
        """Return what changed, with a table of the key outcomes, for a notebook."""
        import pandas as pd

        e, others = self.experiment, [*self.arms][1:]
        columns = ["Outcome", *self.arms.values()]
        rows = []
        for outcome, group in key(e.groups):
            unit = GLOSSARY[outcome].unit
            found = {arm: self.estimates[outcome, group, arm] for arm in self.arms}
            cells = [shown_number(found[self.reference].level, unit)]
            cells += [_cell(found[arm], unit) for arm in others]
            rows.append([with_unit(label(outcome, group, e.groups), unit), *cells])
        about = (
            f"{e.replicates} towns of {e.residents:,} residents, {e.weeks} weeks from {e.start} "
            f"after {e.burn_in} in common, seed {e.seed}; 90% intervals of changes"
        )
        notes = [*self.findings(), *self.notices, self.covers()]
        return page(e.place.title, about, pd.DataFrame(rows, columns=columns), notes)

    @cached_property
    def arms(self) -> dict[str, str]:
        """Name and title of each arm; the first is the reference."""
        return self.experiment.titles

    @property
    def scenario(self) -> Scenario:
        """What the arms share."""
        return Scenario.shared(self.experiment, self.experiment.town, self.experiment.neighbors)

    @property
    def reference(self) -> str:
        """The name of the arm that the others are compared with."""
        return next(iter(self.arms))

    @property
    def replicates(self) -> int:
        """How many towns were simulated."""
        return len(self.sums)

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seed of every replicate: a single run with that seed starts in its town."""
        return tuple(seed_of(self.experiment.seed, k) for k in range(self.replicates))

    @cached_property
    def estimates(self) -> dict[tuple[str, str, str], Estimate]:
        """Level, difference and relative change by outcome, group and arm.

        Groups are those of the day on which the arms part, and rates are over who lived there then.
        """
        return self._estimated(self.experiment.groups.every)

    @cached_property
    def current_estimates(self) -> dict[tuple[str, str, str], Estimate]:
        """The same of groups as of each week (`current-...`), over who is in them then.

        A policy that moves people between groups moves both sides of such a rate.
        """
        return self._estimated(self.experiment.groups.current)

    @cached_property
    def spillovers(self) -> dict[str, dict[tuple[str, str, str], Estimate]]:
        """The same of each neighbor, and of all of the region; empty where there is no neighbor."""
        return spillovers(self.counted, self.around, self.same_rules) if self.around else {}

    @property
    def same_rules(self) -> Sequence[bool]:
        """Whether each arm has the reference's rules in force in every week."""
        return [self.experiment.same_rules(k) for k in range(len(self.arms))]

    def _estimated(self, wanted: Sequence[str]) -> dict[tuple[str, str, str], Estimate]:
        groups = self.experiment.groups
        many = None if wanted is groups.current else len(groups.names)
        return self._counted(many).estimates(GLOSSARY, wanted, self.same_rules)

    @property
    def decomposition(self) -> Decomposition | None:
        """What was lived through without each mechanism; None where `decompose` was not asked."""
        return self.__dict__.get("_decomposition")

    def decompose(
        self,
        *,
        workers: int | None = None,
        progress: Callable[[int, int], object] | None = None,
        pool: Executor | None = None,
    ) -> Decomposition:
        """Live through every town again without each mechanism, once, and keep what it counted.

        `trustabm.runs.why` says what is off where and from when, and how long that takes.

        Args:
            workers: As in `trustabm.compare`, as `pool`.
            progress: Called with towns done and towns in all.
            pool: As there.
        """
        found = self.decomposition
        if found is None:
            found = decompose(
                self.experiment, self.counted, workers=workers, progress=progress, pool=pool
            )
            self.__dict__["_decomposition"] = found
        return found

    def parts(
        self, outcomes: Collection[str] = ASKED, groups: Collection[str] = OF_WHOM
    ) -> list[Part]:
        """Return what goes away of every effect without each mechanism, by arm, outcome and group.

        Args:
            outcomes: Names of outcomes.
            groups: Names of groups; an outcome of the whole town has the group "all" alone.

        Raises:
            InvalidInput: for an outcome or a group that does not exist; nothing was run.
        """
        for what, given, known in (
            ("outcomes", outcomes, GLOSSARY),
            ("groups", groups, self.experiment.groups.every),
        ):
            for name in given:
                if name not in known:
                    raise InvalidInput(f"{what}: no {shown(name)}; {nearest(str(name), known)}")
        return self.decompose().parts(self.estimates, outcomes, groups)

    def why(
        self, outcomes: Collection[str] = ASKED, groups: Collection[str] = OF_WHOM
    ) -> pd.DataFrame:
        """Return the parts as a frame: what goes away of every effect without each mechanism.

        Args:
            outcomes: As in `parts`, as `groups`.
            groups: As there.

        Returns:
            A row an arm, outcome, group and mechanism, in the outcome's unit. `effect` is the
            arm's difference from the reference with all on, `without` the same without the
            mechanism, and `part` the one less the other; each with the ends of its 90% interval
            (those of the part are `low` and `high`). `share` is the part over the effect, where
            the effect can be told from none. Parts need not add up: after the mechanisms comes
            `rest`, the effect less all their parts. Last come two levers that are at 0 under the
            policy, `publicity` and `ice_capacity`.
        """
        import pandas as pd

        return pd.DataFrame([part.record() for part in self.parts(outcomes, groups)]).astype(
            dict.fromkeys(NUMBERS, float)
        )

    def carried(self, groups: Collection[str] = OF_WHOM) -> list[str]:
        """Return what carries the effects on reporting and victimization, in plain sentences.

        Nothing where the comparison was not decomposed.

        Args:
            groups: The groups of whom.
        """
        if self.decomposition is None:
            return []
        parts = self.parts(groups=groups)
        return [*parts_told(parts, self.arms, self.experiment.groups), NOT_A_SUM]

    def records(self, current: bool = False) -> list[dict[str, Any]]:
        """Return one record an outcome, group and arm, in plain values.

        Args:
            current: Whether to add the groups as of each week.
            Each is `{outcome, group, arm, level, difference, low, high, unit}`, None where there is
            no value, and for the reference's difference from itself.
        """
        return records_of(self._chosen(current))

    def _chosen(self, current: bool) -> dict[tuple[str, str, str], Estimate]:
        return self.estimates | self.current_estimates if current else self.estimates

    def effects(self, current: bool = False) -> pd.DataFrame:
        """Return the records as a frame, with the relative change in percent and its interval.

        With `current` it has the groups as of each week too (`current-latino-undocumented` and so
        on), over how many are in them then.
        `luck` and `percent_luck` are half the width that the intervals would have from luck alone;
        `by_luck`, `by_sampling`, `by_parameters`, `by_figures`, `by_rules` and `by_structure` how
        much of it, squared, each kind of doubt makes (they add up to 1); `narrows` what would
        narrow it most. `level_low` and `level_high` are the ends of the level's own interval, and
        `verdict` is what can be said, in words (`trustabm.outcomes.estimates.Verdict`).
        """
        return effects_frame(self.records(current), self._chosen(current), self.reference)

    def to_frame(self, replicate: int | None = None) -> pd.DataFrame:
        """Return levels as one tidy frame: of every replicate, or week by week of one of them.

        Args:
            replicate: The number of the replicate whose weeks are wanted; it is lived through
                again for them. None: every replicate, each over all weeks after the arms part (of
                what was to be expected there, as in `estimates`).

        Returns:
            A row a value: `replicate`, `arm`, with a replicate `week` (0 where arms part, the
            burn-in before) and `date`, then `outcome`, `group` and `value`, in the outcome's unit,
            which `.attrs["units"]` says; NaN where its denominator was zero.

        Raises:
            InvalidInput: for a replicate that does not exist, or one of a state or the nation.

        Example:
            >>> frame = comparison.to_frame()
            >>> frame[frame["outcome"] == "trust"].groupby(["arm", "group"])["value"].mean()
        """
        return self._leveled(replicate).frame()

    def to_xarray(self, replicate: int | None = None) -> xr.Dataset:
        """Return the same as an xarray Dataset: a variable an outcome, with its unit in its attrs.

        Dimensions are `replicate`, `arm`, with a replicate `week`, and `group`; outcomes of a whole
        town have no group.

        Args:
            replicate: As in `to_frame`.

        Raises:
            NotInstalled: without xarray: `pip install "trustabm[study]"` brings it.

        Example:
            >>> comparison.to_xarray()["reporting"].sel(group="latino").std("replicate")
        """
        return self._leveled(replicate).dataset()

    def _leveled(self, replicate: int | None) -> Leveled:
        if replicate is None:
            return of_comparison(self)
        replicate = whole_number(replicate, "replicate", 0, self.replicates - 1)
        if self.of_area:
            self.world(self.reference, replicate)  # which says why there is none
        return of_comparison(self, replicate)

    def plot(self, outcome: str = "reporting", group: str = "latino") -> Figure:
        """Draw an outcome over time under every arm, and what each changes, with 90% intervals.

        Args:
            outcome: The outcome, of those in `effects()`.
            group: The group; of an outcome of a whole town it is "all", whatever is said.

        Returns:
            A matplotlib figure, which a notebook shows.

        Raises:
            InvalidInput: for an outcome or group that does not exist.
            NotInstalled: without matplotlib: `pip install "trustabm[study]"` brings it.

        Example:
            >>> comparison.plot("trust", "latino").savefig("trust.png")
        """
        figure: Figure = drawn("of_comparison", self, outcome, group)
        return figure

    @cached_property
    def weekly(self) -> pd.DataFrame:
        """Outcomes by arm, week and group, pooled over replicates; week 0 is where arms part.

        The weeks before are the common burn-in, repeated for every arm.
        """
        return self._weekly(self.experiment.groups.every)

    @cached_property
    def current_weekly(self) -> pd.DataFrame:
        """The same of groups as of each week (`current-...`), over who is in them then."""
        return self._weekly(self.experiment.groups.current)

    def spilled(self) -> pd.DataFrame:
        """Return `spillovers` as a frame: as `effects`, with the title of each town as `town`."""
        return spilled_frame(self.spillovers, self.reference)

    def _weekly(self, wanted: Sequence[str]) -> pd.DataFrame:
        import pandas as pd

        from trustabm.runs.results import weekly_frame

        e = self.experiment
        frames = [
            weekly_frame(e.groups, a, b, e.parameters, e.start, -e.burn_in, wanted).assign(arm=name)
            for name, a, b in zip(self.arms, self.by_week, self.town_by_week, strict=True)
        ]
        frame = pd.concat(frames, ignore_index=True)
        frame["arm"] = pd.Categorical(frame["arm"], list(self.arms))
        return frame[["arm", "week", "date", "group", *GLOSSARY]]

    def world(self, arm_name: str, replicate: int = 0) -> World:
        """Live through one arm of one replicate again; return its world with its events.

        Weeks of the world count from the start of the burn-in, and events begin where arms part.
        It began as the town of a single run with seed `self.seeds[replicate]`.
        """
        if arm_name not in self.arms:
            raise InvalidInput(f"arm: expected one of {list(self.arms)}, got {arm_name!r}")
        replicate = whole_number(replicate, "replicate", 0, self.replicates - 1)
        number = list(self.arms).index(arm_name)
        experiment = self.experiment.at(replicate)
        world = past(experiment, replicate).branch(
            experiment.plan(number), keep_events=True, rules=experiment.rules_of(number)
        )
        world.run_for(experiment.weeks)
        return world

    @cached_property
    def worlds(self) -> dict[str, World]:
        """The first replicate by arm, at its end, lived through again once with its events."""
        return self.watched()

    def watched(self, watch: Watch | None = None) -> dict[str, World]:
        """Live through the first replicate again, and keep it as `worlds`.

        Args:
            watch: Called with the worlds on the day the arms part and after every week.
        """
        experiment = self.experiment.at(0)
        worlds = dict(zip(self.arms, branches(experiment), strict=True))
        live_watched(list(worlds.values()), experiment.weeks, watch)
        self.__dict__["worlds"] = worlds
        return worlds

    @cached_property
    def events(self) -> dict[str, dict[str, pd.DataFrame]]:
        """Event tables of the first replicate by arm; week 0 is where arms part."""
        from trustabm.runs.results import event_frames

        e = self.experiment
        return {n: event_frames(w.tables, e.start, e.burn_in) for n, w in self.worlds.items()}

    def findings(self) -> list[str]:
        """Return what changed, in plain sentences, and what is too close to call."""
        of = self.arms, self.replicates, self.experiment.groups
        return sentences(self.estimates, *of, self.structured) + spilled_told(self.spillovers, *of)

    @cached_property
    def structured(self) -> dict[tuple[str, str, str], Structured]:
        """What each structure says alone of a summary's outcomes; none if there is but one."""
        counted = [self.counted, *([self.probed] if self.probed is not None else ())]
        wanted = key(self.experiment.groups)
        found = structured(counted, {o for o, _ in wanted}, {g for _, g in wanted})
        return {of: said for of, said in found.items() if of[:2] in wanted}

    def by_structure(self) -> pd.DataFrame:
        """Return what each structure of the model says alone of the outcomes of a summary.

        Returns:
            A row an outcome, group, arm and structure: its `weight`, how many `draws` of it were
            lived through, the arm's `level`, its `difference` from the reference with the ends of
            its interval, `low` and `high`, the same in `percent`, and the `verdict`. No rows where
            there is but one structure.
        """
        return as_frame(self.structured)

    @property
    def counted(self) -> Counted:
        """What was counted by the groups of the day on which arms part."""
        return self._counted(len(self.experiment.groups.names))

    def _counted(self, many: int | None) -> Counted:
        return Counted(self.experiment, self.sums[:, :, :many], self.town_sums)

    def narrowed(self) -> list[str]:
        """Return what intervals are made of, and what would narrow them most, by arm."""
        found = []
        for name, title in list(self.arms.items())[1:]:
            lines = narrowed(self.estimates, name, self.experiment.groups)
            start = f"Under {title}: " if len(self.arms) > 2 else ""
            found += [start + line for line in lines]
        return found

    def covers(self, listed: int | None = None) -> str:
        """Return what the intervals cover and what they do not.

        Args:
            listed: How many are listed together; those of the key outcomes if not given.
        """
        if listed is None:
            shown = key(self.experiment.groups)
            listed = sum(e.low is not None for of, e in self.estimates.items() if of[:2] in shown)
        return covers(self.experiment, listed)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return all that was counted, by name."""
        names = ("sums", "town_sums", "by_week", "town_by_week", "quarters")
        found = {name: getattr(self, name) for name in names if getattr(self, name) is not None}
        others = [*((f"around_{k}", c) for k, c in enumerate(self.around)), ("probed", self.probed)]
        for name, counted in others:
            if counted is not None:
                found |= {f"{name}_sums": counted.sums, f"{name}_town_sums": counted.town_sums}
        return found

    @classmethod
    def counting(
        cls,
        experiment: Experiment,
        arrays: dict[str, npt.NDArray[Any]],
        provenance: dict[str, Any],
        **more: Any,
    ) -> Self:
        """Return the comparison that counted so: what `arrays` gave, the other way round."""

        def counted(name: str, of: Experiment) -> Counted:
            return Counted(of, arrays[f"{name}_sums"], arrays[f"{name}_town_sums"])

        probing = experiment.probing()
        return cls(
            experiment=experiment,
            **{n: arrays[n] for n in ("sums", "town_sums", "by_week", "town_by_week")},
            provenance=provenance,
            notices=tuple(provenance["notices"]),
            around=tuple(
                counted(f"around_{k}", experiment) for k in range(len(experiment.neighbors))
            ),
            probed=None if probing is None else counted("probed", probing),
            quarters=arrays.get("quarters"),
            **more,
        )

    def digests(self) -> dict[str, str]:
        """Return digests of all that was counted, each array its own."""
        return {name: digest_of({name: array}) for name, array in self.arrays().items()}

    def numbers(self) -> list[dict[str, Any]]:
        """Return levels and differences of the key outcomes in plain values."""
        wanted, names = key(self.experiment.groups), ("level", "difference")
        return [
            {"outcome": of[0], "group": of[1], "arm": of[2]} | {n: getattr(e, n) for n in names}
            for of, e in self.estimates.items()
            if of[:2] in wanted
        ]

    def save(self, folder: str | Path, force: bool = False) -> Path:
        """Write weekly.parquet, effects.parquet, findings.txt and provenance.json, all or nothing.

        `counts.npz` holds what all of it is made of, with a digest, so that `trustabm.load` opens
        the comparison again; `provenance.json` says what was run, whole. Where effects were taken
        apart (`decompose`), why.parquet holds the parts of them all; a posterior of one's own that
        was drawn from lies there too.

        Raises:
            OutputExists: where the folder holds something and `force` is not set, or holds
                something that no comparison wrote.
            NotWritten: where it cannot be written.
        """
        with written(folder, force, "compare") as root:
            self.weekly.to_parquet(root / "weekly.parquet", index=False)
            self.effects().to_parquet(root / "effects.parquet", index=False)
            if self.around:
                self.spilled().to_parquet(root / "spillovers.parquet", index=False)
            if self.decomposition is not None:
                every = self.why(GLOSSARY, self.experiment.groups.every)
                every.to_parquet(root / "why.parquet", index=False)
            said = [*self.findings(), *self.carried(), *self.notices, "", self.covers()]
            text = "\n".join([*said, *self.narrowed()])
            (root / "findings.txt").write_text(text + "\n", encoding="utf-8")
            write_arrays(root / "counts.npz", self.arrays())
            if self.experiment.posterior is not None:
                shutil.copyfile(self.experiment.posterior, root / POSTERIOR)
            write_record(root, self.provenance, results=self.digests(), numbers=self.numbers())
        return Path(folder)


def _cell(e: Estimate, unit: str) -> str:
    """Return an arm's level, and its change from the reference where something can be said."""
    level, verdict = shown_number(e.level, unit), e.verdict()
    if verdict in NUMBERLESS:
        return f"{level} ({verdict})"
    change, ends = percent_said(e.percent, e.percent_low, e.percent_high)
    return f"{level} ({', '.join(filter(None, (change, ends)))})"
