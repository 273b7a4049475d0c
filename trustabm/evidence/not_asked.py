"""Findings that the model is not asked for, and why: what it has no quantity for is not faked."""

from __future__ import annotations

__all__ = ["NOT_ASKED"]

CONTACT = "Tested as a single contact, rule by rule, not as a panel: nobody is visited here."
ELSEWHERE = "Another country's level; the spread and the stability are asked (T1-02, T2)."
SCHOOL = "No schools in the model, and no days: its step is a week."
SHOCK = "Police violence seen by a whole country is no event of the model."

NOT_ASKED: tuple[tuple[str, str, str], ...] = (
    (
        "T1-03, T1-04, T1-12",
        "Level and spread of trust in Belgium, Germany and São Paulo",
        ELSEWHERE,
    ),
    (
        "T2-06",
        "Stability of the fear of police",
        "A general fear of police is no quantity of the model; perceived risk is of deportation.",
    ),
    ("T3-01, T3-02, T3-03", "A friendly visit: who is reached, and what is left of it", CONTACT),
    (
        "T3-06",
        "Procedural justice in traffic stops, Scotland",
        "A script for one kind of stop; training (T3-14) is asked.",
    ),
    ("T3-09, T3-11", "Slope on quality of contact; years after a stop at gunpoint", CONTACT),
    (
        "T3-15",
        "Complaints and use of force after training",
        "Neither is counted in the model; bad stops are (T3-14).",
    ),
    (
        "T4-03",
        "Would definitely report a violent crime",
        "Stated; a stated answer has a scale of its own, and what people do is asked (b3).",
    ),
    (
        "T4-05, T4-07",
        "Studies of trust and reporting do not agree; trust rose and willingness fell",
        "No number to hold a model against: the reason why the slope's prior includes 0.",
    ),
    (
        "T5-08, T5-09, T5-10, T5-11",
        "Confidence and calls after police killings",
        SHOCK,
    ),
    ("T6-02, T6-03, T6-04, T6-05, T7-03", "Absence from school when raids come, and after", SCHOOL),
    ("T6-07, T7-06", "Arrests and agents in operations", "What goes in: the raids lever."),
    (
        "T6-10",
        "Removals from which on foreign-born Latino residents trust less than others",
        "On a scale of the source's own; how much a removal costs is asked (T6-09).",
    ),
    (
        "T6-13",
        "Saw or heard of raids in the own community",
        "Who knows somebody taken is counted (B4-08), who hears of raids is not.",
    ),
    (
        "T8-05",
        "Arrests by Latino against White deputies",
        "Officers have no ethnicity in the model.",
    ),
    (
        "T8-07",
        "Bookings of Hispanics for driving without a licence in Nashville",
        "A count without its denominator.",
    ),
)
"""Ids of the evidence, what was published, and why it is not asked."""
