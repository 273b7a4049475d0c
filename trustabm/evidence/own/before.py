"""What was known before the targets: draws of a posterior, or priors, and as many more as wanted.

Draws lie in the unit cube of the declared bounds. Those of a posterior are weighed as they are.
Where more are asked for than there are, they are smoothed: kernels in logits, drawn towards the
mean so that means, variances and correlations stay what they are (West 1993,
doi:10.1111/j.2517-6161.1993.tb01911.x); finer shape is lost. A point of the smoothed cloud is a
draw's number and normal noise, and `moved` leaves its distribution as it is (Cotter et al. 2013,
doi:10.1214/13-STS421), so that sampling needs no density of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from trustabm.errors import InvalidInput
from trustabm.evidence.own.problem import NUMBERS, Prior, Problem
from trustabm.inputs.draws import Draws, posterior
from trustabm.inputs.structures import STRUCTURES

__all__ = ["Before", "Place", "before"]

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.intp]

MANY = 2048
"""Draws of priors, where priors are all that is held."""

EDGE = 1e-6
"""A coordinate is no nearer to the cube's edge where its logit is taken."""

WIDTH = 0.5
"""Of the kernels, in standard deviations of the draws: the part that smoothing may add."""

MIDDLE = 0.5
"""Where coordinates lie that mean nothing."""

AGAIN = 0.3
"""How often a point is moved to the kernel of another draw."""


class Place(NamedTuple):
    """Points of the smoothed cloud: a draw's number, of shape (points,), and noise, with names."""

    draw: Numbers
    noise: Floats


