"""The mixture: structures in proportion to their weights, however many draws are taken."""

from __future__ import annotations

from collections import Counter

import pytest

from trustabm.errors import InvalidInput
from trustabm.inputs import draws
from trustabm.inputs.declare import declarations
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.structures import STRUCTURES, Structure


def test_weights_are_of_structures_and_add_up_to_one():
    assert set(draws.weights()) == set(STRUCTURES)
    assert sum(draws.weights().values()) == pytest.approx(1)
    known = {d.name for d in declarations(Parameters)}
    for name, structure in STRUCTURES.items():
        assert structure.name == name
        assert structure.source
        assert set(structure.fixed) <= known


@pytest.fixture
def three(monkeypatch):
    """Structures of weights 1/2, 1/3 and 1/6 with six draws each."""
    shares = {"full": 1 / 2, "quiet": 1 / 3, "calm": 1 / 6}
    made = {n: Structure(n, n, n, n, {"fear": False} if n == "quiet" else {}) for n in shares}
    monkeypatch.setattr(draws, "STRUCTURES", made)
    rows = {n: tuple({"fear_weight": 1.0 + k} for k in range(6)) for n in shares}
    made_up = draws.Draws(None, "", shares, rows, "", ())
    monkeypatch.setattr(draws, "_ships", lambda: made_up)
    return shares


def test_every_prefix_is_in_proportion_and_no_draw_comes_twice(three):
    found = draws.mixture(12)
    for many in range(1, 13):
        counts = Counter(name for name, _ in found[:many])
        assert all(abs(counts[n] - w * many) < 1 for n, w in three.items())
    assert Counter(name for name, _ in found) == {"full": 6, "quiet": 4, "calm": 2}
    assert len({(name, p.fear_weight) for name, p in found}) == 12
    assert {p.fear for name, p in found if name == "quiet"} == {False}
    assert {p.fear for name, p in found if name != "quiet"} == {True}
    # The thirteenth would be full's seventh, and it has six.
    assert draws.most() == 12
    with pytest.raises(InvalidInput, match="draws: expected 0 to 12, got 13"):
        draws.mixture(13)


def test_some_structures_keep_their_proportion_and_given_values_win(three):
    found = draws.mixture(5, {"fear": True}, ["quiet", "calm"])
    assert Counter(name for name, _ in found) == {"quiet": 3, "calm": 2}
    assert all(p.fear for _, p in found)
    with pytest.raises(InvalidInput, match="structures: no 'quite'; did you mean 'quiet'"):
        draws.mixture(1, None, ["quite"])
    with pytest.raises(InvalidInput, match="structures: expected at least one"):
        draws.mixture(1, None, [])
