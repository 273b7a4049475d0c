"""Switches: every mechanism that could carry an effect can be taken out."""

from __future__ import annotations

from trustabm.inputs.catalog import Strict
from trustabm.inputs.declare import mechanism


class Mechanisms(Strict):
    """Which mechanisms are on. All are, by default."""

    fear: bool = mechanism(
        title="fear of deportation",
        sentence="Perceived risk times stake lowers reporting.",
        source="Gonçalves, Jácome & Weisburst, doi:10.1257/aer.20250305",
    )
    trust: bool = mechanism(
        title="trust",
        sentence="Trust in local police raises reporting.",
        source="Sunshine & Tyler 2003, Law & Society Review 37:513",
    )
    news: bool = mechanism(
        title="news",
        sentence="News of the rules in force moves beliefs.",
        source="Ang et al. 2024, NBER 32243",
    )
    cases: bool = mechanism(
        title="cases known of",
        sentence="Hand-overs and quiet contacts that residents know of move perceived risk.",
        source="Rocha, Knoll & Wrinkle 2015, doi:10.1086/681810; Alsan & Yang 2022",
    )
    stories: bool = mechanism(
        title="hearsay",
        sentence="What happens to people is told to their households and ties.",
        source="Alsan & Yang 2022; Pew Hispanic Center 2011",
    )
    offender_response: bool = mechanism(
        title="offenders' response",
        sentence="Offenders answer to how likely they think they are to be caught.",
        source="Gonçalves, Jácome & Weisburst, doi:10.1257/aer.20250305; Chalfin & McCrary 2018",
    )
    incapacitation: bool = mechanism(
        title="incapacitation",
        sentence="People in jail, prison, ICE custody or removed commit no crime here.",
        source="Hines & Peri 2019, IZA DP 12413",
    )
    deterrence: bool = mechanism(
        title="deterrence",
        sentence="Removable offenders hold back for fear of removal.",
        source="Hines & Peri 2019, IZA DP 12413",
    )
    avoidance: bool = mechanism(
        title="avoidance",
        sentence="Who worries much goes out less, and is met by fewer officers and offenders.",
        source="Urban Institute, Well-Being and Basic Needs Survey 2018 (Bernstein et al. 2019)",
    )
    incentive: bool = mechanism(
        title="officers' incentive",
        sentence="Officers arrest Latino residents more readily where the jail leads to ICE.",
        source="Gardner & Kohli 2009, The C.A.P. Effect, Berkeley Law",
    )
    diversion: bool = mechanism(
        title="workload",
        sentence="Hours spent on immigration work are not spent on patrol and cases.",
        source="Capps et al. 2011, Delegation and Divergence, MPI",
    )
