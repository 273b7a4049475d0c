"""A user's own table of counties: what it says is taken, what it lacks is filled in and said."""

from __future__ import annotations

from pathlib import Path

import pytest

from trustabm import cli
from trustabm.errors import InvalidInput
from trustabm.inputs.places.tables import Table, read_table
from trustabm.inputs.town import town

HEAD = "fips,latino_share,violent_per_100k"


def table(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = folder / "ours.csv"
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def read(folder: Path, *lines: str, encoding: str = "utf-8") -> Table:
    return read_table(table(folder, *lines, encoding=encoding), 2024, "Ours")


def test_cells_are_read_as_spreadsheets_write_them(tmp_path):
    ours = read(
        tmp_path,
        HEAD + ",population",
        '01001,3.5%,"1,234.5","55,000"',
        '1003,0.06,240,"206,593"',  # the leading zero is lost
        "0500000US48453,.3,2e2,1100000",  # as the Census Bureau's own tables write it
        "35013.0,61 %,(X),200000",  # a number, to a spreadsheet
    )
    places = {own.slug: own.place for own in ours.towns}
    assert list(places) == ["autauga-al", "baldwin-al", "travis-tx", "dona-ana-nm"]
    assert [p.latino_share.value for p in places.values()] == [0.035, 0.06, 0.3, 0.61]
    assert places["autauga-al"].violent_per_100k.value == 1234.5
    assert places["travis-tx"].violent_per_100k.value == 200
    assert places["dona-ana-nm"].violent_per_100k == town("dona-ana-nm").violent_per_100k
    assert places["baldwin-al"].population.value == 206_593
    assert places["baldwin-al"].population.source == "Ours"
    assert any("four digits" in note for note in ours.notes)


@pytest.mark.parametrize(
    ("head", "row", "encoding", "note"),
    [
        ("County,State,Latino share", "Doña Ana,NM,0.6", "latin-1", "read as Latin-1"),
        ("County;State;Latino share", "Doña Ana;NM;0.6", "utf-8", ""),
        ("COUNTY\tSTATE\tlatino_share", "Dona Ana\tNew Mexico\t0.6", "utf-8-sig", ""),
        ("geoid,county,latino-share", "35013,Dona Ana County,0.6", "utf-16", ""),
    ],
)
def test_any_separator_and_letters(head, row, encoding, note, tmp_path):
    ours = read(tmp_path, head, row, encoding=encoding)
    assert [own.slug for own in ours.towns] == ["dona-ana-nm"]
    assert ours.towns[0].place.latino_share.value == 0.6
    assert any("Latin-1" in said for said in ours.notes) == bool(note)


def test_what_is_filled_in_is_said_and_marked_in_the_file(tmp_path):
    ours = read(tmp_path, HEAD, "48453,,300")
    (own,) = ours.towns
    known = town("travis-tx")
    assert own.place.figures() == known.figures() | {"violent_per_100k": own.place.violent_per_100k}
    assert "latino_share" in own.filled
    assert "violent_per_100k" not in own.filled
    assert len(own.filled) == 13
    assert "# latino_share: not in it, 0.3069 from the table of counties (worked out, 2023)." in (
        own.text.splitlines()
    )
    assert any("latino_share" in note and "travis-tx" in note for note in ours.notes)


def test_a_place_that_is_no_county_has_its_states_figures_with_a_wide_range(tmp_path):
    ours = read(tmp_path, HEAD + ",population,name", "09110,,250,830000,Capitol Region")
    (own,) = ours.towns
    assert (own.slug, own.place.title) == ("capitol-region-09110", "Capitol Region")
    counties = [town(f"0900{k}") for k in (1, 3, 5, 7, 9)] + [town(f"0901{k}") for k in (1, 3, 5)]
    here, there = own.place.latino_share, [place.latino_share for place in counties]
    assert (here.low, here.high) == (min(f.low for f in there), max(f.high for f in there))
    people = [place.population.value for place in counties]
    mean = sum(f.value * n for f, n in zip(there, people, strict=True)) / sum(people)
    assert here.value == pytest.approx(mean, rel=1e-3)
    assert (here.kind, here.imputed) == ("stands in", True)
    assert own.place.violent_per_100k.kind is None
    assert "Connecticut" in here.source
    assert own.place.fips == "09110"
    assert {change.source for change in town("09001").changes} >= {
        change.source for change in own.place.changes if change.key is None
    }
    assert any("its state" in note for note in ours.notes)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ((), "expected a line of names and a row a county"),
        ((HEAD,), "expected a line of names and a row a county"),
        (("latino_share", "0.3"), "expected a column fips, or county and state"),
        (("fips,notes", "48453,x"), "expected a column of a figure"),
        (("fips,latino_shar", "48453,0.3"), "no figure is called 'latino_shar'; did you mean"),
        ((HEAD, "48453,x,1"), "line 2: latino_share: expected a number .* got 'x'"),
        ((HEAD, "48453,e5,1"), "latino_share: expected a number .* got 'e5'"),
        ((HEAD, '48453,"0,3",1'), "latino_share: expected a number .* got '0,3'"),
        ((HEAD, "48453,0.3"), "line 2: expected 3 cells, got 2"),
        ((HEAD, "48453,30.7,1"), "line 2: latino_share.value: expected from 0 to 1"),
        ((HEAD, "48453,0.3,1", "48453,0.4,1"), "line 3: expected a row a county, got travis-tx"),
        ((HEAD, "4845,0.3,1"), "line 2: fips: no county has the FIPS code 04845.*got '4845'"),
        ((HEAD, "48000,0.3,1"), "line 2: fips: no county has the FIPS code 48000"),  # the state
        ((HEAD, "51515,0.3,1"), "fips: no county 51515: it is part of Bedford County"),
        ((HEAD, "99001,0.3,1"), "fips: no county has the FIPS code 99001"),
        (("fips,state,latino_share", "48453,AZ,.3"), "the state of county 48453, Travis County"),
        ((HEAD, "Travis,0.3,1"), "fips: expected five digits, got 'Travis'"),
        (("fips,county,latino_share", "48453,Harris,.3"), "name of county 48453, Travis County"),
        (("county,latino_share", "Orange,0.3"), "line 2: expected one county, got 'Orange'"),
        (("county,latino_share", ",0.3"), "expected a FIPS code or the name of a county"),
        (("fips,latino_share_low", "48453,.3"), "a column of a figure"),
        (("fips,latino_share,latino_share_low", "48453,.3,.2"), "latino_share_low: expected latin"),
        (("fips,latino_share,latino_share", "48453,.3,.2"), "expected one column latino_share"),
    ],
)
def test_a_bad_table_is_told_where_it_is_bad(lines, says, tmp_path):
    with pytest.raises(InvalidInput, match=says):
        read(tmp_path, *lines)


