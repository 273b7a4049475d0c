"""Compare: two policies, the same town and luck; then many towns, for effects with intervals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import solara

from trustabm.inputs.notices import LAY_IN
from trustabm.inputs.policy import EVERY, LEVERS
from trustabm.inputs.timeline import date_of
from trustabm.inputs.town import town
from trustabm.runs.comparison import Comparison
from trustabm.telling.markup import table, tag
from trustabm_app.shared import exports, making
from trustabm_app.shared.address import ARMS, LIMITS, OWN_RULES, Setting, clamped
from trustabm_app.shared.ensembles import Ensemble
from trustabm_app.shared.fields import form, number
from trustabm_app.shared.running import progress, use_runner
from trustabm_app.shared.shell import drawing, element, scrolled
from trustabm_app.shared.widgets import Panel, Toolbox
from trustabm_app.town import effects
from trustabm_app.town.carried import Carried
from trustabm_app.town.desk import Desk
from trustabm_app.town.forms import model_title
from trustabm_app.town.takeaways import Replay, Takeaways
from trustabm_app.town.workbench import Workbench

__all__ = ["Page"]


@solara.component
def Page() -> Any:
    """Show two towns."""
    return Workbench(2, heading, Replay, Changes, Many)


def heading(setting: Setting) -> list[str]:
    """Return what is compared, and how."""
    first, second = setting.titles(2)
    how = "lived through twice with the same residents and the same luck. What differs is caused "
    return [f"{first}, or {second}?", f"{town(setting.town).title}, {how}by the policy."]


def changes(setting: Setting) -> list[tuple[str, str, str, str, str]]:
    """Return `(when, lever, A's value, B's value, its source)` wherever they part."""
    lines = [setting.timeline(arm) for arm in ARMS]
    end = date_of(setting.start, setting.weeks)
    dates = sorted({max(d, setting.start) for line in lines for d, _ in line.dated() if d < end})
    found: list[tuple[str, str, str, str, str]] = []
    before: dict[str, tuple[Any, Any]] = {}
    for date in dates:
        now = lines[0].at(date).differences(lines[1].at(date))
        for name, values in now.items():
            if before.get(name) != values:
                when = "from the start" if date == setting.start else f"from {date:%B %Y}"
                d = EVERY[name]
                old, new = (v if isinstance(v, str) else f"{v:g}" for v in values)
                found.append((when, name, old, new, d.source))
        found += [
            (f"from {date:%B %Y}", name, "the same", "the same", "")
            for name in before
            if name not in now
        ]
        before = now
    return found


@solara.component
def Changes(desk: Desk) -> Any:
    """List everything the second policy changes."""
    setting = desk.setting.value
    rows = changes(setting)
    with element("section", class_="ta-box", aria_label="What B changes") as box:
        element("h2", f"What B changes: {len({r[1] for r in rows})} of {len(LEVERS)} levers")
        for k, arm in enumerate(ARMS):
            line = setting.timeline(arm)
            element(
                "p",
                element("b", f"{'AB'[k]}: {line.title}. "),
                setting.words(arm),
                class_="ta-lede",
            )
        for sentence in setting.notes(2):
            element("p", sentence, class_="ta-lede")
        if not rows:
            element("p", "Nothing: both towns live under the same rules.")
            return box
        lines = [
            (
                EVERY[name].title + tag("div", EVERY[name].unit, class_="src"),
                *(old, tag("b", new), when),
                f"{EVERY[name].sentence} " + tag("span", source, class_="src"),
            )
            for when, name, old, new, source in rows
        ]
        heads = ("Lever", "A", "B", "When", "What it is, and where that comes from")
        scrolled(table(heads, lines), "Levers, old and new")
    return box


@solara.component
def Many(desk: Desk) -> Any:
    """Run an ensemble and show what comes of it."""
    runner, whole = use_runner(), use_runner()
    run_of: Any = solara.use_ref(None)

    def heard(message: dict[str, Any]) -> None:
        if message.get("what") == "set":
            value = clamped("replicates", message.get("value"))
            if value is not None:
                desk.present(replicates=value)
        elif message.get("key") == "run":
            run_of.current = desk.setting.value
            runner.run(run_of.current.experiment(2))
            whole.cancel()
            if run_of.current.model:
                whole.run(replace(run_of.current, model="").experiment(2))
        elif message.get("key") == "cancel":
            runner.cancel()
            whole.cancel()

    panel = solara.use_memo(lambda: Panel(heard), [])
    ensemble, busy = runner.ensemble, runner.busy or whole.busy

    def fill() -> None:
        button = {"key": "run", "label": "Run many towns", "primary": True}
        if busy:
            button = {"key": "cancel", "label": "Cancel"}
        towns = number("replicates", "Towns", LIMITS["replicates"], "range")
        panel.sections = [form(towns, buttons=[button])]
        panel.values = {"replicates": desk.setting.value.replicates}

    solara.use_effect(fill, [busy])
    with element("section", class_="ta-box", aria_label="Many towns") as box:
        element("h2", "Is it the policy, or luck? Many towns")
        element(
            "p",
            "One town can be lucky. Many towns, each lived through under both policies, tell an "
            "effect from luck; and they are spread over the parameter sets that fit published "
            "studies and over the ranges of the town's own figures, so that the intervals cover "
            "all of these.",
            class_="ta-lede",
        )
        solara.display(panel)
        if ensemble is not None:
            progress(ensemble)
            if ensemble.comparison is not None:
                stale = run_of.current != desk.setting.value
                if run_of.current.model and whole.ensemble is not None:
                    beside(run_of.current.model, ensemble.comparison, whole.ensemble)
                Outcome(run_of.current, ensemble.comparison, stale)
    return box


def beside(model: str, switched: Comparison, ensemble: Ensemble) -> None:
    """Show the effects of a switched model beside those of the model as it is."""
    name = model_title(model)
    told = element("section", class_="ta-beside", aria_label="What the switch does")
    with told.key("beside"):
        element("h3", f"{name}, and the model as it is")
        element("p", "The same towns, with the same luck, live through both.", class_="ta-lede")
        progress(ensemble)
        if ensemble.comparison is not None:
            pairs = zip(effects.effects(ensemble.comparison), effects.effects(switched))
            lines = (
                (a.label, *(x for e in (a, b) for x in (e.change, e.interval, e.verdict)))
                for a, b in pairs
            )
            each = ("90% interval", "Verdict")
            heads = ("Outcome", "Change, as it is", *each, f"Change: {name}", *each)
            scrolled(table(heads, lines, numbers=(1, 2, 4, 5)), "Effects beside each other")


@solara.component
def Outcome(setting: Setting, comparison: Comparison, stale: bool) -> Any:
    """Show findings, a table and a figure."""
    rows = solara.use_memo(lambda: effects.effects(comparison), [id(comparison)])
    reference, other = comparison.arms.values()
    title = f"{other} against {reference}"
    svg = solara.use_memo(lambda: effects.drawing(comparison, title), [id(comparison)])

    def heard(message: dict[str, Any]) -> None:
        action = message.get("action")
        if action == "code":
            exports.code(tools, setting, 2)
        elif action in ("csv", "png", "svg"):
            making.make(tools, action, lambda: made(action))

    def made(action: str) -> tuple[str, bytes]:
        name = f"trustabm-effects.{action}"
        if action == "csv":
            return name, effects.table(comparison)
        with exports.drawing_lock:
            return name, exports.figure_bytes(effects.figure(comparison, title), action)

    tools = solara.use_memo(lambda: Toolbox(heard, label="Effects"), [id(comparison)])
    tools.heard = heard
    with element("div", class_="ta-outcome", data_towns=str(comparison.replicates)) as box:
        if stale:
            element(
                "p",
                "The setting has changed since. Run again for the new one.",
                class_="ta-problem",
                role="status",
            )
        element("h3", "Findings")
        element(
            "ul", *(element("li", text) for text in comparison.findings()), class_="ta-findings"
        )
        for sentence in comparison.notices:
            element("p", sentence.replace(LAY_IN, OWN_RULES), class_="ta-lede")
        element("p", comparison.covers(), class_="ta-lede")
        heads = (
            *("Outcome", "A", "B", "Change", "90% interval"),
            *("Verdict", "Made of", "Narrowed most by"),
        )
        lines = (
            (
                e.label + tag("div", e.unit, class_="src"),
                *(e.before, e.after, e.change, e.interval, e.verdict, e.made_of, e.narrows),
            )
            for e in rows
        )
        scrolled(table(heads, lines, numbers=range(1, 5)), "Effects")
        with element("figure", class_="ta-figure"):
            solara.display(tools)
            drawing(svg, f"Changes in percent, with intervals, as in the table: {title}")
        Carried(comparison)
        Takeaways(setting, comparison)
    return box
