"""You are a resident: ten rounds in which each pupil decides for somebody whether to call.

Each pupil is dealt a resident of a simulated town, with household, friends and status as the town's
makeup has them. In every round something has happened to or near that resident, and the pupil says
whether they call the police. The town then goes on with what was really decided, beside the
model's own people and with the same luck as without the class; the debrief holds what the class did
against the model's chances for the same residents, and against the two policies.

A round is a quarter of a year. What happens in it is found by living through it once on trial; then
all are asked at the same time, and it is lived through again with their answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from trustabm.classroom.answers import (
    FAIR,
    HAPPENED,
    NOT_AFTER_ALL,
    Answer,
    Seat,
    came_of,
    choices_of,
    choices_told,
    counted,
    looked_back,
)
from trustabm.classroom.living import (
    NEAR,
    Case,
    chances,
    has_stake,
    live,
    nearness,
    people,
    present,
    this_week,
    twin,
)
from trustabm.classroom.room import PUPILS_MAX, Choices, Sheet
from trustabm.errors import InvalidInput
from trustabm.inputs.timeline import date_of
from trustabm.rules import codes
from trustabm.rules.luck import uniform
from trustabm.runs.experiment import Experiment
from trustabm.state import journal
from trustabm.telling.lives import Record
from trustabm.telling.sentences import upper
from trustabm.telling.story import life
from trustabm.week.world import World

__all__ = ["Residents"]

DEALT = 1000
"""What a draw of a resident for a pupil is for; no rule of the model draws for this."""

TAKE = ("I decide for this resident", "Another resident, please")
"""What may be chosen by whoever has no resident yet: they have one from the next round on."""

ANOTHER = 2
"""The place among the options of a question of the wish for another resident."""


class Residents:
    """What a class does in a room: each a resident of one town.

    Everything in it follows from its seed and the choices. Round 0 deals residents.

    Args:
        experiment: The town and two arms: the reference, and the one that the class lives in.
        rounds: How many rounds.
        weeks: Weeks a round.

    Raises:
        InvalidInput: for an experiment of other than two arms or of fewer weeks than the rounds
            take.
    """

    def __init__(self, experiment: Experiment, rounds: int = 10, weeks: int = 13) -> None:
        if len(experiment.arms) != 2:
            raise InvalidInput(f"arms: expected 2, got {len(experiment.arms)}")
        if experiment.weeks < rounds * weeks:
            raise InvalidInput(
                f"weeks: expected at least {rounds * weeks}, {rounds} rounds of {weeks}, "
                f"got {experiment.weeks}"
            )
        self.experiment, self.rounds, self.weeks = experiment, rounds, weeks
        start = experiment.world()
        start.run_for(experiment.burn_in)
        plans = experiment.plan(0), experiment.plan(1)
        self.reference, self.alone, self.town = (
            start.branch(plan, keep_events=True) for plan in (plans[0], plans[1], plans[1])
        )
        self.round = 0
        self.seats: dict[int, Seat] = {}
        self._order = _dealing(self.town)

    @classmethod
    def of(
        cls,
        policies: Sequence[str] = ("none", "secure-communities"),
        *,
        town: str = "harris-tx",
        start: str = "2010-01-01",
        residents: int = 3000,
        seed: int = 1,
        rounds: int = 10,
        weeks: int = 13,
        burn_in: int = 52,
    ) -> Residents:
        """Return a class in a town under the second of two policies, the first the reference.

        Args:
            policies: Names of two policies.
            town: A town.
            start: The date on which the first round begins.
            residents: Residents simulated.
            seed: The seed of the town's luck.
            rounds: How many rounds.
            weeks: Weeks a round.
            burn_in: Weeks lived before, under the first policy.
        """
        values: dict[str, Any] = {
            "town": town,
            "arms": {name: {"policy": name} for name in policies},
            "start": start,
            "residents": residents,
            "seed": seed,
            "weeks": rounds * weeks,
            "burn_in": burn_in,
            "replicates": 1,
            "draws": 0,
        }
        return cls(Experiment.make(values, "class"), rounds, weeks)

    @classmethod
    def warm_up(cls) -> None:
        """Compile what rounds run, so that no class waits for it."""
        small = cls.of(residents=500, rounds=1, burn_in=0)
        for choices in ({1: 0}, {1: 0}):
            small.advance(choices)

    @property
    def over(self) -> bool:
        """Whether all rounds have been played."""
        return self.round > self.rounds

    @property
    def open(self) -> bool:
        """Whether choices are taken."""
        return not self.over

    @property
    def following(self) -> str:
        """What `advance` does."""
        if self.round == 0:
            return "Begin"
        if self.round < self.rounds:
            return "End the round, and ask the next"
        return "" if self.over else "End the last round, and look back"

    def options(self, pupil: int) -> tuple[str, ...]:
        """Return what a pupil may choose: nothing in a round in which nothing happened nearby."""
        seat = self.seats.get(pupil)
        if self.over or (seat is not None and seat.asked is None):
            return ()
        if seat is None:
            return TAKE
        she = self._record().people(seat.row)[-1].she
        return f"{upper(she)} calls the police", f"{upper(she)} does not call", TAKE[1]

    def advance(self, choices: Mapping[int, int]) -> None:
        """End the round, if one is on, with what was decided; then ask for the next, if any.

        A pupil who has chosen nothing, or another resident, leaves this one's decision to the
        model.
        """
        if self.over:
            return
        others = [s for n, s in self.seats.items() if s.asked and choices.get(n) == ANOTHER]
        for number, seat in self.seats.items():
            if seat.asked is not None and choices.get(number) in (0, 1):
                seat.asked.calls = choices[number] == 0
        if self.round > 0:
            self._live_through()
        for seat in others:
            self._deal(seat, seat.card + 1)
        for number in sorted(choices.keys() - self.seats.keys()):
            self.seats[number] = Seat(number, 0)
            self._deal(self.seats[number], choices[number])
        self.round += 1
        if self.open:
            self._replace_the_gone()
            self._ask()

    def sheet(self, pupil: int, choices: Choices) -> Sheet:
        """Return a pupil's page: who they decide for, what was heard, and what is asked."""
        record, seat = self._record(), self.seats.get(pupil)
        title = self._title()
        if seat is None:
            if self.over:
                return Sheet(title, ("The last round is over.",))
            row = self.card(pupil, 0)[0]
            may = "This may be your resident from the next round on."
            return Sheet(title, (life(record, row).opening, may), TAKE)
        told, since = life(record, seat.row), (self.round - 2) * self.weeks
        heard = [f"{self._date(w)}: {what}" for w, what in told.weeks if w >= since]
        if self.over:
            return Sheet(title, (told.opening,), after=looked_back(seat, self.experiment))
        ask = "Nothing happens nearby in these weeks." if seat.asked is None else seat.asked.text
        text = tuple(x for x in (seat.note, told.opening, told.closing, *heard, ask) if x)
        past = [a for a in seat.answers if a.came is not None]
        last = () if not past else (f"Round {past[-1].round}: {past[-1].came or NOT_AFTER_ALL}",)
        return Sheet(title, text, self.options(pupil), after=last)

    def board(self, choices: Choices) -> Sheet:
        """Return the projector's page: what to know before, how many are asked, and the debrief."""
        if self.round == 0:
            return Sheet("You are a resident", FAIR)
        if self.open:
            asked = sum(s.asked is not None for s in self.seats.values())
            return Sheet(self._title(), (f"{asked} of {len(self.seats)} residents are asked.",))
        told = self.debrief()
        whole, *parts = told["choices"]
        rows = [choices_told(row) for row in parts if row["asked"]]
        rows += [
            f"{t['town']}: {t['reported']} of {t['crimes']} crimes were reported, {t['solved']} "
            f"solved; {t['removed']} people were removed."
            for t in told["towns"]
        ]
        rows.append("This is one town. What a policy does on average is for a run of many to say.")
        return Sheet("What the class did", said=choices_told(whole), after=tuple(rows))

    def row(self, pupil: int, round_: int, choice: int) -> dict[str, Any]:
        """Return a choice beside the model's chances, which are told when all is over."""
        seat = self.seats.get(pupil)
        found = [a for a in seat.answers if a.round == round_] if seat is not None else []
        if not found:
            return {"question": "", "choice": TAKE[min(choice, 1)]}
        a, words = found[0], ("calls", "does not call", "another resident")
        return {
            "question": a.text,
            "choice": words[choice],
            "near": a.near,
            "at_stake": a.staked,
            "chance": a.chance if self.over else None,
            "reference": a.reference if self.over else None,
        }

    def debrief(self) -> dict[str, Any]:
        """Return what the class did beside the model's chances and the two policies.

        Returns:
            `choices`, a row for all and for residents with and without a deportation at
            stake: `asked`, `called`, `expected` (the chances added up), `low` and `high` (90% of
            what luck alone makes of them), `reference` (the chances under the other policy, where
            the resident is there); `towns`, a row for the reference, the policy without the class
            and with it: `crimes`, `reported`, `solved`, `removed` since the first round.
        """
        done = [a for p in self.seats.values() for a in p.answers if a.came is not None]
        done = [a for a in done if a.calls is not None]
        rows = [("Everybody", done)]
        rows += [("Residents with a deportation at stake", [a for a in done if a.staked])]
        rows += [("Residents with none at stake", [a for a in done if not a.staked])]
        names = list(self.experiment.titles.values())
        towns = (
            (names[0], self.reference),
            (f"{names[1]}, the model alone", self.alone),
            (f"{names[1]}, with the class", self.town),
        )
        return {
            "choices": [choices_of(name, answers) for name, answers in rows],
            "towns": [counted(name, world) for name, world in towns],
        }

    def _title(self) -> str:
        if self.over:
            return "What came of it"
        return "You are a resident" if self.round == 0 else f"Round {self.round} of {self.rounds}"

    def _record(self) -> Record:
        return Record.of_world(self.town, self.experiment.start, self.experiment.burn_in)

    def _date(self, week: int) -> str:
        day = date_of(self.experiment.start, week)
        return f"{day.day} {day:%B %Y}"

    def card(self, number: int, card: int) -> tuple[int, int]:
        """Return the place of a resident dealt to a pupil, and which card it is: one who is there.

        Numbers have cards of their own, so that who else has joined makes no difference.
        """
        many = len(self._order)
        for k in range(card, card + many):
            row = self._order[(number - 1 + PUPILS_MAX * k) % many]
            if self.town.state.residents["custody"][row] == codes.FREE:
                return row, k
        raise InvalidInput("class: nobody is left in town to decide for")

    def _deal(self, seat: Seat, card: int) -> None:
        seat.row, seat.card = self.card(seat.number, card)
        seat.generation = int(self.town.state.residents["generation"][seat.row])
        seat.note = ""

    def _replace_the_gone(self) -> None:
        """Deal another resident to those whose own has left the town."""
        for seat in self.seats.values():
            r = self.town.state.residents[seat.row]
            removed, inside = r["custody"] == codes.REMOVED, codes.CUSTODY[r["custody"]]
            if removed or r["generation"] != seat.generation:
                went = "was removed from the country" if removed else "moved away"
                self._deal(seat, seat.card + 1)
                seat.note = f"Your resident {went}. You go on with another."
            else:
                seat.note = "" if r["custody"] == codes.FREE else f"Your resident is in {inside}."

    def _ask(self) -> None:
        """Live through the round on trial, and ask each pupil of what is nearest to them.

        Nobody is asked of what their own resident did, and no two of the same.
        """
        trial = twin(self.town)
        found: list[tuple[int, Case, int, Seat]] = []
        for _ in range(self.weeks):
            there = [p for p in self.seats.values() if present(trial, p.row, p.generation)]
            trial.run_for(1)
            for case, kind in this_week(trial):
                for p in there:
                    near = nearness(trial, p.row, case.victim)
                    if near < len(NEAR) and case.offender != p.row:
                        found.append((near, case, kind, p))
        asked: set[int] = set()
        cases: set[Case] = set()
        record = self._record()
        for near, case, kind, p in sorted(found, key=lambda f: (f[0], f[1], f[3].number)):
            if p.number not in asked and case not in cases:
                asked.add(p.number)
                cases.add(case)
                text = self._question(record, p.row, case, kind)
                staked = has_stake(self.town, p.row)
                p.answers.append(Answer(self.round, p.row, case, kind, NEAR[near], text, staked))

    def _question(self, record: Record, row: int, case: Case, kind: int) -> str:
        me, victim = record.people(row)[-1], record.people(case.victim)[-1]
        near = nearness(self.town, row, case.victim)
        who = (me.she, record.relation(me, victim), "a friend", "somebody in the neighborhood")
        day = self._date(case.week - self.experiment.burn_in)
        return (
            f"In the week of {day}, {who[near]} {HAPPENED[kind]}. Does your resident "
            "call the police?"
        )

    def _live_through(self) -> None:
        """Live through the round with what was decided, and note chances and what came of it."""
        asked = [(p, a) for p in self.seats.values() if (a := p.asked) is not None]
        decided = {a.case: a.calls for _, a in asked if a.calls is not None}
        for world in (self.town, self.reference):
            end = world.week + self.weeks
            for week in sorted({a.case.week for _, a in asked}):
                _live_until(world, week, decided if world is self.town else {})
                here = [(p, a) for p, a in asked if a.case.week == week]
                here = [(p, a) for p, a in here if present(world, a.row, p.generation)]
                found = chances(world, [(a.row, a.kind) for _, a in here])
                for (_, a), chance in zip(here, found, strict=True):
                    if world is self.town:
                        a.chance = chance
                    else:
                        a.reference = chance
            _live_until(world, end, decided if world is self.town else {})
        self.alone.run_for(self.weeks)
        crimes = journal.frames(self.town.tables)["crimes"]
        crimes = crimes[crimes["week"] >= self.town.week - self.weeks]
        happened = {Case(int(c["week"]), int(c["resident"]), int(c["victim"])): c for c in crimes}
        for _, a in asked:
            a.came = came_of(happened.get(a.case))


def _dealing(world: World) -> list[int]:
    """Return who can be dealt, in an order of luck: one of each household, the first who comes."""
    there = people(world)
    luck = [uniform(world.seed, 0, DEALT, int(i)) for i in there]
    order = there[np.argsort(luck)]
    homes = order - world.state.residents["member"][order]
    first = np.sort(np.unique(homes, return_index=True)[1])
    return [int(i) for i in order[first]]


def _live_until(world: World, week: int, decided: dict[Case, bool]) -> None:
    now = world.week
    live(world, week - now, {c: d for c, d in decided.items() if now <= c.week < week})
