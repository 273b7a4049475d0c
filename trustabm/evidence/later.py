"""Findings that came in with the theory of beliefs: trust and fear (T), released ones (A, B).

Released findings were held back from the first round of the model and scored then; they have shaped
its present design, so that as validation they are *seen*. A line has: id, published value,
tolerance, unit, what is measured, study, source.
"""

from __future__ import annotations

from trustabm.evidence import sources

__all__ = ["BOUNDS", "CALIBRATION", "RANGES", "REPORTED", "SOURCES_OWN", "VALIDATION"]

SC = "secure-communities"
PANEL = "trust-panel"
WORRY = "standing-worry"
SHOCK = "announcement-2017"
JAIL = "jail-screening"
PATROL = "directed-patrol"

CALIBRATION = (
    ("A1-06a", 4, 1, "quarter", "In which victimization of Latino residents is highest above what "
     "it is without Secure Communities; published: one year after.", SC, sources.GJW),
    ("A1-06b", 0, 0.5, "ratio", "How far it is above in the eighth quarter, over three quarters "
     "at the peak; published: back where it was.", SC, sources.GJW),
    ("T1-01", 64, 8, "% of residents", "Answers about trust above the middle of the scale; "
     "published without and with those on it.", PANEL, sources.PEW_2017_WARMTH),
    ("T1-02a", 0.573, 0.05, "trust", "Mean of answers, everyone; published for New Zealand, and "
     "near it in Belgium, Germany and São Paulo.", PANEL, sources.BULBULIA),
    ("T1-02b", 0.212, 0.03, "trust", "Standard deviation of answers.", PANEL, sources.BULBULIA),
    ("T1-05", 45, 8, "% of Latino residents", "Answers about trust above the middle of the scale; "
     "published for three items.", PANEL, sources.PEW_2009),
    ("T2-03", 0.577, 0.08, "correlation", "Of answers two years apart.", PANEL, sources.AUSTRALIA),
    ("T2-04", 0.518, 0.08, "correlation", "Of answers a year apart (mean of two pairs of waves).",
     PANEL, sources.SAO_PAULO),
    ("T2-05", 0.99, 0.13, "ratio", "Correlation two waves apart over one wave apart.", PANEL,
     sources.SAO_PAULO),
    ("T3-08a", -0.135, 0.042, "trust", "A year after, given a year before: who had a bad stop, "
     "against no contact.", PANEL, sources.AUSTRALIA),
    ("T3-08b", 0.043, 0.0193, "trust", "The same: whose report was solved.", PANEL,
     sources.AUSTRALIA),
    ("T3-10", -0.012, 0.0247, "trust", "Change over a year of those stopped in it, against "
     "others.", PANEL, sources.SAO_PAULO),
    ("T4-01", 0.87, 0.2, "odds ratio", "Reporting a violent crime, for each of four steps of "
     "worry, Latino residents of equal citizenship.", WORRY, sources.MESSING),
    ("T4-08", 0, 0.02, "percentage points", "Chance of calling, of those stopped in the past year "
     "against others, as it changed.", PANEL, sources.GIBSON),
    ("T5-04a", -9.8, 14, "percentage points", "Reports of violence by Latino residents against "
     "everyone's, four months from a federal announcement.", SHOCK, sources.LAPD),
    ("T5-04b", -3.8, 5.7, "percentage points", "The same, domestic violence.", SHOCK, sources.LAPD),
    ("T5-05", 41, 15, "% of the gap", "Of four months that is left over the whole year; "
     "published: 41 for sexual assault, 10 for domestic violence.", SHOCK, sources.LAPD),
    ("T6-09", 0.13, 0.13, "share", "What a removal of somebody with a conviction costs Latino "
     "residents' trust, of that and what one of somebody without costs; published for native and "
     "foreign-born.", "dose", sources.ROCHA),
    ("T6-12a", 0, 1, "% change", "Undocumented residents' chance to report domestic violence "
     "after two years of Secure Communities.", "dose", sources.VAWA),
    ("T6-12b", 0, 0.5, "% change", "The same under sanctuary, against Secure Communities.", "dose",
     sources.VAWA),
    ("T7-01a", 0, 0.05, "points of 100", "Trust after five months of directed patrol.", PATROL,
     sources.KOCHEL),
    ("T7-01b", 100, 33, "% of the fall", "Gone eight months after directed patrol; published: "
     "recovered.", PATROL, sources.KOCHEL),
    ("T8-01", 50, 25, "% change", "Arrests of Latino residents at stops for minor offences once "
     "the jail screens; published: 150, and others' rose too (T8-02).", JAIL, sources.GARDNER),
    ("T9-02a", 79, 10, "% of undocumented Latino residents", "Worry, where little is done.", WORRY,
     sources.PEW_2022),
    ("T9-02b", 53, 10, "% of lawful Latino noncitizens", "The same.", WORRY, sources.PEW_2022),
    ("T9-02c", 34, 10, "% of naturalized Latino residents", "The same.", WORRY, sources.PEW_2022),
    ("T9-02d", 28, 10, "% of US-born Latino residents", "The same.", WORRY, sources.PEW_2022),
    ("T9-02e", 2.8, 0.6, "ratio", "Undocumented over US-born.", WORRY, sources.PEW_2022),
    ("T10-01a", 17, 4, "% of adults in immigrant families", "Avoid something because of "
     "immigration concerns.", "avoidance", sources.WBNS),
    ("T10-01b", 8.3, 3, "% of adults in immigrant families", "Avoid talking to police or "
     "reporting crime.", "avoidance", sources.WBNS),
)  # fmt: skip

