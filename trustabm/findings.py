"""What changed, in plain sentences: numbers with their base, both arms, and the interval."""

from __future__ import annotations

from dataclasses import dataclass

from trustabm.estimates import Estimate
from trustabm.outcomes import GLOSSARY, GROUP_TITLES

__all__ = ["KEY", "Told", "label", "relative", "sentences", "told"]

Estimates = dict[tuple[str, str, str], Estimate]

KEY: tuple[tuple[str, str], ...] = (
    ("trust", "latino"),
    ("trust", "non-latino"),
    ("reporting", "latino"),
    ("reporting", "non-latino"),
    ("reporting_domestic", "latino"),
    ("victimization", "latino"),
    ("victimization", "non-latino"),
    ("clearance_violent", "all"),
    ("stop_disparity", "all"),
    ("removals", "all"),
    ("removals_no_conviction", "all"),
    ("separated", "all"),
    ("exposed", "latino"),
    ("immigration_hours", "all"),
    ("social_cost", "all"),
)
"""The outcomes and groups that a summary shows."""


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


NO_INTERVAL = " (too few towns or events for an interval)"

SMALL = 1
"""A change of less than this many percent is named, not spelled out."""

_U = "Of 1,000 undocumented residents,"
_FORMS: dict[tuple[str, str], _Form] = {
    ("trust", "latino"): _Form(
        "On a scale from 0 to 100, Latino residents' trust in local police is",
        "",
        100,
        1,
        "higher",
        "lower",
        absolute=True,
    ),
    ("trust", "non-latino"): _Form(
        "On a scale from 0 to 100, other residents' trust in local police is",
        "",
        100,
        1,
        "higher",
        "lower",
        absolute=True,
    ),
    ("reporting", "latino"): _Form("Of 1,000 crimes against Latino residents,", "are reported"),
    ("reporting", "non-latino"): _Form("Of 1,000 crimes against other residents,", "are reported"),
    ("reporting_domestic", "latino"): _Form(
        "Of 1,000 acts of domestic violence against Latino residents,", "are reported"
    ),
    ("victimization", "latino"): _Form(
        "For every 1,000 Latino residents,", "crimes happen in a year", 1
    ),
    ("victimization", "non-latino"): _Form(
        "For every 1,000 other residents,", "crimes happen in a year", 1
    ),
    ("clearance_violent", "all"): _Form(
        "Of 1,000 violent crimes reported,", "are cleared by an arrest"
    ),
    ("stop_disparity", "all"): _Form(
        "For every 100 stops of other residents, equal numbers of Latino residents are stopped",
        "times",
        100,
        0,
    ),
    ("removals", "all"): _Form(_U, "are removed in a year", 1, 1),
    ("removals_no_conviction", "all"): _Form(
        _U, "without a conviction are removed in a year", 1, 1
    ),
    ("separated", "all"): _Form(
        "For every 1,000 undocumented residents,",
        "citizens aged 12 or over lose a household member to removal in a year",
        1,
        1,
    ),
    ("exposed", "latino"): _Form(
        "Of 1,000 Latino residents,",
        "know someone detained or removed within the year",
    ),
    ("immigration_hours", "all"): _Form(
        "Of 1,000 police hours,", "go to immigration work", 1000, 1
    ),
    ("social_cost", "all"): _Form(
        "Crime and jail cost society", "a resident and year", 1, 0, "more", "less", "$"
    ),
}


def label(outcome: str, group: str) -> str:
    """Return what a row of a table is called."""
    if group == "all":
        return GLOSSARY[outcome].title
    title = GROUP_TITLES[group]
    return f"{GLOSSARY[outcome].title}, {title if title.startswith('Latino') else _lower(title)}"


@dataclass(frozen=True, slots=True)
class Told:
    """What can be said of one arm against the reference.

    Args:
        arm: The arm's title.
        changed: A sentence a change that can be told from luck, or of a single town.
        small: Outcomes that can be told apart, by less than `SMALL` percent.
        close: Outcomes whose interval holds zero.
        same: Outcomes that differ in no replicate.
    """

    arm: str
    changed: tuple[str, ...]
    small: tuple[str, ...]
    close: tuple[str, ...]
    same: tuple[str, ...]

    def unclear(self) -> list[str]:
        """Return sentences about what hardly differs, cannot be told apart, or is the same."""
        lists = {
            f"Less than {SMALL}% different under": self.small,
            "Too close to call under": self.close,
            "The same under": self.same,
        }
        return [
            f"{start} {self.arm}: {'; '.join(names)}." for start, names in lists.items() if names
        ]


