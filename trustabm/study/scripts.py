"""The code that sweeps a study again and makes what is shown of it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trustabm.study.composed import study_file
from trustabm.study.definition import Study

__all__ = ["Scripts"]


@dataclass(frozen=True, slots=True)
class Scripts:
    """What is shown of a study, as code makes it.

    Args:
        name: The study's name: of its file, and of the folder that it is swept to.
        study: The study.
        outcome: The outcome.
        group: The group.
        column: The column of both.
        town: The town.
        arm: The arm.
        point: The point whose weeks are drawn; empty for all together.
        sides: What is across and up in a heat map.
        fixed: The value of everything else that differs among scenarios, by name.
    """

    name: str
    study: Study
    outcome: str
    group: str
    column: str
    town: str
    arm: str
    point: str
    sides: Sequence[str]
    fixed: Mapping[str, Any]

    def parts(self, what: str) -> list[list[str]]:
        """Return titled code: on a command line and in Python.

        Args:
            what: `heat`, `effects`, `weeks` or `indices`.
        """
        return [["Command line", self._shell(what)], ["Python", self._python(what)]]

    def _shell(self, what: str) -> str:
        name = self.name
        folder, file = shlex.quote(name), shlex.quote(f"{name}.toml")
        lines = [f"cat > {file} <<'TOML'", study_file(self.study).rstrip(), "TOML"]
        if what == "indices":
            lines.append(f"trustabm sensitivity {file} --out {folder} --outcome {self.column}")
        else:
            lines.append(f"trustabm sweep {file} --out {folder}")
            lines.append(f"trustabm study plot {folder} --outcome {self.column}")
            table = f"{shlex.quote(name + '.csv')} --table "
            lines.append(f"trustabm study export {folder} --out {table}")
            lines[-1] += "weekly" if what == "weeks" else "effects"
        return "\n".join(lines) + "\n"

    def _python(self, what: str) -> str:
        q: Any = json.dumps
        arm, reference = self.arm, self.study.reference
        head = ["import trustabm as ta"]
        body = ["", f"study = ta.open_study({q(self.name)})  # what `trustabm sweep` wrote to"]
        if what == "indices":
            head += ["from trustabm.analysis.means import means"]
            head += ["from trustabm.analysis.steps import indices, space_of"]
            less = f", reference={q(reference)}" if arm != reference else ""
            body += [
                f'runs = study.runs[study.runs["town"] == {q(self.town)}]',
                f"learned = means(runs, space_of(study.study), [{q(self.column)}], "
                f"arm={q(arm)}{less})",
                "print(indices(learned).frame)",
            ]
        elif what == "weeks":
            head += ["from trustabm.figures.trajectories import trajectories"]
            drawn = f"trajectories(weekly, {q(self.outcome)}, {q(self.group)})"
            body += [
                f'weekly = study.weekly[study.weekly["town"] == {q(self.town)}]',
                *([f'weekly = weekly[weekly["point"] == {self.point}]'] if self.point else []),
                f'{drawn}.savefig("weeks.svg")',
            ]
        else:
            body += [
                "effects = study.effects()",
                f'here = effects[(effects["outcome"] == {q(self.outcome)})'
                f' & (effects["group"] == {q(self.group)})]',
            ]
            body += [f"here = here[here[{q(n)}] == {v!r}]" for n, v in self.fixed.items()]
            if what == "heat":
                head += ["from trustabm.figures.levers import heat_map"]
                sides = [*self.sides, self.outcome, self.group]
                sides += [] if "arm" in self.sides else [arm]
                words = ", ".join(q(s) for s in sides)
                body.append(
                    f'heat_map(here, {words}, reference={q(reference)}).savefig("heat.svg")'
                )
            else:
                body.append('print(here[["point", "arm", "difference", "low", "high"]])')
        return "\n".join(head + body) + "\n"
