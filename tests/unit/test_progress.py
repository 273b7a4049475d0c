"""Progress is shown where somebody watches, and nowhere else."""

from __future__ import annotations

import io
import re
import sys
from types import SimpleNamespace

import pytest

import trustabm as ta
from trustabm.errors import InvalidInput
from trustabm.runs import progress

RUN = {"weeks": 3, "residents": 50}
PAIR = {"weeks": 2, "burn_in": 0, "replicates": 2, "residents": 50, "workers": 1}


class Terminal(io.StringIO):
    def isatty(self):
        return True


def plain(terminal: Terminal) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", terminal.getvalue())


def watched(monkeypatch) -> Terminal:
    """Have standard error be a terminal; in the test itself, as pytest sets its own before."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    return stream


def test_on_a_terminal_there_is_a_bar_unless_it_is_switched_off(monkeypatch):
    terminal = watched(monkeypatch)
    ta.run(RUN, progress=False)
    assert terminal.getvalue() == ""
    ta.run(RUN)
    assert "3/3 weeks" in plain(terminal)
    ta.compare(["none", "sanctuary"], **PAIR)
    assert "2/2 towns" in plain(terminal)


def test_where_nobody_watches_nothing_is_said_unless_it_is_asked_for(capsys):
    result = ta.run(RUN)
    result.go_on(1)
    assert capsys.readouterr() == ("", "")
    ta.run(RUN, progress=True)
    assert "3/3 weeks" in capsys.readouterr().err


def test_who_gives_a_function_is_called(capsys):
    told = []
    ta.run(RUN, progress=lambda *done: told.append(done))
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert capsys.readouterr().err == ""
    with pytest.raises(InvalidInput, match="progress: expected True, False or a function"):
        ta.run(RUN, progress=3)


def test_a_notebook_shows_a_bar_in_its_page_and_keeps_none(monkeypatch):
    terminal = watched(monkeypatch)
    shown = []

    class Handle:
        def update(self, page):
            shown.append(page)

    def display(page, display_id):
        shown.append(page)
        return Handle()

    kernel = SimpleNamespace(get_ipython=lambda: SimpleNamespace(kernel=object()))
    monkeypatch.setitem(sys.modules, "IPython", kernel)
    monkeypatch.setitem(sys.modules, "IPython.display", SimpleNamespace(HTML=str, display=display))
    ta.run(RUN)
    assert shown == []  # over before anybody would wonder
    monkeypatch.setattr(progress, "QUIET", -1.0)
    ta.run(RUN)
    assert shown[0].endswith("</progress> 1 of 3 weeks")
    assert shown[-2:] == [shown[-2], ""]
    assert 'value="3" max="3"' in shown[-2]
    assert terminal.getvalue() == ""
