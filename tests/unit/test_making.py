"""Files to take away: a few at a time, however many are asked for, and everybody is answered."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest
from trustabm_app.shared import making

from trustabm.errors import InvalidInput


class Widget:
    """Remembers what it was sent."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.heard = threading.Condition()

    def send(self, content, buffers=None):
        """Take a message."""
        with self.heard:
            self.told.append(content.get("text") or content.get("name") or content["what"])
            self.heard.notify()

    def wait(self, number):
        """Return the messages, once there are so many."""
        with self.heard:
            assert self.heard.wait_for(lambda: len(self.told) >= number, 10), self.told
        return self.told


@pytest.fixture
def tab(monkeypatch):
    """Return a function after which requests come from another tab, as Solara marks its threads."""
    now = [SimpleNamespace(kernel="alive")]

    class Thread(threading.Thread):
        def __init__(self, **how):
            super().__init__(**how)
            self.current_context = now[0]

        def start(self):
            self.current_context = None  # Solara, where it is loaded, would look for its kernel
            super().start()

    monkeypatch.setattr(making.threading, "Thread", Thread)

    def another():
        now[0] = SimpleNamespace(kernel="alive")
        return now[0]

    return another


def threads():
    return sum(t.name == "trustabm-file" for t in threading.enumerate())


def test_four_hundred_requests_start_two_threads_and_block_nobody(tab):
    before, go = threading.active_count(), threading.Event()
    greedy, other = Widget(), Widget()

    def slow():
        go.wait(10)
        return "slow.csv", b""

    for k in range(400):
        making.make(greedy, f"{k}", slow)
    assert threading.active_count() - before == making.AT_ONCE == threads()
    # Of one window, three are taken on; it reads why there are no more.
    assert len(greedy.told) == 400 - making.TAB_MAX
    assert set(greedy.told) == {
        "3 files are being made for this window. Try again when one is there."
    }
    tab()
    making.make(other, "mine", lambda: ("mine.csv", b""))
    go.set()
    assert other.wait(1) == ["mine.csv"]
    greedy.wait(400)
    assert greedy.told.count("slow.csv") == making.TAB_MAX


def test_who_comes_when_too_many_wait_is_told_so(tab):
    go = threading.Event()
    widgets = [Widget() for _ in range(making.AT_ONCE + making.WAITING_MAX + 5)]

    def slow():
        go.wait(10)
        return "slow.csv", b""

    for widget in widgets:
        tab()
        making.make(widget, "x", slow)
    late = [w for w in widgets if w.told]
    assert late == widgets[-5:]
    assert late[0].told == ["Too many files are being made on this server. Try again in a minute."]
    go.set()
    for widget in widgets:
        widget.wait(1)
    assert not making._waiting


def test_what_is_being_made_is_not_made_twice():
    go, widget = threading.Event(), Widget()

    def slow():
        go.wait(10)
        return "slow.csv", b""

    making.make(widget, "x", slow)
    making.make(widget, "x", slow)
    assert widget.told == ["It is being made already."]
    go.set()
    assert widget.wait(2)[1] == "slow.csv"


def test_what_goes_wrong_is_said_and_the_next_is_made(monkeypatch):
    widget = Widget()

    def wrong():
        raise InvalidInput("too many weeks")

    making.make(widget, "a", wrong)
    assert widget.wait(1) == ["too many weeks"]
    monkeypatch.setattr(making, "PATIENCE", -1.0)
    making.make(widget, "b", lambda: ("b.csv", b""))
    assert widget.wait(2)[1] == "It had to wait too long. Try again."
    monkeypatch.undo()
    making.make(widget, "c", lambda: [["Code", "x"]])
    assert widget.wait(3)[2] == "code"


def test_nothing_is_made_for_a_window_that_was_closed(tab):
    go, made, widget = threading.Event(), [], Widget()

    def slow():
        go.wait(10)
        return "slow.csv", b""

    for k in range(making.AT_ONCE):
        making.make(widget, f"{k}", slow)
    gone = tab()
    making.make(Widget(), "x", lambda: made.append(1))
    gone.kernel = None
    tab()
    making.make(other := Widget(), "y", lambda: ("y.csv", b""))
    go.set()
    assert other.wait(1) == ["y.csv"]
    assert not made
