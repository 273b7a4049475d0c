"""A synthesized town is the town of its figures."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import digest, lived

from trustabm.inputs import catalog
from trustabm.inputs.town import town
from trustabm.rules import codes
from trustabm.runs.scenario import Scenario
from trustabm.state.layout import ethnicity

TOWNS = catalog.names("towns")
RESIDENTS = 40_000


@pytest.fixture(scope="module", params=TOWNS)
def place(request):
    world = Scenario(town=request.param, residents=RESIDENTS, weeks=1, seed=11).world()
    return town(request.param), world.state


def test_composition_is_near_the_towns_figures(place):
    here, s = place
    r = s.residents
    latino = ethnicity(s) == 0
    assert latino.mean() == pytest.approx(here.latino_share.value, abs=0.015)
    undocumented = r["status"] == codes.UNDOCUMENTED
    share = here.undocumented_share.value
    assert undocumented.mean() == pytest.approx(share, abs=0.1 * share + 0.001)
    assert latino[undocumented].mean() == pytest.approx(here.undocumented_latino.value, abs=0.04)
    for who, born, naturalized in (
        (latino, here.foreign_born_latino.value, here.naturalized_latino.value),
        (~latino, here.foreign_born_other.value, here.naturalized_other.value),
    ):
        abroad = who & (r["status"] != codes.US_BORN)
        assert abroad.sum() / who.sum() == pytest.approx(born, abs=0.02)
        citizens = who & (r["status"] == codes.NATURALIZED)
        assert citizens.sum() / abroad.sum() == pytest.approx(naturalized, abs=0.04)


def test_dissimilarity_is_the_towns(place):
    here, s = place
    latino = ethnicity(s) == 0
    blocks = len(s.neighborhoods)
    of_latino = np.bincount(s.residents["neighborhood"], latino, blocks) / latino.sum()
    of_others = np.bincount(s.residents["neighborhood"], 1 - latino, blocks) / (1 - latino).sum()
    index = np.abs(of_latino - of_others).sum() / 2
    assert index == pytest.approx(here.dissimilarity.value, abs=0.03)


def test_households_have_the_towns_size_and_status_mix(place):
    here, s = place
    r = s.residents
    homes = (1.0 / r["household"]).sum()
    assert len(r) / homes == pytest.approx(here.household_size.value, rel=0.03)
    first = np.arange(len(r)) - r["member"]
    undocumented = r["status"] == codes.UNDOCUMENTED
    some = np.bincount(first, undocumented, len(r))
    others = np.bincount(first, ~undocumented, len(r))
    mixed = ((some > 0) & (others > 0)).sum() / (some > 0).sum()
    assert mixed == pytest.approx(here.mixed_status_share.value, abs=0.06)


def test_households_are_contiguous_and_of_one_place(place):
    _, s = place
    r = s.residents
    first = np.arange(len(r)) - r["member"]
    assert (first >= 0).all()
    assert (r["member"] < r["household"]).all()
    for column in (r["household"], r["neighborhood"], ethnicity(s)):
        assert (column == column[first]).all()
    assert (np.bincount(first, minlength=len(r))[first] == r["household"]).all()
    assert (s.homes == s.homes[first]).all()


def test_neighborhoods_partition_the_town(place):
    _, s = place
    edges = s.neighborhoods
    assert edges["start"][0] == 0
    assert edges["end"][-1] == len(s.residents)
    assert (edges["start"][1:] == edges["end"][:-1]).all()
    for k, block in enumerate(edges):
        assert (s.residents["neighborhood"][block["start"] : block["end"]] == k).all()
    assert edges["patrol"].mean() == pytest.approx(1.0)


def test_ties_go_both_ways_and_never_to_oneself(place):
    _, s = place
    who, slot = np.nonzero(s.ties >= 0)
    other = s.ties[who, slot]
    assert (other != who).all()
    assert (s.ties[other, slot] == who).all()
    assert len(who) / s.ties.size > 0.95


def test_ties_are_mostly_within_neighborhood_and_ethnic_group(place):
    here, s = place
    r = s.residents
    who, slot = np.nonzero(s.ties >= 0)
    other = s.ties[who, slot]
    assert (r["neighborhood"][who] == r["neighborhood"][other]).mean() > 0.6
    latino = here.latino_share.value
    by_chance = latino**2 + (1 - latino) ** 2
    assert (ethnicity(s)[who] == ethnicity(s)[other]).mean() > by_chance


def test_officers_are_as_many_as_the_town_has(place):
    here, s = place
    hours = s.officers["hours"].sum() / 34.0
    assert hours / (RESIDENTS / 0.85 / 1000) == pytest.approx(here.officers_per_1000.value)
    assert (np.diff(s.officers["beat"]) >= 0).all()
    assert (s.neighborhoods["officers"] >= 1).all()
    last = s.neighborhoods["officer"] + s.neighborhoods["officers"]
    assert last.max() <= len(s.officers)


def test_offending_is_relative_to_the_average_resident(place):
    _, s = place
    assert s.residents["offending"].mean() == pytest.approx(1.0, abs=0.05)


def test_undocumented_residents_offend_less(place):
    _, s = place
    r = s.residents
    undocumented = r["offending"][r["status"] == codes.UNDOCUMENTED].mean()
    assert undocumented < r["offending"][r["status"] == codes.US_BORN].mean()


def test_the_same_seed_is_the_same_town_and_another_is_another():
    worlds = [Scenario(residents=500, weeks=1, seed=s).world() for s in (1, 1, 2)]
    one, again, other = (digest(w) for w in worlds)
    assert one == again
    assert one != other


def test_a_town_of_twenty_runs():
    world = lived(residents=20, weeks=60, seed=1, town="harris-tx", policy="secure-communities")
    assert world.week == 60


def test_two_towns_share_a_region():
    scenario = Scenario(residents=400, weeks=1, neighbors=({"town": "cook-il", "residents": 600},))
    s = scenario.world().state
    assert s.towns["start"].tolist() == [0, 400]
    assert s.towns["end"].tolist() == [400, 1000]
    town_of = s.neighborhoods["town"][s.residents["neighborhood"]]
    assert (town_of == (np.arange(1000) >= 400)).all()


def test_a_presets_name_changes_nothing(tmp_path):
    from importlib import resources

    text = (
        resources.files("trustabm") / "inputs" / "policies" / "secure-communities.toml"
    ).read_text()
    other = tmp_path / "none-of-it.toml"
    other.write_text(text.replace('title = "Secure Communities"', 'title = "Something else"'))
    named, renamed = (
        lived(residents=800, weeks=80, town="harris-tx", policy=name)
        for name in ("secure-communities", str(other))
    )
    assert digest(named) == digest(renamed)
