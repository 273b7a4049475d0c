"""Fear from 2007 to 2018 by status, and hand-overs around a state's directive.

Asad 2020, doi:10.1073/pnas.1915460117: six waves of the National Survey of Latinos; noncitizens'
fear of deportation was high and stable whatever the yearly number of deportations, citizens' rose
after 2016. Mancina 2022: removals with the help of New Jersey's jails, 2016 to 2019; from 15 March
2019 on a directive had them refuse but for serious charges. Here the federal history that ships
with the package is lived through in an average place whose jail holds until then; from that day on
it acts as under the TRUST Act. Fear is the mean of worry, asked once a year.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np

from trustabm.evidence.lab import Lab, LivedArm
from trustabm.evidence.study import Counts, PublishedStudy, ratio
from trustabm.inputs.policy import Policy
from trustabm.inputs.timeline import Change, policy, timeline, weeks_between
from trustabm.rules import codes
from trustabm.runs.arms import TitledArm
from trustabm.runs.experiment import Experiment

__all__ = ["STUDY"]

FIRST, DIRECTIVE, LAST = dt.date(2005, 1, 1), dt.date(2019, 3, 15), dt.date(2020, 1, 1)
ASKED = tuple(range(2007, 2019))
HANDED = (2016, 2018, 2019)

HONORS = {n for n in Policy.model_fields if n.startswith("honor_")}


def holds(day: dt.date, preset: str) -> Change:
    """Return the change by which the jail does from a day on what it does under a preset."""
    levers = policy(preset).model_dump(include=HONORS)
    return Change(date=day, sentence="What the jail does.", source="ours", levers=levers)


def count(lab: Lab) -> Counts:
    """Add up worry by citizenship and year, and count hand-overs by year."""
    local = (holds(dt.date(1996, 1, 1), "secure-communities"), holds(DIRECTIVE, "community-trust"))
    arm = TitledArm(line=timeline("us-history").merged(local))
    weeks = weeks_between(FIRST, LAST)
    own = {"arms": {"history": arm}, "start": FIRST, "weeks": weeks, "burn_in": 0}
    shared = {name: getattr(lab.experiment, name) for name in Experiment.model_fields}
    world = Experiment(**shared | own).world()
    counts: Counts = {}
    for year in ASKED:
        world.run_for(weeks_between(FIRST, dt.date(year, 12, 1)) - world.week)
        lived = LivedArm(world, 0)
        people, worry = lived.residents, lived.answers().worry
        free = lived.latino & (people["custody"] == codes.FREE)
        citizen = np.isin(people["status"], (codes.US_BORN, codes.NATURALIZED))
        for name, group in (("citizens", free & citizen), ("noncitizens", free & ~citizen)):
            counts[f"{name}_{year}"] = float(worry[group].sum())
            counts[f"{name}_of_{year}"] = float(group.sum())
    world.run_for(weeks - world.week)
    for year in HANDED:
        a, b = (weeks_between(FIRST, dt.date(y, 1, 1)) for y in (year, year + 1))
        counts[f"handed_{year}"] = float(world.tally["local_removals"][a:b, 0].sum())
    return counts


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return the lowest year over the highest, and relative changes."""
    fear = {
        (who, year): ratio(c[f"{who}_{year}"], c[f"{who}_of_{year}"])
        for who in ("citizens", "noncitizens")
        for year in ASKED
    }
    noncitizens = [fear["noncitizens", year] for year in ASKED]
    before = float(np.mean([fear["citizens", year] for year in (2013, 2014, 2015)]))
    after = float(np.mean([fear["citizens", year] for year in (2017, 2018)]))
    return {
        "B4-12a": ratio(min(noncitizens), max(noncitizens)),
        "B4-12b": 100.0 * (ratio(after, before) - 1.0),
        "T7-05a": c["handed_2018"] / max(c["handed_2016"], 1.0),
        "T7-05b": c["handed_2019"] / max(c["handed_2018"], 1.0),
    }


STUDY = PublishedStudy(
    name="history",
    title="Asad 2020; Mancina 2022: fear and hand-overs through the years",
    where="checks",
    count=count,
    estimate=estimate,
)
