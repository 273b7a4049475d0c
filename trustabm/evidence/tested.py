"""Whether a kind of change was ever held against data: which findings bear on which lever."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from importlib import resources

from trustabm.evidence.targets import TARGETS

__all__ = ["BEARING", "Held", "held_against", "shipped"]


class Held(StrEnum):
    """What a published finding was to the model, in the words in which it is said."""

    FITTED = "fitted"
    HIT = "held out: hit"
    MISSED = "held out: missed"
    NEVER = "never tested"

    def head(self, many: int) -> str:
        """Return it as it stands before a list of so many findings, or of levers."""
        words = self.value[0].upper() + self.value[1:]
        count = f" ({many} finding{'s' * (many != 1)})"
        return words if self is Held.NEVER else words + count


_JAIL_HELPS = "8a 8b 8c 5c 13a 13b A8-07 T6-12b"
_PRIORITIES = "6 12b 12d 17b"
_SHOCK = "T5-04a T5-04b T5-05 T5-06a T5-06b T5-07 A11-04a A11-04b"

BEARING: dict[str, str] = {
    "ask_status": "A8-05a A8-05b",
    "ask_victims": "",
    "ask_witnesses": "",
    "deputized_share": "A8-05a A8-05b",
    "officer_training": "T3-14a T3-14b",
    "fingerprint_sharing": "1 2 4a 4b 5a A8-04",
    "jail_screening": "12e 12g 12h T8-01 5b A8-06 T8-02a T8-02b T8-06",
    "notification_share": f"{_PRIORITIES} 12f",
    "priority_none": f"{_PRIORITIES} 12c",
    "priority_misdemeanor": _PRIORITIES,
    "priority_felony": _PRIORITIES,
    "priority_violent": _PRIORITIES,
    "honor_none": _JAIL_HELPS,
    "honor_misdemeanor": _JAIL_HELPS,
    "honor_felony": _JAIL_HELPS,
    "honor_violent": "",
    "judicial_warrant": "",
    "ice_capacity": "19a 19d",
    "at_large_share": "19b 19c",
    "collateral": "",
    "raids": "A11-01 A11-02 A11-03",
    "announced_reach": _SHOCK,
    "firewall": "A5-01 A5-02",
    "u_visa": "",
    "outreach": "",
    "publicity": "",
    "license_access": "",
    "legalization_uptake": "7a 7b 18",
    "legalization_years": "",
    "prison_to_local": "",
}
"""Ids of targets whose studies change a lever, by lever; none where no study does.

A study of a policy changes several levers at once and bears on them together: on asking at stops
and on deputies in a task force, on what a jail honours in sanctuary (which keeps what is done
after a violent offence). Levels, and findings on people whatever the rules, bear on no lever.
"""


@cache
def shipped() -> Mapping[str, bool]:
    """Return which targets the model meets, by id, as the scorecard that ships says.

    Nothing where there is none: the model was not calibrated here.
    """
    file = resources.files("trustabm") / "inputs" / "posterior" / "scorecard.json"
    if not file.is_file():
        return {}
    return {row["id"]: bool(row["pass"]) for row in json.loads(file.read_text("utf-8"))}


def held_against(
    levers: Iterable[str], passed: Mapping[str, bool] | None = None
) -> dict[Held, tuple[str, ...]]:
    """Return what a change of some levers was held against, by what came of it.

    Args:
        levers: Names of the levers that change.
        passed: Which targets the model meets, by id; as the scorecard that ships says if not given.

    Returns:
        Ids of targets; under `NEVER` the names of the levers that no study changes.
    """
    known = shipped() if passed is None else passed
    found: dict[Held, list[str]] = {kind: [] for kind in Held}
    for lever in levers:
        ids = BEARING.get(lever, "").split()  # none of one's own
        if not ids:
            found[Held.NEVER].append(lever)
        for i in ids:
            if TARGETS[i].role in ("calibration", "baseline"):
                found[Held.FITTED].append(i)
            elif i in known:
                found[Held.HIT if known[i] else Held.MISSED].append(i)
    return {kind: tuple(dict.fromkeys(ids)) for kind, ids in found.items() if ids}
