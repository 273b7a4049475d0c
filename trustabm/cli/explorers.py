"""`trustabm explorer`: a page that answers for any setting of the levers, with no server."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from trustabm.cli.shared import Flag, Whole, print_json, say_if_compiling

__all__ = ["explorer"]

QUICK = {"residents": 2000, "lots": 40, "settings": 40, "held": 10, "tested": 40}
"""What each page of an edition of many counties is made of where nobody says otherwise."""

LARGER = (1, 2, 4, 8)
"""How many times as many residents are tried in turn, where some outcome is a share of nothing."""


def explorer(
    *,
    out: Path,
    town: str | None = None,
    state: str | None = None,
    nation: Flag = False,
    from_: Annotated[str | None, Parameter("--from")] = None,
    residents: Whole | None = None,
    weeks: Whole | None = None,
    burn_in: Whole | None = None,
    lots: Whole | None = None,
    lives: Whole | None = None,
    settings: Whole | None = None,
    held: Whole | None = None,
    tested: Whole | None = None,
    seed: Whole = 0,
    workers: Whole | None = None,
    force: Flag = False,
    json: Flag = False,
) -> None:
    """Make one HTML file that answers for any setting of the levers, from disk or any static host.

    Parameters
    ----------
    out
        The file to write; with --state or --nation the folder, a page a county and an index. There
        pages that are there already are kept, so that it goes on where it stopped.
    town
        A county or town (see `trustabm towns`).
    state
        Every county of a state in place of a town, as TX or Texas.
    nation
        Every county of the nation, in the same way.
    from_
        The day or month from which levers are moved, as 2027-01; next January if not given.
    residents
        Residents simulated in each town.
    weeks
        Weeks from there, all of them measured.
    burn_in
        Weeks before, in common.
    lots
        Draws of structure, parameters, figures and rules that it learns from.
    lives
        Lives of each draw, each with its own luck.
    settings
        Settings that each life goes through.
    held
        Draws kept back, in which it is tested.
    tested
        Settings it is tested by, each in all of those.
    seed
        The root of all luck.
    workers
        Processes; as many as there are processors if not given.
    force
        Replace an earlier explorer.
    json
        Print how good it is as JSON records; of many pages, those that are made now.
    """
    from trustabm.errors import InvalidInput
    from trustabm.explorer.lived import Asked, TooSmall
    from trustabm.nation.areas import area
    from trustabm.runs.folders import ready_file, write_file

    if sum((town is not None, state is not None, nation)) != 1:
        raise InvalidInput("town: expected a town, a state or the nation, one of them")
    sizes: dict[str, Any] = {
        "since": from_ or f"{dt.date.today().year + 1}-01",
        "residents": residents,
        "weeks": weeks,
        "burn_in": burn_in,
        "lots": lots,
        "lives": lives,
        "settings": settings,
        "held": held,
        "tested": tested,
        "seed": seed,
    }
    given = {name: value for name, value in sizes.items() if value is not None}
    if town is not None:
        from trustabm.explorer.page import MARK

        asked = Asked.make({"town": town} | given, "explorer")
        ready_file(out, force, MARK)
        say_if_compiling()
        data, records = _made(asked, workers)
        write_file(out, data)
        if json:
            print_json(records)
        else:
            print(_good(records[0]))
        print(f"Written to {out} ({len(data) / 1e6:.1f} MB).", file=sys.stderr)
        return
    where = area(state)
    counties = sorted(where.counties, key=lambda county: county.title)
    each = [Asked.make({"town": c.slug} | QUICK | given, "explorer") for c in counties]
    files = [out / f"{asked.town}.html" for asked in each]
    left = [(asked, file) for asked, file in zip(each, files, strict=True) if not file.is_file()]
    minutes = sum(asked.seconds() for asked, _ in left) / 60
    print(f"{len(left)} pages, about {minutes:,.0f} minutes of one processor.", file=sys.stderr)
    say_if_compiling()
    pages, small = [], set()
    for asked, file in left:
        try:
            data, records = _made_larger(asked, (1,) if residents is not None else LARGER, workers)
        except TooSmall as e:
            small.add(asked.town)
            print(f"{asked.rules.place.title} has no page. {e}", file=sys.stderr)
            continue
        write_file(file, data)
        pages += [{"town": asked.town} | record for record in records]
        print(f"{asked.rules.place.title}: {_good(records[0])}", file=sys.stderr)
    from trustabm.explorer.page import index

    write_file(out / "index.html", index(where.title, counties, small))
    if json:
        print_json(pages)
    many = len(files) - len(small)
    print(f"Written to {out}: index.html and {many} pages.", file=sys.stderr)


def _made(asked: Any, workers: int | None) -> tuple[bytes, list[dict[str, Any]]]:
    from trustabm.explorer.page import make, page
    from trustabm.runs.progress import bar as progress_bar

    with progress_bar("lives") as progress:
        emulator, of = make(asked, workers, progress)
    records = [{k: None if v != v else v for k, v in x.record().items()} for x in of]
    return page(asked, emulator, of), records


def _made_larger(
    asked: Any, sizes: Sequence[int], workers: int | None
) -> tuple[bytes, list[dict[str, Any]]]:
    """Return a page as `_made` does, of the first of so many times the residents that is enough."""
    from trustabm.explorer.lived import TooSmall

    times, *others = sizes
    more = {"residents": times * asked.residents}
    try:
        return _made(type(asked).make(asked.model_dump() | more, "explorer"), workers)
    except TooSmall:
        if not others:
            raise
    return _made_larger(asked, others, workers)


def _good(record: dict[str, Any]) -> str:
    """Return in a line how good a page is."""
    said = {k: "–" if record[k] is None else f"{record[k]:.0%}" for k in ("error", "covered")}
    return (
        f"In {record['settings']:,} settings at random the middle lies {said['error']} of the "
        f"model's 90% interval off (median), intervals hold {said['covered']} of draws' changes, "
        f"and {record['unknown']:.0%} of answers are not known."
    )
