"""Towns, policies and timelines that somebody gives whole, and what files say, by name.

Wherever a name may stand, a town, a policy or a timeline itself may too. An experiment then calls
it by a name and holds it: written down, it is all that is needed to run it again.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field

from trustabm.errors import InvalidInput
from trustabm.inputs import catalog
from trustabm.inputs.policy import Policy
from trustabm.inputs.rule import learned
from trustabm.inputs.timeline import Change, Timeline, policy, timeline
from trustabm.inputs.town import Town, town

if TYPE_CHECKING:
    from trustabm.runs.experiment import Experiment

__all__ = ["Own", "of_study", "taken", "written_out"]


class Own(catalog.Strict):
    """What names stand for in one experiment, before what ships and what files say.

    Args:
        towns: Towns, by name.
        policies: Timelines, by name; a policy is one in which it is always in force.
    """

    towns: dict[str, Town] = Field(default_factory=dict)
    policies: dict[str, Timeline] = Field(default_factory=dict)

    def town(self, name: str) -> Town:
        """Return the town that a name stands for."""
        return self.towns[name] if name in self.towns else town(name)

    def line(self, name: str) -> Timeline:
        """Return the policy or timeline that a name stands for."""
        return self.policies[name] if name in self.policies else timeline(name)

    def check(self, experiment: Experiment) -> None:
        """Raise where something is held that no name of an experiment stands for.

        Raises:
            InvalidInput: naming it; something else would be run in its place.
        """
        pairs = (
            ("towns", self.towns, _towns(experiment)),
            ("policies", self.policies, _policies(experiment)),
        )
        for what, held, named in pairs:
            for name in held:
                if name not in named:
                    raise InvalidInput(f"own.{what}.{name}: expected a name that is used, got none")


def taken(values: Any, folder: Path | None) -> Any:
    """Return the values of an experiment or scenario with names for what is given whole.

    Args:
        values: As somebody gives them: `town`, `policy` and those of `neighbors` may be a `Town`, a
            `Policy` or a `Timeline`.
        folder: The folder from which paths of rules start; the current one if not given.
    """
    if not isinstance(values, dict):
        return values
    learned(values, folder)
    own = values.get("own") or Own()
    own = own if isinstance(own, Own) else Own.model_validate(own)
    towns, policies = dict(own.towns), dict(own.policies)
    named = _named(values, towns, policies)
    near = values.get("neighbors")
    if isinstance(near, list | tuple):
        named["neighbors"] = tuple(
            _named(one, towns, policies) if isinstance(one, dict) else one for one in near
        )
    if (len(towns), len(policies)) == (len(own.towns), len(own.policies)):
        return values
    return named | {"own": Own(towns=towns, policies=policies)}


def of_study(values: Any, folder: Path | None) -> Any:
    """Return the values of a study with names for towns and timelines that are given whole.

    Args:
        values: As somebody gives them: `towns` may hold a `Town`, and arms a `Timeline`.
        folder: As in `taken`.
    """
    if not isinstance(values, dict):
        return values
    learned(values, folder)
    own = Own.model_validate(values.get("own") or {})
    towns, policies = dict(own.towns), dict(own.policies)
    named = dict(values)
    if isinstance(places := values.get("towns"), list | tuple):
        named["towns"] = tuple(
            _named({"town": x}, towns, policies)["town"] if isinstance(x, Town) else x
            for x in places
        )
    if isinstance(arms := values.get("arms"), dict | list | tuple):
        pairs = arms.items() if isinstance(arms, dict) else enumerate(arms)
        found = {k: _named_arm(arm, towns, policies) for k, arm in pairs}
        named["arms"] = found if isinstance(arms, dict) else list(found.values())
    return named | {"own": Own(towns=towns, policies=policies)} if towns or policies else values


def _named_arm(arm: Any, towns: dict[str, Town], policies: dict[str, Timeline]) -> Any:
    if isinstance(arm, Timeline):
        arm = {"policy": arm}
    return _named(arm, towns, policies) if isinstance(arm, dict) else arm


def _named(
    values: Mapping[str, Any], towns: dict[str, Town], policies: dict[str, Timeline]
) -> dict[str, Any]:
    """Return values with names for a town and a policy that are given whole, which are kept."""
    named = dict(values)
    if isinstance(place := values.get("town"), Town):
        named["town"] = _free(place.title, towns, place)
        towns[named["town"]] = place
    if isinstance(rules := values.get("policy"), Policy | Timeline):
        line = Timeline.always(rules, "Own policy") if isinstance(rules, Policy) else rules
        named["policy"] = _free(line.title, policies, line)
        policies[named["policy"]] = line
    return named


def _free(title: str, held: Mapping[str, Any], what: Any) -> str:
    """Return a name for a thing: of its title or its file, and another for another thing.

    Args:
        title: Its title, or the path of its file.
        held: What has a name already.
        what: The thing.
    """
    if catalog.is_file(title):
        stem, end = Path(title).stem.replace("+", "-"), ".toml"
    else:
        stem, end = re.sub(r"\W+", "-", title.casefold()).strip("-") or "own", ""
    name, many = stem + end, 1
    while name in held and held[name] != what:
        many += 1
        name = f"{stem}-{many}{end}"
    return name


def _without_files(line: Timeline) -> Timeline:
    """Return a timeline that says itself what its files say."""
    if not line.reads_files:
        return line
    start, changes = line.start, list(line.changes)
    for k, change in enumerate(changes):
        if change.policy is None or not catalog.is_file(change.policy):
            continue
        # What else that day sets wins over the policy that is in force from it.
        others = {n for x in line.changes if x.date == change.date for n in x.levers}
        whole = policy(change.policy).model_dump()
        levers = {n: value for n, value in whole.items() if n not in others} | change.levers
        changes[k] = change.model_copy(update={"policy": None, "levers": levers})
    if catalog.is_file(start):
        first = Change(
            date=dt.date.min,
            sentence=line.title,
            source="as given",
            levers=policy(start).model_dump(),
        )
        start, changes = "none", [first, *changes]
    return line.model_copy(update={"start": start, "changes": tuple(changes)})


def _towns(experiment: Experiment) -> list[str]:
    return [experiment.town, *(n.town for n in experiment.neighbors)]


def _policies(experiment: Experiment) -> list[str]:
    arms = [arm.policy for arm in experiment.arms.values()]
    return arms + [n.policy for n in experiment.neighbors]


def written_out(experiment: Experiment) -> dict[str, Any]:
    """Return what an experiment has otherwise where all that its files say stands in it.

    Args:
        experiment: What is run, with its files as they were when it was made.
    """
    e = experiment
    towns, policies = dict(e.own.towns), dict(e.own.policies)
    place_of, line_of = {n: n for n in _towns(e)}, {n: n for n in _policies(e)}
    for name, (place, _) in zip(_towns(e), e.places, strict=True):
        if catalog.is_file(name) and name not in towns:
            place_of[name] = _free(name, towns, place)
            towns[place_of[name]] = place
    for name in _policies(e):
        if catalog.is_file(name) and name not in policies:
            line = _without_files(e.policy(name))
            line_of[name] = _free(name, policies, line)
            policies[line_of[name]] = line
    arms = {}
    for title, arm in e.arms.items():
        update = {
            "policy": line_of[arm.policy],
            "laid": tuple(x.whole for x in arm.laid),
            "line": None if arm.line is None else _without_files(arm.line),
        }
        arms[title] = arm.model_copy(update=update)
    near = tuple(
        n.model_copy(update={"town": place_of[n.town], "policy": line_of[n.policy]})
        for n in e.neighbors
    )
    lines = {name: _without_files(line) for name, line in policies.items()}
    return {
        "town": place_of[e.town],
        "arms": arms,
        "neighbors": near,
        "own": Own(towns=towns, policies=lines),
    }
