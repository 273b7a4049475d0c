"""Tests are collected once; each fault is then tried in a fork of that process.

First every test runs as things are, and what it executes is written down. A fault is tried by the
tests that execute its lines alone, quick ones first, until one fails.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

import pytest
from mutants import patching, sites

SECONDS = 15.0
"""CPU seconds that a test may take as things are; one that takes longer is not used."""

PATIENCE = 5.0
"""CPU seconds, beside four times what the tests take, after which a fault is taken to hang."""

SAMENESS = ("test_sameness.py",)
"""Files of tests that hold results as they are, and do not say that they are right."""


class Seen(TypedDict):
    """What a test does as things are."""

    seconds: float
    lines: dict[str, list[int]]


@dataclass
class Outcome:
    """What became of a mutant: which test noticed it, None if it survived."""

    by: str | None
    seconds: float


class Trial:
    """A pytest plugin in whose loop faults are tried.

    Args:
        wanted: The mutants.
        jobs: How many at a time.
        until: When to stop, as `time.monotonic` counts.
        told: Called with each mutant and what became of it.
    """

    def __init__(
        self,
        wanted: list[sites.Mutant],
        jobs: int,
        until: float,
        told: Callable[[sites.Mutant, Outcome], None],
    ) -> None:
        self.wanted, self.jobs, self.until, self.told = wanted, jobs, until, told
        self.failed: list[str] = []
        self.unused: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what failed."""
        if report.failed:
            self.failed.append(f"{report.nodeid}\n{report.longreprtext}")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Say what cannot be collected."""
        if report.failed:
            print(f"{report.nodeid}: {report.longreprtext}", file=sys.stderr)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try every mutant out in place of running the tests."""
        self.items = {item.nodeid: item for item in session.items}
        self.known = patching.functions()
        seen = self.as_they_are()
        running: dict[int, tuple[sites.Mutant, int, float]] = {}
        waiting = list(self.wanted)
        while waiting or running:
            while waiting and len(running) < self.jobs and time.monotonic() < self.until:
                mutant = waiting.pop(0)
                pid, pipe = self.try_out(mutant, seen)
                running[pipe] = (mutant, pid, time.monotonic())
            if not running:
                break
            for pipe in select.select(list(running), [], [], 1.0)[0]:
                mutant, pid, began = running.pop(pipe)
                said = _read(pipe)
                os.waitpid(pid, 0)
                by = json.loads(said) if said else "it hangs"
                self.told(mutant, Outcome(by, time.monotonic() - began))
        return True

    def as_they_are(self) -> dict[str, Seen]:
        """Run every test in forks, without faults; return what each executes."""
        seen: dict[str, Seen] = {}
        left = list(self.items)
        while left:
            pipe, write = os.pipe()
            pid = os.fork()
            if not pid:
                os.close(pipe)
                _quiet()
                with os.fdopen(write, "w") as out:
                    self.watch(left, out)
                os._exit(0)
            os.close(write)
            lines = _read(pipe).splitlines()
            os.waitpid(pid, 0)
            done = [json.loads(line) for line in lines if line.endswith("}")]
            for test in done:
                if test["failed"]:
                    self.unused[test["name"]] = test["failed"]
                else:
                    seen[test["name"]] = {"seconds": test["seconds"], "lines": test["lines"]}
            if len(done) < len(left):  # the next one took too long and ended the process
                self.unused[left[len(done)]] = f"takes more than {SECONDS:g} s uncompiled"
            left = left[len(done) + 1 :]
        return seen

    def watch(self, names: list[str], out: Any) -> None:
        """Run tests one after the other, writing down what each executes."""
        watch, here = sys.monitoring, str(sites.ROOT / "trustabm")
        files = {str(sites.ROOT / "trustabm" / f) for f in sites.files()}
        touched: dict[str, set[int]] = {}

        def line(code: Any, number: int) -> Any:
            if code.co_filename.startswith(here) and code.co_filename in files:
                touched.setdefault(code.co_filename, set()).add(number)
            return watch.DISABLE

        watch.use_tool_id(watch.COVERAGE_ID, "mutants")
        watch.register_callback(watch.COVERAGE_ID, watch.events.LINE, line)
        watch.set_events(watch.COVERAGE_ID, watch.events.LINE)
        for k, name in enumerate(names):
            touched.clear()
            watch.restart_events()
            began = time.process_time()
            _limit(began + SECONDS)
            self.failed.clear()
            after = names[k + 1] if k + 1 < len(names) else None
            self.run(name, after)
            told = {
                "name": name,
                "seconds": time.process_time() - began,
                "failed": self.failed[0] if self.failed else "",
                "lines": {f: sorted(n) for f, n in touched.items()},
            }
            print(json.dumps(told), file=out, flush=True)

    def run(self, name: str, after: str | None = None) -> None:
        """Run one test."""
        item = self.items[name]
        following = self.items[after] if after else None
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)

    def try_out(self, mutant: sites.Mutant, seen: dict[str, Seen]) -> tuple[int, int]:
        """Begin to try a mutant in a fork; return it and where it says which test fails."""
        pipe, write = os.pipe()
        pid = os.fork()
        if pid:
            os.close(write)
            return pid, pipe
        os.close(pipe)
        _quiet()
        by: str | None = None
        tests = chosen(mutant, seen)
        seconds = sum(seen[t]["seconds"] for t in tests)
        try:
            if tests:
                patching.put_in(mutant, self.known)
            _limit(time.process_time() + PATIENCE + 4 * seconds)
            for k, name in enumerate(tests):
                self.run(name, tests[k + 1] if k + 1 < len(tests) else None)
                if self.failed:
                    by = name
                    break
        except BaseException as e:  # what ends pytest itself
            by = f"{type(e).__name__}: {e}"
        os.write(write, json.dumps(by).encode())
        os._exit(0)


