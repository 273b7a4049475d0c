"""Fit in waves: points over the prior, then points where the posterior so far puts them.

Every evaluation is kept on disk as a line, so a calibration that was stopped goes on, and gives the
same as one that was not.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.linalg  # noqa: F401 - here, as only threads of what is loaded can be limited
from threadpoolctl import threadpool_limits

from trustabm.analysis.emulator import Emulator
from trustabm.analysis.slopes import Slopes
from trustabm.errors import InvalidInput
from trustabm.evidence.calibration import space
from trustabm.evidence.calibration.ledger import opened
from trustabm.evidence.calibration.likelihood import Likelihood
from trustabm.evidence.calibration.sampler import Chains, begin, sample
from trustabm.evidence.kinds import KINDS
from trustabm.evidence.moments import (
    Size,
    Sizes,
    moments,
)
from trustabm.evidence.target import Target
from trustabm.evidence.targets import TARGETS, baseline_targets, calibration_targets
from trustabm.runs.processes import how_many, pool
from trustabm.runs.provenance import origin, version
from trustabm.sealed import content
from trustabm.study.identity import code_digest

__all__ = ["SIZES", "Fit", "calibrate", "fitted_targets", "posterior"]

Floats = npt.NDArray[np.float64]
SIZES: Sizes = {
    "latino": Size("los-angeles-ca", 10_000, 10),
    "national": Size("us-average", 10_000, 5),
}
"""A third of the worlds of a scorecard: the emulator averages over neighboring points."""

PACKAGES = ("numpy", "numba", "scipy", "arviz-stats")

LEARNING_POINTS, STARTS = 192, ((1.0, 1e-2),)
"""Care for the emulator's lengths: with more, its time would exceed that of the worlds."""


EXPECTED = 1000
"""Draws at which a calibration keeps what the emulator gives."""

SOFT: Mapping[str, float] = dict.fromkeys(KINDS, 0.15)
"""Discrepancy that a fit allows, in tolerances: a tolerance has in it how far a finding of another
place and time may be off here, and only its end is no wall. How far off findings left out are is
for what is predicted: in a fit it would count that doubt twice."""

WAVES = (128, 80, 64)

CHAINS, WARM, AGAIN, EVERY = 16, 400, 15, 6
"""Chains of the sampler, steps that it learns its metric and its step from, steps on the way from a
posterior to one that is near, and steps from one draw to the next: a small share of the posterior
lies along a bend of the ridge between prior risk and the spread of fear, and chains are slow to
come there and to leave it."""

FIRST_WAVE, EVALUATIONS_MAX, STEPS_MAX = 2, 1_000_000, 1_000_000


def fitted_targets() -> list[Target]:
    """Return what the loss is made of: calibration rows and baselines, and no validation row."""
    return [*calibration_targets().values(), *baseline_targets().values()]


