"""An edition of many counties: a page each and an index; what is there already is kept."""

from __future__ import annotations

import json
import re

import pytest

from trustabm.cli import main

SMALL = "--weeks 26 --burn-in 4 --lots 10 --settings 8 --held 4 --tested 2"
COUNTIES = {"kent-de", "new-castle-de", "sussex-de"}


def made(out, capsys, residents: int = 1500) -> list[str]:
    """Make an edition of Delaware; return whose pages were made, as the records say."""
    words = [*SMALL.split(), "--residents", str(residents)]
    with pytest.raises(SystemExit, match="0"):
        main(["explorer", "--state", "DE", "--out", str(out), "--json", *words])
    records = json.loads(capsys.readouterr().out)
    assert all({"outcome", "error", "covered", "unknown"} <= set(record) for record in records)
    return list(dict.fromkeys(record["town"] for record in records))


def timeless(page) -> str:
    """Return a page but for the time at which it was made."""
    text, times = re.subn(r'"made":"20[^"]+"', "", page.read_text("utf-8"))
    assert times == 1
    return text


def test_an_edition_goes_on_where_it_stopped_with_the_same_bits(tmp_path, capsys):
    out = tmp_path / "site"
    assert set(made(out, capsys)) == COUNTIES
    links = set(re.findall(r'href="([^"]+)\.html"', (out / "index.html").read_text("utf-8")))
    assert links == COUNTIES
    whole = timeless(out / "kent-de.html")
    (out / "kent-de.html").unlink()
    assert made(out, capsys) == ["kent-de"]
    assert timeless(out / "kent-de.html") == whole
    assert made(out, capsys) == []


def test_a_county_whose_towns_are_too_small_is_named_and_has_no_page(tmp_path, capsys):
    out = tmp_path / "site"
    assert made(out, capsys, residents=100) == []
    page = (out / "index.html").read_text("utf-8")
    assert "href" not in page
    assert page.count("too few residents simulated to tell") == 3
