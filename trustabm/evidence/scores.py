"""How well findings are forecast that a forecast was not made with, and how much better than naive.

The score is the continuous ranked probability score (Gneiting & Raftery 2007,
doi:10.1198/016214506000001437) in tolerances of the finding: the mean distance of the forecast from
what was published, less half of how far its own values lie apart; less is better. Where a sign or
a bound alone was published, it is Brier's: the square of the chance that was given to the
contrary. Naive forecasts get what they miss by added from other studies in the same way as the
model does, so that what is compared is what each knows, not how sure it says it is. Skill is one
less the ratio of scores, over the findings of which both forecast something.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
import numpy.typing as npt

from trustabm.errors import need
from trustabm.evidence.kinds import KINDS, kind_of
from trustabm.evidence.naive import NAIVE
from trustabm.evidence.predictive import Forecast, Forecasts, Spread, number, predicted, spreads
from trustabm.evidence.target import Target
from trustabm.evidence.targets import TARGETS

__all__ = ["ALL", "MODEL", "SETS", "Score", "Skill", "Summary", "not_above", "scores", "summary"]

Floats = npt.NDArray[np.float64]

MODEL, ALL = "model", "all"

SETS = {
    "never fitted": "Findings that took no part in the fit.",
    "left out": "Fitted findings, each forecast by a posterior without its study.",
}
"""Findings that a forecast was not made with."""

LEVELS = (50, 90)
"""Percent that intervals are to hold."""

AGAIN = 2000
"""Times that studies are drawn with replacement, for the interval of a skill."""


@dataclass(frozen=True, slots=True)
class Score:
    """One forecast of one finding.

    Args:
        id: The target.
        set: One of `SETS`.
        forecast: `MODEL`, or the name of a naive one.
        score: CRPS in tolerances or, of a sign or a bound, Brier's score.
        low: The lower end of the 90% interval.
        high: The upper end.
        held: By percent, whether that interval holds the published number; nothing of a sign.
        alone: The same without what the forecast misses findings by.
        chance: What chance is given to a published sign or bound; None of a number.
    """

    id: str
    set: str
    forecast: str
    score: float
    low: float
    high: float
    held: dict[int, bool]
    alone: dict[int, bool]
    chance: float | None


def scores(
    never_fitted: Forecasts, left_out: Forecasts | None = None, seed: int = 0
) -> list[Score]:
    """Return scores of the model and of the naive forecasts, finding by finding.

    Args:
        never_fitted: Of targets that took no part in the fit.
        left_out: Of fitted targets, each from a posterior without its study.
        seed: Of the samples.

    Raises:
        NotInstalled: where the extra `score` is not.
    """
    need("score", "scores")
    never, left = SETS
    of_set = dict.fromkeys(never_fitted, never) | dict.fromkeys(left_out or {}, left)
    made: dict[str, Forecasts] = {MODEL: {**never_fitted, **(left_out or {})}}
    for name, give in NAIVE.items():
        values = {i: give(TARGETS[i]) for i in of_set}
        made[name] = {i: number(x) for i, x in values.items() if x is not None}
    found = []
    for name, forecasts in made.items():
        by_study = spreads(forecasts)
        for i, forecast in forecasts.items():
            spread = by_study[TARGETS[i].study]
            found.append(_scored(TARGETS[i], of_set[i], name, forecast, spread, seed))
    return found


def _scored(
    t: Target, of_set: str, name: str, forecast: Forecast, spread: Spread, seed: int
) -> Score:
    import scoringrules

    values = predicted(t, forecast, spread, seed)
    if t.numeric:
        crps = scoringrules.crps_ensemble(t.middle, values, backend="numpy")
        score, chance = float(crps) / t.tolerance, None
        held, alone = (_held(x, t) for x in (values, predicted(t, forecast, None, seed)))
    else:
        below = t.bound in ("at most", "negative")
        agreeing = values <= t.published if below else values >= t.published
        chance, held, alone = float(agreeing.mean()), {}, {}
        score = (1.0 - chance) ** 2
    return Score(t.id, of_set, name, score, *_interval(values, 90), held, alone, chance)


def _interval(values: Floats, percent: int) -> tuple[float, float]:
    low, high = np.quantile(values, (0.5 - percent / 200, 0.5 + percent / 200))
    return float(low), float(high)


def _held(values: Floats, t: Target) -> dict[int, bool]:
    ends = {percent: _interval(values, percent) for percent in LEVELS}
    return {percent: low <= t.middle <= high for percent, (low, high) in ends.items()}


@dataclass(frozen=True, slots=True)
class Skill:
    """How much better than a naive forecast, over the findings of which both say something.

    Args:
        findings: How many.
        model: The model's mean score.
        naive: The naive forecast's.
        skill: One less their ratio; 0 is as good, 1 is perfect.
        low: The lower end of its 90% interval, studies drawn with replacement; None of one study.
        high: The upper end.
        worse: Findings that the naive forecast is better at.
    """

    findings: int
    model: float
    naive: float
    skill: float
    low: float | None
    high: float | None
    worse: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """Scores over findings of one set and kind, numbers and signs apart.

    Args:
        set: One of `SETS`.
        kind: A kind, or `ALL`.
        signs: Whether it is of signs and bounds.
        findings: How many.
        studies: Of how many studies.
        held: By percent, how many intervals hold what was published.
        alone: The same without what the model misses findings by.
        chance: Mean chance given to published signs and bounds.
        skill: By naive forecast, where that forecasts any of them.
    """

    set: str
    kind: str
    signs: bool
    findings: int
    studies: int
    held: dict[int, int]
    alone: dict[int, int]
    chance: float | None
    skill: dict[str, Skill]


def summary(found: Sequence[Score]) -> list[Summary]:
    """Return what scores come to, by set, numbers before signs, all kinds before each."""
    out = []
    for of_set in SETS:
        for signs in (False, True):
            for kind in (ALL, *KINDS):
                some = [
                    s
                    for s in found
                    if s.set == of_set
                    and (s.chance is not None) == signs
                    and kind in (ALL, kind_of(s.id))
                ]
                if some:
                    out.append(_summary(of_set, kind, signs, some))
    return out


def _summary(of_set: str, kind: str, signs: bool, some: list[Score]) -> Summary:
    by: dict[str, dict[str, Score]] = {}
    for s in some:
        by.setdefault(s.forecast, {})[s.id] = s
    own = by.pop(MODEL)
    return Summary(
        of_set,
        kind,
        signs,
        len(own),
        len({TARGETS[i].study for i in own}),
        {} if signs else {p: sum(s.held[p] for s in own.values()) for p in LEVELS},
        {} if signs else {p: sum(s.alone[p] for s in own.values()) for p in LEVELS},
        fmean(s.chance or 0.0 for s in own.values()) if signs else None,
        {name: _skill(own, naive) for name, naive in by.items()},
    )


def _skill(own: Mapping[str, Score], naive: Mapping[str, Score]) -> Skill:
    both = np.array([(own[i].score, s.score) for i, s in naive.items()])
    studies = [TARGETS[i].study for i in naive]
    names = sorted(set(studies))
    sums = np.array([both[[s == name for s in studies]].sum(axis=0) for name in names])
    low = high = None
    if len(names) > 1:
        drawn = np.random.default_rng(0).integers(len(names), size=(AGAIN, len(names)))
        model, other = sums[drawn].sum(axis=1).T
        low, high = (float(x) for x in np.quantile(1 - model / other, (0.05, 0.95)))
    model, other = (float(x) for x in both.mean(axis=0))
    worse = tuple(i for i, s in naive.items() if own[i].score > s.score)
    return Skill(len(naive), model, other, 1 - model / other, low, high, worse)


def not_above(found: Sequence[Summary]) -> list[str]:
    """Return a line for each naive forecast that the model is not better than, and where."""
    where: dict[tuple[str, bool, str], list[str]] = {}
    for s in found:
        for name, skill in s.skill.items():
            if skill.skill <= 0:
                said = f"{s.kind} ({skill.skill:+.2f}, {skill.findings})"
                where.setdefault((s.set, s.signs, name), []).append(said)
    return [
        f"{of_set}, {'signs and bounds' if signs else 'numbers'}: not above {name}: "
        f"{', '.join(kinds)}"
        for (of_set, signs, name), kinds in where.items()
    ]
