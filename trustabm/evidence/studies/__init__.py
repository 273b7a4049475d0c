"""Published studies, each as an experiment on the model.

A study comes in as one module with its arms, its counts and its estimator.
"""

from __future__ import annotations

from trustabm.evidence.studies import (
    baselines,
    dallas,
    enforcement_flow,
    exposure,
    legalization,
    legalized_crime,
    offending_elasticity,
    other_residents,
    recorded_crime,
    sanctuary_removals,
    secure_communities,
    stated_chilling,
    year_2025,
)
from trustabm.evidence.study import PublishedStudy

__all__ = ["STUDIES"]

STUDIES: dict[str, PublishedStudy] = {
    module.STUDY.name: module.STUDY
    for module in (
        secure_communities,
        offending_elasticity,
        dallas,
        legalization,
        sanctuary_removals,
        stated_chilling,
        exposure,
        enforcement_flow,
        baselines,
        other_residents,
        recorded_crime,
        legalized_crime,
        year_2025,
    )
}
"""Every study by name."""