def test_a_year_is_not_guessed(tmp_path):
    with pytest.raises(InvalidInput, match="line 2: year: expected a column year, or --year"):
        read_table(table(tmp_path, HEAD, "48453,0.3,300"))
    rows = ("fips,latino_share,year,source", "48453,0.3,2021,A survey")
    (own,) = read_table(table(tmp_path, *rows)).towns
    assert (own.place.latino_share.year, own.place.latino_share.source) == (2021, "A survey")


def test_a_range_is_taken(tmp_path):
    ours = read(tmp_path, "fips,latino_share,latino_share_low,latino_share_high", "48453,.3,.2,.4")
    assert ours.towns[0].place.latino_share.span == (0.2, 0.4)


def test_the_command_writes_files_that_are_towns(tmp_path, capsys):
    path = table(tmp_path, HEAD, "48453,0.3,300", "48201,0.4,")
    words = ["towns", "import", str(path), "--out", str(tmp_path / "own"), "--year", "2024"]
    for more, code in (((), 0), ((), 2), (("--force",), 0)):
        with pytest.raises(SystemExit) as left:
            cli.main([*words, *more])
        assert (left.value.code or 0) == code
    said = capsys.readouterr().err
    assert "2 towns written to" in said
    assert "travis-tx.toml, harris-tx.toml exists; --force" in said
    harris = town(tmp_path / "own" / "harris-tx.toml")
    assert harris.latino_share.value == 0.4
    assert harris.violent_per_100k == town("harris-tx").violent_per_100k
    assert harris.changes == town("harris-tx").changes


