"""Every command and every snippet that is shown runs, or at least means what it says.

Commands of help, README, docs and the docstrings of scripts are read from where they stand. Those
that are quick once their sizes are small run (`RUN`); the others are taken by the command line's
own parser, so that no command, option or value is shown that does not exist.
"""

from __future__ import annotations

import ast
import contextlib
import io
import re
import shlex
import shutil
import tomllib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from each import each

from trustabm import cli
from trustabm.cli.commands import app
from trustabm.evidence.own.problem import Problem
from trustabm.inputs import draws, library
from trustabm.inputs.lever import OWN
from trustabm.outcomes.glossary import GLOSSARY, OUTCOMES
from trustabm.outcomes.own import own_outcomes
from trustabm.study.definition import Study

pytestmark = pytest.mark.posix  # what is shown is of a POSIX shell

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [
        ROOT / "README.md",
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / folder / "README.md" for folder in ("experiments", "visualization", "results")),
        *(ROOT / "experiments" / "studies").glob("*/README.md"),
    ]
)
SCRIPTS = sorted([*(ROOT / "experiments").rglob("*.py"), *(ROOT / "docs").glob("*.py")])
SOURCES = sorted([*(ROOT / "trustabm").rglob("*.py"), *(ROOT / "visualization").rglob("*.py")])

LETTERS = {"A": "none", "B": "sanctuary", "NAME": "sanctuary", "N": "2"}
"""What stands for something in a command."""

SMALL = {"--residents": "60", "--weeks": "2", "--replicates": "2", "--burn-in": "0"}
RUN = ("compare", "run", "policies", "towns", "today", "schema", "--help", "study check")

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.M | re.S)


def text(path: Path) -> str:
    return path.read_text("utf-8")


def blocks(path: Path, language: str) -> list[str]:
    return [body for kind, body in BLOCK.findall(text(path)) if kind == language]


def lines_of(path: Path) -> list[str]:
    """Return every command of a page or of a script's docstring, a line each."""
    if path.suffix == ".py":
        shown = (ast.get_docstring(ast.parse(text(path))) or "").splitlines()
    else:
        shown = [line for body in blocks(path, "sh") for line in body.splitlines()]
        shown += re.findall(r"^    (\S.*)$", text(path), re.M)
        # A command that is named in a sentence may be only the beginning of one.
        shown += re.findall(r"`((?:uv run|trustabm) [^`\n]+)`", text(path))
    found = [part for line in shown for part in re.split(r"\s+&&\s+", without_remark(line))]
    return [line.strip() for line in found if re.match(r"\s*(uv run|trustabm)\s", line)]


def without_remark(line: str) -> str:
    return re.sub(r"\s{2,}#.*", "", line)


def commands() -> list[tuple[str, str]]:
    found = {(path, line) for path in [*PAGES, *SCRIPTS] for line in lines_of(path)}
    return sorted((str(path.relative_to(ROOT)), line) for path, line in found)


SHOWN = commands()


def words_of(line: str) -> list[str]:
    words = [LETTERS.get(word, word) for word in shlex.split(line.partition(" > ")[0])]
    if "towns" in words:
        words = ["us-average" if word == LETTERS["NAME"] else word for word in words]
    return words[2:] if words[:2] == ["uv", "run"] else words


def is_trustabm(line: str) -> bool:
    return words_of(line)[0] == "trustabm"


