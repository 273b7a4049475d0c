"""What the README shows works as shown."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```python\n(.*?)```", README, re.S)


def cli(*words: str) -> subprocess.CompletedProcess[str]:
    # As on a newcomer's machine: bytecode is kept, so only the first start compiles it.
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run(
        [Path(sys.executable).with_name("trustabm"), *words],
        capture_output=True,
        text=True,
        check=False,
        env=env,
    )


def test_there_is_python_in_the_readme():
    assert SNIPPETS


@pytest.mark.parametrize("number", range(len(SNIPPETS)))
def test_the_python_in_the_readme_runs(number, tmp_path):
    # Snippets go on from one another, as a reader's session would.
    code = "\n".join(SNIPPETS[: number + 1])
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "command",
    [
        "pip install uv && uv run trustabm compare --town mecklenburg-nc "
        "--change 287g-task-force-2025 --from 2026-01",
        "pip install uv && uv run pytest",
    ],
)
def test_the_two_commands_are_in_the_readme(command):
    assert command in README


def test_the_readmes_comparison_prints_what_changed():
    command = "compare none secure-communities community-trust --town harris-tx"
    done = cli(*shlex.split(command), "--replicates", "2", "--weeks", "52")
    assert done.returncode == 0, done.stderr
    assert "Of 1,000" in done.stdout
    assert "report" in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["policies"],
        ["towns"],
        ["schema"],
        ["policies", "secure-communities"],
        ["towns", "harris-tx"],
    ],
)
def test_a_command_prints(words):
    done = cli(*words)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_the_overview_says_of_each_command_what_its_help_says():
    from trustabm.cli import COMMANDS
    from trustabm.cli.commands import app

    known = {app[name].name[0] for name in app if not name.startswith("-")}
    assert sorted(known) == list(COMMANDS)
    for name, said in COMMANDS.items():
        assert app[name].help.partition("\n\n")[0].replace("\n", " ") == said


@pytest.mark.posix
def test_help_answers_at_once():
    import resource

    # Processor time, not the clock: other tests run beside this one.
    times = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert cli("--help").returncode == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    assert min(times) < 0.2


def test_nothing_heavy_is_imported_for_help():
    code = (
        "import sys, trustabm.cli\n"
        "heavy = {'cyclopts', 'matplotlib', 'mesa', 'numba', 'numpy', 'pandas', 'rich'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_misspelt_policy_is_answered_with_the_nearest_and_nothing_runs():
    done = cli("compare", "none", "secure-comunities", "--town", "harris-tx")
    assert done.returncode != 0
    assert "secure-communities" in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