@dataclass(frozen=True)
class Before:
    """What was known.

    Args:
        names: Parameters, the coordinates.
        structures: Names of structures.
        points: Draws in the unit cube, of shape (draws, parameters).
        which: The structure of each draw.
        shares: Weights of structures, which add up to 1.
        priors: Of the parameters that no posterior holds, and of those whose prior is given.
        free: Which coordinates no posterior holds, of shape (parameters,): their priors are
            independent.
        idle: Which coordinates mean nothing, by structure, of shape (structures, parameters).
    """

    names: tuple[str, ...]
    structures: tuple[str, ...]
    points: Floats
    which: Numbers
    shares: Floats
    priors: dict[str, Prior]
    free: npt.NDArray[np.bool_]
    idle: npt.NDArray[np.bool_]

    def values(self, points: Floats) -> Floats:
        """Return parameters at points of the unit cube, of the same shape."""
        low, high = np.array([(NUMBERS[n].low, NUMBERS[n].high) for n in self.names]).T
        found: Floats = low + points * (high - low)
        return found

    def parameters(self, point: Floats, which: int) -> dict[str, float | bool]:
        """Return the parameters at a point, those that its structure holds among them."""
        name = self.structures[which]
        values = zip(self.names, self.values(point), self.idle[which], strict=True)
        return {n: float(v) for n, v, idle in values if not idle} | dict(STRUCTURES[name].fixed)

    def features(self, points: Floats, which: Numbers) -> Floats:
        """Return what an emulator learns from: coordinates, and which structure it is."""
        if len(self.structures) == 1:
            return points
        return np.hstack([points, np.eye(len(self.structures))[which]])

    @property
    def log(self) -> Floats:
        """Logarithm of each draw's weight before the targets; minus infinity where a prior is 0."""
        each = np.bincount(self.which, minlength=len(self.structures))
        plain: Floats = np.log(self.shares / each)[self.which]
        return plain + self.log_prior(self.points, self.which)

    def log_prior(self, points: Floats, which: Numbers) -> Floats:
        """Return the logarithm of what priors of one's own make of points, of shape (points,).

        Of parameters that a posterior holds: it began with a uniform prior, which this takes the
        place of. Nobody weighs more than somebody nearer (`calibration.space`).
        """
        values, found = self.values(points), np.zeros(len(points))
        for k, name in enumerate(self.names):
            if name in self.priors and not self.free[k]:
                density = _log_density(name, self.priors[name], values[:, k])
                found = found + np.where(self.idle[which, k], 0.0, density)
        if {"stake_tie", "stake_household"} <= set(self.names):
            tie, home = (values[:, self.names.index(f"stake_{x}")] for x in ("tie", "household"))
            found = np.where(tie <= home, found, -np.inf)
        return found

    def drawn(self, number: int, rng: np.random.Generator) -> Place:
        """Return points of the smoothed cloud."""
        return Place(self._some(number, rng), rng.standard_normal((number, len(self.names))))

    def moved(self, at: Place, step: float, rng: np.random.Generator) -> Place:
        """Return points moved in such a way that the cloud's distribution stays as it is."""
        number = len(at.draw)
        noise = np.sqrt(1 - step**2) * at.noise + step * rng.standard_normal(at.noise.shape)
        other = rng.random(number) < AGAIN
        return Place(np.where(other, self._some(number, rng), at.draw), noise)

    def located(self, at: Place) -> tuple[Floats, Numbers]:
        """Return where points of the cloud lie in the unit cube, and their structures."""
        which, found = self.which[at.draw], np.full(at.noise.shape, MIDDLE)
        for s in range(len(self.structures)):
            mine = which == s
            held = ~self.free & ~self.idle[s]
            if not mine.any() or not held.any():
                continue
            middle, root = self._spread(s, held)
            near = _logit(self.points[at.draw[mine]][:, held])
            narrow = np.sqrt(1 - WIDTH**2)
            z = narrow * near + (1 - narrow) * middle + WIDTH * at.noise[mine][:, held] @ root.T
            found[np.ix_(mine, held)] = 0.5 + 0.5 * np.tanh(0.5 * z)
        for k in np.flatnonzero(self.free):
            name = self.names[k]
            found[:, k] = _unit(name, _quantile(name, self.priors.get(name), at.noise[:, k]))
        found[self.idle[which]] = MIDDLE
        return found, which

    def _some(self, number: int, rng: np.random.Generator) -> Numbers:
        """Return numbers of draws by the weights of their structures, whatever their priors."""
        each = np.bincount(self.which, minlength=len(self.structures))
        chance = (self.shares / each)[self.which]
        return rng.choice(len(self.which), number, p=chance / chance.sum())

    def _spread(self, s: int, held: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
        z = _logit(self.points[self.which == s][:, held])
        covariance = np.atleast_2d(np.cov(z, rowvar=False)) if len(z) > 1 else np.zeros((1, 1))
        root: Floats = np.linalg.cholesky(covariance + 1e-9 * np.eye(held.sum()))
        return z.mean(axis=0), root


def before(problem: Problem) -> Before:
    """Return what was known before a file's targets.

    Raises:
        InvalidInput: where the posterior has no such structure, or every draw is outside a prior.
    """
    if problem.knowledge == "priors":
        return _priors_alone(problem)
    every = posterior(problem.posterior)
    wanted = problem.structures or tuple(every.weights)
    for name in wanted:
        if not every.rows.get(name):
            raise InvalidInput(f"structures: the posterior has no draws of {name}")
    names = _names(every, wanted, problem)
    held = {n for s in wanted for n in every.rows[s][0]}
    free = np.array([n not in held for n in names])
    idle = np.array([[_idle(n, s, every, free[k]) for k, n in enumerate(names)] for s in wanted])
    points: list[list[list[float]]] = []
    which: list[int] = []
    for k, s in enumerate(wanted):
        rows = every.rows[s]
        points.append([[_coordinate(n, row.get(n)) for n in names] for row in rows])
        which += [k] * len(rows)
    cube, of = np.concatenate([np.array(p) for p in points]), np.array(which)
    shares = np.array([every.weights[s] for s in wanted])
    cube = _with_free(cube, names, free, problem)
    cube[idle[of]] = MIDDLE
    priors = dict(problem.priors)
    return _within(
        Before(tuple(names), wanted, cube, of, shares / shares.sum(), priors, free, idle)
    )


def _priors_alone(problem: Problem) -> Before:
    names = tuple(dict.fromkeys((*problem.parameters, *problem.priors)))
    wanted = problem.structures or ("full",)
    free = np.ones(len(names), dtype=bool)
    fixed = [{*STRUCTURES[s].fixed, *STRUCTURES[s].idle} for s in wanted]
    idle = np.array([[n in some for n in names] for some in fixed])
    which = np.arange(MANY) % len(wanted)
    cube = _with_free(np.full((MANY, len(names)), MIDDLE), names, free, problem)
    cube[idle[which]] = MIDDLE
    shares = np.full(len(wanted), 1 / len(wanted))
    return _within(Before(names, wanted, cube, which, shares, dict(problem.priors), free, idle))


def _names(every: Draws, wanted: tuple[str, ...], problem: Problem) -> list[str]:
    own = [n for s in wanted for n in every.rows[s][0] if n in NUMBERS]
    fixed = {n for s in wanted for n in STRUCTURES[s].fixed}
    more = [n for n in (*problem.parameters, *problem.priors) if n not in fixed]
    return list(dict.fromkeys((*own, *more)))


def _idle(name: str, structure: str, every: Draws, free: bool) -> bool:
    means_nothing = {*STRUCTURES[structure].fixed, *STRUCTURES[structure].idle}
    return name in means_nothing or (not free and name not in every.rows[structure][0])


def _with_free(
    cube: Floats, names: Sequence[str], free: npt.NDArray[np.bool_], problem: Problem
) -> Floats:
    """Return points whose free coordinates are drawn from their priors, evenly (Sobol)."""
    from scipy.special import ndtri
    from scipy.stats import qmc

    some = np.flatnonzero(free)
    if not some.size:
        return cube
    rng = np.random.default_rng([problem.seed, 7])
    power = max(1, (len(cube) - 1).bit_length())
    even = qmc.Sobol(some.size, rng=rng).random_base2(power)[: len(cube)]
    for column, k in enumerate(some.tolist()):
        normal = ndtri(np.clip(even[:, column], 1e-12, 1 - 1e-12))
        cube[:, k] = _unit(names[k], _quantile(names[k], problem.priors.get(names[k]), normal))
    return cube


def _within(found: Before) -> Before:
    """Refuse priors that none of the draws is within."""
    inside = int(np.isfinite(found.log).sum())
    if inside < 2:
        raise InvalidInput(
            f"priors: expected some of the posterior's {len(found.points):,} draws within them, "
            f'got {inside}; widen them, or say knowledge = "priors"'
        )
    return found


def _ends(name: str, prior: Prior | None) -> tuple[float, float]:
    declared = NUMBERS[name]
    low = declared.low if prior is None or prior.low is None else prior.low
    return low, declared.high if prior is None or prior.high is None else prior.high


def _quantile(name: str, prior: Prior | None, normal: Floats) -> Floats:
    """Return values of a prior at standard normal numbers."""
    from scipy.special import ndtr, ndtri

    low, high = _ends(name, prior)
    share = ndtr(normal)
    if prior is None or prior.mean is None or prior.sd is None:
        return np.asarray(low + share * (high - low))
    a, b = ndtr((low - prior.mean) / prior.sd), ndtr((high - prior.mean) / prior.sd)
    found: Floats = np.clip(prior.mean + prior.sd * ndtri(a + share * (b - a)), low, high)
    return found


def _log_density(name: str, prior: Prior, values: Floats) -> Floats:
    """Return the logarithm of a prior's density up to a constant."""
    low, high = _ends(name, prior)
    inside = (values >= low) & (values <= high)
    if prior.mean is None or prior.sd is None:
        return np.where(inside, 0.0, -np.inf)
    return np.where(inside, -0.5 * ((values - prior.mean) / prior.sd) ** 2, -np.inf)


def _unit(name: str, values: Floats) -> Floats:
    """Return where values lie between a parameter's bounds."""
    low, high = NUMBERS[name].low, NUMBERS[name].high
    found: Floats = (values - low) / (high - low)
    return found


def _coordinate(name: str, value: float | None) -> float:
    """Return the same of one value; the middle where there is none."""
    low, high = NUMBERS[name].low, NUMBERS[name].high
    return MIDDLE if value is None else (value - low) / (high - low)


def _logit(points: Floats) -> Floats:
    x = np.clip(points, EDGE, 1 - EDGE)
    found: Floats = np.log(x / (1 - x))
    return found
