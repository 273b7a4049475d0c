"""The code that sweeps a study again and makes what is shown of it."""

from __future__ import annotations

import json
import shlex
from pathlib import PurePath
from typing import Any

import tomli_w

from trustabm.study.definition import Study
from trustabm_app.study.answers import Answers
from trustabm_app.study.look import Look

__all__ = ["parts", "study_file"]


def study_file(study: Study) -> str:
    """Return a study as a TOML file; a file of its author's is named without its folder."""
    plain = study.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
    plain = {"schema_version": study.schema_version} | plain
    if "design" in plain:
        plain["design"] = {"kind": study.design.kind} | plain["design"]
    plain["towns"] = [_bare(t) for t in study.towns]
    for arm in plain["arms"].values():
        if "policy" in arm:
            arm["policy"] = _bare(arm["policy"])
    if plain.get("design", {}).get("draws"):
        plain["design"]["draws"] = _bare(plain["design"]["draws"])
    return tomli_w.dumps(plain)


def _bare(word: str) -> str:
    return PurePath(word).name if word.endswith((".toml", ".parquet")) else word


def parts(what: str, answers: Answers, look: Look) -> list[list[str]]:
    """Return titled code of what is shown: on a command line and in Python.

    Args:
        what: `heat`, `effects`, `weeks` or `indices`.
        answers: The study.
        look: What is looked at.
    """
    name = look.study.rsplit("/", 1)[-1]
    return [
        ["Command line", _shell(what, name, answers.study, look)],
        ["Python", _python(what, name, answers, look)],
    ]


def _shell(what: str, name: str, study: Study, look: Look) -> str:
    folder, file = shlex.quote(name), shlex.quote(f"{name}.toml")
    lines = [f"cat > {file} <<'TOML'", study_file(study).rstrip(), "TOML"]
    if what == "indices":
        lines.append(f"trustabm sensitivity {file} --out {folder} --outcome {look.column}")
    else:
        lines.append(f"trustabm sweep {file} --out {folder}")
        lines.append(f"trustabm study plot {folder} --outcome {look.column}")
        lines.append(f"trustabm study export {folder} --out {shlex.quote(name + '.csv')} --table ")
        lines[-1] += "weekly" if what == "weeks" else "effects"
    return "\n".join(lines) + "\n"


def _python(what: str, name: str, answers: Answers, look: Look) -> str:
    q: Any = json.dumps
    town, arm = look.chosen(answers.study)
    reference = answers.study.reference
    head = ["import trustabm as ta"]
    body = ["", f"study = ta.open_study({q(name)})  # what `trustabm sweep` wrote to"]
    if what == "indices":
        head += ["from trustabm.analysis.means import means"]
        head += ["from trustabm.analysis.steps import indices, space_of"]
        less = f", reference={q(reference)}" if arm != reference else ""
        body += [
            f'runs = study.runs[study.runs["town"] == {q(town)}]',
            f"learned = means(runs, space_of(study.study), [{q(look.column)}], arm={q(arm)}{less})",
            "print(indices(learned).frame)",
        ]
    elif what == "weeks":
        head += ["from trustabm.figures.trajectories import trajectories"]
        body += [
            f'weekly = study.weekly[study.weekly["town"] == {q(town)}]',
            *([f'weekly = weekly[weekly["point"] == {look.point}]'] if look.point else []),
            f'trajectories(weekly, {q(look.outcome)}, {q(look.group)}).savefig("weeks.svg")',
        ]
    else:
        body += [
            "effects = study.effects()",
            f'here = effects[(effects["outcome"] == {q(look.outcome)})'
            f' & (effects["group"] == {q(look.group)})]',
        ]
        for d in answers.dims:
            if d.name not in (look.across, look.up) and d.name != "point":
                value = d.values[d.words.index(look.at[d.name])]
                body.append(f"here = here[here[{q(d.name)}] == {value!r}]")
        if what == "heat":
            head += ["from trustabm.figures.levers import heat_map"]
            sides = [look.across, look.up, look.outcome, look.group]
            if "arm" not in sides[:2]:
                sides.append(arm)
            words = ", ".join(q(s) for s in sides)
            body.append(f'heat_map(here, {words}, reference={q(reference)}).savefig("heat.svg")')
        else:
            body.append('print(here[["point", "arm", "difference", "low", "high"]])')
    return "\n".join(head + body) + "\n"
