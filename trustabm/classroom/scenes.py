"""Six scenes to explore, from one victim's decision to the town and the offender who learns.

A scene is a page with a few controls and one number. What the number is for every setting of the
controls is tabulated here by the model's own rules, so that a page holds no rule at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from itertools import product
from typing import Any, Literal, NamedTuple

from trustabm.classroom.pages import page
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.policy import Policy
from trustabm.inputs.records import as_record
from trustabm.outcomes.parts import named
from trustabm.rules import codes, crime, policing, reporting
from trustabm.runs.compare import compare
from trustabm.runs.experiment import Experiment
from trustabm.week import believing

__all__ = ["SCENES", "Control", "Scene", "html", "scene"]

TOWNS = 20
"""Towns of the last scene's runs: enough to see what is large, in seconds."""


class Control(NamedTuple):
    """What can be moved.

    Args:
        label: What it says.
        kind: A range of steps, a choice, or a switch (off, then on).
        options: What each step is called, and what it is.
        at: The place of the one at the start.
    """

    label: str
    kind: Literal["range", "choice", "switch"]
    options: Sequence[tuple[str, Any]]
    at: int


class Scene(NamedTuple):
    """A scene.

    Args:
        title: Its name.
        text: What is seen.
        controls: What can be moved; the chart runs along the first.
        number: What the number is.
        values: The number by the controls' places, the last moving fastest; 0..1 or above.
        texts: The same in words, where it has an interval.
        ask: What to try.
    """

    title: str
    text: str
    controls: tuple[Control, ...]
    number: str
    values: tuple[float, ...]
    ask: str
    texts: tuple[str, ...] = ()

    def at(self, *places: int) -> float:
        """Return the number where the controls are at these places."""
        k = 0
        for place, control in zip(places, self.controls, strict=True):
            k = k * len(control.options) + place
        return self.values[k]


def html(name: str) -> str:
    """Return the page of a scene, or `index`, which asks for nothing from anywhere."""
    others = "".join(
        f'<li><a href="{x}.html">{escape(title)}</a></li>' for x, (title, _) in SCENES.items()
    )
    if name == "index":
        return page("Six scenes", f"<h1>Six scenes to explore</h1><ol>{others}</ol>", "scene")
    found = scene(name)
    controls = [control._asdict() for control in found.controls]
    data = json.dumps(found._asdict() | {"controls": controls}, separators=(",", ":")).replace(
        "<", "\\u003c"
    )
    body = (
        f"<h1>{escape(found.title)}</h1><p>{escape(found.text)}</p><div id=scene></div>"
        f"<p>{escape(found.ask)}</p><p><small>Numbers are the model's, at the parameters that "
        f"ship; they follow from its assumptions.</small></p><nav><ol>{others}</ol></nav>"
    )
    script = (files("trustabm.classroom") / "scenes.js").read_text("utf-8")
    return page(found.title, body, "scene", f"const SCENE={data};\n{script}")


@cache
def scene(name: str) -> Scene:
    """Return a scene by its name in `SCENES`."""
    title, make = SCENES[name]
    return make(title)


def _tabulated(controls: Sequence[Control], rule: Callable[..., float]) -> tuple[float, ...]:
    values = [[value for _, value in control.options] for control in controls]
    return tuple(round(float(rule(*x)), 4) for x in product(*values))


def _steps(label: str, values: Sequence[float], at: int, percent: bool = True) -> Control:
    said = [f"{x:.0%}" if percent else f"{x:g}" for x in values]
    return Control(label, "range", tuple(zip(said, values, strict=True)), at)


def _switch(label: str, at: int = 1) -> Control:
    return Control(label, "switch", (("off", False), ("on", True)), at)


@cache
def _p(**off: bool) -> Any:
    return as_record(Parameters.model_validate(off))[0]


@cache
def _levers(**values: Any) -> Any:
    return as_record(Policy.model_validate(values))[0]


RISKS = [k / 40 for k in range(21)]
KINDS = (("a theft", codes.PROPERTY), ("an attack", codes.VIOLENT), ("at home", codes.DOMESTIC))


def _chance(
    risk: float, trust: float, concern: int, tied: int, kind: int, asks: float, fear: bool, on: bool
) -> float:
    """Return a victim's chance to call, of usual sensitivity, by the rules of phase 4."""
    p = _p(fear=fear, trust=on)
    status = codes.UNDOCUMENTED if concern == codes.SELF else codes.US_BORN
    stake = reporting.stake(p, concern, tied, status)
    asks *= reporting.asking_bites(p, concern)
    feared = reporting.fear(p, _levers(), risk, stake, 1.0, asks)
    if kind == codes.DOMESTIC:
        feared = reporting.domestic_fear(p, feared, False)
    return float(reporting.report_chance(p, _levers(), kind, trust, feared, status, 1.0))


