"""A study's folder on object storage is what a folder of this machine is."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pandas as pd
import pytest

import trustabm as ta
from trustabm.errors import Damaged, InvalidInput
from trustabm.study.definition import Study
from trustabm.study.sweep import sweep

fsspec = pytest.importorskip("fsspec")

SMALL = {
    "title": "small",
    "arms": ["none", "secure-communities"],
    "vary": {"news_weight": {"values": [2, 4]}},
    "replicates": 4,
    "weeks": 4,
    "burn_in": 2,
    "residents": 200,
    "outcomes": ["trust", "reporting"],
    "weekly": True,
}


def same_as_here(address: str, folder: Path) -> None:
    sweep(Study.make(SMALL), folder, workers=1)
    here, there = ta.open_study(folder), ta.open_study(address)
    assert len(here.runs) == 16
    pd.testing.assert_frame_equal(here.runs, there.runs)
    pd.testing.assert_frame_equal(here.weekly, there.weekly)


def go_on(address: str, folder: Path) -> None:
    """Sweep to an address, stop, go on elsewhere, and look at what it has."""
    stops: list[int] = []

    def soon() -> bool:
        stops.append(0)
        return len(stops) > 3

    few = Study.make(SMALL | {"replicates": 2})
    sweep(few, address, workers=1, stop=soon, flush_seconds=0.0)
    sweep(few, address, workers=1)
    assert ta.open_study(address).done == 8
    swept = sweep(Study.make(SMALL), address, workers=1, flush_seconds=0.0)
    assert (swept.done, swept.total, swept.failed) == (16, 16, 0)
    same_as_here(address, folder)


def test_a_sweep_goes_on_in_memory(tmp_path: Path) -> None:
    files = fsspec.filesystem("memory")
    address = f"memory://{tmp_path.name}/study"
    try:
        go_on(address, tmp_path / "here")
        assert files.isfile(f"/{tmp_path.name}/study/study.toml")
        # What is put there and changed is not read: the name of a part says what is in it.
        (first, *_) = files.ls(f"/{tmp_path.name}/study/runs", detail=False)
        files.pipe_file(first, b"no part")
        with pytest.raises(Damaged, match="sweep the same study file"):
            ta.open_study(address)
        sweep(Study.make(SMALL), address, workers=1)
        same_as_here(address, tmp_path / "here")
    finally:
        files.rm(f"/{tmp_path.name}", recursive=True)


def test_parts_that_were_merged_are_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trustabm.study import store

    address = f"file://{tmp_path}/far"
    for replicates in (1, 2, 3):
        sweep(Study.make(SMALL | {"replicates": replicates}), address, workers=1)
    assert len(os.listdir(tmp_path / "far" / "runs")) == 3
    monkeypatch.setattr(store, "SMALL_PARTS", 2)
    sweep(Study.make(SMALL), address, workers=1)
    assert len(os.listdir(tmp_path / "far" / "runs")) == 1
    same_as_here(address, tmp_path / "here")
    # A folder that was brought here by hand is a folder as any other.
    shutil.copytree(tmp_path / "far", tmp_path / "copy")
    assert len(ta.open_study(tmp_path / "copy").runs) == 16


def test_an_address_without_a_study_is_an_error() -> None:
    with pytest.raises(InvalidInput, match="got no study"):
        ta.open_study("memory://nothing/here")
    with pytest.raises(InvalidInput, match="an address that fsspec knows"):
        ta.open_study("nowhere://nothing/here")


def test_a_bucket_holds_a_study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("s3fs")
    server = pytest.importorskip("moto.server").ThreadedMotoServer(port=0)
    server.start()
    try:
        host, port = server.get_host_and_port()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "testing")
        fsspec.filesystem("s3").mkdir("bucket")
        go_on("s3://bucket/studies/small", tmp_path / "here")
    finally:
        server.stop()
