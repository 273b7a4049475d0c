"""A plug-in that is installed: its town, policy, rule and lesson are found by name."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import trustabm as ta
from trustabm.cli import main
from trustabm.errors import InvalidInput
from trustabm.inputs import catalog, library
from trustabm.inputs.rule import NOT_FITTED

PLUGIN = Path(__file__).parents[2] / "examples" / "plugin"


def installed(folder: Path, points: dict[str, str]) -> None:
    """Write what an installer writes of a package's entry points."""
    info = folder / "trustabm_riverbend-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: x\nVersion: 0.1.0\n")
    lines = [f"{name} = {module}" for name, module in points.items()]
    (info / "entry_points.txt").write_text("\n".join(["[trustabm]", *lines]))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder on the path, in which nothing is installed yet."""
    monkeypatch.delenv(library.VARIABLE, raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.syspath_prepend(PLUGIN)
    library.plugins.cache_clear()
    yield tmp_path
    library.plugins.cache_clear()


def test_what_a_plug_in_adds_is_found_by_name(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from trustabm_app.shared.address import read
    from trustabm_app.town.forms import setup

    from trustabm.classroom.lesson import lessons

    assert "open-door" not in catalog.names("policies")
    declared = tomllib.loads((PLUGIN / "pyproject.toml").read_text())["project"]["entry-points"]
    installed(here, declared["trustabm"])
    library.plugins.cache_clear()
    assert "open-door" in catalog.names("policies")
    assert "riverbend" in catalog.names("towns")
    assert ta.town("riverbend").officers_per_1000.value == 1.4
    assert ta.policy("open-door").outreach == 0.6
    scenario = ta.Scenario.make({"town": "riverbend", "policy": "open-door", "rules": ["cautious"]})
    assert scenario.rules[0].title == "cautious in place of report_chance"
    assert scenario.experiment().lines[0].title == "Open door"
    assert lessons()["open-door"].experiment().place.title == "Riverbend"
    assert not [*library.wrong()]
    setting = read("town=riverbend&a=none&b=open-door&model=rules-cautious")
    assert [r.replaces for r in setting.experiment(2).rules] == ["report_chance"]
    assert setting.experiment(1).rules == scenario.rules
    form = str(setup(2, setting.experiment(1).groups, setting.town))
    assert "'rules-cautious', 'Rules of cautious'" in form
    assert read("model=rules-none").model == ""
    # A library stands before it.
    (here / "mine" / "policies").mkdir(parents=True)
    text = 'title = "Mine"\nsentence = "s"\nsource = "s"\nlevers = { outreach = 0.1 }\n'
    (here / "mine" / "policies" / "open-door.toml").write_text(text)
    monkeypatch.setenv(library.VARIABLE, str(here / "mine"))
    assert ta.policy("open-door").outreach == 0.1
    assert ta.town("riverbend").title == "Riverbend"


def test_commands_take_a_file_of_rules(capsys: pytest.CaptureFixture[str]) -> None:
    file = str(PLUGIN / "trustabm_riverbend" / "rules" / "cautious.py")
    small = ["--weeks", "2", "--residents", "100", "--rule", file, "--json"]
    for words in (["run", *small], ["compare", "none", "sanctuary", "--replicates", "2", *small]):
        with pytest.raises(SystemExit, match="0"):
            main(words)
        assert f"cautious in place of report_chance: {NOT_FITTED}" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["run", *small[:4], "--rule", "nowhere.py"])
    assert "expected the path of a Python file" in capsys.readouterr().err


def test_a_plug_in_of_thirty_lines() -> None:
    files = [p for p in PLUGIN.rglob("*") if p.suffix in (".toml", ".py")]
    assert {p.parent.name for p in files} >= {"towns", "policies", "rules", "lessons"}
    assert sum(bool(line.strip()) for p in files for line in p.read_text().splitlines()) <= 30


def test_a_plug_in_that_is_not_there_is_named(here: Path) -> None:
    installed(here, {"gone": "trustabm_gone"})
    library.plugins.cache_clear()
    with pytest.raises(InvalidInput, match="plug-in gone: expected a package that is installed"):
        catalog.names("towns")
