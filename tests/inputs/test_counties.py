"""Every US county is a town: found by name, its figures possible and with their sources."""

from __future__ import annotations

import csv
import json
import tomllib
from pathlib import Path

import numpy as np
import pytest
from each import each

import trustabm as ta
from trustabm import cli
from trustabm.errors import InvalidInput
from trustabm.inputs import catalog
from trustabm.inputs.declare import declarations
from trustabm.inputs.notices import few_people
from trustabm.inputs.places.counties import FIGURES, NEWEST, VINTAGES, counties, find, values
from trustabm.inputs.places.written import written
from trustabm.inputs.town import Town, town

ROOT = Path(__file__).parents[2]

NAMED = [  # looked up by hand in the Census Bureau's list of 2019
    ("travis-tx", "48453"),
    ("48453", "48453"),
    ("Travis County, TX", "48453"),
    ("Travis County, Texas", "48453"),
    ("TRAVIS", "48453"),
    ("1001", "01001"),  # a spreadsheet takes leading zeros away
    ("Doña Ana", "35013"),
    ("dona ana, nm", "35013"),
    ("Prince George's", "24033"),
    ("prince georges md", "24033"),
    ("St. Louis city", "29510"),
    ("Saint Louis County, Missouri", "29189"),
    ("Sainte Genevieve", "29186"),
    ("Baltimore city", "24510"),
    ("DeKalb, Georgia", "13089"),
    ("de kalb ga", "13089"),
    ("Lasalle Parish", "22059"),
    ("Matanuska-Susitna Borough, AK", "02170"),
    ("Hoonah–Angoon", "02105"),
    ("City of Richmond", "51760"),
    ("Charles City", "51036"),  # a county of this name, and no city of Charles
    ("Cass, IA", "19029"),
    ("Cassia", "16031"),
    ("Washington, DC", "11001"),
    ("District of Columbia", "11001"),
    ("New York County", "36061"),
]

UNSEEN = [  # none was looked at while the table was made
    "31009",  # Blaine County, Nebraska: some 400 residents
    "San Diego",  # more than three million
    "Middlesex County, Massachusetts",
    "Norman County, MN",  # no crime reported
    "09009",  # New Haven, Connecticut
    "Bethel Census Area",
    "miami-dade-fl",
    "Honolulu",
    "starr-tx",
    "Lexington city",
]


def printed_by(capsys, *words: str) -> tuple[str, str]:
    """Return what a command prints, to both streams."""
    with pytest.raises(SystemExit) as left:
        cli.main([*words])
    assert not left.value.code, capsys.readouterr().err
    return capsys.readouterr()


@pytest.mark.parametrize(("name", "fips"), NAMED)
def test_a_county_is_found_by_any_of_its_names(name, fips):
    assert find(name)[0].fips == fips


def test_every_county_is_found_by_its_code_slug_and_whole_name():
    assert len(counties()) == 3142
    assert len({c.slug for c in counties()}) == 3142

    def check(county):
        for name in (county.fips, county.slug, county.title, f"{county.name}, {county.state}"):
            assert find(name) == (county, None), name

    each(((county,) for county in counties()), check)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Travs County, TX", "did you mean 'travis-tx'"),
        ("haris-tx", "did you mean 'harris-tx'"),
        ("us-averge", "did you mean 'us-average'"),
        ("orange", r"the name of 8 counties, the largest first: Orange County, CA \(orange-ca\)"),
        ("orange", "and 2 more"),
        ("La Salle", r"of 3 counties, .*\(lasalle-il\); .*\(lasalle-la\); .*\(la-salle-tx\)"),
        ("Baltimore, MD", r"\(baltimore-county-md\); Baltimore city, MD \(baltimore-city-md\)"),
        ("New York", r"a state and of a county: New York County, NY \(new-york-ny\)"),
        ("09110", "Connecticut's planning regions are not in the table"),
        ("Capitol Planning Region, CT", "whose counties are those of 2019"),
        ("us-average@2019", "expected a county before @2019"),
        ("02063", r"was part of Valdez-Cordova Census Area \(02261\)"),
        ("99999", "no county has the FIPS code 99999"),
        ("travis-tx@2021", "expected @2019 or 2023"),
        ("nowhere at all", "expected one of 'cook-il'"),
        ("", "no ''"),
    ],
)
def test_a_name_of_none_or_of_several_is_answered_with_those_there_are(name, says):
    with pytest.raises(InvalidInput, match=says):
        town(name)


def test_towns_written_by_hand_stand_under_every_name_of_their_county():
    for name in ("harris-tx", "48201", "Harris County, Texas"):
        assert town(name) is town("harris-tx")
    table = town(f"harris-tx@{NEWEST}")
    assert table.title == town("harris-tx").title
    assert table.population.kind == "worked out"
    assert table != town("harris-tx")
    assert table.changes == town("harris-tx").changes
    assert town("48453") == town(f"travis-tx@{NEWEST}")
    assert town("travis-tx@2019").population.year == 2019


