"""What changed, in plain sentences: numbers with their base, both arms, and the interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trustabm.inputs.groups import Groups
from trustabm.outcomes.estimates import Estimate, Verdict
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.numbers import said_apart
from trustabm.outcomes.structures import Open, Structured, holds, open_why

__all__ = ["KEY_OUTCOMES", "Told", "key", "label", "relative", "sentences", "told"]

Estimates = dict[tuple[str, str, str], Estimate]

_EACH, _NAMED, _ALL = "each ethnic group", "each but the reference", "everyone"
_KEY = {
    "trust": _EACH,
    "reporting": _EACH,
    "reporting_domestic": _NAMED,
    "victimization": _EACH,
    "clearance_violent": _ALL,
    "solved": _EACH,
    "stop_disparity": _ALL,
    "removals": _ALL,
    "removals_no_conviction": _ALL,
    "separated": _ALL,
    "exposed": _NAMED,
    "immigration_hours": _ALL,
    "social_cost": _ALL,
}

KEY_OUTCOMES = tuple(_KEY)
"""The outcomes that a summary shows."""


def key(groups: Groups) -> list[tuple[str, str]]:
    """Return the outcomes that a summary shows, each with every group of which it shows it."""
    named = list(groups.of_ethnic)
    of_whom = {_EACH: [*named, groups.reference], _NAMED: named, _ALL: ["all"]}
    return [(outcome, group) for outcome, whom in _KEY.items() for group in of_whom[whom]]


@dataclass(frozen=True, slots=True)
class _Form:
    """How an outcome is said: `start` `level` `verb` under one arm, `level` under the other."""

    start: str
    verb: str
    scale: float = 1000.0
    digits: int = 0
    more: str = "more"
    less: str = "fewer"
    prefix: str = ""
    absolute: bool = False  # a scale from 0 to 1, of which a percentage says little
    zero: str = "none"  # `start` `zero` `verb`
    nothing: str = "none"  # where it stands alone


_U = "For every 1,000 residents who were undocumented when the policies parted,"
_FORMS = {
    "trust": _Form(
        "On a scale from 0 to 100, {who} residents' trust in local police is",
        "",
        100,
        1,
        "higher",
        "lower",
        absolute=True,
        zero="0",
        nothing="0",
    ),
    "reporting": _Form("Of 1,000 crimes against {who} residents,", "are reported"),
    "reporting_domestic": _Form(
        "Of 1,000 acts of domestic violence against {who} residents,", "are reported"
    ),
    "victimization": _Form(
        "For every 1,000 {who} residents,", "crimes happen in a year", 1, zero="no"
    ),
    "clearance_violent": _Form("Of 1,000 violent crimes reported,", "are cleared by an arrest"),
    "solved": _Form("Of 1,000 crimes against {who} residents, reported or not,", "are solved", 1),
    "stop_disparity": _Form(
        "For every 100 stops of other residents, equal numbers of Latino residents are stopped",
        "times",
        100,
        0,
        zero="0",
        nothing="0",
    ),
    "removals": _Form(_U, "people are removed in a year", 1, 1, zero="no"),
    "removals_no_conviction": _Form(
        _U, "people without a conviction are removed in a year", 1, 1, zero="no"
    ),
    "separated": _Form(
        _U,
        "citizens aged 12 or over lose a household member to removal in a year",
        1,
        1,
        zero="no",
    ),
    "exposed": _Form(
        "Of 1,000 {who} residents,",
        "know someone detained or removed within the year",
    ),
    "immigration_hours": _Form("Of 1,000 police hours,", "go to immigration work", 1000, 1),
    "social_cost": _Form(
        "Crime and jail cost society",
        "a resident and year",
        1,
        0,
        "more",
        "less",
        "$",
        zero="nothing",
        nothing="nothing",
    ),
}


def label(outcome: str, group: str, groups: Groups) -> str:
    """Return what a row of a table is called."""
    if group == "all":
        return GLOSSARY[outcome].title
    title = groups.titles[group]
    named = title.startswith(tuple(groups.titles[key] for key in groups.of_ethnic))
    return f"{GLOSSARY[outcome].title}, {title if named else _lower(title)}"


@dataclass(frozen=True, slots=True)
class Told:
    """What can be said of one arm against the reference.

    Args:
        arm: The arm's name for people.
        changed: A sentence a change that can be told from luck; of one town, a change at all.
        unclear: Sentences about what hardly differs, cannot be told apart, or is the same.
    """

    arm: str
    changed: tuple[str, ...]
    unclear: tuple[str, ...]


def told(
    estimates: Estimates,
    arms: dict[str, str],
    arm: str,
    towns: int,
    groups: Groups,
    structures: Mapping[tuple[str, str, str], Structured] | None = None,
) -> Told:
    """Say of the key outcomes of one arm what can be said of them.

    Args:
        estimates: By outcome, group and arm.
        arms: Name and name for people of each arm; the first is the reference.
        arm: The arm's name.
        towns: Towns simulated.
        groups: The groups of these towns.
        structures: What each structure of the model says alone, where there are several.
    """
    was, now = next(iter(arms)), arms[arm]
    changed = []
    named: dict[Verdict | Open, list[str]] = {}
    for row in key(groups):
        before, after = estimates[*row, was], estimates[*row, arm]
        verdict = after.verdict()
        if verdict is Verdict.NO_INTERVAL and towns == 1 and after.difference == 0:
            verdict = Verdict.NO_DIFFERENCE
        elif verdict in (Verdict.HIGHER, Verdict.LOWER) or (
            verdict is Verdict.NO_INTERVAL and towns == 1
        ):
            said = _sentence(*row, groups, before, after, arms[was], now)
            alone = (structures or {}).get((*row, arm))
            changed.append(f"{said}; {holds(verdict, alone)}." if alone else f"{said}.")
            continue
        alone = (structures or {}).get((*row, arm))
        why = open_why(alone) if alone and verdict is Verdict.CLOSE else None
        named.setdefault(why or verdict, []).append(_lower(label(*row, groups)))
    if Verdict.SAME_RULES in named:
        same = f"The same rules are in force under {now} as under {arms[was]} in every week"
        return Told(now, (), (f"{same}, so that nothing can differ.",))
    nowhere = "in the one town" if towns == 1 else f"in any of the {towns:,} towns"
    starts: dict[Verdict | Open, str] = {
        Verdict.SMALL: Verdict.SMALL.upper_first,
        Verdict.CLOSE: Verdict.CLOSE.upper_first,
        **{why: str(why) for why in Open},
        Verdict.NO_DIFFERENCE: f"No difference {nowhere}",
        Verdict.NO_INTERVAL: Verdict.NO_INTERVAL.upper_first,
        Verdict.TOO_FEW: Verdict.TOO_FEW.upper_first,
    }
    unclear = (
        f"{start} under {now}: {'; '.join(named[verdict])}."
        for verdict, start in starts.items()
        if verdict in named
    )
    return Told(now, tuple(changed), tuple(unclear))


def sentences(
    estimates: Estimates,
    arms: dict[str, str],
    towns: int,
    groups: Groups,
    structures: Mapping[tuple[str, str, str], Structured] | None = None,
) -> list[str]:
    """Return one sentence a change that can be told from luck, then what cannot.

    Args:
        estimates: By outcome, group and arm.
        arms: Name and name for people of each arm; the first is the reference.
        towns: Towns simulated.
        groups: The groups of these towns.
        structures: As in `told`.
    """
    found = [told(estimates, arms, arm, towns, groups, structures) for arm in list(arms)[1:]]
    return [line for of_arm in found for line in (*of_arm.changed, *of_arm.unclear)]


def _sentence(
    outcome: str,
    group: str,
    groups: Groups,
    before: Estimate,
    after: Estimate,
    was: str,
    now: str,
) -> str:
    form = _FORMS[outcome]
    assert before.level is not None
    assert after.level is not None
    numbers = said_apart([form.scale * x for x in (before.level, after.level)], form.digits)
    levels = [
        zero if e.level == 0 else form.prefix + number
        for e, zero, number in zip((before, after), (form.zero, form.nothing), numbers, strict=True)
    ]
    who = groups.titles[group] if group in groups.of_ethnic else "other"
    start = f"{form.start.format(who=who)} {levels[0]} {form.verb}".rstrip()
    return f"{start} under {was}, {levels[1]} under {now}: {_change(after, form)}"


def _change(after: Estimate, form: _Form) -> str:
    """Return the size of a change in the most telling unit, with its interval."""
    assert after.difference is not None
    word = form.more if after.difference > 0 else form.less
    if after.percent is None or form.absolute:
        by = -form.scale if after.difference < 0 else form.scale
        numbers = (after.difference, after.low, after.high)
        scaled = [by * x for x in numbers if x is not None]
        return _with_interval(scaled, max(form.digits, 1), f"{{}} {word}", form.prefix)
    many = "much" if form.more != "more" or form.prefix else "many"
    return relative(after, form.more, form.less, f"as {many}")


def relative(e: Estimate, more: str, less: str, times: str) -> str:
    """Return a relative change in words, with its interval.

    Args:
        e: A change with a percentage.
        more: What an increase is called, as in "20% more".
        less: What a decrease is called.
        times: What a multiple is called, as in "3.2 times as many".
    """
    numbers = [x for x in (e.percent, e.percent_low, e.percent_high) if x is not None]
    if numbers[0] >= 100:
        ratios = [1 + x / 100 for x in numbers]
        return _with_interval(ratios, 1, f"{{}} times {times}", bounds=(1.0,))
    falls = numbers[0] < 0
    sizes = [-x if falls else x for x in numbers]
    return _with_interval(sizes, 0, f"{{}}% {less if falls else more}", bounds=(100.0,))


def _with_interval(
    numbers: list[float], digits: int, text: str, prefix: str = "", bounds: tuple[float, ...] = ()
) -> str:
    """Return a size, in the direction in which it goes, and the ends of its interval if any."""
    size, *ends = said_apart(numbers, digits, bounds)
    said_of_it = text.format(prefix + size)
    if len(ends) < 2:
        return f"{said_of_it} ({Verdict.NO_INTERVAL})"
    low, high = ends if numbers[1] <= numbers[2] else ends[::-1]
    return f"{said_of_it} (90% interval {low} to {high})"


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]
