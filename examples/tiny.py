"""Trust, fear and reporting on one page of plain Mesa: forty residents, two officers, one year.

    uv run python examples/tiny.py

Every week officers stop some residents, and some residents become victims of a violent crime. A
victim calls the police or not: by how much they trust them, and by how much they fear that contact
ends in a deportation, their own or that of whom they live with. From week 26 on officers hand the
undocumented people whom they stop to ICE as often as the rules say, and people hear of it.

Formulas and values are those of the large model, `trustabm`, which adds friends, neighborhoods,
moods, ICE, courts and much more; `tests/unit/test_tiny.py` holds the two together.
"""

from __future__ import annotations

import math

import mesa

# What happens is this page's own: far more than in life, so that forty people show something.
STOPS_A_WEEK = 0.04
CRIMES_A_WEEK = 0.04
RULES_SINCE = 26  # the week in which handing people over begins
RULES_RISK = 0.5  # the chance of it for whoever is undocumented and is stopped

# What people make of it: the parameters of these names of `trustabm`, docs/parameters.md.
TRUST_LATINO = 0.55  # mean trust
TRUST_SPREAD = 0.15  # how much residents differ in the trust that lasts
CONTACT_BAD = 0.26  # how much trust a bad stop takes
CONTACT_GOOD = 0.1  # how much a solved case gives
UNSOLVED_LOSS = 0.02  # how much an unsolved one takes
HANDOVER_TRUST = 0.15  # how much it takes to see somebody handed to ICE
TRUST_HALF_LIFE = 3.0  # weeks in which half of that has faded
RESIDUE_BAD = 0.3  # how much of what was taken never comes back
RESIDUE_GOOD = 0.2  # how much of what was given stays
TELL_HOUSEHOLD = 0.6  # how heavily it weighs what happened to whom one lives with

PRIOR_UNDOCUMENTED = 0.3346  # the risk undocumented people stand with
FIRM_UNDOCUMENTED = 13.28  # how many cases it weighs
PRIOR_CITIZEN = 0.304  # the risk others stand with
FIRM_CITIZEN = 0.628  # how many cases that weighs
CASE_WEIGHT = 2.95  # cases that a hand-over counts
CALM_CASE = 0.2  # cases to the good that a quiet contact counts
CASE_HALF_LIFE = 59.65  # weeks in which half of a case is forgotten
NEWS_WEIGHT = 4.731  # cases that it counts if certain deportation is news
GOOD_NEWS = 0.3205  # how much less relief weighs
NEWS_SPEED = 0.7  # how many hear the news in a week
NEWS_HALF_LIFE = 29.73  # weeks in which half of it has come to be expected

REPORT_VIOLENT = 0.4072  # how often victims call, without fear and with the nation's trust
REPORT_LATINO = 0.2355  # how much more readily Latino victims would
TRUST_NATION = 0.57  # the nation's trust
TRUST_WEIGHT = 0.6198  # how much more likely trust makes a call
FEAR_WEIGHT = 8.748  # how much less likely risk makes it, at
FEAR_AT = 0.4  # this risk
FEAR_POWER = 4.098  # how much faster than the risk fear grows
STAKE_HOUSEHOLD = 0.8221  # how heavily the deportation of whom one lives with weighs

BAD_CONTACT = 0.11  # how often a stop goes badly
CLEAR_VIOLENT = 0.41  # how often a call leads to an arrest


def left(half_life: float) -> float:
    """Return how much is left after a week of what fades."""
    return math.pow(0.5, 1.0 / half_life)


def news(stake: float, surprise: float) -> float:
    """Return how many cases the news counts, below 0 if it calms."""
    return stake * NEWS_WEIGHT * surprise * (GOOD_NEWS if surprise < 0.0 else 1.0)


def fear(stake: float, risk: float) -> float:
    """Return what fear takes from the decision to call: risk, to a power, times whose it is."""
    return FEAR_WEIGHT * stake * math.pow(risk / FEAR_AT, FEAR_POWER)


def report_chance(trust: float, feared: float) -> float:
    """Return the chance that a victim calls: a logit, more with trust and less with fear."""
    odds = math.log(REPORT_VIOLENT / (1 - REPORT_VIOLENT)) + REPORT_LATINO
    odds += TRUST_WEIGHT * (trust - TRUST_NATION) - feared
    return 1 / (1 + math.exp(-odds))


