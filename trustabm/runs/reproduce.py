"""The shell command and the Python code that make an experiment again."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from typing import Any

import tomli_w

from trustabm.inputs.catalog import is_file
from trustabm.inputs.laid import Laid
from trustabm.inputs.places.written import written
from trustabm.inputs.rule import Rule
from trustabm.inputs.timeline import Timeline, date_of
from trustabm.runs.experiment import Experiment
from trustabm.runs.lots import usual_draws

__all__ = ["has_names", "python", "shell"]


def has_names(experiment: Experiment) -> bool:
    """Return whether all is a town, a policy or a file by its name, so that none is to be made."""
    own = experiment.own
    named = all(arm.by_name and arm.policy not in own.policies for arm in experiment.arms.values())
    return named and not own.towns


def shell(experiment: Experiment, why: bool = False) -> str:
    """Return the command that gives the same numbers, after the files that it reads.

    Args:
        experiment: What was run.
        why: Whether effects were taken apart.
    """
    if experiment.classes or _has_rules(experiment):  # which Python alone takes
        return f"python - <<'PY'\n{python(experiment)}PY\n"
    words, texts = _arms(experiment)
    files = _own(experiment) | texts
    lines = [f"cat > {name} <<'TOML'\n{text.rstrip()}\nTOML" for name, text in files.items()]
    command: list[object] = ["trustabm", "compare", *words]
    for laid in _changes(experiment):
        command += ["--change", laid.word]
    if len(experiment.arms) == 1:
        command[1:2] = ["run", "--policy"]
    for name, value in _values(experiment, texts).items():
        if isinstance(value, dict):
            for key, inner in value.items():
                command += [f"--{name}.{key}", inner]
        elif name == "structures":
            command += [word for structure in value for word in ("--structure", structure)]
        elif name == "since":
            command += ["--from", value]
        elif value is False:
            command.append(f"--no-{name}")
        else:
            command += [f"--{name.replace('_', '-')}", *(() if value is True else (value,))]
    if why:
        command.append("--why")
    return "\n".join([*lines, shlex.join(str(word) for word in command)]) + "\n"


def python(experiment: Experiment) -> str:
    """Return Python code that gives the same numbers."""
    words, texts = _arms(experiment)
    files = _own(experiment) | texts
    lines = [*(["from pathlib import Path", ""] if files else ()), "import trustabm as ta", ""]
    for name, text in files.items():
        safe = text.rstrip().replace("\\", "\\\\").replace("'''", r"\'\'\'")
        lines += [f"Path({name!r}).write_text('''\\\n{safe}\n''')", ""]
    values = _values(experiment, texts)
    if len(experiment.arms) == 1:
        lines += [f"result = ta.run({ {**values, 'policy': words[0]} })", "print(result.weekly)"]
    else:
        options = ", ".join(f"{name}={value!r}" for name, value in values.items())
        laid = [x.word for x in _changes(experiment)]
        said = f"{words}, changes={laid}" if laid else f"{_ruled(experiment, words) or words}"
        lines.append(f"comparison = ta.compare({said}, {options})")
        lines.append('print("\\n".join(comparison.findings()))')
    return "\n".join(lines) + "\n"


class _Code(str):
    """Python, which stands in other Python as it is."""

    def __repr__(self) -> str:
        return str(self)


def _has_rules(experiment: Experiment) -> bool:
    return any(experiment.rules_of(k) for k in range(len(experiment.arms)))


def _code(rules: Iterable[Rule]) -> list[_Code]:
    return [_Code(f"ta.Rule({', '.join(_said(r))})") for r in rules]


def _said(rule: Rule) -> list[str]:
    said = [f"replaces={rule.replaces!r}", f"source={rule.source!r}"]
    levers = [lever.model_dump() for lever in rule.levers]
    return [*said, f"levers={levers!r}"] if levers else said


def _ruled(experiment: Experiment, words: list[str]) -> dict[str, _Code]:
    """Return the arms by name, where one of them has rules of its own; else nothing."""
    arms = experiment.arms
    if not any(arm.rules for arm in arms.values()):
        return {}
    return {
        name: _Code(f"ta.Arm(policy={word!r}, rules={_code(arm.rules)})")
        for (name, arm), word in zip(arms.items(), words, strict=True)
    }


def _changes(experiment: Experiment) -> list[Laid]:
    """Return what is laid on the reference, where every other arm is that and one change."""
    first, *others = experiment.arms.values()
    alone = {"title": None, "laid": ()}
    same = all(x.model_copy(update=alone) == first.model_copy(update=alone) for x in others)
    days = {laid.since for x in others for laid in x.laid}
    if not first.by_name or not same or len(days) != 1 or any(len(x.laid) != 1 for x in others):
        return []
    return [x.laid[0] for x in others]


def _arms(experiment: Experiment) -> tuple[list[str], dict[str, str]]:
    """Return the word that stands for each arm, and the text of every file to be made, by name.

    Changes laid on the reference have none; they are named. What all arms share is laid into
    files; so where it is anything, all arms are files or none.
    """
    own = experiment.own.policies
    if _changes(experiment):
        first = next(iter(experiment.arms.values())).policy
        return [_called(first) if first in own else first], {}
    shared = bool(experiment.local_policies or experiment.levers)
    named = all(arm.by_name and arm.policy not in own for arm in experiment.arms.values())
    texts: dict[str, str] = {}
    words = []
    for k, (arm, line) in enumerate(zip(experiment.arms.values(), experiment.lines, strict=True)):
        by_name = arm.model_copy(update={"rules": ()}).by_name and arm.policy not in own
        if named or (by_name and not shared):
            words.append(arm.policy)
        else:
            words.append(f"arm-{k + 1}.toml")
            texts[words[-1]] = _file(line)
    return words, texts


def _called(name: str) -> str:
    """Return the name of the file that holds what was given whole."""
    return name if is_file(name) else f"{name}.toml"


def _own(experiment: Experiment) -> dict[str, str]:
    """Return the text of every file of what an experiment was given whole, by its name."""
    texts = {_called(name): written(place) for name, place in experiment.own.towns.items()}
    for laid in _changes(experiment):
        first = next(iter(experiment.arms.values())).policy
        if first in experiment.own.policies:
            texts[_called(first)] = _file(experiment.own.policies[first])
        if laid.given is not None:
            texts[laid.policy] = tomli_w.dumps(laid.given.model_dump(exclude_defaults=True))
    return texts


def _region(experiment: Experiment) -> str:
    """Return the word that names its towns, a file where one was given whole."""
    names = (experiment.town, *(n.town for n in experiment.neighbors))
    return "+".join(_called(n) if n in experiment.own.towns else n for n in names)


def _file(line: Timeline) -> str:
    plain = line.model_dump(exclude_defaults=True)
    changes = [c.model_dump(exclude_defaults=True, exclude_none=True) for c in line.changes]
    return tomli_w.dumps(plain | {"changes": changes})


def _values(experiment: Experiment, texts: dict[str, str]) -> dict[str, Any]:
    """Return what is not as by default, or what a reader wants said, by name."""
    e = experiment
    start, weeks = e.start, e.weeks
    if len(e.arms) == 1:  # a run has no weeks before its first: they are its first
        start, weeks = date_of(start, -e.burn_in), weeks + e.burn_in
    values: dict[str, Any] = {"town": _region(e), "start": start.isoformat(), "weeks": weeks}
    values |= {"residents": e.residents, "seed": e.seed}
    if laid := _changes(e):
        values["since"] = laid[0].since.isoformat()
    if len(e.arms) > 1:
        values |= {"burn_in": e.burn_in, "replicates": e.replicates}
        if e.draws is not None and e.draws != usual_draws(e.replicates, posterior=e.posterior):
            values["draws"] = e.draws
        values |= {"structures": list(e.structures)} if e.structures is not None else {}
        values |= {"posterior": e.posterior} if e.posterior and e.draws != 0 else {}
        values |= {"figures": e.figures} if e.figures is not None else {}
    if e.local_policies and not texts:
        values["local_policies"] = True
    if e.levers and not texts:
        values["levers"] = e.levers
    own = e.rules_of(0) if len(e.arms) == 1 else e.rules
    values |= {"rules": _code(own)} if own else {}
    parameters = e.parameters.model_dump(exclude_defaults=True)
    classes = e.model_dump(mode="json", include={"classes"})["classes"]
    values |= classes if len(e.arms) > 1 else {"classes": classes} if classes else {}
    return values | ({"parameters": parameters} if parameters else {})
