"""Published studies, each as an experiment on the model.

A study comes in as one module with its arms, its counts and its estimator.
"""

from __future__ import annotations

from trustabm.evidence.studies import (
    agreements,
    announcement_2017,
    avoidance,
    baselines,
    dallas,
    directed_patrol,
    dose,
    enforcement_flow,
    exposure,
    history,
    jail_screening,
    legalization,
    legalized_crime,
    offending_elasticity,
    other_residents,
    raids,
    recorded_crime,
    sanctuary_era,
    sanctuary_removals,
    secure_communities,
    standing_worry,
    stated_chilling,
    training,
    trust_panel,
    what_carries_it,
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
        trust_panel,
        directed_patrol,
        standing_worry,
        avoidance,
        announcement_2017,
        dose,
        jail_screening,
        other_residents,
        recorded_crime,
        legalized_crime,
        training,
        sanctuary_era,
        agreements,
        raids,
        year_2025,
        history,
        what_carries_it,
    )
}
"""Every study by name."""
