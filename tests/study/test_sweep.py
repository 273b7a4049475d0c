"""A sweep gives the same runs whatever carries it out and whatever befalls it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import failing
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import schedulers

import trustabm as ta
from trustabm.errors import InvalidInput, OutputExists
from trustabm.inputs.rule import rules_in
from trustabm.study import watch
from trustabm.study.definition import Study
from trustabm.study.estimate import takes
from trustabm.study.store import NoSpaceLeft, Store
from trustabm.study.sweep import sweep

SMALL = {
    "title": "small",
    "arms": ["none", "secure-communities"],
    "vary": {"publicity": {"steps": 2}, "news_weight": {"values": [2, 4]}},
    "replicates": 3,
    "weeks": 6,
    "burn_in": 3,
    "residents": 300,
}
TESTS = Path(failing.__file__).parent
LONG = """
title = "long"
arms = ["none", "secure-communities"]
replicates = 150
weeks = 6
burn_in = 3
residents = 300
outcomes = ["trust", "reporting"]
[vary.news_weight]
values = [2, 4]
"""
LONG_RUNS = 600  # 150 batches that linger: 22 seconds at least


def study(**changes: object) -> Study:
    return Study.make({**SMALL, **changes})


def frame_bytes(frame: pd.DataFrame, tmp: Path) -> bytes:
    frame.to_parquet(tmp / "frame.parquet", index=False)
    return (tmp / "frame.parquet").read_bytes()


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


def until(true: object, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


class Cluster:
    """A Dask scheduler and its workers, as a person starts them."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "scheduler.json"
        path = os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])
        self.settings = os.environ | {"PYTHONPATH": path}
        scheduler = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file"]
        worker = [
            "--host",
            "127.0.0.1",
            "--nworkers",
            "2",
            "--nthreads",
            "1",
            "--no-dashboard",
            "--scheduler-file",
        ]
        self.processes = [self.start("dask_scheduler", *scheduler, str(self.file))]
        try:
            self.address = schedulers.address(self.file)
        except BaseException:
            self.close()
            raise
        self.processes += [self.start("dask_worker", *worker, str(self.file))]

    def start(self, module: str, *words: str) -> subprocess.Popen[bytes]:
        """Start a program of Dask in a session of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{module}", *words],
            env=self.settings,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def close(self) -> None:
        """End all processes."""
        for process in reversed(self.processes):
            for pid in members(process.pid):
                os.kill(pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    pytest.importorskip("distributed")
    started = Cluster(tmp_path)
    yield started
    started.close()


def test_levels_and_effects_are_those_of_a_comparison(tmp_path: Path) -> None:
    sweep(study(vary={}), tmp_path / "out", workers=1)
    ours = ta.open_study(tmp_path / "out").effects()
    c = ta.compare(SMALL["arms"], replicates=3, weeks=6, burn_in=3, residents=300)
    theirs = c.effects().query("arm != 'none'")
    both = ours.merge(theirs, on=["outcome", "group", "arm"])
    assert len(both) == len(ours)
    for name in ("level", "difference", "low", "high", "percent", "percent_low", "percent_high"):
        np.testing.assert_allclose(both[f"{name}_x"], both[f"{name}_y"].astype(float), rtol=1e-9)
    assert (both["verdict_x"] == both["verdict_y"]).all()


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


@pytest.mark.posix
@pytest.mark.slow
def test_engine_does_not_matter(tmp_path: Path, cluster: Cluster) -> None:
    sweep(study(), tmp_path / "here", workers=2)
    sweep(study(), tmp_path / "there", dask=cluster.address)
    here, there = (ta.open_study(tmp_path / n).runs for n in ("here", "there"))
    assert frame_bytes(here, tmp_path) == frame_bytes(there, tmp_path)


RULED = """
import trustabm as ta

ta.lever("calling", title="Victims call", unit="share of victims", sentence="Who calls.")

@ta.rule("report_chance")
def as_many(p, levers, kind, trust, feared, status, readiness):
    return levers.calling
