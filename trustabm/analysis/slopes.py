"""Emulated surfaces with their slopes, fast enough for a sampler that asks tens of thousands.

A surface may be another one's with a correction: what the model gives in one structure, as what it
gives in another, at the same point, plus what that misses (Kennedy & O'Hagan 2000,
doi:10.1093/biomet/87.1.1).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustabm.analysis.emulator import Emulator, Surface

__all__ = ["Pull", "Slopes"]

Floats = npt.NDArray[np.float64]


FLOOR = 1e-6
"""Least noise, in amplitudes: without any an inverse is only rounding."""

Pull = Callable[[Floats, Floats], Floats]
"""Takes slopes by mean and by variance, (points, outputs) each; gives those by coordinate."""


@dataclass(frozen=True)
class _One:
    """One process, ready for products of matrices."""

    of: int  # the output that it is a part of
    center: float
    scale: float
    amplitude: float
    lengths: Floats  # (parameters,)
    points: Floats  # in lengths, (n, parameters)
    norms: Floats  # squared, of the points, (n, 1)
    weights: Floats  # (n,)
    inverse: Floats  # (n, n)


class Slopes:
    """Mean and variance of emulated outputs, with what they change by.

    Args:
        parts: Emulators' outputs, each with the output here that it is a part of; an output is the
            sum of its parts, and so is its variance.
        outputs: How many outputs there are.
    """

    def __init__(self, parts: Sequence[tuple[Emulator, int, int]], outputs: int) -> None:
        self.parts, self.outputs = tuple(parts), outputs
        self._parts = [_prepared(e.outputs[k], e.points, of) for e, k, of in parts]

    def at(self, points: Floats) -> tuple[Floats, Floats, Pull]:
        """Return mean and variance at points of the unit cube, and how to go back from there.

        Args:
            points: Of shape (points, parameters).

        Returns:
            Mean and variance, of shape (points, outputs), and what turns slopes of something by
            these into its slopes by coordinates, of shape (points, parameters).
        """
        new = np.asarray(points, dtype=np.float64)
        means, variances = np.zeros((2, len(new), self.outputs))
        kept = []
        for one in self._parts:
            x = new / one.lengths
            squared = one.norms + (x**2).sum(axis=1) - 2 * (one.points @ x.T)
            r = np.sqrt(5 * np.maximum(squared, 0))
            fading = one.amplitude * np.exp(-r)
            steep = (1 + r) * fading
            kernel = steep + r**2 / 3 * fading
            solved = one.inverse @ kernel
            means[:, one.of] += one.center + one.scale * (one.weights @ kernel)
            left = np.maximum(one.amplitude - (kernel * solved).sum(axis=0), 0)
            variances[:, one.of] += one.scale**2 * left
            kept.append((x, steep, solved))

        def pull(by_mean: Floats, by_variance: Floats) -> Floats:
            slopes = np.zeros_like(points)
            for one, (x, steep, solved) in zip(self._parts, kept, strict=True):
                mean = one.scale * by_mean[:, one.of]
                variance = 2 * one.scale**2 * by_variance[:, one.of]
                q = steep * (one.weights[:, None] * mean - solved * variance) * (5 / 3)
                slopes += (q.T @ one.points - x * q.sum(axis=0)[:, None]) / one.lengths
            return slopes

        return means, variances, pull


def _prepared(one: Surface, points: Floats, of: int) -> _One:
    from scipy.linalg import cho_factor, cho_solve

    scaled = points / one.lengths
    noise = np.diag(one.noise + FLOOR * one.amplitude)
    factor = cho_factor(one.kernel(points, points) + noise, lower=True)
    return _One(
        of,
        one.center,
        one.scale,
        one.amplitude,
        one.lengths,
        scaled,
        (scaled**2).sum(axis=1)[:, None],
        cho_solve(factor, one.means),
        cho_solve(factor, np.eye(len(points))),
    )
