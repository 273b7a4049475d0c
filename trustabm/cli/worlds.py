"""`trustabm run` and `compare`: live through one scenario, or set policies side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from trustabm.cli.shared import (
    Flag,
    Keeper,
    Named,
    Whole,
    print_json,
    ready,
    refuse_nobody,
    say_if_compiling,
    say_notices,
    values_of,
)

if TYPE_CHECKING:
    from trustabm.nation.areas import Area
    from trustabm.runs.comparison import Comparison

__all__ = ["compare", "run", "today"]


def run(
    scenario: Path | None = None,
    /,
    *,
    town: str | None = None,
    policy: str | None = None,
    residents: Whole | None = None,
    weeks: Whole | None = None,
    seed: Whole | None = None,
    start: str | None = None,
    local_policies: Flag = False,
    levers: Named = None,
    parameters: Named = None,
    rule: list[str] | None = None,
    out: Path | None = None,
    force: Flag = False,
    story: Whole | None = None,
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
        Set one parameter: --parameters.trust_weight 0.5.
    rule
        A Python file with rules of your own, or its name in a library; several if given again.
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
    from trustabm.inputs.catalog import is_file, read_toml
    from trustabm.runs.scenario import Scenario

    values: dict[str, Any] = read_toml(scenario) if scenario is not None else {}
    given = {
        # Seen from the current folder, not from that of the file whose values they replace.
        "town": town and str(Path(town).absolute() if is_file(town) else town),
        "policy": policy and str(Path(policy).absolute() if is_file(policy) else policy),
        "residents": residents,
        "weeks": weeks,
        "seed": seed,
        "start": start,
        "local_policies": local_policies or None,
        "rules": rule and [str(Path(r).absolute()) if r.endswith(".py") else r for r in rule],
    }
    values |= {k: v for k, v in given.items() if v is not None}
    for key, more in (("levers", levers), ("parameters", parameters)):
        if more:
            held = values.get(key, {})
            values[key] = {**held, **values_of(more)} if isinstance(held, dict) else held
    folder = scenario.absolute().parent if scenario is not None else None
    asked = Scenario.make(values, "run" if scenario is None else str(scenario), folder)
    people = asked.residents + sum(n.residents for n in asked.neighbors)
    refuse_nobody(story, people)
    recorder: Any = None
    if replay is not None:
        from trustabm_app.town.replay import Recorder, check_replay, write_replay

        recorder, towns = Recorder(asked.experiment()), 1 + len(asked.neighbors)
        check_replay(replay, residents=asked.residents, weeks=asked.weeks, towns=towns, force=force)
    ready(out, force, "run")
    say_if_compiling()

    from trustabm.runs.progress import bar as progress_bar
    from trustabm.runs.run import run as run_scenario

    with progress_bar("weeks") as progress:
        result = run_scenario(asked, progress=progress, watch=recorder)
    keeper = Keeper()
    if out is not None:
        keeper.keep(out, lambda place: result.save(place, force))
    if replay is not None:
        recording = recorder.recording()
        keeper.keep(replay, lambda place: write_replay(asked, place, force, recording))
    if json:
        from trustabm.telling.terminal import summary_records

        print_json(summary_records(result))
        say_notices(result.notices)
    else:
        from trustabm.telling.terminal import print_summary

        print_summary(result)
    if story is not None:
        from trustabm.telling.story import story as tell

        print(tell(result, story))
    keeper.leave(out)


def compare(
    policies: list[str] | None = None,
    /,
    *,
    change: list[str] | None = None,
    from_: Annotated[str | None, Parameter("--from")] = None,
    town: str = "us-average",
    state: str | None = None,
    nation: Flag = False,
    counties: str | None = None,
    replicates: Whole = 100,
    weeks: Whole = 104,
    burn_in: Whole = 104,
    residents: Whole | None = None,
    seed: Whole = 0,
    start: str | None = None,
    local_policies: Flag = False,
    levers: Named = None,
    parameters: Named = None,
    rule: list[str] | None = None,
    draws: Whole | None = None,
    structure: list[str] | None = None,
    structures: Flag = False,
    figures: bool | None = None,
    workers: Whole | None = None,
    why: Flag = False,
    story: Whole | None = None,
    all: Flag = False,
    json: Flag = False,
    out: Path | None = None,
    brief: Path | None = None,
    replay: Path | None = None,
    force: Flag = False,
) -> None:
    """Compare policies in one town, or changes of the rules in force there.

    Parameters
    ----------
    policies
        Names of policies or timelines (see `trustabm policies`) or TOML files; the first is the
        reference. With --change none
        or one, on which changes are laid: the rules in force in the town if not given.
    change
        A policy whose local levers are laid on the reference; given again, another arm. What a
        state or the federal government sets is changed by state:NAME or federal:NAME; NAME@TOWN is
        laid in another town of the region.
    from_
        The day or month from which changes hold, as 2026-01.
    town
        A town's name (see `trustabm towns`) or TOML file.
    state
        A state in place of a town, as TX, Texas or 48: counties drawn anew for every replicate.
    nation
        The nation in place of a town, in the same way.
    counties
        Counties that each replicate draws, or `all`; 12 of a state, 48 of the nation if not given.
    replicates
        Towns simulated, or samples of counties; more of them narrow the intervals.
    weeks
        Weeks after the policies part, all of them measured.
    burn_in
        Weeks before, in common.
    residents
        Residents simulated in each town, 5000, or of each county drawn, 2000, if not given.
    seed
        The seed of the first town's luck; those of the others are made of it and their number.
    start
        The date on which the policies part; that of --from with --change, else 2010-01-01, if not
        given.
    local_policies
        Merge the town's own dated policies into every policy.
    levers
        Set one lever under every policy: --levers.outreach 0.8.
    parameters
        Set one parameter in every town: --parameters.trust_weight 0.5.
    rule
        A Python file with rules of your own, or its name in a library; several if given again.
    draws
        Draws that the towns are spread over, of structures of the model, its parameters and the
        town's figures; 0 for the default parameters and the figures as stated. Half as many as
        towns if not given.
    structure
        Draw from this structure alone; from several where given again.
    structures
        Show what each structure of the model says alone.
    figures
        Whether the town's figures are drawn from their ranges; as there are draws if not given.
    workers
        Processes; chosen by the work there is if not given.
    why
        Say what carries the effects: live through all again without each mechanism, which takes
        about a dozen times as long.
    story
        Tell the weeks of the resident with this number under each policy.
    all
        Show every outcome.
    json
        Print JSON records {outcome, group, arm, level, difference, low, high, unit}; with --why an
        object of `effects`, which are these, and `why`, what goes away of them; of a region one of
        `effects` and `spillovers`, the same of each other `town` and of all together.
    out
        Folder to write weekly outcomes, effects, findings and provenance to.
    brief
        File to write two pages to that can be handed on: .pdf or .html.
    replay
        HTML file to write that plays the first town under both policies, map and charts.
    force
        Replace an earlier result in that folder, or an earlier brief or replay.
    """
    where = _area(state, nation, counties, town)
    if where is not None:
        _refuse_for_areas(where.title, brief=brief, replay=replay, story=story, why=why or None)
    many = residents if residents is not None else 5000 if where is None else 2000
    refuse_nobody(story, many)
    changes = change or []
    arms = (len(policies or ()) or 1) + len(changes)
    if brief is not None:
        from trustabm.telling.brief import check_brief

        check_brief(brief, arms, force)
    if replay is not None:
        from trustabm_app.town.replay import check_replay

        check_replay(replay, residents=many, weeks=weeks, arms=arms, force=force)
    ready(out, force, "compare")

    from trustabm.runs.progress import bar as progress_bar

    asked: dict[str, Any] = {
        "changes": changes,
        "since": from_,
        "replicates": replicates,
        "weeks": weeks,
        "burn_in": burn_in,
        "residents": many,
        "seed": seed,
        "start": start,
        "local_policies": local_policies,
        "levers": values_of(levers),
        "parameters": values_of(parameters),
        "draws": draws,
        "structures": structure,
        "figures": figures,
        "rules": rule or [],
        "workers": workers,
        "before": say_if_compiling,
    }
    comparison: Comparison
    with progress_bar("towns" if where is None else "samples") as progress:
        if where is None:
            from trustabm.runs.compare import compare as in_town

            asked |= {"progress": progress}
            comparison = in_town(policies or [], town=town, why=why, **asked)
        else:
            from trustabm.nation.sampled import compare_area

            asked |= {"counties": counties, "progress": progress}
            comparison = compare_area(where, policies or [], **asked)
    keeper = Keeper()
    if out is not None:
        keeper.keep(out, lambda place: comparison.save(place, force))
    if brief is not None:
        from trustabm.telling.brief import write_brief

        keeper.keep(brief, lambda place: write_brief(comparison, place, force))
    if replay is not None:
        from trustabm_app.town.replay import write_replay

        keeper.keep(replay, lambda place: write_replay(comparison, place, force))
    if json:
        from trustabm.runs.effects import records_of

        effects = comparison.records()
        parts = [part.record() for part in comparison.parts()] if why else []
        spilled = [
            {"town": title, **row}
            for title, estimates in comparison.spillovers.items()
            for row in records_of(estimates)
        ]
        said = {"effects": effects} | ({"why": parts} if why else {})
        said |= {"spillovers": spilled} if spilled else {}
        print_json(said if len(said) > 1 else effects)
        say_notices(comparison.notices)
    else:
        from trustabm.telling.terminal import print_comparison

        print_comparison(comparison, everything=all, structures=structures)
    if story is not None:
        from trustabm.telling.story import story as tell

        print(tell(comparison, story))
    keeper.leave(out)


def _area(state: str | None, nation: bool, counties: str | None, town: str) -> Area | None:
    """Return the area that is asked about; None where it is a town."""
    from trustabm.errors import InvalidInput
    from trustabm.nation.areas import area

    if state is None and not nation:
        if counties is not None:
            raise InvalidInput(f"counties: expected a state or the nation with them, got {town!r}")
        return None
    if town != "us-average":
        raise InvalidInput(f"town: expected none with a state or the nation, got {town!r}")
    if state is not None and nation:
        raise InvalidInput(f"state: expected none with the nation, got {state!r}")
    return area(state)


def _refuse_for_areas(title: str, **given: Any) -> None:
    """Refuse what is told of one town."""
    from trustabm.errors import InvalidInput

    for name, value in given.items():
        if value is not None:
            raise InvalidInput(
                f"{name}: expected none for {title}, which is many counties: compare one of them"
            )


def today(town: str, /, *, on: str | None = None, all: Flag = False, json: Flag = False) -> None:
    """Show the rules in force in a town, to which day they are known, and what is not sure.

    Parameters
    ----------
    town
        A town's name (see `trustabm towns`) or TOML file.
    on
        The day, as 2026-11-26, or a month, its first day; that of the clock if not given.
    all
        Show every lever that something set, with its source, and all that is not known.
    json
        Print a JSON object of `rules`, {lever, value, level, since, set_by, source, basis},
        `known_to`, `unsure`, `agreement` and `gaps`.
    """
    from trustabm.inputs.laid import day_of
    from trustabm.inputs.today import today as in_force

    found = in_force(town, None if on is None else day_of(on, "on"))
    if json:
        days = {what: day.isoformat() for what, day in found.known_to.items()}
        said = {
            "unsure": [x.title for x in found.unsure],
            "agreement": found.agreement,
            "gaps": found.gaps,
        }
        print_json({"rules": found.records(), "known_to": days, **said})
        return
    from trustabm.cli import listings

    listings.show_today(found, whole=all)