"""


def test_rules_and_levers_of_ones_own_are_the_same_on_dask(
    tmp_path: Path, cluster: Cluster
) -> None:
    (tmp_path / "calling.py").write_text(RULED)
    rules = rules_in(tmp_path / "calling.py")
    (tmp_path / "calling.py").unlink()  # it travels as text
    arms = {"shipped": {}, "own": {"rules": rules}}
    asked = study(arms=arms, vary={"calling": {"values": [0.0, 1.0]}}, replicates=2)
    sweep(asked, tmp_path / "here", workers=2)
    sweep(asked, tmp_path / "there", dask=cluster.address)
    here, there = (ta.open_study(tmp_path / n) for n in ("here", "there"))
    assert frame_bytes(here.runs, tmp_path) == frame_bytes(there.runs, tmp_path)
    found = there.effects().query("outcome == 'reporting' and group == 'all'")
    assert sorted(zip(found["calling"], found["level"], strict=True)) == [(0.0, 0.0), (1.0, 1.0)]


def test_enlarging_runs_only_what_is_new(tmp_path: Path) -> None:
    design = {"kind": "sobol", "points": 3}
    vary = {"publicity": {}, "news_weight": {"low": 2, "high": 5}}
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
    for values in ([2, 4], [2, 3, 4]):
        sweep(study(vary={"news_weight": {"values": values}}, replicates=1), grid, workers=1)
    runs = ta.open_study(grid).runs
    assert runs.groupby("point")["news_weight"].first().tolist() == [2, 4, 3]


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


@pytest.mark.posix
@pytest.mark.slow
@pytest.mark.parametrize("engine", ["local", "dask"])
def test_a_point_that_kills_its_worker_is_a_row(
    tmp_path: Path, engine: str, request: pytest.FixtureRequest
) -> None:
    address = request.getfixturevalue("cluster").address if engine == "dask" else None
    few = study(replicates=1)
    swept = sweep(few, tmp_path / "out", workers=2, dask=address, work=failing.kills_its_worker)
    assert (swept.done, swept.failed) == (8, 2)
    failures = ta.open_study(tmp_path / "out").failures
    assert set(failures["point"]) == {failing.BAD_POINT}
    assert failures["error"].str.contains("worker died").all()


@pytest.mark.posix
@pytest.mark.slow
def test_a_run_that_hangs_is_a_row_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "LEAST", 4.0)
    monkeypatch.setattr(watch, "STARTING", 40.0)
    said: list[str] = []
    few = study(replicates=1, vary={"news_weight": {"values": [2, 4]}})
    swept = sweep(few, tmp_path / "out", workers=2, work=failing.hangs, say=said.append)
    assert (swept.done, swept.failed) == (4, 2)
    opened = ta.open_study(tmp_path / "out")
    assert set(opened.failures["point"]) == {failing.BAD_POINT}
    assert opened.failures["error"].str.contains("took too long").all()
    assert len(said) == 1
    assert "us-average, point 1, replicate 0: took too long" in said[0]


def test_a_driver_that_was_stopped_itself_blames_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    batch: Future[None] = Future()
    batch.set_running_or_notify_cancel()
    seen = watch.Watch()
    seen.came()
    assert seen.late({batch: [1]}, 0.1) == []
    now[0] = 3600.0  # an hour asleep
    assert seen.late({batch: [1]}, 0.1) == []
    for _ in range(20):
        now[0] += 2.0
        late = seen.late({batch: [1]}, 0.1)
    assert late == [batch]


@pytest.mark.posix
def test_a_full_disk_is_said_and_the_sweep_goes_on_later(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(small)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting a small folder takes root")
    filler = small / "filler"
    try:
        sweep(study(replicates=1), small / "out", workers=1)

        def fill(_: object = None) -> None:
            if not filler.exists():
                room = os.statvfs(small)
                filler.write_bytes(bytes(room.f_bavail * room.f_bsize - 60_000))

        with pytest.raises(NoSpaceLeft, match="make room"):
            sweep(study(replicates=200), small / "out", workers=1, progress=fill)
        with pytest.raises(NoSpaceLeft, match="expected room for about"):  # nor is it begun
            sweep(study(replicates=200), small / "out", workers=1)
        assert 8 <= len(Store(small / "out").read("runs", ["run_id"])) < 1600
        assert not list(small.rglob("*.tmp"))
        filler.unlink()
        assert sweep(study(replicates=200), small / "out", workers=1).done == 1600
        runs = ta.open_study(small / "out").runs
        assert len(runs) == runs["run_id"].nunique() == 1600
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)


def driver(file: Path, out: Path, *options: str) -> subprocess.Popen[bytes]:
    """Start a sweep that is still at it when the test wants to end it."""
    return subprocess.Popen(
        [sys.executable, TESTS / "unhurried.py", "sweep", file, "--out", out, *options],
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def finish(file: Path, out: Path, *options: str) -> None:
    """Go on with a sweep as its user would, to the end, and look at what it left."""
    script = Path(sys.executable).with_name("trustabm")
    subprocess.run([script, "sweep", file, "--out", out, *options], check=True, timeout=240)
    runs = ta.open_study(out).runs
    assert len(runs) == runs["run_id"].nunique() == LONG_RUNS
    assert runs["error"].isna().all()


def saved(out: Path) -> int:
    return len(Store(out).read("runs", ["run_id"])) if (out / "runs").is_dir() else 0


def worker_of(process: subprocess.Popen[bytes]) -> int:
    """Return a process that carries out batches for a driver, once there is one."""
    found: list[int] = []

    def look() -> bool:
        for pid in members(process.pid):
            words = Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").split("\0")
            if any("spawn_main" in w for w in words):
                found.append(pid)
        return bool(found)

    until(look)
    return found[0]


@pytest.mark.posix
@pytest.mark.slow
def test_kills_of_driver_and_workers_lose_nothing(tmp_path: Path) -> None:
    file, out = tmp_path / "long.toml", tmp_path / "out"
    file.write_text(LONG)
    for _ in range(2):
        process = driver(file, out, "--workers", "2")
        for _ in range(2):  # after a worker died it goes on
            before = saved(out)
            until(lambda b=before: saved(out) > b)
            os.kill(worker_of(process), signal.SIGKILL)
        process.kill()
        process.communicate()
        until(lambda p=process: not members(p.pid))  # no orphans
    assert 0 < saved(out) < LONG_RUNS
    finish(file, out, "--workers", "2")


@pytest.mark.posix
@pytest.mark.slow
def test_kills_lose_nothing_on_dask(tmp_path: Path, cluster: Cluster) -> None:
    file, out = tmp_path / "long.toml", tmp_path / "out"
    file.write_text(LONG)
    process = driver(file, out, "--dask", cluster.address)
    for _ in range(2):
        before = saved(out)
        until(lambda b=before: saved(out) > b)
        os.kill(worker_of(cluster.processes[1]), signal.SIGKILL)
    process.kill()
    process.communicate()
    assert 0 < saved(out) < LONG_RUNS
    finish(file, out, "--dask", cluster.address)


@pytest.mark.posix
@pytest.mark.slow
def test_interrupt_is_clean(tmp_path: Path) -> None:
    file, out = tmp_path / "long.toml", tmp_path / "out"
    file.write_text(LONG)
    process = driver(file, out, "--workers", "2", "--json-progress")
    until(lambda: saved(out) > 0)
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 130
    assert b"the same command goes on" in said
    until(lambda: not members(process.pid))
    assert not list(out.rglob("*.tmp"))
    assert 0 < saved(out) < LONG_RUNS


def test_worker_imports_nothing_heavy() -> None:
    code = "import sys, json, trustabm.study.worker; print(json.dumps(list(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
    # numba itself looks whether there is a scipy.
    heavy = {"pandas", "pyarrow", "scipy.stats", "mesa", "distributed", "duckdb", "rich"}
    assert not heavy & set(json.loads(out))


def test_parts_have_one_schema(tmp_path: Path) -> None:
    sweep(study(), tmp_path, workers=1, flush_seconds=0.0)
    schemas = {str(pq.read_schema(p)) for p in Store(tmp_path).parts("runs")}
    assert len(schemas) == 1