def _victim(title: str) -> Scene:
    who = (
        ("nobody", (codes.NOBODY, 0)),
        ("a friend", (codes.TIE, 1)),
        ("somebody at home", (codes.HOUSEHOLD, 0)),
        ("the victim", (codes.SELF, 0)),
    )
    controls = (
        _steps(
            "Risk that contact with police ends in a deportation, as the victim sees it", RISKS, 4
        ),
        _steps("Trust in local police", [k / 10 for k in range(11)], 5),
        Control("Who could be deported", "choice", who, 3),
        Control("What happened", "choice", KINDS, 0),
        _switch("Police ask victims about status", 0),
        _switch("Fear counts"),
        _switch("Trust counts"),
    )
    values = _tabulated(
        controls,
        lambda risk, trust, who, kind, asks, fear, on: _chance(
            risk, trust, who[0], who[1], kind, float(asks), fear, on
        ),
    )
    return Scene(
        title,
        "Something has happened to a Latino resident of Harris County's kind. Will the police "
        "hear of it? Move a slider, and the chance moves.",
        controls,
        "chance that the police are called",
        values,
        "Switch fear off: what is left? Which moves the chance more here, trust or fear?",
    )


def _citizen(title: str) -> Scene:
    def rule(tied: int, housed: bool, risk: float, counts: bool) -> float:
        concern = codes.HOUSEHOLD if housed else codes.TIE if tied else codes.NOBODY
        if not counts:
            concern, tied = codes.NOBODY, 0
        return _chance(
            risk, float(_p().trust_nation), concern, tied, codes.PROPERTY, 0.0, True, True
        )

    controls = (
        Control("Undocumented friends", "range", tuple((str(k), k) for k in range(9)), 1),
        _switch("Somebody at home is undocumented", 0),
        _steps("Risk as the citizen sees it", RISKS, 4),
        _switch("What happens to others counts"),
    )
    return Scene(
        title,
        "A citizen cannot be deported. But whom do they live with, and who are their friends?",
        controls,
        "chance that a theft is reported",
        _tabulated(controls, rule),
        "How many friends weigh as much as one person at home?",
    )


def _heard(title: str) -> Scene:
    world = Experiment.make(
        {"arms": {"none": {"policy": "none"}}, "residents": 1000, "replicates": 1, "draws": 0},
        "scene",
    ).world()
    r = world.state.residents
    w = world.belongings(world.plan.levers[0])
    rows = {
        undocumented: int((r["status"] == (codes.UNDOCUMENTED if undocumented else 0)).argmax())
        for undocumented in (True, False)
    }

    def rule(weeks: int, bad: int, calm: int, undocumented: bool, cases: bool) -> float:
        row = rows[undocumented]
        kept = r[row].copy()
        r["bad"][row], r["calm"][row] = (bad, calm) if cases else (0, 0)
        r["touched"][row] = w.now - weeks
        found = float(believing.risk_of(w, row))
        r[row] = kept
        return found

    controls = (
        Control("Weeks since", "range", tuple((str(k), k) for k in range(0, 209, 8)), 0),
        Control(
            "People known who were handed to ICE", "range", tuple((str(k), k) for k in range(7)), 1
        ),
        Control(
            "Calm contacts with police known of",
            "range",
            tuple((str(k), k) for k in range(0, 25, 4)),
            0,
        ),
        _switch("The resident is undocumented"),
        _switch("Cases known of count"),
    )
    return Scene(
        title,
        "What a resident knows of others moves the risk that they see, and fades.",
        controls,
        "risk seen in contact with police",
        _tabulated(controls, rule),
        "How many calm contacts undo one hand-over? Does it ever go back to what it was?",
    )


def _hours(title: str) -> Scene:
    def rule(deputized: float, workload: float, witness: int, kind: int, diversion: bool) -> float:
        p = _p(diversion=diversion)
        free = policing.free_share(
            p, _levers(ask_status="stop", deputized_share=deputized), 0.0, 1.0
        )
        return float(policing.clearance_chance(p, kind, free, workload, witness))

    controls = (
        _steps("Officers who act for ICE", [k / 20 for k in range(21)], 4),
        _steps("Cases to work on, of the usual", [k / 10 for k in range(5, 16)], 5),
        Control("Witnesses who speak to police", "choice", (("none", 0), ("one", 1)), 0),
        Control("What was reported", "choice", KINDS[:2], 1),
        _switch("Hours for ICE are missing elsewhere"),
    )
    return Scene(
        title,
        "A crime was reported. Solving it takes hours and, often, a witness.",
        controls,
        "chance that somebody is arrested for it",
        _tabulated(controls, rule),
        "Fewer reports leave more hours for each: can a town look more successful and be less so?",
    )


