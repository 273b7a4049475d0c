"""Lessons: choose one, commit to a prediction, run, see, and think."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import solara

from trustabm.town import town
from trustabm_app.ensembles import Ensemble
from trustabm_app.lesson import Lesson, lessons, options, reveal
from trustabm_app.shell import element
from trustabm_app.widgets import Panel

__all__ = ["Page"]


def chosen(search: str | None) -> str | None:
    """Return the name of the lesson that an address asks for, None for the list."""
    try:
        words = dict(parse_qsl((search or "")[:8000], max_num_fields=200))
    except ValueError:
        return None
    name = words.get("lesson", "")
    return name if name in lessons() else None


@solara.component
def Page() -> Any:
    """Show the list, or one lesson."""
    name = chosen(solara.use_router().search)
    with element("div") as page:
        if name is None:
            element("h1", "Six questions, and a model to ask")
            element(
                "p",
                "Say what you expect before you look. Each lesson runs the same towns under two "
                "policies and holds your prediction against what comes of it.",
                class_="ta-lede",
            )
            for key, lesson in lessons().items():
                with element("section", class_="ta-box", aria_label=lesson.title):
                    element("h2", element("a", lesson.title, href=f"/lessons?lesson={key}"))
                    element("p", lesson.question)
        else:
            One(lessons()[name]).key(name)
    return page


@solara.component
def One(lesson: Lesson) -> Any:
    """Lead through one lesson."""
    tick = solara.use_reactive(0)
    committed: Any = solara.use_reactive(None)
    current: Any = solara.use_ref(None)
    picked: Any = solara.use_ref("")

    def changed(ensemble: Ensemble) -> None:
        if ensemble is current.current and (ensemble.state != "running" or ensemble.done % 4 == 0):
            tick.value += 1

    def run() -> None:
        if current.current is not None:
            current.current.cancel()
        current.current = Ensemble(lesson.setting, changed, parameters=dict(lesson.parameters))
        current.current.start()

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
            tick.value += 1

    field = {
        "key": "prediction",
        "label": "Your prediction",
        "kind": "select",
        "options": options(lesson),
    }
    commit = {"key": "commit", "label": "Commit, and run", "primary": True}
    again = {"key": "again", "label": "Run again", "primary": True}
    panel = solara.use_memo(
        lambda: Panel(heard, sections=[{"title": "", "fields": [field], "buttons": [commit]}]), []
    )
    retry = solara.use_memo(
        lambda: Panel(heard, sections=[{"title": "", "fields": [], "buttons": [again]}]), []
    )
    solara.use_effect(lambda: lambda: current.current and current.current.cancel(), [])
    _ = tick.value
    ensemble: Ensemble | None = current.current
    with element("div") as page:
        element("p", element("a", "All lessons", href="/lessons"))
        element("h1", lesson.question)
        with element("section", class_="ta-box", aria_label="Background"):
            element("h2", "Before you say")
            element("p", lesson.background)
            Arms(lesson)
        with element("section", class_="ta-box", aria_label="Prediction"):
            element("h2", "What do you expect?")
            element(
                "p",
                f"What decides: {lesson.decides.title.lower()}, under B compared with A.",
                class_="ta-lede",
            )
            if committed.value is None:
                solara.display(panel)
            else:
                element("p", "You committed to: ", element("b", committed.value.text))
        if ensemble is not None and ensemble.comparison is None:
            with element("section", class_="ta-box", aria_label="Run").key("run"):
                if ensemble.state in ("waiting", "running"):
                    element(
                        "progress",
                        class_="ta-progress",
                        value=str(ensemble.done),
                        max=str(ensemble.number),
                        aria_label="Towns done",
                    )
                    element("p", f"{ensemble.done} of {ensemble.number} towns", role="status")
                else:
                    element("p", ensemble.message or "Cancelled.", role="alert")
                    solara.display(retry)
        if ensemble is not None and ensemble.comparison is not None:
            c = ensemble.comparison
            verdict, lines = reveal(lesson, c.estimates, c.arms, committed.value.says)
            with element("section", class_="ta-box ta-reveal", aria_label="Reveal").key("reveal"):
                element("h2", "What came of it")
                element("p", element("b", verdict), role="status")
                element("ul", *(element("li", x) for x in lines), class_="ta-findings")
                element("p", c.covers(), class_="ta-lede")
                if not lesson.parameters:
                    link = lesson.setting.link("/compare")
                    element("p", element("a", "Watch one of these towns in Compare", href=link))
            with element("section", class_="ta-box", aria_label="Think").key("think"):
                element("h2", "Think about it")
                element("ul", *(element("li", x) for x in lesson.think))
    return page


@solara.component
def Arms(lesson: Lesson) -> Any:
    """Say what is compared."""
    with element("ul") as arms:
        for letter, arm in (("A", lesson.a), ("B", lesson.b)):
            levers = [f"{k.replace('_', ' ')} {v}" for k, v in arm.levers.items()]
            more = f", with {', '.join(levers)}" if levers else ""
            element("li", element("b", f"{letter}: {arm.title}"), f" (policy “{arm.policy}”{more})")
        fixed = [f"{k.replace('_', ' ')} {v}" for k, v in lesson.parameters.items()]
        set_ = f" In both: {', '.join(fixed)}." if fixed else ""
        element(
            "li",
            f"{lesson.replicates} towns like {town(lesson.town).title}, "
            f"{lesson.weeks} weeks.{set_}",
        )
    return arms
