"""What is asked of an area: an experiment that can be had in any of its counties, and its notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from trustabm.inputs.draws import stale
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.places import laws
from trustabm.inputs.places.counties import County
from trustabm.inputs.rule import learned
from trustabm.nation.areas import Area
from trustabm.nation.county import in_county
from trustabm.runs.arms import PolicyLike, parting
from trustabm.runs.experiment import Experiment

__all__ = ["APART", "asked", "notices"]

FEW = 4
"""States that are named; of more only the number is said."""

APART = (
    "Counties are lived through apart from each other: nobody has ties across a county line, and a "
    "county has the part of ICE's hours that goes with its undocumented residents. Hours that one "
    "does not need are not lent to the next (docs/nation.md says what that makes of an answer)."
)


def asked(
    area: Area,
    policies: Sequence[PolicyLike] | Mapping[str, PolicyLike] = (),
    *,
    changes: Sequence[str] = (),
    since: Any = None,
    start: Any = None,
    parameters: Parameters | Mapping[str, Any] | None = None,
    replicates: int = 1,
    draws: int | None = 0,
    **more: Any,
) -> Experiment:
    """Return an experiment as it is in the largest county of an area.

    Args:
        area: The area.
        policies: As in `trustabm.compare`, as the others are.
        changes: Laid in every county on the rules in force there.
        since: From when they hold.
        start: When the arms part.
        parameters: Those that depart from the defaults.
        replicates: How many samples.
        draws: Draws of all that is unsure.
        more: What else an experiment says.

    Raises:
        InvalidInput: for what an experiment refuses, or a change of what a county has not.
    """
    learned(more, None)
    return Experiment.make(
        {
            "town": area.largest.fips,
            **parting(policies, changes, since, start),
            "parameters": parameters or {},
            "replicates": replicates,
            "draws": draws,
            **more,
        },
        "nation" if area.name == "US" else area.title,
    )


def notices(area: Area, experiment: Experiment, same: Sequence[bool] = ()) -> Iterator[str]:
    """Yield what an answer of an area is to be read with.

    Args:
        area: The area.
        experiment: What was run.
        same: Whether each arm has the reference's rules in every county that was lived through.
    """
    yield from experiment.notices_of_rules()
    yield APART
    days = {"state laws": laws.STATE_LAWS_KNOWN_TO, "agreements": laws.AGREEMENTS_KNOWN_TO}
    yield (
        "Rules of counties are known so far: "
        + ", ".join(f"{what} to {day}" for what, day in days.items())
        + "; policies of counties and cities themselves are known of six counties alone."
    )
    yield from _left_out(area, experiment)
    titles = list(experiment.titles.values())
    alike = [title for title, alone in zip(titles, same, strict=False) if alone][1:]
    if alike:
        yield f"In every week and county the levers under {', '.join(alike)} are the reference's."
    yield from stale(experiment.posterior if experiment.lots else None)


def _left_out(area: Area, experiment: Experiment) -> Iterator[str]:
    """Yield what of changes is not laid, and in which states a law says otherwise."""
    said: dict[str, list[str]] = {}
    for state, county in _by_state(area).items():
        here = in_county(experiment, county.fips, 20, 0)
        for arm in here.arms.values():
            for laid in arm.laid:
                for note in laid.notes(county.fips, here.lines[0], here.start, here.weeks):
                    law = note.startswith("State law says otherwise")
                    key = f"State law says otherwise than {laid.title}" if law else note
                    states = said.setdefault(key, [])
                    if state not in states:
                        states.append(state)
    many = len({c.state for c in area.counties})
    for note, states in said.items():
        if not note.startswith("State law says otherwise"):
            yield note
            continue
        some = ", ".join(states[:FEW]) + (f" and {len(states) - FEW} more" if states[FEW:] else "")
        where = f" in {some}" if many > 1 else ""
        yield f"{note}{where}. Assumed here: the change is carried out all the same."


def _by_state(area: Area) -> dict[str, County]:
    """Return the largest county of each state."""
    found: dict[str, County] = {}
    for county in sorted(area.counties, key=lambda c: -c.population):
        found.setdefault(county.state, county)
    return found
