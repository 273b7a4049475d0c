"""The command line of what is asked of studies: what matters, and figures."""

from __future__ import annotations

import json as jsonlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trustabm.cli.shared import (
    Flag,
    Keeper,
    Whole,
    ready,
    say_if_compiling,
    say_notices,
)

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from trustabm.analysis.means import Means
    from trustabm.analysis.steps import Found
    from trustabm.study.definition import Study
    from trustabm.study.opening import OpenStudy

__all__ = ["calibrate", "plot", "sensitivity"]

SHOWN = 8
"""Parameters that are printed; the file has all."""


def sensitivity(
    file: Path,
    /,
    *,
    out: Path | None = None,
    outcome: list[str] | None = None,
    arm: str | None = None,
    town: str | None = None,
    screen: Flag = False,
    trajectories: Whole = 20,
    workers: Whole | None = None,
    json: Flag = False,
) -> None:
    """Say what the effect of an arm hangs on: sweep what is missing, emulate, print indices.

    Sobol indices of the emulated mean, with 90% intervals; none of an outcome that the emulator
    does not predict. Leaves with 1 if there is none at all.

    Parameters
    ----------
    file
        A study file whose design is sobol or latin-hypercube; with --screen any that varies
        numbers.
    out
        Folder for the runs, gone on with if it is there; the file's name if not given.
    outcome
        Outcome and group, as reporting__latino; may be given again.
    arm
        The arm whose difference from the reference is analysed; the second if not given.
    town
        The town; the first if not given.
    screen
        Screen by Morris' elementary effects instead, for many parameters.
    trajectories
        Trajectories of the screening; each has one point more than there are parameters.
    workers
        Processes; as many as there are processors if not given.
    json
        Print JSON records.
    """
    from trustabm.analysis import steps
    from trustabm.analysis.means import means, usable
    from trustabm.errors import InvalidInput
    from trustabm.study.definition import Study
    from trustabm.study.opening import open_study

    study = Study.read(file)
    space = steps.space_of(study)
    folder = out or Path(file.stem + ("-screen" if screen else ""))
    if screen:
        study = steps.screening(study, space, trajectories)
    elif study.design.kind not in ("sobol", "latin-hypercube"):
        raise InvalidInput(
            f"{file}: design: expected sobol or latin-hypercube, got {study.design.kind!r}; "
            "--screen makes a design of its own"
        )
    if study.replicates < 2:
        raise InvalidInput(f"{file}: replicates: expected at least 2, got {study.replicates}")
    one = steps.one_arm(study, arm)
    place = steps.one_town(study, town)
    final = folder / ("screening" if screen else "sensitivity")
    if folder.is_dir():
        ready(final, True, final.name)
    _sweep(study, folder, workers)
    opened = open_study(folder)
    say_notices(opened.notices)
    asked = steps.wanted(opened, outcome)
    rows = opened.runs[opened.runs["town"] == place]
    reference = study.reference if one != study.reference else None
    kept, left_out = usable(rows, asked, arm=one, reference=reference)
    if not kept:
        raise InvalidInput("\n".join(left_out))
    learned = means(rows, space, kept, arm=one, reference=reference)
    what = steps.screened(learned, study) if screen else steps.indices(learned)
    keeper = Keeper()
    keeper.keep(final, lambda to: _save(what, to, final.name, opened, learned, one, place))
    if json:
        print(what.frame.to_json(orient="records", indent=2))
    else:
        _print(what, opened, learned, one, place, screen)
    for line in left_out + what.refused:
        print(f"trustabm: {line}", file=sys.stderr)
    if what.frame.empty:
        sys.exit(1)
    keeper.leave()


def plot(
    folder: Path,
    /,
    *,
    out: Path | None = None,
    outcome: list[str] | None = None,
    force: Flag = False,
) -> None:
    """Draw a study: PNG and SVG that say where they come from.

    Parameters
    ----------
    folder
        What `trustabm sweep` wrote to.
    out
        Folder for the figures; `figures` in the study's folder if not given.
    outcome
        Outcome and group, as reporting__latino; may be given again.
    force
        Replace earlier figures in that folder.
    """
    from trustabm.analysis import steps
    from trustabm.figures.of_study import study_figures, where_from
    from trustabm.figures.style import save
    from trustabm.runs.folders import written
    from trustabm.study.opening import open_study

    opened = open_study(folder)
    say_notices(opened.notices)
    asked = steps.wanted(opened, outcome)
    final = out or folder / "figures"
    ready(final, force, "study plot")
    where = where_from(opened)
    drawn = study_figures(opened, asked)

    def draw(place: Path) -> None:
        with written(place, force, "study plot") as root:
            for name, figure in drawn.figures.items():
                save(figure, root / name, title=name.replace("_", " "), provenance=where)
            (root / "provenance.json").write_text(jsonlib.dumps(where, indent=2) + "\n", "utf-8")

    for line in drawn.missing:
        print(f"trustabm: not drawn: {line}", file=sys.stderr)
    keeper = Keeper()
    keeper.keep(final, draw)
    keeper.leave(final)


