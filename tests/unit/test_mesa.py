"""The model on Mesa: what it takes from it, and that the next major version has it too."""

from __future__ import annotations

import copy
import os
import pickle
import re
import runpy
import shutil
import subprocess
from pathlib import Path
from typing import Any

import ipyvuetify
import mesa
import numpy as np
import pytest
import solara
from mesa.time import Schedule

from trustabm import Scenario, TrustModel
from trustabm.agents.people import IceAgent, PoliceOfficer, Resident
from trustabm.errors import InvalidInput
from trustabm.rules import codes

ROOT = Path(__file__).parents[2]
PROGRAM = """
import warnings; warnings.simplefilter("error")
import ipyvuetify
import mesa
from trustabm import TrustModel
for driver in ("agents", "compiled"):
    model = TrustModel(residents=200, policy="secure-communities", driver=driver, weeks=6)
    model.step()
    model.run_for(5)
    assert model.time == 6 and model.world.week == 6, (model.time, model.world.week)
    assert len(model.agents) == sum(map(len, model.agents_by_type.values())) > 200
    assert len(model.datacollector.get_model_vars_dataframe()) == 6
print("mesa", mesa.__version__)
"""


def test_steps_and_weeks_agree_on_the_mesa_installed():
    exec(compile(PROGRAM, "program", "exec"), {})


@pytest.mark.skipif(
    "TRUSTABM_MESA_NEXT" not in os.environ,
    reason="downloads a pre-release: set TRUSTABM_MESA_NEXT=4.0.0a0",
)
def test_works_on_the_next_mesa():
    uv = shutil.which("uv")
    assert uv, "expected uv on the path"
    version = os.environ["TRUSTABM_MESA_NEXT"]
    command = [uv, "run", "--isolated", "--no-project", "--with", f"mesa[network]=={version}"]
    done = subprocess.run(
        [*command, "--with-editable", str(ROOT), "python", "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert version in done.stdout


def hand(model: TrustModel) -> list[float]:
    """Mean trust by week, of those asked, added up by hand from what was counted."""
    tally = model.world.tally[:, 0]
    return [float(week["trust"].sum() / week["surveyed"].sum()) for week in tally]


@pytest.mark.parametrize("driver", ["compiled", "agents"])
@pytest.mark.parametrize("given", ["rng", "seed"])
def test_batch_run_gives_the_weekly_outcomes_of_every_seed(driver, given):
    parameters: dict[str, Any] = {
        "residents": 200,
        "weeks": 5,
        "driver": driver,
        "policy": ["none", "secure-communities"],
    }
    seeds = [3, 4]
    if given == "seed":
        parameters["seed"] = seeds
    rows = mesa.batch_run(
        TrustModel,
        parameters,
        rng=seeds if given == "rng" else None,
        data_collection_period=1,
        display_progress=False,
    )
    assert len(rows) == 2 * 2 * 5
    for seed in seeds:
        for policy in parameters["policy"]:
            mine = [r for r in rows if r[given] == seed and r["policy"] == policy]
            alone = TrustModel(residents=200, weeks=5, seed=seed, policy=policy)
            alone.run_for(5)
            assert [r["Step"] for r in mine] == [1, 2, 3, 4, 5]
            assert [r["trust"] for r in mine] == pytest.approx(hand(alone), rel=1e-12)


def test_no_rng_is_another_luck_each_time_and_says_which():
    one, two = (TrustModel(residents=50, weeks=1, rng=None) for _ in range(2))
    assert one.settings.seed != two.settings.seed  # equal once in 2**63
    again = TrustModel(residents=50, weeks=1, seed=one.settings.seed)
    assert again.world.state.residents.tobytes() == one.world.state.residents.tobytes()
    assert TrustModel(residents=50, weeks=1).settings.seed == 0


@pytest.mark.parametrize(
    "make",
    [
        lambda: [1, 2],
        lambda: np.random.SeedSequence(5),
        lambda: np.random.default_rng(5),
        lambda: np.random.PCG64(5),
    ],
)
def test_every_rng_that_mesa_knows_is_a_seed_of_its_own(make):
    seeds = [TrustModel(residents=50, weeks=1, rng=make()).settings.seed for _ in range(2)]
    assert seeds[0] == seeds[1] > 0
    assert TrustModel(Scenario(residents=50, weeks=1), rng=7).settings.seed == 7


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"rng": 1, "seed": 2}, "either rng or seed, got both"),
        ({"rng": 1.5}, "rng: expected a whole number"),
        ({"rng": True}, "rng: expected a whole number"),
        ({"rng": "one"}, "rng: expected a whole number"),
        ({"rng": -1}, "seed: expected at least 0, got -1"),
        ({"scenario": ("town", "harris-tx")}, "scenario: expected a trustabm.Scenario"),
        ({"driver": "fast"}, "driver: expected 'compiled' or 'agents', got 'fast'"),
    ],
)
def test_what_mesa_may_not_pass_is_said(values, said):
    with pytest.raises(InvalidInput, match=re.escape(said)):
        TrustModel(**values)


class _Collecting(TrustModel):
    """A model whose own step collects, as Mesa's tutorials have it."""

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.datacollector = mesa.DataCollector(
            {"week": lambda m: m.world.week, "trust": lambda m: hand(m)[-1]},
            agenttype_reporters={Resident: {"trust": "trust"}},
        )

    def step(self) -> None:
        super().step()
        self.datacollector.collect(self)


