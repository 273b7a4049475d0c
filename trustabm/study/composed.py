"""Studies put together from a few words, as an address holds them, and what they cost.

The words are those of a form: a place, what is in force there, a change that is laid on it, up to
three levers of that change with their values, and how many and how large the towns are.
"""

from __future__ import annotations

import math
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from pathlib import Path, PurePath
from typing import NamedTuple

import tomli_w

from trustabm.errors import InvalidInput, nearest, shown
from trustabm.inputs import catalog
from trustabm.inputs.laid import Laid, day_of
from trustabm.inputs.policy import LEVERS
from trustabm.inputs.town import town
from trustabm.sealed import content
from trustabm.study.definition import Study

__all__ = [
    "LEVERS_MAX",
    "SIZES",
    "STEPS",
    "VARY",
    "Cost",
    "Size",
    "carry_out",
    "changed",
    "composed",
    "cost",
    "held",
    "levers_of",
    "name_of",
    "place_of",
    "references",
    "runs_of",
    "study_file",
    "swept",
]

LEVERS_MAX = 3
STEPS = (2, 5)
"""The fewest and the most values of a lever."""

KEPT = 40
"""Studies of which a server keeps the runs, the last that were swept."""

VARY = "vary."
"""What a word that varies a lever begins with."""

ROW = ("low", "high", "steps")
TITLE = 100
_NAME = re.compile(r"composed-[0-9a-f]{8,64}")


class Size(NamedTuple):
    """How many, or how large.

    Args:
        title: What it is called.
        low: The lowest.
        high: The highest.
        default: What it is where nothing is said.
    """

    title: str
    low: int
    high: int
    default: int


SIZES = {
    "replicates": Size("Towns at each point", 5, 20, 10),
    "residents": Size("Residents of a town", 300, 5000, 2000),
    "weeks": Size("Weeks after the change", 4, 104, 52),
}


def references() -> tuple[str, ...]:
    """Return the words for what a change may be laid on, the rules in force first."""
    return tuple(dict.fromkeys(["today", *catalog.names("policies"), *catalog.names("timelines")]))


def composed(words: Mapping[str, str], placed: Callable[[str], str] = str) -> Study:
    """Return the study that words ask for.

    Args:
        words: `place`, `a` (what the change is laid on; the rules in force if not given), `change`,
            `from` (its first month), `vary.LEVER` as `low:high:values` for each lever, and the
            `SIZES`. A lever whose values are words is varied over all of them.
        placed: Returns the name of the town that a place's words name.

    Raises:
        InvalidInput: saying which word, what was expected and what came.
    """
    place = words.get("place", "")
    if not place or catalog.is_file(place):
        raise InvalidInput(f"Place: expected a county or a town, got {shown(place)}")
    name = placed(place)
    under = words.get("a", "today")
    if under not in references():
        raise InvalidInput(f"Reference: no {shown(under)}; {nearest(under, references())}")
    change = words.get("change", "")
    if change.rpartition(":")[2] not in catalog.names("policies"):
        raise InvalidInput(f"Change: expected one of those offered, got {shown(change)}")
    levers = [key.removeprefix(VARY) for key in words if key.startswith(VARY)]
    if not 1 <= len(levers) <= LEVERS_MAX:
        raise InvalidInput(f"Levers: expected 1 to {LEVERS_MAX}, got {len(levers)}")
    laid = Laid.of(change, day_of(words.get("from", ""), "From"))
    arm = _arm_of(under, laid)
    values = {lever: _values(lever, words[VARY + lever]) for lever in levers}
    sizes = {key: _whole(size, words.get(key)) for key, size in SIZES.items()}
    over = ", ".join(LEVERS[lever].title for lever in levers)
    title = f"{laid.title} in {town(name).title}"
    return Study.make(
        {
            "title": title if len(title) <= TITLE else f"{title[: TITLE - 1]}…",
            "sentence": f"The change with other values of: {over}.",
            "towns": [name],
            "arms": {
                under: {"policy": under},
                arm: {"policy": under, "change": change, "from": laid.since},
            },
            "vary": {lever: {"values": v, "arms": [arm]} for lever, v in values.items()},
            **sizes,
        }
    )


