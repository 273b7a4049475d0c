"""`trustabm policies` and `schema`: what ships here, and what files may hold."""

from __future__ import annotations

from typing import Literal

from trustabm.cli.shared import print_json

__all__ = ["policies", "schema"]


def policies(name: str | None = None, /) -> None:
    """List policies and timelines, or show one whole.

    Parameters
    ----------
    name
        A policy, a timeline, or a TOML file of either.
    """
    from trustabm.cli import listings

    if name is None:
        listings.list_policies()
    else:
        listings.show_policy(name)


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

    from trustabm.classroom.lesson import Lesson
    from trustabm.inputs.parameters import Parameters
    from trustabm.inputs.policy import Policy
    from trustabm.inputs.timeline import Preset, Timeline
    from trustabm.inputs.town import Town
    from trustabm.runs.scenario import Scenario

    kinds: dict[str, type[BaseModel]] = {
        "scenario": Scenario,
        "policy": Policy,
        "preset": Preset,
        "timeline": Timeline,
        "town": Town,
        "parameters": Parameters,
        "lesson": Lesson,
    }
    if of == "study":  # this needs an extra, which the others do not
        from trustabm.study.definition import Study

        kinds["study"] = Study
    print_json(kinds[of].model_json_schema())
