"""Compare policies: the same towns with the same luck under each, and what differs."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from trustabm.errors import InvalidInput, shown
from trustabm.inputs import catalog
from trustabm.inputs.draws import record, stale
from trustabm.inputs.notices import few_towns
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.ranges import ranged
from trustabm.inputs.rule import Rule, learned
from trustabm.outcomes.measures import together
from trustabm.runs.arms import PolicyLike, parting
from trustabm.runs.classes import check_workers, given, say_slower
from trustabm.runs.comparison import Comparison, Floats
from trustabm.runs.counted import Counted
from trustabm.runs.experiment import Experiment
from trustabm.runs.lots import FEW
from trustabm.runs.progress import Asked, telling
from trustabm.runs.provenance import plain, provenance
from trustabm.runs.quarters import quarters
from trustabm.runs.replicates import all_replicates
from trustabm.runs.scenario import Scenario
from trustabm.runs.why import mechanisms

__all__ = ["compare", "compare_arms", "drawn_over"]


def compare(
    policies: Sequence[PolicyLike] | Mapping[str, PolicyLike] = (),
    *,
    changes: Sequence[str | Path] = (),
    since: dt.date | str | None = None,
    town: str | Path = "us-average",
    replicates: int = 100,
    weeks: int = 104,
    burn_in: int = 104,
    residents: int = 5000,
    seed: int = 0,
    start: dt.date | str | None = None,
    parameters: Parameters | Mapping[str, Any] | None = None,
    draws: int | None = None,
    structures: Sequence[str] | None = None,
    figures: bool | None = None,
    posterior: str | Path | None = None,
    local_policies: bool = False,
    levers: Mapping[str, Any] | None = None,
    why: bool = False,
    progress: Asked = None,
    workers: int | None = None,
    before: Callable[[], object] | None = None,
    pool: Executor | None = None,
    resident_class: type[Any] | str | None = None,
    police_class: type[Any] | str | None = None,
    ice_class: type[Any] | str | None = None,
    rules: Sequence[Rule | str | Path] = (),
) -> Comparison:
    """Compare policies in one town, or changes of the rules that are in force in it.

    Args:
        policies: The arms, the first of them the reference: names of policies or timelines,
            paths of TOML files, or policies and timelines themselves under names of their own,
            which are then shown instead of their titles. With `changes` none or one: what they are
            laid on, the rules in force in the town (`today`) if not given.
        changes: Policies of which only the local levers are laid on the reference, each an arm;
            `state:NAME` and `federal:NAME` lay what a state or the federal government sets, and
            `NAME@TOWN` is laid in another town of the region.
        since: The day from which changes hold, as 2026-01-15, or a month, from its first day;
            `start` if not given.
        town: A shipped town's name or the path of a TOML file; several joined by +, as
            `mecklenburg-nc+union-nc`, are under one field office, each with its own rules in force.
        replicates: Towns simulated; intervals narrow with their square root.
        weeks: Weeks after the arms part, all of them measured.
        burn_in: Weeks before, under what the reference has in force then, by date.
        residents: Residents simulated in each town.
        seed: The root seed: that of the first replicate. The seeds of the others are made of it
            and their number, so that two roots have no town in common.
        start: The date on which the arms part; `since` with changes, else 2010-01-01, if not given.
        parameters: Parameters that take these values in every replicate, whatever the posterior
            says of them; a whole set of parameters is used as it is, without draws.
        draws: Draws to spread the replicates over, each of a structure of the model, its parameters
            and the town's figures, so that intervals cover doubt about these as well as luck; 0 for
            the default parameters and the figures as stated. Half as many as replicates if not
            given, and 0 for fewer than 10 replicates.
        structures: Names of the structures to draw from (`trustabm.inputs.structures`); all, by
            how well they predict studies left out, if not given.
        figures: Whether the town's figures are drawn from their ranges: False for the figures as
            stated, True to vary them alone where there are no other draws; as there are draws or
            none if not given.
        posterior: A posterior of one's own that draws are from: the file or the folder that
            `trustabm calibrate MINE.toml` wrote; the one that ships if not given.
        local_policies: Whether the town's own dated policies are merged into every arm.
        levers: Lever values laid over every arm.
        why: Whether to live through every town again without each mechanism, so that `why()` of
            the result says what carries its effects; about a dozen times as long.
        progress: Called with replicates done and replicates in all; True for a bar, False for none.
            If not given a bar, in a notebook and on a terminal.
        workers: Processes; chosen by the work there is if not given.
        before: Called when the inputs have been found valid and nothing has been run.
        pool: Processes to use instead of new ones; they are left running.
        resident_class: A subclass of `trustabm.agents.Resident` for residents, or where it is
            imported from, as "package.module:Class". Agents then carry out the weeks; how much
            slower is said on stderr before the first.
        police_class: The same of `PoliceOfficer`.
        ice_class: The same of `IceAgent`.
        rules: Rules of one's own, in every arm and the burn-in, as `trustabm.rule` makes them or
            paths of Python files; an arm of its own rules is a `trustabm.Arm`.

    Returns:
        Levels, differences and intervals, weekly outcomes, and findings in plain words.

    Raises:
        InvalidInput: for a name or value that does not exist; nothing was run.

    Example:
        >>> c = compare(["none", "secure-communities"], replicates=4, weeks=8, residents=500)
        >>> list(c.arms)
        ['none', 'secure-communities']
        >>> c = compare(
        ...     town="mecklenburg-nc", changes=["287g-task-force-2025"], since="2026-01",
        ...     replicates=4, weeks=8, residents=500,
        ... )
        >>> list(c.arms.values())
        ['Rules in force', '287(g) task force (2025)']
    """
    fixed = isinstance(parameters, Parameters)
    if fixed and draws:
        raise InvalidInput(f"draws: expected 0 with a whole set of parameters, got {draws}")
    own = {} if posterior is None else {"posterior": posterior}
    learned({"rules": rules}, None)
    many = _Workers.make({"workers": workers}, "compare").workers
    experiment = Experiment.make(
        {
            "town": town,
            **parting(policies, changes, since, start),
            "weeks": weeks,
            "burn_in": burn_in,
            "residents": residents,
            "replicates": replicates,
            "seed": seed,
            "local_policies": local_policies,
            "levers": _by_name(levers, "levers"),
            "parameters": parameters
            if isinstance(parameters, Parameters)
            else _by_name(parameters, "parameters"),
            "draws": 0 if fixed else draws,
            "structures": None if structures is None else _names(structures, "structures"),
            "figures": figures,
            **own,
            "classes": given(
                resident_class=resident_class, police_class=police_class, ice_class=ice_class
            ),
            "rules": rules,
        },
        "compare",
    )
    with telling(progress, "towns") as tell:
        return compare_arms(
            experiment,
            fixed=fixed,
            why=why,
            progress=tell,
            workers=many,
            before=before,
            pool=pool,
        )


def compare_arms(
    experiment: Experiment,
    *,
    fixed: bool = False,
    why: bool = False,
    progress: Callable[[int, int], object] | None = None,
    workers: int | None = None,
    before: Callable[[], object] | None = None,
    pool: Executor | None = None,
    sofar: Callable[[Counted], object] | None = None,
) -> Comparison:
    """Compare the arms of an experiment.

    Args:
        experiment: What is run.
        fixed: Whether its parameters are no draw of the posterior's, but somebody's own.
        why: As in `compare`.
        progress: Called with replicates done and replicates in all.
        workers: As in `compare`.
        before: As in `compare`.
        pool: As in `compare`.
        sofar: Called now and then, from the tenth town on, with what the towns so far counted.
    """
    number, usual = experiment.replicates, experiment.draws is None
    notices = [*dict.fromkeys(experiment.notices())]
    notices += few_towns(number, FEW) if usual and not experiment.lots else ()
    notices += () if fixed else stale(experiment.posterior if experiment.lots else None)
    if pool is not None or (workers or 1) > 1:
        check_workers(experiment.classes, "workers")
    say_slower(experiment.classes)
    whole = experiment.whole  # files are read now
    if before is not None:
        before()
    many = len(experiment.groups.names)
    totals: list[Floats] = []
    sums: list[Floats] = []
    town_sums: list[Floats] = []
    around: list[Floats] = []
    town_around: list[Floats] = []
    quarterly: list[Floats] = []
    probing = experiment.probing()
    every = [experiment, *([probing] if probing is not None else ())]
    lives = sum(e.replicates for e in every)
    worlds = lives + number * (len(mechanisms(experiment)) + 1 if why else 0)
    for n, _, lived in all_replicates(every, workers, _counting(progress, 0, worlds), pool):
        sums.append(together(lived.weeks))
        town_sums.append(lived.town_weeks.sum(axis=1))
        if n:
            continue
        around.append(lived.around)
        quarterly.append(quarters(lived.weeks[:, :, :many]))
        town_around.append(lived.town_around)
        totals = [t + x for t, x in zip(totals, lived, strict=True)] if totals else list(lived)
        if sofar is not None and len(sums) % FEW == 0:
            some = experiment.some(len(sums))
            if some is not None:
                sofar(Counted(some, np.stack(sums)[:, :, :many], np.stack(town_sums)))
    past, town_past, weeks, town_weeks, *_ = totals
    lines = zip(experiment.arms, experiment.lines, strict=True)
    comparison = Comparison(
        experiment=experiment,
        sums=np.stack(sums[:number]),
        town_sums=np.stack(town_sums[:number]),
        by_week=np.stack([np.concatenate([past, w]) for w in weeks]),
        town_by_week=np.stack([np.concatenate([town_past, w]) for w in town_weeks]),
        provenance=provenance(
            Scenario.shared(experiment, experiment.town, experiment.neighbors),
            arms={n: line.model_dump(mode="json") for n, line in lines},
            replicates=number,
            burn_in=experiment.burn_in,
            posterior=drawn_over(experiment),
            files=[arm.policy for arm in experiment.arms.values() if arm.by_name],
            notices=notices,
            experiment=plain(whole),
        ),
        notices=tuple(notices),
        around=tuple(
            Counted(
                experiment,
                np.stack([x[k] for x in around])[:, :, :many],
                np.stack([x[k] for x in town_around]),
            )
            for k in range(len(experiment.neighbors))
        ),
        probed=None
        if probing is None
        else Counted(probing, np.stack(sums[number:])[:, :, :many], np.stack(town_sums[number:])),
        quarters=np.stack(quarterly),
    )
    if why:
        progress = _counting(progress, lives, worlds)
        comparison.decompose(workers=workers, progress=progress, pool=pool)
    return comparison


def drawn_over(experiment: Experiment) -> dict[str, Any] | None:
    """Return what replicates were spread over, in plain values; None where over nothing."""
    if not experiment.lots:
        return None
    structures = Counter(lot.structure for lot in experiment.lots if lot.structure is not None)
    figures = experiment.figures is not False
    return {
        "draws": len(experiment.lots),
        "structures": dict(structures),
        "figures": sorted(ranged(experiment.place)) if figures else [],
        **(record(experiment.posterior) if structures else {"sha256": None, "file": None}),
    }


def _counting(
    progress: Callable[[int, int], object] | None, before: int, number: int
) -> Callable[[int, int], object] | None:
    """Return what tells progress of one part of the work as progress of all of it."""
    return None if progress is None else lambda done, _: progress(before + done, number)


class _Workers(catalog.File):
    """How many processes are asked for."""

    workers: int | None = Field(ge=1, le=1_000)


def _names(given: Any, what: str) -> list[str]:
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise InvalidInput(f"{what}: expected a list of names, got {shown(given)}")
    return list(given)


def _by_name(values: Mapping[str, Any] | None, what: str) -> dict[str, Any]:
    if values is not None and not isinstance(values, Mapping):
        raise InvalidInput(f"{what}: expected values by name, got {shown(values)}")
    return dict(values or {})