def test_every_county_is_a_possible_town_and_every_figure_says_where_it_is_from():
    assert set(FIGURES) == {d.name for d in declarations(Town)}

    def check(county, vintage):
        place = Town.make(values(county, vintage), county.title)
        for name, f in place.figures().items():
            assert f.imputed == (f.kind != "direct"), name
            assert f.low is not None
            assert f.high is not None
            assert f.low <= f.value <= f.high, name
            assert len(f.source) > 40
            assert "{" not in f.source
        assert place.mixed_status_share.kind == "stands in"

    # `experiments/every_county.py` looks at all of both vintages.
    each(((c, NEWEST) for c in counties()[::3]), check)
    each(((c, VINTAGES[0]) for c in counties()[::20]), check)


def test_a_year_with_few_crimes_is_no_rate_without_doubt():
    # Loving County, Texas: none recorded of some 80 residents. By chance there are up to 3.0 in
    # one year of 20 (-log 0.05), 3.0 / 98 residents of all ages in 2019 = 3,057 per 100,000.
    violent = town("loving-tx").violent_per_100k
    assert (violent.value, violent.low, violent.high) == (0, 0, 3056.9)


def test_no_crime_reported_is_none_known():
    for name in ("Norman County, MN", "Sibley"):
        crimes = town(name).property_per_100k
        assert crimes.kind == "stands in"
        assert crimes.value > 1000
        assert crimes.high == pytest.approx(1.8 * crimes.value, abs=0.1)


@pytest.mark.parametrize(
    ("name", "people"), [("orange-fl", 105_000), ("orange-ny", 13_000), ("kings-ca", 12_000)]
)
def test_counties_of_one_name_have_each_their_own_undocumented_residents(name, people):
    """Migration Policy Institute, mid-2023, of all ages; 94% are taken to be 12 and over."""
    place = town(name)
    here = place.undocumented_share.value * place.population.value / 0.94
    assert here == pytest.approx(people, rel=0.002)
    assert place.undocumented_share.kind == "worked out"


def test_connecticut_says_that_its_newest_figures_are_old():
    place = town("new-haven-ct")
    assert place.population.year == 2019
    assert "American Community Survey 2015-2019" in place.population.source
    assert place.undocumented_share.year == NEWEST


def test_hand_written_figures_lie_within_the_tables_ranges_or_are_explained():
    """Both are of 2019; who wrote one did not see the other's ranges."""
    outside = set()
    for name in catalog.names("towns"):
        if name == "us-average":
            continue
        here, table = town(name).figures(), town(f"{name}@2019").figures()
        for key, f in table.items():
            low, high = f.span
            if not low - 1e-9 <= here[key].value <= high + 1e-9:
                outside.add((name, key))
    assert outside == set()


@pytest.mark.parametrize("name", ["travis-tx", "loving-tx", "35013@2019", "harris-tx", "09009"])
def test_what_is_written_out_reads_back_as_the_same_town(name, tmp_path):
    text = written(town(name), "A note\nof two lines")
    assert text.startswith("# A note\n# of two lines\ntitle = ")
    (tmp_path / "mine.toml").write_text(text, "utf-8")
    assert town(tmp_path / "mine.toml") == town(name)


def test_the_command_writes_the_same(capsys):
    printed, _ = printed_by(capsys, "town", "new", "48453")
    assert Town.make(tomllib.loads(printed)) == town("travis-tx")
    assert printed_by(capsys, "towns", "new", "48453") == (printed, "")


def test_a_county_is_shown_whole_and_the_list_says_that_there_are_others(capsys):
    shown, _ = printed_by(capsys, "towns", "Travis")
    together = " ".join(shown.replace("│", " ").split())
    assert together.startswith("Travis County, Texas Of its 14 figures, of 2023: 2 read from a")
    for kind in ("Direct.", "Worked out.", "Modelled.", "Stands in."):
        assert kind in together
    listed, _ = printed_by(capsys, "towns")
    assert "every other US county, 3,142 in all" in listed


