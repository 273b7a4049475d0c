"""A brief: two tagged pages, all findings on them, and nothing asked of the network."""

from __future__ import annotations

import re

import pytest
from markupsafe import escape

import trustabm as ta
from trustabm.errors import InvalidInput, OutputExists
from trustabm.inputs.policy import Policy
from trustabm.telling.answer import answer
from trustabm.telling.beneath import beneath
from trustabm.telling.brief import (
    as_html,
    as_pdf,
    check_brief,
    write_brief,
)
from trustabm.telling.brief.content import command, content


@pytest.fixture(scope="module")
def comparison():
    return ta.compare(["none", "secure-communities"], replicates=3, weeks=16, residents=500)


def pages(pdf):
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize("arms", [2, 4])
@pytest.mark.parametrize("replicates", [1, 3])
def test_a_pdf_is_two_tagged_pages(arms, replicates):
    policies = ["none", "secure-communities", "community-trust", "us-history"][:arms]
    c = ta.compare(policies, replicates=replicates, weeks=8, burn_in=0, residents=300)
    pdf = as_pdf(c)
    assert pages(pdf) == 2
    assert b"/StructTreeRoot" in pdf


def test_html_says_what_the_card_says_and_asks_for_nothing(comparison):
    text, said = as_html(comparison), answer(comparison)
    lines = (said.large[0], said.headline, *(line.said for line in said.lines))
    below = [line for section in beneath(comparison).sections for line in section.lines]
    for line in (*lines, *below, comparison.covers(), command(comparison)):
        assert escape(line) in text, line
    assert not re.search(r"""(?:src|href)\s*=\s*["']?\s*https?:|@import|url\(\s*["']?http""", text)


def test_the_command_makes_the_comparison_again(comparison):
    assert command(comparison) == (
        "trustabm compare none secure-communities --town us-average --start 2010-01-01 "
        "--weeks 16 --residents 500 --seed 0 --burn-in 104 --replicates 3"
    )


def test_a_question_has_the_law_that_was_in_force_and_a_command():
    c = ta.compare(
        town="travis-tx",
        changes=["no-detainers"],
        since="2027-01",
        replicates=2,
        weeks=26,
        burn_in=0,
        residents=300,
    )
    said = content(c)
    assert said.question == (
        "What if the jail holds nobody for ICE without a judge's warrant in Travis County, Texas, "
        "from January 2027?"
    )
    assert any("(since " in line for line in said.law)
    assert command(c) == (
        "trustabm compare today --change no-detainers --town travis-tx --start 2027-01-01 "
        "--weeks 26 --residents 300 --seed 0 --from 2027-01-01 --burn-in 0 --replicates 2"
    )
    assert pages(as_pdf(c)) == 2


def test_no_command_is_claimed_for_a_policy_that_is_no_file():
    arms = {"now": "none", "mine": Policy(firewall=0.5)}
    c = ta.compare(arms, replicates=2, weeks=4, burn_in=0, residents=300)
    assert content(c).command is None
    assert pages(as_pdf(c)) == 2


def test_what_cannot_be_written_is_said_before(tmp_path):
    with pytest.raises(InvalidInput, match=r"\.pdf or \.html"):
        check_brief("brief.doc", 2)
    with pytest.raises(InvalidInput, match="at most 4"):
        check_brief("brief.pdf", 5)
    (tmp_path / "b.html").write_text("mine")
    with pytest.raises(OutputExists):
        check_brief(tmp_path / "b.html", 2)


def test_a_brief_is_written(comparison, tmp_path):
    assert write_brief(comparison, tmp_path / "b.pdf").read_bytes().startswith(b"%PDF")
    write_brief(comparison, tmp_path / "b.pdf", force=True)  # an earlier brief gives way
