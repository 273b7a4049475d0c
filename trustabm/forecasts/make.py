"""Makes a batch: draws of the posterior live through every place, and statements say what follows.

A statement's distribution is a mixture: at each draw's value a normal distribution on the scale,
whose variance adds the kind's discrepancy, the published number's own error and the luck of as
many residents as the place has. A draw is one of structure, parameters and figures of every town.
Each lives twice, with other luck; what two lives of one draw differ by is the luck of the sample,
which is taken out of what draws differ by.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import statistics
from collections.abc import Callable, Sequence
from importlib import resources
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from trustabm.errors import InvalidInput, whole_number
from trustabm.evidence.targets import TARGETS
from trustabm.forecasts.questions import Kind, Question, Questions, Scale, Window, onto, questions
from trustabm.forecasts.registry import (
    Batch,
    Header,
    Interval,
    Naive,
    Spread,
    Statement,
    sealed,
)
from trustabm.forecasts.worlds import Sizes, Task, readings, sized
from trustabm.inputs.draws import digest, in_use, mixture, stale
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.ranges import drawn
from trustabm.inputs.town import town
from trustabm.rules.luck import seed_of
from trustabm.runs.processes import how_many, pool
from trustabm.runs.provenance import origin

__all__ = [
    "DRAWS",
    "SIZES",
    "Discrepancy",
    "discrepancy",
    "make",
    "prepared",
    "quantiles",
    "statement_of",
]

Floats = npt.NDArray[np.float64]

DRAWS = 60
SIZES = sized(100_000)

LIVES = 2
"""Times that each draw lives, so that luck can be told from it."""

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)

SENTENCE = (
    "Rules in force on the day of making, as the timelines that ship have them, are taken to go "
    "on; nothing that was published after the sources of the package's evidence is used."
)


OWN = "How far off forecasts are is taken to be as with the posterior that ships."
"""What is said with the sentence where draws are of a posterior of one's own."""


class Discrepancy(NamedTuple):
    """How far off forecasts of a kind are taken to be, on its scale: the larger of the two."""

    missed: float
    moved: float | None

    @property
    def value(self) -> float:
        """The standard deviation that statements are widened by."""
        return max(self.missed, self.moved or 0.0)


def prepared(
    name: str, *, command: str, draws: int = DRAWS, today: dt.date | None = None
) -> tuple[Header, tuple[Parameters, ...]]:
    """Return what a batch says of itself, and the draws that it rests on.

    Args:
        name: The batch's name.
        command: What makes it again.
        draws: Draws of the posterior, of all structures in proportion to their weights.
        today: The day on which it is made; today if not given.

    Raises:
        InvalidInput: for a number of draws that does not ship, or below 2; for a name that cannot
            be a file's.
    """
    if draws < 2:
        raise InvalidInput(f"draws: expected at least 2, got {draws}")
    own = in_use()
    sets = mixture(draws, of=own)
    named = [structure for structure, _ in sets]
    where = origin()
    git = where["git"]
    commit = "none" if git is None else git["commit"] + (" with changes" if git["dirty"] else "")
    header = {
        "batch": name,
        "made_on": dt.datetime.now(dt.UTC).date() if today is None else today,
        "package": f"trustabm {where['versions']['trustabm']}",
        "commit": commit,
        "rules": where["rules"],
        "posterior": digest(own),
        "structures": {s: named.count(s) for s in dict.fromkeys(named)},
        "command": command,
        "sentence": " ".join([SENTENCE, *((*stale(own), OWN) if own is not None else ())]),
    }
    return Header.make(header, "forecast"), tuple(parameters for _, parameters in sets)


