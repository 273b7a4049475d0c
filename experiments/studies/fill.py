"""Write the README of every study: what was published, how it is asked for, what the model gives.

uv run python experiments/studies/fill.py             all studies, and the rollout (two minutes)
uv run python experiments/studies/fill.py dallas      one study; the others stay as they are

Everything is written from the declared targets, from the study's own module and from one run of the
scorecard, so that nothing is edited by hand after a calibration. The records of all studies go into
the package, for the app and `docs/evidence.md`.
"""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from trustabm.evidence.moments import DEFAULT_SIZES
from trustabm.evidence.scorecard import covers, posterior, scorecard
from trustabm.evidence.studies import STUDIES
from trustabm.evidence.targets import TARGETS

HERE = Path(__file__).parent
SCORECARD = HERE.parents[1] / "trustabm" / "inputs" / "posterior" / "scorecard.json"
DRAWS = 50


def cell(value: float | None) -> str:
    """Return a number of three figures."""
    return "none" if value is None else f"{value:.3g}"


def readme(name: str, records: list[dict[str, Any]], draws: int) -> str:
    """Return the README of one study."""
    study = STUDIES[name]
    module = import_module(f"trustabm.evidence.studies.{name.replace('-', '_')}")
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
        f"    uv run trustabm validate --study {name}",
        "",
        covers(draws),
        "",
        "| id | role | measured | unit | published | tolerance (ours) | model | 90% | |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for r in records:
        t = TARGETS[r["id"]]
        said = "pass" if r["pass"] else f"miss: {r['note']}"
        lines.append(
            f"| {t.id} | {t.role} | {t.sentence} | {t.unit} | {t.wanted} "
            f"| {t.tolerance:g} | {cell(r['value'])} | {cell(r['low'])} to {cell(r['high'])} "
            f"| {said} |"
        )
    lines += ["", "Sources:", ""]
    sources = dict.fromkeys(TARGETS[r["id"]].source for r in records)
    lines += [f"- {s.citation}. <{s.address}>" for s in sources]
    return "\n".join(lines) + "\n"


def main(names: list[str]) -> None:
    """Run the scorecard once, and write."""
    chosen = names or list(STUDIES)
    sets = posterior(DRAWS)
    records = scorecard(sets, chosen, progress=lambda k, n: print(f"{k} of {n}", file=sys.stderr))
    for name in chosen:
        own = [r for r in records if TARGETS[r["id"]].study == name]
        folder = HERE / name
        folder.mkdir(exist_ok=True)
        (folder / "README.md").write_text(readme(name, own, len(sets)), encoding="utf-8")
    before = json.loads(SCORECARD.read_text("utf-8"))
    known = {r["id"]: r for r in before + records}
    ordered = [known[i] for i in TARGETS if i in known]
    SCORECARD.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8")
    if not names:
        subprocess.run([sys.executable, HERE / "rollout" / "rollout.py"], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
