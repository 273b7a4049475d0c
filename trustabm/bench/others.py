"""What we are measured against: our own agents, and other tools doing a step of their own.

A peer is measured where it is installed; each says what its step does, for none does what ours
does. Those that spread an infection do so alike: one resident in a hundred infectious at first,
`CONTACT` infections a week for each of them while all others are susceptible, `INFECTIOUS` weeks
on average.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from trustabm.bench import event_queue
from trustabm.bench.timing import preset, seconds

__all__ = ["PEERS", "Peer", "agents"]

CONTACT = 0.3
INFECTIOUS = 10
SEEDED = 100
"""One resident in so many is infectious at first."""

VIVARIUM = "TRUSTABM_VIVARIUM"
"""The environment variable that names a Python with Vivarium: it asks for a numpy before 2."""

Task = Callable[[], float]


class Peer(NamedTuple):
    """Another tool, or a bare loop.

    Args:
        name: Its name.
        does: What a step of it does, in one line.
        task: Takes people, steps and the rows a resident-week of ours looks at; returns a task
            that measures the seconds of all steps.

    Raises:
        ImportError: of `task`, where it is not installed; the message says why.
    """

    name: str
    does: str
    task: Callable[[int, int, float], Task]


def agents(residents: int, weeks: int) -> Task:
    """Return a task: the readable driver, its agents made beforehand."""
    from trustabm.agents.model import TrustModel

    def task() -> float:
        model = TrustModel(preset(residents, weeks), driver="agents", keep_events=False)
        len(model.agents)
        return seconds(lambda: model.run_for(weeks))

    return task


def mesa_loop(people: int, steps: int, rows: float) -> Task:
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


def starsim_sir(people: int, steps: int, rows: float) -> Task:
    """Return a task: Starsim's SIR, weekly steps on a static random network of 10 ties."""
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


def laser_model(people: int, steps: int) -> Any:
    """Return LASER's model of an SIR in one place, not yet run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from laser.core import PropertySet
        from laser.core.distributions import exponential
        from laser.core.utils import grid
        from laser.generic import SIR
        from laser.generic.model import Model

        place = grid(M=1, N=1, population_fn=lambda row, column: people)
        place["I"] = people // SEEDED
        place["S"] = people - place["I"]
        place["R"] = 0
        stated = PropertySet({"nticks": steps, "beta": CONTACT, "prng_seed": 1})
        model = Model(place, stated, skip_capacity=True)
        weeks = exponential(float(INFECTIOUS))
        model.components = [
            SIR.Susceptible(model),
            SIR.Recovered(model),
            SIR.Infectious(model, weeks),
            SIR.Transmission(model, weeks),
        ]
    return model


def laser_sir(people: int, steps: int, rows: float) -> Task:
    """Return a task: LASER's SIR on one thread, as ours is; its progress bar is not shown."""
    import numba

    laser_model(SEEDED, 1)  # so that what is not installed is told now

    def task() -> float:
        model = laser_model(people, steps)
        threads = numba.get_num_threads()
        numba.set_num_threads(1)
        try:
            with contextlib.redirect_stderr(io.StringIO()):
                return seconds(model.run)
        finally:
            numba.set_num_threads(threads)

    return task


def jax_run(people: int, steps: int) -> Callable[[], Any]:
    """Return a compiled SIR that gives the states after all steps: 0 S, 1 I, 2 R."""
    import jax
    import jax.numpy as jnp

    def step(k: Any, state: Any) -> Any:
        caught = 1 - jnp.exp(-CONTACT * (state == 1).mean())
        chance = jnp.where(state == 0, caught, jnp.where(state == 1, 1 / INFECTIOUS, 0.0))
        drawn = jax.random.uniform(jax.random.fold_in(jax.random.key(1), k), state.shape)
        return state + (drawn < chance).astype(jnp.int8)

    first = jnp.arange(people) < people // SEEDED
    run = jax.jit(lambda state: jax.lax.fori_loop(0, steps, step, state))
    return lambda: run(first.astype(jnp.int8)).block_until_ready()


def jax_sir(people: int, steps: int, rows: float) -> Task:
    """Return a task: an SIR by JAX, compiled before it is timed."""
    run = jax_run(people, steps)
    run()
    return lambda: seconds(run)


def vivarium_sir(people: int, steps: int, rows: float) -> Task:
    """Return a task: an SIR by Vivarium, in the Python that `TRUSTABM_VIVARIUM` names."""
    python = os.environ.get(VIVARIUM)
    if python is None:
        raise ImportError(f"{VIVARIUM} names no Python that has Vivarium (see docs/performance.md)")
    script = Path(__file__).with_name("vivarium_sir.py")
    given = [str(x) for x in (people, steps, SEEDED, CONTACT, INFECTIOUS)]

    def task() -> float:
        told = subprocess.run(
            [python, "-P", "-W", "ignore", str(script), *given],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=True,
        ).stdout
        return float(json.loads(told.splitlines()[-1])["seconds"])

    return task


def event_loop(people: int, steps: int, rows: float) -> Task:
    """Return a task: a queue with everybody's next event, as many events as ours looks at rows."""

    def task() -> float:
        when, who, had = event_queue.fresh(people, rows)
        return seconds(lambda: event_queue.run(when, who, had, rows, float(steps)))

    event_queue.run(*event_queue.fresh(10, rows), rows, 1.0)  # compiles
    return task


PEERS = {
    "vs_mesa_loop": Peer(
        "Mesa's bare loop", "a method that does nothing, residents in shuffled order", mesa_loop
    ),
    "vs_starsim": Peer(
        "Starsim's SIR",
        "infection along 10 fixed ties, recovery, and counts of each; numpy",
        starsim_sir,
    ),
    "vs_laser": Peer(
        "LASER's SIR",
        "every resident's state read twice; a draw for each susceptible one, a timer for each "
        "infectious; numba, one thread",
        laser_sir,
    ),
    "vs_jax": Peer(
        "JAX, an SIR",
        "a draw for every resident, its state replaced, the share infectious; fused by XLA",
        jax_sir,
    ),
    "vs_vivarium": Peer(
        "Vivarium, an SIR",
        "a keyed draw for every resident, a column of a table replaced; pandas",
        vivarium_sir,
    ),
    "vs_event_loop": Peer(
        "an event-driven bare loop",
        "for as many events as our week looks at rows: the next from a heap, counted, drawn "
        "again; numba",
        event_loop,
    ),
}
"""By the key that says how many times ours is faster, a resident-step."""