def chosen(mutant: sites.Mutant, seen: dict[str, Seen]) -> list[str]:
    """Return the tests that execute a fault, quick ones first, those of sameness last."""
    path = str(sites.ROOT / "trustabm" / mutant.file)
    if patching.is_always_compiled(mutant):  # no line of it is seen
        found = [t for t, of in seen.items() if path in of["lines"]]
    elif mutant.at_import:
        held = patching.holders(mutant)  # or, of those that execute no rule, who reads a number
        found = [t for t, of in seen.items() if held & set(of["lines"]) or not of["lines"]]
    else:
        first, last = mutant.lines
        found = [
            t
            for t, of in seen.items()
            if any(first <= n <= last for n in of["lines"].get(path, ()))
        ]
    return sorted(found, key=lambda t: (is_sameness(t), seen[t]["seconds"]))


def is_sameness(test: str) -> bool:
    """Return whether a test holds results as they are, right or wrong."""
    return test.split("::")[0].endswith(SAMENESS)


def _quiet() -> None:
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)


def _limit(until: float) -> None:
    """End this process when it has used so many seconds of CPU since it began."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(until) + 1, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_AS, (8 << 30, resource.RLIM_INFINITY))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)


def _read(pipe: int) -> str:
    parts = []
    while part := os.read(pipe, 1 << 20):
        parts.append(part)
    os.close(pipe)
    return b"".join(parts).decode()


def trial(tests: list[str], **of: Any) -> Trial:
    """Try mutants out with these tests; return what became of the trial.

    Raises:
        SystemExit: where the tests cannot be collected.
    """
    plugin = Trial(**of)
    options = ["-s", "-o", "addopts=", "--import-mode=importlib", "-m", "not slow and not browser"]
    options += ["-p", "no:cacheprovider", "-p", "no:terminal", "-p", "no:xdist"]
    options += ["-c", str(sites.ROOT / "pyproject.toml"), "--rootdir", str(sites.ROOT)]
    code = pytest.main([*options, *(str(Path(sites.ROOT, t)) for t in tests)], plugins=[plugin])
    if not hasattr(plugin, "items"):
        raise SystemExit(f"pytest ended with {code}: the tests cannot be collected")
    return plugin
