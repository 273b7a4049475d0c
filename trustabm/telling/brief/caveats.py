"""What the model cannot say, in the words of the README; the brief and the app show them."""

from __future__ import annotations

__all__ = ["CANNOT_SAY"]

CANNOT_SAY: tuple[tuple[str, str], ...] = (
    (
        "How much, to the point.",
        "What the evidence does not give is fitted to published effects; the model is not evidence "
        "that those effects exist. Trust differences between policies more than levels.",
    ),
    (
        "What trust does.",
        "Studies disagree on whether people who trust police more report more to them; how much "
        "they do is fitted within a range that begins at 0.",
    ),
    (
        "News or cases.",
        "Published effects tell little of how much fear comes from what is said of a policy and "
        "how much from the people it takes.",
    ),
    (
        "How sure the model is.",
        "Intervals cover the luck of the simulated towns, what published studies leave open about "
        "the parameters and about a few whole structures of the model, and the ranges of the "
        "town's own figures. They do not cover doubt about the model beyond these structures: "
        "another mechanism could give another answer.",
    ),
    (
        "Anything that is not in it.",
        "Work, schools, health, migration because of a policy, federal courts, police forces other "
        "than the town's, children under 12, and residents' ways to avoid police other than not "
        "calling and going out less are not modelled.",
    ),
    (
        "How many know somebody taken.",
        "Besides household and up to 8 ties up to 150 acquaintances hear of it, a number fitted "
        "to a survey, not counted.",
    ),
    (
        "Anything about a person or a place on its own.",
        "Towns are synthesized from published shares; the number of undocumented residents is an "
        "estimate everywhere. A resident's story is an illustration.",
    ),
)
"""What is not said, and why."""
