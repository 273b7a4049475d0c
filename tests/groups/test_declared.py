"""A third ethnic group is a table in a town's file: synthesis, weeks, agents and errors."""

from __future__ import annotations

import numpy as np
import pytest
from thirds import FIGURE, GROUP, written

from trustabm.errors import InvalidInput
from trustabm.inputs.groups import SHIPPED
from trustabm.inputs.town import Town, town
from trustabm.rules import codes, segregation
from trustabm.runs.scenario import Scenario
from trustabm.state.layout import ethnicity
from trustabm.week.world import beliefs

RESIDENTS = 40_000
LATINO, ASIAN, OTHER = range(3)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return written(tmp_path_factory.mktemp("towns"))


@pytest.fixture(scope="module")
def born(path):
    """The town before its first week."""
    return Scenario(town=path, residents=RESIDENTS, weeks=1, seed=4).world()


def test_shares_add_up_and_are_the_towns(born, path):
    makeup = town(path).makeup()
    assert sum(m.share for m in makeup) == pytest.approx(1.0)
    assert sum(m.undocumented for m in makeup) == pytest.approx(1.0)
    who, status = ethnicity(born.state), born.state.residents["status"]
    undocumented = status == codes.UNDOCUMENTED
    for number, m in enumerate(makeup):
        mine = who == number
        assert mine.mean() == pytest.approx(m.share, abs=0.01), m.key
        # Marked by whole households: within 4% of those of each group.
        part = undocumented[mine].sum() / undocumented.sum()
        assert part == pytest.approx(m.undocumented, abs=0.02), m.key
        abroad = mine & (status != codes.US_BORN)
        assert abroad.sum() / mine.sum() == pytest.approx(m.born.value, abs=0.02), m.key
        citizens = (status[abroad] == codes.NATURALIZED).mean()
        assert citizens == pytest.approx(m.naturalized.value, abs=0.04), m.key


def test_each_two_groups_live_as_far_apart_as_the_town_says(born, path):
    s = born.state
    people = s.stretches["end"] - s.stretches["start"]
    wanted = town(path).dissimilarities()  # latino-asian, latino-other, asian-other
    assert wanted == (0.55, 0.399, 0.4)
    # Within 0.03: households of 2 fill neighborhoods of some 500.
    assert segregation.indices(people / people.sum(axis=1, keepdims=True)) == pytest.approx(
        wanted, abs=0.03
    )


@pytest.mark.parametrize("blocks", [5, 12, 80, 1000])
@pytest.mark.parametrize(
    ("of_town", "wanted"),
    [
        ((0.4, 0.1, 0.5), (0.4, 0.5, 0.3)),
        ((0.2, 0.05, 0.75), (0.6, 0.4, 0.5)),
        ((0.3, 0.1, 0.2, 0.4), (0.4, 0.5, 0.4, 0.5, 0.3, 0.6)),
    ],
)
def test_neighborhoods_have_the_shares_and_indices_that_are_asked(of_town, wanted, blocks):
    here = segregation.shares(of_town, wanted, blocks)
    assert here.sum(axis=1) == pytest.approx(1.0)
    assert here.mean(axis=0) == pytest.approx(of_town, abs=1e-6)
    assert segregation.indices(here) == pytest.approx(wanted, abs=0.001 if blocks > 5 else 0.05)


def test_two_of_three_groups_live_as_two_do():
    both = segregation.shares((0.3, 0.7), (0.5,), 40)
    among = segregation.shares((0.3, 0.0, 0.7), (0.5,), 40)
    assert (among[:, [0, 2]] == both).all()
    assert not among[:, 1].any()


def test_residents_of_a_neighborhood_lie_by_ethnic_group(born):
    s, who = born.state, ethnicity(born.state)
    for block, stretches in zip(s.neighborhoods, s.stretches, strict=True):
        assert stretches["start"][0] == block["start"]
        assert stretches["end"][-1] == block["end"]
        assert (stretches["start"][1:] == stretches["end"][:-1]).all()
        for number, stretch in enumerate(stretches):
            assert (who[stretch["start"] : stretch["end"]] == number).all()


