"""Twenty years under the same rules: a town that nothing happens to stays what it was.

400,000 residents of one county, about 53,000 of them undocumented, without any policy and under
Secure Communities. The ratio of two such shares, one on the first day and one on the last, has a
standard error of 0.8% (15 years or more), 1.2% (with a record) and, over about 6,500 requests in
five years each, 1.7% (requests about people with no conviction). A true 1 fails the 5% allowed once
in 150 at most; a drift of 10% is found with power above 0.99. What a policy itself brings over
twenty years is bounded, and told apart by switching it off.
"""

from __future__ import annotations

import numpy as np
import pytest

from trustabm.rules import codes
from trustabm.runs.scenario import Scenario

pytestmark = pytest.mark.slow

YEAR, YEARS = 52, 20
TOLERANCE = 0.05
LONG, RECORD = "15 years or more", "with a record"


def shares(state):
    """Return shares of undocumented residents: 15 years here or more, and with a record."""
    r = state.residents
    here = r[(r["status"] == codes.UNDOCUMENTED) & (r["custody"] != codes.REMOVED)]
    years = (int(state.clock["week"][0]) - here["arrived"].astype(int)) // YEAR
    return {
        LONG: (years >= 15).mean(),
        RECORD: (here["record"] > codes.RECORD_NONE).mean(),
    }


def lived(policy, **parameters):
    """Return what a town shows on its first day and after twenty years, and every week between."""
    world = Scenario(
        town="harris-tx",
        policy=policy,
        parameters=parameters,
        residents=400_000,
        weeks=YEARS * YEAR,
        seed=1,
    ).world()
    first = shares(world.state)
    world.run_for(YEARS * YEAR)
    return first, shares(world.state), world.tally


@pytest.fixture(scope="module")
def without():
    return lived("none")


@pytest.fixture(scope="module")
def under():
    return lived("secure-communities")


def test_nobody_ages_as_a_group(without, under):
    """Removals shorten stays: under Secure Communities the share falls, by less than a fifth."""
    first, last, _ = without
    assert last[LONG] / first[LONG] == pytest.approx(1.0, abs=TOLERANCE)
    first, last, _ = under
    assert 0.8 < last[LONG] / first[LONG] < 1.0 - TOLERANCE / 2


def test_records_neither_pile_up_nor_thin_out(without):
    first, last, _ = without
    assert last[RECORD] / first[RECORD] == pytest.approx(1.0, abs=TOLERANCE)


def test_what_secure_communities_does_to_records_is_its_own_doing(under):
    """The jail hands over people with records; what it gives officers to do makes new ones.

    Without that incentive fewer have a record in the end, by a tenth at most; with it more have,
    by a quarter at most.
    """
    first, last, _ = lived("secure-communities", incentive=False)
    assert 0.9 < last[RECORD] / first[RECORD] < 1.0
    first, last, _ = under
    assert 1.0 < last[RECORD] / first[RECORD] < 1.25


def test_requests_stay_about_the_same_people(under):
    _, _, tally = under
    none = tally["requests_none"].sum(axis=(1, 2))
    requests = (tally["detainers"] + tally["notifications"]).sum(axis=(1, 2))
    five = 5 * YEAR
    first, last = (none[w].sum() / requests[w].sum() for w in (slice(five), slice(-five, None)))
    assert np.isfinite([first, last]).all()
    assert last / first == pytest.approx(1.0, abs=TOLERANCE)
