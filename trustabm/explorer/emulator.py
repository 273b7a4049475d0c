"""The emulator: every lot's answer to every setting, cheap enough for a page to work it out.

On square roots of levels, which steady the luck of counts and bear none of them (Bartlett 1936,
doi:10.2307/2983678), a lot's answer is a quadratic of where its levers stand less the same where
its rules in force have them, and a step for the news that anything changes. So nothing moved is
nothing changed, exactly. What all lots have in common is learned of all of them, and how a lot
departs from it - how far it goes with the others, and its own slopes - of its own lives, by ridge
regression whose penalties predict what was left out best (Hoerl & Kennard 1970,
doi:10.1080/00401706.1970.10488634).

The middle is the mean over lots. An interval's ends are the lots' own quantiles, of which the true
lot is as likely to be one as any other, and on top two things more. The emulator's error: what is
learned without each quarter of the settings (the jackknife); where the quarters contradict each
other by too much of the interval, the emulator does not know. And what lots depart by beyond what
is known of each: lives of a lot go through the same settings with luck of their own, so what they
share of a departure from what was learned without that setting is none of luck.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls

from trustabm.explorer.features import features
from trustabm.explorer.lived import Learned
from trustabm.explorer.settings import NAMES, Setting
from trustabm.inputs.policy import ASK, LEVERS
from trustabm.outcomes.intervals import COVERAGE
from trustabm.outcomes.quantiles import normal_quantile

__all__ = ["DIGITS", "Answered", "Emulator", "ends_of", "fitted"]

Floats = npt.NDArray[np.float64]

PARTS = 4
"""Parts of the settings, each left out once."""

PENALTIES = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
OF_LOTS = (10.0, 30.0, 100.0, 300.0, 1000.0, 1e4, 1e6)
"""Penalties of what all lots share, and of what is a lot's own; the last leaves nothing of it."""

UNKNOWN = 0.25
"""The emulator's standard error, as a part of an interval's width, beyond which it is unknown."""

DIGITS = 7
"""Digits of the numbers that are kept, in the page as here."""


class Answered(NamedTuple):
    """What an emulator says of one setting, arrays of shape (outcomes,).

    Args:
        before: Levels under the rules in force.
        middle: Changes.
        low: Lower ends of their 90% intervals.
        high: Upper ends.
        known: Whether it knows.
        each: Changes in every lot, of shape (lots, outcomes).
    """

    before: Floats
    middle: Floats
    low: Floats
    high: Floats
    known: npt.NDArray[np.bool_]
    each: Floats


