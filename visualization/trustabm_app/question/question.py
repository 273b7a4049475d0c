"""Question: what a change does in a county, asked in a sentence and answered on one card."""

from __future__ import annotations

from typing import Any

import solara

from trustabm.evidence.targets import TARGETS
from trustabm.evidence.tested import Held
from trustabm.inputs.policy import EVERY, LEVERS
from trustabm.inputs.today import Today
from trustabm.runs.comparison import Comparison
from trustabm.telling.answer import Answer, answer, sofar
from trustabm.telling.beneath import beneath
from trustabm.telling.brief.caveats import CANNOT_SAY
from trustabm.telling.markup import items, tag
from trustabm.telling.shown import below, lines
from trustabm_app.question.desk import Desk
from trustabm_app.shared import exports
from trustabm_app.shared.question import Question
from trustabm_app.shared.running import progress, use_runner
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
    runner = use_runner(question)
    wrong = solara.use_reactive("")

    def ask() -> None:
        wrong.value = ""
        try:
            runner.run(question.experiment(), area=question.place and question.place.area)
        except ValueError as e:
            wrong.value = f"This change cannot be laid on the rules in force there. {e}"

    solara.use_effect(ask, [question])
    ensemble = runner.ensemble
    with element("section", class_="ta-box ta-card-of", aria_label="Answer") as box:
        if wrong.value:
            element("p", wrong.value, role="alert", class_="ta-problem").key("wrong")
        elif ensemble is None:
            element("p", "Asking …", role="status").key("asking")
        else:
            if ensemble.comparison is not None:
                Whole(question, ensemble.comparison)
                return box
            with element("div", class_="ta-going").key("going"):
                progress(ensemble, len(ensemble.sofar.sums) if ensemble.sofar else 0)
                label, click = ("Stop", runner.cancel) if ensemble.busy else ("Ask again", ask)
                solara.Button(label, on_click=click, classes=["ta-button"])
            if ensemble.sofar is not None:
                Card(sofar(ensemble.sofar, of_area=ensemble.area is not None), False)
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
        Tested(said)
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
def Tested(said: Answer) -> Any:
    """Say what this kind of change was held against, with a link to every row."""
    with element("div", class_="ta-tested") as box:
        element("h2", "Was this kind of change ever tested against data?")
        with element("ul"):
            for kind, ids in said.tested.items():
                if kind is Held.NEVER:
                    names = (EVERY[name].title for name in ids)
                    element("li", element("b", kind.head(len(ids))), f": {'; '.join(names)}.")
                    continue
                rows = [
                    element("a", i, href=f"/evidence#row-{i}", title=TARGETS[i].sentence)
                    for i in ids
                ]
                element("li", element("b", kind.head(len(ids))), ": ", *rows)
    return box
