"""Trust and reporting on one page of plain Mesa: thirty residents, two officers, one year.

    uv run python examples/tiny.py

Every week officers stop some residents, and some residents become victims of a violent crime. A
victim calls the police or not, by how much they trust them. How a stop or a call ends moves
trust, and every week part of what was lived through is forgotten.

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
TRUST_OTHER = 0.57  # where trust rests
TRUST_WEIGHT = 1.756  # how much more likely trust makes a call
REPORT_VIOLENT = 0.4192  # how often a resident of average trust calls
CLEAR_VIOLENT = 0.41  # how often a call leads to an arrest
BAD_CONTACT = 0.11  # how often a stop goes badly
CONTACT_GAIN = 0.03  # how far a good stop moves trust up
SOLVED_GAIN = 0.06  # how far a solved case does
UNSOLVED_LOSS = 0.003  # how far an unsolved one moves it down, before negativity
NEGATIVITY = 4.0  # how much more bad weighs than good
FORGETTING = 0.08843  # how much of what was lived through goes each week
PRIOR_PULL = 0.4291  # how far all return to where trust rests, and not to the others' trust


def report_chance(trust: float) -> float:
    """Return the chance that a victim calls: a logit, the usual one at the usual trust."""
    odds = math.log(REPORT_VIOLENT / (1 - REPORT_VIOLENT)) + TRUST_WEIGHT * (trust - TRUST_OTHER)
    return 1 / (1 + math.exp(-odds))


def moved(trust: float, toward: float, share: float) -> float:
    """Return trust a share of the way toward 0 or 1."""
    return trust + min(share, 1.0) * (toward - trust)


class Resident(mesa.Agent):
    """Somebody who trusts the police more or less."""

    def __init__(self, model: Town) -> None:
        super().__init__(model)
        self.trust = TRUST_OTHER

    def is_stopped(self, badly: bool) -> None:
        """A stop went badly or well."""
        toward, share = (0.0, NEGATIVITY * CONTACT_GAIN) if badly else (1.0, CONTACT_GAIN)
        self.trust = moved(self.trust, toward, share)

    def is_victim(self) -> None:
        """Call the police, or do not."""
        self.model.crimes += 1
        if self.random.random() < report_chance(self.trust):
            self.model.calls += 1
            self.random.choice(self.model.officers).answers(self)

    def hears_back(self, solved: bool) -> None:
        """The case was solved or not."""
        toward, share = (1.0, SOLVED_GAIN) if solved else (0.0, NEGATIVITY * UNSOLVED_LOSS)
        self.trust = moved(self.trust, toward, share)

    def forgets(self, others: float) -> None:
        """What was lived through fades: toward what others trust, and where trust rests."""
        common = others + PRIOR_PULL * (TRUST_OTHER - others)
        self.trust += FORGETTING * (common - self.trust)


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
        others = self.trust
        for resident in self.residents:
            resident.forgets(others)
        self.datacollector.collect(self)


if __name__ == "__main__":
    town = Town()
    for _ in range(52):
        town.step()
    weeks = town.datacollector.get_model_vars_dataframe()
    for week, trust in weeks["trust"].items():
        print(f"week {week:2}  trust {trust:.3f}  {'#' * round(100 * trust)}")
    print(f"{town.calls} of {town.crimes} victims called the police")
