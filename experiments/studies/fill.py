"""Write the README of every study: what was published, how it is asked for, what the model gives.

uv run python experiments/studies/fill.py             all studies (two minutes)
uv run python experiments/studies/fill.py dallas      one study; the others stay as they are

Everything is written from the declared targets, from the study's own module and from one run of the
scorecard, so that nothing is edited by hand after a calibration. The records of all studies go into
the package, for the app and `docs/evidence.md`.
"""

from __future__ import annotations

import inspect
import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from trustabm.evidence.moments import DEFAULT_SIZES
from trustabm.evidence.rows import GROUPS, group_of
from trustabm.evidence.scorecard import covers, interval, measured, posterior, records
from trustabm.evidence.studies import STUDIES
from trustabm.evidence.targets import TARGETS

HERE = Path(__file__).parent
SCORECARD = HERE.parents[1] / "trustabm" / "inputs" / "posterior" / "scorecard.json"
DRAWS = 24


def cell(value: float | None) -> str:
    """Return a number of three figures."""
    return "none" if value is None else f"{value:.3g}"


def module_of(name: str) -> Any:
    """Return the module of a study."""
    return import_module(f"trustabm.evidence.studies.{name.replace('-', '_')}")


def readme(name: str, rows: list[dict[str, Any]], draws: int) -> str:
    """Return the README of one study."""
    study = STUDIES[name]
    module = module_of(name)
    size = DEFAULT_SIZES[study.where]
    lines = [
        "<!-- Written by experiments/studies/fill.py. Change the declarations, then run it. -->",
        f"# {study.title}",
        "",
        inspect.cleandoc(module.__doc__ or ""),
        "",
        f"Worlds: {size.replicates} of {size.residents:,} residents of `{size.place}`, each lived "
        "through once and branched into all arms with the same luck. Values pool the counts of all "
        "of them.",
        "",
        f"The code: `trustabm/evidence/studies/{name.replace('-', '_')}.py`. To run it:",
        "",
        f"    uv run trustabm validate --study {name}"
        if rows
        else f"    uv run python experiments/studies/fill.py {name}",
        "",
        covers(draws),
        "",
    ]
    if not rows:
        return (
            "\n".join([*lines, "What it gives: `result.json`, a table of docs/evidence.md."]) + "\n"
        )
    lines += [
        "| id | for | measured | unit | published | tolerance | model | 90% | |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for r in rows:
        t = TARGETS[r["id"]]
        group = GROUPS[group_of(t)]
        said = "pass" if r["pass"] else f"miss: {r['note']}"
        lines.append(
            f"| {t.id} | {group.title} | {t.sentence} | {t.unit} | {t.wanted} "
            f"| {t.tolerance:g} ({t.whose}) | {cell(r['value'])} | {cell(r['low'])} to "
            f"{cell(r['high'])} | {said if group.counts else 'not counted'} |"
        )
    lines += ["", "Sources:", ""]
    sources = dict.fromkeys(TARGETS[r["id"]].source for r in rows)
    lines += [f"- {s.citation}. <{s.address}>" for s in sources]
    return "\n".join(lines) + "\n"


def main(names: list[str]) -> None:
    """Run the scorecard once, and write."""
    chosen = names or list(STUDIES)
    sets = posterior(DRAWS)
    each = measured(sets, chosen, progress=lambda k, n: print(f"{k} of {n}", file=sys.stderr))
    found = records(each, [t for t in TARGETS.values() if t.study in chosen])
    for name in chosen:
        own = [r for r in found if TARGETS[r["id"]].study == name]
        folder = HERE / name
        folder.mkdir(exist_ok=True)
        (folder / "README.md").write_text(readme(name, own, len(sets)), encoding="utf-8")
        if not own:
            result = {
                number: dict(zip(("value", "low", "high"), interval(each, number), strict=True))
                for number in module_of(name).NUMBERS
            }
            text = json.dumps(result, indent=1) + "\n"
            (folder / "result.json").write_text(text, encoding="utf-8")
    before = json.loads(SCORECARD.read_text("utf-8"))
    known = {r["id"]: r for r in before + found}
    ordered = [known[i] for i in TARGETS if i in known]
    SCORECARD.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
