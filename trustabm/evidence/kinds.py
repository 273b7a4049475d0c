"""What each target is about: every one is of one kind, declared here and nowhere else.

How far the model is off is estimated by kind: what it misses one finding on reporting by says more
of another on reporting than of removals.
"""

from __future__ import annotations

from typing import Literal, get_args

__all__ = ["KINDS", "OF_KIND", "TITLES", "Kind", "kind_of"]

Kind = Literal["reporting", "crime", "policing", "enforcement", "belief", "exposure"]

KINDS: tuple[Kind, ...] = get_args(Kind)

TITLES: dict[Kind, str] = {
    "reporting": "Reporting: who calls, and what fear takes from it",
    "crime": "Crime: victimization, offending, what police record",
    "policing": "Policing: stops, arrests, clearance, officers",
    "enforcement": "Enforcement: requests, custody, arrests by ICE, removals",
    "belief": "Belief: trust, worry, avoidance, as people say it",
    "exposure": "Exposure: who knows whom, and who was taken or asked",
}

OF_KIND: dict[Kind, str] = {
    "reporting": "1 6 7a 7b 10 T4-01 T4-08 T5-04a T5-04b T5-05 T6-12a T6-12b b3 b4 b12 b13 4a 4c "
    "10b2 10b3 A5-01 A5-02 A11-01 A11-02 A11-03 A11-04a A11-04b T4-10 T4-12a T5-06a T5-06b T5-07 "
    "T10-04 10b1 T4-02",
    "crime": "2 3 A1-06a A1-06b b1 b2 b11 4b 4d 5a 5b 5c 13a 14 18 A1-07 A8-04 A8-05a A8-05b A8-06 "
    "A8-07 A8-08 5d",
    "policing": "T8-01 b5 b6 b7 b8 b9 13b T3-14a T8-02a T8-02b T8-06",
    "enforcement": "8a 8b 8c 12a 12b 12c 12d 12e 12f 12g 12h 16 17a 17b 19a 19b 19c 19d T7-05a "
    "T7-05b",
    "belief": "T1-01 T1-02a T1-02b T1-05 T2-03 T2-04 T2-05 T3-08a T3-08b T3-10 T6-09 T7-01a T7-01b "
    "T9-02a T9-02b T9-02c T9-02d T9-02e T10-01a T10-01b B4-12a B4-12b T1-07a T1-07b T1-09 T2-07 "
    "T3-14b T4-12b T9-03 T9-05a T9-05b T10-02a T10-02b",
    "exposure": "11a b10 15 B4-08a B4-08b 11b",
}
"""Ids of targets by kind."""

_KIND: dict[str, Kind] = {i: kind for kind, ids in OF_KIND.items() for i in ids.split()}


def kind_of(target: str) -> Kind:
    """Return what a target, by id, is about."""
    return _KIND[target]
