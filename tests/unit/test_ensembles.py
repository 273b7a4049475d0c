"""Ensembles: their processes do not outlive the server."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest
from trustabm_app.shared import ensembles
from trustabm_app.shared.address import Setting, Turn
from trustabm_app.shared.ensembles import Ensemble

from trustabm.study import composed
from trustabm.study.opening import open_study

KILLED = """
import os, signal
from trustabm_app.shared.ensembles import _shared_pool
_shared_pool().submit(os.getpid).result()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.posix
def test_processes_leave_when_the_server_was_killed():
    # They hold its output open: this comes back only once all of them are gone.
    done = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, timeout=120)
    assert done.returncode == -signal.SIGKILL


def test_a_policy_beside_itself_is_called_a_and_b():
    def names(*turns):
        return list(Setting(a="none", b="none", turns=turns).experiment(2).arms)

    turned = [Turn(arm, 0, "firewall", value) for arm, value in (("a", 0.2), ("b", 0.9))]
    assert names() == ["No entanglement (A)", "No entanglement (B)"]
    assert names(turned[1]) == ["No entanglement", "No entanglement, changed on the screen"]
    assert names(*turned) == [
        "No entanglement, changed on the screen (A)",
        "No entanglement, changed on the screen (B)",
    ]
    assert list(Setting().experiment(2).arms) == ["none", "secure-communities"]


def asked(setting, **more):
    """Return an ensemble that is over."""
    over = threading.Event()
    done = ("done", "refused", "cancelled")
    asks = setting.experiment(2)
    found = Ensemble(asks, lambda e: over.set() if e.state in done else None, **more).start()
    assert over.wait(120)
    return found


def test_an_error_that_nobody_foresaw_ends_it_and_is_said(monkeypatch, capsys):
    def broken(*_args, **_more):
        raise MemoryError("none left")

    monkeypatch.setattr(ensembles, "compare_arms", broken)
    found = asked(Setting(residents=500, weeks=52, burn_in=0, replicates=10))
    assert (found.state, found.comparison) == ("refused", None)
    assert found.message == "It ended with an error; the server's log says why."
    assert "MemoryError: none left" in capsys.readouterr().err
    assert ensembles._asked == 0


def test_fewer_towns_than_asked_for_are_said(monkeypatch):
    monkeypatch.setattr(ensembles, "WORK_MAX", 5.0)
    many = Ensemble(Setting(residents=20_000, weeks=1040, replicates=200).experiment(2), print)
    assert many.number < 200
    assert many.notice.startswith(f"{many.number} of the 200 towns asked for: as many as")
    few = Setting(residents=500, weeks=52, replicates=10).experiment(2)
    assert Ensemble(few, print).notice == ""


SMALL = Setting(residents=500, weeks=52, burn_in=0, replicates=20)


def test_what_is_asked_again_is_computed_once():
    before, told, over = ensembles.begun(), [], threading.Semaphore(0)

    def heard(ensemble):
        told.append((ensemble, ensemble.sofar is not None))
        if not ensemble.busy:
            over.release()

    asks = replace(SMALL, seed=77).experiment(2)
    visitors = [Ensemble(asks, heard).start() for _ in range(3)]
    assert all(over.acquire(timeout=120) for _ in visitors)
    done = asked(replace(SMALL, seed=77))
    assert ensembles.begun() == before + 1
    assert {e for e, _ in told} == set(visitors)
    assert any(some for _, some in told), "nothing was to be seen before the end"
    made = [v.comparison for v in (*visitors, done)]
    assert len({id(c) for c in made}) == 4, "what one works out of it is not another's"
    assert all(c.sums is made[0].sums for c in made)
    assert asked(replace(SMALL, seed=78)).comparison.sums is not made[0].sums
    assert ensembles.begun() == before + 2


def test_who_leaves_stops_nothing_that_another_waits_for():
    asks = Setting(residents=2000, weeks=520, replicates=200, seed=5).experiment(2)
    first, second = (Ensemble(asks, lambda _: None).start() for _ in range(2))
    first.cancel()
    assert (first.state, first.comparison, second.busy) == ("cancelled", None, True)
    second.cancel()
    third = Ensemble(asks, lambda _: None).start()
    assert third.busy, "what was stopped is not joined"
    third.cancel()
    for _ in range(600):
        if not ensembles._asked:
            return
        time.sleep(0.1)
    raise AssertionError("it goes on though nobody wants it")


def test_few_that_are_over_are_kept(monkeypatch):
    monkeypatch.setattr(ensembles, "KEPT", 2)
    small = replace(SMALL, residents=500, weeks=52, replicates=10)
    for seed in (901, 902, 903):
        asked(replace(small, seed=seed))
    before = ensembles.begun()
    asked(replace(small, seed=903))
    assert ensembles.begun() == before
    asked(replace(small, seed=901))
    assert ensembles.begun() == before + 1


def test_effects_are_taken_apart_in_the_same_processes_and_too_large_towns_are_refused(monkeypatch):
    setting = Setting(residents=500, weeks=52, burn_in=0, replicates=10)
    made = asked(setting).comparison
    apart = asked(setting, apart=made)
    assert (apart.state, apart.done) == ("done", apart.number)
    assert apart.comparison is made
    assert made.decomposition is not None
    monkeypatch.setattr(ensembles, "APART_MAX", 0.0)
    refused = asked(setting, apart=made)
    assert refused.state == "refused"
    assert refused.message.startswith("So large towns would keep this server busy")


def test_a_study_that_is_cancelled_keeps_what_is_done_and_is_gone_on_with(monkeypatch, tmp_path):
    monkeypatch.setattr("trustabm.study.sweep.BATCH_JOBS", 1)  # told of more than once
    monkeypatch.setattr(composed, "_home", lambda: type("Home", (), {"name": str(tmp_path)}))
    words = {"place": "mecklenburg-nc", "change": "outreach", "from": "2027-01"}
    words |= {"vary.publicity": "0:2:5", "replicates": "20", "residents": "300", "weeks": "4"}
    study = composed.composed(words)
    over = threading.Semaphore(0)

    def heard(ensemble, most):
        if not ensemble.busy:
            over.release()
        elif ensemble.done >= most:
            ensemble.cancel()

    def lived(most):
        how = {"changed": lambda e: heard(e, most), "study": study}
        found = Ensemble(study.experiment(study.towns[0]), **how).start()
        assert over.acquire(timeout=120)
        return found.state, found.done, found.number

    (first, some, many), (second, every, _) = lived(1), lived(1000)
    assert (first, second, every, many) == ("cancelled", "done", 200, 200)
    assert 0 < some < 200
    sittings = open_study(composed.place_of(composed.name_of(study))).sittings
    assert list(sittings["runs"]) == [some, 200 - some]
    assert (ensembles._asked, lived(1000)[:2]) == (0, ("done", 200))
