"""Compare policies in an area: every replicate draws counties of its own, which stand for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trustabm.errors import InvalidInput
from trustabm.inputs import readings
from trustabm.inputs.notices import few_towns
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.rule import Rule
from trustabm.nation.areas import Area, area
from trustabm.nation.ask import asked, notices
from trustabm.nation.county import in_county
from trustabm.nation.design import ALL, Design, design
from trustabm.nation.place import town_of
from trustabm.nation.samples import Halves, live_samples
from trustabm.outcomes.findings import key
from trustabm.runs.compare import drawn_over
from trustabm.runs.comparison import Comparison
from trustabm.runs.counted import Counted
from trustabm.runs.covers import covers
from trustabm.runs.experiment import Experiment
from trustabm.runs.lots import FEW
from trustabm.runs.provenance import plain, provenance
from trustabm.runs.quarters import quarters
from trustabm.runs.replicates import Lived
from trustabm.runs.scenario import Scenario

__all__ = ["AreaComparison", "area_of", "compare_area", "compare_in", "read_area"]

Floats = npt.NDArray[np.float64]

RESIDENTS = 2000
"""Residents simulated of each county drawn, where nobody says: half of them in each life."""

FEWEST = 40
"""Of them at least: two lives of twenty."""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class AreaComparison(Comparison):
    """What a comparison in an area gives; `Comparison` says what it has beside.

    Args:
        design: How counties are drawn.
        halves: Counts of the halves of replicates, of shape (2 * replicates, arms, 2 * groups,
            fields); None where every county is taken.
        town_halves: The same of towns, of shape (2 * replicates, arms, fields).
        same: Whether each arm has the reference's rules in all counties that were lived through.
    """

    design: Design
    halves: Floats | None = field(default=None, repr=False)
    town_halves: Floats | None = field(default=None, repr=False)
    same: tuple[bool, ...] = ()

    of_area = True

    @property
    def same_rules(self) -> Sequence[bool]:
        """Whether each arm has the reference's rules in all counties that were lived through."""
        return self.same

    def _counted(self, many: int | None) -> Counted:
        e, halves = self.experiment, None
        if self.halves is not None and self.town_halves is not None:
            halves = Counted(e, self.halves[:, :, :many], self.town_halves)
        return Counted(e, self.sums[:, :, :many], self.town_sums, halves)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return all that was counted, by name."""
        halves = {n: getattr(self, n) for n in ("halves", "town_halves")}
        return super().arrays() | {n: x for n, x in halves.items() if x is not None}

    def covers(self, listed: int | None = None) -> str:
        """Return what the intervals cover and what they do not."""
        if listed is None:
            shown = key(self.experiment.groups)
            listed = sum(e.low is not None for of, e in self.estimates.items() if of[:2] in shown)
        e, d = self.experiment, self.design
        every = len(d.area.counties)
        each = f"{e.residents:,} residents"
        if d.sampled:
            what = (
                f"{e.replicates} samples of {d.draws} of {every:,} counties, {each} of each "
                f"({len(d.strata)} strata; {d.certain} counties are in every sample)"
            )
        else:
            what = f"{e.replicates} times all {every:,} counties, {each} of each"
        return covers(e, listed, what, d.sampled)

    def world(self, arm_name: str, replicate: int = 0) -> Any:
        """Raise: what an area is made of are many worlds."""
        raise InvalidInput(
            f"town: expected one town, got {self.design.area.title}: compare one of its counties"
        )

    def watched(self, watch: Any = None) -> Any:
        """Raise, as `world`."""
        return self.world(self.reference)

    def decompose(self, **_: Any) -> Any:
        """Raise, as `world`."""
        return self.world(self.reference)


def compare_area(
    area: Area,
    policies: Sequence[Any] | Mapping[str, Any] = (),
    *,
    changes: Sequence[str] = (),
    since: Any = None,
    start: Any = None,
    counties: int | str | None = None,
    replicates: int = 100,
    weeks: int = 104,
    burn_in: int = 104,
    residents: int = RESIDENTS,
    seed: int = 0,
    parameters: Mapping[str, Any] | Parameters | None = None,
    draws: int | None = None,
    structures: Sequence[str] | None = None,
    figures: bool | None = None,
    local_policies: bool = False,
    levers: Mapping[str, Any] | None = None,
    rules: Sequence[Rule | str | Path] = (),
    workers: int | None = None,
    progress: Callable[[int, int], object] | None = None,
    before: Callable[[], object] | None = None,
) -> AreaComparison:
    """Compare policies, or changes of the rules in force, in a state or in the nation.

    Args:
        area: The area (`trustabm.nation.areas`).
        policies: As in `trustabm.compare`, as what is not named here.
        changes: Laid in every county on the rules in force there.
        since: From when they hold.
        start: When the arms part.
        counties: Counties that each replicate draws, or `all`; 12 of a state and 48 of the nation
            if not given.
        replicates: Samples of counties, each with its own luck.
        weeks: Weeks after the arms part.
        burn_in: Weeks before.
        residents: Residents simulated of each county drawn, half of them in each of two lives.
        seed: The seed of luck and of the counties drawn.
        parameters: Those that depart from the defaults.
        draws: Draws that the replicates are spread over.
        structures: Of the model, to draw from.
        figures: Whether figures are drawn from their ranges; all counties' together, as if what is
            wrong in one were so in all.
        local_policies: Whether counties' own rules are merged into every arm.
        levers: Lever values laid over every arm.
        rules: Rules of one's own, in every county, every arm and the weeks before.
        workers: Processes.
        progress: Called with samples done and samples in all.
        before: Called when the inputs have been found valid and nothing has been run.

    Raises:
        InvalidInput: for a name or value that does not exist; nothing was run.
    """
    experiment = asked(
        area,
        policies,
        changes=changes,
        since=since,
        start=start,
        parameters=parameters,
        replicates=replicates,
        draws=0 if isinstance(parameters, Parameters) else draws,
        weeks=weeks,
        burn_in=burn_in,
        residents=residents,
        seed=seed,
        structures=structures,
        figures=figures,
        local_policies=local_policies,
        levers=levers or {},
        rules=rules,
    )
    return compare_in(
        area, experiment, counties=counties, workers=workers, progress=progress, before=before
    )


def compare_in(
    area: Area,
    experiment: Experiment,
    *,
    counties: int | str | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], object] | None = None,
    before: Callable[[], object] | None = None,
    pool: Executor | None = None,
    sofar: Callable[[Counted], object] | None = None,
) -> AreaComparison:
    """Compare the arms of an experiment in an area.

    Args:
        area: The area.
        experiment: What is asked of it, as `ask.asked` gives it.
        counties: As in `compare_area`, as `workers`, `progress` and `before`.
        workers: As in `compare_area`.
        progress: As in `compare_area`.
        before: As in `compare_area`.
        pool: Processes to use instead of new ones; they are left running.
        sofar: Called now and then, from the tenth sample on, with what the samples so far counted.

    Raises:
        InvalidInput: for too few residents, or fewer counties than there are strata.
    """
    residents = experiment.residents
    if residents < FEWEST:
        raise InvalidInput(f"residents: expected at least {FEWEST}, got {residents}")
    drawing = design(area, experiment.start, counties)
    whole = _in_area(area, experiment)
    probing = whole.probing()
    if before is not None:
        before()
    every = [whole, *([probing] if probing is not None else ())]
    lived: list[Halves] = []
    for sample in live_samples(every, drawing, workers=workers, progress=progress, pool=pool):
        lived.append(sample)
        if sofar is not None and len(lived) <= whole.replicates and len(lived) % FEW == 0:
            some = whole.some(len(lived))
            if some is not None:
                sofar(_comparison(some, None, drawing, lived).counted)
    return _comparison(whole, probing, drawing, lived)


def _in_area(area: Area, experiment: Experiment) -> Experiment:
    """Return an experiment in which the area itself is the place."""
    whole = experiment.model_copy()
    place = [(town_of(area), experiment.residents)]
    whole.__dict__ |= {"places": place, "doubts": _doubts(area, experiment)}
    whole.whole  # noqa: B018  files are read now
    return whole


def read_area(
    experiment: Experiment, arrays: dict[str, npt.NDArray[Any]], record: dict[str, Any]
) -> AreaComparison:
    """Return the comparison in an area that was saved.

    Args:
        experiment: As it was asked of the area.
        arrays: What was counted.
        record: Its provenance.
    """
    of = record["design"]
    where = area_of(of)
    sampled = "halves" in arrays
    return AreaComparison.counting(
        _in_area(where, experiment),
        arrays,
        record,
        design=design(where, experiment.start, of["draws"] if sampled else ALL),
        halves=arrays.get("halves"),
        town_halves=arrays.get("town_halves"),
        same=tuple(of["same"]),
    )


def area_of(of: Mapping[str, Any]) -> Area:
    """Return the area that a record's design is of."""
    return area(None if of["area"] in ("US", "some") else of["area"], of.get("counties", ()))


