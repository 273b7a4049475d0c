"""The page of the rules that a user's own can replace, from their signatures and docstrings."""

from __future__ import annotations

import re

from trustabm.rules.own import PHASES, replaceable

__all__ = ["page"]

NOTE = "<!-- Written by docs/make.py from the rules. Change those, then run it again. -->"

OFTEN = {
    "stop_hazard": "`contact.STOP_BOUND`",
    "offence_hazard": "half of `crime.CRIME_BOUND`",
    "at_large_hazard": "`enforcement.AT_LARGE_BOUND`",
    "raid_hazard": "`enforcement.RAID_BOUND`",
    "legal_hazard": "`enforcement.LEGAL_BOUND`",
    "turnover_hazard": "`demography.TURNOVER_BOUND`",
}
"""Weekly chances, with the most that has an effect."""

CODES = "codes of `trustabm/rules/codes.py`, by name: `UNDOCUMENTED`, `RECORD_FELONY`, `FREE`"

INPUTS = f"""
| input | what it is |
|---|---|
| `p` | [parameters](parameters.md), as `p.NAME`, in units stated there; a switch is 1.0 or 0.0 |
| `levers` | [levers](levers.md) in force, as `levers.NAME`; `honor`, `priority` by record |
| `kind` | of a crime: `VIOLENT`, `PROPERTY` or `DOMESTIC` |
| `status`, `record`, `concern`, `custody` | {CODES} |
| `u`, `u_...` | a draw, even over 0 to 1, which nothing else uses |
| `seed`, `week`, `resident`, `generation` | what a draw is keyed by; weeks from the first on |
| `trust`, `risk`, `stake` | 0 to 1 |
| `feared`, `justice` | log odds |
| `offending` | over the average resident's, 1 |
| `weight`, `readiness` | how far what is so of Latino residents is so of an ethnic group, 0 to 1 |
| `hours`, `away_hours` | a week, of all officers of a town |
| `years`, `stay`, `age` | years in the country; `age` in weeks |
"""


def page() -> str:
    """Return the rules, file by file."""
    rules = replaceable()
    lines = [
        NOTE,
        "",
        "# Rules",
        "",
        "What people do, one scalar function each: numbers in, numbers out. A function of your",
        f"own can take the place of any of these {len(rules)}, at full speed;",
        "[extend.md](extend.md#a-rule-of-your-own) says how.",
        "A chance is from 0 to 1, and a hazard the chance in a week, unless a rule says otherwise.",
        "",
        *INPUTS.strip().splitlines(),
        "",
        "Of a hazard only so much has an effect: who is a candidate in a week is drawn first, so",
        "that all arms look at the same people.",
        "",
        "| hazard | at most |",
        "|---|---|",
        *(f"| `{name}` | {most} |" for name, most in OFTEN.items()),
        "",
    ]
    for phase in PHASES:
        own = [r for r in rules.values() if r.phase == phase]
        first = (own[0].home.__doc__ or "").splitlines()[0]
        lines += [f"## {phase.capitalize()}", "", f"{first} `trustabm/rules/{phase}.py`", ""]
        for rule in own:
            lines += [f"### `{rule.name}({', '.join(rule.inputs)})`", "", *_said(rule.says), ""]
    return "\n".join(lines).rstrip() + "\n"


def _said(text: str) -> list[str]:
    """Return a docstring as Markdown, its arguments a list."""
    told, _, inputs = text.partition("\nArgs:\n")
    inputs = inputs.partition("\nReturns:")[0]
    flat = re.sub(r"\n {8,}", " ", inputs)
    items = [line.strip() for line in flat.splitlines() if line.strip()]
    pairs = (item.partition(": ") for item in items)
    return [told.strip(), *(["", *(f"- `{n}`: {what}" for n, _, what in pairs)] if items else [])]
