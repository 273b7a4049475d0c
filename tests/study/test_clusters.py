"""The recipes for clusters, as the documentation shows them, against local stand-ins.

`sbatch` is a script here that starts what it is given, two jobs at a time, as a busy queue does; a
Kubernetes cluster is objects that are checked as data; TLS is real.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schedulers
import yaml

import trustabm as ta
from trustabm.errors import InvalidInput
from trustabm.rules.compiling import cache_folder
from trustabm.study.definition import Study
from trustabm.study.sweep import sweep

pytestmark = [pytest.mark.posix, pytest.mark.slow]

PAGE = (Path(__file__).parents[2] / "docs" / "experiments.md").read_text(encoding="utf-8")
SMALL = {
    "title": "small",
    "arms": ["none", "secure-communities"],
    "vary": {"news_weight": {"values": [2, 4]}},
    "replicates": 3,
    "weeks": 4,
    "burn_in": 2,
    "residents": 200,
    "outcomes": ["trust", "reporting"],
}
SBATCH = """#!/bin/sh
number=$(($(ls "$JOBS" | wc -l) + 1))
cp "$1" "$JOBS/$number"
if [ "$number" -le 2 ]; then
  setsid sh "$JOBS/$number" > "$LOGS/$number" 2>&1 &
  echo $! > "$PIDS/$number"
fi
echo "Submitted batch job $number"
"""
SCANCEL = """#!/bin/sh
for job in "$@"; do
  if [ -f "$PIDS/$job" ]; then kill -TERM -- "-$(cat "$PIDS/$job")"; rm "$PIDS/$job"; fi
done
"""


def recipe(language: str, word: str) -> str:
    """Return the block of the page that holds a word."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.M | re.S)
    (found,) = [block for block in blocks if word in block]
    return str(found)


