"""The workflows run elsewhere: here they are read, and every step they call is one of `.ci/run`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
CI = (ROOT / ".ci" / "run").read_text("utf-8")
STEPS = set(re.findall(r"^(\w+)\(\) \{", CI, re.M)) - {"say", "have", "install_uv"}
FLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml"))


def called(job: dict) -> set[str]:
    """Return the steps of `.ci/run` that a job calls, each of its matrix."""
    found = set()
    for step in job["steps"]:
        assert set(step) <= {"uses", "run", "with", "name"}
        if "run" not in step:
            assert re.fullmatch(r"[\w-]+/[\w-]+@v\d+", step["uses"])
            continue
        program, *words = re.sub(r"\$\{\{ matrix\.(\w+) \}\}", r"$\1", step["run"]).split()
        assert program == ".ci/run"
        for word in words:
            found |= set(job["strategy"]["matrix"][word[1:]]) if word[0] == "$" else {word}
    return found


@pytest.mark.parametrize("file", FLOWS, ids=lambda f: f.name)
def test_a_workflow_calls_steps_that_there_are(file):
    jobs = yaml.safe_load(file.read_text("utf-8"))["jobs"]
    assert jobs
    for job in jobs.values():
        assert job["runs-on"]
        assert called(job)
        assert called(job) <= STEPS


def test_what_runs_here_runs_there():
    jobs = [j for f in FLOWS for j in yaml.safe_load(f.read_text("utf-8"))["jobs"].values()]
    whole = re.search(r"steps=\(((?!\"\$@\").*?)\)$", CI, re.M)
    assert whole
    assert set(whole[1].split()) <= set.union(*map(called, jobs))
    matrices = [job.get("strategy", {}).get("matrix", {}) for job in jobs]
    (matrix,) = [m for m in matrices if "python" in m]
    assert len(matrix["os"]) == 3
    said = (ROOT / "pyproject.toml").read_text("utf-8")
    assert matrix["python"] == re.findall(r'"Programming Language :: Python :: (3\.\d+)"', said)


@pytest.mark.parametrize("file", FORMS, ids=lambda f: f.name)
def test_a_template_of_issues_can_be_filled_in(file):
    form = yaml.safe_load(file.read_text("utf-8"))
    assert form["name"]
    assert form["description"]
    ids = [part["id"] for part in form["body"]]
    assert len(ids) == len(set(ids))
    assert all(part["attributes"]["label"] for part in form["body"])
