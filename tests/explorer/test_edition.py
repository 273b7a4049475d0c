"""An edition of many counties: a page each and an index; what is there already is kept."""

from __future__ import annotations

import json
import re

import pytest

from trustabm.cli import explorers, main
from trustabm.explorer.lived import Asked, TooSmall

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


def test_more_residents_are_tried_until_they_are_enough(monkeypatch):
    tried = []

    def made(asked, workers):
        tried.append((asked.residents, asked.rules.residents))
        if asked.residents < 8000:
            raise TooSmall("too small")
        return b"page", []

    monkeypatch.setattr(explorers, "_made", made)
    asked = Asked.make({"town": "kent-de", "since": "2027-01", "residents": 2000}, "explorer")
    assert explorers._made_larger(asked, explorers.LARGER, 1) == (b"page", [])
    assert tried == [(2000, 2000), (4000, 4000), (8000, 8000)]
    with pytest.raises(TooSmall):
        explorers._made_larger(asked, (1, 2), 1)