@pytest.fixture(autouse=True)
def drawn(monkeypatch) -> None:
    """What is laid beside the app by npm is not needed to see that a command means something."""
    from trustabm_app.town import replay, widgets

    if not widgets.UPLOT.is_dir():
        monkeypatch.setattr(replay, "check_replay", lambda *_, **__: None)
        monkeypatch.setattr(replay, "write_replay", lambda what, path, force: Path(path).touch())


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """A folder as a reader's checkout has it, with what the pages have asked to be written."""
    (tmp_path / "experiments").symlink_to(ROOT / "experiments")
    for page, name in (("extend.md", "my-county.toml"), ("experiments.md", "deputies.toml")):
        (tmp_path / name).write_text(blocks(ROOT / "docs" / page, "toml")[0], "utf-8")
    (tmp_path / "ours.csv").write_text("fips,latino_share\n48453,0.31\n", "utf-8")
    soft = tmp_path / "ours" / "policies" / "soft.toml"
    soft.parent.mkdir(parents=True)
    lines = ('title = "s"', 'sentence = "s"', 'source = "s"', "levers = { outreach = 0.5 }")
    soft.write_text("\n".join(lines), "utf-8")
    monkeypatch.setenv(library.VARIABLE, "")
    monkeypatch.setenv(draws.VARIABLE, "")
    (tmp_path / "mine").mkdir()
    rows = pa.table({"fear_weight": [5.0, 6.0, 7.0]})
    pq.write_table(rows, tmp_path / "mine" / draws.OWN)
    mine = blocks(ROOT / "docs" / "calibrate.md", "toml")[0]
    (tmp_path / "mine.toml").write_text(mine, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def small(words: list[str]) -> list[str]:
    """Return a command with every size as small as it goes."""
    if words[0] not in ("compare", "run"):
        return words
    known = SMALL if words[0] == "compare" else ("--residents", "--weeks")
    return [*words, *(x for name in known if name not in words for x in (name, SMALL[name]))]


def run(words: list[str]) -> str:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            cli.main(words)
        except SystemExit as e:
            if e.code:
                pytest.fail(f"{words}: {err.getvalue()}")
    return out.getvalue()


def begins_one(words: list[str]) -> bool:
    """Return whether words are a command, or the beginning of one that wants more."""
    try:
        app.parse_args(words, exit_on_error=False, print_error=False)
    except Exception as e:
        return type(e).__name__ == "MissingArgumentError"
    return True


def test_there_are_commands_to_look_at():
    assert len(SHOWN) >= 40
    assert sum(is_trustabm(line) for _, line in SHOWN) >= 25


@pytest.mark.parametrize(("page", "line"), [pair for pair in SHOWN if is_trustabm(pair[1])])
def test_a_command_of_ours_runs_or_is_understood(page, line, here):
    words = cli.with_own(words_of(line)[1:])
    assert begins_one(words), f"{page}: {line}"
    complete = True
    try:
        app.parse_args(words, exit_on_error=False, print_error=False)
    except Exception:
        complete = False
    if complete and any(" ".join(words).startswith(name) for name in RUN):
        replays = [w for w in words if w.startswith("FILE")]
        words = [w.replace("FILE", str(here / "file")) for w in words]
        assert run(small(words)) or replays or "--out" in words
        for option in ("--brief", "--replay", "--out"):
            if option in words:
                assert (here / words[words.index(option) + 1]).exists()


def test_another_tool_s_command_names_what_there_is():
    def check(_, line):
        words = words_of(line)
        if words[0] == "--group":  # of dependencies, which there is
            assert words[1] in tomllib.loads(text(ROOT / "pyproject.toml"))["dependency-groups"]
            words = words[2:]
        assert words[0] in ("python", "pytest")
        for word in words[1:]:
            if word.endswith(".py"):
                assert (ROOT / word).is_file(), f"no {word}"

    each([pair for pair in SHOWN if not is_trustabm(pair[1])], check)


def test_the_session_of_experiments_runs_as_shown(here, monkeypatch):
    study = text(here / "deputies.toml")
    for size, less in (("replicates = 60", "replicates = 2"), ("weeks = 156", "weeks = 2")):
        assert size in study
        study = study.replace(size, less)
    less = "burn_in = 0\nresidents = 60\n"
    (here / "deputies.toml").write_text(less + study, "utf-8")
    first, *others = blocks(ROOT / "docs" / "experiments.md", "sh")
    for line in first.splitlines():
        words = words_of(without_remark(line))[1:]
        run([*words, "--workers", "1"] if words[0] == "sweep" else words)
    assert (here / "deputies" / "figures").is_dir()
    assert any("app --studies ." in other for other in others)
    known: dict[str, object] = {}
    for body in blocks(ROOT / "docs" / "experiments.md", "python")[:2]:
        exec(compile(body, "snippet", "exec"), known)
    assert len(known["composed"].design.points) == 2


def test_the_search_that_is_shown_is_one():
    (shown,) = (b for b in blocks(ROOT / "docs" / "experiments.md", "toml") if "search" in b)
    study = Study.make(tomllib.loads(shown))
    assert [o.better for o in study.design.objectives] == ["low", "high"]


def test_the_condition_that_is_shown_is_one():
    (shown,) = (b for b in blocks(ROOT / "docs" / "experiments.md", "toml") if "[when." in b)
    study = Study.make({"title": "t", "arms": ["none", "sanctuary"], **tomllib.loads(shown)})
    assert study.stops
    assert (
        study.when["distrust"].said == "trust of latino over 4 weeks below 0.4 for 3 weeks in a row"
    )


@pytest.mark.parametrize(
    ("page", "number"), [*(("extend.md", k) for k in range(4)), ("rules.md", 0)]
)
def test_the_snippets_of_extend_run(page, number, tmp_path):
    body = blocks(ROOT / "docs" / page, "python")[number]
    snippet = tmp_path / "snippet.py"  # a rule is read from where its function is written
    snippet.write_text(body, "utf-8")
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        exec(compile(body, str(snippet), "exec"), {"__name__": "snippet"})
    for name in own_outcomes():
        del GLOSSARY[name], OUTCOMES[name]
    OWN.clear()


def test_a_calibration_is_read_and_its_snippet_runs(here):
    assert len(Problem.read(here / "mine.toml").targets) == 3
    shutil.rmtree(here / "mine")
    (body,) = blocks(ROOT / "docs" / "calibrate.md", "python")
    run_ = io.StringIO()
    with contextlib.redirect_stdout(run_), contextlib.redirect_stderr(io.StringIO()):
        exec(compile(body, "snippet", "exec"), {"__name__": "snippet"})
    assert "Pareto k" in run_.getvalue()


def test_snippets_can_be_read():
    def check(path):
        for body in blocks(path, "python"):
            ast.parse(body)
        for body in blocks(path, "yaml"):
            assert yaml.safe_load(body)
        kinds = {kind for kind, _ in BLOCK.findall(text(path))}
        assert kinds <= {"python", "sh", "toml", "yaml"}

    each(PAGES, check)


NAMED = re.compile(r"--(levers|parameters)\.(\w+)[ =]([\w.]+)")


def test_levers_and_parameters_that_are_shown_exist_and_take_the_value():
    found = 0
    for path in [*PAGES, *SCRIPTS, *SOURCES]:
        for kind, name, value in NAMED.findall(text(path)):
            run(["run", f"--{kind}.{name}", value.rstrip("."), "--residents", "60", "--weeks", "1"])
            found += 1
    assert found >= 4


def test_commands_that_messages_and_docstrings_name_exist():
    known = {name for name in app if not name.startswith("-")}
    sub = {name for name in cli.studies.app if not name.startswith("-")}
    for path in SOURCES:
        for line in re.findall(r"`trustabm ([a-z][^`\n]*)`", text(path)):
            words = line.split()
            assert words[0] in known, f"{path}: trustabm {line}"
            if words[0] == "study" and len(words) > 1:
                assert words[1] in sub, f"{path}: trustabm {line}"
