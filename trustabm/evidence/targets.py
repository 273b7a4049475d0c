"""Every target, declared once: published value, tolerance, unit, source, and what is measured.

A tolerance is half of the 90% interval of the published estimate where the source gives an error
that can be used, and ours otherwise. Validation targets are reported and never fitted; `loss`
refuses them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from trustabm.evidence import contract, later
from trustabm.evidence.target import Source, Target

__all__ = [
    "TARGETS",
    "Source",
    "Target",
    "baseline_targets",
    "calibration_targets",
    "loss",
    "reported_targets",
    "validation_targets",
]

ROLES = {
    "calibration": contract.CALIBRATION + later.CALIBRATION,
    "baseline": contract.BASELINES,
    "validation": contract.VALIDATION + later.VALIDATION,
    "reported": contract.REPORTED + later.REPORTED,
}


def _declared() -> dict[str, Target]:
    ranges, bounds = contract.RANGES | later.RANGES, contract.BOUNDS | later.BOUNDS
    return {
        id_: Target(
            id=id_,
            role=role,  # type: ignore[arg-type]
            published=float(published),
            tolerance=float(tolerance),
            unit=unit,
            sentence=sentence,
            study=study,
            source=source,
            upto=ranges.get(id_),
            bound=bounds.get(id_, "near"),  # type: ignore[arg-type]
            note=contract.NOTES.get(id_, ""),
            whose="the source's" if id_ in later.SOURCES_OWN else "ours",
        )
        for role, rows in ROLES.items()
        for id_, published, tolerance, unit, sentence, study, source in rows
    }


TARGETS: dict[str, Target] = _declared()
"""Every target by id."""


def calibration_targets() -> dict[str, Target]:
    """Return the targets that parameters are fitted to."""
    return {i: t for i, t in TARGETS.items() if t.role == "calibration"}


def baseline_targets() -> dict[str, Target]:
    """Return the levels that a town must show before any policy; fitted as well."""
    return {i: t for i, t in TARGETS.items() if t.role == "baseline"}


def validation_targets() -> dict[str, Target]:
    """Return the targets that are reported and never fitted."""
    return {i: t for i, t in TARGETS.items() if t.role == "validation"}


def reported_targets() -> dict[str, Target]:
    """Return what is told of without being a test: neither fitted nor counted."""
    return {i: t for i, t in TARGETS.items() if t.role == "reported"}


def loss(values: Mapping[str, float], ids: Iterable[str] | None = None) -> float:
    """Return the sum of squared misfits, each in tolerances.

    Args:
        values: What the model gives, by target id; more than is asked for does no harm.
        ids: Targets to fit; all calibration and baseline targets if not given.

    Raises:
        ValueError: for a target among `ids` that may not be fitted.
    """
    fitted = calibration_targets() | baseline_targets()
    chosen = tuple(fitted) if ids is None else tuple(ids)
    for i in chosen:
        if i not in fitted:
            raise ValueError(f"ids: expected targets that may be fitted, got {i!r}")
    return sum(fitted[i].misfit(values[i]) ** 2 for i in chosen)
