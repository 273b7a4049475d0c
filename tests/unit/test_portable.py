"""What is of POSIX alone has another way: everything works where it is missing, as on Windows."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

from trustabm.runs import processes

ELSEWHERE = textwrap.dedent("""
    import os, sys, tempfile, types
    import solara, subprocess  # which look once what there is

    for name in ("fcntl", "grp", "pwd", "resource", "termios"):
        sys.modules[name] = None
    for name in ("geteuid", "getgid", "getpgid", "getuid", "killpg", "nice", "setsid"):
        delattr(os, name)
""")

IMPORTS = """
import importlib, pkgutil, trustabm, trustabm_app

for package in (trustabm, trustabm_app):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if module.name not in ("trustabm_app.app",):
            importlib.import_module(module.name)
"""

WORK = """
held = set()

class msvcrt(types.ModuleType):
    LK_NBLCK = 2

    @staticmethod
    def locking(number, mode, many):
        file = os.fstat(number).st_ino
        if (mode, many) != (2, 1) or file in held:
            raise PermissionError(13, "Permission denied")
        held.add(file)

sys.modules["msvcrt"] = msvcrt("msvcrt")

from pathlib import Path

from trustabm.cli import main
from trustabm.errors import OutputExists
from trustabm.rules import compiling
from trustabm.sealed import locked
from trustabm_app.shared import guests

guests.be_a_guest()
tempfile.tempdir = os.getcwd()
assert compiling._temporary("x") == Path("trustabm-cache-None", "x").absolute()

Path("study.toml").write_text(
    'title = "one"\\narms = ["none", "sanctuary"]\\nreplicates = 1\\nresidents = 200\\n'
    'weeks = 2\\nburn_in = 0\\n',
    "utf-8",
)
main(["sweep", "study.toml", "--out", "swept", "--workers", "2"])
assert len(trustabm.open_study("swept").runs) == 2
assert held, "nothing held the folder"
held.clear()
with locked(Path("swept"), ".lock", "sweep"):
    try:
        with locked(Path("swept"), ".lock", "sweep"):
            raise AssertionError("two at work in one folder")
    except OutputExists:
        pass
"""


def test_without_posix_everything_imports_and_a_study_is_swept(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE + IMPORTS + WORK],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr


def test_windows_is_asked_for_no_more_processes_than_it_can_wait_for(monkeypatch):
    assert processes.how_many(200) == 200
    monkeypatch.setattr(os, "name", "nt")
    assert processes.how_many(200) == processes.MOST == 61
    assert processes.how_many(200, most=8) == 8