def _sweep(study: Study, folder: Path, workers: int | None) -> None:
    from trustabm.cli.studies import sweep_progress
    from trustabm.study.sweep import sweep

    with sweep_progress(False) as progress:
        swept = sweep(
            study,
            folder,
            workers=workers,
            say=lambda line: say_notices([line]),
            progress=progress,
        )
    if swept.signal:
        print(f"Stopped: {swept.done:,} of {swept.total:,} runs are in {folder}", file=sys.stderr)
        sys.exit(128 + swept.signal)
    if swept.failed:
        print(f"trustabm: {swept.failed:,} runs failed; their points are left out", file=sys.stderr)


def _save(
    what: Found,
    folder: Path,
    kind: str,
    opened: OpenStudy,
    learned: Means,
    arm: str,
    town: str,
) -> None:
    """Write tables and figures, in the place of earlier ones."""
    from trustabm.figures.of_study import emulated_figures, where_from
    from trustabm.figures.style import save
    from trustabm.runs.folders import written
    from trustabm.runs.tables import write_csv

    where = where_from(opened) | {"arm": arm, "town": town}
    reference = opened.study.reference
    who = f"{arm} against {reference}" if arm != reference else ""
    with written(folder, True, kind) as root:
        write_csv(what.frame, root / "indices.csv", float_format="%.6g")
        if len(what.checks):
            write_csv(what.checks, root / "emulator.csv", float_format="%.6g")
        for name, figure in emulated_figures(what, learned, who).items():
            save(figure, root / name, title=name.replace("_", " "), provenance=where)
        (root / "provenance.json").write_text(jsonlib.dumps(where, indent=2) + "\n", "utf-8")


def _print(
    what: Found, opened: OpenStudy, learned: Means, arm: str, town: str, screen: bool
) -> None:
    from rich.table import Table

    from trustabm.outcomes.findings import label
    from trustabm.telling.terminal import console

    out, study = console(), opened.study
    less = f", less {study.reference}" if arm != study.reference else ""
    out.print(f"{study.title}: {arm}{less}, in {town}", markup=False, style="bold")
    if learned.missing:
        out.print(f"{learned.missing} points are left out: a run of them is missing.")
    for output in dict.fromkeys(what.frame.get("output", ())):
        rows = what.frame[what.frame["output"] == output]
        outcome, group = str(output).split("__")
        said = label(outcome, group, opened.groups)
        if not screen:
            check = what.checks.set_index("output").loc[output]
            said += f" (emulator: R² {check['r2']:.2f}, residuals {check['spread']:.2f})"
        table = Table(title=said)
        heads = (
            ("Effect", "90% interval", "Spread", "Matters")
            if screen
            else ("Total", "90% interval", "Alone", "90% interval")
        )
        table.add_column("Parameter")
        for head in heads:
            table.add_column(head, justify="right")
        for row in rows.to_dict("records"):
            table.add_row(str(row["parameter"]), *(_screen_cells(row) if screen else _cells(row)))
        out.print(table)
    out.print(
        "Effect: mean absolute change over the parameter's range. Matters: more than luck would "
        "give a parameter that does nothing, once in a thousand."
        if screen
        else "Shares of the variance of the mean over the ranges varied; total counts "
        "interactions. R²: of means the emulator has not seen; residuals: in its own standard "
        "deviations, 1 is right."
    )


def _cells(row: dict[str, Any]) -> list[str]:
    return [
        text
        for kind in ("total", "first")
        for text in (f"{row[kind]:.3f}", f"{row[kind + '_low']:.3f} to {row[kind + '_high']:.3f}")
    ]


def _screen_cells(row: dict[str, Any]) -> list[str]:
    return [
        f"{row['effect']:.3g}",
        f"{row['low']:.3g} to {row['high']:.3g}",
        f"{row['spread']:.3g}",
        "yes" if row["matters"] else "no",
    ]


