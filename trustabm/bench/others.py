"""What we are measured against: our own agents, a bare Mesa loop, Starsim."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable

from trustabm.bench.timing import preset, seconds

__all__ = ["agents", "mesa_loop", "starsim_sir"]


def agents(residents: int, weeks: int) -> Callable[[], float]:
    """Return a task: the readable driver, its agents made beforehand."""
    from trustabm.agents.model import TrustModel

    def task() -> float:
        model = TrustModel(preset(residents, weeks), driver="agents", keep_events=False)
        len(model.agents)
        return seconds(lambda: model.run_for(weeks))

    return task


def mesa_loop(people: int, steps: int) -> Callable[[], float]:
    """Return a task: steps of a Mesa model of agents that do nothing, in shuffled order."""
    import mesa

    class Idle(mesa.Agent):  # type: ignore[misc]
        """An agent whose step is empty."""

        def step(self) -> None:
            """Do nothing."""

    model = mesa.Model(rng=1)
    Idle.create_agents(model, people)
    idle = model.agents

    def task() -> float:
        def work() -> None:
            for _ in range(steps):
                idle.shuffle_do("step")

        return seconds(work)

    return task


def starsim_sir(people: int, steps: int) -> Callable[[], float]:
    """Return a task: Starsim's SIR, weekly steps on a static random network of 10 ties.

    Raises:
        ImportError: where Starsim is not installed.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # It would write of a font cache to standard output, where the JSON goes.
        os.environ.setdefault("STARSIM_INSTALL_FONTS", "0")
        import starsim as ss

    def task() -> float:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sim = ss.Sim(
                n_agents=people,
                networks=ss.RandomNet(n_contacts=10, dynamic=False),
                diseases=ss.SIR(),
                start=2020,
                dur=ss.weeks(steps),
                dt=ss.weeks(1),
                rand_seed=1,
                verbose=0,
            )
            sim.init()
            # Starsim counts both ends of a span; what is compared is a step of a resident.
            return seconds(sim.run) * steps / float(sim.t.npts)

    return task
