"""The command line: one function a command, each with what its help says.

Nothing heavy is imported before a command needs it, so that `--help` answers at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import App, CycloptsError, Parameter

from trustabm import analyses, studies

__all__ = ["app", "main"]

app = App(
    name="trustabm",
    help="Community trust and crime reporting under immigration-enforcement entanglement.",
    version=lambda: _version(),
    help_format="plaintext",
)

app.command(studies.sweep)
app.command(studies.app)
app.command(analyses.sensitivity)
app.command(analyses.calibrate)
studies.app.command(analyses.plot)

Named = Annotated[dict[str, str] | None, Parameter(negative=(), show_default=False)]
Flag = Annotated[bool, Parameter(negative=())]


@app.command
def run(
    scenario: Path | None = None,
    /,
    *,
    town: str | None = None,
    policy: str | None = None,
    residents: int | None = None,
    weeks: int | None = None,
    seed: int | None = None,
    start: str | None = None,
    local_policies: Flag = False,
    levers: Named = None,
    parameters: Named = None,
    out: Path | None = None,
    force: Flag = False,
    story: int | None = None,
    replay: Path | None = None,
    json: Flag = False,
) -> None:
    """Run one scenario; options override its file.

    Parameters
    ----------
    scenario
        A TOML file; `trustabm schema` says what it may hold.
    town
        A town's name (see `trustabm towns`) or TOML file.
    policy
        A policy's or timeline's name (see `trustabm policies`) or TOML file.
    residents
        Residents simulated.
    weeks
        Weeks to run.
    seed
        The seed of the world's luck.
    start
        Date of the first week, as 2010-01-01.
    local_policies
        Merge the town's own dated policies into the policy.
    levers
        Set one lever throughout: --levers.firewall 1.
    parameters
        Set one parameter: --parameters.recovery 0.02.
    out
        Folder to write weekly outcomes, events, residents and provenance to.
    force
        Replace an earlier result in that folder, or an earlier replay.
    story
        Tell the weeks of the resident with this number.
    replay
        HTML file to write that plays the town's map and charts, week by week.
    json
        Print the summary as JSON records.
    """
    from trustabm.catalog import read_toml
    from trustabm.scenario import Scenario

    values: dict[str, Any] = read_toml(scenario) if scenario is not None else {}
    given = {
        "town": town,
        "policy": policy,
        "residents": residents,
        "weeks": weeks,
        "seed": seed,
        "start": start,
        "local_policies": local_policies or None,
    }
    values |= {k: v for k, v in given.items() if v is not None}
    for key, more in (("levers", levers), ("parameters", parameters)):
        if more:
            values[key] = {**values.get(key, {}), **more}
    ready = Scenario.make(values, str(scenario) if scenario is not None else "run")
    _refuse_existing(out, force)
    people = ready.residents + sum(n.residents for n in ready.neighbors)
    _refuse_nobody(story, people)
    if replay is not None:
        from trustabm_app.replay import check_replay

        towns = 1 + len(ready.neighbors)
        check_replay(replay, residents=ready.residents, weeks=ready.weeks, towns=towns, force=force)
    _say_if_compiling()

    from trustabm.runs import run as run_scenario
    from trustabm.screen import progress_bar

    with progress_bar("weeks") as progress:
        result = run_scenario(ready, progress=progress)
    if out is not None:
        result.save(out, force)
    if replay is not None:
        from trustabm_app.replay import write_replay

        write_replay(ready, replay, force)
    if json:
        from trustabm.screen import summary_records

        _print_json(summary_records(result))
    else:
        from trustabm.screen import print_summary

        print_summary(result)
    if story is not None:
        from trustabm.story import story as tell

        print(tell(result, story))
    if out is not None:
        print(f"Written to {out}", file=sys.stderr)


@app.command
def compare(
    policies: list[str],
    /,
    *,
    town: str = "us-average",
    replicates: int = 100,
    weeks: int = 104,
    burn_in: int = 104,
    residents: int = 5000,
    seed: int = 0,
    start: str = "2010-01-01",
    local_policies: Flag = False,
    levers: Named = None,
    parameters: Named = None,
    draws: int | None = None,
    workers: int | None = None,
    story: int | None = None,
    all: Flag = False,
    json: Flag = False,
    out: Path | None = None,
    brief: Path | None = None,
    replay: Path | None = None,
    force: Flag = False,
) -> None:
    """Compare policies in one town; the first is the reference.

    Parameters
    ----------
    policies
        Names of policies or timelines (see `trustabm policies`) or TOML files.
    town
        A town's name (see `trustabm towns`) or TOML file.
    replicates
        Towns simulated; more of them narrow the intervals.
    weeks
        Weeks after the policies part, all of them measured.
    burn_in
        Weeks before, in common.
    residents
        Residents simulated in each town.
    seed
        The seed of the first town's luck.
    start
        The date on which the policies part.
    local_policies
        Merge the town's own dated policies into every policy.
    levers
        Set one lever under every policy: --levers.publicity 0.8.
    parameters
        Set one parameter in every town: --parameters.recovery 0.02.
    draws
        Draws from the posterior that the towns are spread over; 0 for the default parameters alone.
        Half as many as towns if not given.
    workers
        Processes; chosen by the work there is if not given.
    story
        Tell the weeks of the resident with this number under each policy.
    all
        Show every outcome.
    json
        Print JSON records {outcome, group, arm, level, difference, low, high, unit}.
    out
        Folder to write weekly outcomes, effects, findings and provenance to.
    brief
        File to write two pages to that can be handed on: .pdf or .html.
    replay
        HTML file to write that plays the first town under both policies, map and charts.
    force
        Replace an earlier result in that folder, or an earlier brief or replay.
    """
    _refuse_existing(out, force)
    _refuse_nobody(story, residents)
    if brief is not None:
        from trustabm.brief import check_brief

        check_brief(brief, len(policies), force)
    if replay is not None:
        from trustabm_app.replay import check_replay

        arms = len(policies)
        check_replay(replay, residents=residents, weeks=weeks, arms=arms, force=force)

    from trustabm.comparison import compare as compare_policies
    from trustabm.screen import progress_bar

    with progress_bar("towns") as progress:
        comparison = compare_policies(
            policies,
            town=town,
            replicates=replicates,
            weeks=weeks,
            burn_in=burn_in,
            residents=residents,
            seed=seed,
            start=start,
            local_policies=local_policies,
            levers=levers,
            parameters=parameters,
            draws=draws,
            workers=workers,
            progress=progress,
            before=_say_if_compiling,
        )
    if out is not None:
        comparison.save(out, force)
    if brief is not None:
        from trustabm.brief import write_brief

        write_brief(comparison, brief, force)
    if replay is not None:
        from trustabm_app.replay import write_replay

        write_replay(comparison, replay, force)
    if json:
        _print_json(comparison.records())
    else:
        from trustabm.screen import print_comparison

        print_comparison(comparison, everything=all)
    if story is not None:
        from trustabm.story import story as tell

        print(tell(comparison, story))
    if out is not None:
        print(f"Written to {out}", file=sys.stderr)


@app.command
def policies(name: str | None = None, /) -> None:
    """List policies and timelines, or show one whole.

    Parameters
    ----------
    name
        A policy, a timeline, or a TOML file of either.
    """
    from trustabm import listings

    if name is None:
        listings.list_policies()
    else:
        listings.show_policy(name)


@app.command
def towns(name: str | None = None, /) -> None:
    """List towns, or show one whole with its sources.

    Parameters
    ----------
    name
        A town, or a TOML file of one.
    """
    from trustabm import listings

    if name is None:
        listings.list_towns()
    else:
        listings.show_town(name)


@app.command
def schema(
    of: Literal[
        "scenario", "study", "policy", "preset", "timeline", "town", "parameters", "lesson"
    ] = "scenario",
    /,
) -> None:
    """Print the JSON Schema of a kind of file.

    Parameters
    ----------
    of
        The kind of file.
    """
    from pydantic import BaseModel

    from trustabm.parameters import Parameters
    from trustabm.policy import Policy
    from trustabm.scenario import Scenario
    from trustabm.study.definition import Study
    from trustabm.timeline import Preset, Timeline
    from trustabm.town import Town

    kinds: dict[str, type[BaseModel]] = {
        "scenario": Scenario,
        "study": Study,
        "policy": Policy,
        "preset": Preset,
        "timeline": Timeline,
        "town": Town,
        "parameters": Parameters,
    }
    if of == "lesson":  # the app's alone, and heavy to import for the others
        from trustabm_app.lesson import Lesson

        kinds["lesson"] = Lesson
    _print_json(kinds[of].model_json_schema())


@app.command
def bench(
    *, quick: Flag = False, json: Flag = False, out: Path | None = None, force: Flag = False
) -> None:
    """Measure speed and memory, against other tools and against the limit of this machine.

    Parameters
    ----------
    quick
        Measure less, within a minute.
    json
        Print one JSON object.
    out
        Folder to write bench.json and provenance to.
    force
        Replace an earlier result in that folder.
    """
    _refuse_existing(out, force)
    _say_if_compiling()

    from trustabm.bench import FULL, QUICK, print_bench, save_bench
    from trustabm.bench import bench as measure

    measured = measure(
        QUICK if quick else FULL,
        lambda what: print(f"Measuring: {what} ...", file=sys.stderr, flush=True),
    )
    if out is not None:
        save_bench(measured, out, force)
    if json:
        _print_json(measured)
    else:
        print_bench(measured)
    if out is not None:
        print(f"Written to {out}", file=sys.stderr)


@app.command
def validate(*, study: list[str] | None = None, draws: int = 50, json: Flag = False) -> None:
    """Hold the model against published findings: the scorecard over the posterior.

    Parameters
    ----------
    study
        Only this study; give it more than once for several.
    draws
        Draws from the posterior, at most.
    json
        Print JSON records {id, role, published, tolerance, value, low, high, pass, note}.
    """
    from trustabm.errors import InvalidInput
    from trustabm.evidence.scorecard import covers, posterior, scorecard
    from trustabm.evidence.studies import STUDIES
    from trustabm.screen import print_scorecard, progress_bar

    if draws < 1:
        raise InvalidInput(f"draws: expected at least 1, got {draws}")
    _say_if_compiling()
    sets = posterior(draws)
    with progress_bar("parameter sets") as progress:
        records = scorecard(sets, tuple(study or STUDIES), progress=progress)
    print(covers(len(sets)), file=sys.stderr)
    if json:
        _print_json(records)
    else:
        print_scorecard(records)


@app.command(name="app")
def app_(*, host: str = "127.0.0.1", port: int = 8765, studies: Path | None = None) -> None:
    """Open the screen: a town to watch, two policies side by side, studies that were swept.

    Parameters
    ----------
    host
        The address to listen on; any other than this machine's lets others in.
    port
        The port.
    studies
        The folder below which studies are to be seen; `results` here if not given.
    """
    _say_if_compiling()

    from trustabm_app.launch import serve

    serve(host, port, studies)


def main(words: list[str] | None = None) -> None:
    """Run the command line; leave with 0 if all went well, 2 if the input was at fault."""
    try:
        app(words, exit_on_error=False, print_error=False)
    except CycloptsError as e:
        _fail(str(e))
    except BrokenPipeError:
        # The reader (head, less) has seen enough; nothing is left to flush to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as e:
        from trustabm.errors import TrustabmError

        if not isinstance(e, TrustabmError):
            raise
        _fail(str(e))


def _fail(message: str) -> None:
    for line in message.splitlines():
        print(f"trustabm: {line}", file=sys.stderr)
    sys.exit(2)


def _version() -> str:
    from importlib.metadata import version

    return version("trustabm")


def _print_json(value: Any) -> None:
    import json

    print(json.dumps(value, indent=2, allow_nan=False, default=str))


def _refuse_existing(out: Path | None, force: bool) -> None:
    """Say before the run, not after it, that a folder holds something."""
    if out is not None:
        from trustabm.folders import refuse_existing

        refuse_existing(out, force)


def _refuse_nobody(resident: int | None, people: int) -> None:
    """Say before the run that there is no such resident."""
    if resident is not None and not 0 <= resident < people:
        from trustabm.errors import InvalidInput

        raise InvalidInput(f"story: expected a resident from 0 to {people - 1}, got {resident}")


def _say_if_compiling() -> None:
    from trustabm.compiling import cache_folder

    # numba makes the folders when it is imported, and the files when it compiles.
    if not any(cache_folder().rglob("*.nbi")):
        print("Compiling the model once (about half a minute) ...", file=sys.stderr, flush=True)
