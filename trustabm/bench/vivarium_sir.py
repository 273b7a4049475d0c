"""An SIR by Vivarium, run as a script in a Python of its own: prints processor seconds as JSON.

    python vivarium_sir.py PEOPLE STEPS SEEDED CONTACT INFECTIOUS

It imports nothing of this package, which that Python need not have.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import numpy as np
import pandas as pd

try:
    from vivarium import Component, InteractiveContext
except ImportError:  # looked at, not run, in a Python without it
    Component, InteractiveContext = object, None


class Infection(Component):  # type: ignore[misc]
    """Susceptible (0), infectious (1) and recovered (2) residents; everybody meets everybody."""

    def __init__(self, seeded: int, contact: float, infectious: float) -> None:
        super().__init__()
        self.seeded, self.contact, self.infectious = seeded, contact, infectious

    def setup(self, builder: Any) -> None:
        """Ask for a stream of draws and the column of states."""
        self.draws = builder.randomness.get_stream("infection")
        builder.population.register_initializer(initializer=self.start, columns=["infection"])

    def start(self, born: Any) -> None:
        """Make one in so many infectious."""
        many = len(born.index)
        infected = (np.arange(many) < many // self.seeded).astype(np.int8)
        self.population_view.initialize(pd.DataFrame({"infection": infected}, index=born.index))

    def on_time_step(self, event: Any) -> None:
        """Infect and recover."""

        def later(state: Any) -> Any:
            caught = 1 - np.exp(-self.contact * (state == 1).mean())
            recover = np.where(state == 1, 1 / self.infectious, 0.0)
            chance = np.where(state == 0, caught, recover)
            return state + (self.draws.get_draw(state.index) < chance).astype(np.int8)

        self.population_view.update("infection", later)


def main(people: int, steps: int, seeded: int, contact: float, infectious: float) -> None:
    """Make everybody, then time all steps, and print seconds and how many are in each state."""
    simulation = InteractiveContext(
        components=[Infection(seeded, contact, infectious)],
        configuration={"population": {"population_size": people}, "time": {"step_size": 7}},
    )
    begun = time.process_time()
    simulation.take_steps(steps)
    took = time.process_time() - begun
    states = np.bincount(simulation.get_population("infection"), minlength=3)
    print(json.dumps({"seconds": took, "states": states.tolist()}))


if __name__ == "__main__":
    people, steps, seeded, contact, infectious = sys.argv[1:]
    main(int(people), int(steps), int(seeded), float(contact), float(infectious))
