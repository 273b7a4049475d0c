"""Work in other processes: from any script, stopped with it, and clear where one is lost."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from trustabm.errors import InvalidInput, WorkersLost
from trustabm.runs.processes import how_many, pool

ROOT = Path(__file__).parents[2]

PLAIN = """
import sys
print("begun", flush=True)
import trustabm as ta
from trustabm.study.definition import Study
from trustabm.study.sweep import sweep

small = {"residents": 100, "weeks": 2, "burn_in": 1}
c = ta.compare(["none", "sanctuary"], replicates=4, workers=2, **small)
alone = ta.compare(["none", "sanctuary"], replicates=4, workers=1, **small)
assert (c.sums == alone.sums).all()
study = Study.make({"title": "T", "towns": ["us-average"], "replicates": 2, **small,
    "arms": {"a": {"policy": "none"}, "b": {"policy": "sanctuary"}}})
swept = sweep(study, sys.argv[1], workers=2)
assert (swept.done, swept.failed) == (4, 0), swept
print("done", flush=True)
"""


def test_a_plain_script_without_a_guard_works(tmp_path):
    script = tmp_path / "plain.py"
    script.write_text(PLAIN)
    done = subprocess.run(
        [sys.executable, script, tmp_path / "swept"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["begun", "done"]  # once, whoever else works for it
    assert "Traceback" not in done.stderr


def test_every_pool_is_of_processes_that_need_no_guard():
    found = []
    for folder in ("trustabm", "visualization", "experiments"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                called = ast.unparse(node.func)
                if called.endswith(("get_context", "multiprocessing.Pool", ".Manager")):
                    pytest.fail(f"{file}:{node.lineno}: {called} starts processes elsewhere")
                if called.endswith("ProcessPoolExecutor"):
                    words = [ast.unparse(k.value) for k in node.keywords if k.arg == "mp_context"]
                    found += [file]
                    assert words, f"{file}:{node.lineno}: expected mp_context"
                    assert words[0].endswith(("Processes()", "processes")), words
    assert len(found) == 3  # here, the engine of studies, and the app's


@pytest.mark.parametrize("workers", [0, -1])
def test_fewer_than_one_worker_is_refused(workers):
    with pytest.raises(InvalidInput, match=f"workers: expected at least 1, got {workers}"):
        how_many(workers)


def test_there_are_no_more_workers_than_pieces_of_work():
    assert how_many(5, 3) == 3
    assert how_many(2, 0) == 1
    assert how_many(None) == os.cpu_count()


def test_a_worker_that_ends_is_said():
    message = "expected 1 to finish, but one ended before"
    with pytest.raises(WorkersLost, match=message), pool(1) as executor:
        executor.submit(os._exit, 9).result()


def test_an_error_stops_the_others_at_once():
    def stopped() -> None:
        with pool(1) as executor:
            executor.submit(os.getpid).result()
            executor.submit(time.sleep, 60)
            time.sleep(0.1)
            raise KeyboardInterrupt

    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert time.monotonic() - begun < 30


def test_a_worker_leaves_ctrl_c_to_who_asked():
    with pool(1) as executor:
        assert executor.submit(signal.getsignal, signal.SIGINT).result() == signal.SIG_IGN