def _offender(title: str) -> Scene:
    @cache
    def belief(reported: float, weeks: int) -> float:
        p = _p()
        known = usual
        for _ in range(weeks):
            known = crime.learned(p, known, 10, 10 * reported, 10.0)
        return float(known)

    usual = 0.4

    def rule(
        reported: float,
        weeks: int,
        held: float,
        risk: float,
        response: bool,
        inside: bool,
        deters: bool,
    ) -> float:
        p = _p(offender_response=response, incapacitation=inside, deterrence=deters)
        acts = crime.target_chance(p, belief(reported, weeks), 0.2, usual, 0.2)
        hazard = crime.offence_hazard(p, 1.0, 1.0, True, risk)
        free = 1.0 - held * (0.0 if crime.at_liberty(p, codes.ICE) else 1.0)
        return float(acts * hazard * free)

    controls = (
        _steps("Crimes that are reported (40% is usual)", [k / 20 for k in range(2, 13)], 6),
        Control("Weeks of it", "range", tuple((str(k), k) for k in range(0, 105, 13)), 4),
        _steps("Removable offenders in custody", (0.0, 0.02, 0.05, 0.1, 0.2), 0),
        _steps("Risk of removal as the others see it", (0.0, 0.1, 0.2, 0.3, 0.5), 0),
        _switch("Offenders learn how often victims call"),
        _switch("Who is in custody commits nothing"),
        _switch("Fear of removal deters"),
    )
    return Scene(
        title,
        "What do offenders who could be removed do, compared with a usual town? Fewer calls make "
        "crime safer for them; custody and fear of removal hold it down.",
        controls,
        "of the crimes by them in a usual town",
        _tabulated(controls, rule),
        "Find a setting in which enforcement makes less crime, and one in which it makes more.",
    )


OUTCOMES = (
    ("reporting by Latino residents", ("reporting", "latino")),
    ("victimization of Latino residents", ("victimization", "latino")),
    ("victimization of others", ("victimization", "non-latino")),
    ("removals", ("removals", "all")),
    ("trust of Latino residents", ("trust", "latino")),
)


def _town(title: str) -> Scene:
    from trustabm.inputs.parameters.mechanisms import Mechanisms

    off = ["", *Mechanisms.model_fields]
    values: list[list[float]] = []
    texts: list[list[str]] = []
    for mechanism in off:
        c = compare(
            ["none", "secure-communities"],
            town="harris-tx",
            replicates=TOWNS,
            weeks=104,
            burn_in=52,
            residents=2000,
            seed=1,
            draws=0,
            workers=1,
            parameters={mechanism: False} if mechanism else None,
        )
        found = [c.estimates[o, g, "secure-communities"] for _, (o, g) in OUTCOMES]
        values.append([round((e.percent or 0.0) / 100.0, 4) for e in found])
        texts.append([_said(e) for e in found])
    whole = ("everything as it is", *(named(m) for m in off[1:]))
    controls = (
        Control("The town", "choice", tuple((name, k) for k, name in enumerate(whole)), 0),
        Control(
            "What is looked at", "choice", tuple((n, k) for k, (n, _) in enumerate(OUTCOMES)), 0
        ),
    )
    flat = tuple(x for row in values for x in row)
    return Scene(
        title,
        f"{TOWNS} towns like Harris County, 2,000 residents each, live through two years with and "
        "without Secure Communities; then again with one mechanism switched off, those that favour "
        "enforcement too.",
        controls,
        "change under Secure Communities",
        flat,
        "Which mechanism carries the change? Which works against it?",
        tuple(x for row in texts for x in row),
    )


def _said(e: Any) -> str:
    if e.percent is None or e.percent_low is None or e.percent_high is None:
        return "too few events to say"
    low, high = sorted((e.percent_low, e.percent_high))
    return f"{e.percent:+.1f}% (90% interval {low:+.1f} to {high:+.1f})"


SCENES: dict[str, tuple[str, Callable[[str], Scene]]] = {
    "victim": ("From one victim", _victim),
    "citizen": ("A citizen's stake", _citizen),
    "heard": ("What one has heard", _heard),
    "hours": ("The hours of the police", _hours),
    "offender": ("The offender who learns", _offender),
    "town": ("The town", _town),
}
"""The scenes by name, in order."""
