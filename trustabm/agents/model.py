"""A world as a Mesa model: WorldModel, which its agents run, and TrustModel, compiled too."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any, Literal

import mesa
import numpy as np
import numpy.typing as npt
from mesa.time import Priority, Schedule

from trustabm.agents.driver import AgentsDriver
from trustabm.agents.people import IceAgent, PoliceOfficer, Resident
from trustabm.errors import InvalidInput
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.measures import counts, levels, town_counts
from trustabm.runs.classes import given, say_slower
from trustabm.runs.scenario import Scenario
from trustabm.week.week import Week
from trustabm.week.world import World

__all__ = ["TrustModel", "WeeklyCollector", "WorldModel"]

Driver = Literal["compiled", "agents"]

UNSAID: Any = object()
"""Where nobody says a seed, which to Mesa differs from saying None."""


class WorldModel(mesa.Model):
    """A world as a Mesa model, whose agents carry out its weeks.

    A step is a week. Agents are made when they are first asked for.

    Args:
        world: The world.
        classes: Of `resident_class`, `police_class`, `ice_class` those that are not as they ship.
    """

    def __init__(self, world: World, classes: Mapping[str, type[Any]]) -> None:
        super().__init__(rng=world.seed % 2**32)
        self.world = world
        if world.inhabit is not None:
            world.inhabitants = self
        self.resident_class: type[Resident] = classes.get("resident_class", Resident)
        self.police_class: type[PoliceOfficer] = classes.get("police_class", PoliceOfficer)
        self.ice_class: type[IceAgent] = classes.get("ice_class", IceAgent)
        shipped = (Resident, PoliceOfficer, IceAgent)
        self.own_classes = (self.resident_class, self.police_class, self.ice_class) != shipped
        state = self.world.state
        kinds = (
            (Resident, state.residents),
            (PoliceOfficer, state.officers),
            (IceAgent, state.agents),
        )
        # The number of an agent is its place, whoever was looked at first.
        self._first_id: dict[Any, int] = {}
        self.agent_id_counter: int = 1
        for kind, table in kinds:
            self._first_id[kind] = self.agent_id_counter
            self.agent_id_counter += len(table)
        self._all_made = False
        self._residents: dict[int, Resident] = {}
        self._officers: dict[int, PoliceOfficer] = {}
        self._ice: dict[int, IceAgent] = {}
        self.agents_driver = AgentsDriver(self)
        self._w: Week | None = None

    @property
    def levers(self) -> Any:
        """Records of the levers in force this week, one a town: `levers[0].publicity`."""
        plan = self.world.plan
        return plan.levers[plan.at(self.world.week)]

    @property
    def w(self) -> Week:
        """The week in progress or, between weeks, the next one as it would begin now."""
        world = self.world
        if self._w is None or self._w.now != world.week or self._w.tables is not world.tables:
            self._w = world.belongings(world.plan.levers[world.plan.at(world.week)])
        return self._w

    def begin_week(self) -> Week:
        """Begin a week that agents carry out; return what with."""
        self._w = self.world.begin()
        return self._w

    def step(self) -> None:
        """Live through one week."""
        week = self.agents_driver
        week.begins()
        week.officers_stop_residents()
        week.offenders_meet_victims()
        week.victims_and_witnesses_decide()
        week.officers_work_cases()
        week.jail_books_arrests()
        week.ice_reviews_matches()
        week.terms_end()
        week.ice_works_at_large()
        week.stories_are_told()
        week.people_come_and_go()
        week.people_register()
        week.ends()

    def register_agent(self, agent: Any) -> None:
        """Register an agent; a resident, officer or ICE agent is numbered by its place."""
        number = self.agent_id_counter
        super().register_agent(agent)
        for kind, first in self._first_id.items():
            if isinstance(agent, kind):
                agent.unique_id = first + agent.row
                self.agent_id_counter = number

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
            agent = self._officers[row] = self.police_class(self, row)
        return agent

    def ice_agent(self, row: int) -> IceAgent:
        """Return an ICE agent, as an agent."""
        agent = self._ice.get(row)
        if agent is None:
            agent = self._ice[row] = self.ice_class(self, row)
        return agent

    def _make_agents(self) -> None:
        """Make all agents, in the order of their numbers whoever was made before."""
        if self._all_made:
            return
        self._all_made = True
        state = self.world.state
        for row in range(len(state.residents)):
            self.resident(row)
        for row in range(len(state.officers)):
            self.officer(row)
        for row in range(len(state.agents)):
            self.ice_agent(row)
        kinds = super().agents_by_type
        for agents in (super().agents, *kinds.values()):
            agents.sort("unique_id", ascending=True, inplace=True)
        for kind in sorted(kinds, key=lambda kind: kinds[kind][0].unique_id):
            kinds[kind] = kinds.pop(kind)

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

    @property
    def agent_types(self) -> list[type]:
        """The classes of agents."""
        return list(self.agents_by_type)


class TrustModel(WorldModel):
    """A town of residents, police and ICE under a policy, as a Mesa model.

    A step is a week. Agents are made when they are first asked for; a compiled run of a million
    residents makes none. After the scenario's weeks `running` is false. Whatever is the
    model's `datacollector` collects at the end of every week, unless a step has done so.

    Args:
        scenario: What to simulate; keyword arguments of `Scenario` may be given instead.
        driver: `"compiled"`, or `"agents"` for the readable one; they agree bit for bit. Compiled
            if not given, but classes of one's own are carried out by agents alone.
        keep_events: Whether event tables keep all weeks.
        resident_class: A subclass of `Resident`, or where it is imported from, as
            "package.module:Class"; how much slower it is than compiled is said on stderr.
        police_class: The same of `PoliceOfficer`.
        ice_class: The same of `IceAgent`.
        rng: Mesa's word for the seed, in place of the scenario's: a whole number is that seed;
            a sequence, SeedSequence or Generator gives one. None, without a seed, is as in Mesa
            another luck every time, which `settings.seed` then says.
        **values: Fields of `Scenario`.

    Raises:
        InvalidInput: for a driver or a scenario value that does not exist.
    """

    def __init__(
        self,
        scenario: Scenario | None = None,
        *,
        driver: Driver | None = None,
        keep_events: bool = True,
        resident_class: type[Resident] | str | None = None,
        police_class: type[PoliceOfficer] | str | None = None,
        ice_class: type[IceAgent] | str | None = None,
        rng: Any = UNSAID,
        **values: Any,
    ) -> None:
        scenario = _settings(scenario, rng, values)
        classes = given(
            resident_class=resident_class, police_class=police_class, ice_class=ice_class
        )
        if classes:
            scenario = scenario.with_classes(classes, "TrustModel")
        super().__init__(scenario.world(keep_events=keep_events), scenario.classes)
        self.settings = scenario
        if driver is None:
            driver = "agents" if scenario.classes else "compiled"
        self.driver: Driver = driver
        self.datacollector: Any = WeeklyCollector(self)
        # After the step and whatever else happens at the end of a week.
        self.schedule_recurring(
            self._collect, Schedule(interval=1.0, start=1.0), priority=Priority.LOW
        )
        say_slower(scenario.classes)

    @property
    def driver(self) -> Driver:
        """How weeks are carried out; may be changed midway."""
        return self._driver

    @driver.setter
    def driver(self, name: Driver) -> None:
        if name not in ("compiled", "agents"):
            raise InvalidInput(f"driver: expected 'compiled' or 'agents', got {name!r}")
        own = self.settings.classes
        if name == "compiled" and own:
            raise InvalidInput(
                "driver: expected 'agents' with classes of your own "
                f"({', '.join(kind.__name__ for kind in own.values())}), got 'compiled'"
            )
        self._driver: Driver = name

    def step(self) -> None:
        """Live through one week."""
        if self.driver == "compiled":
            self.world.run_for(1)
        else:
            super().step()
        if self.world.week >= self.settings.weeks:
            self.running = False

    def _collect(self) -> None:
        # A subclass whose own step collects has done so already.
        if list(self.datacollector._collection_steps[-1:]) != [self.time]:
            self.datacollector.collect(self)


class WeeklyCollector(mesa.DataCollector):
    """A data collector that reads the weekly tallies instead of keeping a copy.

    Args:
        model: The model; outcomes are of its own town, everybody together.
    """

    def __init__(self, model: TrustModel) -> None:
        self._model = model
        self._read: dict[str, list[float]] = {}
        self._weeks_read = -1
        super().__init__(model_reporters={o: partial(last_week, outcome=o) for o in GLOSSARY})

    def collect(self, model: mesa.Model) -> None:
        """Do nothing: every week is already counted."""

    @property
    def _collection_steps(self) -> Sequence[float]:
        """Mesa's time at the end of every week."""
        return range(1, len(self._model.world.tally) + 1)

    @_collection_steps.setter
    def _collection_steps(self, steps: Sequence[float]) -> None:
        """Leave it: Mesa clears what it would fill."""

    @property
    def model_vars(self) -> dict[str, list[float]]:
        """Outcomes by week, NaN where their denominator is zero."""
        weeks = len(self._model.world.tally)
        if self._weeks_read != weeks:
            self._weeks_read = weeks
            self._read = {o: v.tolist() for o, v in _outcomes(self._model, slice(None)).items()}
        return self._read

    @model_vars.setter
    def model_vars(self, values: dict[str, list[float]]) -> None:
        """Leave it: Mesa clears what it would fill."""