def test_ties_are_within_each_group_above_chance(born):
    s, who = born.state, ethnicity(born.state)
    for number in (LATINO, ASIAN, OTHER):
        here = np.flatnonzero(who == number)
        ties = s.ties[here]
        alike = (who[ties] == number)[ties >= 0].mean()
        # Of 6,000 people or more with 8 ties, chance alone moves the share by less than 0.01.
        assert alike > (who == number).mean() + 0.1, number


def test_acquaintances_are_of_the_group_they_are_drawn_from(born):
    from trustabm.state import rows

    s, who = born.state, ethnicity(born.state)
    for number in (LATINO, ASIAN, OTHER):
        drawn = [rows.one_alike(s, s.towns[0], number, u) for u in np.linspace(0, 0.9999, 300)]
        assert (who[drawn] == number).all()
        assert len(set(drawn)) == 300
        assert min(drawn) == np.flatnonzero(who == number)[0]


@pytest.fixture(scope="module")
def contact(tmp_path_factory):
    """Stops, bad stops and questions of each group where bias is strong, by the third's weight."""
    names = ("stop_bias", "bad_contact_bias", "informal_asking")
    found = {}
    for weight in (0.0, 1.0):
        text = GROUP
        for name in names:
            text = text.replace(f"{name} = 0.5", f"{name} = {weight}")
        scenario = Scenario(
            town=written(tmp_path_factory.mktemp("weights"), text),
            residents=20_000,
            weeks=208,
            seed=6,
            parameters={"profiling_bias": 0.5, "bad_contact_bias": 0.8},
        )
        world = scenario.world()
        world.run_for(scenario.weeks)
        t, of = world.tally[:, 0], world.state.pairs["ethnicity"]
        found[weight] = {
            name: [float(t[name][:, of == number].sum()) for number in (LATINO, ASIAN, OTHER)]
            for name in ("stops", "bad_stops", "asked", "persons")
        }
    return found


def test_a_group_without_weights_is_treated_as_the_reference_is(contact):
    t = contact[0.0]
    stops = [many / people for many, people in zip(t["stops"], t["persons"], strict=True)]
    bad = [many / of for many, of in zip(t["bad_stops"], t["stops"], strict=True)]
    assert stops[ASIAN] / stops[OTHER] == pytest.approx(1.0, abs=0.15)
    assert stops[LATINO] / stops[OTHER] > 1.3
    assert bad[ASIAN] / bad[OTHER] == pytest.approx(1.0, abs=0.15)
    assert bad[LATINO] / bad[OTHER] > 1.3
    assert t["asked"][1:] == [0.0, 0.0]


def test_weights_are_how_far_bias_is_held_against_a_group(contact):
    without, whole = contact[0.0], contact[1.0]
    # The same people with the same luck: officers' bias is 0.5 on average.
    assert whole["stops"][ASIAN] / without["stops"][ASIAN] == pytest.approx(1.5, abs=0.1)
    assert whole["bad_stops"][ASIAN] > 2 * without["bad_stops"][ASIAN]
    assert whole["asked"][ASIAN] > 0.05 * whole["stops"][ASIAN]
    for name in ("stops", "bad_stops", "asked"):
        assert whole[name][OTHER] == pytest.approx(without[name][OTHER], rel=0.02)


def test_trust_rests_where_the_file_says(tmp_path):
    path = written(tmp_path, GROUP.replace('"trust_other"', "0.31"))
    world = Scenario(town=path, residents=400, weeks=1).world()
    p = world.parameters
    means = world.state.ethnicities["trust"]
    assert means.tolist() == [p.trust_latino, 0.31, p.trust_other]
    trust, who = beliefs(world)[0], ethnicity(world.state)
    assert trust[who == ASIAN].mean() < 0.45 < trust[who != ASIAN].mean()


