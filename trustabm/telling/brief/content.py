"""What a brief says, as plain data: the same words for every kind of page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trustabm.evidence.tested import Held
from trustabm.inputs.policy import EVERY, LEVERS, Policy
from trustabm.inputs.timeline import Timeline
from trustabm.inputs.today import today
from trustabm.outcomes.parts import OF_WHOM
from trustabm.runs.provenance import lines
from trustabm.runs.reproduce import shell
from trustabm.telling.answer import Answer, answer
from trustabm.telling.beneath import Beneath, beneath
from trustabm.telling.brief.caveats import CANNOT_SAY

if TYPE_CHECKING:
    from trustabm.runs.comparison import Comparison

__all__ = ["ArmWords", "Brief", "arms", "changes", "command", "content"]

DATES_MAX = 4
"""Dated changes of a timeline that are spelled out; of more only the number is said."""


@dataclass(frozen=True, slots=True)
class ArmWords:
    """A policy in a brief.

    Args:
        title: Its name for people.
        sentence: What it is.
        changes: What it sets otherwise than the reference, a line a date.
    """

    title: str
    sentence: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything a brief says: what was asked and found, then how.

    Args:
        question: What was asked.
        place: The town's title.
        made: The day the comparison was made.
        answers: The answer of every arm but the reference, as the card shows it.
        below: What stands below each answer's lines.
        carried: What carries the effects, where that was asked.
        law: What is in force, a rule or an arm each.
        setting: What was simulated.
        notices: What was assumed and left out.
        covers: What the intervals cover and what they do not.
        narrowed: What they are made of, and what would narrow them most.
        tested: What kinds of change were held against data, as heading and sentence.
        cannot: What the model cannot say, as heading and sentence.
        provenance: What made it, as name and value.
        command: The command that makes the comparison again; None where no command can.
    """

    question: str
    place: str
    made: str
    answers: tuple[Answer, ...]
    below: tuple[Beneath, ...]
    carried: tuple[str, ...]
    law: tuple[str, ...]
    setting: tuple[str, ...]
    notices: tuple[str, ...]
    covers: str
    narrowed: tuple[str, ...]
    tested: tuple[tuple[str, str], ...]
    cannot: tuple[tuple[str, str], ...]
    provenance: tuple[tuple[str, str], ...]
    command: str | None


def content(comparison: Comparison) -> Brief:
    """Gather what a brief says of a comparison."""
    others = range(1, len(comparison.arms))
    answers = tuple(answer(comparison, arm) for arm in others)
    titles, place = list(comparison.arms.values()), comparison.experiment.place.title
    question = f"What changes in {place} under {_or(titles[1:])}, compared with {titles[0]}?"
    return Brief(
        question=answers[0].asked if len(answers) == 1 else question,
        place=place,
        made=_date(dt.datetime.fromisoformat(comparison.provenance["made"]).date()),
        answers=answers,
        below=tuple(beneath(comparison, arm) for arm in others),
        carried=_carried(comparison),
        law=_law(comparison),
        setting=_setting(comparison),
        notices=comparison.notices,
        covers=comparison.covers(),
        narrowed=tuple(comparison.narrowed()),
        tested=_tested(answers),
        cannot=CANNOT_SAY,
        provenance=_provenance(comparison),
        command=command(comparison),
    )


def command(comparison: Comparison) -> str | None:
    """Return the command that makes a comparison again, None where an arm is not a file."""
    experiment = comparison.experiment
    alone = (arm.model_copy(update={"laid": ()}) for arm in experiment.arms.values())
    if not all(arm.by_name for arm in alone):
        return None
    said = shell(experiment, why=comparison.decomposition is not None).rstrip()
    if comparison.of_area:
        area = comparison.provenance["design"]["area"]
        said = said.replace(
            f"--town {experiment.town}", "--nation" if area == "US" else f"--state {area}"
        )
    return said


def _carried(comparison: Comparison) -> tuple[str, ...]:
    """Return what carries the effects; of several policies those on Latino residents alone."""
    return tuple(comparison.carried(OF_WHOM if len(comparison.arms) == 2 else OF_WHOM[:1]))


def _law(comparison: Comparison) -> tuple[str, ...]:
    """Return the rules in force that a change is laid on; of other comparisons the policies."""
    e = comparison.experiment
    if next(iter(e.arms.values())).policy != "today":
        return tuple(
            " ".join(
                (f"{arm.title}{'' if k else ' (the reference)'}: {arm.sentence}", *arm.changes)
            )
            for k, arm in enumerate(arms(comparison))
        )
    if comparison.of_area:
        return ("Each county lives under the rules in force in it.",)
    known = today(e.place, e.start)
    own = [r for r in known.rules if LEVERS[r.lever].level != "federal"]
    found = {}
    for rule in own:
        sure = f"; {', '.join(rule.basis)}" if rule.basis else ""
        found[rule.change.name] = (
            f"{rule.change.sentence.rstrip('.')} (since {rule.change.date:%B %Y}{sure})."
        )
    agreement = f"287(g) agreement: {known.agreement}"
    return (*found.values(), f"Federal rules: those of {known.federal}.", agreement)


def _setting(comparison: Comparison) -> tuple[str, ...]:
    d = comparison.experiment
    town = d.place
    share = town.undocumented_share
    shares = [f"{m.share:.0%} are {m.title}" for m in town.makeup()[:-1]]
    estimate = f"{share.value:.1%}"
    if share.low is not None and share.high is not None:
        estimate += f" (an estimate; {share.low:.1%} to {share.high:.1%} is plausible)"
    towns = "samples of counties" if comparison.of_area else "simulated towns"
    return (
        f"{town.title}: {town.sentence} Of residents aged 12 and over "
        f"{', '.join(shares)} and {estimate} undocumented.",
        f"{comparison.replicates} {towns} of {d.residents:,} residents. Each lives through "
        f"{d.burn_in} weeks under {next(iter(comparison.arms.values()))}; on {_date(d.start)} the "
        f"policies part, and each is followed for {d.weeks} weeks from the same state with the "
        "same luck. What differs is due to the policy, within this model.",
    )


def _tested(answers: tuple[Answer, ...]) -> tuple[tuple[str, str], ...]:
    """Return findings by what came of them, and levers that none bears on, of all answers."""
    found: dict[Held, dict[str, None]] = {}
    for said in answers:
        for kind, names in said.tested.items():
            found.setdefault(kind, {}).update(dict.fromkeys(names))
    return tuple(
        (
            f"{kind.head(len(names))}:",
            "; ".join(EVERY[name].title if kind is Held.NEVER else name for name in names) + ".",
        )
        for kind, names in found.items()
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
        levers = [EVERY[k].said(*values) for k, values in now.differences(policy).items()]
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
