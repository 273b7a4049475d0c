"""Figures drawn from their ranges: nine in ten within, the stated one in the middle, all valid."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import trustabm
from trustabm.inputs import catalog
from trustabm.inputs.figure import Figure
from trustabm.inputs.ranges import drawn, ranged, redrawn
from trustabm.inputs.town import Town, town
from trustabm.runs.arms import TitledArm
from trustabm.runs.experiment import Experiment

HARRIS = town("harris-tx")
TOWNS = Path(trustabm.__file__).parent / "inputs" / "towns"


def figure(value: float, low: float, high: float) -> Figure:
    return Figure(value=value, year=2019, source="s", imputed=True, low=low, high=high)


def test_ends_are_the_fifth_and_the_ninety_fifth_part_and_the_value_the_middle():
    ends = {"low": 0.05, "value": 0.5, "high": 0.95}
    for end, share in ends.items():
        got = redrawn(HARRIS, {"undocumented_share": share}).undocumented_share
        assert got.value == pytest.approx(getattr(HARRIS.undocumented_share, end), rel=1e-4)
    # Half way in probability from the middle to the upper end: 0.67449 / 1.64485 of the way.
    quarter = redrawn(HARRIS, {"undocumented_share": 0.75}).undocumented_share.value
    assert quarter == pytest.approx(0.133 + 0.047 * 0.67449 / 1.64485)
    assert redrawn(HARRIS, {"undocumented_share": 0.5}) == HARRIS


def test_draws_fill_every_range_evenly_and_are_the_seeds_own():
    number = 20
    towns = [t for (t,) in drawn([HARRIS], number, 3)]
    assert towns[0] == HARRIS
    assert [t for (t,) in drawn([HARRIS], number, 3)] == towns
    assert [t for (t,) in drawn([HARRIS], number, 4)][1:] != towns[1:]
    for name, f in ranged(HARRIS).items():
        values = np.array([t.figures()[name].value for t in towns])
        # One draw in each twentieth: one below the range, one above it, ten on either side.
        assert (values < f.low).sum() == 1
        assert (values > f.high).sum() == 1
        assert (values < f.value).sum() in (9, 10)
    fixed = set(HARRIS.figures()) - set(ranged(HARRIS))
    assert "population" in fixed
    assert all(t.figures()[n] == HARRIS.figures()[n] for n in fixed for t in towns)


def test_a_figure_at_its_bound_stays_within():
    own = HARRIS.model_copy(update={"undocumented_share": figure(0.004, 0.0, 0.012)})
    values = [
        redrawn(own, {"undocumented_share": u}).undocumented_share.value
        for u in (1e-9, 0.01, 0.05, 0.5, 0.95, 0.9999)
    ]
    assert values == sorted(values)
    assert 0 <= values[0] < 1e-6 < values[1]
    assert values[-1] > 0.012


def test_what_no_town_could_have_is_moved_towards_what_is_stated():
    # More undocumented Latino residents than Latino noncitizens, as far as all ranges reach.
    tight = HARRIS.model_copy(update={"undocumented_share": figure(0.2, 0.1, 0.3)})
    got = redrawn(tight, {"undocumented_share": 0.95}).undocumented_share.value
    # At most 0.415 * 0.57 * 0.77 / 0.87 = 0.20936: of 0.1 above the stated 0.2 a sixteenth.
    assert got == pytest.approx(0.20625)
    here = redrawn(tight, {"undocumented_share": 0.2}).undocumented_share.value
    assert here < 0.2


def test_figures_of_declared_groups_are_drawn_too(tmp_path):
    path = tmp_path / "own.toml"
    source = (TOWNS / "harris-tx.toml").read_text("utf-8")
    of = '{{ value = {}, year = 2019, source = "s", imputed = true, low = {}, high = {} }}'
    path.write_text(
        source.partition("[[changes]]")[0]
        + '[groups.asian]\ntitle = "Asian"\ntrust = 0.6\n'
        + 'colors = ["#0072b2", "#0072b2", "#0072b2", "#0072b2"]\n'
        + f"share = {of.format(0.07, 0.06, 0.08)}\nforeign_born = {of.format(0.7, 0.6, 0.8)}\n"
        + f"naturalized = {of.format(0.6, 0.5, 0.7)}\n"
        + f"undocumented = {of.format(0.06, 0.03, 0.09)}\n"
        + f"dissimilarity.latino = {of.format(0.5, 0.45, 0.55)}\n"
        + f"dissimilarity.other = {of.format(0.45, 0.4, 0.5)}\n"
    )
    own = Town.read(path)
    names = {"groups.asian.share", "groups.asian.dissimilarity.latino"}
    assert names < set(ranged(own))
    got = redrawn(own, dict.fromkeys(names, 0.75))
    moved = 0.67449 / 1.64485
    assert got.groups["asian"].share.value == pytest.approx(0.07 + 0.01 * moved)
    there = got.groups["asian"].dissimilarity["latino"].value
    assert there == pytest.approx(0.5 + 0.05 * moved)
    assert got.groups["asian"].trust == 0.6


def test_every_draw_of_the_shipped_towns_is_a_town():
    for name in catalog.names("towns"):
        place = town(name)
        towns = [t for (t,) in drawn([place], 30, 1)]
        moved = {
            n for n in ranged(place) for t in towns[1:] if t.figures()[n] != place.figures()[n]
        }
        assert moved == set(ranged(place))


def experiment(**values):
    arms = {"a": TitledArm(policy="none"), "b": TitledArm(policy="sanctuary")}
    return Experiment(town="harris-tx", arms=arms, replicates=40, residents=100, **values)


def test_arms_and_neighbors_of_a_lot_share_its_figures_and_levers_turn_them_off():
    e = experiment()
    assert len(e.lots) == 20
    shares = [e.at(k).place.undocumented_share.value for k in range(40)]
    assert shares[::2] == shares[1::2]
    assert len(set(shares)) == 20
    assert e.at(0).place == e.place
    assert all(lot.places[0][0] == HARRIS for lot in experiment(figures=False).lots)
    assert experiment(draws=0).lots == ()
    alone = experiment(draws=0, figures=True)
    assert [lot.places for lot in alone.lots] == [lot.places for lot in e.lots]
    assert {lot.structure for lot in alone.lots} == {None}
    assert all(lot.parameters == e.parameters for lot in alone.lots)