@dataclass(frozen=True)
class Fit:
    """A calibration of one structure.

    Args:
        structure: Its name.
        chains: Posterior draws in the unit cube, those of idle parameters in the middle.
        points: Where the model was run, of shape (points, parameters).
        values: What it gave, of shape (points, targets).
        r2: How well the emulator predicts each target left out, of shape (targets,).
        likelihood: Of what was fitted.
        emulator: Of what was fitted, or of what the full structure leaves of it.
        beside: The same of targets that are only compared, for which nothing was fitted.
        cpu_seconds: Spent on evaluations, also those of earlier sittings.
        discrepancy: Of each kind of target, in tolerances, in what is predicted.
    """

    structure: str
    chains: Chains
    points: Floats
    values: Floats
    r2: Floats
    likelihood: Likelihood
    emulator: Emulator
    beside: Likelihood
    cpu_seconds: float
    discrepancy: Mapping[str, float]

    @property
    def targets(self) -> Sequence[Target]:
        """What was fitted."""
        return self.likelihood.targets

    @property
    def draws(self) -> Floats:
        """Posterior draws in the unit cube, of shape (draws, parameters)."""
        return self.chains.flat

    @property
    def typical(self) -> Floats:
        """The draw nearest to the mean, in standard deviations, among the densest quarter.

        The densest draw of all has what hardly matters anywhere in its range.
        """
        density = self.chains.density.reshape(-1)
        dense = self.draws[density >= np.quantile(density, 0.75)]
        spread = self.draws.std(axis=0)
        away = (dense - self.draws.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
        nearest: Floats = dense[np.argmin((away**2).sum(axis=1))]
        return nearest

    @property
    def expected(self) -> Floats:
        """What the emulator gives at some of the draws, of shape (some, targets)."""
        every = max(1, len(self.draws) // EXPECTED)
        return self.likelihood.surfaces.at(self.draws[::every])[0]

    @property
    def foreseen(self) -> Likelihood:
        """The likelihood of what is predicted: with the discrepancy of findings left out."""
        return replace(self.likelihood, discrepancy=self.discrepancy)

    def foreseeing(self, discrepancy: Mapping[str, float]) -> Fit:
        """Return the same with another discrepancy in what is predicted."""
        beside = replace(self.beside, discrepancy=discrepancy)
        return replace(self, beside=beside, discrepancy=discrepancy)


def simulated(point: Floats, seed: int, structure: str = "full") -> dict[str, Any]:
    """Run the model at a point of the unit cube; return a line of the evaluations' file."""
    begun = time.process_time()
    found = moments(space.parameters(point, structure), seed, sizes=SIZES)
    return {
        "point": [float(x) for x in point],
        "moments": {k: [m.value, m.error] for k, m in found.items()},
        "cpu_seconds": time.process_time() - begun,
    }


def calibrate(
    folder: Path,
    waves: Sequence[int] = WAVES,
    *,
    structure: str = "full",
    parent: Fit | None = None,
    discrepancy: Mapping[str, float] | None = None,
    steps: int = 150,
    seed: int = 1,
    workers: int | None = None,
    progress: Callable[[int, int], object] | None = None,
    say: Callable[[str], object] = lambda _: None,
) -> Fit:
    """Fit the parameters to the targets; go on where an earlier sitting stopped.

    Args:
        folder: Where `evaluations.jsonl` and what it rests on are kept.
        waves: Evaluations of each wave; the first are a Sobol sequence over the prior, the same
            points in every structure.
        structure: Which one is fitted.
        parent: The full structure's fit, to whose emulator this one's is a correction.
        discrepancy: Of each kind of target, in what is predicted; `SOFT` if not given.
        steps: Draws of each chain after the last wave.
        seed: Of the luck that all evaluations share, and of the sampler.
        workers: Processes; as many as there are processors if not given.
        progress: Called with evaluations done and in all.
        say: Called with what was found damaged and is evaluated again, a line each.

    Raises:
        InvalidInput: where the folder is of another calibration: another seed, other waves,
            targets, code or versions.
        OutputExists: where another one is at work in the folder, or it holds something else.
        NotWritten: where it cannot be written.
        WorkersLost: where a process died; what was saved is whole.
    """
    _check(waves, steps, seed)
    targets = fitted_targets()
    off = SOFT if discrepancy is None else discrepancy
    with opened(folder, _settings(seed, steps, targets, structure), waves, say) as kept:
        done = 0
        for wave, size in enumerate(waves):
            left = [k for k in range(done, done + size) if k not in kept.lines]
            if left:
                # Of the waves before alone, so that one that was stopped goes on with its points.
                known = [kept.lines[k] for k in range(done)]
                points = (
                    space.held(_sobol(size, seed), structure)
                    if wave == 0
                    else _again(known, size, seed, structure, parent)
                )
                found = _evaluated(points[[k - done for k in left]], seed, structure, workers)
                for number, line in zip(left, found, strict=True):
                    kept.append(number, line)
                    if progress is not None:
                        progress(len(kept.lines), sum(waves))
            done += size
        lines = [kept.lines[k] for k in range(done)]
    likelihood, emulator, r2 = _learned(lines, targets, SOFT, parent)
    beside, _, _ = _learned(lines, _beside(lines), off, parent, fitted=False)
    chains = posterior(likelihood, structure, steps, seed)
    points = np.array([line["point"] for line in lines])
    values = np.array([[line["moments"][t.id][0] for t in targets] for line in lines])
    cpu = sum(line["cpu_seconds"] for line in lines)
    return Fit(structure, chains, points, values, r2, likelihood, emulator, beside, cpu, off)


def _check(waves: Sequence[int], steps: int, seed: int) -> None:
    """Refuse before the first evaluation what would fail after many."""
    if not waves or min(waves) < 1 or waves[0] < FIRST_WAVE or sum(waves) > EVALUATIONS_MAX:
        raise InvalidInput(
            f"waves: expected at least {FIRST_WAVE} evaluations in the first, 1 in the others and "
            f"at most {EVALUATIONS_MAX:,} in all, got {list(waves)}"
        )
    if not 1 <= steps <= STEPS_MAX:
        raise InvalidInput(f"steps: expected 1 to {STEPS_MAX:,}, got {steps}")
    if not 0 <= seed < 2**32:
        raise InvalidInput(f"seed: expected 0 to {2**32 - 1}, got {seed}")


def posterior(
    likelihood: Likelihood,
    structure: str,
    steps: int,
    seed: int,
    near: Chains | None = None,
    *,
    without: npt.NDArray[np.bool_] | None = None,
    start: Floats | None = None,
) -> Chains:
    """Return draws of a posterior, those of parameters that mean nothing in the middle.

    Args:
        likelihood: Of points of the unit cube.
        structure: Whose parameters are drawn.
        steps: Draws of each chain.
        seed: Of the sampler.
        near: Chains of a posterior near this one, whose step and metric these take.
        without: Targets that are left out.
        start: Where chains begin, of shape (chains, parameters), if not where those end.
    """
    some = np.array([name in space.free(structure) for name in space.FITTED])

    def density(x: Floats) -> tuple[Floats, Floats]:
        points = np.full((len(x), len(some)), space.MIDDLE)
        points[:, some] = x
        value, slopes = likelihood.whole(points, without)
        return np.where(space.admissible(points), value, -np.inf), slopes[:, some]

    with threadpool_limits(1):
        if near is None:
            at = begin(density, int(some.sum()), CHAINS, seed)
            found = sample(density, at, WARM, steps, seed, every=EVERY)
        else:
            at = (near.draws[:, -1] if start is None else start)[:, some]
            found = sample(density, at, AGAIN, steps, seed, (near.metric, near.step))
    draws = np.full((*found.draws.shape[:2], len(some)), space.MIDDLE)
    draws[..., some] = found.draws
    return replace(found, draws=draws)


def _settings(seed: int, steps: int, targets: list[Target], structure: str) -> dict[str, Any]:
    """Return all that makes an evaluation and its point, as plain values."""
    made = origin()
    low, high = space.bounds()
    return {
        "seed": seed,
        "steps": steps,
        "structure": structure,
        "sizes": {k: [s.place, s.residents, s.replicates] for k, s in SIZES.items()},
        "targets": content([asdict(t) for t in targets]),
        "parameters": content(list(space.FITTED), low.tolist(), high.tolist()),
        "code": code_digest(__name__),
        "python": made["versions"]["python"].rpartition(".")[0],
        **{name: version(name) for name in PACKAGES},
    }


def _sobol(size: int, seed: int) -> Floats:
    from scipy.stats import qmc

    whole = qmc.Sobol(len(space.FITTED), rng=seed).random_base2((size - 1).bit_length())
    points: Floats = whole[:size]
    return points


def _again(
    lines: list[dict[str, Any]], size: int, seed: int, structure: str, parent: Fit | None
) -> Floats:
    """Return points where the posterior so far puts them."""
    likelihood, _, _ = _learned(lines, fitted_targets(), SOFT, parent)
    draws = posterior(likelihood, structure, -(-size // CHAINS), seed).flat
    rng = np.random.default_rng(seed)
    return draws[rng.choice(len(draws), size, replace=False)]


def _beside(lines: list[dict[str, Any]]) -> list[Target]:
    """Return targets that nothing is fitted to and that every evaluation has a number for."""
    fitted = {t.id for t in fitted_targets()}
    return [
        TARGETS[i]
        for i in lines[0]["moments"]
        if i in TARGETS
        and i not in fitted
        and all(np.isfinite(line["moments"][i]).all() for line in lines)
    ]


def _learned(
    lines: list[dict[str, Any]],
    targets: list[Target],
    discrepancy: Mapping[str, float],
    parent: Fit | None,
    *,
    fitted: bool = True,
) -> tuple[Likelihood, Emulator, Floats]:
    """Return the likelihood that evaluations give, its emulator, and how well that predicts.

    Replicates share their luck over points, so what of it moves all points alike is no noise
    around the surface: the emulator finds the noise itself.
    """
    points = np.array([line["point"] for line in lines])
    both = np.array([[line["moments"][t.id] for t in targets] for line in lines])
    values, errors = both[..., 0], both[..., 1]
    left, parts = values.copy(), []
    with threadpool_limits(1):  # small matrices: more threads spend their time on each other
        if parent is not None:
            near = parent.likelihood if fitted else parent.beside
            rest = values - near.surfaces.at(points)[0]
            better = rest.var(axis=0) < values.var(axis=0)
            left[:, better] = rest[:, better]
            parts = [p for p in near.surfaces.parts if better[p[2]]]
        # Latest first: the first points teach the emulator its lengths, and the later waves lie
        # where the posterior does.
        emulator = Emulator(LEARNING_POINTS, STARTS).fit(points[::-1], left[::-1])
    check = emulator.leave_one_out()
    parts += [(emulator, k, k) for k in range(len(targets))]
    spread = np.where(np.isfinite(check.spread), check.spread, 1.0)
    total = np.maximum(values.var(axis=0), np.finfo(float).tiny)
    r2 = 1 - (check.errors**2).mean(axis=0) / total
    surfaces = Slopes(parts, len(targets))
    error = np.sqrt((errors**2).mean(axis=0))
    return (
        Likelihood(surfaces, targets, error, np.maximum(1.0, spread), discrepancy),
        emulator,
        r2,
    )


def _evaluated(
    points: Floats, seed: int, structure: str, workers: int | None
) -> Iterator[dict[str, Any]]:
    give = partial(simulated, seed=seed, structure=structure)
    many = how_many(workers, len(points))
    if many <= 1:
        yield from map(give, points)
        return
    with pool(many) as executor:
        yield from executor.map(give, points)
