"""Whole alternatives of the model: what nobody knows about how it should be built, as switches.

A structure holds some parameters, mechanism switches among them, at a value; the others are fitted
to the published studies with it. `inputs.draws` says how much weight each has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["STRUCTURES", "Structure"]


@dataclass(frozen=True, slots=True)
class Structure:
    """One way to build the model.

    Args:
        name: Its name in tables and on the command line.
        title: Its name for people.
        sentence: What it says, in plain words.
        source: Who holds that it is so.
        fixed: Parameters that it holds at a value, switches among them as True or False.
        idle: Parameters that mean nothing in it, so that no study can tell of them.
    """

    name: str
    title: str
    sentence: str
    source: str
    fixed: Mapping[str, float] = field(default_factory=dict)
    idle: tuple[str, ...] = ()


STRUCTURES: dict[str, Structure] = {
    s.name: s
    for s in (
        Structure(
            "full",
            "All mechanisms",
            "Every mechanism of the model is at work, as strongly as the studies leave open.",
            "The model as its description has it (docs/odd.md).",
        ),
        Structure(
            "threshold",
            "Fear as a threshold",
            "Fear is not weighed against reasons to call: whoever has more of it than they bear "
            "stays silent, and all others call as if they had none.",
            "Granovetter 1978, Threshold Models of Collective Behavior, doi:10.1086/226707",
            {"by_threshold": 1.0},
        ),
        Structure(
            "cases",
            "Fear by cases alone",
            "People fear what they know to have happened to somebody; news moves nobody.",
            "Alsan & Yang 2022 (fear runs through networks); Rocha, Knoll & Wrinkle 2015, "
            "doi:10.1086/681810",
            {"news": False},
            (
                "news_weight",
                "news_half_life",
                "good_news",
                "publicity_street",
                "publicity_jail",
                "publicity_federal",
                "announced_weight",
            ),
        ),
        Structure(
            "news",
            "Fear by news alone",
            "People fear what the rules in force are said to be; no case moves anybody's risk.",
            "Ang et al. 2024, NBER 32243 (reports fall with a federal announcement, before anybody "
            "is taken)",
            {"cases": False},
            ("case_weight", "case_half_life"),
        ),
        Structure(
            "no-trust",
            "Trust moves no call",
            "Whether people call does not depend on how far they trust police.",
            "Fustos 2022 (41 studies of trust and reporting do not agree)",
            {"trust": False},
            ("trust_weight",),
        ),
        Structure(
            "no-response",
            "Offenders do not answer",
            "Offenders commit as many crimes whatever the chance of being reported.",
            "Chalfin & McCrary 2017, doi:10.1257/jel.20141147 (much of what police prevent need "
            "not be offenders' answer to risk)",
            {"offender_response": False},
            ("deterrence_elasticity", "learning_rate"),
        ),
        Structure(
            "no-avoidance",
            "Nobody stays in",
            "Worry keeps nobody at home: who fears is met by officers and offenders as before.",
            "Ours: Bernstein et al. 2019 (Urban Institute) is of what people say they avoid; no "
            "study counts who is met less often",
            {"avoidance": False},
        ),
    )
}
"""All structures by name."""