def _doubts(area: Area, experiment: Experiment) -> tuple[tuple[readings.Unsure, ...]]:
    """Return what is not sure of a state's rules, by its largest county that has none of its own.

    Of the nation there are too many of them to be told apart; they are drawn all the same.
    """
    if area.name != "US":
        for county in sorted(area.counties, key=lambda c: -c.population):
            here = in_county(experiment, county.fips, FEWEST, 0)
            if readings.of_tables(here.place):
                return (here.doubts[0],)
    return ((),)


def _comparison(
    whole: Experiment, probing: Experiment | None, drawing: Design, lived: Sequence[Halves]
) -> AreaComparison:
    number, many = whole.replicates, len(whole.groups.names)
    own, rest = lived[:number], lived[number:]
    past, town_past, weeks, town_weeks, *_ = (
        np.sum([getattr(x.lived, name) for x in own], axis=0) for name in Lived._fields
    )
    same = tuple(np.all([x.same for x in own], axis=0).tolist())
    usual = whole.draws is None and not whole.lots
    notes = [
        *notices(drawing.area, whole, same),
        *(few_towns(number, FEW) if usual else ()),
    ]
    lines = zip(whole.arms, whole.lines, strict=True)
    by_half = [np.concatenate([getattr(x, n) for x in own]) for n in ("sums", "town_sums")]
    return AreaComparison(
        experiment=whole,
        sums=np.stack([x.sums.sum(axis=0) for x in own]),
        town_sums=np.stack([x.town_sums.sum(axis=0) for x in own]),
        by_week=np.stack([np.concatenate([past, w]) for w in weeks]),
        town_by_week=np.stack([np.concatenate([town_past, w]) for w in town_weeks]),
        provenance=provenance(
            Scenario.shared(whole, drawing.area.title),
            arms={n: line.model_dump(mode="json") for n, line in lines},
            replicates=number,
            burn_in=whole.burn_in,
            posterior=drawn_over(whole),
            files=[arm.policy for arm in whole.arms.values() if arm.by_name],
            design=_plain(drawing) | {"same": same},
            notices=notes,
            experiment=plain(whole.whole),
        ),
        notices=tuple(notes),
        probed=None
        if probing is None
        else Counted(
            probing,
            np.stack([x.sums.sum(axis=0)[:, :many] for x in rest]),
            np.stack([x.town_sums.sum(axis=0) for x in rest]),
        ),
        design=drawing,
        halves=by_half[0] if drawing.sampled else None,
        town_halves=by_half[1] if drawing.sampled else None,
        same=same,
        quarters=np.stack([quarters(x.lived.weeks[:, :, :many]) for x in own]),
    )


def _plain(drawing: Design) -> dict[str, Any]:
    strata = [
        {"title": s.title, "counties": len(s.counties), "people": s.people, "draws": s.draws}
        for s in drawing.strata
    ]
    said: dict[str, Any] = {"area": drawing.area.name, "draws": drawing.draws, "strata": strata}
    if drawing.area.name == "some":
        said["counties"] = [c.fips for c in drawing.area.counties]
    return said
