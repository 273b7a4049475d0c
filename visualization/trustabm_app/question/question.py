"""Question: what a change does in a county, asked in a sentence and answered on one card."""

from __future__ import annotations

from typing import Any

import solara

from trustabm.evidence.targets import TARGETS
from trustabm.evidence.tested import Held
from trustabm.inputs.policy import LEVERS
from trustabm.inputs.today import Today
from trustabm.runs.comparison import Comparison
from trustabm.telling.answer import Answer, answer, sofar
from trustabm.telling.beneath import beneath
from trustabm.telling.brief.caveats import CANNOT_SAY
from trustabm.telling.markup import items, tag
from trustabm.telling.shown import below, lines
from trustabm_app.question.desk import Desk
from trustabm_app.shared import exports
from trustabm_app.shared.ensembles import Ensemble, State
from trustabm_app.shared.question import Question
from trustabm_app.shared.shell import Notice, element, piece

__all__ = ["Page"]

BRIEF = {
    "key": "pdf",
    "label": "Brief (PDF)",
    "text": "This answer on one page, and on another how it was found: to print or to hand on.",
}


@solara.component
def Page() -> Any:
    """Show the sentence, and the card once its blanks are filled."""
    router = solara.use_router()
    desk = solara.use_memo(lambda: Desk(router.search), [])
    question = desk.question.value
    with element("div", class_="ta-column ta-first-page") as page:
        Notice(question.notices)
        element("h1", "What would a change of the rules do here?", class_="ta-ask")
        solara.display(desk.sentence)
        if desk.rules.value is not None:
            Rules(desk.rules.value)
        if question.whole:
            Asked(question)
        else:
            element(
                "p",
                "Type a state or any of the 3,142 counties and choose a change. A hundred "
                "simulated towns like it then live through both, and what differs is shown with "
                "its doubt.",
                class_="ta-lede",
            )
        solara.display(desk.url)
    return page


@solara.component
def Rules(rules: Today) -> Any:
    """List what is in force, as far as it is known."""
    own = [r for r in rules.rules if LEVERS[r.lever].level != "federal"]
    changes = {r.change.name: (r.change, r.basis) for r in own}
    with element("details", class_="ta-others") as box:
        element("summary", f"The rules in force in {rules.place.title}, and how they are known")
        with element("ul"):
            for change, basis in changes.values():
                known = f" ({', '.join(basis)})" if basis else ""
                about = element("div", change.source + known, class_="src")
                element("li", f"{change.date:%B %Y}: {change.sentence}", about)
            element("li", f"Federal rules: those of {rules.federal}.")
            element("li", f"287(g) agreement: {rules.agreement}")
            for gap in rules.gaps:
                element("li", gap)
    return box


@solara.component
def Asked(question: Question) -> Any:
    """Compute the answer, or join who asked before, and show what there is of it."""
    tick = solara.use_reactive(0)
    again = solara.use_reactive(0)
    current: Any = solara.use_ref(None)
    seen: Any = solara.use_ref(None)

    def changed(ensemble: Ensemble) -> None:
        # Told of every town; drawn anew where there are new numbers, or it is over.
        if ensemble is current.current:
            at = ensemble.state, ensemble.sofar is not None and len(ensemble.sofar.sums)
            if at != seen.current:
                seen.current = at
                tick.value += 1

    def ask() -> Any:
        seen.current = None
        try:
            experiment = question.experiment()
        except ValueError as e:
            current.current = str(e)
            tick.value += 1
            return None
        area = question.place.area if question.place else None
        current.current = Ensemble(experiment, changed, area)
        current.current.start()
        tick.value += 1
        return current.current.cancel

    solara.use_effect(ask, [question, again.value])
    _ = tick.value  # read, so that this is drawn again when it moves
    ensemble: Ensemble | str | None = current.current
    with element("section", class_="ta-box ta-card-of", aria_label="Answer") as box:
        if ensemble is None:
            element("p", "Asking …", role="status")
        elif isinstance(ensemble, str):
            element(
                "p",
                "This change cannot be laid on the rules in force there. " + ensemble,
                role="alert",
                class_="ta-problem",
            )
        else:
            towns = len(ensemble.sofar.sums) if ensemble.sofar else 0
            Progress(ensemble, ensemble.state, towns, lambda: again.set(again.value + 1))
            if ensemble.comparison is not None:
                Whole(question, ensemble.comparison)
            elif ensemble.sofar is not None:
                Card(sofar(ensemble.sofar, of_area=ensemble.area is not None), False)
    return box


