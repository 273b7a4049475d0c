"""Every figure that a study's design allows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from trustabm.analysis.steps import indices, space_of
from trustabm.errors import InvalidInput
from trustabm.state.codes import GROUPS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from trustabm.analysis.means import Means
    from trustabm.analysis.steps import Found
    from trustabm.study.opening import OpenStudy

__all__ = ["emulated_figures", "study_figures", "where_from"]


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


def study_figures(opened: OpenStudy, wanted: list[str]) -> dict[str, Figure]:
    """Return the figures that a study's design allows, by file name."""
    from trustabm.analysis.means import means
    from trustabm.figures.trajectories import trajectories

    study, figures = opened.study, {}
    effects = opened.effects() if len(study.arms) > 1 else None
    for town in study.towns:
        mark = f"_{town}" if len(study.towns) > 1 else ""
        if effects is not None and study.design.kind in ("factorial", "list"):
            here = effects[effects["town"] == town]
            for output in wanted:
                for name, figure in _designed(opened, here, output).items():
                    figures[name + mark] = figure
        elif study.design.kind in ("sobol", "latin-hypercube"):
            rows = opened.runs[opened.runs["town"] == town]
            for arm in list(study.arms)[1:] or [study.reference]:
                reference = study.reference if arm != study.reference else None
                learned = means(rows, space_of(study), wanted, arm=arm, reference=reference)
                drawn = emulated_figures(
                    indices(learned), learned, f"{arm} against {reference}" if reference else ""
                )
                figures |= {f"{n}_{arm}{mark}": f for n, f in drawn.items()}
        if study.weekly:
            weekly = opened.weekly[opened.weekly["town"] == town]
            for output in wanted:
                outcome, group = output.split("__")
                figures[f"weeks_{output}{mark}"] = trajectories(weekly, outcome, group)
    if not figures:
        raise InvalidInput(
            "plot: expected an arm beside the reference, a sample or weeks, got none"
        )
    return figures


def _designed(opened: OpenStudy, effects: pd.DataFrame, output: str) -> dict[str, Figure]:
    """Draw one outcome over what a factorial design or a list varies."""
    from trustabm.figures.levers import (
        effect_by_lever,
        effects_of_arms,
        heat_map,
        small_multiples,
    )

    outcome, group = output.split("__")
    reference = opened.study.reference
    numbers = [n for n in opened.names if effects[n].dtype.kind == "f"]
    if not numbers:
        return {f"effects_{output}": effects_of_arms(effects, outcome, group, reference=reference)}
    first, *others = numbers
    arms = list(dict.fromkeys(effects["arm"]))
    by = others[0] if others and len(arms) == 1 else "arm"
    figures = {
        f"lever_{output}": effect_by_lever(
            effects, first, outcome, group, by=by, reference=reference
        )
    }
    if others and opened.study.design.kind == "factorial":
        for arm in arms:
            figures[f"map_{output}_{arm}"] = heat_map(
                effects, first, others[0], outcome, group, arm, reference=reference
            )
    groups = [g for g in GROUPS if g in set(effects.loc[effects["outcome"] == outcome, "group"])]
    counted = [g for g in groups if _counted(effects, outcome, g)]
    if len(counted) > 1:
        figures[f"groups_{output}"] = small_multiples(
            effects, first, outcome, counted, by=by, reference=reference
        )
    return figures


def _counted(effects: pd.DataFrame, outcome: str, group: str) -> bool:
    rows = effects[(effects["outcome"] == outcome) & (effects["group"] == group)]
    return bool(rows["difference"].notna().all())


def where_from(opened: OpenStudy) -> dict[str, Any]:
    """Return where a study's figures come from; without a date, so that they can be made again."""
    made = json.loads((opened.folder / "provenance.json").read_text("utf-8"))
    kept = ("versions", "rules", "git", "command", "seed", "inputs", "contents", "runs")
    return {
        "study": opened.study.title,
        "points": len(opened.points),
        "replicates": opened.study.replicates,
        **{k: made[k] for k in kept if k in made},
    }
