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


OWN = """
## Levers of your own

A lever of your own has an effect through a rule of your own that is given `levers` and reads it.
In a notebook, a script, or the file of the rules:

```python
import trustabm as ta

ta.lever(
    "tip_line",
    title="Victims have a line to call unnamed",
    unit="share of victims",
    sentence="Victims whom fear keeps from calling police, and who call a line instead.",
)


@ta.rule("report_chance")
def with_line(p, levers, kind, trust, feared, status, readiness):
    named = shipped(p, levers, kind, trust, feared, status, readiness)
    unafraid = shipped(p, levers, kind, trust, 0.0, status, readiness)
    return named + levers.tip_line * (unafraid - named)


arms = {"no line": "none", "a line": ta.Arm(levers={"tip_line": 0.5})}
comparison = ta.compare(arms, rules=[with_line], replicates=4, weeks=8, residents=500)
print(comparison.effects().query("outcome == 'reporting' and group == 'latino'"))
```

From then on it stands wherever a lever may: in a policy, a dated change of a timeline (one that
names a `policy`, or all levers that ship, puts it back to its default), an arm, among the
`--levers` of a command, a study's `[vary.tip_line]` and its CSV files. Unless said, `low` is 0,
`high` 1, `default` 0, and `level`, who sets it, `"local"`; `ta.Policy(tip_line=0.5).own` shows it.
Its declaration travels with the rules that read it, into records, workers and Dask, and is part of
their digest.

A value that no rule of a run reads is refused; that an arm sets it whose rules do not read it is
said; a study varies it in the arms whose rules do. The rules of an arm read at most 8, and a
default is fixed in a process, as policies stand upon it. On the screen a lever of your own is part
of a library's policy or timeline, and no slider.
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
    lines += [*OWN.strip().splitlines(), ""]
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
