"""Operations of raids, and hours of ICE, in whole worlds."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from worlds import lived, outcome, summed

from trustabm.inputs.timeline import timeline
from trustabm.inputs.town import town
from trustabm.rules import codes
from trustabm.state import journal

BEFORE = 4
DURING = slice(4, 8)


def world(seed: int, policy: str = "raids-four-weeks", weeks: int = 12, **values: Any) -> Any:
    """Return twelve weeks of which the fifth to the eighth have raids."""
    scenario = {"town": "harris-tx", "residents": 20_000, "start": "2025-05-09", "weeks": weeks}
    return lived(keep_events=True, policy=policy, seed=seed, **scenario | values)


def test_four_weeks_of_raids_arrest_as_many_as_they_say():
    """ICE itself stays inside. Five a week per 1,000 of 7,900 at large, four weeks: 158 arrests.

    Within four errors of that count, 50; half as many, or a week more or less, is outside.
    """
    several = [world(seed, levers={"at_large_share": 0.0}) for seed in range(3)]
    weekly = sum(w.tally["at_large"].sum((1, 2)) for w in several)
    assert not weekly[:BEFORE].any()
    assert not weekly[DURING.stop :].any()
    expected = 4 * 5 / 1000 * sum(w.tally["undocumented"][BEFORE].sum() for w in several)
    assert weekly[DURING].sum() == pytest.approx(expected, abs=50)
    assert expected == pytest.approx(158, rel=0.05)


def test_nothing_is_otherwise_before_the_raids():
    raids, none = (
        world(3, policy, weeks=BEFORE) for policy in ("raids-four-weeks", "no-detainers")
    )
    assert raids.tally.tobytes() == none.tally.tobytes()


def test_raids_are_in_one_town():
    other = {"town": "harris-tx", "policy": "no-detainers", "residents": 20_000}
    here = world(4, levers={"at_large_share": 0.0}, neighbors=[other])
    assert here.tally["at_large"][:, 0].sum() > 20
    assert here.tally["at_large"][:, 1].sum() == 0


def test_raids_take_others_who_are_met():
    here = world(5, levers={"at_large_share": 0.0, "collateral": 1.0})
    taken = journal.frames(here.tables)["transfers"]
    met = taken[taken["source"] == codes.FROM_COLLATERAL]
    with_whom = taken["resident"][taken["source"] == codes.FROM_AT_LARGE]
    assert len(met) > 10
    assert np.isin(met["met_with"], with_whom).all()


@pytest.mark.parametrize(
    ("place", "days"),
    [
        ("los-angeles-ca", ("2025-06-06", "2025-07-11")),
        ("cook-il", ("2025-09-08", "2025-11-14")),
        ("mecklenburg-nc", ("2025-11-15", "2025-11-22")),
    ],
)
def test_operations_of_record_begin_and_end(place, days):
    dated = timeline("us-history").merged(town(place).changes).dated()
    raids = [(str(day), policy.raids) for day, policy in dated]
    moves = [b for a, b in pairwise(raids) if a[1] != b[1]]
    assert tuple(day for day, _ in moves) == days
    assert moves[0][1] > 0
    assert moves[1][1] == 0


def test_announcements_of_record():
    dated = timeline("us-history").dated()
    said = [(day, policy.announced_reach) for day, policy in dated]
    moves = [(str(b[0])[:7], b[1] > a[1]) for a, b in pairwise(said) if a[1] != b[1]]
    up = [month for month, more in moves if more]
    down = [month for month, more in moves if not more]
    assert up == ["2006-04", "2006-12", "2008-05", "2017-01", "2025-01", "2025-06"]
    assert down == ["2008-10", "2009-08", "2014-11", "2015-07", "2021-01"]


def test_hours_of_ice_bind_in_a_small_sample_much_as_in_a_large_one():
    """Samples of 260 undocumented residents, thirty of them, against one of 7,900.

    Each has about 400 requests in two years; the small ones 0.80 and 0.83 of the large one's in two
    such sets: in two years what is saved in the end is a part of all. Their field office has 1.8
    hours a week: if none were saved or owed it would send no request at all.
    """
    sizes = ((2_000, 30), (60_000, 1))
    scenario = {"town": "harris-tx", "policy": "secure-communities", "weeks": 104}
    small, large = (
        outcome([lived(residents=n, seed=100 + s, **scenario) for s in range(many)], "requests")
        for n, many in sizes
    )
    assert 0.7 * large < small < 1.1 * large


def test_releases_from_federal_prison_take_hours_from_others():
    """Where many come from federal prison, ICE asks for fewer of those whom jails hold."""
    few, many = (
        [
            lived(
                town="harris-tx",
                policy="secure-communities",
                residents=20_000,
                weeks=104,
                seed=seed,
                parameters={"federal_releases": share},
            )
            for seed in range(3)
        ]
        for share in (0.0, 0.1)
    )
    assert summed(many, "federal_releases") > 60
    # 118 of them at 28 hours; a request takes 13 with its part of hand-overs: by half
    assert outcome(many, "requests") < 0.75 * outcome(few, "requests")
