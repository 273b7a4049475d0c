"""Write the tables of glossary, parameters, levers, policies and rules, scorecard and scores.

uv run python docs/make.py           rewrite them
uv run python docs/make.py --check   exit with 1 if one of them is stale
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import get_args

import credibility_page
import evidence_page
import rules_page
import scores_page
import uncertainty_page
from pydantic import BaseModel
from tables import table

from trustabm.inputs import catalog
from trustabm.inputs.declare import Declared, Level, declarations
from trustabm.inputs.groups import CURRENT, SHIPPED
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.policy import LEVERS
from trustabm.inputs.timeline import Preset
from trustabm.inputs.town import Town
from trustabm.inputs.town_group import TownGroup
from trustabm.outcomes import glossary

HERE = Path(__file__).parent
NOTE = "<!-- Written by docs/make.py from the declarations. Change those, then run it again. -->"
KINDS = {
    "mechanism": (
        "Mechanisms",
        "Switches. Off (false) takes one mechanism out of the model; all are on by default.",
    ),
    "uncertainty": (
        "Uncertainties",
        (
            "What nobody controls and the evidence does not settle. The range is what calibration "
            "and sweeps vary."
        ),
    ),
    "constant": (
        "Constants",
        (
            "What calibration holds still: the evidence gives it well enough, or it is an "
            "assumption that its source calls ours. A scenario or a sweep may vary it."
        ),
    ),
    "experiment": (
        "Experiments",
        "What an experiment forces by hand. At the defaults these do nothing.",
    ),
}


def number(value: float | str | bool) -> str:
    """Return a value as a scenario file would have it."""
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else f"{value:g}"


def bounds(d: Declared) -> str:
    """Return what values are allowed."""
    if d.choices:
        return ", ".join(f'"{c}"' for c in d.choices)
    return "true, false" if isinstance(d.default, bool) else f"{d.low:g} to {d.high:g}"


def outcome_page() -> str:
    """Return the glossary of outcomes."""
    lines = [
        NOTE,
        "",
        "# Outcomes",
        "",
        (
            "One glossary for the library, the command line and every file. An outcome is a ratio "
            "of weekly counts, pooled over weeks and replicates before it is divided; where its "
            "denominator is zero it is missing, not zero. Rates are per resident aged 12 and over. "
            "A year is 52 weeks."
        ),
        "",
        (
            "Rates are over how many there were on the day the arms of a comparison part, which is "
            "day 0 of a single run, and groups are those of that day: a person legalized later is "
            "counted where they were, a newcomer in the group of their arrival. So no policy moves "
            "a denominator. In the weeks before that day everybody counts where they are. Means "
            "and shares of residents (trust, perceived risk, exposed, unknown pool) are over the "
            "people of a group who are in place."
        ),
        "",
        (
            f"The same groups as of each week have names of their own, `{CURRENT}` before "
            "the name: who is in them then, over how many are in them then. They are given on "
            "request: `current_weekly` of a run or comparison, `summary(current=True)` of a run, "
            "and `effects(current=True)` and `current_estimates` of a comparison."
        ),
        "",
        (
            "What hangs on what: `why()` of a comparison (`trustabm compare none u-visa --why`, "
            "`why.parquet` in its folder) has a row an arm, outcome, group and `mechanism` "
            "that is off, in both arms and from the first week: `effect` with all on, "
            "`without` it, and `part`, the one less the other, between `low` and `high` (90%, "
            "of the same towns, luck and draws); `share` is the part over the effect. "
            "Mechanisms work through one another, so that parts need not add up: `rest` is "
            "what they leave. The rows `publicity` and `ice_capacity` have that lever at 0 "
            "under the policy alone."
        ),
        "",
        (
            "How sure an effect is: `effects()` of a comparison (`effects.parquet`) has the ends "
            "of 90% intervals of the level (`level_low`, `level_high`), the difference (`low`, "
            "`high`) and the percentage; how much of an interval, squared, is luck (`by_luck`), "
            "counties drawn, parameters, the town's figures, readings of rules and structure, "
            "which add up to 1; and what would narrow it most (`narrows`). `by_structure()` "
            "(`trustabm compare none u-visa --structures`) has a row an outcome, group, "
            "arm and structure of the model: its `weight` and `draws`, and what it says alone."
        ),
        "",
        "## By group",
        "",
    ]
    head = ["name", "title", "unit", "what it says", "counted", "over"]

    def cells(o: glossary.Outcome) -> list[str]:
        return [
            f"`{o.name}`",
            o.title,
            o.unit,
            o.sentence,
            " + ".join(f"`{n}`" for n in o.over) or "-",
            " + ".join(f"`{n}`" for n in o.under) or "the simulated sample",
        ]

    town = getattr(glossary, "TOWN_OUTCOMES", {})
    grouped = [o for o in glossary.OUTCOMES.values() if o.name not in town]
    lines += table(head, (cells(o) for o in grouped))
    if town:
        lines += ["## Of a whole town", "", "They stand in the rows of the group `all`.", ""]
        lines += table(head[:4], (cells(o)[:4] for o in town.values()))
    lines += [
        "## Groups",
        "",
        "The first five are a partition. *Close* means in the household or among the ties.",
        "",
    ]
    lines += table(
        ["name", "who"],
        (
            [
                f"`{name}`",
                title
                + (
                    f" ({' + '.join(f'`{g}`' for g in SHIPPED.aggregates[name])})"
                    if name in SHIPPED.aggregates
                    else ""
                ),
            ]
            for name, title in SHIPPED.titles.items()
        ),
    )
    return "\n".join(lines).rstrip() + "\n"


def parameter_page() -> str:
    """Return the parameters by kind, and within it by domain."""
    lines = [
        NOTE,
        "",
        "# Parameters",
        "",
        (
            "Every number of the model that is not a lever. In a scenario file they stand under "
            "`[parameters]`; a value out of its bounds is refused."
        ),
        "",
    ]
    domains = [m for m in Parameters.__mro__ if issubclass(m, BaseModel) and m is not BaseModel]
    for kind, (title, sentence) in KINDS.items():
        lines += [f"## {title}", "", sentence, ""]
        for domain in (d for d in domains if d is not Parameters):
            own = [d for d in declarations(domain) if d.kind == kind]
            if own and kind != "mechanism":
                name = domain.__name__.removesuffix("Parameters")
                lines += [f"### {name}", ""]
            lines += table(
                ["name", "default", "bounds", "unit", "meaning", "source"],
                (
                    [f"`{d.name}`", number(d.default), bounds(d), d.unit, d.sentence, d.source]
                    for d in own
                ),
            )
    return "\n".join(lines).rstrip() + "\n"


def lever_page() -> str:
    """Return the levers by who sets them."""
    lines = [
        NOTE,
        "",
        "# Levers",
        "",
        (
            "What a decision maker sets. A policy is a value for each of them; the defaults are "
            "the policy `none`, no entanglement. [policies.md](policies.md) says what each "
            "preset changes, `trustabm policies NAME` shows its values."
        ),
        "",
        (
            "Two settings contradict each other and are refused: `deputized_share` above 0 while "
            '`ask_status` is not "stop", and `ask_victims` or `ask_witnesses` above 1 - `firewall`.'
        ),
        "",
    ]
    levels = {"local": "Local", "state": "State", "federal": "Federal"}
    for level, title in levels.items():
        lines += [f"## {title}", ""]
        lines += table(
            ["what a high value means", "name", "default", "bounds", "unit", "meaning", "source"],
            (
                [d.title, f"`{d.name}`", number(d.default), bounds(d), d.unit, d.sentence, d.source]
                for d in LEVERS.values()
                if d.level == level
            ),
        )
    return "\n".join(lines).rstrip() + "\n"


def policy_page() -> str:
    """Return the presets, and what each changes of the rules that it is laid on."""
    presets = {name: catalog.read("policies", name, Preset) for name in catalog.names("policies")}
    lines = [
        NOTE,
        "",
        "# Policies",
        "",
        (
            "The policies that ship. Each is a change of some levers ([levers.md](levers.md)) laid "
            "on the rules in force: on those of the policy that its file names as `on`. The tables "
            "say all that it changes there, old value → new, by who sets the lever; every other "
            "lever stays. `trustabm policies NAME` shows one whole, with its source."
        ),
        "",
        "## What each does",
        "",
    ]
    lines += table(
        ["name", "title", "what it does"],
        ([f"`{name}`", p.title, p.sentence] for name, p in presets.items()),
    )
    lines += ["## What each changes", ""]
    levels = get_args(Level)
    for on in dict.fromkeys(p.on for p in presets.values()):
        lines += [f"### Laid on `{on}`", ""]
        lines += table(
            ["name", *levels],
            (
                [f"`{name}`", *(p.changed()[level] or "-" for level in levels)]
                for name, p in presets.items()
                if p.on == on and name != on
            ),
        )
    return "\n".join(lines).rstrip() + "\n"


def town_page() -> str:
    """Return what a town file says, and within which bounds."""
    lines = [
        NOTE,
        "",
        "# Towns",
        "",
        (
            "What a town file says of a jurisdiction. Each figure is a table of `value`, `year` "
            "(1790 to 2100) and `source`; an estimate adds `imputed = true`, `low` and `high`. "
            "Value and range lie within the bounds, and the value within its range. There may be "
            "no more undocumented residents than the ranges of the other figures leave "
            "noncitizens. `trustabm towns NAME` shows a town whole. Any US county is a town "
            "too, by its name or FIPS code: [counties.md](counties.md)."
        ),
        "",
    ]
    lines += table(
        ["name", "bounds", "unit", "meaning"],
        ([f"`{d.name}`", bounds(d), d.unit, d.sentence] for d in declarations(Town)),
    )
    lines += [
        (
            "A table `groups.KEY` declares an ethnic group beside Latino residents; who is in none "
            "is among the others ([extend.md](extend.md#an-ethnic-group))."
        ),
        "",
    ]
    lines += table(
        ["name", "bounds", "unit", "meaning"],
        ([f"`{d.name}`", bounds(d), d.unit, d.sentence] for d in declarations(TownGroup)),
    )
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    """Rewrite the pages, or with --check say which are stale."""
    pages = {
        "outcomes.md": outcome_page(),
        "parameters.md": parameter_page(),
        "levers.md": lever_page(),
        "policies.md": policy_page(),
        "towns.md": town_page(),
        "rules.md": rules_page.page(),
        "evidence.md": evidence_page.page(),
        "scores.md": scores_page.page(),
        "uncertainty.md": uncertainty_page.page(),
        "credibility.md": credibility_page.page(),
    }
    stale = [
        name
        for name, text in pages.items()
        if not (HERE / name).exists() or (HERE / name).read_text("utf-8") != text
    ]
    if "--check" in sys.argv[1:]:
        for name in stale:
            print(f"docs/{name} is stale: run `uv run python docs/make.py`", file=sys.stderr)
        return 1 if stale else 0
    for name in stale:
        (HERE / name).write_text(pages[name], "utf-8")
        print(f"docs/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
