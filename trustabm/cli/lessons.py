"""`trustabm lesson`: what a teacher takes to class."""

from __future__ import annotations

from pathlib import Path

from cyclopts import App

from trustabm.cli.shared import Flag, Whole, print_json, say_if_compiling

__all__ = ["app"]

app = App(
    name="lesson",
    help="Make a lesson's kit, or scenes to explore; say what a class gained.",
)


@app.command
def kit(name: str, /, *, out: Path, workers: Whole | None = None, force: Flag = False) -> None:
    """Write a lesson's script, slides, role cards and items, with the numbers of its own run.

    Parameters
    ----------
    name
        A lesson: citizen, offenders, perception, priorities, recorded, training, or a library's.
    out
        Folder to write to: script.html, slides.html, cards.html, items.html, answers.csv.
    workers
        Processes; chosen by the work there is if not given.
    force
        Replace an earlier kit there.
    """
    from trustabm.classroom.kit import write
    from trustabm.classroom.lesson import named
    from trustabm.classroom.reveal import reveal
    from trustabm.runs.compare import compare_arms
    from trustabm.runs.folders import ready, written

    lesson = named(name)
    ready(out, force, "lesson kit")
    say_if_compiling()
    c = compare_arms(lesson.experiment(), workers=workers)
    told = [reveal(lesson, c.estimates, c.arms, p.says) for p in lesson.predictions]
    with written(out, force, "lesson kit") as folder:
        write(lesson, name, told, [*c.notices, c.covers()], folder)
    print(f"Written to {out}: script, slides, cards and items as HTML")


@app.command
def scenes(*, out: Path, force: Flag = False) -> None:
    """Write six scenes to explore, from one victim to the town: a page each, for any browser.

    Parameters
    ----------
    out
        Folder to write to; begin with index.html.
    force
        Replace earlier scenes there.
    """
    from trustabm.classroom.scenes import SCENES, html
    from trustabm.runs.folders import ready, written

    ready(out, force, "lesson scenes")
    say_if_compiling()
    with written(out, force, "lesson scenes") as folder:
        for name in ("index", *SCENES):
            (folder / f"{name}.html").write_text(html(name), "utf-8")
    print(f"Written to {out}: open {out / 'index.html'}")


@app.command
def gain(answers: Path, /, *, lesson: str, out: Path | None = None) -> None:
    """Say what a class gained from a lesson: the paired difference with its 90% interval.

    Parameters
    ----------
    answers
        A table as the kit's answers.csv, a row a pupil, with a letter an item before and after.
    lesson
        The lesson whose items they are.
    out
        A CSV file to write it to; printed as JSON if not given.
    """
    from trustabm.classroom.gain import read_answers
    from trustabm.classroom.lesson import named
    from trustabm.errors import InvalidInput
    from trustabm.runs.folders import replace_table

    items = named(lesson).items
    if not items:
        raise InvalidInput(f"lesson: expected one with items, got {lesson!r}, which has none")
    found = read_answers(answers, ["ABCDEF"[item.right] for item in items])
    if out is None:
        print_json(found._asdict())
        return
    rows = [",".join(found._fields), ",".join(f"{x:.6g}" for x in found)]
    replace_table(out, ("\n".join(rows) + "\n").encode())
    print(f"Written to {out}")