def same_as_here(folder: Path, out: Path) -> None:
    sweep(Study.make(SMALL), folder / "here", workers=1)
    there, here = ta.open_study(out).runs, ta.open_study(folder / "here").runs
    assert len(here) == 12
    assert there.equals(here)


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a person who has `sbatch`."""
    bin_ = tmp_path / "bin"
    folders = {name: tmp_path / name.lower() for name in ("JOBS", "LOGS", "PIDS")}
    for folder in (bin_, *folders.values()):
        folder.mkdir()
    for name, text in (("sbatch", SBATCH), ("scancel", SCANCEL)):
        (bin_ / name).write_text(text)
        (bin_ / name).chmod(0o755)
    kept = cache_folder()
    assert kept is not None
    more = {name: str(folder) for name, folder in folders.items()}
    more |= {"PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}", "TMPDIR": str(kept.parent)}
    yield os.environ | more
    jobs = [path.name for path in folders["PIDS"].iterdir()]
    subprocess.run([bin_ / "scancel", *jobs], env=os.environ | more, check=False)


def test_the_recipe_for_slurm_sweeps_through_a_queue(tmp_path: Path, queue: dict[str, str]) -> None:
    pytest.importorskip("dask_jobqueue")
    manager = subprocess.Popen(
        [sys.executable, "-c", recipe("python", "SLURMCluster")],
        env=queue,
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert manager.stdout is not None
    try:
        address = manager.stdout.readline().strip()
        assert re.fullmatch(r"tcp://[\d.]+:\d+", address)
        end = time.monotonic() + 300
        late = lambda: time.monotonic() > end  # noqa: E731
        swept = sweep(Study.make(SMALL), tmp_path / "out", dask=address, stop=late)
        assert (swept.done, swept.failed) == (12, 0)
    finally:
        manager.communicate("\n", timeout=60)  # Enter ends it, and it takes its jobs back
    script = (tmp_path / "jobs" / "1").read_text()
    asked = {"-p short", "-n 1", "--cpus-per-task=1", "--mem=2G", "-t 01:00:00"}
    assert asked <= {line.removeprefix("#SBATCH ") for line in script.splitlines()}
    for word in ("NUMBA_NUM_THREADS=1", "--nthreads 1", "--lifetime 55m", "--memory-limit 1.86GiB"):
        assert word in script
    same_as_here(tmp_path, tmp_path / "out")


def test_between_machines_dask_speaks_tls_and_to_nobody_else(tmp_path: Path) -> None:
    dask = pytest.importorskip("dask")
    pytest.importorskip("distributed")
    shown = recipe("sh", "tls-ca-file").splitlines()
    subprocess.run(["sh", "-c", shown[0]], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "key.pem").stat().st_mode & 0o077 == 0
    scheduler, worker = (line.removesuffix(" &").split() for line in shown[1:3])
    port = ["--port", "0", "--scheduler-file", "where.json", "--no-dashboard"]
    scheduler = [word for word in scheduler if not word.startswith("--host=")] + port
    worker = [word for word in worker if not word.startswith("tls://")]
    started = [
        subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{words[1]}", *words[2:], *more],
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for words, more in (
            (scheduler, ["--host", "127.0.0.1"]),
            (worker, ["--scheduler-file", "where.json", "--no-dashboard"]),
        )
    ]
    try:
        address = schedulers.address(tmp_path / "where.json")
        assert address.startswith("tls://")
        with pytest.raises(InvalidInput, match="dask: expected a scheduler at tls://"):
            sweep(Study.make(SMALL), tmp_path / "none", dask=address)
        settings = dict(line.split("=", 1) for line in shown[3].removeprefix("export ").split())
        names = {key: str(tmp_path / name) for key, name in settings.items()}
        # As Dask reads its environment, when a program starts.
        own = {k.removeprefix("DASK_").replace("__", "."): name for k, name in names.items()}
        with dask.config.set({k.lower().replace("_", "-"): name for k, name in own.items()}):
            swept = sweep(Study.make(SMALL), tmp_path / "out", dask=address)
        assert (swept.done, swept.failed) == (12, 0)
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()
    same_as_here(tmp_path, tmp_path / "out")


def objects() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(recipe("yaml", "DaskCluster"))
    return found


def test_the_objects_for_kubernetes_are_of_one_image_and_find_each_other() -> None:
    made = objects()
    assert (made["apiVersion"], made["kind"]) == ("kubernetes.dask.org/v1", "DaskCluster")
    spec = made["spec"]
    (scheduler,), (worker,) = (spec[x]["spec"]["containers"] for x in ("scheduler", "worker"))
    assert scheduler["image"] == worker["image"]
    assert scheduler["args"][:2] == ["dask", "scheduler"]
    assert worker["args"][:2] == ["dask", "worker"]
    # A pod is a processor: Dask runs one batch there, and numba compiles for one thread.
    assert worker["args"][-2:] == ["--nthreads", "1"]
    assert {"name": "NUMBA_NUM_THREADS", "value": "1"} in worker["env"]
    assert worker["resources"]["requests"] == worker["resources"]["limits"]
    assert spec["scheduler"]["service"]["selector"] == {
        "dask.org/cluster-name": made["metadata"]["name"],
        "dask.org/component": "scheduler",
    }
    ports = {port["name"]: port["containerPort"] for port in scheduler["ports"]}
    for port in spec["scheduler"]["service"]["ports"]:
        assert ports[port["targetPort"]] == port["port"]
    assert f"svc/{made['metadata']['name']}-scheduler 8786" in recipe("sh", "kubectl")


def test_the_operator_knows_all_that_its_objects_say() -> None:
    kubernetes = pytest.importorskip("dask_kubernetes")
    jsonschema = pytest.importorskip("jsonschema")
    package = Path(kubernetes.__file__).parent / "operator" / "deployment" / "helm"
    file = package / "dask-kubernetes-operator" / "crds" / "daskcluster.yaml"
    definition = yaml.safe_load(file.read_text())
    (version,) = definition["spec"]["versions"]
    made = objects()
    assert definition["spec"]["names"]["kind"] == made["kind"]
    jsonschema.validate(made["spec"], version["schema"]["openAPIV3Schema"]["properties"]["spec"])
