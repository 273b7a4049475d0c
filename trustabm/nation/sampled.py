"""Compare policies in an area: every replicate draws counties of its own, which stand for it.

Every county drawn is lived through twice, half of its simulated residents each: the halves differ
by luck alone, replicates of a draw by luck and by the counties drawn, so that the doubt about which
counties were drawn can be told from luck.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from trustabm.errors import InvalidInput
from trustabm.inputs.notices import few_towns
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.ranges import drawn_one
from trustabm.nation.areas import Area
from trustabm.nation.ask import asked, notices
from trustabm.nation.county import in_county
from trustabm.nation.design import Design, design
from trustabm.nation.place import town_of
from trustabm.outcomes.estimates import Estimate
from trustabm.outcomes.findings import key
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.measures import together
from trustabm.rules.luck import seed_of
from trustabm.runs.compare import drawn_over
from trustabm.runs.comparison import Comparison
from trustabm.runs.counted import Counted
from trustabm.runs.covers import covers
from trustabm.runs.experiment import Experiment
from trustabm.runs.lots import FEW
from trustabm.runs.provenance import provenance
from trustabm.runs.replicates import Lived, carried_out, live
from trustabm.runs.scenario import Scenario

__all__ = ["AreaComparison", "compare_area"]

Floats = npt.NDArray[np.float64]

RESIDENTS = 2000
"""Residents simulated of each county drawn, where nobody says: half of them in each life."""

FEWEST = 40
"""Of them at least: two lives of twenty."""


class Halves(NamedTuple):
    """What a sample counted.

    Args:
        lived: Of both halves, weighted, as a town of as many residents would have counted.
        sums: Of each half, over the weeks after the arms part, of shape (2, arms, rows, fields);
            of one part where every county is taken.
        town_sums: The same of towns, of shape (2, arms, fields).
        same: Whether each arm has the reference's rules in all counties drawn.
    """

    lived: Lived
    sums: Floats
    town_sums: Floats
    same: npt.NDArray[np.bool_]


class _Task(NamedTuple):
    """What all samples share: the experiment, and how its towns' figures are drawn."""

    experiment: Experiment
    parts: int
    draws: int  # of figures; 0: as stated


@dataclass(frozen=True, kw_only=True)
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

    def _estimated(self, wanted: Sequence[str]) -> dict[tuple[str, str, str], Estimate]:
        e = self.experiment
        many = slice(None if wanted is e.groups.current else len(e.groups.names))
        halves = None
        if self.halves is not None and self.town_halves is not None:
            halves = Counted(e, self.halves[:, :, many], self.town_halves)
        whole = Counted(e, self.sums[:, :, many], self.town_sums)
        return whole.estimates(GLOSSARY, wanted, self.same, halves)

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
    )
    if residents < FEWEST:
        raise InvalidInput(f"residents: expected at least {FEWEST}, got {residents}")
    drawing = design(area, experiment.start, counties)
    whole = experiment.model_copy()
    whole.__dict__["places"] = [(town_of(area), residents)]
    probing = whole.probing()
    if before is not None:
        before()
    every = [whole, *([probing] if probing is not None else ())]
    lived = _all(every, drawing, workers, progress)
    return _comparison(whole, probing, drawing, lived)


def _all(
    every: Sequence[Experiment],
    drawing: Design,
    workers: int | None,
    progress: Callable[[int, int], object] | None,
) -> list[Halves]:
    """Return what every sample counted, those of the first experiment first."""
    first, parts = every[0], 2 if drawing.sampled else 1
    # Everything else a worker needs of an experiment are its lots.
    alone = first.model_copy(update={"draws": 0, "structures": None, "figures": False})
    alone.__dict__["lots"] = ()
    figures = len(first.lots) if first.figures is not False else 0
    task = pickle.dumps(_Task(alone, parts, figures))
    jobs = []
    for e in every:
        spread = e.spread() if e.lots else [0] * e.replicates
        for k in range(e.replicates):
            lot = e.lots[spread[k]].parameters if e.lots else e.parameters
            picks = [
                (p.county.fips, p.people / drawing.area.people) for p in drawing.sample(e.seed, k)
            ]
            figure = spread[k] % figures if figures else 0
            jobs.append((task, seed_of(e.seed, k), lot, figure, picks))
    seconds = len(jobs) * drawing.draws * (first.seconds() + SECONDS_PER_COUNTY)
    found = []
    for done, halves in enumerate(carried_out(live_sample, jobs, seconds, workers), 1):
        found.append(halves)
        if progress is not None:
            progress(done, len(jobs))
    return found


SECONDS_PER_COUNTY = 0.02
"""To make one, whatever its size; measured."""


def live_sample(
    task: bytes, seed: int, parameters: Parameters, figure: int, picks: Sequence[tuple[str, float]]
) -> Halves:
    """Live through the counties of one sample; called by workers.

    Args:
        task: A pickled `_Task`.
        seed: Of the sample's luck.
        parameters: By which it lives.
        figure: Which draw of figures.
        picks: Each county drawn, by FIPS code, and the share of the area that it stands for.
    """
    known = _unpickled(task)
    parts = known.parts
    residents = known.experiment.residents // parts
    total: list[Floats] = []
    sums: list[list[Floats]] = [[] for _ in range(parts)]
    same = np.ones(len(known.experiment.arms), bool)
    for number, (fips, share) in enumerate(picks):
        here, alike = _there(task, fips, residents)
        same &= alike
        place = here.place
        if known.draws:
            place = drawn_one(place, figure, known.draws, known.experiment.seed)
        for part in range(parts):
            # The first sample's first county is not the area's own seed again.
            own = seed_of(seed, 1 + parts * number + part)
            copy = here.model_copy(update={"parameters": parameters, "seed": own})
            copy.__dict__["places"] = [(place, residents)]
            weighted = [share * len(picks) * x for x in live(copy, 0)]
            total = [t + x for t, x in zip(total, weighted, strict=True)] if total else weighted
            of_part = [together(weighted[2]), weighted[3].sum(axis=1)]
            before = sums[part]
            sums[part] = (
                [a + b for a, b in zip(before, of_part, strict=True)] if before else of_part
            )
    groups, towns = (np.stack([s[k] for s in sums]) for k in (0, 1))
    return Halves(Lived(*total), groups, towns, same)


@lru_cache(maxsize=2)
def _unpickled(task: bytes) -> _Task:
    known: _Task = pickle.loads(task)
    return known


@lru_cache(maxsize=512)
def _there(task: bytes, fips: str, residents: int) -> tuple[Experiment, npt.NDArray[np.bool_]]:
    """Return an experiment in a county, and whether each arm has the reference's rules there."""
    here = in_county(_unpickled(task).experiment, fips, residents, 0)
    return here, np.array([here.same_rules(arm) for arm in range(len(here.arms))])


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
            design=_plain(drawing),
            notices=notes,
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
    )


def _plain(drawing: Design) -> dict[str, Any]:
    strata = [
        {"title": s.title, "counties": len(s.counties), "people": s.people, "draws": s.draws}
        for s in drawing.strata
    ]
    return {"area": drawing.area.name, "draws": drawing.draws, "strata": strata}
