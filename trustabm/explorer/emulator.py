"""The emulator: every lot's answer to every setting, cheap enough for a page to work it out.

On square roots of levels, which steady the luck of counts and bear none of them (Bartlett 1936,
doi:10.2307/2983678), a lot's answer is a quadratic of where its levers stand less the same where
its rules in force have them, and a step for the news that anything changes. So nothing moved is
nothing changed, exactly. What all lots have in common is learned of all of them, and how a lot
departs from it - how far it goes with the others, and its own slopes - of its own lives, by ridge
regression whose penalties predict what was left out best (Hoerl & Kennard 1970,
doi:10.1080/00401706.1970.10488634).

The middle is the mean over lots. An interval's ends are the lots' own quantiles, of which the true
lot is as likely to be one as any other, and the emulator's own error on top. How large that is at a
setting is known of what is learned without each quarter of the settings (the jackknife): where the
quarters contradict each other by too much of the interval, the emulator does not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from trustabm.explorer.lived import Learned
from trustabm.explorer.settings import NAMES, Setting
from trustabm.inputs.policy import ASK, LEVERS
from trustabm.outcomes.intervals import COVERAGE
from trustabm.outcomes.quantiles import normal_quantile

__all__ = ["DIGITS", "Answered", "Emulator", "ends_of", "features", "fitted"]

Floats = npt.NDArray[np.float64]

ROOTED = ("ice_capacity", "raids")
"""Levers with amounts that saturate: their root stands for them, and the root of that beside it."""

PARTS = 4
"""Parts of the settings, each left out once."""

PENALTIES = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
OF_LOTS = (10.0, 30.0, 100.0, 300.0, 1000.0, 1e4, 1e6)
"""Penalties of what all lots share, and of what is a lot's own; the last leaves nothing of it."""

UNKNOWN = 0.25
"""The emulator's standard error, as a part of an interval's width, beyond which it is unknown."""

DIGITS = 7
"""Digits of the numbers that are kept, in the page as here."""

_ONE, _OTHER = np.triu_indices(len(NAMES) + len(ROOTED))
_ROOTED = [NAMES.index(name) for name in ROOTED]


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
    """

    rules: Floats
    read: Floats
    roots: Floats
    shared: Floats
    parts: Floats
    own: Floats

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
        up = common * (1.0 + self.own[:, 0]) + np.einsum("lf,lfo->lo", slopes, self.own[:, 1:])
        before = self.roots**2
        each = np.fmax(self.roots + up, 0.0) ** 2 - before
        middle = each.mean(axis=0)
        low, high = ends_of(each)
        # The jackknife's standard error of what is shared, on the scale of levels.
        apart = moved[-1] @ (self.parts - self.shared)
        error = np.sqrt((PARTS - 1) / PARTS * (apart**2).sum(axis=0))
        error *= 2.0 * np.sqrt(np.fmax(before.mean(axis=0) + middle, 0.0))
        known = error <= UNKNOWN * np.fmax(high - low, 1e-12)
        far = normal_quantile(0.5 + COVERAGE / 2) * error
        low = middle - np.sqrt(np.fmax(middle - low, 0.0) ** 2 + far**2)
        high = middle + np.sqrt(np.fmax(high - middle, 0.0) ** 2 + far**2)
        level = before.mean(axis=0)
        return Answered(level, middle, np.fmax(low, -level), high, known, each)

    def plain(self) -> dict[str, Any]:
        """Return it in plain values."""
        return {name: np.asarray(x).tolist() for name, x in self._asdict().items()}


def ends_of(each: Floats) -> tuple[Floats, Floats]:
    """Return the quantiles that cut off 5% at either end, unbiased from few lots (Weibull)."""
    ordered, many = np.sort(each, axis=0), len(each)
    found = []
    for share in ((1 - COVERAGE) / 2, (1 + COVERAGE) / 2):
        at = min(max((many + 1) * share - 1.0, 0.0), many - 1.0)
        first = min(int(at), many - 2)
        found.append(ordered[first] + (at - first) * (ordered[first + 1] - ordered[first]))
    return found[0], found[1]


def features(points: Floats) -> Floats:
    """Return what levers are multiplied to: themselves, squares and products, room for a step.

    Args:
        points: Of shape (..., levers).
    """
    v = points.copy()
    v[..., _ROOTED] = np.sqrt(v[..., _ROOTED])
    v = np.concatenate([v, np.sqrt(v[..., _ROOTED])], axis=-1)
    step = np.zeros_like(v[..., :1])
    return np.concatenate([v, v[..., _ONE] * v[..., _OTHER], step], axis=-1)


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
