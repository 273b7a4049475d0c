"""The page of an explorer: one HTML file that holds its emulator and asks for nothing."""

from __future__ import annotations

import json
import shlex
from collections.abc import Collection, Sequence
from contextlib import suppress
from importlib import resources
from typing import Any, get_args

from trustabm.errors import InvalidInput
from trustabm.explorer.emulator import DIGITS, PARTS, UNKNOWN, Emulator, fitted
from trustabm.explorer.features import CHAINS, DERIVED, ROOTED
from trustabm.explorer.held import Held, held
from trustabm.explorer.lived import OUTCOMES, Asked, learned, tried
from trustabm.explorer.settings import NAMES, TOGETHER, point
from trustabm.inputs import catalog
from trustabm.inputs.declare import Level
from trustabm.inputs.draws import stale
from trustabm.inputs.places.counties import County, by_code
from trustabm.inputs.policy import ASK, LEVERS
from trustabm.inputs.timeline import Preset
from trustabm.inputs.today import today
from trustabm.outcomes.estimates import SMALL
from trustabm.outcomes.intervals import COVERAGE
from trustabm.outcomes.quantiles import normal_quantile
from trustabm.runs.provenance import origin
from trustabm.telling.answer import in_force
from trustabm.telling.markup import Markup, items, tag
from trustabm.telling.wording import Form, forms

__all__ = ["MARK", "index", "make", "page", "said"]

MARK = "trustabm explorer"
"""What says that a file is one of these."""

APP = "http://127.0.0.1:8765"
"""Where `trustabm app` answers on the machine that it runs on."""


def said(asked: Asked) -> tuple[Form, ...]:
    """Return how every outcome is said in the county's people: as in an answer, and two more."""
    place = asked.rules.place
    titles, here = asked.rules.groups.titles, place.title.split(",")[0]
    first = forms(place, titles, "latino")
    undocumented = place.population.value * place.undocumented_share.value / 1000.0
    more = (
        Form(
            "exposed",
            "latino",
            1000.0,
            f"of every 1,000 {titles['latino']} residents know somebody detained or removed in the "
            "past year",
            False,
        ),
        Form(
            "separated",
            "all",
            undocumented,
            f"citizens of {here} are left behind in a year by the removal of somebody they live "
            "with",
            True,
        ),
    )
    by = {form.outcome: form for form in (*first, *more)}
    return tuple(by[outcome] for outcome in OUTCOMES)


def make(
    asked: Asked, workers: int | None = None, progress: Any = None
) -> tuple[Emulator, list[Held]]:
    """Return the emulator of a county, and how good it is.

    Args:
        asked: What it is made of.
        workers: Processes; as many as there are processors if not given.
        progress: Called with lives done and lives in all, of learning and then of the test.
    """
    rules = asked.rules.lines[0].at(asked.day)
    emulator = fitted(learned(asked, workers, progress), point({}, rules))
    return emulator, held(emulator, tried(asked, workers, progress))


def page(asked: Asked, emulator: Emulator, of: list[Held]) -> bytes:
    """Return the file.

    Args:
        asked: What the emulator was made of.
        emulator: The emulator.
        of: How good it is.
    """
    folder = resources.files("trustabm.explorer") / "page"
    text = (folder / "page.html").read_text(encoding="utf-8")
    data = json.dumps(_data(asked, emulator, of), separators=(",", ":"), allow_nan=False)
    for name, part in {
        "style": (folder / "page.css").read_text(encoding="utf-8"),
        "script": "".join(
            (folder / name).read_text(encoding="utf-8") for name in ("model.js", "page.js")
        ),
        # Nothing in it may end the element that holds it.
        "data": data.replace("<", "\\u003c"),
    }.items():
        text = text.replace(f"@@{name}@@", part)
    return text.encode()


def _data(asked: Asked, emulator: Emulator, of: list[Held]) -> dict[str, Any]:
    place = asked.rules.place
    rules = asked.rules.lines[0].at(asked.day)
    records = {x.outcome: {k: v if v == v else None for k, v in x.record().items()} for x in of}
    slug, own = None, asked.rules.posterior
    if place.fips is not None:
        with suppress(InvalidInput):
            slug = by_code(place.fips).slug
    return {
        "mark": MARK,
        "place": place.title,
        "slug": slug,
        "town": asked.town,
        "since": asked.day.isoformat(),
        "years": round(asked.weeks / 52, 1),
        "inForce": in_force(rules),
        "knownTo": today(place, asked.day).known_to.get("all", asked.day).isoformat(),
        "levers": [
            {
                "name": name,
                "title": d.title,
                "unit": d.unit,
                "sentence": d.sentence,
                "high": d.high,
                "level": d.level,
                "choices": list(d.choices),
                "value": getattr(rules, name),
            }
            for name, d in LEVERS.items()
        ],
        "ask": list(ASK),
        "together": [list(names) for names in TOGETHER],
        "rooted": [NAMES.index(name) for name in ROOTED],
        "derived": [of._asdict() for of in DERIVED],
        "chains": CHAINS,
        "presets": list(_presets(asked)),
        "forms": [form._asdict() for form in said(asked)],
        "emulator": emulator.plain(),
        "coverage": COVERAGE,
        "far": normal_quantile(0.5 + COVERAGE / 2),
        "parts": PARTS,
        "unknown": UNKNOWN,
        "small": SMALL,
        "held": records,
        "lots": asked.lots,
        "heldLots": asked.held,
        "app": APP,
        "made": origin(),
        "command": shlex.join(
            ["trustabm", "explorer", "--town", asked.town, "--from", asked.since]
            + [
                word
                for name, value in asked.model_dump(exclude={"town", "since"}).items()
                if value != Asked.model_fields[name].default
                for word in (f"--{name.replace('_', '-')}", str(value))
            ]
            + (["--posterior", own] if own is not None else [])
        ),
        "notes": list(stale(own)),
        "digits": DIGITS,
    }


def _presets(asked: Asked) -> Any:
    """Yield changes that the first page offers, as the levers that they move."""
    rules = asked.rules.lines[0].at(asked.day)
    for level in get_args(Level):
        for name in catalog.shipped("policies"):
            preset = catalog.read_shipped("policies", name, Preset)
            if level not in preset.acts:
                continue
            with suppress(ValueError):  # it contradicts what is in force
                laid = preset.laid_on(rules, level)
                levers = preset.of(level).items()
                moved = {n: x for n, x in levers if getattr(laid, n) == x}
                yield {
                    "word": name if level == "local" else f"{level}:{name}",
                    "act": preset.acts[level].rstrip("."),
                    "level": level,
                    "levers": moved,
                }


def index(title: str, counties: Sequence[County], small: Collection[str] = ()) -> bytes:
    """Return the page that leads to the pages of an edition.

    Args:
        title: What the counties are.
        counties: The counties.
        small: Slugs of those that have no page, for their towns are too small.
    """
    links = (
        tag("span", f"{county.title}: too few residents simulated to tell")
        if county.slug in small
        else tag("a", county.title, href=f"{county.slug}.html")
        for county in counties
    )
    style = (resources.files("trustabm.explorer") / "page" / "page.css").read_text("utf-8")
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        tag("title", f"What if? {title}"),
        Markup(f"<style>{style}</style>"),
    )
    body = tag("main", tag("h1", f"What if other rules held? {title}"), items(links))
    return f"<!doctype html>{tag('html', head, tag('body', body), lang='en')}".encode()