@solara.component
def Progress(ensemble: Ensemble, state: State, towns: int, again: Any) -> Any:
    """Say how far it is, with a way to stop it."""
    with element("div", class_="ta-going") as box:
        if state in ("waiting", "running"):
            element(
                "progress",
                class_="ta-progress",
                aria_label="Towns done",
                value=str(towns),
                max=str(ensemble.number),
            )
            text = f"{towns} of {ensemble.number} towns so far." if towns else "The first towns …"
            waiting = "Others are being answered first." if state == "waiting" else ""
            element("p", waiting or text, role="status")
            solara.Button("Stop", on_click=ensemble.cancel, classes=["ta-button"])
        elif state != "done":
            element("p", ensemble.message or "Stopped.", role="alert", class_="ta-problem")
            solara.Button("Ask again", on_click=again, classes=["ta-button"])
    return box


@solara.component
def Whole(question: Question, comparison: Comparison) -> Any:
    """Show the whole answer, with what it is to be read with and where it goes on."""
    said = solara.use_memo(lambda: answer(comparison), [id(comparison)])
    more = solara.use_memo(lambda: beneath(comparison), [id(comparison)])

    def make(_key: str) -> tuple[str, bytes]:
        from trustabm.telling.brief import as_pdf

        with exports.drawing_lock:
            return f"trustabm-{question.place.word if question.place else ''}.pdf", as_pdf(
                comparison
            )

    files = solara.use_memo(lambda: exports.downloads([BRIEF], make), [id(comparison)])
    link = question.query()

    with element("div", class_="ta-outcome", data_towns=str(comparison.replicates)) as box:
        Card(said, True)
        solara.display(files)
        piece(below(more), class_="ta-below")
        Tested(said, link)
        element("h2", "What the model cannot say")
        piece(items(tag("b", head) + f" {x}" for head, x in CANNOT_SAY))
        with element("details", class_="ta-others"):
            element("summary", "What was assumed, and what the intervals cover")
            element("ul", *(element("li", x) for x in (*comparison.notices, comparison.covers())))
        where = " of its largest county" if comparison.of_area else ""
        element(
            "p",
            f"See how{where}: ",
            element(
                "a", "both towns side by side, all outcomes and files", href=f"/compare?{link}"
            ),
            " · ",
            element("a", "the town week by week", href=f"/town?{link}"),
            class_="ta-onward",
        )
    return box


@solara.component
def Card(said: Answer, whole: bool) -> Any:
    """Show the lines of an answer, each with a dot for every town."""
    with element("div") as box:
        element("p", said.headline, class_="ta-verdict", **({"role": "status"} if whole else {}))
        piece(lines(said))
    return box


@solara.component
def Tested(said: Answer, link: str) -> Any:
    """Say what this kind of change was held against, with a link to every row."""
    with element("div", class_="ta-tested") as box:
        element("h2", "Was this kind of change ever tested against data?")
        with element("ul"):
            for kind, ids in said.tested.items():
                if kind is Held.NEVER:
                    names = (LEVERS[name].title for name in ids)
                    element("li", element("b", _upper(kind)), f": {'; '.join(names)}.")
                    continue
                rows = [
                    element("a", i, href=f"/evidence?{link}#row-{i}", title=TARGETS[i].sentence)
                    for i in ids
                ]
                element("li", element("b", _upper(kind)), ": ", *rows)
    return box


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]
