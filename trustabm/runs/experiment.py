"""What is run: a town, its arms, dates, residents, luck and parameters, in one strict model.

A scenario is an experiment with one arm; a study's point, a lesson, a replay and a link of the
screen are an experiment and a little. All names are read once, when it is made, so that workers
read no file, and a file that changes meanwhile changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Self

import numpy as np
from pydantic import Field, ValidationInfo, model_validator

from trustabm.errors import InvalidInput
from trustabm.inputs import catalog
from trustabm.inputs.draws import OwnPosterior, in_use, most, posterior
from trustabm.inputs.groups import Groups
from trustabm.inputs.laid import Laid
from trustabm.inputs.notices import LAY_IN, few_people, has_own, own_rules, window
from trustabm.inputs.notices import same_rules as same_in_all_weeks
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.policy import Policy
from trustabm.inputs.readings import Unsure, unsure
from trustabm.inputs.rule import Rule, all_of, levers_in
from trustabm.inputs.timeline import Timeline, date_of
from trustabm.inputs.today import known_notes
from trustabm.inputs.town import Town, TownName, groups_of
from trustabm.rules.luck import seed_of
from trustabm.runs.arms import TitledArm
from trustabm.runs.classes import SLOWER, inhabiting
from trustabm.runs.conditions import Conditions
from trustabm.runs.lots import Lot, lots, probes
from trustabm.runs.own import Own, taken, written_out
from trustabm.runs.own_levers import check_read, unread
from trustabm.runs.region import Neighbor, joined, number_of, split
from trustabm.state.layout import WEEKS_MAX
from trustabm.week.world import Plan, World, check_weeks

__all__ = ["Experiment"]

REPLICATES_MAX = 1_000_000

SECONDS_PER_RESIDENT = 5e-6  # to synthesize a town; measured
SECONDS_PER_RESIDENT_WEEK = 1e-8  # to live through; measured

OF_RULES = ("_read_lines", "lines", "around", "before")
"""What an experiment keeps of the rules in force."""

RULED = "_ruled"
"""The same as rules are read in its lots."""


class Experiment(Conditions):
    """A town that lives through a burn-in and then through every arm, with the same luck.

    Args:
        town: A shipped town's name or the path of a TOML file; several joined by + are a region,
            the first of them the town and the others `neighbors`, under their own rules in force.
        arms: What is in force by arm; the first is the reference.
        burn_in: Weeks lived before, under what the reference has in force then, by date.
        replicates: Towns simulated, each with its own luck.
        draws: Draws to spread the replicates over, each of a structure of the model and its
            parameters; 0 for `parameters` alone; as many as is usual if not given.
        structures: Names of the structures to draw from; all, by their weights, if not given.
        figures: Whether every draw has its own figures of the town, from their ranges; as there
            are draws or none if not given. True without draws varies the figures alone.
        neighbors: Other towns of the region, sharing the ICE field office.
        own: Towns and policies that were given whole, by the names that stand for them here.
        posterior: A posterior of one's own that draws are from, what `trustabm calibrate` wrote;
            the one that is in use, or ships, if not given.

    The others are those of `Conditions`.
    """

    town: TownName = "us-average"
    arms: dict[catalog.Title, TitledArm] = Field(min_length=1)
    burn_in: int = Field(default=104, ge=0, le=WEEKS_MAX)
    replicates: int = Field(default=100, ge=1, le=REPLICATES_MAX)
    draws: int | None = Field(default=None, ge=0)
    structures: tuple[str, ...] | None = None
    figures: bool | None = None
    neighbors: tuple[Neighbor, ...] = ()
    own: Own = Field(default_factory=Own)
    posterior: OwnPosterior | None = Field(default_factory=in_use)

    @model_validator(mode="before")
    @classmethod
    def _takes_regions(cls, values: Any, info: ValidationInfo) -> Any:
        folder = (info.context or {}).get("folder")
        return split(taken(values, folder), folder)

    @model_validator(mode="after")
    def _read(self) -> Self:
        check_weeks(self.burn_in + self.weeks, "burn_in and weeks together")
        if self.draws is not None and self.draws > self.replicates:
            raise InvalidInput(
                f"draws: expected 0 to {self.replicates}, the replicates, got {self.draws}"
            )
        if self.draws is None or self.draws > 0:
            many = most(self.structures, self.posterior)
            if self.draws is not None and self.draws > many:
                raise InvalidInput(f"draws: expected 0 to {many}, got {self.draws}")
        elif self.posterior is not None and self.posterior != in_use():
            raise InvalidInput(f"posterior: expected none without draws, got {self.posterior}")
        elif self.structures is not None:
            raise InvalidInput(
                f"structures: expected none without draws, got {', '.join(self.structures)}"
            )
        self.own.check(self)
        _ = self.groups, self.before  # read now, and kept in every copy
        for arm in range(len(self.arms)):
            self.around_of(arm)
        check_read(self)
        return self

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with other parameters, draws or numbers, which keeps what was read."""
        copy = super().model_copy(update=update, deep=deep)
        for name in ("lots", "whole", "_plans", RULED):
            copy.__dict__.pop(name, None)
        return copy

    @cached_property
    def places(self) -> list[tuple[Town, int]]:
        """Every town of the region with its residents; the experiment's own comes first."""
        own = (self.own.town(self.town), self.residents)
        return [own, *((self.own.town(n.town), n.residents) for n in self.neighbors)]

    @property
    def place(self) -> Town:
        """The town."""
        return self.places[0][0]

    @cached_property
    def groups(self) -> Groups:
        """The ethnic groups of the region, and the outcome groups they make."""
        return groups_of([place for place, _ in self.places])

    @cached_property
    def around(self) -> list[Timeline]:
        """What is in force in each neighbor."""
        pairs = zip(self.neighbors, self.places[1:], strict=True)
        return [self.policy(n.policy).in_town(place) for n, (place, _) in pairs]

    @property
    def region(self) -> str:
        """The word that names the town, or it and its neighbors."""
        return joined(self.town, self.neighbors)

    def place_of(self, laid: Laid) -> int:
        """Return the number of the town that a change is laid in; 0 for the experiment's own."""
        return number_of(laid, [place for place, _ in self.places], self.region)

    def around_of(self, arm: int) -> list[Timeline]:
        """Return what is in force in each neighbor under an arm."""
        lines = list(self.around)
        for laid in list(self.arms.values())[arm].laid:
            if (k := self.place_of(laid)) > 0:
                lines[k - 1] = laid.on(lines[k - 1])
        return lines

    def policy(self, name: str) -> Timeline:
        """Return a policy or timeline, read once."""
        kept: dict[str, Timeline] = self.__dict__.setdefault("_policies", {})
        if name not in kept:
            kept[name] = self.own.line(name)
        return kept[name]

    @cached_property
    def whole(self) -> Experiment:
        """The same with all that its files say in it, and no path: it runs where no file of its is.

        To be asked for while the files are as they were when it was made.
        """
        return self.model_copy(update=written_out(self))

    @cached_property
    def lines(self) -> list[Timeline]:
        """What is in force in the town under each arm, everything laid in."""
        lines = [line for _, line in self._read_lines]
        titles = catalog.titles_apart(dict(zip(self.arms, (x.title for x in lines), strict=True)))
        pairs = zip(lines, titles.values(), strict=True)
        return [line.model_copy(update={"title": title}) for line, title in pairs]

    @property
    def stated(self) -> list[Timeline]:
        """What each arm has in force before anything is laid on it."""
        return [rules for rules, _ in self._read_lines]

    @cached_property
    def _read_lines(self) -> list[tuple[Timeline, Timeline]]:
        lines = []
        for name, arm in self.arms.items():
            try:
                lines.append(self._line(arm))
            except ValueError as e:
                where = "" if len(self.arms) == 1 else f"arms.{name}: "
                raise ValueError("\n".join(where + x for x in str(e).splitlines())) from e
        return lines

    def _line(self, arm: TitledArm) -> tuple[Timeline, Timeline]:
        """Return an arm's rules, and them with levers, then policies, then changes laid on."""
        rules = self.policy(arm.policy) if arm.line is None else arm.line
        line = rules = rules.in_town(self.place, always=self.local_policies)
        levers = self.levers | arm.levers
        if levers or line.reads_files:
            line = line.overlaid(levers)
        for laid in arm.laid:
            if self.place_of(laid) == 0:
                line = laid.on(line)
        for change in arm.changes:
            line = line.laid_over(change)
        if arm.over:
            line = line.overlaid(arm.over)
        line.dated()
        title = rules.title if arm.title is None else arm.title
        return rules, line.model_copy(update={"title": title})

    @property
    def titles(self) -> dict[str, str]:
        """What each arm is called, by its name; no two are called the same."""
        return dict(zip(self.arms, (line.title for line in self.lines), strict=True))

    @cached_property
    def before(self) -> list[Policy]:
        """What is in force in each town when the arms part, before they do."""
        return self.first().policies[-1 if self.burn_in else 0][1]

    def first(self) -> Plan:
        """Return what is in force from the first week: before the arms part, where there is any."""
        return self._plan(0, date_of(self.start, -self.burn_in), self.burn_in or self.weeks)

    def plan(self, arm: int = 0) -> Plan:
        """Return what an arm has in force from `start` on, and what is news of it."""
        return self._plan(arm, self.start, self.weeks, self.burn_in, self.before)

    def _plan(self, arm: int, *of: Any) -> Plan:
        plans: dict[Any, Plan] = self.__dict__.setdefault("_plans", {})
        if (arm, len(of)) not in plans:
            own = levers_in(self.rules_of(arm))
            plans[arm, len(of)] = Plan([self.lines[arm], *self.around_of(arm)], *of, own=own)
        return plans[arm, len(of)]

    def rules_of(self, arm: int) -> tuple[Rule, ...]:
        """Return the rules of one's own that an arm is lived through by."""
        own = {r.replaces: r for r in (*self.rules, *list(self.arms.values())[arm].rules)}
        return all_of(own.values())

    def changed(self, arm: int) -> tuple[str, ...]:
        """Return the levers that an arm has otherwise than the reference in some week."""
        days = {self.start, *(d for line in self.lines for d, _ in line.dated())}
        last = date_of(self.start, self.weeks)
        found: dict[str, None] = {}
        for day in sorted(d for d in days if self.start <= d < last):
            found |= dict.fromkeys(self.lines[0].at(day).differences(self.lines[arm].at(day)))
        return tuple(found)

    def same_rules(self, arm: int) -> bool:
        """Return whether an arm has the same in force as the reference, week by week."""
        plans = self.plan(0), self.plan(arm)
        return self.rules_of(arm) == self.rules_of(0) and all(
            np.array_equal(*(getattr(p, x) for p in plans)) for x in ("weeks", "levers", "news")
        )

    def world(self, replicate: int = 0, *, keep_events: bool = False) -> World:
        """Return the world of a replicate before its first week; every world is made here.

        Without a burn-in it is that of the reference.
        """
        seed = seed_of(self.seed, replicate)
        return World.synthesize(
            self.places,
            self.parameters,
            self.first(),
            seed,
            keep_events=keep_events,
            inhabit=inhabiting(self.classes),
            rules=self.rules_of(0),
        )

    @cached_property
    def lots(self) -> tuple[Lot, ...]:
        """What replicates are spread over; none where nothing but luck differs between them.

        Its replicates share all of a lot, or luck could not be told from what is drawn.
        """
        of = self.replicates, self.draws, self.structures, self.figures
        return lots(self.places, self.parameters, self.seed, *of, self.doubts, self.posterior)

    @cached_property
    def doubts(self) -> tuple[tuple[Unsure, ...], ...]:
        """What is not sure of the rules of each town, where they are lived through."""
        first, last = date_of(self.start, -self.burn_in), date_of(self.start, self.weeks)
        lines = [self.stated, *([line] for line in self.around)]
        return tuple(
            unsure(place, [x for x in here if has_own(x, place)], first, last)
            for (place, _), here in zip(self.places, lines, strict=True)
        )

    def some(self, replicates: int) -> Experiment | None:
        """Return the experiment of the first replicates alone, each in the lot that it lives by.

        Args:
            replicates: How many.

        Returns:
            None where so many lots are not shared among them as among all.
        """
        copy = self.model_copy(update={"replicates": replicates})
        copy.__dict__["lots"] = self.lots[: self._lot_of(replicates - 1) + 1]
        return copy if copy.spread() == self.spread()[:replicates] else None

    def spread(self) -> list[int]:
        """Return which lot each replicate lives by, 0 for all if there are none."""
        return [self._lot_of(k) for k in range(self.replicates)]

    def _lot_of(self, replicate: int) -> int:
        return replicate * len(self.lots) // self.replicates

    def at(self, replicate: int) -> Experiment:
        """Return the experiment with the parameters and figures that a replicate lives by."""
        if not self.lots:
            return self
        lot = self.lots[self._lot_of(replicate)]
        copy = self.varied(lot.parameters)
        copy.__dict__ |= {"places": lot.places, "_plans": self.__dict__.setdefault("_plans", {})}
        if lot.rules:
            copy.__dict__ |= self._read_as(lot)
        return copy

    def _read_as(self, lot: Lot) -> dict[str, Any]:
        """Return what is in force where rules are read as in a lot, kept from lot to lot.

        As stated where a reading contradicts what is laid on it.
        """
        kept: dict[Any, dict[str, Any]] = self.__dict__.setdefault(RULED, {})
        key = tuple(lot.rules.values())
        if key not in kept:
            other = self.model_copy()
            for name in OF_RULES:
                other.__dict__.pop(name, None)
            other.__dict__["places"] = lot.places
            try:
                kept[key] = {name: getattr(other, name) for name in OF_RULES} | {"_plans": {}}
            except ValueError:
                kept[key] = {}
        return kept[key]

    def probing(self) -> Experiment | None:
        """Return towns of structures that have few of this experiment's; None where none has."""
        more = probes(self.lots, self.parameters, self.structures, self.seed, self.posterior)
        if not more:
            return None
        other = seed_of(self.seed, self.replicates)
        copy = self.model_copy(update={"replicates": 2 * len(more), "seed": other})
        copy.__dict__["lots"] = more
        return copy

    def varied(
        self, parameters: Parameters, levers: Sequence[dict[str, Any] | None] = ()
    ) -> Experiment:
        """Return the experiment with other parameters, and levers laid over arms.

        Args:
            parameters: Those of every replicate.
            levers: Values by name, for each arm; None where it stays as it is.

        Raises:
            InvalidInput: where levers contradict what is in force in an arm.
        """
        alone = {"draws": 0, "structures": None, "figures": False}
        copy = self.model_copy(update={"parameters": parameters, **alone})
        if levers:
            pairs = zip(self.lines, levers, strict=True)
            lines = [x if values is None else x.overlaid(values) for x, values in pairs]
            copy.__dict__["lines"] = lines
            copy.__dict__.pop("before", None)
        return copy

    def without(self, mechanism: str) -> Experiment:
        """Return the experiment with a mechanism off, in every arm and from the first week."""
        parameters = self.parameters.model_copy(update={mechanism: False})
        return self.model_copy(update={"parameters": parameters})

    def with_others_under(self, levers: Mapping[str, dict[str, Any]]) -> Experiment:
        """Return an experiment of the reference, and of every other arm once for each overlay.

        Args:
            levers: Values by lever, for each name of an overlay; those of an overlay's arms are
                made of it and theirs, overlay by overlay.
        """
        (first, reference), *others = self.arms.items()
        arms = {first: reference}
        for name, values in levers.items():
            for arm, titled in others:
                over = {"over": titled.over | values}
                arms[f"{arm}, {name}"] = titled.model_copy(update=over)
        copy = self.model_copy(update={"arms": arms})
        for name in OF_RULES:
            copy.__dict__.pop(name, None)
        return copy

    def seconds(self) -> float:
        """Return about how long one replicate takes."""
        lived = (self.burn_in + self.weeks * len(self.arms)) * (SLOWER if self.classes else 1)
        people = sum(residents for _, residents in self.places)
        return people * (SECONDS_PER_RESIDENT + SECONDS_PER_RESIDENT_WEEK * lived)

    def notices_of_rules(self) -> Iterator[str]:
        """Yield which rules of one's own no draw was fitted with, and which levers none reads."""
        fitted = posterior(self.posterior).rules if self.posterior and self.draws != 0 else ()
        own = (r for arm in range(len(self.arms)) for r in self.rules_of(arm))
        yield from dict.fromkeys(r.notice for r in own if r.digest not in fitted)
        yield from unread(self)

    def notices(self, remedy: str = LAY_IN, *, same: bool = False) -> Iterator[str]:
        """Yield what of the arms' and the towns' own rules is not lived through.

        Args:
            remedy: How the town's own rules are laid in.
            same: Whether to say which arms have the reference's rules; findings say it themselves.
        """
        yield from self.notices_of_rules()
        for place, _ in self.places:
            yield from few_people(place)
        lines = list(zip(self.titles.values(), self.lines, strict=True))
        yield from known_notes(self.place, self.stated[0], self.start, self.weeks)
        yield from window(lines, self.start, self.weeks, date_of(self.start, -self.burn_in))
        for arm in self.arms.values():
            for laid in arm.laid:
                k = self.place_of(laid)
                line = [self.lines[0], *self.around][k]
                yield from laid.notes(self.places[k][0].fips, line, self.start, self.weeks)
        if same:
            alike = [x for k, x in enumerate(lines) if self.rules_of(k) == self.rules_of(0)]
            yield from same_in_all_weeks(alike, self.start, self.weeks)
        if not any(has_own(rules, self.place) for rules in self.stated):
            yield from own_rules(self.place, self.start, self.weeks, remedy)
        since = date_of(self.start, -self.burn_in)
        for (place, _), line in zip(self.places[1:], self.around, strict=True):
            for note in (
                *known_notes(place, line, self.start, self.weeks),
                *window([(line.title, line)], self.start, self.weeks, since),
            ):
                yield f"{place.title}: {note}"
            if not has_own(line, place):
                how = "write them into the neighbor's policy"
                yield from own_rules(place, self.start, self.weeks, how)
