"""Codes are part of every state, event and file: each has its number, and its name that number."""

from __future__ import annotations

import pytest

from trustabm.rules import codes

LISTS = {
    "STATUSES": "us_born naturalized lawful undocumented registered",
    "PARTS": "undocumented_part registered_part mixed_part other_part",
    "CUSTODY": "free jail jail_hold ice prison prison_hold removed",
    "RECORDS": "record_none record_misdemeanor record_felony record_violent",
    "KINDS": "violent property domestic",
    "CAUSES": "from_stop from_case from_victim from_witness from_prison from_at_large "
    "from_collateral",
    "ARRIVALS": "born moved arrived",
    "concern": "nobody tie household self",
    "stop's end": "stop_nothing stop_citation stop_arrest",
    "asking": "ask_nobody ask_booking ask_arrest ask_stop",
}

NAMES = {
    "STATUSES": ("us-born", "naturalized", "lawful noncitizen", "undocumented", "registered"),
    "PARTS": ("undocumented", "registered", "mixed", "other"),
    "RECORDS": ("none", "misdemeanor", "felony", "violent"),
    "KINDS": ("violent", "property", "domestic"),
}


@pytest.mark.parametrize("name", LISTS)
def test_codes_keep_their_numbers(name):
    numbers = [getattr(codes, code.upper()) for code in LISTS[name].split()]
    assert numbers == list(range(len(numbers)))
    assert len(getattr(codes, name, numbers)) == len(numbers)


@pytest.mark.parametrize("name", NAMES)
def test_codes_keep_their_names(name):
    assert getattr(codes, name) == NAMES[name]


def test_pairs_of_groups_begin_with_those_who_have_not_moved():
    two = [(0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (0, 1), (2, 3), (3, 2)]
    assert codes.pairs(2) == two
    stay, moves = [(k, k) for k in range(9)], [(0, 1), (2, 3), (3, 2), (4, 5), (6, 7), (7, 6)]
    assert codes.pairs(3) == stay + moves
