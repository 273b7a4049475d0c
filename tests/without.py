"""What the package does where none of its extras is installed: runs, compares, says what lacks.

Run by `.ci/run wheel` in an environment of the wheel alone, and by `unit/test_extras.py` with the
extras hidden. Prints the extras that were asked for, as JSON, in its last line.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
from pathlib import Path

import trustabm
from trustabm.cli import main
from trustabm.errors import NotInstalled

SMALL = ["--residents", "300", "--weeks", "4"]
PAIR = ["compare", "none", "secure-communities", "--replicates", "2", "--burn-in", "4", *SMALL]
REFUSED = {
    "app": [["app"], ["class"], [*PAIR, "--replay", "towns.html"]],
    "fit": [["calibrate", "--out", "fit"]],
    "dask": [["sweep", "study.toml", "--out", "swept", "--dask", "tcp://127.0.0.1:1"]],
    "score": [["validate", "--score"]],
    "study": [
        ["sweep", "study.toml", "--out", "swept"],
        ["study", "show", "swept"],
        ["sensitivity", "study.toml"],
        ["forecast", "make", "--batch", "b"],
        [*PAIR, "--brief", "brief.pdf"],
    ],
}
"""Commands, by the extra that they need."""


def said(words: list[str]) -> tuple[int, str, str]:
    """Return what a command leaves with, its standard output and its standard error."""
    out, err = io.StringIO(), io.StringIO()
    code: str | int | None = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(words)
        except SystemExit as e:
            code = e.code
    return int(code or 0), out.getvalue(), err.getvalue()


def lacking(text: str) -> str:
    """Return the extra that a message tells to install."""
    found = re.search(
        r'expected \w+, which is not installed; pip install "trustabm\[(\w+)\]"', text
    )
    assert found, text
    return found[1]


assert len(trustabm.run(trustabm.Scenario(residents=300, weeks=4)).weekly)
both = trustabm.compare(["none", "sanctuary"], residents=300, weeks=4, burn_in=4, replicates=2)
assert both.findings()
assert said(["schema", "lesson"])[0] == 0  # a lesson is read and run without a screen
for words in (["run", *SMALL, "--out", "one", "--story", "3"], [*PAIR, "--out", "two"]):
    code, _, err = said(words)
    assert code == 0, err
assert Path("one", "weekly.parquet").exists()
assert Path("two", "findings.txt").exists()

code, out, err = said(["reproduce", "one"])
assert (code, out.partition(":")[0]) == (0, "equal"), (out, err)
assert len(trustabm.load("two").to_frame())

asked = set()
for extra, commands in REFUSED.items():
    for words in commands:
        code, _, err = said(words)
        assert (code, lacking(err)) == (1, extra), (words, err)
        asked.add(extra)
result = trustabm.load("one")
for ask in (lambda: trustabm.open_study("swept"), result.plot, result.to_xarray):
    refusal = ""
    try:
        ask()
    except NotInstalled as e:
        refusal = str(e)
    assert lacking(refusal) == "study"
print(json.dumps(sorted(asked)))
