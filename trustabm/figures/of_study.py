"""Every figure that a study's design allows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from trustabm.analysis.means import means, usable
from trustabm.analysis.steps import indices, space_of
from trustabm.errors import InvalidInput
from trustabm.figures.style import file_name

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from trustabm.analysis.means import Means
    from trustabm.analysis.steps import Found
    from trustabm.study.opening import OpenStudy

__all__ = ["Drawn", "emulated_figures", "study_figures", "where_from"]


@dataclass
class Drawn:
    """Figures of a study.

    Args:
        figures: By file name.
        missing: What could not be drawn, and why, a line each.
    """

    figures: dict[str, Figure] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def draw(self, name: str, make: Callable[[], Figure | dict[str, Figure]], mark: str) -> None:
        """Draw one figure or some; where that cannot be, note why and go on."""
        try:
            made = make()
        except InvalidInput as e:
            self.missing.append(f"{name}{mark}: {e}")
            return
        found = made if isinstance(made, dict) else {name: made}
        self.figures |= {file_name(n + mark): figure for n, figure in found.items()}


def emulated_figures(what: Found, learned: Means, who: str) -> dict[str, Figure]:
    """Draw, of every output that is predicted, a tornado and the surface over the first two."""
    from trustabm.figures.surfaces import response_surface, tornado

    figures: dict[str, Figure] = {}
    if what.emulator is None or what.frame.empty:
        return figures
    for output, rows in what.frame.groupby("output", sort=False):
        figures[f"tornado_{output}"] = tornado(rows, who=who)
        if len(rows) > 1:
            across, up = rows["parameter"].iloc[:2]
            k = learned.outputs.index(str(output))
            figures[f"surface_{output}"] = response_surface(
                what.emulator, learned, across, up, output=k, who=who
            )
    return figures


def study_figures(opened: OpenStudy, wanted: list[str], towns: Sequence[str] = ()) -> Drawn:
    """Return the figures that a study's design allows, and what is missing of them and why.

    Args:
        opened: The study.
        wanted: Outcomes and groups, as `trust__latino`.
        towns: Of which towns; of all if not given.

    Raises:
        InvalidInput: where nothing can be drawn, saying why.
    """
    from trustabm.figures.trajectories import trajectories

    study, drawn = opened.study, Drawn()
    effects = opened.effects() if len(study.arms) > 1 and not opened.stopped else None
    for town in towns or study.towns:
        mark = f"_{town}" if len(study.towns) > 1 else ""
        if effects is not None and study.design.kind in ("factorial", "list"):
            here = effects if effects.empty else effects[effects["town"] == town]
            for output in wanted:
                _designed(drawn, opened, here, output, mark)
        elif study.design.kind in ("sobol", "latin-hypercube") and not opened.stopped:
            _sampled(drawn, opened, town, wanted, mark)
        if study.kept is not None:
            # Later weeks are of those runs alone that no condition ended.
            weekly = opened.weekly[opened.weekly["week"] < opened.weeks_of_all]
            weekly = weekly[weekly["town"] == town]
            for output in wanted:
                make = partial(trajectories, weekly, *output.split("__"))
                drawn.draw(f"weeks_{output}", make, mark)
    if opened.stopped:
        drawn.missing.append("effects: a condition ended runs early; `reached` tells of them")
    if not drawn.figures:
        raise InvalidInput(
            "\n".join(drawn.missing)
            or "plot: expected an arm beside the reference, a sample or weeks, got none"
        )
    return drawn


def _sampled(drawn: Drawn, opened: OpenStudy, town: str, wanted: list[str], mark: str) -> None:
    """Draw what the emulator says of one town."""
    study = opened.study
    rows = opened.runs[opened.runs["town"] == town]
    for arm in list(study.arms)[1:] or [study.reference]:
        reference = study.reference if arm != study.reference else None

        def make(arm: str = arm, reference: str | None = reference) -> dict[str, Figure]:
            space = space_of(study)
            if {arm, reference or arm} - set(rows["arm"]):
                raise InvalidInput(f"expected runs under {arm} in {town}, got none yet")
            kept, left_out = usable(rows, wanted, arm=arm, reference=reference)
            drawn.missing += left_out
            if not kept:
                return {}
            learned = means(rows, space, kept, arm=arm, reference=reference)
            found = indices(learned)
            drawn.missing += found.refused
            who = f"{arm} against {reference}" if reference else ""
            figures = emulated_figures(found, learned, who)
            return {f"{name}_{arm}": figure for name, figure in figures.items()}

        drawn.draw(f"tornado and surface of {arm}", make, mark)


def _designed(
    drawn: Drawn, opened: OpenStudy, effects: pd.DataFrame, output: str, mark: str
) -> None:
    """Draw one outcome over what a factorial design or a list varies."""
    from trustabm.figures.levers import (
        effect_by_lever,
        effects_of_arms,
        heat_map,
        small_multiples,
    )

    outcome, group = output.split("__")
    reference = opened.study.reference
    if not len(effects) or not _some(effects, outcome, group):
        drawn.missing.append(f"{output}{mark}: {_why(opened)}")
        return
    numbers = [n for n in opened.names if effects[n].dtype.kind == "f"]
    if not numbers:
        drawn.draw(
            f"effects_{output}",
            lambda: effects_of_arms(effects, outcome, group, reference=reference),
            mark,
        )
        return
    first, *others = numbers
    arms = list(dict.fromkeys(effects["arm"]))
    by = others[0] if others and len(arms) == 1 else "arm"
    drawn.draw(
        f"lever_{output}",
        lambda: effect_by_lever(effects, first, outcome, group, by=by, reference=reference),
        mark,
    )
    if others and opened.study.design.kind == "factorial":
        for arm in arms:
            drawn.draw(
                f"map_{output}_{arm}",
                partial(
                    heat_map, effects, first, others[0], outcome, group, arm, reference=reference
                ),
                mark,
            )
    counted = [g for g in opened.groups.names if _some(effects, outcome, g)]
    if len(counted) > 1:
        drawn.draw(
            f"groups_{output}",
            lambda: small_multiples(effects, first, outcome, counted, by=by, reference=reference),
            mark,
        )


def _some(effects: pd.DataFrame, outcome: str, group: str) -> bool:
    rows = effects[(effects["outcome"] == outcome) & (effects["group"] == group)]
    return bool(rows["difference"].notna().any())


def _why(opened: OpenStudy) -> str:
    """Return why an effect has no value at any point."""
    return "no effect to draw: " + (
        f"{opened.runs_said} are there"
        if opened.done < opened.total
        else "nothing to count under some policy, or its runs failed"
    )


def where_from(opened: OpenStudy) -> dict[str, Any]:
    """Return where a study's figures come from; without a date, so that they can be made again."""
    made = opened.provenance
    kept = ("versions", "rules", "git", "command", "seed", "inputs", "contents", "runs")
    unfinished = {"done": opened.runs_said} if opened.done < opened.total else {}
    return {
        "study": opened.study.title,
        "points": len(opened.points),
        "replicates": opened.study.replicates,
        **unfinished,
        **{k: made[k] for k in kept if k in made},
    }
