"""Compare policies: the same towns with the same luck under each, and what differs.

Every replicate is one town and its luck. It lives through a burn-in under the reference; then each
arm goes its own way from that same state, so that a difference is caused by the policy. Levels are
pooled over replicates and weeks; intervals are of the paired jackknife over replicates, which are
spread over draws from the posterior.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from pydantic import Field

from trustabm.errors import InvalidInput, shown, whole_number
from trustabm.inputs import catalog
from trustabm.inputs.catalog import names_apart, titles_apart
from trustabm.inputs.draws import (
    digest,
    drawn,
    shipped,
    stale,
)
from trustabm.inputs.notices import few_towns, own_rules, window
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.policy import Policy
from trustabm.inputs.timeline import Timeline, timeline
from trustabm.inputs.town import town as town_named
from trustabm.outcomes.estimates import Estimate, estimates
from trustabm.outcomes.findings import sentences
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.measures import (
    ALL_GROUPS,
    CURRENT_GROUPS,
    events,
    levels,
)
from trustabm.rules.luck import seed_of
from trustabm.runs.folders import written
from trustabm.runs.replicates import (
    Design,
    arm,
    held,
    replicates,
)
from trustabm.runs.scenario import Scenario, overlaid
from trustabm.state.layout import WEEKS_MAX, G
from trustabm.week.world import World, check_weeks

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Comparison", "compare", "usual_draws"]

Floats = npt.NDArray[np.float64]
_Arm = str | Policy | Timeline
Arm = _Arm | Path

REPLICATES_MAX = 1_000_000

FEW = 20
"""Fewer replicates than this say too little about the draws they would be spread over."""


@dataclass(frozen=True)
class Comparison:
    """What a comparison gives.

    Args:
        arms: Name and title of each arm; the first is the reference.
        scenario: What the arms share.
        design: What every replicate lived through.
        sums: Counts of every replicate over the weeks after the arms part, of shape
            (replicates, arms, 2 * groups, fields), as `measures.counts` gives them.
        town_sums: The same of the town, of shape (replicates, arms, fields).
        by_week: Counts of all replicates by week, burn-in first, of shape
            (arms, burn_in + weeks, 2 * groups, fields).
        town_by_week: The same of the town.
        provenance: What is needed to make the comparison again.
        notices: What it is to be read with, in plain sentences.
    """

    arms: dict[str, str]
    scenario: Scenario
    design: Design
    sums: Floats = field(repr=False)
    town_sums: Floats = field(repr=False)
    by_week: Floats = field(repr=False)
    town_by_week: Floats = field(repr=False)
    provenance: dict[str, Any] = field(repr=False)
    notices: tuple[str, ...] = ()

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
        return tuple(seed_of(self.design.seed, k) for k in range(self.replicates))

    @cached_property
    def estimates(self) -> dict[tuple[str, str, str], Estimate]:
        """Level, difference and relative change by outcome, group and arm.

        Groups are those of the day on which the arms part, and rates are over who lived there then.
        """
        return self._estimated(ALL_GROUPS)

    @cached_property
    def current_estimates(self) -> dict[tuple[str, str, str], Estimate]:
        """The same of groups as of each week (`current-...`), over who is in them then.

        A policy that moves people between groups moves both sides of such a rate.
        """
        return self._estimated(CURRENT_GROUPS)

    def _estimated(self, groups: Sequence[str]) -> dict[tuple[str, str, str], Estimate]:
        p = self.design.parameters
        sums = self.sums if groups is CURRENT_GROUPS else self.sums[:, :, :G]
        whole = levels(sums.sum(axis=0), self.town_sums.sum(axis=0), p)
        without = levels(sums.sum(axis=0) - sums, self.town_sums.sum(axis=0) - self.town_sums, p)
        counted = events(sums, self.town_sums)
        keys = [(o, g) for o in GLOSSARY for g in groups if (o, g) in whole]
        rows = [np.stack([t[k] for k in keys], axis=-1) for t in (whole, without, counted)]
        of_arms = estimates(
            rows[0],
            rows[1],
            rows[2],
            [GLOSSARY[outcome].top for outcome, _ in keys],
            draws=self.design.spread(self.replicates) if self.design.draws else (),
            same_rules=[self.design.same_rules(k) for k in range(len(self.arms))],
        )
        return {
            (*key, name): of_arm[k]
            for k, key in enumerate(keys)
            for name, of_arm in zip(self.arms, of_arms, strict=True)
        }

    def records(self, current: bool = False) -> list[dict[str, Any]]:
        """Return one record an outcome, group and arm, in plain values.

        Args:
            current: Whether to add the groups as of each week.

        Returns:
            `{outcome, group, arm, level, difference, low, high, unit}`; None where there is no
            value, and for the reference's difference from itself.
        """
        return [
            {
                "outcome": outcome,
                "group": group,
                "arm": name,
                "level": e.level,
                "difference": e.difference,
                "low": e.low,
                "high": e.high,
                "unit": GLOSSARY[outcome].unit,
            }
            for (outcome, group, name), e in self._chosen(current).items()
        ]

    def _chosen(self, current: bool) -> dict[tuple[str, str, str], Estimate]:
        return self.estimates | self.current_estimates if current else self.estimates

    def effects(self, current: bool = False) -> pd.DataFrame:
        """Return the records as a frame, with the relative change in percent and its interval.

        With `current` it has the groups as of each week too (`current-latino-undocumented` and so
        on), over how many are in them then.
        `luck` and `percent_luck` are half the width that the intervals would have from luck alone,
        `by_parameters` how much of the interval, squared, is doubt about parameters (0 to 1), and
        `verdict` what can be said, in words (`trustabm.outcomes.estimates.Verdict`).
        """
        import pandas as pd

        frame = pd.DataFrame(self.records(current))
        numbers = ("percent", "percent_low", "percent_high", "luck", "percent_luck")
        for name in (*numbers, "by_parameters"):
            frame[name] = [getattr(e, name) for e in self._chosen(current).values()]
        frame["verdict"] = [
            str(e.verdict()) if name != self.reference else None
            for (_, _, name), e in self._chosen(current).items()
        ]
        for name in ("level", "difference", "low", "high"):
            frame[name] = frame[name].astype(float)
        return frame.astype(dict.fromkeys((*numbers, "by_parameters"), float))

    @cached_property
    def weekly(self) -> pd.DataFrame:
        """Outcomes by arm, week and group, pooled over replicates; week 0 is where arms part.

        The weeks before are the common burn-in, repeated for every arm.
        """
        return self._weekly(ALL_GROUPS)

    @cached_property
    def current_weekly(self) -> pd.DataFrame:
        """The same of groups as of each week (`current-...`), over who is in them then."""
        return self._weekly(CURRENT_GROUPS)

    def _weekly(self, groups: Sequence[str]) -> pd.DataFrame:
        import pandas as pd

        from trustabm.runs.results import weekly_frame

        frames = [
            weekly_frame(
                self.by_week[k],
                self.town_by_week[k],
                self.design.parameters,
                self.design.start,
                -self.design.burn_in,
                groups,
            ).assign(arm=name)
            for k, name in enumerate(self.arms)
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
        draw = self.design.spread(self.replicates)[replicate]
        return arm(self.design.at(draw), number, replicate, keep_events=True)

    @cached_property
    def events(self) -> dict[str, dict[str, pd.DataFrame]]:
        """Event tables of the first replicate by arm; week 0 is where arms part."""
        from trustabm.runs.results import event_frames

        return {
            name: event_frames(self.world(name).tables, self.design.start, self.design.burn_in)
            for name in self.arms
        }

    def findings(self) -> list[str]:
        """Return what changed, in plain sentences, and what is too close to call."""
        return sentences(self.estimates, self.arms, self.replicates)

    def covers(self) -> str:
        """Return what the intervals cover and what they do not."""
        d = self.design
        doubts, spread = "the luck of the simulated towns", ""
        rest = "uncertainty about the model's parameters, nor about the model"
        if d.draws:
            doubts += " and what published studies leave open about the model's parameters"
            spread = f", spread over {len(d.draws)} draws from the posterior"
            rest = "uncertainty about the model itself"
        return (
            f"Each 90% interval covers {doubts}: {self.replicates} towns of "
            f"{d.residents:,} residents, {d.weeks} weeks each after {d.burn_in} weeks in common"
            f"{spread}. It does not cover {rest}. "
            "Rates and groups are those of who lived there on the day the policies part. "
            "Each interval stands alone: of many that are listed, about one in ten misses."
        )

    def save(self, folder: str | Path, force: bool = False) -> Path:
        """Write weekly.parquet, effects.parquet, findings.txt and provenance.json, all or nothing.

        Raises:
            OutputExists: where the folder holds something and `force` is not set, or holds
                something that no comparison wrote.
            NotWritten: where it cannot be written.
        """
        with written(folder, force, "compare") as root:
            self.weekly.to_parquet(root / "weekly.parquet", index=False)
            self.effects().to_parquet(root / "effects.parquet", index=False)
            text = "\n".join([*self.findings(), *self.notices, "", self.covers()])
            (root / "findings.txt").write_text(text + "\n", encoding="utf-8")
            text = json.dumps(self.provenance, indent=2, default=str)
            (root / "provenance.json").write_text(text + "\n", encoding="utf-8")
        return Path(folder)


def compare(
    policies: Sequence[Arm] | Mapping[str, Arm],
    *,
    town: str | Path = "us-average",
    replicates: int = 100,
    weeks: int = 104,
    burn_in: int = 104,
    residents: int = 5000,
    seed: int = 0,
    start: dt.date | str = dt.date(2010, 1, 1),
    parameters: Parameters | Mapping[str, Any] | None = None,
    draws: int | None = None,
    local_policies: bool = False,
    levers: Mapping[str, Any] | None = None,
    progress: Callable[[int, int], object] | None = None,
    workers: int | None = None,
    before: Callable[[], object] | None = None,
    pool: Executor | None = None,
) -> Comparison:
    """Compare policies in one town.

    Args:
        policies: The arms, the first of them the reference: names of policies or timelines,
            paths of TOML files, or policies and timelines themselves under names of their own,
            which are then shown instead of their titles.
        town: A shipped town's name or the path of a TOML file.
        replicates: Towns simulated; intervals narrow with their square root.
        weeks: Weeks after the arms part, all of them measured.
        burn_in: Weeks before, under what the reference has in force at `start`.
        residents: Residents simulated in each town.
        seed: The root seed: that of the first replicate. The seeds of the others are made of it
            and their number, so that two roots have no town in common.
        start: The date on which the arms part.
        parameters: Parameters that take these values in every replicate, whatever the posterior
            says of them; a whole set of parameters is used as it is, without draws.
        draws: Draws from the posterior to spread the replicates over, so that intervals cover
            doubt about parameters as well as luck; 0 for the default parameters alone. Half as many
            as replicates if not given, and 0 for fewer than 20 replicates.
        local_policies: Whether the town's own dated policies are merged into every arm.
        levers: Lever values laid over every arm.
        progress: Called with replicates done and replicates in all.
        workers: Processes; chosen by the work there is if not given.
        before: Called when the inputs have been found valid and nothing has been run.
        pool: Processes to use instead of new ones; they are left running.

    Returns:
        Levels, differences and intervals, weekly outcomes, and findings in plain words.

    Raises:
        InvalidInput: for a name or value that does not exist; nothing was run.

    Example:
        >>> c = compare(["none", "secure-communities"], replicates=4, weeks=8, residents=500)
        >>> list(c.arms)
        ['none', 'secure-communities']
    """
    asked = _Asked.make(
        {"replicates": replicates, "workers": workers, "burn_in": burn_in, "draws": draws},
        "compare",
    )
    replicates, burn_in, draws = asked.replicates, asked.burn_in, asked.draws
    named = _named(policies)
    fixed = isinstance(parameters, Parameters)
    many = _draws(draws, replicates, fixed)
    some = {} if isinstance(parameters, Parameters) else _by_name(parameters, "parameters")
    values = {
        "town": town,
        "start": start,
        "weeks": weeks,
        "residents": residents,
        "seed": seed,
        "local_policies": local_policies,
        "levers": _by_name(levers, "levers"),
        "parameters": parameters if isinstance(parameters, Parameters) else some,
    }
    scenario = Scenario.make(values, "compare")
    check_weeks(burn_in + scenario.weeks, "burn_in and weeks together")
    lines = {name: _line(what, name, values, scenario) for name, what in named.items()}
    design = Design(
        place=town_named(scenario.town),
        arms=tuple(lines.values()),
        start=scenario.start,
        weeks=scenario.weeks,
        burn_in=burn_in,
        residents=scenario.residents,
        seed=scenario.seed,
        parameters=scenario.parameters,
        draws=drawn(many, some),
    )
    if before is not None:
        before()
    files = [what for what in named.values() if isinstance(what, str)]
    usual = draws is None and not fixed
    # What somebody named is called so; a file is called by its title.
    titles = {n: n if isinstance(policies, Mapping) else t.title for n, t in lines.items()}
    shown = titles_apart(titles)
    said = _notices(shown, design, scenario, replicates if usual and not design.draws else None)
    said += () if fixed else stale()
    return _added_up(
        design,
        shown,
        scenario,
        replicates,
        asked.workers,
        progress,
        files,
        pool,
        said,
    )


def _added_up(
    design: Design,
    arms: dict[str, str],
    scenario: Scenario,
    number: int,
    workers: int | None,
    progress: Callable[[int, int], object] | None,
    files: list[str],
    pool: Executor | None,
    notices: tuple[str, ...],
) -> Comparison:
    from trustabm.runs.provenance import provenance

    totals: list[Floats] = []
    sums: list[Floats | None] = [None] * number
    town_sums: list[Floats | None] = [None] * number
    for k, lived in replicates(design, number, workers, progress, pool):
        sums[k] = lived.weeks.sum(axis=1)
        town_sums[k] = lived.town_weeks.sum(axis=1)
        totals = [t + x for t, x in zip(totals, lived, strict=True)] if totals else list(lived)
    past, town_past, weeks, town_weeks = totals
    return Comparison(
        arms=arms,
        scenario=scenario,
        design=design,
        sums=np.stack([s for s in sums if s is not None]),
        town_sums=np.stack([s for s in town_sums if s is not None]),
        by_week=np.stack([np.concatenate([past, w]) for w in weeks]),
        town_by_week=np.stack([np.concatenate([town_past, w]) for w in town_weeks]),
        provenance=provenance(
            scenario,
            arms={n: t.model_dump(mode="json") for n, t in zip(arms, design.arms, strict=True)},
            replicates=number,
            burn_in=design.burn_in,
            posterior={"draws": len(design.draws), "sha256": digest()} if design.draws else None,
            files=files,
            notices=notices,
        ),
        notices=notices,
    )


def _notices(
    arms: dict[str, str], design: Design, scenario: Scenario, few: int | None
) -> tuple[str, ...]:
    lines = zip(arms.values(), design.arms, strict=True)
    said = list(window(lines, design.start, design.weeks))
    if not scenario.local_policies:
        said += own_rules(design.place, design.start, design.weeks)
    if few is not None:
        said += few_towns(few, FEW)
    return tuple(said)


def usual_draws(replicates: int) -> int:
    """Return how many draws to spread replicates over where nobody says: two replicates each."""
    return 0 if replicates < FEW else min(replicates // 2, len(shipped()))


def _draws(asked: int | None, replicates: int, fixed: bool) -> int:
    if asked is None:
        return 0 if fixed else usual_draws(replicates)
    if fixed and asked:
        raise InvalidInput(f"draws: expected 0 with a whole set of parameters, got {asked}")
    if not 0 <= asked <= replicates:
        raise InvalidInput(f"draws: expected 0 to {replicates}, the replicates, got {asked}")
    return asked


class _Asked(catalog.File):
    """What is asked of a comparison beside its scenario."""

    replicates: int = Field(ge=1, le=REPLICATES_MAX)
    workers: int | None = Field(ge=1, le=1_000)
    burn_in: int = Field(ge=0, le=WEEKS_MAX)
    draws: int | None = Field(ge=0)


def _by_name(values: Mapping[str, Any] | None, what: str) -> dict[str, Any]:
    if values is not None and not isinstance(values, Mapping):
        raise InvalidInput(f"{what}: expected values by name, got {shown(values)}")
    return dict(values or {})


class _Named(catalog.File):
    """The name of an arm."""

    name: catalog.Title


def _named(policies: Iterable[Arm] | Mapping[str, Arm]) -> dict[str, _Arm]:
    """Return the arms by name: the words they were asked for by, or their titles."""
    if isinstance(policies, str | set | frozenset) or not isinstance(policies, Iterable):
        # Of a set none is the first, with which the others are compared.
        raise InvalidInput(f"policies: expected a list of at least 2, got {shown(policies)}")
    if isinstance(policies, Mapping):
        named = {catalog.plain(name): catalog.plain(what) for name, what in policies.items()}
        for name in named:
            _Named.make({"name": name}, "policies")
    else:
        asked = []
        policies = [catalog.plain(what) for what in policies]
        for what in policies:
            if not isinstance(what, str | Timeline | Policy):
                raise InvalidInput(f"policies: expected a name or a timeline, got {shown(what)}")
            if isinstance(what, Policy):
                raise InvalidInput(
                    "policies: expected a name for a Policy, as in {'mine': policy}, got none"
                )
            asked.append(what.title if isinstance(what, Timeline) else what)
        named = {}
        for name, what in zip(names_apart(asked), policies, strict=True):
            if name in named:
                raise InvalidInput(
                    f"policies: expected each once, or names of your own, as in "
                    f"{{'mine': policy}}, got {shown(name)} twice"
                )
            named[name] = what
    for name, what in named.items():
        if not isinstance(what, str | Timeline | Policy):
            raise InvalidInput(
                f"policies: {name}: expected a name, a timeline or a policy, got {shown(what)}"
            )
    if len(named) < 2:
        raise InvalidInput(
            f"policies: expected at least 2, the first of them the reference, got {list(named)}"
        )
    return named


def _line(what: _Arm, name: str, values: dict[str, Any], shared: Scenario) -> Timeline:
    """Return an arm's timeline, local policies and levers laid in as in a scenario."""
    if isinstance(what, str):
        line = timeline(what)
        scenario = Scenario.make(values | {"policy": what}, f"policy {name}")
        return scenario.timelines()[0].model_copy(update={"title": line.title})
    line = held(what, name) if isinstance(what, Policy) else what
    if shared.local_policies:
        place = town_named(shared.town)
        line = line.merged(place.changes, place.title)
    return overlaid(line, shared.levers) if shared.levers else line