class Resident(mesa.Agent):
    """Somebody who trusts the police more or less, and fears a deportation or does not."""

    model: Town

    def __init__(self, model: Town, undocumented: bool = False) -> None:
        super().__init__(model)
        self.undocumented = undocumented
        self.home: list[Resident] = []  # whom this one lives with
        self.moves_in()

    def moves_in(self) -> None:
        """Come to live here, with the beliefs of a newcomer."""
        self.lasting: float = self.random.gauss(0.0, TRUST_SPREAD)  # from mean trust, for good
        self.lately: float = 0.0  # what moved trust lately, and fades
        self.bad = self.calm = 0.0  # cases known of: those that ended in a deportation, or quietly

    @property
    def trust(self) -> float:
        """Trust in the police, 0 to 1."""
        return min(1.0, max(0.0, TRUST_LATINO + self.lasting + self.lately))

    @property
    def stake(self) -> float:
        """Whose deportation it would be: 1 for one's own, 0 for nobody's."""
        if self.undocumented:
            return 1.0
        return STAKE_HOUSEHOLD if any(other.undocumented for other in self.home) else 0.0

    @property
    def risk(self) -> float:
        """Risk seen in contact with police: the share of all cases that ended in a deportation."""
        prior, firm = PRIOR_CITIZEN, FIRM_CITIZEN
        if self.undocumented:
            prior, firm = PRIOR_UNDOCUMENTED, FIRM_UNDOCUMENTED
        told = news(self.stake, self.model.surprise)
        bad = firm * prior + self.bad + max(0.0, told)
        return bad / (firm + self.bad + self.calm + abs(told))

    def learns(self, told: float, trust: float, bad: float, calm: float) -> None:
        """Trust is moved, for weeks and a residue for good; a case is one more that is known of."""
        residue = told * trust * (RESIDUE_BAD if trust < 0.0 else RESIDUE_GOOD)
        self.lasting += residue
        self.lately += told * trust - residue
        self.bad += told * bad
        self.calm += told * calm

    def lives_through(self, trust: float) -> None:
        """A contact with police ended quietly; it is told at home."""
        self.learns(1.0, trust, 0.0, CALM_CASE)
        for other in self.home:
            other.learns(TELL_HOUSEHOLD, trust, 0.0, CALM_CASE)

    def is_stopped(self, badly: bool) -> None:
        """A stop went badly or well; that it went well is what one expects."""
        self.lives_through(-CONTACT_BAD if badly else 0.0)

    def is_taken(self) -> None:
        """ICE has this one: who is left behind knows of it, and somebody else moves in."""
        self.model.taken += 1
        for other in self.home:
            other.learns(TELL_HOUSEHOLD, -HANDOVER_TRUST, CASE_WEIGHT, 0.0)
        self.moves_in()

    def is_victim(self) -> None:
        """Call the police, or do not."""
        self.model.crimes += 1
        if self.random.random() < report_chance(self.trust, fear(self.stake, self.risk)):
            self.model.calls += 1
            self.random.choice(self.model.officers).answers(self)

    def hears_back(self, solved: bool) -> None:
        """The case was solved or not."""
        self.lives_through(CONTACT_GOOD if solved else -UNSOLVED_LOSS)

    def forgets(self) -> None:
        """A week goes by."""
        self.lately *= left(TRUST_HALF_LIFE)
        self.bad *= left(CASE_HALF_LIFE)
        self.calm *= left(CASE_HALF_LIFE)


class Officer(mesa.Agent):
    """Somebody who stops residents and answers calls."""

    model: Town

    def stops(self, resident: Resident) -> None:
        """Stop a resident, and hand them over if the rules say so."""
        if resident.undocumented and self.random.random() < self.model.rules:
            resident.is_taken()
        else:
            resident.is_stopped(badly=self.random.random() < BAD_CONTACT)

    def answers(self, victim: Resident) -> None:
        """Work on a victim's case."""
        victim.hears_back(solved=self.random.random() < CLEAR_VIOLENT)


class Town(mesa.Model):
    """A town; a step is a week. Residents live in pairs, with somebody undocumented in half."""

    def __init__(self, residents: int = 40, officers: int = 2, rng: int = 3) -> None:
        super().__init__(rng=rng)
        self.residents = [Resident(self, undocumented=n % 4 == 0) for n in range(residents)]
        for one, other in zip(self.residents[::2], self.residents[1::2], strict=False):
            one.home, other.home = [other], [one]
        self.officers: list[Officer] = list(Officer.create_agents(self, officers))
        self.rules = self.heard = self.lived_with = self.expected = 0.0
        self.crimes = self.calls = self.taken = 0
        self.datacollector = mesa.DataCollector({n: n for n in ("trust", "fear")})

    @property
    def surprise(self) -> float:
        """How far the risk that people hear of is above what they have come to expect."""
        return self.heard - self.expected

    @property
    def trust(self) -> float:
        """Trust of the average resident."""
        return sum(r.trust for r in self.residents) / len(self.residents)

    @property
    def fear(self) -> float:
        """What fear takes from the average resident's decision to call, in log odds."""
        return sum(fear(r.stake, r.risk) for r in self.residents) / len(self.residents)

    def hear(self) -> None:
        """What is heard is lived with and then expected; what the rules mean is heard of."""
        stage = 1.0 - math.exp(-1.6783469900166605 / NEWS_HALF_LIFE)  # half of two in a half-life
        self.expected += stage * (self.lived_with - self.expected)
        self.lived_with += stage * (self.heard - self.lived_with)
        self.heard += NEWS_SPEED * (self.rules - self.heard)

    def step(self) -> None:
        """Live through one week."""
        self.rules = RULES_RISK if self.time > RULES_SINCE else 0.0
        self.hear()
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
    for week, row in town.datacollector.get_model_vars_dataframe().iterrows():
        bar = "#" * round(20 * row["fear"])
        print(f"week {week:2}  trust {row['trust']:.3f}  fear {row['fear']:.3f}  {bar}")
    print(f"{town.taken} were taken; {town.calls} of {town.crimes} victims called the police")
