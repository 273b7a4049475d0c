"""Where the findings were published, each once."""

from __future__ import annotations

from trustabm.evidence.target import Source

GJW = Source(
    "Gonçalves, Jácome & Weisburst, Community Engagement and Public Safety, AER (NBER WP 32109)",
    "https://doi.org/10.1257/aer.20250305",
)
JACOME = Source(
    "Jácome 2022, J. Urban Economics 128:103395", "https://doi.org/10.1016/j.jue.2021.103395"
)
CMN = Source(
    "Comino, Mastrobuoni & Nicolò 2020, Silence of the Innocents, J. Policy Analysis & Management "
    "(IZA DP 10306)",
    "https://123dok.org/document/"
    "lq5lkkwz-silence-innocents-undocumented-immigrants-underreporting-crime-victimization.html",
)
HAUSMAN = Source(
    "Hausman 2020, PNAS 117(44):27262-27267", "https://doi.org/10.1073/pnas.2014673117"
)
THEODORE = Source(
    "Theodore 2013, Insecure Communities, UIC / Lake Research / PolicyLink",
    "https://fronterasdesk.org/content/6577/survey-finds-many-latinos-reluctant-contact-police",
)
PEW_2011 = Source(
    "Pew Hispanic Center, 28 December 2011",
    "http://www.pewhispanic.org/2011/12/28/iii-awareness-and-views-of-immigrant-deportations/",
)
PEW_2008 = Source(
    "Pew Hispanic Center, 2008 National Survey of Latinos",
    "https://pewtrusts.org/en/research-and-analysis/reports/2008/09/18/2008-national-survey-of-"
    "latinos-hispanics-see-their-situation-in-us-deteriorating-oppose-key-immigration-"
    "enforcement-measures",
)
PEW_2021 = Source(
    "Pew Research Center, March 2021",
    "https://www.workingimmigrants.com/2022/06/deportation-fears-among-latinos/",
)
TRAC_511 = Source(
    "TRAC, Syracuse University, report 511, over Pew's counts of undocumented residents",
    "https://trac.syr.edu/immigration/reports/511/",
)
TRAC_330 = Source(
    "TRAC, Syracuse University, report 330", "http://trac.syr.edu/immigration/reports/330"
)
TRAC_2015 = Source(
    "TRAC, Syracuse University, October-November 2015",
    "https://trac.syr.edu/tracatwork/detail/A2252.html",
)
TRAC_2016 = Source(
    "TRAC, Syracuse University, latest ICE detainer outcomes, FY2016",
    "https://lexisnexis.com/community/amp-insights/132/"
    "trac-announces-free-detainer-web-app-plus-report-on-latest-ice-detainer-outcomes",
)
MPI = Source(
    "Capps, Rosenblum, Rodríguez & Chishti 2011, Delegation and Divergence, MPI",
    "https://www.workingimmigrants.com/2011/01/analysis-of-the-287g-program/",
)
NULLS_SC = Source(
    "Miles & Cox 2014, J. Law & Economics 57(4); Treyger, Chalfin & Loeffler 2014; Hines & Peri "
    "2019, IZA DP 12413",
    "https://doi.org/10.1111/1745-9133.12085",
)
NULL_287G = Source(
    "Forrester & Nowrasteh 2018, Cato WP 52", "https://acforrester.github.io/publication/287g-paper"
)
NULL_SANCTUARY = Source(
    "Gonzalez O'Brien, Collingwood & El-Khatib 2019, Urban Affairs Review 55(1):3-40",
    "https://doi.org/10.1177/1078087417704974",
)
GAO = Source(
    "GAO-12-708, Secure Communities (October 2008 to March 2012)",
    "https://www.gao.gov/products/gao-12-708",
)
CATO = Source(
    "Nowrasteh, Cato Institute, from counts of ICE, Pew and CMS",
    "https://cato.org/blog/trump-administration-expands-interior-immigration-enforcement",
)
BAKER = Source(
    "Baker 2015, Effects of Immigrant Legalization on Crime, AER 105(5):210-213",
    "https://doi.org/10.1257/aer.p20151041",
)
DDP = Source(
    "Blair & Hausman 2026, Deportation Data Project",
    "https://deportationdata.org/analysis/immigration-enforcement-first-nine-months-trump.html",
)
BJS_2023 = Source(
    "BJS, Criminal Victimization 2023",
    "https://ojp.gov/library/publications/criminal-victimization-2023",
)
BJS_2019 = Source(
    "BJS, Criminal Victimization 2019 (NCJ 255113)",
    "http://twomillionamericans.com/MembersOnly/News/News_ViewDetailActive.cfm?NID=3092",
)
BJS_2016 = Source(
    "BJS, Criminal Victimization 2016; Pew 2017",
    "https://123dok.org/document/zpnx0880-criminal-victimization.html",
)
PEW_2017 = Source(
    "Pew 2017 from BJS, Criminal Victimization 2015",
    "https://legacy.pewresearch.org/short-reads/2017/03/01/"
    "most-violent-and-property-crimes-in-the-u-s-go-unsolved",
)
FBI = Source("FBI UCR 2015-2023", "https://drugpolicyfacts.org/node/3493")
BJS_CONTACT = Source(
    "BJS, Contacts Between Police and the Public 2022 (NCJ 308847)",
    "https://uat.bjs.ojp.gov/press-release/contacts-between-police-and-public-2022",
)
VERA = Source(
    "Vera Institute, Arrest Trends 2016",
    "https://vera.org/publications/arrest-trends-every-three-seconds-landing/"
    "arrest-trends-every-three-seconds/findings",
)
LEMAS = Source("BJS LEMAS 2016", "https://wifle.org/news/6642276")
PEW_YEARS = Source(
    "Pew Hispanic Center, December 2011",
    "http://www.pewresearch.org/daily-number/unauthorized-immigrants-length-of-residency/",
)
LIGHT = Source("Light, He & Robey 2020, PNAS 117(51)", "https://doi.org/10.1073/pnas.2014704117")

