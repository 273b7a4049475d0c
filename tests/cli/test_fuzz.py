"""Whatever is typed: a message and 0, 1 or 2 to leave with, never a traceback."""

from __future__ import annotations

import contextlib
import io
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from trustabm import cli

ROOT = Path(__file__).parents[2]
STUDY = str(ROOT / "experiments" / "beliefs.toml")

VALUES = (
    "", "x", "-1", "0", "1", "3", "1.5", "nan", "inf", "1e9", "9" * 26, "true", "é☃", "/tmp", "~",
    "..", "nofile.toml", "/nonexist/a.toml", "none", "sanctuary", "2010-01-01", "9999-12-31",
    "0001-01-01", "2010-02-30", "[]", "{", "a=b", "--", "-", "none\n", "\udcff", "a\0b", "[/x]",
    "$x$", "/dev/null", "/proc/x", "A" * 300,
)  # fmt: skip
WORLD = (
    "--town --residents --weeks --seed --start --local-policies --levers.publicity --levers "
    "--parameters.trust_weight --parameters --out --force --story --replay --json"
)
OPTIONS = {
    "run": f"--policy {WORLD}",
    "compare none sanctuary": f"--replicates --burn-in --draws --workers --all --brief {WORLD}",
    "compare": "--town",
    "policies": "",
    "towns": "",
    "towns new": "",
    "towns import": "--out --year --source --force",
    "schema": "",
    f"sweep {STUDY}": "--out --workers --dask --retry --json-progress",
    "sweep --out s": "",
    "study": "",
    f"study check {STUDY}": "--out --workers --json",
    "study check": "",
    "study show": "--point --all --json",
    "study export": "--out --table",
    "study plot": "--out --outcome --force",
    f"sensitivity {STUDY}": "--out --workers --screen --trajectories --arm --town --outcome",
    "calibrate": "--out --waves --others --structures --steps --draws --seed --workers",
    "validate": "--study --draws --json --score --left-out --forecasts --out --force",
    "forecast make": "--batch --folder --draws --residents --seed --workers",
    "forecast list": "--folder --batch --overdue --json",
    "forecast enter": "--value --source --folder --correct",
    "forecast score": "--folder --json",
    "forecast check": "--folder --json",
    "forecast": "",
    "lesson kit citizen": "--out --workers --force",
    "lesson gain a.csv": "--lesson --out",
    "lesson": "",
    "bench": "--quick --json --out --force",
    "app": "--host --port --studies",
    "": "--help --version --nosuch",
}
KNOWN = [
    "compare none sanctuary --replicates 99999999999999999999999999",
    "compare none sanctuary --burn-in 99999999999999999999999999",
    "compare none sanctuary --workers 0",
    "calibrate --waves 0",
    "calibrate --waves -1",
    "calibrate --waves 9999999999",
    "calibrate --waves 8 --waves 1000000",
    "calibrate --seed -1",
    "calibrate --steps 0",
    "calibrate --draws 0",
    "app --port 99999",
    "run --residents -1",
]
MANY = 400


class _ReachedError(BaseException):
    """The words were fit to begin with, so work would begin."""


def reached(*_: Any, **__: Any) -> NoReturn:
    raise _ReachedError


def served(_: Any, sockets: list[Any]) -> NoReturn:
    for listening in sockets:
        listening.close()
    raise _ReachedError


@pytest.fixture
def no_work(monkeypatch, tmp_path) -> None:
    """Nothing is lived through, measured, served or started."""
    import uvicorn

    import trustabm.bench
    import trustabm.evidence.calibration.calibrate
    import trustabm.evidence.scorecard
    import trustabm.forecasts.make
    import trustabm.runs.replicates
    from trustabm.study.engine import OwnProcesses
    from trustabm.week.world import World

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRUSTABM_TRACEBACK", "1")  # what nobody foresaw is raised here
    monkeypatch.setattr(World, "run_for", reached)
    monkeypatch.setattr(World, "synthesize", classmethod(reached))
    for module in (trustabm.evidence.calibration.calibrate, trustabm.evidence.scorecard):
        monkeypatch.setattr(module, "pool", reached)
    monkeypatch.setattr(trustabm.evidence.calibration.calibrate, "simulated", reached)
    monkeypatch.setattr(trustabm.evidence.scorecard, "moments", reached)
    monkeypatch.setattr(trustabm.runs.replicates, "processes", reached)
    monkeypatch.setattr(trustabm.forecasts.make, "pool", reached)
    monkeypatch.setattr(trustabm.bench, "bench", reached)
    monkeypatch.setattr(OwnProcesses, "__init__", reached)
    monkeypatch.setattr(uvicorn.Server, "run", served)


