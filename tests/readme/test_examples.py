"""The examples of public names' docstrings run, and give what they say."""

from __future__ import annotations

import doctest
from collections.abc import Iterator
from pathlib import Path

import pytest

import trustabm as ta
from trustabm.inputs import draws
from trustabm.inputs.lever import OWN
from trustabm.outcomes.glossary import GLOSSARY, OUTCOMES
from trustabm.outcomes.own import own_outcomes

PUBLIC = {name: getattr(ta, name) for name in ta.__all__}
SHOWN = [name for name, what in PUBLIC.items() if ">>>" in (what.__doc__ or "")]


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Begin in an empty folder, and leave nothing declared."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(draws.VARIABLE, raising=False)
    yield
    ta.use_posterior(None)
    OWN.clear()
    for name in own_outcomes():
        del GLOSSARY[name], OUTCOMES[name]


def test_there_are_examples_to_run() -> None:
    assert {"Calibrated", "compare", "lever", "rule", "use_posterior"} <= {*SHOWN}


@pytest.mark.parametrize("name", SHOWN)
def test_an_example_gives_what_it_says(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    finder = doctest.DocTestFinder(recurse=False)
    for example in finder.find(PUBLIC[name], name, globs={**PUBLIC, "__name__": "example"}):
        found = doctest.DocTestRunner().run(example)
        assert found.attempted > 1
        assert not found.failed, capsys.readouterr().out
