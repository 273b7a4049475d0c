"""Where the screen's scripts cannot be built, its tests are skipped at once and say what to do."""

from __future__ import annotations

import time

import assets
import build_assets
import pytest


@pytest.fixture
def npm(tmp_path, monkeypatch):
    """Return a function that puts an npm of these words on the path, and nothing else."""
    here = tmp_path / "visualization"
    here.mkdir()
    monkeypatch.setattr(build_assets, "HERE", here)
    monkeypatch.setattr(build_assets, "VENDOR", tmp_path / "vendor")
    monkeypatch.setattr(assets, "AXE", tmp_path / "axe.min.js")
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def put(words):
        file = folder / "npm"
        file.write_text(f"#!/bin/sh\n{words}\n")
        file.chmod(0o755)

    return put


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (None, "npm is not installed"),
        ("echo 'npm ERR! network ENOTFOUND' >&2; exit 1", "npm failed: npm ERR! network ENOTFOUND"),
        ("exit 1", "npm failed: Command"),
        ("exec /bin/sleep 30", "npm took over 0.3 s"),
    ],
    ids=["none", "no network", "silent", "hangs"],
)
def test_why_it_cannot_be_built_is_said_at_once(npm, monkeypatch, words, said):
    monkeypatch.setattr(assets, "SECONDS", 0.3 if "took" in said else 30.0)
    if words:
        npm(words)
    begun = time.monotonic()
    why = assets.why_missing()
    assert time.monotonic() - begun < 10
    assert said in why
    assert "install npm" in why
    assert "uv run python visualization/build_assets.py" in why


def test_what_is_built_is_not_built_again_and_axe_alone_is_no_reason_to_skip(npm):
    (build_assets.VENDOR / "uplot").mkdir(parents=True)
    npm("exit 1")
    assert assets.why_missing() == ""
    assets.AXE.touch()
    npm("exec /bin/sleep 30")
    assert assets.why_missing() == ""


def test_npm_is_asked_once_and_from_the_lock_file(npm, tmp_path):
    npm(f'echo "$@" > {tmp_path}/words; exit 1')
    assets.why_missing()
    assert (tmp_path / "words").read_text().split()[:2] == ["ci", "--ignore-scripts"]
    assert "--fetch-retries=0" in (tmp_path / "words").read_text()
