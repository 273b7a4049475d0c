"""Lessons: choose one, commit to a prediction, run, see, and think."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlencode

import solara

from trustabm.classroom.lesson import Lesson, Says, lessons, shelves
from trustabm.classroom.reveal import reveal
from trustabm.classroom.scenes import SCENES
from trustabm.inputs.notices import LAY_IN
from trustabm.inputs.town import town
from trustabm.runs.comparison import Comparison
from trustabm.study.designs import VARIABLE
from trustabm_app.shared.address import Setting, Turn
from trustabm_app.shared.asked import Asked
from trustabm_app.shared.fields import form
from trustabm_app.shared.running import progress, use_runner
from trustabm_app.shared.shell import Notice, element
from trustabm_app.shared.widgets import Panel

__all__ = ["Page"]


@solara.component
def Page() -> Any:
    """Show the list, or one lesson."""
    asked = Asked(solara.use_router().search)
    name = asked.one_of("lesson", lessons(), "", "the list of those there are")
    with element("div", class_="ta-column") as page:
        Notice(asked.said)
        if not name:
            element("h1", "Questions, and a model to ask")
            element(
                "p",
                "Say what you expect before you look. Each lesson lives through the same towns "
                "under two policies and holds your prediction against what comes of it. What a "
                "model answers follows from its assumptions; it is not what happened anywhere.",
                class_="ta-lede",
            )
            element(
                "p",
                element("a", "Start a class", href="/class"),
                ": phones on the network, this laptop, no account and no internet.",
            )
            with element("section", class_="ta-box", aria_label="Scenes to explore"):
                element("h2", "Six scenes to explore")
                element("p", "One rule each, moving under the finger; every part can be taken out.")
                links = (element("a", t, href=f"/scenes/{k}.html") for k, (t, _) in SCENES.items())
                element("ol", *(element("li", link) for link in links))
            known, wrong = shelves()
            many = Counter(lesson.title for lesson in known.values())
            for key, lesson in known.items():
                title = lesson.title if many[lesson.title] < 2 else f"{lesson.title} ({key})"
                with element("section", class_="ta-box", aria_label=title):
                    element("h2", element("a", title, href=link(key)))
                    element("p", lesson.question)
            if wrong:
                with element("section", class_="ta-box", aria_label="Not readable", role="alert"):
                    element("h2", "Lessons that cannot be read")
                    element("ul", *(element("li", text) for text in wrong))
        else:
            One(name).key(name)
    return page


def link(name: str) -> str:
    """Return the address of a lesson."""
    return f"/lessons?{urlencode({'lesson': name})}"


@solara.component
def One(name: str) -> Any:
    """Lead through one lesson."""
    lesson = lessons()[name]
    runner = use_runner()
    committed: Any = solara.use_reactive(None)
    picked: Any = solara.use_ref("")

    def run() -> None:
        runner.run(lesson.experiment())

    def heard(message: dict[str, Any]) -> None:
        if message.get("what") == "set" and message.get("key") == "prediction":
            picked.current = str(message.get("value"))
            panel.problem = ""
        elif message.get("key") == "commit" and committed.value is None:
            number = picked.current
            if number not in [str(k) for k in range(len(lesson.predictions))]:
                panel.problem = "Choose what you expect first."
                return
            run()
            committed.value = lesson.predictions[int(number)]
        elif message.get("key") == "again":
            run()

    field = {
        "key": "prediction",
        "label": "Your prediction",
        "kind": "choice",
        "options": [[str(k), p.text] for k, p in enumerate(lesson.predictions)],
    }
    commit = {"key": "commit", "label": "Commit, and run", "primary": True}
    again = {"key": "again", "label": "Run again", "primary": True}
    panel = solara.use_memo(lambda: Panel(heard, sections=[form(field, buttons=[commit])]), [])
    retry = solara.use_memo(lambda: Panel(heard, sections=[form(buttons=[again])]), [])
    ensemble = runner.ensemble
    with element("div", class_="ta-column") as page:
        element("p", element("a", "All lessons", href="/lessons"))
        element("h1", lesson.question)
        with element("section", class_="ta-box", aria_label="Background"):
            element("h2", "Before you say")
            element("p", lesson.background)
            Arms(lesson)
            element(
                "p",
                element(
                    "a", "Start a class with this", href=f"/class?{urlencode({'lesson': name})}"
                ),
            )
        with element("section", class_="ta-box", aria_label="Prediction"):
            element("h2", "What do you expect?")
            d = lesson.decides.title
            element(
                "p",
                f"What decides is {d[0].lower()}{d[1:]}, under B compared with A. "
                f"A change of less than {lesson.margin:g}% counts as the same.",
                class_="ta-lede",
            )
            if committed.value is None:
                solara.display(panel)
            else:
                element("p", "You committed to: ", element("b", committed.value.text))
        if ensemble is not None and ensemble.comparison is None:
            with element("section", class_="ta-box", aria_label="Run").key("run"):
                progress(ensemble)
                if not ensemble.busy:
                    solara.display(retry)
        if ensemble is not None and ensemble.comparison is not None:
            Revealed(lesson, ensemble.comparison, committed.value.says).key("reveal")
            Think(name).key("think")
    return page


@solara.component
def Revealed(lesson: Lesson, comparison: Comparison, says: Says) -> Any:
    """Show what came of a prediction."""
    told = reveal(lesson, comparison.estimates, comparison.arms, says)
    with element("section", class_="ta-box ta-reveal", aria_label="Reveal") as box:
        element("h2", "What came of it")
        element("p", told.verdict, class_="ta-verdict", role="status")
        for line in told.lines:
            with element("div", class_="ta-levels"):
                element("h3", line.title, element("span", line.unit, class_="src"))
                top = max(line.levels or (0.0,))
                for k, arm in enumerate((lesson.a, lesson.b)):
                    share = 100 * line.levels[k] / top if line.levels and top > 0 else 0
                    element(
                        "div",
                        element("span", f"{'AB'[k]}: {arm.title}"),
                        element("span", class_="ta-bar", style=f"width: {share:.1f}%"),
                        element("span", line.said[k]),
                        class_="ta-level",
                    )
                element("p", line.change)
        for sentence in comparison.notices:
            element("p", sentence.replace(f"; {LAY_IN}", ""), class_="ta-lede")
        element("p", comparison.covers(), class_="ta-lede")
        if not lesson.parameters:
            link = setting_of(lesson).link("/compare")
            element("p", element("a", "Watch one of these towns in Compare", href=link))
    return box


def setting_of(lesson: Lesson) -> Setting:
    """Return what a lesson runs, as the pages on towns have it."""
    turns = [
        Turn(letter, 0, name, value)
        for letter, arm in (("a", lesson.a), ("b", lesson.b))
        for name, value in arm.levers.items()
    ]
    same = ("town", "year", "weeks", "residents", "seed", "burn_in", "replicates")
    of = {name: getattr(lesson, name) for name in same}
    return Setting(a=lesson.a.policy, b=lesson.b.policy, turns=tuple(turns), **of)


@solara.component
def Think(name: str) -> Any:
    """Ask what follows, and lead on to the next lesson."""
    order = list(lessons())
    after = order[order.index(name) + 1 :]
    with element("section", class_="ta-box", aria_label="Think") as box:
        element("h2", "Think about it")
        element("ul", *(element("li", x) for x in lessons()[name].think))
        if after:
            text = f"Next: {lessons()[after[0]].title}"
            element("p", element("a", text, href=link(after[0])))
    return box


@solara.component
def Arms(lesson: Lesson) -> Any:
    """Say what is compared."""
    with element("ul") as arms:
        for letter, arm in (("A", lesson.a), ("B", lesson.b)):
            levers = [VARIABLE[k].said(v) for k, v in arm.levers.items()]
            more = f", with {'; '.join(levers)}" if levers else ""
            element("li", element("b", f"{letter}: {arm.title}"), f" (policy “{arm.policy}”{more})")
        fixed = [f"{VARIABLE[k].title} {v}" for k, v in lesson.parameters.items()]
        set_ = f" In both: {', '.join(fixed)}." if fixed else ""
        element(
            "li",
            f"Each through {lesson.weeks} weeks, in {lesson.replicates} simulated towns like "
            f"{town(lesson.town).title}, with the same people and the same luck.{set_}",
        )
    return arms