def said(words: list[str]) -> tuple[int | None, str]:
    """Return what the command line leaves with, None where work would begin, and what it says."""
    out, err = io.StringIO(), io.StringIO()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            cli.main(words)
    except _ReachedError:
        return None, ""
    except SystemExit as e:
        return int(e.code or 0), err.getvalue()
    return 0, err.getvalue()


def typed() -> Iterator[list[str]]:
    luck = random.Random(11)
    commands = list(OPTIONS)
    for k in range(MANY):
        command = commands[k % len(commands)]
        words = command.split()
        options = OPTIONS[command].split()
        for option in luck.sample(options, min(len(options), luck.randint(0, 3))):
            words += [option, luck.choice(VALUES)]
        if luck.random() < 0.3 or not options:
            words.insert(luck.randint(0, len(words)), luck.choice(VALUES))
        yield words


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what serves the app
@pytest.mark.usefixtures("no_work")
def test_whatever_is_typed_is_answered():
    begun = 0
    for words in [*(line.split() for line in KNOWN), *typed()]:
        code, text = said(words)
        begun += code is None
        assert code in (None, 0, 1, 2), words
        assert code in (None, 0) or text.startswith("trustabm: "), (words, text)
        assert len(text) < 5000, (words, len(text))
    assert begun > 10  # not everything is refused


@pytest.mark.parametrize("line", KNOWN)
@pytest.mark.usefixtures("no_work")
def test_what_once_ended_in_a_traceback_is_refused(line):
    code, text = said(line.split())
    assert code == 2
    assert "expected" in text


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["run", "--out", ""], "out: expected a value, got ''"),
        (["run", "--out="], "out: expected a value, got ''"),
        (["policies", ""], "argument: expected a value, got ''"),
        (["run", "--town", "\udcff"], "town: expected text (UTF-8), got '\\udcff'"),
    ],
)
def test_no_word_is_no_place(words, text):
    assert said(words) == (2, f"trustabm: {text}\n")


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (KeyboardInterrupt(), 130, "stopped"),
        (MemoryError(), 1, "memory: expected more than there is"),
        (PermissionError(13, "Permission denied", "/x"), 1, "/x: Permission denied"),
        (ZeroDivisionError("by 0"), 1, "an error that nobody foresaw: ZeroDivisionError: by 0"),
    ],
)
def test_what_goes_wrong_inside_is_said(monkeypatch, error, code, text):
    def fail(*_: Any, **__: Any) -> NoReturn:
        raise error

    monkeypatch.setattr("trustabm.cli.commands.app", fail)
    found = said(["run"])
    assert found[0] == code
    assert text in found[1]


def command(*words: str, **how: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [Path(sys.executable).with_name("trustabm"), *words],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        **how,
    )


@pytest.mark.posix
def test_a_reader_that_has_seen_enough_is_no_error():
    done = command("schema", "town", stdout=subprocess.PIPE)
    assert done.stdout is not None
    done.stdout.close()
    _, err = done.communicate(timeout=120)
    assert (done.returncode, err) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_behind_the_output_is_said():
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = command("schema", "town", stdout=full)
        _, err = done.communicate(timeout=120)
    assert (done.returncode, err) == (1, "trustabm: standard output: No space left on device\n")


@pytest.mark.posix
def test_ctrl_c_is_no_error_of_the_program(tmp_path):
    size = ["--residents", "20000", "--replicates", "1000", "--workers", "1"]
    words = ["compare", "none", "sanctuary", *size]
    done = command(*words, stdout=subprocess.DEVNULL, cwd=tmp_path)
    time.sleep(8)  # on a busy machine it takes some seconds until the program is at work
    done.send_signal(signal.SIGINT)
    _, err = done.communicate(timeout=120)
    assert done.returncode == 130
    assert err.endswith("trustabm: stopped\n")
    assert "Traceback" not in err