def told(estimates: Estimates, arms: dict[str, str], arm: str) -> Told:
    """Sort the key outcomes of one arm by what can be said of them.

    Args:
        estimates: By outcome, group and arm.
        arms: Name and title of each arm; the first is the reference.
        arm: The arm's name.
    """
    reference = next(iter(arms))
    changed, small, close, same = [], [], [], []
    for outcome, group in KEY:
        before, after = estimates[outcome, group, reference], estimates[outcome, group, arm]
        if before.level is None or after.level is None or after.difference is None:
            continue
        name = _lower(label(outcome, group))
        if after.identical:
            same.append(name)
        elif after.low is not None and not after.told_apart:
            close.append(name)
        elif after.told_apart and after.percent is not None and abs(after.percent) < SMALL:
            small.append(name)
        else:
            changed.append(_sentence(outcome, group, before, after, arms[reference], arms[arm]))
    return Told(arms[arm], tuple(changed), tuple(small), tuple(close), tuple(same))


def sentences(estimates: Estimates, arms: dict[str, str]) -> list[str]:
    """Return one sentence a change that can be told from luck, then what cannot.

    Args:
        estimates: By outcome, group and arm.
        arms: Name and title of each arm; the first is the reference.
    """
    lines: list[str] = []
    for arm in list(arms)[1:]:
        found = told(estimates, arms, arm)
        lines += [*found.changed, *found.unclear()]
    return lines


def _sentence(
    outcome: str, group: str, before: Estimate, after: Estimate, was: str, now: str
) -> str:
    form = _FORMS[outcome, group]
    assert before.level is not None
    assert after.level is not None
    levels = f"{_number(before.level, form)} {form.verb}".rstrip()
    text = f"{form.start} {levels} under {was}, {_number(after.level, form)} under {now}"
    return f"{text}: {_change(before, after, form)}."


def _change(before: Estimate, after: Estimate, form: _Form) -> str:
    """Return the size of a change in the most telling unit, with its interval."""
    assert after.difference is not None
    word = form.more if after.difference > 0 else form.less
    if after.percent is None or form.absolute:
        size = abs(after.difference) * form.scale
        ends = _scaled(after.low, after.high, form.scale, after.difference < 0)
        return _with_interval(size, ends, max(form.digits, 1), f"{{}} {word}", form.prefix)
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
    assert e.percent is not None
    if e.percent >= 100:
        ends = _scaled(e.percent_low, e.percent_high, 0.01, False)
        return _with_interval(1 + e.percent / 100, [1 + x for x in ends], 1, f"{{}} times {times}")
    ends = _scaled(e.percent_low, e.percent_high, 1, e.percent < 0)
    return _with_interval(abs(e.percent), ends, 0, f"{{}}% {more if e.percent > 0 else less}")


def _scaled(low: float | None, high: float | None, by: float, falls: bool) -> list[float]:
    """Return the ends of an interval, in the direction in which the change goes."""
    ends = [x * (-by if falls else by) for x in (low, high) if x is not None]
    return sorted(ends)


def _with_interval(size: float, ends: list[float], digits: int, text: str, prefix: str = "") -> str:
    if len(ends) < 2:
        return text.format(f"{prefix}{size:,.{digits}f}") + NO_INTERVAL
    # As many digits as it takes to tell the ends apart, within reason.
    while digits < 3 and f"{ends[0]:.{digits}f}" == f"{ends[1]:.{digits}f}":
        digits += 1
    low, high = (f"{x:,.{digits}f}" for x in ends)
    return f"{text.format(f'{prefix}{size:,.{digits}f}')} (90% interval {low} to {high})"


def _number(value: float, form: _Form) -> str:
    if value == 0:
        return "none"
    return f"{form.prefix}{value * form.scale:,.{form.digits}f}"


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]
