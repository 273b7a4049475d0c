"""A Gaussian process in the place of the model: what it gives on average, and how sure that is.

One process an output, with a Matérn 5/2 kernel that has a length for every parameter (Rasmussen &
Williams 2006, doi:10.7551/mitpress/3206.001.0001). It learns means over replicates. What is left of
the replicates' noise in these means is told to it or estimated, and is no part of what it says
about the mean at a new point (stochastic kriging: Ankenman, Nelson & Staum 2010,
doi:10.1287/opre.1090.0754).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from trustabm.errors import InvalidInput

__all__ = ["Check", "Emulator", "Surface", "common_luck_variance"]

Floats = npt.NDArray[np.float64]

LEARNING_POINTS = 400  # more hardly move the lengths, and the time goes with the third power
# Of the amplitude, of lengths in widths of the parameter's range, and of the noise.
BOUNDS = ((1e-3, 1e3), (0.05, 50.0), (1e-8, 2.0))
LENGTH_VARIANCE = 3.0  # of their logarithms, before any point is known
STEPS = 200  # of the search for lengths: an output that does not vary has no best ones
# Lengths and noise to search from: a wavy surface looks like a smooth one with noise from afar.
STARTS = ((0.3, 1e-3), (1.0, 1e-2), (3.0, 0.3))
FEATURES = 1000  # of the random Fourier basis from which curves are drawn
BLOCK = 2048  # points of a surface drawn at a time, which bounds memory
SCALE = 1e-10  # of the variance: keeps equal points from making the matrix singular


@dataclass(frozen=True)
class Check:
    """How well an emulator predicts means that it has not seen.

    Args:
        r2: Share of the variance of the means that is predicted, of shape (outputs,). It falls
            short of 1 by the noise in the means, too; NaN for an output that does not vary.
        residuals: Of every point, in standard deviations of its prediction, of shape
            (points, outputs): about normal, with standard deviation 1, where the emulator's
            doubt can be trusted.
        errors: Of every point, in the units of the outputs, of shape (points, outputs).
    """

    r2: Floats
    residuals: Floats = field(repr=False)
    errors: Floats = field(repr=False)

    @property
    def spread(self) -> Floats:
        """The root mean square of the residuals, of shape (outputs,): 1 is right, 2 is too sure."""
        spread: Floats = np.sqrt((self.residuals**2).mean(axis=0))
        return spread


@dataclass(frozen=True)
class Surface:
    """The process of one output, in units of its standard deviation around its mean."""

    center: float
    scale: float
    amplitude: float  # prior variance of the mean's surface
    lengths: Floats  # (parameters,)
    noise: Floats  # variance of each mean around the surface, (points,)
    factor: Floats  # lower Cholesky factor of kernel + noise
    weights: Floats  # (kernel + noise)^-1 times the centred means
    means: Floats  # centred, scaled means, (points,)

    def kernel(self, a: Floats, b: Floats) -> Floats:
        """Return the covariance of the surface between points, of shape (len(a), len(b))."""
        return _matern(a, b, self.amplitude, self.lengths)


class Emulator:
    """Gaussian processes for one or many outputs over the unit cube.

    Example:
        >>> x = np.random.default_rng(0).random((60, 2))
        >>> emulator = Emulator().fit(x, np.sin(3 * x[:, :1]))
        >>> mean, sd = emulator.predict(np.array([[0.5, 0.5]]))
        >>> bool(abs(mean[0, 0] - np.sin(1.5)) < 0.01)
        True
    """

    points: Floats
    outputs: list[Surface]

    def __init__(
        self,
        learning_points: int = LEARNING_POINTS,
        starts: Sequence[tuple[float, float]] = STARTS,
    ) -> None:
        """Take how much care to spend on the lengths.

        Args:
            learning_points: How many points, the first ones, teach the lengths.
            starts: Lengths and noise to search from.
        """
        self.learning_points = learning_points
        self.starts = tuple(starts)

    def fit(self, points: Floats, mean: Floats, variance: Floats | None = None) -> Emulator:
        """Learn the means at points.

        Args:
            points: Where the model was run, in the unit cube, of shape (points, parameters).
                The first `learning_points` teach the lengths, so their order should be that of
                the design.
            mean: Means over replicates, of shape (points, outputs).
            variance: Of each of these means (not of one run), of the same shape;
                `common_luck_variance` gives it. Estimated with the lengths if not given.

        Returns:
            The emulator itself.

        Raises:
            InvalidInput: where shapes differ, points leave the cube, or a number is missing.
        """
        self.points = _points(points)
        means = np.asarray(mean, dtype=np.float64)
        if means.ndim != 2 or len(means) != len(self.points):
            raise InvalidInput(
                f"mean: expected shape ({len(self.points)}, outputs), got {means.shape}"
            )
        known = np.asarray(np.zeros_like(means) if variance is None else variance, dtype=np.float64)
        if known.shape != means.shape:
            raise InvalidInput(f"variance: expected shape {means.shape}, got {known.shape}")
        for name, values in (("mean", means), ("variance", known)):
            if not np.isfinite(values).all():
                raise InvalidInput(f"{name}: expected finite numbers, got some missing")
        # From few replicates a variance is itself uncertain: half of it is that of all points.
        known = (known + known.mean(axis=0)) / 2
        self.outputs = [
            _learn(self.points, means[:, k], known[:, k], self.learning_points, self.starts)
            for k in range(means.shape[1])
        ]
        return self

    def predict(self, points: Floats) -> tuple[Floats, Floats]:
        """Return what the model gives on average at new points, and how unsure that is.

        Args:
            points: In the unit cube, of shape (points, parameters).

        Returns:
            Mean and standard deviation of the replicate mean, each of shape (points, outputs).
            The noise of a single run is not in it.
        """
        from scipy.linalg import solve_triangular

        new = _points(points, self.points.shape[1])
        means = np.empty((len(new), len(self.outputs)))
        deviations = np.empty_like(means)
        for k, one in enumerate(self.outputs):
            between = one.kernel(self.points, new)
            means[:, k] = one.center + one.scale * (one.weights @ between)
            known = solve_triangular(one.factor, between, lower=True, check_finite=False)
            left = one.amplitude - (known**2).sum(axis=0)
            deviations[:, k] = one.scale * np.sqrt(np.maximum(left, 0))
        return means, deviations

    def mean(self, points: Floats) -> Floats:
        """Return what the model gives on average at new points, of shape (points, outputs).

        The same as of `predict`, in a tenth of the time.

        Args:
            points: In the unit cube, of shape (points, parameters).
        """
        new = _points(points, self.points.shape[1])
        means = np.empty((len(new), len(self.outputs)))
        for k, one in enumerate(self.outputs):
            means[:, k] = one.center + one.scale * (one.weights @ one.kernel(self.points, new))
        return means

    def draw(self, points: Floats, number: int, rng: np.random.Generator) -> Floats:
        """Draw surfaces that the emulator holds possible, each evaluated at the same points.

        Pathwise: a curve from the prior, in random Fourier features, mended by what the data say
        (Wilson et al. 2020, arXiv:2002.09309). Its cost grows with the number of points, not with
        their square.

        Args:
            points: In the unit cube, of shape (points, parameters).
            number: Surfaces to draw.
            rng: Where chance comes from.

        Returns:
            Surfaces of shape (outputs, number, points).
        """
        from scipy.linalg import cho_solve

        new = _points(points, self.points.shape[1])
        surfaces = np.empty((len(self.outputs), number, len(new)))
        for k, one in enumerate(self.outputs):
            d = len(one.lengths)
            # The spectrum of a Matérn 5/2 kernel is Student's t with 5 degrees of freedom.
            heavy = np.sqrt(5 / rng.chisquare(5, (FEATURES, 1)))
            waves = rng.standard_normal((FEATURES, d)) * heavy / one.lengths
            size = np.sqrt(one.amplitude / FEATURES)
            weights = size * rng.standard_normal((2 * FEATURES, number))
            at_data = _waves(self.points, waves) @ weights
            noise = np.sqrt(one.noise)[:, None] * rng.standard_normal(at_data.shape)
            mend = cho_solve((one.factor, True), one.means[:, None] - at_data - noise)
            for start in range(0, len(new), BLOCK):
                some = new[start : start + BLOCK]
                curves = _waves(some, waves) @ weights + one.kernel(some, self.points) @ mend
                surfaces[k, :, start : start + BLOCK] = one.center + one.scale * curves.T
        return surfaces

    def leave_one_out(self) -> Check:
        """Check each mean against the prediction from all others.

        In closed form (Rasmussen & Williams 2006, 5.4.2); the lengths are those of the whole fit.
        """
        from scipy.linalg import cho_solve

        predicted, variance, seen = [], [], []
        for one in self.outputs:
            inverse = np.diag(cho_solve((one.factor, True), np.eye(len(self.points))))
            predicted.append(one.center + one.scale * (one.means - one.weights / inverse))
            variance.append(one.scale**2 / inverse)
            seen.append(one.center + one.scale * one.means)
        return _check(np.stack(seen, 1), np.stack(predicted, 1), np.stack(variance, 1))

    def held_out(self, points: Floats, mean: Floats, variance: Floats | None = None) -> Check:
        """Check predictions at points that were kept back.

        Args:
            points: In the unit cube, of shape (points, parameters).
            mean: Means over replicates there, of shape (points, outputs).
            variance: Of each of these means; that of the means learned from if not given.
        """
        predicted, deviation = self.predict(points)
        if variance is None:
            variance = np.array([[o.scale**2 * o.noise.mean() for o in self.outputs]])
        return _check(np.asarray(mean), predicted, deviation**2 + variance)


def common_luck_variance(values: Floats) -> Floats:
    """Return the variance of each point's mean, apart from what luck all points share.

    With common luck replicate r lifts all points alike. That lift moves the emulated surface up
    or down as a whole and is no noise around it, so it is taken out, as the replicates' effect of
    a two-way table without interaction.

    Args:
        values: One value a run, of shape (points, replicates); at least 2 of each.

    Returns:
        Variances of shape (points,).
    """
    n, r = values.shape
    if n < 2 or r < 2:
        raise InvalidInput(f"values: expected at least 2 points and 2 replicates, got {n} and {r}")
    left = values - values.mean(axis=1, keepdims=True) - values.mean(axis=0) + values.mean()
    variance: Floats = (left**2).sum(axis=1) / ((r - 1) * (1 - 1 / n)) / r
    return variance


def _learn(
    points: Floats,
    means: Floats,
    variance: Floats,
    learning_points: int,
    starts: Sequence[tuple[float, float]],
) -> Surface:
    """Find lengths, amplitude and noise of one output by likelihood; then use all points."""
    from scipy.linalg import cho_solve, cholesky
    from scipy.optimize import minimize

    center, scale = float(means.mean()), float(means.std()) or 1.0
    y, known = (means - center) / scale, variance / scale**2
    few = slice(learning_points)
    d = points.shape[1]
    bounds = [BOUNDS[0], *[BOUNDS[1]] * d, BOUNDS[2]]
    best = None
    for length, level in starts:
        found = minimize(
            _unlikely,
            np.log([1.0, *[length] * d, level]),
            args=(points[few], y[few], known[few] + SCALE),
            jac=True,
            method="L-BFGS-B",
            bounds=np.log(bounds),
            options={"maxiter": STEPS},
        )
        if best is None or found.fun < best.fun:
            best = found
    assert best is not None
    amplitude, *others, level = (float(x) for x in np.exp(best.x))
    lengths = np.array(others)
    noise = known + level + SCALE
    covariance = _matern(points, points, amplitude, lengths) + np.diag(noise)
    factor = cholesky(covariance, lower=True)
    weights = cho_solve((factor, True), y)
    return Surface(center, scale, amplitude, lengths, noise, factor, weights, y)


def _unlikely(theta: Floats, points: Floats, means: Floats, known: Floats) -> tuple[float, Floats]:
    """Return minus the log posterior of a process, up to a constant, and its gradient.

    Rasmussen & Williams 2006, 5.4.1. Lengths have a prior that knows how many there are: points in
    many dimensions are far apart, and few coordinates matter (Hvarfner, Hellsten & Nardi 2024,
    arXiv:2402.02229). The gradient in every length needs one product of matrices,
    as the kernel's is a matrix times squared differences of one coordinate.

    Args:
        theta: Logarithms of amplitude, lengths and noise, of shape (parameters + 2,).
        points: Of shape (points, parameters).
        means: Of shape (points,).
        known: Variance of each mean that is known, of shape (points,).
    """
    from scipy.linalg import LinAlgError, cho_solve, cholesky

    amplitude, lengths, level = np.exp(theta[0]), np.exp(theta[1:-1]), np.exp(theta[-1])
    x = points / lengths
    r = _distances(x, x)
    fading = np.exp(-r)
    kernel = amplitude * (1 + r + r**2 / 3) * fading
    try:
        factor = cholesky(kernel + np.diag(known + level), lower=True)
    except LinAlgError:
        return 1e25, np.zeros_like(theta)
    weights = cho_solve((factor, True), means)
    inverse = cho_solve((factor, True), np.eye(len(means)))
    value = 0.5 * means @ weights + np.log(np.diag(factor)).sum()
    push = inverse - np.outer(weights, weights)
    by_square = push * (5 / 3 * amplitude) * (1 + r) * fading
    by_length = (by_square.sum(axis=0) @ x**2) - (x * (by_square @ x)).sum(axis=0)
    away = theta[1:-1] - (np.sqrt(2) + 0.5 * np.log(len(lengths)))
    value += (away**2).sum() / (2 * LENGTH_VARIANCE)
    by_length = by_length + away / LENGTH_VARIANCE
    gradient = [0.5 * (push * kernel).sum(), *by_length, 0.5 * level * np.trace(push)]
    return float(value), np.array(gradient)


def _matern(a: Floats, b: Floats, amplitude: float, lengths: Floats) -> Floats:
    r = _distances(a / lengths, b / lengths)
    covariance: Floats = amplitude * (1 + r + r**2 / 3) * np.exp(-r)
    return covariance


def _distances(x: Floats, y: Floats) -> Floats:
    """Return distances between points in units of their lengths, times the square root of 5."""
    squared = (x**2).sum(1)[:, None] + (y**2).sum(1)[None, :] - 2 * x @ y.T
    r: Floats = np.sqrt(5 * np.maximum(squared, 0))
    return r


def _waves(points: Floats, waves: Floats) -> Floats:
    angles = points @ waves.T
    return np.concatenate([np.cos(angles), np.sin(angles)], axis=1)


def _check(seen: Floats, predicted: Floats, variance: Floats) -> Check:
    total = ((seen - seen.mean(axis=0)) ** 2).sum(axis=0)
    wrong = ((seen - predicted) ** 2).sum(axis=0)
    r2 = np.divide(wrong, total, out=np.full(len(total), np.nan), where=total > 0)
    errors = seen - predicted
    return Check(1 - r2, errors / np.sqrt(variance), errors)


def _points(points: Floats, parameters: int | None = None) -> Floats:
    x = np.asarray(points, dtype=np.float64)
    if x.ndim != 2 or (parameters is not None and x.shape[1] != parameters):
        raise InvalidInput(f"points: expected shape (points, {parameters or 'd'}), got {x.shape}")
    if not ((x >= -1e-9) & (x <= 1 + 1e-9)).all():
        raise InvalidInput("points: expected numbers in the unit cube, got some outside it")
    return x