VALIDATION = (
    ("A1-07", 0, 3, "% change", "Victimization of other residents in the eighth quarter of Secure "
     "Communities, in an average place; published: it went on falling.", "other-residents",
     sources.GJW),
    ("A5-01", 12, 6, "% change", "Violence against Latino residents that is reported, under "
     "sanctuary and the rules of the 1980s.", "sanctuary-era", sources.MARTINEZ),
    ("A5-02", 0, 3, "% change", "The same, other residents.", "sanctuary-era", sources.MARTINEZ),
    ("A8-04", 0, 1, "% change", "Violence against Latino residents under Secure Communities.", SC,
     sources.BAUMER),
    ("A8-05a", 0, 1, "% change", "The same under a 287(g) task force.", "agreements",
     sources.BAUMER),
    ("A8-05b", 3, 1.5, "ratio", "Victimization of Latino residents: task force over jail "
     "agreement; published: one is found, the other not.", "agreements", sources.BAUMER),
    ("A8-06", 0, 5, "% change", "Violence against Latino residents under a 287(g) jail agreement.",
     "agreements", sources.BAUMER),
    ("A8-07", 0, 5, "% change", "The same under sanctuary, against Secure Communities.",
     "agreements", sources.BAUMER),
    ("A8-08", 0, 3, "% change", "Violence against other residents under Secure Communities, in an "
     "average place.", "other-residents", sources.BAUMER),
    ("A11-01", -28, 20, "% change", "Calls in the first two weeks of raids where the jail "
     "refuses; published: all calls to a city's police, here: of Latino residents.", "raids",
     sources.LAT_2025),
    ("A11-02", 82, 15, "% of the fall", "Gone three months after the operation; published: -5% of "
     "-28% a month on, while raids went on.", "raids", sources.LAT_JULY),
    ("A11-03", -16, 5, "% change", "As A11-01, domestic violence; published: -7 domestic "
     "violence, -16 family disputes.", "raids", sources.LAT_2025),
    ("A11-04a", -18, 3, "% change", "Reports of domestic violence by Latino residents in half a "
     "year from a federal announcement; published for three cities.", SHOCK, sources.LAT_2018),
    ("A11-04b", 0, 1.5, "% change", "The same, others.", SHOCK, sources.LAT_2018),
    ("B4-08a", 8, 4, "% of immigrants", "Somebody known was taken since January 2025, in April.",
     "year-2025", sources.KFF),
    ("B4-08b", 22, 6, "% of immigrants", "The same, in September.", "year-2025", sources.KFF),
    ("B4-12a", 1, 0.2, "ratio", "Worry of Latino noncitizens, 2007 to 2018: lowest year over "
     "highest; published: stable.", "history", sources.ASAD),
    ("B4-12b", 0, 1, "% change", "Worry of Latino citizens, 2017 and 2018 against 2013 to 2015.",
     "history", sources.ASAD),
    ("T1-07a", 69, 10, "% of residents", "Answers about trust above the middle of the scale; "
     "published: confident in local police.", PANEL, sources.GALLUP),
    ("T1-07b", 64, 10, "% of Latino residents", "The same.", PANEL, sources.GALLUP),
    ("T1-09", 61, 6, "points of 100", "Mean of answers, everyone; published for Chicago.", PANEL,
     sources.ELUCD),
    ("T2-07", 0.37, 0.1, "share", "Of the variance of answers that is between persons; published "
     "for three scales.", PANEL, sources.SAO_PAULO),
    ("T3-14a", 0.5, 0.15, "ratio", "Bad stops with all officers trained, over without; published: "
     "disrespect less by half a standard deviation.", "training", sources.WEISBURD),
    ("T3-14b", 0, 1, "points of 100", "Residents' mean trust with all officers trained; "
     "published: no change.", "training", sources.WEISBURD),
    ("T4-10", 0, 0.02, "percentage points", "Chance of calling for each stop in the past year, as "
     "it changed.", PANEL, sources.RENGIFO),
    ("T4-12a", 0, 0.05, "correlation", "Over neighborhoods, of the share from abroad and the "
     "chance of calling.", PANEL, sources.KIRK),
    ("T4-12b", 0, 0.05, "correlation", "The same, with trust (published: cynicism lower).", PANEL,
     sources.KIRK),
    ("T5-06a", -25, 15, "% change", "Reports of violence by Latino residents in eleven weeks from "
     "a federal announcement.", SHOCK, sources.LAPD_MARCH),
    ("T5-06b", -10, 6.4, "% change", "The same, domestic violence.", SHOCK, sources.LAPD_MARCH),
    ("T5-07", -12, 3, "% change", "All reports by Latino residents, likewise; published for three "
     "cities.", SHOCK, sources.FIVETHIRTYEIGHT),
    ("T7-05a", 2.48, 0.5, "times as many", "Removals with the jail's help, 2018 over 2016.",
     "history", sources.MANCINA),
    ("T7-05b", 0.7, 0.2, "times as many", "The same, 2019 over 2018; a directive limited help "
     "from March on.", "history", sources.MANCINA),
    ("T8-02a", 2, 5, "% of those referred", "Charged with a felony, of those whom the jail "
     "refers; published: 2 by one side, 15 by the other.", JAIL, sources.IRVING),
    ("T8-02b", 0, 1, "% change", "Arrests of other residents at stops for minor offences once the "
     "jail screens.", JAIL, sources.IRVING),
    ("T8-06", 0, 1, "% change", "Arrests of Latino residents under a 287(g) jail agreement.", JAIL,
     sources.COON),
    ("T9-03", 43, 8, "% of immigrants", "Worry in June 2025, where 33 did in March.", "year-2025",
     sources.PEW_JUNE_2025),
    ("T9-05a", 50, 5, "% of Latino residents", "Worry in October 2025, where 42 did in March.",
     "year-2025", sources.PEW_NOVEMBER_2025),
    ("T9-05b", 33, 10, "% of US-born Latino residents", "The same; published for Puerto Ricans.",
     "year-2025", sources.PEW_NOVEMBER_2025),
    ("T10-02a", 33, 10, "% of adults in immigrant families with a member without status", "As "
     "T10-01a.", "avoidance", sources.WBNS),
    ("T10-02b", 11, 5, "% of adults in other immigrant families", "As T10-01a.", "avoidance",
     sources.WBNS),
    ("T10-04", 50, 2, "% of victimizations", "Domestic violence against Latino residents that is "
     "reported.", WORRY, sources.CGO),
)  # fmt: skip

