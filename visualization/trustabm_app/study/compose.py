"""A study put together on the page: its form, its cost before anything runs, and its run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

import solara

from trustabm.errors import InvalidInput
from trustabm.inputs.policy import LEVERS
from trustabm.inputs.timeline import timeline
from trustabm.study import composed as made
from trustabm.study.definition import Study
from trustabm_app.shared import exports
from trustabm_app.shared.ensembles import WORK_MAX, WORKERS
from trustabm_app.shared.fields import form, number, select
from trustabm_app.shared.places import place_named, unknown
from trustabm_app.shared.question import offers
from trustabm_app.shared.running import progress, use_runner
from trustabm_app.shared.shell import element
from trustabm_app.shared.widgets import Panel, UrlSync
from trustabm_app.study.asking import use_answer
from trustabm_app.study.problem import Problem
from trustabm_app.study.reader import ask

__all__ = ["Compose"]

Words = dict[str, str]

BY = {"local": "Set locally", "state": "Set by the state", "federal": "Set federally"}
ENDS = (("low", "Lowest"), ("high", "Highest"))
FILE = {"key": "toml", "label": "Study file (TOML)"}
FILE["text"] = "The same study for a computer of your own: trustabm sweep study.toml --out study"


def _placed(text: str) -> str:
    """Return the word of a county or town."""
    try:
        place = place_named(text)
    except InvalidInput:
        said, near = unknown(text)
        raise InvalidInput(" ".join([said, "; ".join(near)]).strip()) from None
    if place.area is not None:
        raise InvalidInput(f"{place.title} is many counties; a study takes one county or town.")
    return place.word


def _sections(words: Words) -> list[dict[str, Any]]:
    """Return the form."""
    levels = {title: [o for o in offers() if o.level == level] for level, title in BY.items()}
    titles = [(n, timeline(n).title) for n in made.references() if n != "today"]
    of = {t: [(d.name, d.title) for d in LEVERS.values() if d.level == w] for w, t in BY.items()}
    under = [("today", "The rules in force there"), *titles]
    changes = {
        t: [(o.word, o.act[0].upper() + o.act[1:]) for o in found] for t, found in levels.items()
    }
    first = form(
        {"key": "place", "label": "Place", "kind": "text", "help": "A county and its state."},
        select("a", "Reference", under, "What the change is laid on, and is compared with."),
        select("change", "Change", [("", "Choose a change")], "", changes),
        {"key": "from", "label": "From", "kind": "month", "help": "A month, as 2027-01."},
    )
    rows, taken = [], made.levers_of(words)
    for k, name in enumerate((*taken, "")[: made.LEVERS_MAX]):
        free = {
            t: [x for x in found if x[0] == name or x[0] not in taken] for t, found in of.items()
        }
        fields = [select(f"{k}.lever", f"Lever {k + 1}", [("", "None")], "", free)]
        if name:
            d = LEVERS[name]
            said = f"All: {', '.join(d.choices)}." if d.choices else f"{d.low:g} to {d.high:g}"
            fields[0]["help"] = f"{d.sentence} {said}" + f" ({d.unit})." * (not d.choices)
            if not d.choices:
                ends = (d.low, d.high, 0.05 if d.high <= 5 else 1.0)
                fields += [number(f"{k}.{end}", f"{t} of lever {k + 1}", ends) for end, t in ENDS]
                fields.append(number(f"{k}.steps", f"Values of lever {k + 1}", (*made.STEPS, 1)))
        rows.append(form(*fields))
    sizes = [number(k, s.title, (s.low, s.high, 1)) for k, s in made.SIZES.items()]
    return [first, *rows, form(*sizes)]


def _values(words: Words) -> dict[str, str]:
    """Return what the form holds, the place by its name for people."""
    found = made.held(words)
    with suppress(InvalidInput):
        found["place"] = place_named(found["place"]).title if found["place"] else ""
    return found


@solara.component
def Compose(asked: Mapping[str, str]) -> Any:
    """Let a study be put together, and run it."""
    known = ("place", "a", "change", "from", *made.SIZES)

    def begin() -> Words:
        found = {k: v for k, v in asked.items() if k in known or k.startswith(made.VARY)}
        return {"from": f"{dt.date.today().year + 1}-01"} | found

    words: Any = solara.use_reactive(solara.use_memo(begin, []))

    def heard(message: dict[str, Any]) -> None:
        key, value = str(message.get("key")), message.get("value")
        if message.get("what") == "set" and key in panel.values:
            said = f"{value:.12g}" if isinstance(value, (int, float)) else str(value)[:80]
            words.value = made.changed(words.value, key, said)

    panel: Any = solara.use_memo(lambda: Panel(heard), [])
    url: Any = solara.use_memo(lambda: UrlSync(), [])
    now = words.value

    def write() -> None:
        panel.sections = _sections(now)
        panel.values = {}
        panel.values = _values(now)
        whole = now.keys() - {"from"}
        url.query = urlencode({k: v for k, v in now.items() if v}, safe=":") if whole else ""

    solara.use_effect(write, [now])
    with element("section", class_="ta-box", aria_label="Put a study together") as box:
        element("h2", "Put a study together")
        with element("div", class_="ta-compose"):
            solara.display(panel)
        Ready(now).key(urlencode(now))
        solara.display(url)
    return box


@solara.component
def Ready(words: Words) -> Any:
    """Say what is missing, or what the study costs."""

    def make() -> Study | str:
        try:
            place = _placed(words["place"]) if words.get("place") else ""
            if not (place and words.get("change") and made.levers_of(words)):
                return "Say a place, a change and a lever: what it costs is then said here."
            return made.composed(words, _placed)
        except ValueError as e:
            return Problem(e)

    study = solara.use_memo(make, [])
    with element("div") as box:
        if isinstance(study, Study):
            Run(study)
        else:
            wrong = isinstance(study, Problem)
            how = {"role": "alert", "class_": "ta-problem"} if wrong else {"role": "status"}
            element("p", study, **how)
    return box


@solara.component
def Run(study: Study) -> Any:
    """Say what it costs; run it, stop it, go on with it, open it."""
    name = made.name_of(study)
    folder = made.place_of(name)
    runner = use_runner(name)
    ensemble = runner.ensemble
    over = ensemble.state if ensemble is not None and not ensemble.busy else ""
    cost, _ = use_answer(
        lambda gone: ask("cost", study, folder, WORKERS, WORK_MAX, gone=gone), over
    )
    file = lambda _: ("study.toml", made.study_file(study).encode())  # noqa: E731
    files = solara.use_memo(lambda: exports.downloads([FILE], file), [])

    def run() -> None:
        runner.run(study.experiment(study.towns[0]), study=study)

    with element("div") as box:
        element("h3", study.title)
        if isinstance(cost, made.Cost):
            element("p", cost.sentence, role="status").key("cost")
            if cost.refused:
                element("p", cost.refused, class_="ta-problem", role="alert").key("refused")
        else:
            wrong = {"class_": "ta-problem", "role": "alert"} if cost else {"role": "status"}
            element("p", cost or "Counting …", **wrong).key("problem" if cost else "counting")
        if ensemble is not None:
            progress(ensemble)
        with element("div", class_="ta-buttons"):
            if runner.busy:
                solara.Button("Cancel", on_click=runner.cancel, classes=["ta-button"])
            elif isinstance(cost, made.Cost):
                if cost.left and not cost.refused:
                    label = "Run again" if cost.done else "Run"
                    solara.Button(label, on_click=run, classes=["ta-button"])
                if cost.done:
                    link = f"/studies?study={name}"
                    element("a", "Open the study", href=link, class_="ta-button").key("open")
        solara.display(files)
    return box