def test_a_region_counts_the_groups_of_all_its_towns(path):
    alone = Scenario(town="king-wa", residents=600, weeks=30, seed=2)
    region = Scenario(
        town=path,
        residents=500,
        weeks=30,
        seed=2,
        neighbors=({"town": "king-wa", "residents": 600},),
    )
    world = region.world()
    assert [e.key for e in world.groups.ethnic] == ["latino", "asian", "other"]
    here = world.state.residents["town"] == 1
    assert set(ethnicity(world.state)[here]) == {LATINO, OTHER}
    there = alone.world()
    assert [e.key for e in there.groups.ethnic] == [e.key for e in SHIPPED.ethnic]
    world.run_for(30)
    mine = world.tally["persons"][:, 1]
    assert not mine[:, world.state.pairs["ethnicity"] == ASIAN].any()
    assert (mine.sum(axis=1) + world.tally["removed"][:, 1].sum(axis=1) == 600).all()


def test_two_towns_that_declare_a_group_otherwise_are_no_region(path, tmp_path):
    other = written(tmp_path, GROUP.replace("stop_bias = 0.5", "stop_bias = 0.7"))
    region = {"town": path, "residents": 100, "neighbors": [{"town": other, "residents": 100}]}
    with pytest.raises(InvalidInput, match=r"groups\.asian\.stop_bias: expected .* 0\.5, got 0\.7"):
        Scenario.make(region)
    figures = written(tmp_path, GROUP.replace("value = 0.7", "value = 0.6"), "figures.toml")
    Scenario(town=path, residents=100, neighbors=({"town": figures, "residents": 100},)).world()


def fig(value: float) -> str:
    return FIGURE.format(value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("asian]", "other]", r"groups\.other: expected a name of its own"),
        ("asian]", "Asian]", r"groups\.Asian"),
        ('"Asian"', '"latino"', r"groups\.asian\.title: expected one that no other group has"),
        ('"#44aa99"]', '"teal"]', r"groups\.asian\.colors\.3"),
        (', "#44aa99"]', "]", r"groups\.asian\.colors"),
        ('"trust_other"', '"trust_latinos"', r"groups\.asian\.trust: .*did you mean 'trust_latino"),
        ('"trust_other"', "1.2", r"groups\.asian\.trust: expected from 0 to 1, got 1\.2"),
        ("stop_bias = 0.5", "stop_bias = 4.0", r"groups\.asian\.stop_bias: expected at most 3"),
        (f"share = {fig(0.15)}", f"share = {fig(0.62)}", "expected a share .* got 1.02"),
        (f"documented = {fig(0.1)}", f"documented = {fig(0.2)}", "an undocumented|a undocumented"),
        (f"foreign_born = {fig(0.7)}", f"foreign_born = {fig(0.1)}", "noncitizens among Asian"),
        (f"foreign_born = {fig(0.7)}", f"foreign_born = {fig(1.7)}", r"asian\.foreign_born\.value"),
        (f"other = {fig(0.4)}", f"others = {fig(0.4)}", r"others: expected another group's key"),
        (f"dissimilarity.other = {fig(0.4)}", "", "expected one index between asian and other"),
        (f"latino = {fig(0.55)}", f"latino = {fig(0.99)}", r"can have at once.*latino-asian 0\.9"),
        (f"latino = {fig(0.55)}", f"latino = {fig(1.3)}", r"dissimilarity\.latino\.value"),
        ("stop_bias", "stop_biases", r"groups\.asian\.stop_biases: no such key.*'stop_bias'"),
    ],
)
def test_what_cannot_be_is_said_with_its_key(tmp_path, old, new, says):
    assert old in GROUP
    with pytest.raises(InvalidInput, match=f"(?s){tmp_path}.*{says}"):
        Town.read(written(tmp_path, GROUP.replace(old, new)))
