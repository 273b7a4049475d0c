"""What a change does in every county, of what each counted: levels, changes and intervals.

What counties alike say of luck and doubt is pooled (`outcomes.alike`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from trustabm.inputs.draws import digest, in_use, stale
from trustabm.inputs.places import laws
from trustabm.inputs.places.counties import County
from trustabm.nation.areas import Area, nation
from trustabm.nation.county import code
from trustabm.nation.each import LIVES, MAPPED, Each, lived
from trustabm.outcomes.alike import alike
from trustabm.outcomes.estimates import NUMBERLESS, Estimate
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.runs.kept import kept
from trustabm.study.identity import code_digest

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["effects", "heading", "note"]


def effects(
    each: Each,
    area: Area,
    folder: Path,
    *,
    workers: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> pd.DataFrame:
    """Return what the change does in counties; what is done already is read from the folder.

    Args:
        each: What is asked.
        area: The counties.
        folder: Where what is done is kept.
        workers: Processes; as many as there are processors if not given.
        progress: Called with counties done and counties in all.

    Returns:
        A row a county and outcome: `fips, county, state, outcome, group`, `level` without and
        `with` the change, `percent` with the ends of its 90% interval `low` and `high`, `by_luck`,
        `events` and `verdict`.
    """
    import pandas as pd

    made_of = [each, code(), code_digest("trustabm.nation.each"), digest(in_use())]
    tasks = {county.fips: (each, county.fips) for county in area.counties}
    found = kept(folder, made_of, tasks, lived, workers=workers, progress=progress)
    rows: list[dict[str, Any]] = []
    for outcome in MAPPED:
        rows += _rows(outcome, area.counties, found, each.draws)
    return pd.DataFrame(rows)


def _rows(
    outcome: str, where: Sequence[County], found: dict[str, dict[str, Any]], draws: int
) -> list[dict[str, Any]]:
    """Return a row a county."""
    moved = [c for c in where if not found[c.fips]["same"]]
    nothing = {"percent": np.nan, "low": np.nan, "high": np.nan, "by_luck": np.nan}
    rows = {
        c.fips: {
            "fips": c.fips,
            "county": c.title,
            "state": c.state,
            "outcome": outcome,
            "group": MAPPED[outcome],
            "level": np.nan,
            "with": np.nan,
            **nothing,
            "events": np.nan,
            "verdict": str(Estimate(None, same_rules=True).verdict()),
        }
        for c in where
    }
    if not moved:
        return list(rows.values())
    each = [found[c.fips][outcome] for c in moved]
    whole, without, events, people = (
        np.array([x[name] for x in each], float)
        for name in ("whole", "without", "events", "people")
    )
    changes = alike(whole, without, people, draws)
    for k, county in enumerate(moved):
        before, after = whole[k]
        numbers = {name: float(values[k]) for name, values in changes._asdict().items()}
        verdict = _estimate(before, after, numbers, events[k]).verdict()
        if verdict not in NUMBERLESS:
            rows[county.fips] |= {"level": before, "with": after, **numbers}
        rows[county.fips] |= {"events": events[k], "verdict": str(verdict)}
    return list(rows.values())


def _estimate(before: float, after: float, n: dict[str, float], events: float) -> Estimate:
    """Return the estimate that what can be said of a county follows from."""

    def plain(value: float) -> float | None:
        return float(value) if np.isfinite(value) else None

    low, high = plain(n["low"]), plain(n["high"])
    points = before / 100 if np.isfinite(before) else None
    return Estimate(
        plain(after),
        plain(after - before),
        low if low is None or points is None else low * points,
        high if high is None or points is None else high * points,
        plain(n["percent"]),
        low,
        high,
        events=events,
    )


def heading(each: Each, outcome: str, area: Area) -> str:
    """Return the title of a map, in plain words."""
    e = each.experiment(nation().largest)
    change, day = list(e.titles.values())[1], e.start
    where = "every county" if area == nation() else f"every county of {area.title}"
    whom = " of Latino residents" if MAPPED[outcome] == "latino" else ""
    said = f"{change} in {where} from {day.day} {day:%B %Y}"
    return f"{said}: what changes in {GLOSSARY[outcome].title.lower()}{whom}"


def note(each: Each) -> str:
    """Return what is to be read with a map."""
    days = min(laws.STATE_LAWS_KNOWN_TO, laws.AGREEMENTS_KNOWN_TO)
    return (
        f"Against the rules in force in each county, known to {days} (of states and "
        "agreements; policies of counties and cities themselves are known of six), over "
        f"{each.weeks} weeks. Each county lives {LIVES * each.draws} times, with at most "
        f"{each.residents:,} residents and apart from its neighbors; how unsure luck and draws "
        "leave it is pooled over counties alike. The outermost colours hold all that lies "
        "beyond." + "".join(f" {line}" for line in stale(in_use()) if in_use() is not None)
    )