PEW_2017_WARMTH = Source(
    "Pew Research Center 2017, feeling thermometer",
    "https://blog.amjudges.org/2017/09/27/pew-finds-deep-racial-partisan-divide-of-police/",
)
BULBULIA = Source(
    "Bulbulia 2021, New Zealand Attitudes and Values Study",
    "https://go-bayes.github.io/reports/posts/police/",
)
PEW_2009 = Source(
    "Pew Hispanic Center 2009, Hispanics and the Criminal Justice System",
    "https://www.pewresearch.org/hispanic/2009/04/07/ii-confidence-in-the-criminal-justice-system/",
)
GALLUP = Source(
    "Gallup Center on Black Voices 2023 (read in a reprint)",
    "https://news.gallup.com",
)
ELUCD = Source(
    "Chicago Police and Elucd, by WBEZ",
    "https://www.wbez.org/stories/for-3-years-chicago-police-have-been-tracking-public-opinion-on-"
    "the-department-heres-what-they-found/e815ab07-ce13-4134-a009-d86be4763c1c",
)
AUSTRALIA = Source(
    "Oliveira, Jackson, Murphy & Bradford 2021, J. Quantitative Criminology 37:1003-1045; computed "
    "from the authors' data",
    "https://doi.org/10.1007/s10940-020-09478-2",
)
SAO_PAULO = Source(
    "Oliveira 2022, J. Experimental Criminology; computed from the author's data",
    "https://doi.org/10.1007/s11292-022-09527-9",
)
WEISBURD = Source(
    "Weisburd et al. 2022, PNAS 119(14)", "https://www.ai-bt.com/si.php?db=pubmed&id=35344441"
)
MESSING = Source(
    "Messing, Becerra, Androff & Ward-Lasher 2014, 2015, Affilia 30:328",
    "https://sswr.confex.com/sswr/2014/webprogram/Paper21537.html",
)
GIBSON = Source(
    "Gibson, Walker, Jennings & Miller 2010, Criminal Justice Policy Review 21:139",
    "https://www.ojp.gov/ncjrs/virtual-library/abstracts/impact-traffic-stops-calling-police-help",
)
RENGIFO = Source(
    "Rengifo, Slocum & Chillar 2019, J. Research in Crime and Delinquency 56:412",
    "https://rscj.newark.rutgers.edu/research/publication/rengifo-a-f-slocum-l-a-and-vijay-"
    "chillar2019-from-impressions-to-intentions-direct-and-indirect-effects-of-police-contact-on-"
    "willingness-to-report-crimes-to-law-enforcement-jou/",
)
KIRK = Source(
    "Kirk, Papachristos, Fagan & Tyler 2012, Annals 641:79",
    "https://www.immigrationresearch.org/report/other/paradox-law-enforcement-immigrant-"
    "communities-does-tough-immigration-enforcement-underm",
)
LAPD = Source(
    "Los Angeles Police Department, statement NR18122ra, 27 April 2018",
    "https://www.lapdonline.org/newsroom/statement-on-sexual-assault-and-domestic-violence-"
    "reporting-in-immigrant-communities-nr18122ra/",
)
LAPD_MARCH = Source(
    "Los Angeles Times, 21 March 2017",
    "https://www.latimes.com/local/lanow/la-me-ln-immigrant-crime-reporting-drops-20170321-"
    "story.html",
)
FIVETHIRTYEIGHT = Source(
    "FiveThirtyEight 2017, Denver, Philadelphia and Dallas",
    "https://kfoxtv.com/community/just-ask-john/how-many-crimes-do-undocumented-immigrants-report",
)
LAT_2018 = Source(
    "Los Angeles Times, Los Angeles, San Diego and San Francisco",
    "https://ticklethewire.com/latinos-less-likely-report-domestic-violence-fears-deportation",
)
LAT_2025 = Source(
    "Los Angeles Times 2025, dispatch data",
    "https://occasionaldigest.com/tag/federal-immigration-enforcement",
)
LAT_JULY = Source(
    "Los Angeles Times 2025, dispatch data of July",
    "https://queonnda.com/en/ice-raids-in-los-angeles-provoke-fear-911-calls-down",
)
ROCHA = Source(
    "Rocha, Knoll & Wrinkle 2015, J. Politics 77:901 (table read in a reprint)",
    "https://doi.org/10.1086/681810",
)
VAWA = Source(
    "Amuedo-Dorantes & Arenas-Arroyo, abstract of a talk",
    "https://talks.ox.ac.uk/talks/id/0ff38548-b220-4b60-b23c-5192987923c0/",
)
KOCHEL = Source(
    "Kochel & Weisburd 2017, J. Experimental Criminology 13:143",
    "https://doi.org/10.1007/s11292-017-9283-5",
)
MANCINA = Source(
    "Mancina 2022, Cultivating Immigrant Trust in the Garden State",
    "https://www.petermancina.com/reports",
)
GARDNER = Source(
    "Gardner & Kohli 2009, The CAP Effect, Berkeley Law", "http://www.law.berkeley.edu/6241.htm"
)
IRVING = Source(
    "Irving Police Department, September 2009",
    "https://pdfcoke.com/documents/irving-response-cap-study-1wovp9yndmol",
)
COON = Source(
    "Coon 2017, J. Migration and Human Security 5:645",
    "https://immigrationprof.lawprofessorsblogs.com/2017/10/local-immigration-enforcement-and-"
    "arrests-of-the-hispanic-population-michael-coon-journal-on-migration-and-human-security/",
)
PEW_2022 = Source(
    "Pew Research Center 2022, survey of March 2021",
    "https://pledgetimes.com/united-states-almost-one-in-four-latinos-fears-deportation/",
)
PEW_JUNE_2025 = Source(
    "Pew Research Center, 27 June 2025",
    "https://www.pewresearch.org/short-reads/2025/06/27/"
    "about-1-in-4-us-adults-worry-they-or-someone-close-to-them-could-be-deported/",
)
PEW_NOVEMBER_2025 = Source(
    "Pew Research Center, 24 November 2025",
    "https://catholics.news/pew-us-latinos-disapprove-of-trumps-immigration-economic-policies",
)
WBNS = Source(
    "Bernstein et al. 2019, Urban Institute, Well-Being and Basic Needs Survey, December 2018",
    "https://philanthropynewsdigest.org/connections/"
    "adults-in-immigrant-families-report-avoiding-routine-activities-because-of-immigration-concerns",
)
CGO = Source(
    "Amuedo-Dorantes & Deza 2020, citing Sabina et al. and others",
    "https://thecgo.org/?p=9684",
)
MARTINEZ = Source(
    "Martínez-Schuldt & Martínez 2021, American Sociological Review 86(1):154-185",
    "https://thesocietypages.org/discoveries/category/race/page/4",
)
BAUMER = Source(
    "Baumer & Xie 2023, Criminology & Public Policy 22(3):417-455",
    "https://doi.org/10.1111/1745-9133.12619",
)
KFF = Source(
    "KFF and New York Times, Survey of Immigrants 2025",
    "https://www.statista.com/chart/35543/fear-deportation-arrest-immigrants-us",
)
ASAD = Source("Asad 2020, PNAS 117(16):8836-8844", "https://doi.org/10.1073/pnas.1915460117")
