"""What a brief says, as plain data: the same words for every kind of page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trustabm.inputs.policy import LEVERS, Policy
from trustabm.inputs.timeline import Timeline
from trustabm.outcomes.findings import Told, told
from trustabm.outcomes.parts import OF_WHOM
from trustabm.runs.provenance import lines
from trustabm.runs.reproduce import has_names, shell
from trustabm.telling.brief.caveats import CANNOT_SAY
from trustabm.telling.brief.figures import BriefFigure, changes_figure, weeks_figure

if TYPE_CHECKING:
    from trustabm.runs.comparison import Comparison

__all__ = ["ArmWords", "Brief", "arms", "changes", "command", "content"]

DATES_MAX = 3
"""Dated changes of a timeline that are spelled out."""


@dataclass(frozen=True, slots=True)
class ArmWords:
    """What a brief says of one policy.

    Args:
        title: Its name for people.
        sentence: What it stands for.
        changes: What it sets otherwise than the reference, a line a date.
    """

    title: str
    sentence: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything a brief says.

    Args:
        question: What was asked.
        place: The town's title.
        made: The day the comparison was made.
        setting: Paragraphs on the town and the simulation.
        arms: The policies, the reference first.
        found: What can be said of every other arm.
        carried: What carries the effects, where that was asked.
        notices: What the findings are to be read with.
        figures: Drawn from the comparison.
        covers: What the intervals cover and what they do not.
        narrowed: What they are made of, and what would narrow them most.
        cannot: What the model cannot say, as heading and sentence.
        provenance: What made it, as name and value.
        command: The command that makes the comparison again; None where no command can.
    """

    question: str
    place: str
    made: str
    setting: tuple[str, ...]
    arms: tuple[ArmWords, ...]
    found: tuple[Told, ...]
    carried: tuple[str, ...]
    notices: tuple[str, ...]
    figures: tuple[BriefFigure, ...]
    covers: str
    narrowed: tuple[str, ...]
    cannot: tuple[tuple[str, str], ...]
    provenance: tuple[tuple[str, str], ...]
    command: str | None


def content(comparison: Comparison) -> Brief:
    """Gather what a brief says of a comparison."""
    titles = list(comparison.arms.values())
    place = comparison.experiment.place.title
    return Brief(
        question=f"What changes in {place} under {_or(titles[1:])}, compared with {titles[0]}?",
        place=place,
        made=_date(dt.datetime.fromisoformat(comparison.provenance["made"]).date()),
        setting=_setting(comparison),
        arms=arms(comparison),
        found=tuple(
            told(
                comparison.estimates,
                comparison.arms,
                name,
                comparison.replicates,
                comparison.experiment.groups,
                comparison.structured,
            )
            for name in list(comparison.arms)[1:]
        ),
        carried=_carried(comparison),
        notices=comparison.notices,
        figures=(changes_figure(comparison), weeks_figure(comparison)),
        covers=comparison.covers(),
        narrowed=tuple(comparison.narrowed()),
        cannot=CANNOT_SAY,
        provenance=_provenance(comparison),
        command=command(comparison),
    )


def command(comparison: Comparison) -> str | None:
    """Return the command that makes a comparison again, None where an arm is not a file."""
    experiment = comparison.experiment
    if not has_names(experiment):
        return None
    return shell(experiment, why=comparison.decomposition is not None).rstrip()


def _carried(comparison: Comparison) -> tuple[str, ...]:
    """Return what carries the effects; of several policies those on Latino residents alone."""
    return tuple(comparison.carried(OF_WHOM if len(comparison.arms) == 2 else OF_WHOM[:1]))


def _setting(comparison: Comparison) -> tuple[str, ...]:
    d = comparison.experiment
    town = d.place
    share = town.undocumented_share
    shares = [f"{m.share:.0%} are {m.title}" for m in town.makeup()[:-1]]
    estimate = f"{share.value:.1%}"
    if share.low is not None and share.high is not None:
        estimate += f" (an estimate; {share.low:.1%} to {share.high:.1%} is plausible)"
    return (
        f"{town.title}: {town.sentence} Of residents aged 12 and over "
        f"{', '.join(shares)} and {estimate} undocumented.",
        f"{comparison.replicates} simulated towns of {d.residents:,} residents. Each lives through "
        f"{d.burn_in} weeks under {next(iter(comparison.arms.values()))}; on {_date(d.start)} the "
        f"policies part, and each is followed for {d.weeks} weeks from the same state with the "
        "same luck. What differs is due to the policy, within this model.",
    )


def arms(comparison: Comparison) -> tuple[ArmWords, ...]:
    """Return the policies of a comparison, the reference first."""
    return tuple(_arm(comparison, k) for k in range(len(comparison.arms)))


def _arm(comparison: Comparison, number: int) -> ArmWords:
    d = comparison.experiment
    title = list(comparison.arms.values())[number]
    line = d.lines[number]
    lines = changes(d.before[0], line, d.start, d.weeks) if number else ()
    return ArmWords(title, line.sentence, tuple(lines))


def changes(before: Policy, line: Timeline, start: dt.date, weeks: int) -> list[str]:
    """Return what a timeline changes, a line a date, each against what was in force."""
    said, now = [], before
    for week, policy in line.schedule(start, weeks):
        levers = [LEVERS[k].said(*values) for k, values in now.differences(policy).items()]
        if levers:
            when = "" if week == 0 else f"From week {week}: "
            said.append(when + "; ".join(levers) + ".")
        now = policy
    if len(said) > DATES_MAX:
        more = len(said) - DATES_MAX
        said = [*said[:DATES_MAX], f"And {more} more dated changes of levers."]
    return said or ["No lever differs in these weeks."]


def _provenance(comparison: Comparison) -> tuple[tuple[str, str], ...]:
    p: dict[str, Any] = comparison.provenance
    seeds = f"{p['seed']} for the first town"
    if comparison.replicates > 1:
        seeds += "; of it and its number for every other"
    return tuple((lines(p) | {"Seeds": seeds}).items())


def _date(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _or(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]