def _arm_of(under: str, laid: Laid) -> str:
    """Return what the arm of a change is called: its word, told apart from the reference's."""
    return laid.word if laid.word != under else f"{laid.word} from {laid.since}"


def _values(lever: str, text: str) -> list[float] | list[str]:
    """Return the values of a lever: evenly from low to high, or all its words."""
    if lever not in LEVERS:
        raise InvalidInput(f"Levers: no {shown(lever)}; {nearest(lever, LEVERS)}")
    declared = LEVERS[lever]
    if declared.choices:
        return list(declared.choices)
    try:
        low, high, steps = (float(x) for x in text.split(":"))
    except ValueError:
        raise InvalidInput(
            f"{declared.title}: expected from:to:values, as 0:1:2, got {shown(text)}"
        ) from None
    if not declared.low <= low < high <= declared.high:
        raise InvalidInput(
            f"{declared.title}: expected from < to within {declared.low:g} to {declared.high:g} "
            f"({declared.unit}), got {low:g} to {high:g}"
        )
    if not STEPS[0] <= steps <= STEPS[1] or steps != int(steps):
        raise InvalidInput(
            f"{declared.title}: expected {STEPS[0]} to {STEPS[1]} values, got {steps:g}"
        )
    each = (high - low) / (steps - 1)
    return [float(f"{low + each * k:.6g}") for k in range(int(steps))]


def _whole(size: Size, text: str | None) -> int:
    if text is None:
        return size.default
    if not (text.isdecimal() and text.isascii() and size.low <= int(text[:9]) <= size.high):
        raise InvalidInput(
            f"{size.title}: expected a whole number from {size.low:,} to {size.high:,}, "
            f"got {shown(text)}"
        )
    return int(text)


def levers_of(words: Mapping[str, str]) -> list[str]:
    """Return the levers that are varied, in order; names that are none are left out."""
    found = [key.removeprefix(VARY) for key in words if key.startswith(VARY)]
    return [name for name in found if name in LEVERS][:LEVERS_MAX]


def held(words: Mapping[str, str]) -> dict[str, str]:
    """Return what the fields of a form hold.

    A lever's row `k` has `k.lever`, `k.low`, `k.high` and `k.steps`; others are called as words.
    """
    found = {key: words.get(key, str(size.default)) for key, size in SIZES.items()}
    found |= {key: words.get(key, "") for key in ("place", "change", "from")}
    found["a"] = words.get("a", "today")
    for k, name in enumerate((*levers_of(words), "")):
        values = zip_longest(ROW, words.get(VARY + name, "").split(":")[: len(ROW)], fillvalue="")
        found |= {f"{k}.lever": name} | {f"{k}.{end}": value for end, value in values}
    return found


def changed(words: Mapping[str, str], key: str, value: str) -> dict[str, str]:
    """Return the words with one field of the form set; a lever begins with all of its range."""
    row, dot, end = key.partition(".")
    if not dot:
        return {**words, key: value}
    names, old = levers_of(words), held(words)
    ranges = [words[VARY + name] for name in names]
    k = int(row)
    if end == "lever":
        d = LEVERS.get(value)
        names[k : k + 1] = [value] if d else []
        ranges[k : k + 1] = [f"{d.low:g}:{d.high:g}:{STEPS[0]}"] if d else []
    elif k < len(names):
        ranges[k] = ":".join(value if end == part else old[f"{row}.{part}"] for part in ROW)
    others = {word: said for word, said in words.items() if not word.startswith(VARY)}
    return others | {VARY + name: said for name, said in zip(names, ranges, strict=True)}


