"""What carries an effect: parts are what two comparisons of one's own differ by, exactly."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

import trustabm as ta
from trustabm.cli import main
from trustabm.errors import InvalidInput
from trustabm.inputs.groups import SHIPPED
from trustabm.outcomes.estimates import Estimate
from trustabm.outcomes.parts import LEVERS, MECHANISMS, NOT_A_SUM, REST, Part, parts_told
from trustabm.telling.brief import as_html, as_pdf
from trustabm.telling.brief.content import command

ARMS = ["none", "secure-communities"]
SMALL = {"town": "harris-tx", "replicates": 4, "weeks": 26, "burn_in": 13, "residents": 1500}


@pytest.fixture(scope="module", params=[0, 4])
def asked(request):
    how = SMALL | {"draws": request.param}
    return ta.compare(ARMS, **how, why=True), how


@pytest.fixture(scope="module")
def small():
    how = SMALL | {"weeks": 8, "residents": 500, "draws": 0, "replicates": 3}
    return ta.compare(ARMS, **how, why=True)


def difference(comparison, outcome, group):
    return comparison.estimates[outcome, group, ARMS[1]].difference


def by_mechanism(comparison, outcome="reporting", group="latino"):
    frame = comparison.why([outcome], [group])
    return frame.set_index("mechanism")


def test_without_a_mechanism_is_a_comparison_of_ones_own_with_it_off(asked):
    comparison, how = asked
    for name in ("fear", "incapacitation"):
        own = ta.compare(ARMS, **how, parameters={name: False})
        counted = comparison.decomposition.without[name]
        assert np.array_equal(counted.sums, own.sums[:, :, : len(SHIPPED.names)])
        assert np.array_equal(counted.town_sums, own.town_sums)
        for outcome, group in (("reporting", "latino"), ("victimization", "all")):
            row = by_mechanism(comparison, outcome, group).loc[name]
            whole, left = (difference(c, outcome, group) for c in (comparison, own))
            assert (row.effect, row.without) == (whole, left)
            assert row.part == pytest.approx(whole - left, rel=1e-12)
        # With it off there is another world, or the example would hold for any switch.
        assert not np.array_equal(counted.sums, comparison.decomposition.whole.sums)


@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_is_at_0_under_the_policy_alone(asked, lever):
    comparison, how = asked
    under = ta.timeline(ARMS[1]).overlaid({lever: 0.0})
    own = ta.compare({ARMS[0]: ARMS[0], ARMS[1]: under}, **how)
    counted = comparison.decomposition.without[lever]
    assert np.array_equal(counted.sums, own.sums[:, :, : len(SHIPPED.names)])
    assert np.array_equal(counted.sums[:, 0], comparison.decomposition.whole.sums[:, 0])
    assert not np.array_equal(counted.sums[:, 1], comparison.decomposition.whole.sums[:, 1])
    row = by_mechanism(comparison).loc[lever]
    assert row.without == difference(own, "reporting", "latino")


def test_the_rest_is_what_the_parts_leave(asked):
    for outcome, group in (("reporting", "latino"), ("victimization", "all"), ("removals", "all")):
        rows = by_mechanism(asked[0], outcome, group)
        mechanisms = [name for name in rows.index if name in MECHANISMS]
        assert list(rows.index) == [*MECHANISMS, REST, *LEVERS]
        left = rows.loc[REST, "effect"] - rows.loc[mechanisms, "part"].sum()
        assert rows.loc[REST, "part"] == pytest.approx(left, abs=1e-12)
        assert np.isnan(rows.loc[REST, "without"])


def test_every_interval_holds_its_part(asked):
    frame = asked[0].why(["reporting", "victimization", "trust"], ["latino", "all"])
    said = frame[frame.low.notna()]
    assert ((said.low <= said.part) & (said.part <= said.high)).all()
    assert len(said) > 0.8 * len(frame)


def test_a_mechanism_that_is_off_already_has_no_row():
    how = SMALL | {"weeks": 4, "burn_in": 0, "residents": 300, "replicates": 2}
    comparison = ta.compare(ARMS, **how, parameters={"trust": False}, why=True)
    assert "trust" not in set(comparison.why().mechanism)


def test_several_arms_each_have_their_parts():
    how = SMALL | {"weeks": 13, "residents": 800, "replicates": 2}
    both = ta.compare([*ARMS, "sanctuary"], **how, why=True)
    alone = ta.compare([ARMS[0], "sanctuary"], **how, why=True)
    frame = both.why()
    assert list(frame.arm.unique()) == [ARMS[1], "sanctuary"]
    of_one = frame[frame.arm == "sanctuary"].reset_index(drop=True)
    pd.testing.assert_frame_equal(of_one, alone.why())


def test_processes_that_are_shared_give_the_same_and_progress_counts_all_towns(small):
    told = []
    with ThreadPoolExecutor(2) as pool:
        again = ta.compare(
            ARMS, **SMALL | {"weeks": 8, "residents": 500, "draws": 0, "replicates": 3},
            why=True, pool=pool, progress=lambda *x: told.append(x),
        )  # fmt: skip
    pd.testing.assert_frame_equal(small.why(), again.why())
    whole = 3 * (2 + len(MECHANISMS))
    assert told == [(k + 1, whole) for k in range(whole)]


def test_what_does_not_exist_is_refused_before_anything_is_run():
    comparison = ta.compare(ARMS, **SMALL | {"weeks": 2, "burn_in": 0, "residents": 100})
    with pytest.raises(InvalidInput, match="outcomes: no 'reportin'; did you mean 'reporting'"):
        comparison.why(["reportin"])
    with pytest.raises(InvalidInput, match="groups: no 'latinos'; did you mean 'latino'"):
        comparison.why(groups=["latinos"])
    assert comparison.decomposition is None
    assert comparison.carried() == []


def test_a_folder_holds_the_parts_of_every_outcome(small, tmp_path):
    small.save(tmp_path / "out")
    saved = pd.read_parquet(tmp_path / "out" / "why.parquet")
    asked = saved[saved.outcome.isin(["reporting"]) & saved.group.isin(["latino"])]
    own = small.why(["reporting"], ["latino"])
    pd.testing.assert_frame_equal(asked.reset_index(drop=True), own, check_dtype=False)
    assert set(saved.outcome) > {"reporting", "victimization", "removals", "social_cost"}
    text = (tmp_path / "out" / "findings.txt").read_text()
    assert all(line in text for line in small.carried())


def test_a_brief_says_what_carries_the_effects_on_two_pages(small):
    text = as_html(small)
    assert "What carries it" in text
    assert "mechanisms work through one another" in text
    assert len(re.findall(rb"/Type\s*/Page\b", as_pdf(small))) == 2
    assert command(small).endswith("--replicates 3 --why")


def call(*words):
    with pytest.raises(SystemExit) as left:
        main([str(w) for w in words])
    assert left.value.code == 0


def test_the_command_line_prints_the_parts(capsys, tmp_path):
    size = ["--replicates", "2", "--weeks", "4", "--burn-in", "0", "--residents", "300"]
    call("compare", *ARMS, *size, "--why", "--out", tmp_path / "out")
    said = " ".join(capsys.readouterr().out.split())
    assert "What goes away of the effect of Secure Communities" in said
    assert NOT_A_SUM[:60] in said
    assert (tmp_path / "out" / "why.parquet").is_file()
    call("compare", *ARMS, *size, "--why", "--json")
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"effects", "why"}
    assert set(found["why"][0]) >= {"mechanism", "effect", "without", "part", "low", "high"}


def part(mechanism, value, low, high, whole=-10.0):
    effect = Estimate(50.0, whole, whole - 2, whole + 2, 20.0, 16.0, 24.0)
    return Part("sc", "reporting", "latino", mechanism, effect, effect, value, low, high)


def test_sentences_by_hand():
    parts = [
        part("fear", -8.0, -9.0, -7.0),
        part("trust", 0.5, -1.0, 2.0),
        part("news", -4.0, -6.0, -2.0),
        part("stories", 1.0, 0.5, 1.5),
        part("deterrence", -0.01, -0.02, -0.005),  # told apart, and surely less than 1%
        part(REST, 1.0, -2.0, 4.0),
        part("publicity", -9.0, -9.5, -8.5),
        part("ice_capacity", -2.0, None, None),
    ]
    assert parts_told(parts, {"sc": "Secure Communities"}, SHIPPED) == [
        "Reporting, Latino, under Secure Communities: of the effect 80% (70% to 90%) goes away "
        "without fear of deportation and 40% (20% to 60%) without news; it would be 10% (5% to "
        "15%) larger without hearsay. Without trust or deterrence, nothing of it goes away that "
        "can be told from luck. Left of it would be 10% (5% to 15%) with no news of it and 80% "
        "with nobody handed over."
    ]
    unclear = [part("fear", -8.0, -9.0, -7.0, whole=-1.0)]
    assert parts_told(unclear, {"sc": "SC"}, SHIPPED) == [
        "Reporting, Latino, under SC: too close to call, so that there is nothing to take apart."
    ]
    assert unclear[0].share is None
    assert "need not add up" in NOT_A_SUM
