"""Outcomes of one's own: of sums of tallies, pooled before they are divided, in every table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import trustabm as ta
from trustabm.errors import InvalidInput
from trustabm.inputs.groups import SHIPPED
from trustabm.inputs.parameters import Parameters
from trustabm.outcomes.glossary import GLOSSARY, OUTCOMES
from trustabm.outcomes.measures import events, levels
from trustabm.state.layout import TALLY, TOWN_TALLY
from trustabm.study.worker import kept

FIELDS = list(TALLY.names or ())


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Leave the glossary as it was."""
    yield
    for name in [n for n, o in GLOSSARY.items() if o.of is not None]:
        del GLOSSARY[name], OUTCOMES[name]


def cited(t: Any) -> Any:
    """Stops that end in a citation, per 100."""
    return 100 * t.citations / t["stops"]


def test_an_outcome_of_ones_own_is_made_of_sums() -> None:
    ta.outcome("cited", title="Cited", unit="percent")(cited)
    sums = np.zeros((len(SHIPPED.names), len(FIELDS)))
    sums[0, FIELDS.index("stops")], sums[0, FIELDS.index("citations")] = 8.0, 2.0
    sums[1, FIELDS.index("stops")], sums[1, FIELDS.index("citations")] = 2.0, 1.0
    town = np.zeros(len(TOWN_TALLY.names or ()))
    table = levels(SHIPPED, sums, town, Parameters(), ["cited"], expected=True)
    first, second, third = SHIPPED.names[:3]
    assert (table["cited", first], table["cited", second]) == (25.0, 50.0)
    assert np.isnan(table["cited", third])
    assert table["cited", "all"] == 30.0  # 3 of 10, and not the mean of 25 and 50
    # It rests on as many events as its tallies have, of which the fewest are told.
    assert events(SHIPPED, sums, town, ["cited"])["cited", "all"] == 13.0
    assert GLOSSARY["cited"].sentence == "Stops that end in a citation, per 100."
    assert kept(("cited",))[0] == ("stops", "citations")


def test_it_stands_in_runs_and_comparisons_with_its_interval() -> None:
    asked: dict[str, Any] = {"residents": 500, "weeks": 26, "replicates": 4, "burn_in": 0}
    ta.outcome("cited", title="Cited", unit="percent")(cited)
    ta.outcome("again", title="Reporting", unit="per 1,000 residents a year", by_group=False)(
        lambda t: 52000 * t.stops / t.base_persons
    )
    result = ta.run({"residents": 500, "weeks": 26})
    tally = result.world.tally
    share = 100 * tally["citations"].sum() / tally["stops"].sum()
    assert result.summary().loc["cited", "all"] == pytest.approx(share)
    assert "cited" in result.weekly
    c = ta.compare(["none", "287g-task-force-2006"], **asked, draws=0)
    for arm in c.arms:
        own, shipped = c.estimates["again", "all", arm], c.estimates["stops", "all", arm]
        assert own.level == pytest.approx(shipped.level)
        assert own.low == pytest.approx(shipped.low)
        assert own.high == pytest.approx(shipped.high)
    assert ("again", "latino", "none") not in c.estimates
    assert c.provenance["own_outcomes"]["cited"]["unit"] == "percent"
    assert "t.citations" in c.provenance["own_outcomes"]["cited"]["source"]
    assert "own_outcomes" in result.provenance


@pytest.mark.parametrize(
    ("name", "function", "said"),
    [
        ("reporting", cited, "expected a new name"),
        ("a b", cited, "expected a new name"),
        ("mine", lambda t: t.stopps, "no tally 'stopps'; did you mean 'stops'?"),
        ("mine", lambda t: 1.0, "made of tallies"),
        ("mine", lambda t: max(t.stops, 1.0), "expected numbers, got"),
        ("mine", lambda t: t.stops.sum(), "expected a number for each of 2 towns"),
    ],
)
def test_what_is_no_outcome_is_refused(name: str, function: Any, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        ta.outcome(name, title="Mine", unit="share")(function)
    assert "mine" not in GLOSSARY
