"""A scenario of a study as the other pages hold it, and what they cannot hold of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from trustabm.inputs import catalog
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.policy import EVERY, Policy
from trustabm.inputs.timeline import weeks_between
from trustabm.study.definition import Study
from trustabm.study.designs import STRUCTURE, called
from trustabm_app.shared.address import Setting, Turn, read

__all__ = ["Place", "place"]

_LIMITED = ("weeks", "residents", "seed", "burn_in")


@dataclass(frozen=True)
class Place:
    """Where a scenario is to be seen.

    Args:
        town: The address in Town, under the arm alone; None where its page cannot hold it.
        compare: The address in Compare, beside the reference; likewise.
        lost: Names of what these pages have otherwise than the study.
    """

    town: str | None
    compare: str | None
    lost: tuple[str, ...] = ()


def place(
    study: Study, town: str, arm: str, point: dict[str, Any], *, outcome: str, group: str
) -> Place:
    """Return where a scenario is to be seen, as near as the pages can hold it.

    Args:
        study: The study.
        town: One of its towns.
        arm: One of its arms.
        point: The values of what it varies.
        outcome: The outcome whose chart is shown.
        group: The group whose charts Compare shows.
    """
    shipped = (*catalog.names("policies"), *catalog.names("timelines"))
    files = [study.arms[a].policy for a in (study.reference, arm)]
    if town not in catalog.names("towns") or any(f not in shipped for f in files):
        return Place(None, None, ("its town or a policy is a file of its author's",))
    if any(study.arms[a].laid for a in (study.reference, arm)):
        return Place(None, None, ("a change laid on the rules in force there",))
    lost = [called(name) for name in _parameters(study, point)]
    if point.get(STRUCTURE.name, STRUCTURE.default) != STRUCTURE.default:
        lost.append(STRUCTURE.title)
    if (study.start.month, study.start.day) != (1, 1):
        lost.append("the day it starts")
    default = Setting()
    charts = default.charts if outcome in default.charts else (outcome, *default.charts[:-1])
    bare = Setting(
        town=town,
        year=study.start.year,
        weeks=study.weeks,
        residents=study.residents,
        seed=study.seed,
        local=study.local_policies,
        burn_in=study.burn_in,
        group=group,
        charts=charts,
    )
    links: list[str | None] = []
    for path, arms in (("/town", (arm,)), ("/compare", (study.reference, arm))):
        names: dict[str, Any] = dict(zip("ab", (study.arms[a].policy for a in arms)))
        setting = replace(bare, **names)
        turns = [t for k, a in zip("ab", arms) for t in _turns(study, setting, k, a, point)]
        setting = replace(setting, turns=tuple(sorted(turns, key=lambda t: t.week)))
        held = read(setting.query())
        links.append(held.link(path))
        if held != setting:
            cut = [n for n in _LIMITED if getattr(held, n) != getattr(setting, n)]
            lost += [called(n) for n in cut]
            lost += ["levers"] if any(_lived(held, k) != _lived(setting, k) for k in "ab") else []
    return Place(links[0], links[1], tuple(dict.fromkeys(lost)))


def _parameters(study: Study, point: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters that are not at their defaults: the pages know no others."""
    own = {n: getattr(study.parameters, n) for n in study.parameters.model_fields_set}
    own |= {n: v for n, v in point.items() if n in Parameters.model_fields}
    return {n: v for n, v in own.items() if v != getattr(Parameters(), n)}


def _turns(
    study: Study, setting: Setting, letter: str, arm: str, point: dict[str, Any]
) -> list[Turn]:
    """Return the levers of an arm as a visitor would set them, after every change of its own."""
    varied = {
        n: v
        for n, v in point.items()
        if n in EVERY and (n not in study.vary or arm in (study.vary[n].arms or study.arms))
    }
    levers = study.levers | study.arms[arm].levers | varied
    line = setting.timeline(letter)
    weeks = {weeks_between(setting.start, date) for date, _ in line.dated()}
    weeks = {0} | {w for w in weeks if 0 < w < setting.weeks}
    return [Turn(letter, w, n, v) for w in sorted(weeks) for n, v in levers.items()]


def _lived(setting: Setting, letter: str) -> list[tuple[dt.date, Policy]]:
    """Return the rules of an arm by the day they come, without days on which none changes."""
    every = setting.timeline(letter).dated()
    before = [None, *(rules for _, rules in every)]
    return [of for of, last in zip(every, before, strict=False) if of[1] != last]