def make(
    header: Header,
    sets: Sequence[Parameters],
    *,
    sizes: Sizes = SIZES,
    seed: int = 0,
    workers: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Batch:
    """Make a batch of statements.

    Args:
        header: What it says of itself.
        sets: Draws of the posterior.
        sizes: Residents simulated.
        seed: The root of their luck.
        workers: Processes; as many as there are processors if not given.
        progress: Called with worlds lived and in all.
    """
    seed = whole_number(seed, "seed", 0, 2**63 - 1)
    whole, records = questions(), _scorecard()
    names = sorted({place.town for place in whole.places.values()})
    figures = drawn([town(name) for name in names], len(sets), seed)
    tasks = [
        Task(parameters, dict(zip(names, towns, strict=True)), luck, sizes)
        for k, (parameters, towns) in enumerate(zip(sets, figures, strict=True))
        for luck in (seed_of(seed, LIVES * k + life) for life in range(LIVES))
    ]
    lived = _lived(tasks, workers, progress)
    statements = [
        statement_of(
            q,
            whole,
            np.array([r[q.id] for r in lived]).reshape(len(sets), LIVES),
            sizes,
            discrepancy(whole.kinds[q.kind], records),
            header,
        )
        for q in whole.each()
    ]
    return sealed(header, statements)


def _lived(
    tasks: Sequence[Task],
    workers: int | None,
    progress: Callable[[int, int], object] | None,
) -> list[dict[str, float]]:
    many = how_many(workers, len(tasks))
    out: list[dict[str, float]] = []

    def took(found: dict[str, float]) -> None:
        out.append(found)
        if progress is not None:
            progress(len(out), len(tasks))

    if many <= 1:
        for task in tasks:
            took(readings(task))
        return out
    with pool(many) as executor:
        for found in executor.map(readings, tasks):
            took(found)
    return out


def _scorecard() -> dict[str, float | None]:
    """Return what the model gives by target, from the scorecard that ships."""
    text = (resources.files("trustabm") / "inputs/posterior/scorecard.json").read_text("utf-8")
    return {r["id"]: r["value"] for r in json.loads(text)}


def discrepancy(kind: Kind, values: dict[str, float | None]) -> Discrepancy:
    """Return how far off forecasts of a kind are: what the model missed, how the world moved.

    Args:
        kind: The kind.
        values: What the model gives, by target.

    Raises:
        InvalidInput: where a row has no value.
    """
    missed = []
    for row in kind.rows:
        value, target = values.get(row), TARGETS[row]
        if value is None:
            raise InvalidInput(f"scorecard: expected a value of row {row}, got none")
        nearest = value - target.distance(value)
        missed.append(_on(kind.scale, value, target.unit) - _on(kind.scale, nearest, target.unit))
    moved = [onto(kind.scale, b, "%") - onto(kind.scale, a, "%") for a, b in kind.changes()]
    return Discrepancy(_root_mean_square(missed), _root_mean_square(moved) if moved else None)


def _on(scale: Scale, value: float, unit: str) -> float:
    """Return what a target measures on a scale: a change in percent is a ratio."""
    if unit.startswith("% change"):
        return math.log1p(value / 100.0)
    return onto(scale, value, "%") if unit.startswith("%") else math.log(value)


def _root_mean_square(values: Sequence[float]) -> float:
    return math.sqrt(math.fsum(v * v for v in values) / len(values))


def statement_of(
    q: Question,
    whole: Questions,
    lived: Floats,
    sizes: Sizes,
    off: Discrepancy,
    header: Header,
) -> Statement:
    """Return the statement that answers a question.

    Args:
        q: The question.
        whole: All questions, with places, kinds and releases.
        lived: The model's side of it on the scale, of shape (draws, lives).
        sizes: Residents simulated.
        off: How far off forecasts of its kind are taken to be.
        header: What the batch says of itself.
    """
    kind, release, place = whole.kinds[q.kind], whole.releases[q.release], whole.places[q.place]
    each = lived.mean(axis=1)
    by_luck = float(((lived[:, 0] - lived[:, 1]) ** 2).mean() / 2.0)
    between = float(each.var(ddof=1))
    kept = math.sqrt(max(0.0, 1.0 - by_luck / LIVES / between)) if between > 0.0 else 0.0
    centre = float(each.mean())
    shrunk = centre + kept * (each - centre)
    if q.anchor is not None:
        shrunk = shrunk + onto(kind.scale, q.anchor, q.unit)
    people = town(place.town).population.value
    luck = math.sqrt(by_luck * sizes.of(place) / people)
    error, says = q.error or release.error, q.error_says or release.error_says
    own = error * math.sqrt(q.published_values())
    uncertain = math.sqrt(off.value**2 + own**2 + luck**2 + between / len(each))
    ends = [_rounded(_back(kind.scale, x, q.unit), q.unit) for x in quantiles(shrunk, uncertain)]
    same, last = q.naive()
    return Statement(
        id=f"{header.batch}/{q.id}",
        made_on=header.made_on,
        quantity=q.quantity,
        unit=q.unit,
        population=q.population,
        period=_period(q),
        publisher=release.publisher,
        release=release.release,
        due=q.due or release.due,
        place=place.title
        if not q.beside
        else f"{place.title}, beside {whole.places[q.beside].title}",
        median=ends[2],
        half=Interval(low=ends[1], high=ends[3]),
        ninety=Interval(low=ends[0], high=ends[4]),
        scale=kind.scale,
        mapping=_mapping(q, whole),
        widened=_widened(kind, off, error, q.published_values(), says),
        spread=Spread(
            draws=round(float(shrunk.std(ddof=1)), 4),
            luck=round(luck, 4),
            discrepancy=round(off.value, 4),
            own=round(own, 4),
        ),
        naive=Naive(
            no_change=same,
            last_value=last,
            last_source=q.last_source or (q.anchor_source if last is not None else ""),
        ),
    )


def quantiles(centres: Floats, deviation: float) -> list[float]:
    """Return quantiles 5 to 95% of a mixture of normal distributions of one standard deviation."""

    def below(x: float) -> float:
        z = (x - centres) / (deviation * math.sqrt(2.0))
        return 0.5 * (1.0 + statistics.fmean(math.erf(v) for v in z))

    out = []
    for level in LEVELS:
        low, high = float(centres.min()) - 10 * deviation, float(centres.max()) + 10 * deviation
        for _ in range(60):
            middle = (low + high) / 2.0
            low, high = (middle, high) if below(middle) < level else (low, middle)
        out.append((low + high) / 2.0)
    return out


def _back(scale: Scale, x: float, unit: str) -> float:
    if scale == "log":
        return math.exp(x)
    share = 1.0 / (1.0 + math.exp(-x))
    return 100.0 * share if unit == "%" else share


def _rounded(value: float, unit: str) -> float:
    """Return a value with as many digits as anybody would read."""
    if unit == "%":
        return round(value, 2)
    return float(f"{value:.4g}")


def _period(q: Question) -> str:
    """Return the days that the model's side of it is read on, in words."""
    said = f"{_days(q.window)}"
    return said if q.base is None else f"{said}, against {_days(q.base)}"


def _days(window: Window) -> str:
    first, last = window
    if first == last:
        return f"asked about {first}"
    return f"{first} to {last - dt.timedelta(days=1)}"


def _mapping(q: Question, whole: Questions) -> str:
    """Return what of the model stands for the published number, in words."""
    scale = whole.kinds[q.kind].scale
    if q.asked is not None:
        reading = f"Share of residents ({q.who}) who answer so in the model ({q.asked})"
        if q.threshold is not None:
            day = q.threshold.day[0]
            reading += (
                f", worry above the threshold that {q.threshold.share:g}% of {q.threshold.who} are "
                f"above on {day}"
            )
    else:
        over = " + ".join(q.over) + (f" over {' + '.join(q.under)}" if q.under else "")
        reading = f"Tallies {over}, group {q.group}"
        if q.against is not None:
            reading += f", over the same of group {q.against}"
    how = f"{reading}. {whole.places[q.place].sentence}"
    if q.beside:
        how += f" Beside it, with the same luck: {whole.places[q.beside].sentence}"
    if q.anchor is not None:
        how += (
            f" The model's change since the base, on the {scale} scale, is added to the published "
            f"value there ({q.anchor_source}); its level is not used."
        )
    elif q.base is not None:
        how += " The change alone is forecast; the model's levels are not used."
    else:
        how += " The model's own level is forecast."
    return f"{how} {q.note}".strip()


def _widened(kind: Kind, off: Discrepancy, error: float, values: int, says: str) -> str:
    """Return what intervals are wider by than draws alone, in words."""
    said = (
        f"Discrepancy {off.value:.3f} on the {kind.scale} scale, the larger of: root mean square "
        f"misfit of validation rows {', '.join(kind.rows)}, {off.missed:.3f}"
    )
    if off.moved is None:
        said += f" ({kind.says})"
    else:
        said += f"; root mean square change from issue to issue, {off.moved:.3f} ({kind.says})"
    return f"{said}. Own error {error:g} of each of {values} published values: {says}."