class Emulator(NamedTuple):
    """What was learned of one town; numbers have few digits, so that a page holds the same.

    Args:
        rules: Where levers stand under the rules in force as stated, of shape (levers,).
        read: The same as each lot reads them, of shape (lots, levers).
        roots: Square roots of levels there, of shape (lots, outcomes).
        shared: What all lots have in common, of shape (features, outcomes).
        parts: The same without each part of the settings, of shape (parts, features, outcomes).
        own: How a lot departs from it: its share more of the same, its slopes and its step, of
            shape (lots, 1 + levers + 1, outcomes).
        apart: How the square of lots' departures grows: with anything moved, with the share of
            levers moved, with the square of what lots have in common; of shape (3, outcomes).
    """

    rules: Floats
    read: Floats
    roots: Floats
    shared: Floats
    parts: Floats
    own: Floats
    apart: Floats

    def answer(self, setting: Setting) -> Answered:
        """Return what changes where levers are moved.

        Args:
            setting: Where to; levers that it does not say stay as each lot has them.
        """
        stand = np.vstack([self.read, self.rules])
        points = stand.copy()
        for name, value in setting.items():
            number = ASK.index(value) if name == "ask_status" else value
            points[:, NAMES.index(name)] = number / LEVERS[name].high
        moved = features(points) - features(stand)
        moved[:, -1] = (points != stand).any(axis=1)
        common = moved[:-1] @ self.shared
        slopes = np.concatenate([moved[:-1, : len(NAMES)], moved[:-1, -1:]], axis=1)
        more = common * self.own[:, 0] + np.einsum("lf,lfo->lo", slopes, self.own[:, 1:])
        before = self.roots**2
        each = np.fmax(self.roots + common + more, 0.0) ** 2 - before
        middle = each.mean(axis=0)
        low, high = ends_of(each)
        # The jackknife's standard error of what is shared, and departures not known of any lot.
        wrong = moved[-1] @ (self.parts - self.shared)
        error = (PARTS - 1) / PARTS * (wrong**2).sum(axis=0)
        grown = _grown((points != stand)[-1], moved[-1] @ self.shared)
        unseen = np.fmax((grown * self.apart).sum(axis=0) - (more**2).mean(axis=0), 0.0)
        level = before.mean(axis=0)
        steep = 4.0 * np.fmax(level + middle, 0.0)  # from squares of roots to those of levels
        far = normal_quantile(0.5 + COVERAGE / 2) ** 2 * steep * (error + unseen)
        low = middle - np.sqrt(np.fmax(middle - low, 0.0) ** 2 + far)
        high = middle + np.sqrt(np.fmax(high - middle, 0.0) ** 2 + far)
        known = np.sqrt(steep * error) <= UNKNOWN * np.fmax(high - low, 1e-12)
        return Answered(level, middle, np.fmax(low, -level), high, known, each)

    def plain(self) -> dict[str, Any]:
        """Return it in plain values."""
        return {name: np.asarray(x).tolist() for name, x in self._asdict().items()}


def _grown(moved: npt.NDArray[np.bool_], common: Floats) -> Floats:
    """Return what departures grow with, of shape (..., 3, outcomes)."""
    share = moved.mean(axis=-1, keepdims=True)
    return np.stack(np.broadcast_arrays(share > 0.0, share, common**2), axis=-2)


def ends_of(each: Floats) -> tuple[Floats, Floats]:
    """Return the quantiles that cut off 5% at either end, unbiased from few lots (Weibull)."""
    ordered, many = np.sort(each, axis=0), len(each)
    found = []
    for share in ((1 - COVERAGE) / 2, (1 + COVERAGE) / 2):
        at = min(max((many + 1) * share - 1.0, 0.0), many - 1.0)
        first = min(int(at), many - 2)
        found.append(ordered[first] + (at - first) * (ordered[first + 1] - ordered[first]))
    return found[0], found[1]


def fitted(learned: Learned, rules: Floats) -> Emulator:
    """Return what lives through random settings teach.

    Args:
        learned: What they counted.
        rules: Where levers stand under the rules in force as stated.
    """
    roots = np.sqrt(learned.levels)
    up = roots[:, 1:] - roots[:, :1]
    moved = features(learned.points) - features(learned.rules)[:, None]
    moved[..., -1] = 1.0
    scale = np.sqrt((moved**2).mean(axis=(0, 1)))
    scale[scale == 0] = 1.0
    moved /= scale
    shared, parts = _shared(moved, up)
    apart = _apart(learned, moved, up, parts)
    first = np.unique(learned.lots, return_index=True)[1]
    size = (up**2).mean(axis=(0, 1)) ** 0.5
    own = _own(learned.lots, moved, up, moved @ shared, size)
    slopes = [*range(len(NAMES)), -1]
    own[:, 1:] /= scale[slopes][:, None]
    base = np.stack([roots[learned.lots == k, 0].mean(axis=0) for k in range(len(first))])
    return Emulator(
        *(
            _kept(x)
            for x in (
                rules,
                learned.rules[first],
                base,
                shared / scale[:, None],
                parts / scale[:, None],
                own,
                apart,
            )
        )
    )


def _kept(values: Floats) -> Floats:
    """Return numbers with as many digits as are kept."""
    flat = [float(f"{x:.{DIGITS}g}") for x in values.ravel().tolist()]
    return np.array(flat).reshape(values.shape)


