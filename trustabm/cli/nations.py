"""`trustabm nation`: every county of a state or of the nation, one to one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from trustabm.cli.shared import (
    Flag,
    Named,
    Whole,
    print_json,
    say_if_compiling,
    say_notices,
    values_of,
)

__all__ = ["app"]

app = App(
    name="nation",
    help="Live through every county of the nation or a state, one to one; goes on where it "
    "stopped.",
    help_format="plaintext",
)


@app.default
def nation(
    policies: list[str] | None = None,
    /,
    *,
    out: Path,
    change: list[str] | None = None,
    from_: Annotated[str | None, Parameter("--from")] = None,
    state: str | None = None,
    counties: list[str] | None = None,
    residents: Whole | None = None,
    weeks: Whole = 104,
    burn_in: Whole = 52,
    seed: Whole = 0,
    start: str | None = None,
    levers: Named = None,
    parameters: Named = None,
    workers: Whole | None = None,
    dask: str | None = None,
    json: Flag = False,
) -> None:
    """Live through every county of the nation or a state, one to one; goes on where it stopped.

    Parameters
    ----------
    policies
        As for `trustabm compare`. With --change none or one, on which changes are laid: the rules
        in force in each county if not given.
    out
        Folder for what counties count; one with an earlier run of the same is gone on with.
    change
        As for `trustabm compare`, laid in every county.
    from_
        The day or month from which changes hold, as 2026-01.
    state
        A state, as TX, Texas or 48; all of them if not given.
    counties
        A county, as travis-tx or 48453; given again, several: these alone.
    residents
        Residents simulated of each county at most, who stand for all; all of them if not given.
    weeks
        Weeks after the policies part.
    burn_in
        Weeks before, in common, lived once.
    seed
        The seed; each county's luck is made of it and its FIPS code.
    start
        The date on which the policies part; that of --from with --change, else 2010-01-01.
    levers
        Set one lever under every policy: --levers.outreach 0.8.
    parameters
        Set one parameter: --parameters.trust_weight 0.5.
    workers
        Processes; as many as there are processors if not given.
    dask
        Address of a Dask scheduler whose workers run it instead, as tcp://127.0.0.1:8786.
    json
        Print a JSON object of numbers a year and of rates, by state and arm.
    """
    from trustabm.nation.areas import area
    from trustabm.nation.ask import asked
    from trustabm.nation.whole import live_area
    from trustabm.runs.progress import bar as progress_bar
    from trustabm.telling.areas import print_sums, sums_record

    where = area(state, counties or ())
    experiment = asked(
        where,
        policies or [],
        changes=change or [],
        since=from_,
        start=start,
        weeks=weeks,
        burn_in=burn_in,
        seed=seed,
        levers=values_of(levers),
        parameters=values_of(parameters),
    )
    say_if_compiling()
    with progress_bar("residents") as bar:
        sums = live_area(
            experiment,
            where,
            out,
            residents=residents,
            workers=workers,
            dask=dask,
            progress=None if bar is None else lambda p: bar(p.done, p.total),
        )
    if json:
        print_json(sums_record(sums))
        say_notices(sums.notices())
    else:
        print_sums(sums)
    print(f"Counts of {len(where.counties):,} counties are in {out}.", file=sys.stderr)


@app.command
def published(
    *,
    counties: Whole = 48,
    replicates: Whole = 20,
    residents: Whole = 1500,
    seed: Whole = 0,
    workers: Whole | None = None,
    json: Flag = False,
) -> None:
    """Hold the nation by drawn counties against published detainers, removals and populations.

    Parameters
    ----------
    counties
        Counties that each sample draws.
    replicates
        Samples, each with parameters and figures of its own.
    residents
        Residents simulated of each county drawn.
    seed
        The seed.
    workers
        Processes; chosen by the work there is if not given.
    json
        Print JSON records.
    """
    from trustabm.nation.published import flows, populations
    from trustabm.runs.progress import bar as progress_bar
    from trustabm.telling.areas import print_published

    say_if_compiling()
    with progress_bar("samples") as progress:
        rows = flows(
            draws=counties,
            replicates=replicates,
            residents=residents,
            seed=seed,
            workers=workers,
            progress=progress,
        )
    rows += populations()
    if json:
        print_json([row.record() for row in rows])
        return
    print_published(rows)