@pytest.mark.parametrize("driver", ["compiled", "agents"])
@pytest.mark.parametrize("how", ["its own step", "the model's step", "an event"])
def test_a_collector_of_ones_own_records_each_week_once(driver, how):
    kind = _Collecting if how == "its own step" else TrustModel
    model = kind(residents=60, weeks=4, driver=driver)
    collector = mesa.DataCollector(
        {"week": lambda m: m.world.week, "trust": lambda m: hand(m)[-1]},
        agenttype_reporters={Resident: {"trust": "trust"}},
    )

    def collect() -> None:
        collector.collect(model)

    if how == "its own step":
        collector = model.datacollector
    elif how == "the model's step":
        model.datacollector = collector
    else:
        model.schedule_recurring(collect, Schedule(interval=1.0))
    model.run_for(1)
    model.run_for(2)
    model.resident(7).trust = 0.99
    model.step()
    frame = collector.get_model_vars_dataframe()
    assert list(frame["week"]) == [1, 2, 3, 4]
    assert list(frame["trust"]) == pytest.approx(hand(model), rel=1e-12)
    # 60 people in each of 4 weeks, of whom one has come to trust before the last.
    people = collector.get_agenttype_vars_dataframe(Resident)["trust"]
    assert people.groupby("Step").size().tolist() == [60] * 4
    before, after = (people.xs(step, level="Step") for step in (3.0, 4.0))
    assert after.tolist() == pytest.approx([model.resident(i).trust for i in range(60)], abs=1e-9)
    assert after.max() == pytest.approx(0.99, abs=1e-6)
    assert after.mean() > before.mean()


@pytest.mark.parametrize("driver", ["compiled", "agents"])
def test_pieces_are_the_whole_and_the_scenario_s_weeks_end_it(driver):
    values: dict[str, Any] = {"residents": 200, "weeks": 6, "driver": driver}
    whole, pieces = TrustModel(**values), TrustModel(**values)
    whole.run_model()
    assert (whole.time, whole.steps, whole.running) == (6, 6, False)
    for weeks in (2, 0.5, 1, 1.5):
        pieces.run_for(weeks)
        assert pieces.running
    assert (pieces.time, pieces.world.week) == (5, 5)
    pieces.run_until(6)
    assert not pieces.running
    assert pieces.world.tally.tobytes() == whole.world.tally.tobytes()
    pieces.run_for(2)  # whoever wants to may go on
    assert pieces.world.week == len(pieces.datacollector.get_model_vars_dataframe()) == 8


def test_a_reporter_has_nothing_to_say_before_the_first_week():
    model = TrustModel(residents=100, weeks=2)
    reporters = model.datacollector.model_reporters
    assert {report(model) for report in reporters.values()} == {None}
    assert len(model.datacollector.get_model_vars_dataframe()) == 0
    model.step()
    assert reporters["trust"](model) == pytest.approx(hand(model)[0], rel=1e-12)
    mine = mesa.DataCollector(reporters)
    mine.collect(model)
    assert list(mine.get_model_vars_dataframe()["trust"]) == [reporters["trust"](model)]


def test_numbers_and_order_of_agents_do_not_depend_on_who_was_looked_at_first():
    first, other = (TrustModel(residents=900, weeks=2, town="harris-tx") for _ in range(2))
    other.ice_agent(0)
    other.officer(1)
    other.resident(50)
    mine = mesa.Agent(other)
    officers = len(other.world.state.officers)
    assert other.resident(7).unique_id == 8
    assert other.officer(1).unique_id == 902
    assert other.ice_agent(0).unique_id == 901 + officers
    ids = [a.unique_id for a in first.agents]
    assert ids == list(range(1, len(ids) + 1))
    assert [a.unique_id for a in other.agents] == [*ids, mine.unique_id]
    assert mine.unique_id == len(ids) + 1
    assert other.agent_types == [Resident, PoliceOfficer, IceAgent, mesa.Agent]
    assert [a.row for a in other.agents_by_type[Resident]] == list(range(900))


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
@pytest.mark.parametrize("driver", ["compiled", "agents"])
def test_a_copy_goes_its_own_way(copied, driver):
    model = TrustModel(residents=200, weeks=6, driver=driver)
    model.run_for(3)
    model.resident(5)
    twin = copied(model)
    twin.run_for(3)
    assert (model.world.week, twin.world.week) == (3, 6)
    model.run_for(3)
    assert twin.world.tally.tobytes() == model.world.tally.tobytes()
    assert len(twin.datacollector.get_model_vars_dataframe()) == 6


def test_week_by_week_takes_time_in_proportion():
    model = TrustModel(residents=20, weeks=1000)
    places = set()
    for _ in range(1000):
        model.step()
        places.add(model.world.tally.__array_interface__["data"][0])
    # Room doubles: 1, 2, 4, ... 1024. Copied every week it would be about 1000 times.
    assert len(places) <= 11
    assert model.world.tally["persons"][:, 0].sum(axis=1).min() > 0


def test_mesa_s_screen_resets_it():
    # What the reset button of SolaraViz passes: Mesa's own empty scenario beside model_params.
    reset = TrustModel(scenario=mesa.experimental.scenarios.Scenario(), residents=50, seed=3)
    assert (reset.settings.residents, reset.settings.seed) == (50, 3)
    reset.step()
    assert reset.time == 1


def test_a_page_with_mesa_s_own_screen_is_drawn():
    page = runpy.run_path(str(ROOT / "examples" / "solara_viz.py"))["page"]
    _, drawn = solara.render(page, handle_error=False)
    said = [w.children[0] for w in drawn.find(ipyvuetify.Html).widgets if w.children]
    drawn.close()
    model = TrustModel(town="harris-tx", policy="secure-communities", residents=1000, seed=1)
    held = (model.world.state.residents["custody"][:200] != codes.FREE).sum()
    assert f"Week 0: of the first 200 residents {held} are in custody." in said