def _ridge(moved: Floats, up: Floats, penalties: Sequence[float]) -> Floats:
    """Return coefficients by penalty, of shape (penalties, features, outcomes)."""
    rows, values = moved.reshape(-1, moved.shape[-1]), up.reshape(-1, up.shape[-1])
    sizes, vectors = np.linalg.eigh(rows.T @ rows)
    seen = vectors.T @ (rows.T @ values)
    sizes = np.fmax(sizes, 0.0)[:, None]
    return np.stack([vectors @ (seen / (sizes + penalty)) for penalty in penalties])


def _shared(moved: Floats, up: Floats) -> tuple[Floats, Floats]:
    """Return what all lots share, and the same without each part of the settings.

    Each outcome has the penalty that predicts the settings left out best.
    """
    part, wrong, without = np.arange(up.shape[1]) % PARTS, 0.0, []
    for k in range(PARTS):
        out = part == k
        without.append(_ridge(moved[:, ~out], up[:, ~out], PENALTIES))
        said = np.einsum("lsf,pfo->plso", moved[:, out], without[-1], optimize=True)
        wrong = wrong + ((up[:, out] - said) ** 2).sum(axis=(1, 2))
    best = np.asarray(wrong).argmin(axis=0)
    of, outcome = _ridge(moved, up, PENALTIES), np.arange(len(best))
    return of[best, :, outcome].T, np.stack([x[best, :, outcome].T for x in without])


def _apart(learned: Learned, moved: Floats, up: Floats, parts: Floats) -> Floats:
    """Return how the square of what lots depart by grows, of shape (3, outcomes).

    Of two lives of a lot the product of departures is without luck on average.
    """
    part = np.arange(up.shape[1]) % PARTS
    said = np.empty_like(up)
    for k in range(PARTS):
        said[:, part == k] = moved[:, part == k] @ parts[k]
    many, outcomes = learned.lots.max() + 1, up.shape[-1]
    rest = (up - said).reshape(many, -1, *up.shape[1:])
    lives = rest.shape[1]
    square = (rest.sum(axis=1) ** 2 - (rest**2).sum(axis=1)) / (lives * (lives - 1))
    first = slice(None, None, lives)
    grown = _grown(learned.points[first] != learned.rules[first, None], said[first])
    return np.stack(
        [nnls(grown[..., o].reshape(-1, 3), square[..., o].ravel())[0] for o in range(outcomes)],
        axis=-1,
    )


def _own(
    lots: npt.NDArray[np.intp], moved: Floats, up: Floats, common: Floats, size: Floats
) -> Floats:
    """Return how every lot departs, of shape (lots, 1 + levers + 1, outcomes).

    Lives of a lot share nothing but the lot: the penalty is the one with which what is learned of
    one life predicts the others best.
    """
    slopes = np.concatenate([moved[..., : len(NAMES)], moved[..., -1:]], axis=-1)
    many = lots.max() + 1
    found = np.zeros((many, 1 + slopes.shape[-1], up.shape[-1]))
    for o in range(up.shape[-1]):
        more = common[..., o : o + 1] / max(size[o], 1e-12)
        rows, rest = np.concatenate([more, slopes], axis=-1), (up - common)[..., o]
        wrong = np.zeros(len(OF_LOTS))
        for k in range(len(lots)):
            others = (lots == lots[k]) & (np.arange(len(lots)) != k)
            for n, penalty in enumerate(OF_LOTS):
                said = rows[k] @ _of_lot(rows[others], rest[others], penalty)
                wrong[n] += ((rest[k] - said) ** 2).sum()
        best = OF_LOTS[int(wrong.argmin())]
        for lot in range(many):
            found[lot, :, o] = _of_lot(rows[lots == lot], rest[lots == lot], best)
        found[:, 0, o] /= max(size[o], 1e-12)
    return found


def _of_lot(rows: Floats, rest: Floats, penalty: float) -> Floats:
    flat = rows.reshape(-1, rows.shape[-1])
    square = flat.T @ flat + penalty * np.eye(flat.shape[1])
    found: Floats = np.linalg.solve(square, flat.T @ rest.ravel())
    return found