def test_a_state_may_be_said_twice_and_in_any_way(tmp_path):
    for state in ("TX", "Texas", "48", "48.0", ""):
        rows = ("county,state,latino_share", f'"Travis County, Texas",{state},.3')
        assert [own.slug for own in read(tmp_path, *rows).towns] == ["travis-tx"]
        ours = read(tmp_path, "fips,state,latino_share", f"48453,{state},.3")
        assert [own.slug for own in ours.towns] == ["travis-tx"]
    assert read(tmp_path, "fips,state,latino_share", "6037,6,.5").towns[0].slug == "los-angeles-ca"


def test_a_county_of_another_code_has_its_own_figures(tmp_path):
    # Shannon County, South Dakota, was 46113 until 2015, and is Oglala Lakota County since.
    (own,) = read(tmp_path, HEAD, "46113,,300").towns
    assert own.slug == "oglala-lakota-sd"
    assert own.place.latino_share == town("46102").latino_share


def test_a_place_of_unknown_population_has_one_with_a_sign(tmp_path):
    ours = read(tmp_path, HEAD, "09110,0.2,250")
    (own,) = ours.towns
    counties = [town(f"0900{k}") for k in (1, 3, 5, 7, 9)] + [town(f"0901{k}") for k in (1, 3, 5)]
    here, there = own.place.population, [place.population for place in counties]
    assert here.value == pytest.approx(sum(f.value for f in there) / 8, rel=1e-3)
    assert (here.low, here.high) == (min(f.low for f in there), max(f.high for f in there))
    assert here.kind == "stands in"
    assert own.slug == "place-09110"
    assert any("its state" in note and "population" in note for note in ours.notes)


def test_a_column_of_percent_is_read_as_percent(tmp_path):
    ours = read(tmp_path, "fips,latino share (%),undocumented_share", "48453,31,6%", "48301,0.8%,")
    assert [own.place.latino_share.value for own in ours.towns] == [0.31, 0.008]


def test_a_number_far_from_what_is_known_is_asked_about(tmp_path):
    # Travis has some 1.8 officers per 1,000 and 360 violent crimes per 100,000, either within a
    # third: 15 is more than three times as many, and 300 is not far.
    ours = read(tmp_path, "fips,officers_per_1000,violent_per_100k", "48453,15,300", "13139,2,9000")
    (said,) = (note for note in ours.notes if note.startswith("Is this as it is meant?"))
    assert "travis-tx: officers_per_1000 is 15, and known here as" in said
    assert "hall-ga: violent_per_100k is 9,000" in said
    assert "travis-tx: violent_per_100k" not in said
    assert "hall-ga: officers_per_1000" not in said


def test_a_range_without_its_value_is_not_dropped_in_silence(tmp_path):
    ours = read(tmp_path, "fips,latino_share,latino_share_low,latino_share_high", "48453,,.2,.4")
    assert ours.towns[0].place.latino_share == town("travis-tx").latino_share
    assert any("travis-tx: latino_share: a range without a value" in note for note in ours.notes)


def test_what_is_filled_in_from_a_town_that_ships_says_so(tmp_path):
    (own,) = read(tmp_path, HEAD, "48201,0.4,").towns
    assert "from the town that ships" in own.text
    assert "from the table of counties" not in own.text
