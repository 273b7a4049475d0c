"""Policies are levers: what a city, a sheriff, a state or the federal government can set.

A preset is a named setting of these levers and nothing else; no rule ever looks at a name.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    field_validator,
    model_serializer,
    model_validator,
)

from trustabm.errors import Contradiction, InvalidInput, nearest, problems, shown
from trustabm.inputs.catalog import Strict
from trustabm.inputs.declare import Declared, declarations, lever
from trustabm.inputs.lever import OWN, look_for

__all__ = ["ASK", "EVERY", "LEVERS", "TOWARDS", "Levers", "Policy", "entangles", "patched"]

ASK = ("nobody", "booking", "arrest", "stop")
"""When officers or jail staff ask about status: each point includes the ones before it."""

TOWARDS = {
    "ask_status": 1,
    "ask_victims": 1,
    "ask_witnesses": 1,
    "deputized_share": 1,
    "officer_training": 1,  # it comes with agreements, and none takes it back
    "jail_screening": 1,
    "honor_none": 1,
    "honor_misdemeanor": 1,
    "honor_felony": 1,
    "honor_violent": 1,
    "judicial_warrant": -1,
    "firewall": -1,
}
"""Levers that bind local police and immigration enforcement: 1 where more of it binds closer."""

_287G = "Immigration and Nationality Act §287(g), 8 U.S.C. §1357(g)"
_CAPPS = "Capps, Rosenblum, Rodríguez & Chishti 2011, Delegation and Divergence, MPI"
_GAO = "GAO-12-708 (2012), Secure Communities"
_8CFR = "8 CFR §287.7 (detainers)"
_PEP = "DHS memorandum, 20 November 2014 (Secure Communities ends, PEP begins)"
_TRUST = "California TRUST Act 2013, Gov. Code §7282.5"
_TRAC = "TRAC, Syracuse University, ICE detainer reports 325, 330, 511"


class Policy(Strict):
    """The setting of every lever in force in one jurisdiction during one week.

    All levers at their defaults are "no entanglement": local police take no part in immigration
    enforcement, the federal government enforces alone.

    Raises:
        pydantic.ValidationError: for an unknown lever, a value of the wrong type or out of its
            bounds, or levers that contradict each other.
    """

    # Who is asked about immigration status, and when
    ask_status: Literal["nobody", "booking", "arrest", "stop"] = lever(
        "nobody",
        title="Earliest point at which status is asked",
        unit="point of contact",
        high=3,
        level="local",
        sentence="The earliest point at which local staff ask a person about immigration status.",
        source="Arizona v. United States, 567 U.S. 387 (2012); " + _CAPPS,
    )
    ask_victims: float = lever(
        0.0,
        title="Victims who report are asked about status",
        unit="share of reports",
        level="local",
        sentence="How often a victim who reports is asked about immigration status.",
        source="Theodore 2013, Insecure Communities; Wong et al. 2019, USIPC Working Paper 1",
    )
    ask_witnesses: float = lever(
        0.0,
        title="Witnesses who come forward are asked about status",
        unit="share of interviews",
        level="local",
        sentence="How often a witness who comes forward is asked about immigration status.",
        source="Theodore 2013, Insecure Communities; Wong et al. 2019, USIPC Working Paper 1",
    )

    # 287(g)
    deputized_share: float = lever(
        0.0,
        title="Officers deputized as immigration officers",
        unit="share of officers",
        level="local",
        sentence="Officers trained and deputized to act as immigration officers on patrol.",
        source=_287G,
    )
    officer_training: float = lever(
        0.0,
        title="Officers trained in procedural justice",
        unit="share of officers",
        level="local",
        sentence="Officers trained in procedural justice and in when not to ask.",
        source="Mazerolle et al. 2013, doi:10.1007/s11292-013-9175-2",
    )

    # What the federal government learns from a booking
    fingerprint_sharing: float = lever(
        0.0,
        title="Fingerprints checked against DHS records",
        unit="share of bookings",
        level="federal",
        sentence="Fingerprints taken at booking that are checked against DHS records.",
        source=_GAO,
    )
    jail_screening: float = lever(
        0.0,
        title="Jail interviews people about status",
        unit="share of bookings",
        level="local",
        sentence="Bookings in which a screening interview about status is held in the jail.",
        source=_CAPPS,
    )

    # What ICE asks for
    notification_share: float = lever(
        0.0,
        title="ICE asks for notice of a release, not to hold",
        unit="share of requests",
        level="federal",
        sentence="Requests that ask to be told of a release rather than to hold the person.",
        source=_PEP + "; TRAC 2016: 17% of requests were notification-only",
    )
    priority_none: float = lever(
        0.0,
        title="ICE acts on matches: no conviction",
        unit="probability",
        level="federal",
        sentence="Chance that ICE acts on a match with no conviction.",
        source=_TRAC,
    )
    priority_misdemeanor: float = lever(
        0.0,
        title="ICE acts on matches: misdemeanor at most",
        unit="probability",
        level="federal",
        sentence="Chance that ICE acts on a match with a misdemeanor at most.",
        source=_TRAC,
    )
    priority_felony: float = lever(
        0.9,
        title="ICE acts on matches: felony, not violent",
        unit="probability",
        level="federal",
        sentence="Chance that ICE acts on a match with a felony, not violent.",
        source=_TRAC,
    )
    priority_violent: float = lever(
        0.95,
        title="ICE acts on matches: violent offence",
        unit="probability",
        level="federal",
        sentence="Chance that ICE acts on a match with a violent offence or a security ground.",
        source=_TRAC,
    )

    # Whom the jail honours
    honor_none: float = lever(
        0.0,
        title="Jail honours requests: no conviction",
        unit="probability",
        level="local",
        sentence="Chance that the jail honours a request for someone with no conviction.",
        source=_TRUST,
    )
    honor_misdemeanor: float = lever(
        0.0,
        title="Jail honours requests: misdemeanor at most",
        unit="probability",
        level="local",
        sentence="Chance that the jail honours a request for someone with a misdemeanor at most.",
        source=_TRUST,
    )
    honor_felony: float = lever(
        0.0,
        title="Jail honours requests: felony, not violent",
        unit="probability",
        level="local",
        sentence="Chance that the jail honours a request for someone with a felony, not violent.",
        source=_TRUST,
    )
    honor_violent: float = lever(
        0.0,
        title="Jail honours requests: violent offence",
        unit="probability",
        level="local",
        sentence="Chance that the jail honours a request for someone with a violent offence.",
        source=_TRUST,
    )
    judicial_warrant: float = lever(
        0.0,
        title="Jail insists on a judge's warrant",
        unit="share of requests",
        level="local",
        sentence="Requests for which the jail insists on a warrant signed by a judge.",
        source="Galarza v. Szalczyk, 745 F.3d 634 (3d Cir. 2014); Miranda-Olivares (D. Or. 2014)",
    )

    # What ICE does itself
    ice_capacity: float = lever(
        0.55,
        title="ICE officers available",
        unit="officers per 1,000 undocumented residents",
        high=5.0,
        level="federal",
        sentence="ICE deportation officers available to the region.",
        source="PolitiFact 2019: 5,800 deportation officers in FY2016; Pew: 10.7 million",
    )
    at_large_share: float = lever(
        0.25,
        title="ICE works at large: homes, streets, workplaces",
        unit="share of ICE hours",
        level="federal",
        sentence="ICE hours spent on arrests in homes, streets and workplaces.",
        source="TRAC 2018: 25% of ICE arrests Jan 2017-Jun 2018 were at large",
    )
    collateral: float = lever(
        0.0,
        title="ICE arrests others met at an arrest",
        unit="probability",
        level="federal",
        sentence="Chance that an undocumented person met at an at-large arrest is arrested too.",
        source="Blair & Hausman 2026, Deportation Data Project",
    )
    raids: float = lever(
        0.0,
        title="Raids by agents sent from elsewhere",
        unit="at-large arrests a week per 1,000 undocumented residents",
        high=50.0,
        level="federal",
        sentence="Arrests in homes, streets and workplaces of a town by agents sent from "
        "elsewhere, beside what the field office's own hours allow; others met there come on top.",
        source="DHS on Charlotte, 15-19 November 2025: 250 arrests in five days, about 5 a week "
        "per 1,000; Camayd-Freixas 2008 on Postville: 389 of a town's workers in a day",
    )
    announced_reach: float = lever(
        0.0,
        title="Federal announcements: everybody is sought",
        unit="share of undocumented residents told they will be sought",
        level="federal",
        sentence="How far federal announcements say that everybody who can be removed will be "
        "sought, whatever ICE then does.",
        source="Executive Orders 13768 (2017) and 14159 (2025): no class is exempt",
    )

    # What the jurisdiction does to keep trust
    firewall: float = lever(
        0.0,
        title="Firewall: victims and witnesses are not asked",
        unit="share of promise kept and known",
        level="local",
        sentence="Victims and witnesses are promised that status is neither asked nor passed on.",
        source="Kittrie 2006, Iowa Law Review 91:1449; New York City Executive Order 41 (2003)",
    )
    u_visa: float = lever(
        0.0,
        title="Victims who help are certified for U visas",
        unit="share of eligible requests certified",
        level="local",
        sentence="Certification of victims who help police, which opens a U visa.",
        source="8 U.S.C. §1101(a)(15)(U); Amuedo-Dorantes & Arenas-Arroyo (VAWA self-petitions)",
    )
    outreach: float = lever(
        0.0,
        title="Police reach out to immigrant communities",
        unit="share of full effort",
        level="local",
        sentence="Police meet immigrant communities, explain the rules and listen.",
        source="Mazerolle et al. 2013, doi:10.1007/s11292-013-9175-2",
    )
    publicity: float = lever(
        1.0,
        title="News of the policy is louder than usual",
        unit="times the usual",
        high=2.0,
        level="local",
        sentence="How loud news of the rules, and of ICE in the open, is against the usual.",
        source="Muchow & Amuedo-Dorantes 2020, J. Urban Economics 117 (awareness moves calls)",
    )
    license_access: float = lever(
        0.0,
        title="Undocumented drivers can be licensed",
        unit="share of undocumented drivers who can be licensed",
        level="state",
        sentence="State law lets undocumented residents hold a driving licence.",
        source="California AB 60 (2013); Illinois SB 957 (2012); Washington since 1993",
    )

    # Legalization
    legalization_uptake: float = lever(
        0.0,
        title="Eligible residents come forward to be legalized",
        unit="share of eligible residents",
        level="federal",
        sentence="Eligible undocumented residents who come forward within the application window.",
        source="Immigration Reform and Control Act 1986; Comino, Mastrobuoni & Nicolò 2020",
    )
    legalization_years: float = lever(
        5.0,
        title="Years of residence needed for legalization",
        unit="years",
        high=40.0,
        level="federal",
        sentence="Years of residence a person needs to be eligible for legalization.",
        source="IRCA 1986 §201 (resident since before 1982); S.744 (2013)",
    )

    # The seed question: federal-prison releases with a local warrant outstanding
    prison_to_local: float = lever(
        0.0,
        title="Federal prison releases go to the local jail",
        unit="share of such releases",
        level="federal",
        sentence="People leaving federal prison with a local warrant who are sent to the local "
        "jail instead of to ICE.",
        source="Steinle v. City & County of San Francisco, 919 F.3d 1154 (9th Cir. 2019)",
    )

    own: dict[str, float] = Field(
        default_factory=dict, description="Levers of one's own that are not at their default."
    )

    @model_validator(mode="before")
    @classmethod
    def _own_apart(cls, values: Any) -> Any:
        """Return the values with those of levers of one's own, which stand among them, apart."""
        if not isinstance(values, dict) or not (strange := values.keys() - cls.model_fields.keys()):
            return values
        look_for(strange)
        own, rest = values.get("own", {}), {k: v for k, v in values.items() if k not in OWN}
        mine = {k: values[k] for k in values if k in OWN}
        return rest | {"own": {**own, **mine}} if isinstance(own, Mapping) else rest

    @field_validator("own")
    @classmethod
    def _within_bounds(cls, own: dict[str, float]) -> dict[str, float]:
        look_for(own)
        for name, value in own.items():
            if name not in OWN:
                raise ValueError(f"{name}: no such lever; {nearest(name, EVERY)}")
            d = OWN[name]
            if not d.low <= value <= d.high:
                raise ValueError(f"{name}: expected {d.low:g} to {d.high:g}, got {shown(value)}")
        return {n: float(own[n]) for n in sorted(own) if own[n] != OWN[n].default}

    @model_serializer(mode="wrap")
    def _own_where_there_are(self, written: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Write down levers of one's own where some are set, whatever others are known here."""
        values: dict[str, Any] = written(self)
        return {k: v for k, v in values.items() if k != "own" or v}

    def __hash__(self) -> int:
        """Return a hash of all values."""
        return hash((*(getattr(self, name) for name in LEVERS), *self.own.items()))

    @model_validator(mode="after")
    def _levers_agree(self) -> Self:
        if self.deputized_share > 0 and self.ask_status != "stop":
            raise Contradiction(
                ("deputized_share", "ask_status"),
                f"deputized_share: expected 0 while ask_status is {self.ask_status!r} (deputized "
                f"officers ask at the stop: set ask_status = 'stop'), got {self.deputized_share}",
            )
        for asked in ("ask_victims", "ask_witnesses"):
            if self.firewall + getattr(self, asked) > 1:
                raise Contradiction(
                    (asked, "firewall"),
                    f"{asked}: expected at most 1 - firewall = {1 - self.firewall:g} (a firewall "
                    f"promises that victims and witnesses are not asked), got "
                    f"{getattr(self, asked)}",
                )
        return self

    def differences(self, other: Policy) -> dict[str, tuple[Any, Any]]:
        """Return the levers in which `other` departs from this policy, as `(here, there)`."""
        return {
            name: (self.value(name), other.value(name))
            for name in (*LEVERS, *sorted(self.own.keys() | other.own.keys()))
            if self.value(name) != other.value(name)
        }

    def value(self, name: str) -> Any:
        """Return the value of a lever, one that ships or one of a user's own."""
        return getattr(self, name) if name in LEVERS else self.own.get(name, EVERY[name].default)


LEVERS: dict[str, Declared] = {d.name: d for d in declarations(Policy)}
"""Every lever that ships, as it is declared."""

EVERY: ChainMap[str, Declared] = ChainMap(LEVERS, OWN)
"""Every lever, those of a user's own too."""


def entangles(lever: str, value: Any, than: Any) -> int:
    """Return 1 where a value binds police and immigration enforcement closer, -1 where looser.

    Args:
        lever: The lever; 0 for one that does neither.
        value: The value.
        than: The value that it is held against.
    """
    here, there = (ASK.index(v) if lever == "ask_status" else v for v in (value, than))
    return TOWARDS.get(lever, 0) * ((here > there) - (here < there))


def patched(base: Policy, levers: dict[str, Any]) -> Policy:
    """Return a policy with some levers set anew, checked whole.

    Raises:
        InvalidInput: for a lever that does not exist or a value out of its bounds.
        Contradiction: for levers that are valid alone and not together.
    """
    try:
        return Policy.model_validate(base.model_dump() | levers)
    except ValidationError as e:
        for problem in e.errors():
            clash = problem.get("ctx", {}).get("error")
            if isinstance(clash, Contradiction):
                raise clash from None
        lines = problems(e, list(EVERY))
        raise InvalidInput("\n".join(f"levers.{line}" for line in lines)) from e


def _each_alone(levers: dict[str, Any]) -> dict[str, Any]:
    try:
        Policy.model_validate(levers)
    except ValidationError as e:
        if e.errors()[0]["loc"]:  # of one lever; whether they agree hangs on what is in force
            raise ValueError("\n".join(problems(e, list(EVERY)))) from None
    return levers


Levers = Annotated[dict[str, Any], AfterValidator(_each_alone)]
"""Lever values by name, each of which exists and is within its bounds."""
