"""By hand where faults survived: what an outcome is called, and digits on the edge of a digit."""

from __future__ import annotations

from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.numbers import said_apart


def test_an_outcome_has_its_own_title_unit_and_sentence():
    trust = GLOSSARY["trust"]
    assert (trust.name, trust.title, trust.unit) == ("trust", "Trust in local police", "0 to 1")
    assert trust.sentence.startswith("Mean trust in local police, ")
    assert trust.by_group


def test_a_number_below_its_last_digit_gives_its_neighbor_one_more():
    assert said_apart([0.096, 0.52], 1) == ["0.10", "0.52"]
    assert said_apart([0.104, 0.52], 1) == ["0.1", "0.5"]
    assert said_apart([0.096, 1.04], 1) == ["0.10", "1.0"]
