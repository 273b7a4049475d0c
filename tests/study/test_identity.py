"""What makes a run is in its identity: all that its worker imports, and compilers' versions."""

from __future__ import annotations

import json
import subprocess
import sys

import numba
import numpy as np
import pytest

from trustabm.inputs.source import imported
from trustabm.study import identity

RUN = """
import json, pickle, sys
from trustabm.study.worker import Job, run_batch
for job in pickle.load(sys.stdin.buffer):
    assert not run_batch(*job).runs[0].error
print(json.dumps([name for name in sys.modules if name.partition(".")[0] == "trustabm"]))
"""


@pytest.fixture
def package(tmp_path):
    """A package whose worker imports one module."""
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "__init__.py").write_text("")
    (tmp_path / "p" / "worker.py").write_text("from p.rules import x\n")
    (tmp_path / "p" / "rules.py").write_text("import numpy\nx = 1\n")
    (tmp_path / "p" / "more.py").write_text("y = 2  # more\n")
    return tmp_path


def test_a_module_newly_imported_is_part_of_it(package):
    before = imported("p.worker", package)
    assert list(before) == ["p", "p.rules", "p.worker"]
    rules = package / "p" / "rules.py"
    for line in ("import p.more", "from p import more", "def f():\n    from p.more import y"):
        rules.write_text(f"import numpy\nx = 1\n{line}\n")
        assert "p.more" in imported("p.worker", package)
    rules.write_text("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import p.more\n")
    assert "p.more" not in imported("p.worker", package)


def test_what_code_says_counts_and_comments_do_not(package):
    rules, before = package / "p" / "rules.py", imported("p.worker", package)
    rules.write_text('"""Of a week."""\n\nimport numpy\n\nx = 1  # one\n')
    assert imported("p.worker", package) == before
    rules.write_text("import numpy\nx = 2\n")
    now = imported("p.worker", package)
    assert [name for name in now if now[name] != before[name]] == ["p.rules"]


def test_all_that_a_worker_loads_is_part_of_it():
    import pickle

    from trustabm.study.definition import Study
    from trustabm.study.points import numbered
    from trustabm.study.work import Work

    small = {"title": "t", "arms": ["none"], "replicates": 1, "weeks": 1, "burn_in": 0}
    study = Study.make(small | {"residents": 20})
    work = Work(study, numbered(study, []))
    jobs = pickle.dumps([(work.pickled, list(work.jobs(frozenset())))])
    done = subprocess.run([sys.executable, "-c", RUN], input=jobs, capture_output=True, check=True)
    loaded = set(json.loads(done.stdout))
    assert {"trustabm.week.phases", "trustabm.runs.experiment"} <= loaded
    assert loaded <= set(imported("trustabm.study.worker"))


@pytest.mark.parametrize("compiler", [np, numba])
def test_another_numpy_or_numba_is_another_run(compiler, monkeypatch):
    before = identity.code_digest.__wrapped__()
    assert identity.code_digest.__wrapped__() == before
    monkeypatch.setattr(compiler, "__version__", "9.9")
    assert identity.code_digest.__wrapped__() != before
