"""Trust and reporting on one page of plain Mesa: thirty residents, two officers, one year.

    uv run python examples/tiny.py

Every week officers stop some residents, and some residents become victims of a violent crime. A
victim calls the police or not, by how much they trust them. How a stop or a call ends moves
trust; most of that fades within weeks, some of it stays, and what a person brought stays too.

Formulas and values are those of the large model, `trustabm`, which adds immigration status, fear
of deportation, ICE, stories, news and much more; `tests/unit/test_tiny.py` holds the two together.
"""

from __future__ import annotations

import math

import mesa

# How much happens is this page's own: far more than in life, so that thirty people show something.
STOPS_A_WEEK = 0.04
CRIMES_A_WEEK = 0.04

# What people make of it: the parameters of these names of `trustabm`, docs/parameters.md.
TRUST_OTHER = 0.57  # mean trust
TRUST_SPREAD = 0.15  # how much residents differ in the trust that lasts
TRUST_NATION = 0.57  # the trust with which a victim calls as usual
TRUST_WEIGHT = 0.75  # how much more likely trust makes a call
REPORT_VIOLENT = 0.4192  # how often a resident of average trust calls
CLEAR_VIOLENT = 0.41  # how often a call leads to an arrest
BAD_CONTACT = 0.11  # how often a stop goes badly
CONTACT_BAD = 0.264  # how much trust a bad stop takes
CONTACT_GOOD = 0.08  # how much a solved case gives
UNSOLVED_LOSS = 0.02  # how much an unsolved one takes
TRUST_HALF_LIFE = 3.0  # weeks in which half of that has faded
RESIDUE_BAD = 0.3  # how much of what was taken never comes back
RESIDUE_GOOD = 0.2  # how much of what was given stays


def report_chance(trust: float) -> float:
    """Return the chance that a victim calls: a logit, the usual one at the nation's trust."""
    odds = math.log(REPORT_VIOLENT / (1 - REPORT_VIOLENT)) + TRUST_WEIGHT * (trust - TRUST_NATION)
    return 1 / (1 + math.exp(-odds))


class Resident(mesa.Agent):
    """Somebody who trusts the police more or less."""

    def __init__(self, model: Town) -> None:
        super().__init__(model)
        self.lasting: float = self.random.gauss(0.0, TRUST_SPREAD)  # from the mean, for good
        self.lately: float = 0.0  # what moved trust lately, and fades

    @property
    def trust(self) -> float:
        """Trust in the police, 0 to 1."""
        return min(1.0, max(0.0, TRUST_OTHER + self.lasting + self.lately))

    def learns(self, change: float) -> None:
        """Trust rises or falls: most of it for weeks, the residue for good."""
        residue = change * (RESIDUE_BAD if change < 0.0 else RESIDUE_GOOD)
        self.lasting += residue
        self.lately += change - residue

    def is_stopped(self, badly: bool) -> None:
        """A stop went badly or well; that it went well is what one expects."""
        self.learns(-CONTACT_BAD if badly else 0.0)

    def is_victim(self) -> None:
        """Call the police, or do not."""
        self.model.crimes += 1
        if self.random.random() < report_chance(self.trust):
            self.model.calls += 1
            self.random.choice(self.model.officers).answers(self)

    def hears_back(self, solved: bool) -> None:
        """The case was solved or not."""
        self.learns(CONTACT_GOOD if solved else -UNSOLVED_LOSS)

    def forgets(self) -> None:
        """A week goes by."""
        self.lately *= math.pow(0.5, 1.0 / TRUST_HALF_LIFE)


class Officer(mesa.Agent):
    """Somebody who stops residents and answers calls."""

    def stops(self, resident: Resident) -> None:
        """Stop a resident."""
        resident.is_stopped(badly=self.random.random() < BAD_CONTACT)

    def answers(self, victim: Resident) -> None:
        """Work on a victim's case."""
        victim.hears_back(solved=self.random.random() < CLEAR_VIOLENT)


class Town(mesa.Model):
    """A town; a step is a week."""

    def __init__(self, residents: int = 30, officers: int = 2, rng: int = 1) -> None:
        super().__init__(rng=rng)
        self.residents: list[Resident] = list(Resident.create_agents(self, residents))
        self.officers: list[Officer] = list(Officer.create_agents(self, officers))
        self.crimes = self.calls = 0
        self.datacollector = mesa.DataCollector({n: n for n in ("trust", "crimes", "calls")})

    @property
    def trust(self) -> float:
        """Trust of the average resident."""
        return sum(r.trust for r in self.residents) / len(self.residents)

    def step(self) -> None:
        """Live through one week."""
        for resident in self.residents:
            if self.random.random() < STOPS_A_WEEK:
                self.random.choice(self.officers).stops(resident)
        for resident in self.residents:
            if self.random.random() < CRIMES_A_WEEK:
                resident.is_victim()
        for resident in self.residents:
            resident.forgets()
        self.datacollector.collect(self)


if __name__ == "__main__":
    town = Town()
    for _ in range(52):
        town.step()
    weeks = town.datacollector.get_model_vars_dataframe()
    for week, trust in weeks["trust"].items():
        print(f"week {week:2}  trust {trust:.3f}  {'#' * round(100 * trust)}")
    print(f"{town.calls} of {town.crimes} victims called the police")