def last_week(model: TrustModel, outcome: str) -> float | None:
    """Return the latest value of an outcome, as Mesa's model reporters give it.

    None before the first week, NaN where its denominator is zero.
    """
    if not len(model.world.tally):
        return None
    return float(_outcomes(model, slice(-1, None), (outcome,))[outcome][0])


def _outcomes(
    model: TrustModel, weeks: slice, wanted: Collection[str] = GLOSSARY
) -> dict[str, npt.NDArray[np.float64]]:
    """Return outcomes by week of the model's own town, everybody together."""
    world = model.world
    table = levels(
        world.groups,
        counts(world.tally[weeks, 0]),
        town_counts(world.town_tally[weeks, 0]),
        world.parameters,
        wanted,
    )
    return {outcome: table[outcome, "all"] for outcome in wanted}


def _settings(scenario: Any, rng: Any, values: dict[str, Any]) -> Scenario:
    """Return the scenario that a model is given: whole, in fields, or by Mesa's own tools."""
    if isinstance(scenario, mesa.experimental.scenarios.Scenario):
        # What Mesa's screen passes when it resets a model: its fields are given beside it.
        rng, scenario = (rng if scenario.rng is None else scenario.rng), None
    if scenario is None:
        if rng is None and "seed" in values:
            rng = UNSAID
        if rng is not UNSAID:
            if "seed" in values:
                raise InvalidInput(f"rng: expected either rng or seed, got both ({rng!r})")
            values = values | {"seed": _seed(rng)}
        return Scenario.make(values)
    if not isinstance(scenario, Scenario):
        raise InvalidInput(f"scenario: expected a trustabm.Scenario, got {scenario!r}")
    if values:
        raise InvalidInput(
            f"TrustModel: expected a scenario or its fields, got both ({', '.join(values)})"
        )
    if rng is None or rng is UNSAID:
        return scenario
    return Scenario.make(dict(scenario) | {"seed": _seed(rng)})


def _seed(rng: Any) -> Any:
    """Return the seed that Mesa's `rng` stands for."""
    if rng is None or isinstance(rng, np.random.SeedSequence):
        luck = np.random.default_rng(rng)
    elif isinstance(rng, int | np.integer) and not isinstance(rng, bool):
        return int(rng)
    elif isinstance(rng, np.random.Generator | np.random.BitGenerator):
        luck = np.random.default_rng(rng)
    else:
        try:
            luck = np.random.default_rng(list(rng))
        except (TypeError, ValueError) as e:
            raise InvalidInput(
                "rng: expected a whole number, a sequence of them, a SeedSequence or a "
                f"Generator, got {rng!r}"
            ) from e
    return int(luck.integers(2**63))