def test_a_file_has_from_its_base_what_it_does_not_say(tmp_path):
    cell = '{ value = 300, year = 2024, source = "The sheriff" }'
    path = tmp_path / "mine.toml"
    path.write_text(f'base = "48201"\ntitle = "Ours"\nviolent_per_100k = {cell}\n', "utf-8")
    mine, base = town(path), town("harris-tx")
    assert mine.violent_per_100k.value == 300
    assert mine.violent_per_100k.low is None
    assert mine.title == "Ours"
    assert mine.changes == base.changes
    assert mine.figures() == base.figures() | {"violent_per_100k": mine.violent_per_100k}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('base = "travs-tx"', r"mine\.toml: base: no 'travs-tx'; did you mean 'travis-tx'"),
        ("base = 48453", "base: expected a town that ships or a county, got 48453"),
        ('base = "other.toml"', "base: expected a town that ships or a county"),
        ('base = "48453"\nlatino_shar = 1', "latino_shar: no such key"),
        ('title = "T"', "population: expected a value, got none"),
    ],
)
def test_a_base_that_is_none_is_refused(text, says, tmp_path):
    (tmp_path / "mine.toml").write_text(text, "utf-8")
    with pytest.raises(InvalidInput, match=says):
        town(tmp_path / "mine.toml")


def test_the_base_of_the_documentation_reads(tmp_path):
    page = (ROOT / "docs" / "counties.md").read_text("utf-8")
    (tmp_path / "mine.toml").write_text(page.split("```toml\n")[1].split("```")[0], "utf-8")
    assert town(tmp_path / "mine.toml").officers_per_1000.value == 1.62


def test_a_county_of_few_says_so():
    (said,) = few_people(town("loving-tx"))
    assert "Loving County, Texas has about 54 residents aged 12 and over" in said
    assert not [*few_people(town("travis-tx"))]
    # 999 and 1,000: the county of 1,000 says nothing.
    of = {"year": 2020, "source": "s"}
    for people, notices in ((999, 1), (1000, 0)):
        place = Town.make({"base": "48453", "population": of | {"value": people}})
        assert len([*few_people(place)]) == notices


def test_a_kind_that_contradicts_imputed_is_refused():
    cell = {"value": 0.3, "low": 0.2, "high": 0.4, "year": 2020, "source": "s", "kind": "modelled"}
    with pytest.raises(InvalidInput, match="imputed: expected true of a figure whose kind is"):
        Town.make({"base": "48453", "latino_share": cell})


@pytest.mark.parametrize("name", UNSEEN)
def test_counties_never_seen_are_compared_by_name(name, capsys):
    sizes = {"replicates": "4", "residents": "300", "weeks": "4", "burn-in": "4", "draws": "4"}
    words = [word for key, size in sizes.items() for word in (f"--{key}", size)]
    policies = ("none", "secure-communities")
    out, err = printed_by(capsys, "compare", *policies, "--town", name, *words, "--json")
    assert '"outcome": "reporting"' in out
    few = town(name).population.value < 1000
    assert ("residents aged 12 and over: its figures are mostly" in err) == few


def test_a_comparison_draws_a_countys_figures_from_their_ranges():
    experiment = ta.compare(
        ["none", "sanctuary"],
        town="starr-tx",
        **{"replicates": 8, "draws": 8, "residents": 60, "weeks": 1, "burn_in": 0},
    ).experiment
    stated, drawn = town("starr-tx"), [lot.places[0][0] for lot in experiment.lots]
    for name, figure in stated.figures().items():
        values = {place.figures()[name].value for place in drawn}
        assert figure.value in values
        assert len(values) == (1 if name == "population" else 8), name


def test_the_table_is_that_of_the_states_it_names():
    codes = {c.fips[:2]: c.state for c in counties()}
    assert len(codes) == 51
    assert codes["48"] == "TX"
    assert len({(c.fips[:2], c.state, c.state_name) for c in counties()}) == 51
    # 2023: 276 million residents aged 12 and over in 2019 grew to some 284 million.
    assert sum(c.population for c in counties()) == pytest.approx(284e6, rel=0.005)


def test_counties_across_the_country_live_a_year():
    """Every hundredth here; all of them in `results/counties`, which the last test looks at."""

    def check(county):
        scenario = ta.Scenario(town=county.fips, policy="287g-jail", residents=200, weeks=52)
        world = scenario.world()
        world.run_for(52)
        assert world.tally.shape[0] == 52
        for field in world.tally.dtype.names:
            assert np.isfinite(world.tally[field]).all(), field
        lived_by = world.tally[0]["persons"].sum()
        assert lived_by == 200

    each(((county,) for county in counties()[::100]), check)


def test_all_counties_lived_a_year_in_the_committed_result():
    folder = ROOT / "results" / "counties"
    told = json.loads((folder / "provenance.json").read_text("utf-8"))
    assert told["failed"] == {}
    assert told["lived_through"] == 3142 * len(VINTAGES)
    with (folder / "counties.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["fips"] for row in rows] == [c.fips for c in counties()]
    # A town of 400 has as many undocumented residents as its figure says, to less than one.
    apart = [float(r["simulated"]) - float(r["undocumented_share"]) for r in rows]
    assert abs(sum(apart) / len(apart)) < 1 / 400