REPORTED = (
    ("T4-02", 0, 0.05, "logit", "What a standard deviation of trust does to reporting a violent "
     "crime less what one of worry does, Latino residents (studies disagree: T4-05, T4-07).", WORRY,
     sources.MESSING),
)  # fmt: skip

RANGES = {
    "T1-01": 80.0,
    "T1-05": 61.0,
    "T2-07": 0.425,
    "T6-09": 0.16,
    "T8-01": 150.0,
    "T8-02a": 15.0,
    "A11-03": -7.0,
    "A11-04a": -3.5,
    "T5-07": 0.0,
}

BOUNDS = {
    "A1-06b": "at most",
    "A8-04": "positive",
    "A8-05a": "positive",
    "A8-05b": "at least",
    "A11-02": "at least",
    "B4-12a": "at least",
    "B4-12b": "positive",
    "T4-02": "positive",
    "T4-08": "negative",
    "T4-10": "negative",
    "T4-12a": "positive",
    "T4-12b": "positive",
    "T5-05": "at most",
    "T6-12a": "negative",
    "T6-12b": "positive",
    "T7-01a": "negative",
    "T7-01b": "at least",
    "T8-02b": "positive",
    "T8-06": "positive",
    "T9-05a": "at least",
    "T10-04": "at most",
}

SOURCES_OWN = {"T3-08a", "T3-08b", "T3-10", "T5-04a", "T5-04b", "T5-06a", "T5-06b"}
"""Whose tolerance is the source's own error: half of a 90% interval, by its standard error or, of
counts, by Poisson's (T5: from the counts of T5-06)."""
