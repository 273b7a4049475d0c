"""A sweep gives the same runs whatever carries it out and whatever befalls it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import failing
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

import trustabm as ta
from trustabm.errors import InvalidInput, OutputExists
from trustabm.study.definition import Study
from trustabm.study.estimate import takes
from trustabm.study.store import NoSpaceLeft, Store
from trustabm.study.sweep import sweep

SMALL = {
    "title": "small",
    "arms": ["none", "secure-communities"],
    "vary": {"publicity": {"steps": 2}, "negativity": {"values": [1, 4]}},
    "replicates": 3,
    "weeks": 6,
    "burn_in": 3,
    "residents": 300,
}
LONG = """
title = "long"
arms = ["none", "secure-communities"]
replicates = 150
weeks = 100
burn_in = 20
residents = 5000
outcomes = ["trust", "reporting"]
[vary.negativity]
values = [1, 4]
"""
LONG_RUNS = 600


def study(**changes: object) -> Study:
    return Study.make({**SMALL, **changes})


def frame_bytes(frame: pd.DataFrame, tmp: Path) -> bytes:
    frame.to_parquet(tmp / "frame.parquet", index=False)
    return (tmp / "frame.parquet").read_bytes()


@pytest.fixture
def cluster() -> Iterator[str]:
    """The address of a scheduler of this machine with two workers."""
    distributed = pytest.importorskip("distributed")
    path = os.pathsep.join([str(Path(failing.__file__).parent), os.environ.get("PYTHONPATH", "")])
    os.environ["PYTHONPATH"] = path
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
    ) as local:
        yield local.scheduler_address


def test_levels_and_effects_are_those_of_a_comparison(tmp_path: Path) -> None:
    sweep(study(vary={}), tmp_path / "out", workers=1)
    ours = ta.open_study(tmp_path / "out").effects()
    c = ta.compare(SMALL["arms"], replicates=3, weeks=6, burn_in=3, residents=300)
    theirs = c.effects().query("arm != 'none'")
    both = ours.merge(theirs, on=["outcome", "group", "arm"])
    assert len(both) == len(ours)
    for name in ("level", "difference", "low", "high", "percent", "percent_low", "percent_high"):
        np.testing.assert_allclose(both[f"{name}_x"], both[f"{name}_y"].astype(float), rtol=1e-9)


def test_workers_and_order_do_not_matter(tmp_path: Path) -> None:
    frames = []
    for k, workers in enumerate((1, 2)):
        sweep(study(weekly=True), tmp_path / str(k), workers=workers, flush_seconds=0.0)
        opened = ta.open_study(tmp_path / str(k))
        frames.append([frame_bytes(f, tmp_path) for f in (opened.runs, opened.sums, opened.weekly)])
    # The same runs, but the last replicates and points first.
    parts = [study(replicates=1), study(design={"kind": "factorial"})]
    for part in parts:
        sweep(
            part.model_copy(update={"weekly": True}), tmp_path / "2", workers=2, flush_seconds=0.0
        )
    opened = ta.open_study(tmp_path / "2")
    frames.append([frame_bytes(f, tmp_path) for f in (opened.runs, opened.sums, opened.weekly)])
    assert frames[0] == frames[1] == frames[2]


@pytest.mark.slow
def test_engine_does_not_matter(tmp_path: Path, cluster: str) -> None:
    sweep(study(), tmp_path / "here", workers=2)
    sweep(study(), tmp_path / "there", dask=cluster)
    here, there = (ta.open_study(tmp_path / n).runs for n in ("here", "there"))
    assert frame_bytes(here, tmp_path) == frame_bytes(there, tmp_path)


def test_enlarging_runs_only_what_is_new(tmp_path: Path) -> None:
    design = {"kind": "sobol", "points": 3}
    vary = {"publicity": {}, "negativity": {"low": 1, "high": 8}}
    out = tmp_path / "out"
    sweep(study(vary=vary, design=design, replicates=1), out, workers=1)
    before = {p: p.read_bytes() for p in Store(out).parts("runs")}
    larger = study(
        vary=vary,
        design={**design, "points": 5},
        replicates=2,
        arms=["none", "secure-communities", "sanctuary"],
        towns=["us-average", "king-wa"],
    )
    assert takes(larger, out).done == 6
    sweep(larger, out, workers=1)
    assert all(p.read_bytes() == b for p, b in before.items())
    runs = ta.open_study(out).runs
    assert len(runs) == runs["run_id"].nunique() == 2 * 5 * 2 * 3
    sweep(larger, tmp_path / "whole", workers=1)
    pd.testing.assert_frame_equal(runs, ta.open_study(tmp_path / "whole").runs, check_exact=True)


def test_a_hypercube_and_a_grid_keep_their_points(tmp_path: Path) -> None:
    out = tmp_path / "out"
    cube = {"kind": "latin-hypercube", "points": 3}
    for points in (3, 5, 8):
        sweep(study(design={**cube, "points": points}, replicates=1), out, workers=1)
    assert len(ta.open_study(out).runs) == 8 * 2
    grid = tmp_path / "grid"
    for values in ([1, 4], [1, 2, 4]):
        sweep(study(vary={"negativity": {"values": values}}, replicates=1), grid, workers=1)
    runs = ta.open_study(grid).runs
    assert runs.groupby("point")["negativity"].first().tolist() == [1, 4, 2]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"weeks": 7}, "weeks: expected 6"),
        ({"arms": ["sanctuary", "none"]}, "arms: expected"),
        ({"vary": {}}, "design, vary"),
        ({"arms": {"none": {}, "secure-communities": {"policy": "sanctuary"}}}, "other content"),
    ],
)
def test_another_study_is_refused(tmp_path: Path, change: dict[str, object], says: str) -> None:
    sweep(study(replicates=1), tmp_path, workers=1)
    with pytest.raises(InvalidInput, match=says):
        sweep(study(**change), tmp_path, workers=1)


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(OutputExists, match="something else"):
        sweep(study(), tmp_path, workers=1)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]


def test_two_drivers_are_refused(tmp_path: Path) -> None:
    with Store(tmp_path / "out").locked(), pytest.raises(OutputExists, match="another sweep"):
        sweep(study(), tmp_path / "out", workers=1)


def test_a_run_that_raises_is_a_row_and_can_be_retried(tmp_path: Path) -> None:
    swept = sweep(study(), tmp_path, workers=1, work=failing.raises)
    assert (swept.done, swept.failed) == (24, 6)
    failures = ta.open_study(tmp_path).failures
    assert set(failures["point"]) == {failing.BAD_POINT}
    assert failures["error"].str.contains("ValidationError").all()
    assert sweep(study(), tmp_path, workers=1).failed == 6
    assert sweep(study(), tmp_path, workers=1, retry=True).failed == 0
    assert len(ta.open_study(tmp_path).runs) == 24


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["local", "dask"])
def test_a_point_that_kills_its_worker_is_a_row(
    tmp_path: Path, engine: str, request: pytest.FixtureRequest
) -> None:
    address = request.getfixturevalue("cluster") if engine == "dask" else None
    few = study(replicates=1)
    swept = sweep(few, tmp_path, workers=2, dask=address, work=failing.kills_its_worker)
    assert (swept.done, swept.failed) == (8, 2)
    failures = ta.open_study(tmp_path).failures
    assert set(failures["point"]) == {failing.BAD_POINT}
    assert failures["error"].str.contains("worker died").all()


def test_a_full_disk_is_said_and_the_sweep_goes_on_later(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=128k", "none", str(small)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting a small folder takes root")
    try:
        filler = small / "filler"
        with pytest.raises(NoSpaceLeft, match="make room"):
            sweep(study(replicates=60), small / "out", workers=1, flush_seconds=0.0)
        saved = len(Store(small / "out").read("runs", ["run_id"]))
        assert 0 < saved < 480
        assert not list(small.rglob("*.tmp"))
        assert not filler.exists()
        subprocess.run(["mount", "-o", "remount,size=64m", str(small)], check=True)
        assert sweep(study(replicates=60), small / "out", workers=1).done == 480
        runs = ta.open_study(small / "out").runs
        assert len(runs) == runs["run_id"].nunique() == 480
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)


def driver(file: Path, out: Path, *options: str) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "trustabm.cli", "sweep", str(file), "--out", str(out)]
    code = "import sys; from trustabm.cli import main; main(sys.argv[1:])"
    words = [sys.executable, "-c", code, *words[3:], *options]
    return subprocess.Popen(words, start_new_session=True, stderr=subprocess.PIPE)


def members(session: int) -> list[int]:
    """Return the processes of a session that are alive."""
    alive = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            alive.append(int(stat.parent.name))
    return alive


def until(true: object, seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def saved(out: Path) -> int:
    return len(Store(out).read("runs", ["run_id"])) if (out / "runs").is_dir() else 0


def worker_of(process: subprocess.Popen[bytes]) -> int | None:
    """Return a process that carries out batches for a driver."""
    for pid in members(process.pid):
        words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
        if any("spawn_main" in w for w in words):
            return pid
    return None


@pytest.mark.slow
def test_kills_of_driver_and_workers_lose_nothing(tmp_path: Path) -> None:
    file, out = tmp_path / "long.toml", tmp_path / "out"
    file.write_text(LONG)
    for _ in range(2):
        before = saved(out)
        process = driver(file, out, "--workers", "2")
        until(lambda p=process: worker_of(p) is not None)
        time.sleep(2.5)
        os.kill(worker_of(process) or 0, signal.SIGKILL)
        until(lambda b=before: saved(out) > b)
        process.kill()
        process.wait()
        until(lambda p=process: not members(p.pid), 15)  # no orphans
    assert 0 < saved(out) < LONG_RUNS
    process = driver(file, out, "--workers", "2")
    assert process.wait(timeout=120) == 0
    runs = ta.open_study(out).runs
    assert len(runs) == runs["run_id"].nunique() == LONG_RUNS
    assert runs["error"].isna().all()


@pytest.mark.slow
def test_kills_lose_nothing_on_dask(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    file, out = tmp_path / "long.toml", tmp_path / "out"
    file.write_text(LONG)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
    ) as local:
        address = local.scheduler_address
        process = driver(file, out, "--dask", address)
        until(lambda: saved(out) > 0)
        process.kill()
        process.wait()
        process = driver(file, out, "--dask", address)
        time.sleep(3)
        os.kill(next(iter(local.workers.values())).pid, signal.SIGKILL)
        assert process.wait(timeout=120) == 0
    runs = ta.open_study(out).runs
    assert len(runs) == runs["run_id"].nunique() == LONG_RUNS
    assert runs["error"].isna().all()


@pytest.mark.slow
def test_interrupt_is_clean(tmp_path: Path) -> None:
    file, out = tmp_path / "long.toml", tmp_path / "out"
    file.write_text(LONG)
    process = driver(file, out, "--workers", "2", "--json-progress")
    until(lambda: saved(out) > 0)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(timeout=15) == 130
    assert b"the same command goes on" in process.stderr.read()
    until(lambda: not members(process.pid), 10)
    assert not list(out.rglob("*.tmp"))
    assert 0 < saved(out) < LONG_RUNS


def test_worker_imports_nothing_heavy() -> None:
    code = "import sys, json, trustabm.study.worker; print(json.dumps(list(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
    heavy = {"pandas", "pyarrow", "scipy", "mesa", "distributed", "duckdb", "cyclopts", "rich"}
    assert not heavy & set(json.loads(out))


def test_parts_have_one_schema(tmp_path: Path) -> None:
    sweep(study(), tmp_path, workers=1, flush_seconds=0.0)
    schemas = {str(pq.read_schema(p)) for p in Store(tmp_path).parts("runs")}
    assert len(schemas) == 1