def runs_of(study: Study) -> int:
    """Return how many runs a composed study has: points x towns x arms."""
    points = math.prod(len(space.values) for space in study.vary.values())
    return points * len(study.towns) * study.replicates * len(study.arms)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a study costs, said before anything runs.

    Args:
        sentence: Points, towns, arms and time.
        refused: Why it is too much; empty where it is not.
        done: Runs that are there already.
        left: Runs that are not.
    """

    sentence: str
    refused: str
    done: int
    left: int


def cost(study: Study, folder: Path, workers: int, most: float) -> Cost:
    """Return what a composed study costs.

    Args:
        study: The study.
        folder: Where its runs are, if any.
        workers: Processes that carry it out.
        most: Seconds of one processor that it may take.

    Raises:
        InvalidInput: for levers that contradict each other.
    """
    from trustabm.study.estimate import takes  # reads tables

    found = takes(study, folder, workers)
    seconds = max(1, round(found.seconds / workers))
    said = (
        f"{found.points:,} points × {study.replicates * len(study.towns):,} towns × "
        f"{len(study.arms)} arms = {found.runs:,} runs"
    )
    if found.lived < found.runs:
        said += f", of which {found.lived:,} are lived through: the reference is, once a town"
    left = f"about {seconds:,} second{'s' * (seconds > 1)} on this server"
    if found.done:
        left = f"{found.done:,} of them are there" + (
            f", the others take {left}" if found.done < found.runs else ""
        )
    refused = ""
    if found.seconds > most:
        refused = (
            f"This would take about {found.seconds:,.0f} seconds of one processor, and this server "
            f"allows {most:,.0f}. Fewer values, towns, residents or weeks take less; or take the "
            "study file away and sweep it on a computer of your own."
        )
    return Cost(f"{said}; {left}.", refused, found.done, found.runs - found.done)


def name_of(study: Study) -> str:
    """Return the name of a composed study: the same for the same definition."""
    return f"composed-{content(study.model_dump(mode='json'))[:16]}"


@cache
def _home() -> tempfile.TemporaryDirectory[str]:
    """Return the folder of this process' composed studies; it goes when the process does."""
    return tempfile.TemporaryDirectory(prefix="trustabm-studies-")


def place_of(name: str) -> Path:
    """Return where the runs of a composed study are or will be."""
    return Path(_home().name) / name


def swept(name: str) -> dict[str, Path]:
    """Return a composed study by its name and folder; nothing where there is no run of it."""
    if not _NAME.fullmatch(name) or not any((place_of(name) / "runs").glob("*.parquet")):
        return {}
    return {name: place_of(name)}


def carry_out(
    study: Study,
    pool: Executor,
    most: float,
    workers: int,
    told: Callable[[int], object],
    stop: Callable[[], bool],
) -> None:
    """Sweep a composed study, or go on with it, in processes that are shared with others.

    Args:
        study: The study.
        pool: The processes.
        most: Seconds of one processor that it may take.
        workers: How many processes there are.
        told: Called with how many runs are there.
        stop: Asked whether to stop; what is done is kept.

    Raises:
        InvalidInput: for a study that would take longer.
    """
    from trustabm.study.sweep import sweep  # writes tables

    folder = place_of(name_of(study))
    if why := cost(study, folder, workers, most).refused:
        raise InvalidInput(why)
    _make_room(folder)
    told(sweep(study, folder, pool=pool, stop=stop, progress=lambda at: told(at.done)).done)


def _make_room(folder: Path) -> None:
    """Forget the composed studies swept longest ago, where one more would be too many."""
    others = [p for p in Path(_home().name).iterdir() if p != folder]
    others.sort(key=lambda p: p.stat().st_mtime)
    for other in others[: max(0, len(others) - KEPT + 1)]:
        shutil.rmtree(other, ignore_errors=True)


def study_file(study: Study) -> str:
    """Return a study as a TOML file; a file of its author's is named without its folder."""
    plain = study.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
    plain = {"schema_version": study.schema_version} | plain
    if "design" in plain:
        plain["design"] = {"kind": study.design.kind} | plain["design"]
    plain["towns"] = [_bare(t) for t in study.towns]
    for arm in plain["arms"].values():
        if "policy" in arm:
            arm["policy"] = _bare(arm["policy"])
    if plain.get("design", {}).get("draws"):
        plain["design"]["draws"] = _bare(plain["design"]["draws"])
    return tomli_w.dumps(plain)


def _bare(word: str) -> str:
    return PurePath(word).name if word.endswith((".toml", ".parquet")) else word
