"""What users write is text: in tables, figures, briefs, file names, and for any terminal."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from markupsafe import escape

import trustabm as ta
from trustabm.errors import InvalidInput
from trustabm.figures.style import file_name
from trustabm.inputs.catalog import read_toml
from trustabm.inputs.policy import Policy
from trustabm.inputs.timeline import Preset, Timeline
from trustabm.inputs.town import town
from trustabm.telling.brief import as_html, as_pdf
from trustabm.telling.terminal import print_comparison, print_summary

NAMES = ["[/x] [bold]", "$a$ and $\\frac$", "😀 العربية 漢字 :smile:", "_<b>&\"'; drop table runs"]


@pytest.fixture(scope="module")
def comparison() -> ta.Comparison:
    arms = {name: Policy(firewall=k / 4) for k, name in enumerate(NAMES)}
    return ta.compare(arms, replicates=2, weeks=2, burn_in=0, residents=60)


def test_a_name_stands_in_the_table_as_it_is(comparison, capsys):
    print_comparison(comparison)
    said = " ".join(capsys.readouterr().out.replace("│", " ").split())
    for name in NAMES:
        assert name in said


def test_a_name_stands_in_a_brief_as_it_is(comparison):
    page = as_html(comparison)
    for name in NAMES:
        assert escape(name) in page
    assert "<b>&" not in page
    assert as_pdf(comparison).startswith(b"%PDF")


def test_a_summary_names_its_files_as_they_are(tmp_path, capsys):
    path = tmp_path / "[bold] $p$ [x].toml"
    path.write_text('title = "[/y]"\nsentence = "s"\nsource = "s"\n', "utf-8")
    print_summary(ta.run({"policy": str(path), "weeks": 1, "residents": 50}))
    assert "us-average under [bold] $p$ [x], last" in capsys.readouterr().out


def test_a_name_is_one_file_and_no_folder():
    odd = ["a/b", "..", "../../etc", "con\0", "x" * 500, "a:b", "", "ä", "a b", "漢字", "a/b "]
    files = [file_name(name) for name in odd]
    assert len(set(files)) == len(odd)
    for name in files:
        assert re.fullmatch(r"[\w+-][\w.+-]{0,99}", name), name
    assert file_name("effect_reporting__latino") == "effect_reporting__latino"


@pytest.mark.parametrize("title", ["", "  ", "a\nb", "a\x1b[31m", "a\0b", "a\u202eb", "x" * 201])
def test_a_title_stands_on_one_line(title):
    for model, more in ((Timeline, {}), (Preset, {"sentence": "s", "source": "s"})):
        with pytest.raises(InvalidInput, match="title: expected 1 to 200 characters on one line"):
            model.make({"title": title, **more})
    with pytest.raises(InvalidInput, match="expected 1 to 200 characters on one line"):
        ta.compare({title: "none", "b": "sanctuary"})


@pytest.mark.parametrize("sign", ["\x1b", "\0", "\r", "\x9b", "\u202e", "\ud800"])
def test_no_sentence_holds_what_a_terminal_would_obey(sign):
    for values in (
        {"title": "t", "sentence": f"a{sign}b", "source": "s"},
        {"title": "t", "sentence": "s", "source": f"a{sign}b"},
    ):
        for model in (Timeline, Preset):
            with pytest.raises(InvalidInput, match="expected text without control characters"):
                model.make(values)
    assert (
        Timeline.make({"title": "t", "sentence": "two\nlines,\ta tab, 漢字"}).sentence[-2:]
        == "漢字"
    )


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp437"])
def test_a_terminal_that_knows_few_signs_shows_the_others_in_part(encoding, tmp_path):
    path = tmp_path / "p.toml"
    path.write_text('title = "漢字 ü"\nsentence = "→ s"\nsource = "§"\n', "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", "from trustabm.cli import main; main()", "policies", str(path)],
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"firewall" in done.stdout
    assert b"Traceback" not in done.stderr


@pytest.mark.posix
def test_what_is_no_regular_file_is_named_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "zero.toml").symlink_to("/dev/zero")
    for name, what in (("pipe", "device or pipe"), ("folder", "folder"), ("zero", "device")):
        with pytest.raises(
            InvalidInput, match=rf"{name}\.toml: expected a TOML file, got a {what}"
        ):
            read_toml(tmp_path / f"{name}.toml")
    (tmp_path / "latin.toml").write_bytes('title = "ü"'.encode("cp1252"))
    with pytest.raises(
        InvalidInput, match=r"latin\.toml: .* got byte 0xfc .* save the file as UTF-8"
    ):
        read_toml(tmp_path / "latin.toml")
    (tmp_path / "large.toml").write_bytes(b"#" * 20_000_001)
    with pytest.raises(InvalidInput, match="at most 20,000,000 bytes"):
        read_toml(tmp_path / "large.toml")


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_file_of_a_windows_program_is_read(mark, tmp_path):
    from importlib import resources

    text = (resources.files("trustabm") / "inputs" / "towns" / "us-average.toml").read_text("utf-8")
    path = tmp_path / "MINE.TOML"
    path.write_bytes(text.replace("\n", "\r\n").encode(mark))
    assert town(str(path)) == town("us-average")