def calibrate(
    file: Path | None = None,
    /,
    *,
    out: Path | None = None,
    waves: list[Whole] | None = None,
    others: list[Whole] | None = None,
    structures: bool = False,
    steps: Whole = 150,
    draws: Whole = 400,
    seed: Whole | None = None,
    check: Whole = 0,
    workers: Whole | None = None,
) -> None:
    """Fit the uncertain parameters to published studies: a posterior, not a point.

    With a file, fit to its own targets too: the posterior that ships is weighed by them, and with
    --waves drawn anew. --posterior FOLDER of other commands takes what it writes.

    Parameters
    ----------
    file
        A TOML file of targets of your own, its town, parameters and priors (docs/calibrate.md).
    out
        Folder for evaluations and results; a calibration that was stopped goes on from it.
        `calibration` if not given, with a file the file's name.
    waves
        Evaluations of each wave; 128, 80 and 64 if not given, 96, 48 and 32 with --structures.
        With a file, of waves after the first runs; none if not given.
    others
        With --structures, evaluations of each wave of every structure but the full one; 40, 16 and
        16 if not given.
    structures
        Fit every structure, leave every study out of each, and weigh the structures by how well
        they predict it.
    steps
        Draws of each of 16 chains.
    draws
        Draws kept of each structure; with a file, of all.
    seed
        Of the luck that all evaluations share, and of the sampler; 1 if not given. A file says its
        own.
    check
        With a file: made-up sets of targets by which the calibration is checked.
    workers
        Processes; as many as there are processors if not given.
    """
    from trustabm.errors import InvalidInput

    if file is not None:
        if structures or others or seed is not None:
            raise InvalidInput(
                "structures, others, seed: expected none with a file, which says them"
            )
        _own(file, out or Path(file.stem), waves or [], check, draws, workers)
        return
    if check:
        raise InvalidInput(f"check: expected with a file of targets alone, got {check}")
    _shipped(
        out or Path("calibration"), waves, others, structures, steps, draws, seed or 1, workers
    )


def _own(
    file: Path, out: Path, waves: list[int], check: int, draws: int, workers: int | None
) -> None:
    """Fit to a file's targets."""
    from trustabm.evidence.own.calibrate import calibrate as fit_to
    from trustabm.runs.progress import bar as progress_bar
    from trustabm.telling.terminal import console

    say_if_compiling()
    with progress_bar("runs") as progress:
        found = fit_to(
            file,
            waves=waves,
            check=check,
            draws=draws,
            out=out,
            workers=workers,
            progress=progress,
        )
    said = console()
    said.print(f"{found.problem.title}: {found.runs} runs", markup=False, style="bold")
    said.print(_before_and_now("Target", found.targets().assign(name=lambda x: x["target"])))
    most = found.summary().head(SHOWN).assign(name=lambda x: x["parameter"])
    said.print(_before_and_now("Parameters that targets say most of", most))
    said.print("Medians and 90% intervals; of a target its value and what it leaves open.")
    for line in found.notices:
        said.print(line, markup=False)
    print(f"Written to {out}", file=sys.stderr)


def _short(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.2g}"


def _before_and_now(title: str, frame: pd.DataFrame) -> Table:
    """Return a table of what there was before and is now, with 90% intervals."""
    from rich.table import Table

    columns = {"Before": "before", "Now": "now"}
    if "value" in frame:
        columns = {"Value": "value"} | columns
    table = Table(title, *columns)
    for row in frame.to_dict("records"):
        cells = []
        for column in columns.values():
            ends = ("low", "high") if column == "value" else (f"{column}_low", f"{column}_high")
            low, high = (row[end] for end in ends)
            cells.append(f"{_short(row[column])} ({_short(low)} to {_short(high)})")
        table.add_row(str(row["name"]), *cells)
    return table


def _shipped(
    out: Path,
    waves: list[int] | None,
    others: list[int] | None,
    structures: bool,
    steps: int,
    draws: int,
    seed: int,
    workers: int | None,
) -> None:
    """Fit to the published studies alone, as the posterior that ships."""
    from trustabm.errors import InvalidInput
    from trustabm.evidence.calibration import report, tables, whole
    from trustabm.evidence.calibration.calibrate import WAVES
    from trustabm.evidence.calibration.calibrate import calibrate as fit_to
    from trustabm.runs.progress import bar as progress_bar
    from trustabm.runs.provenance import origin

    if draws < 1:
        raise InvalidInput(f"draws: expected at least 1, got {draws}")
    keeper = Keeper()
    with progress_bar("structures" if structures else "evaluations") as progress:
        how: dict[str, Any] = {
            "steps": steps,
            "seed": seed,
            "workers": workers,
            "progress": progress,
            "say": lambda line: say_notices([line]),
        }
        if structures:
            first, later = tuple(waves or whole.FIRST), tuple(others or whole.OTHERS)
            found = whole.calibrate_all(out, first, later, **how)
            where = origin() | {"waves": first, "others": later, "steps": steps, "seed": seed}
            keeper.keep(out, lambda place: report.write_all(found, place, draws, where))
            print(tables.structures(found).round(3).to_string(index=False))
        else:
            sizes = tuple(waves or WAVES)
            fit = fit_to(out, sizes, **how)
            where = origin() | {"waves": sizes, "steps": steps, "seed": seed}
            keeper.keep(out, lambda place: report.write(fit, place, draws, where))
            print(report.identified(fit).round(3).to_string(index=False))
            print(f"{len(fit.points)} evaluations, {fit.cpu_seconds / 60:.1f} CPU minutes; {out}")
    keeper.leave()
