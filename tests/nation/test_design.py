"""Counties drawn make up the area, exactly in people and on average in everything else."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from trustabm.errors import InvalidInput
from trustabm.inputs.places.counties import County
from trustabm.nation.areas import nation, state
from trustabm.nation.design import ALL, Design, Stratum, design, noncitizens, rules_of
from trustabm.nation.place import town_of

TODAY = dt.date(2026, 1, 1)


def county(number: int, people: int) -> County:
    return County(f"{number:05}", f"County {number}", "XX", "Exes", f"c{number}-xx", people)


def test_a_stratum_by_hand():
    """Residents 10, 20, 70 in a row, two draws: each stands for 50, at 15 and 65 from the start.

    Counties end at 10, 30 and 100 along the row: 15 is in the second, 65 in the third. From 0.05
    of a step on, 2.5 and 52.5: the first and the third. The third, with 70 of 50, is always there.
    """
    row = Stratum("all", tuple(county(k, n) for k, n in enumerate((10, 20, 70))), 2)
    assert row.step == 50
    assert [(p.county.fips, p.people) for p in row.drawn(0.3)] == [("00001", 50), ("00002", 50)]
    assert [p.county.fips for p in row.drawn(0.05)] == ["00000", "00002"]
    # From 0.7 on, 35 and 85: the third county twice.
    assert [p.county.fips for p in row.drawn(0.7)] == ["00002", "00002"]
    whole = Design(state("DE")._replace(counties=row.counties), (row,))
    assert whole.chances() == {"00000": 0.2, "00001": 0.4, "00002": 1.4}
    assert whole.certain == 1


def test_drawing_is_unbiased_over_every_start():
    """Over a fine grid of starts a county stands on average for as many people as it has.

    So the mean over starts of any total (here one that nothing in the design knows of) is the
    total: exactly, but for the grid, of which a start in 5,000 can be on the wrong side.
    """
    people = [3, 17, 41, 150, 220, 500, 1069]
    values = [7.0, 100.0, 3.0, 900.0, 12.0, 250.0, 1000.0]  # a county's events
    row = Stratum("all", tuple(county(k, n) for k, n in enumerate(people)), 4)
    total, at = 0.0, {f"{k:05}": v / n for k, (n, v) in enumerate(zip(people, values, strict=True))}
    for k in range(5000):
        picks = row.drawn((k + 0.5) / 5000)
        assert sum(p.people for p in picks) == pytest.approx(2000)
        total += sum(p.people * at[p.county.fips] for p in picks) / 5000
    assert total == pytest.approx(sum(values), rel=2e-3)


def test_samples_of_a_state_add_up_and_know_its_noncitizens():
    """Residents exactly, noncitizens on average.

    Power: 400 samples of 12; a sample's noncitizens differ from the state's by about a tenth, so
    that their mean is known to half a percent, and 2% off would be seen at four standard errors.
    """
    texas = state("TX")
    drawn = design(texas, TODAY, 12)
    abroad = noncitizens()
    of_state = sum(abroad[c.fips] for c in texas.counties)
    found = []
    for k in range(400):
        picks = drawn.sample(7, k)
        assert len(picks) == 12
        assert sum(p.people for p in picks) == pytest.approx(texas.people, rel=1e-12)
        found.append(sum(p.people * abroad[p.county.fips] / p.county.population for p in picks))
    error = np.std(found) / np.sqrt(len(found))
    assert error < 0.005 * of_state
    assert abs(np.mean(found) - of_state) < 4 * error
    assert drawn.sample(7, 3) == drawn.sample(7, 3)
    assert drawn.sample(7, 3) != drawn.sample(8, 3)


def test_strata_are_the_rules_in_force_by_noncitizens():
    drawn = design(nation(), TODAY)
    assert sum(len(s.counties) for s in drawn.strata) == 3142
    assert sum(s.people for s in drawn.strata) == nation().people
    assert drawn.draws == 48
    assert all(s.draws >= 1 for s in drawn.strata)
    by = {c.fips: s.title for s in drawn.strata for c in s.counties}
    assert by["06037"] == "no agreement, state law limits help; more noncitizens"
    assert rules_of(state("CA").largest, TODAY) == "limits"
    # Los Angeles County has more residents than a draw of its stratum stands for.
    assert drawn.chances()["06037"] > 1
    assert {p.county.fips for p in drawn.sample(0, 0)} >= {"06037"}


def test_all_counties_and_few_of_them():
    assert design(state("DE"), TODAY).sample(0, 0) == design(state("DE"), TODAY, ALL).sample(1, 5)
    every = design(state("TX"), TODAY, "all")
    assert not every.sampled
    assert sum(p.people for p in every.sample(0, 0)) == state("TX").people
    with pytest.raises(InvalidInput, match="counties: expected at least 4, one for each stratum"):
        design(state("TX"), TODAY, 3)
    with pytest.raises(InvalidInput, match="counties: expected a number or 'all', got 'many'"):
        design(state("TX"), TODAY, "many")


def test_the_figures_of_an_area_are_those_of_its_counties_together():
    """Delaware's noncitizens, from its own figures, are those of its three counties added up."""
    place = town_of(state("DE"))
    assert place.population.value == pytest.approx(state("DE").people, rel=1e-6)
    latino = place.latino_share.value
    share = latino * place.foreign_born_latino.value * (1 - place.naturalized_latino.value)
    share += (1 - latino) * place.foreign_born_other.value * (1 - place.naturalized_other.value)
    here = sum(noncitizens()[c.fips] for c in state("DE").counties)
    assert share * place.population.value == pytest.approx(here, rel=1e-6)
    low, high = place.undocumented_share.span
    assert low < place.undocumented_share.value < high
