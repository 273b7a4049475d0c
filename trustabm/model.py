"""TrustModel: a world as a Mesa model, run by its agents or compiled."""

from __future__ import annotations

from typing import Any, Literal

import mesa
import numpy as np
import numpy.typing as npt
import pandas as pd

from trustabm.agents import IceAgent, PoliceOfficer, Resident
from trustabm.drivers.agents import AgentsDriver
from trustabm.errors import InvalidInput
from trustabm.outcomes import OUTCOMES, Outcome
from trustabm.scenario import Scenario
from trustabm.world import World

__all__ = ["TrustModel", "WeeklyCollector"]

Driver = Literal["compiled", "agents"]


class TrustModel(mesa.Model):
    """A town of residents, police and ICE under a policy, as a Mesa model.

    A step is a week. Agents are made when they are first asked for; a compiled run of a million
    residents makes none.

    Args:
        scenario: What to simulate; keyword arguments of `Scenario` may be given instead.
        driver: `"compiled"`, or `"agents"` for the readable one; they agree bit for bit.
        keep_events: Whether event tables keep all weeks.
        resident_class: The class of residents, to give them another behaviour; a behaviour that
            differs is carried out by the agents driver only.
        **values: Fields of `Scenario`.

    Raises:
        InvalidInput: for a driver or a scenario value that does not exist.
    """

    def __init__(
        self,
        scenario: Scenario | None = None,
        *,
        driver: Driver = "compiled",
        keep_events: bool = True,
        resident_class: type[Resident] = Resident,
        **values: Any,
    ) -> None:
        if scenario is None:
            scenario = Scenario.make(values)
        elif values:
            raise InvalidInput(
                f"TrustModel: expected a scenario or its fields, got both ({', '.join(values)})"
            )
        super().__init__(rng=scenario.seed % 2**32)
        self.settings = scenario
        self.world: World = scenario.world(keep_events=keep_events)
        self.resident_class = resident_class
        self._lived = 0
        self._residents: dict[int, Resident] = {}
        self._officers: dict[int, PoliceOfficer] = {}
        self._ice: dict[int, IceAgent] = {}
        self.agents_driver = AgentsDriver(self)
        self.driver: Driver = driver
        self.datacollector = WeeklyCollector(self)

    @property
    def driver(self) -> Driver:
        """How weeks are carried out; may be changed midway."""
        return self._driver

    @driver.setter
    def driver(self, name: Driver) -> None:
        if name not in ("compiled", "agents"):
            raise InvalidInput(f"driver: expected 'compiled' or 'agents', got {name!r}")
        if name == "compiled" and self.resident_class is not Resident:
            raise InvalidInput(
                "driver: expected 'agents' for a resident class of your own "
                f"({self.resident_class.__name__}), got 'compiled'"
            )
        self._driver: Driver = name

    @property
    def levers(self) -> Any:
        """Records of the levers in force this week, one a town: `levers[0].publicity`."""
        plan = self.world.plan
        return plan.levers[plan.at(self.world.week)]

    def step(self) -> None:
        """Live through one week."""
        if self._lived:  # by run_for, all at once; Mesa's clock and schedule catch up
            self._lived -= 1
        elif self.driver == "compiled":
            self.world.run_for(1)
        else:
            self.agents_driver.week(self.world.make_room(1))

    def run_for(self, weeks: int) -> None:
        """Live through weeks; with the compiled driver, without coming back to Python."""
        if self.driver == "compiled":
            self.world.run_for(weeks)
            self._lived = weeks
        super().run_for(weeks)

    def resident(self, row: int) -> Resident:
        """Return the resident at a place, as an agent."""
        agent = self._residents.get(row)
        if agent is None:
            agent = self._residents[row] = self.resident_class(self, row)
        return agent

    def officer(self, row: int) -> PoliceOfficer:
        """Return a police officer, as an agent."""
        agent = self._officers.get(row)
        if agent is None:
            agent = self._officers[row] = PoliceOfficer(self, row)
        return agent

    def ice_agent(self, row: int) -> IceAgent:
        """Return an ICE agent, as an agent."""
        agent = self._ice.get(row)
        if agent is None:
            agent = self._ice[row] = IceAgent(self, row)
        return agent

    def _make_agents(self) -> None:
        state = self.world.state
        for row in range(len(state.residents)):
            self.resident(row)
        for row in range(len(state.officers)):
            self.officer(row)
        for row in range(len(state.agents)):
            self.ice_agent(row)

    @property
    def agents(self) -> Any:
        """All residents, officers and ICE agents, as Mesa's AgentSet."""
        self._make_agents()
        return super().agents

    @property
    def agents_by_type(self) -> Any:
        """The agents by class."""
        self._make_agents()
        return super().agents_by_type


class WeeklyCollector(mesa.DataCollector):
    """A data collector that reads the weekly tallies instead of keeping a copy.

    Args:
        model: The model; outcomes are of its own town, everybody together.
    """

    def __init__(self, model: TrustModel) -> None:
        self._model = model
        reporters = {name: _Reporter(o) for name, o in OUTCOMES.items()}
        super().__init__(model_reporters=reporters)

    def collect(self, model: mesa.Model) -> None:
        """Do nothing: every week is already counted."""

    def get_model_vars_dataframe(self) -> pd.DataFrame:
        """Return outcomes by week, missing where their denominator is zero."""
        tally = self._model.world.tally[:, 0, :]
        return pd.DataFrame({name: _over_groups(tally, o) for name, o in OUTCOMES.items()})


class _Reporter:
    """The last value of an outcome, as Mesa's model reporters give it."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome

    def __call__(self, model: TrustModel) -> float:
        return float(_over_groups(model.world.tally[-1:, 0, :], self.outcome)[-1])


def _over_groups(tally: npt.NDArray[Any], outcome: Outcome) -> npt.NDArray[Any]:
    over = sum(tally[name].sum(axis=1) for name in outcome.over)
    under = sum(tally[name].sum(axis=1) for name in outcome.under)
    safe = np.where(under > 0, under, 1.0)
    return np.where(under > 0, outcome.scale * over / safe, np.nan)
