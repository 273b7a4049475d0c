"""What the results of a study are to be read with, known before its first run."""

from __future__ import annotations

from trustabm.inputs.draws import changed, stale
from trustabm.inputs.notices import other_rules
from trustabm.outcomes.numbers import listed
from trustabm.study.definition import Study
from trustabm.study.designs import Posterior
from trustabm.study.points import table_of

__all__ = ["notices"]


def notices(study: Study) -> tuple[str, ...]:
    """Return what a reader must know of the arms' and towns' own rules, and of the draws.

    What varies is laid over every arm alike, so that arms of the same rules have them at any point.
    What is not so of all towns says of which.
    """
    of_towns: dict[str, list[str]] = {}
    for name in study.towns:
        experiment = study.experiment(name)
        here = [*experiment.notices("local_policies = true lays them in", same=True)]
        if not study.doubt:
            doubts = experiment.doubts[0]
            here += (f"Taken as stated: {x.title}; `doubt = true` draws it." for x in doubts)
        for line in here:
            of_towns.setdefault(line, []).append(experiment.place.title)
    said = [
        line
        if len(titles) == len(study.towns) or any(t in line for t in titles)
        else f"{listed(titles)}: {line}"
        for line, titles in of_towns.items()
    ]
    if isinstance(study.design, Posterior) and study.design.draws is not None:
        path, table = table_of(study.design)
        own = "structure" in table.column_names
        said += stale(str(path)) if own else other_rules(path.name, changed(table))
    else:
        said += stale()
    return tuple(dict.fromkeys(said))
