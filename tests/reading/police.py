"""ODD 7.2 to 7.6: stops, crimes, reports, cases, bookings."""

from __future__ import annotations

import numpy as np
from reading import shape
from reading.expected import Expected
from reading.people import Person

from trustabm.rules import codes, contact, crime, luck, policing, reporting
from trustabm.state.layout import CHANCE


class Police(Expected):
    """What residents, offenders and police do."""

    def stops(self) -> None:
        p = self.p
        for a in self.candidates(luck.STOP_CANDIDATE, contact.STOP_BOUND):
            i, place, law = a.number, self.places[a.neighborhood], self.levers[a.town]
            who = place["officer"] + int(self.u(luck.STOP, i, 1) * place["officers"])
            officer = self.s.officers[who]
            trained = contact.trained(law, officer["school"])
            hazard = contact.stop_hazard(
                *(p, law, place["patrol"], self.towns[a.town]["patrols"], a.offending),
                *(shape.weight(self.s, a.ethnicity, "stops"), officer["bias"], trained),
            )
            if a.custody != codes.FREE or self.u(luck.STOP, i) >= hazard / contact.STOP_BOUND:
                continue
            if self.stays_in(a):
                continue
            badly = contact.badly_chance(
                p, officer["justice"], trained, shape.weight(self.s, a.ethnicity, "badly")
            )
            weight = shape.weight(self.s, a.ethnicity, "asked")
            asks = contact.asked_at_stop(p, law, weight, trained)
            holds = contact.arrested_for_status(p, law, contact.deputized(law, officer["rank"]))
            bad, asked = self.u(luck.STOP_GOES_BADLY, i) < badly, self.u(luck.STOP_ASKED, i) < asks
            lacking = asked and a.status == codes.UNDOCUMENTED
            known = lacking and self.u(luck.STOP_IDENTIFIED, i) < p.ask_identifies
            held = known and self.u(luck.STOP_HELD, i) < holds
            u = self.u(luck.STOP_ARREST, i)
            arrested = u < contact.stop_arrest_chance(p, law, a.offending, a.status)
            instead = self.instead_of_citing(a, officer["bias"], trained)
            arrested |= self.u(luck.STOP_CITATION, i) < p.citation_share * instead
            conduct = contact.conduct_chance(p, a.offending)
            outcome = codes.STOP_NOTHING
            if held or arrested:
                outcome = codes.STOP_ARREST
            elif self.u(luck.STOP_CITATION, i) < p.citation_share:
                outcome = codes.STOP_CITATION
            charge = policing.stop_charge(p, arrested, conduct, u, self.u(luck.STOP_CHARGE, i))
            self.write("stops", a, officer=who, bad=bad, asked=asked, identified=held)
            self.rows["stops"][-1] |= {"outcome": outcome, "charge": charge}
            self.count(a, "stops")
            self.count(a, "bad_stops", bad)
            self.count(a, "asked", asked)
            self.count(a, "citations", outcome == codes.STOP_CITATION)
            if crime.removable(a.status, a.record):
                lacking = a.status == codes.UNDOCUMENTED
                status = asks * p.ask_identifies * holds if lacking else 0.0
                offence = contact.stop_arrest_chance(p, law, a.offending, a.status)
                none = (1 - offence) * (1 - p.citation_share * instead)
                self.expect_bookings(a, status - held, True)
                self.expect_bookings(a, (1 - status) * (1 - none) - (arrested and not held))

    def instead_of_citing(self, a: Person, bias: float, trained: bool) -> float:
        law, mean = self.levers[a.town], self.p.profiling_bias
        if not self.towns[a.town]["undocumented"]:
            return 0.0
        if not self.p.incentive or trained or not mean:
            return 0.0
        seen = law.fingerprint_sharing + law.jail_screening
        seen -= law.fingerprint_sharing * law.jail_screening
        if law.ask_status in (codes.ASK_BOOKING, codes.ASK_ARREST, codes.ASK_STOP):
            seen = 1.0
        ready = self.p.screening_incentive * seen * law.honor[codes.RECORD_NONE]
        return float(min(1, shape.weight(self.s, a.ethnicity, "stops") * ready * bias / mean))

    def crimes(self) -> None:
        p = self.p
        for a in self.candidates(luck.CRIME_CANDIDATE, crime.CRIME_BOUND):
            i, town = a.number, self.towns[a.town]
            if not a.offending or not crime.at_liberty(p, a.custody):
                continue
            removable = crime.removable(a.status, a.record)
            hazard = crime.offence_hazard(p, town["crime"], a.offending, removable, self.risk_of(a))
            if self.u(luck.CRIME, i) * crime.CRIME_BOUND >= hazard * crime.ACT_BOUND:
                continue
            u = self.u(luck.CRIME, i, 1)
            kind = codes.PROPERTY
            if u < town["violent"] + town["domestic"]:
                kind = codes.VIOLENT if u < town["violent"] else codes.DOMESTIC
            for half in (0.5, 0.0):  # somebody else whom the offender could meet, and the victim
                victim = self.met(a, kind, half)
                if victim is None:
                    continue
                act = crime.target_chance(
                    *(p, self.learned[victim.neighborhood, victim.ethnicity]["reports"]),
                    *(town["cleared"], town["reports"], town["clears"]),
                )
                chance = self.report_chance(victim, kind, a)
                self.expect_crime(victim, kind, act / 4, chance)
                if removable:
                    solved = act / 4 * chance * policing.usual_clearance(p, kind)
                    self.expect_bookings(a, solved)
            if victim is None or self.u(luck.CRIME_TARGET, i) * crime.ACT_BOUND >= act:
                continue
            self.write(
                *("crimes", a),
                victim=victim.number,
                victim_generation=victim.generation,
                witness=-1,
                witness_generation=-1,
                neighborhood=victim.neighborhood,
                kind=kind,
                **dict.fromkeys(("reported", "came", "cleared", "charge", "asked"), 0),
                **dict.fromkeys(("witness_asked", "chance", "clears"), 0),
            )

    def met(self, a: Person, kind: int, half: float) -> Person | None:
        u = (self.u(luck.CRIME_VICTIM, a.number) + half) % 1
        if kind == codes.DOMESTIC:
            others = [j for j in range(a.first, a.first + a.household) if j != a.number]
            if not others:
                return None
            met = self.people[others[int(u * len(others))]]
        else:
            place, far = self.places[a.neighborhood], self.u(luck.CRIME_PLACE, a.number)
            if far >= self.p.near_crime:
                pick = (far - self.p.near_crime) / (1 - self.p.near_crime)
                places = range(self.towns[a.town]["first"], self.towns[a.town]["last"])
                place = self.places[places[int(pick * len(places))]]
            met = self.people[
                range(place["start"], place["end"])[int(u * (place["end"] - place["start"]))]
            ]
        if met is a or met.custody != codes.FREE:
            return None
        return None if kind != codes.DOMESTIC and self.stays_in(met) else met

    def worry(self, a: Person) -> float:
        stake = reporting.stake(self.p, a.concern, a.tied, a.status)
        sense = reporting.sensitivity(self.p, self.seed, a.number, a.generation)
        return float(sense * stake * self.risk_of(a))

    def stays_in(self, a: Person) -> bool:
        kept = a.ethnicity != shape.ETHNIC["other"] and self.worry(a) > self.p.avoid_at
        in_now = self.u(luck.STAYS_IN, a.number) < self.p.avoided
        return bool(self.p.avoidance and kept and in_now)

    def feared(self, a: Person, asks: float) -> float:
        return reporting.fear(
            *(self.p, self.levers[a.town], self.risk_of(a)),
            self.stake(a),
            reporting.sensitivity(self.p, self.seed, a.number, a.generation),
            asks * {codes.SELF: 1.0, codes.HOUSEHOLD: self.p.stake_household}.get(a.concern, 0.0),
        )

    def asked(self, a: Person, asks: float, by: int, purposes: tuple[int, int, int]) -> int:
        if self.u(purposes[0], by) >= asks:
            return 0
        known = a.status == codes.UNDOCUMENTED and self.u(purposes[1], by) < self.p.ask_identifies
        if not known:
            return 1
        return 3 if self.u(purposes[2], by) < self.p.ask_hand_over else 2

    def report_chance(self, a: Person, kind: int, by: Person) -> float:
        p, law = self.p, self.levers[a.town]
        feared = self.feared(a, law.ask_victims)
        if kind == codes.DOMESTIC and by.status != codes.UNDOCUMENTED:
            feared *= p.fear_domestic
        readiness = shape.weight(self.s, a.ethnicity, "reports")
        chance = reporting.report_chance(
            *(p, law, kind, self.trust_in_mood(a), feared, a.status, readiness)
        )
        subject = shape.weight(self.s, a.ethnicity, "experimental")
        return float(reporting.with_experimental_factor(p, chance, subject))

    def reports(self) -> None:
        p = self.p
        for row in self.rows["crimes"]:
            a, by = self.people[row["victim"]], row["resident"]
            law, kind = self.levers[a.town], row["kind"]
            chance = self.report_chance(a, kind, self.people[by])
            row["chance"] = float(np.float32(chance))
            row["reported"] = self.u(luck.REPORT, by) < chance
            if not row["reported"]:
                continue
            purposes = luck.VICTIM_ASKED, luck.VICTIM_IDENTIFIED, luck.VICTIM_PASSED_ON
            row["asked"] = self.asked(a, law.ask_victims, by, purposes)
            if self.u(luck.WITNESS_THERE, by) >= reporting.witness_there(p, kind):
                continue
            place = self.places[row["neighborhood"]]
            people = range(place["start"], place["end"])
            b = self.people[people[int(self.u(luck.WITNESS_WHO, by) * len(people))]]
            if b.number in (a.number, by) or b.custody != codes.FREE or self.stays_in(b):
                continue
            row["witness"], row["witness_generation"] = b.number, b.generation
            chance = reporting.come_forward_chance(
                *(p, self.trust_in_mood(b), self.feared(b, law.ask_witnesses))
            )
            row["came"] = self.u(luck.WITNESS_COMES, by) < chance
            if row["came"]:
                purposes = luck.WITNESS_ASKED, luck.WITNESS_IDENTIFIED, luck.WITNESS_PASSED_ON
                row["witness_asked"] = self.asked(b, law.ask_witnesses, by, purposes)

    def cases(self) -> None:
        p = self.p
        name = {codes.VIOLENT: "violent", codes.PROPERTY: "property", codes.DOMESTIC: "domestic"}
        for row in self.rows["crimes"]:
            a, kind = self.people[row["victim"]], row["kind"]
            town = self.towns[a.town]
            if row["reported"]:
                workload = town["case_hours"] / town["usual_hours"]
                place = self.s.neighborhoods[row["neighborhood"]]
                u = self.u(luck.DETECTIVE, row["resident"])
                detective = self.s.officers[place["officer"] + int(u * place["officers"])]
                own = detective["hours"] * town["officers"] / town["hours"]
                free = town["free"] * own
                chance = policing.clearance_chance(p, kind, free, workload, row["came"])
                row["clears"] = float(np.float32(chance))
                row["cleared"] = self.u(luck.CLEARED, row["resident"]) < chance
                row["charge"] = policing.charge(p, kind, self.u(luck.CASE_CHARGE, row["resident"]))
            learned = self.learned[row["neighborhood"], a.ethnicity]
            learned["crimes"] += 1
            usual = reporting.usual_reporting(p, kind)
            learned["reported"] += int(row["chance"] / usual * town["reports"] * CHANCE)
            self.count(a, name[kind])
            if not row["reported"]:
                continue
            self.count(a, f"reported_{name[kind]}")
            usual = policing.usual_clearance(p, kind)
            town["week_reported"] += 1
            town["week_cleared"] += int(row["clears"] / usual * town["clears"] * CHANCE)
            town["week_case_hours"] += policing.case_hours(p, kind)
            by = "property" if kind == codes.PROPERTY else "violent"
            self.count(a, f"cleared_{by}", row["cleared"])
            self.count(a, f"expected_cleared_{by}", row["clears"])
            offender = self.people[row["resident"]]
            if crime.removable(offender.status, offender.record):
                self.expect_bookings(offender, row["clears"] - row["cleared"] - usual)
            if row["witness"] >= 0:
                b = self.people[row["witness"]]
                self.count(b, "witnesses")
                self.count(b, "witnesses_came", row["came"])

        for (k, then, now, what), many in list(self.tally.items()):
            for kind, one in name.items():
                if what not in (f"expected_reported_{one}", f"reported_{one}"):
                    continue
                town = self.towns[k]
                workload = town["case_hours"] / town["usual_hours"]
                witnesses = reporting.witness_there(p, kind) * p.witness_report
                chance = policing.clearance_chance(p, kind, town["free"], workload, witnesses)
                more = many if what.startswith("expected") else -many
                by = "property" if kind == codes.PROPERTY else "violent"
                self.tally[k, then, now, f"expected_cleared_{by}"] += chance * more

    def bookings(self) -> None:
        for row in self.rows["stops"]:
            if row["outcome"] == codes.STOP_ARREST:
                a = self.people[row["resident"]]
                self.book(a, row["charge"], codes.FROM_STOP, row["identified"])
        for row in self.rows["crimes"]:
            if row["cleared"]:
                self.book(self.people[row["resident"]], row["charge"], codes.FROM_CASE, False)
            for who, asked, source in (
                ("victim", "asked", codes.FROM_VICTIM),
                ("witness", "witness_asked", codes.FROM_WITNESS),
            ):
                a = self.people[row[who]]
                if row[asked] == 3 and a.custody == codes.FREE:
                    self.write(
                        "bookings", a, record=a.record, source=source, matched=1, town=a.town
                    )
                    self.rows["bookings"][-1] |= {"weeks": 0, "charge": codes.RECORD_NONE}
                    self.rows["bookings"][-1] |= {"convicted": 0, "prison": 0}
                    self.count(a, "matches")

    def book(self, a: Person, charge: int, source: int, known: bool) -> None:
        p, law = self.p, self.levers[a.town]
        if a.custody != codes.FREE:
            return

        def u(purpose: int) -> float:
            return self.u(purpose, a.number, source)

        felony = charge in (codes.RECORD_FELONY, codes.RECORD_VIOLENT)
        self.count(a, "arrests")
        self.count(a, "arrests_felony", felony)
        told = known
        if crime.removable(a.status, a.record):
            prints = policing.fingerprints_match(p, law, u(luck.FINGERPRINTS), u(luck.IN_RECORDS))
            screened = policing.screening_finds(
                p, law, a.status, u(luck.SCREENED), u(luck.SCREEN_IDENTIFIED)
            )
            asked = policing.question_finds(p, law, u(luck.BOOKING_ASKED), u(luck.ARREST_ASKED))
            known = known or prints or screened or asked
        self.count(a, "matches", known)
        self.towns[a.town]["week_away_hours"] += law.jail_screening * p.screening_hours
        convicted = charge != codes.RECORD_NONE and u(luck.CONVICTED) < p.conviction
        prison = felony and convicted and u(luck.PRISON) < p.prison_share
        if prison:
            weeks = 1 + luck.geometric(u(luck.PRISON_WEEKS), p.prison_weeks)
        else:
            mean = p.jail_felony if felony else p.jail_minor
            weeks = luck.geometric(u(luck.JAIL_WEEKS), mean)
            self.count(a, "jail_days", 7 * weeks if weeks else p.booking_days)
        if crime.removable(a.status, a.record):
            match = 1.0 if told else policing.identified_chance(p, law, a.status)
            guilty = p.conviction if charge else 0.0
            away = guilty * p.prison_share if felony else 0.0
            taken = self.taken_of_match(a)
            free = match * (1 - guilty) - (known and not convicted)
            jailed = match * (guilty - away) - (known and convicted and not prison)
            self.expect_taken(a, taken * free, a.record, source)
            self.expect_taken(a, taken * jailed, max(a.record, charge), source)
        row = self.write("bookings", a, record=a.record, source=source, matched=known, weeks=weeks)
        row["town"] = a.town
        row |= {"charge": charge, "convicted": convicted, "prison": prison}
        if convicted and charge > a.record:
            a.record = charge
        if weeks:
            inside = codes.PRISON if prison else codes.JAIL
            self.put(a, inside, self.week + weeks, source)
