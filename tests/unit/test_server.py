"""The server itself under requests that no browser sends: a sentence each, and a clean log."""

from __future__ import annotations

import socket

import pytest
from serving import serving

UPGRADE = (
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
LONG = "a" * 20_000
HELD = """
import sys, time
from importlib.machinery import PathFinder
from pathlib import Path

class Held:
    def find_spec(self, name, path=None, target=None):
        if name != "pandas":
            return None
        spec = PathFinder.find_spec(name, path)
        load = spec.loader.exec_module

        def wait(module):
            while not Path(__file__).with_name("go").exists():
                time.sleep(0.02)
            load(module)
            print("pandas is whole", flush=True)

        spec.loader.exec_module = wait
        return spec

sys.meta_path.insert(0, Held())
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """Serve; at the end, the log must hold no traceback."""
    with serving(tmp_path_factory.mktemp("server")) as (url, _, _):
        yield int(url.rpartition(":")[2])


def said(port, line, more="", body=b""):
    """Return status and text of the answer to a request."""
    head = f"{line} HTTP/1.1\r\nHost: 127.0.0.1\r\n{more}"
    connection = "Upgrade" if "Upgrade" in more else "close"
    with socket.create_connection(("127.0.0.1", port), timeout=10) as s:
        s.sendall(head.encode("latin-1") + f"Connection: {connection}\r\n\r\n".encode() + body)
        parts = []
        while part := s.recv(65536):
            parts.append(part)
    answer = b"".join(parts)
    head, _, text = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), text.decode("utf-8", "replace")


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("GET /", 200),
        ("HEAD /compare", 200),
        ("GET /?place=%ff%fe&change=%00", 200),
        ("GET /?town=%ff%fe&a=%00", 307),
        ("GET /town?town=%ff%fe&a=%00", 200),
        (f"GET /?{LONG}", 200),
        ("GET /nonsense", 404),
        ("GET /%00", 404),
        ("GET /../../etc/passwd", 404),
        ("GET /static/%2e%2e/%2e%2e/%2e%2e/etc/passwd", 404),
        ("GET /_solara/cdn/..%2f..%2f..%2f..%2fetc/passwd", 404),
        ("GET http://elsewhere/", 404),
        ("POST /", 405),
        ("DELETE /compare", 405),
        ("NONSENSE /", 405),
        ("GET /\xff", 400),
        ("POST /_solara/api/close/x", 400),
    ],
)
def test_a_request_is_answered_or_refused(port, line, status):
    got, text = said(port, line)
    assert got == status
    assert "root:" not in text


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ("Host: elsewhere\r\n", 400),
        ("Origin: http://[\r\n", 400),
        ("Content-Length: -1\r\n", 400),
        (f"X: {LONG * 20}\r\n", 400),
        (UPGRADE, 400),  # no session
        (UPGRADE + "Origin: http://elsewhere\r\n", 403),
    ],
    ids=["two hosts", "origin", "length", "huge", "websocket", "websocket from elsewhere"],
)
def test_headers_that_no_browser_sends_are_refused(port, more, status):
    path = "/jupyter/api/kernels/x/channels" if "Upgrade" in more else "/about"
    got, text = said(port, f"GET {path}", more)
    assert got == status
    assert text


def test_what_is_no_http_is_refused(port):
    for data in (b"\x16\x03\x01\x02\x00\x01" + b"x" * 200 + b"\r\n\r\n", b"\0" * 999 + b"\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as s:
            s.sendall(data)
            assert s.recv(65536).startswith(b"HTTP/1.1 400 ")


def test_a_page_is_drawn_when_pandas_is_whole_and_answered_before(tmp_path):
    """Reacton looks into a module that another thread is still importing, and would fail."""
    (tmp_path / "sitecustomize.py").write_text(HELD)
    with serving(tmp_path, PYTHONPATH=str(tmp_path)) as (url, _, log):
        port = int(url.rpartition(":")[2])
        assert said(port, "GET /")[0] == 200
        with socket.create_connection(("127.0.0.1", port), timeout=2) as s:
            line = "GET /jupyter/api/kernels/x/channels?session_id=y HTTP/1.1\r\n"
            s.sendall(f"{line}Host: 127.0.0.1\r\n{UPGRADE}Connection: Upgrade\r\n\r\n".encode())
            with pytest.raises(TimeoutError):
                s.recv(1)
            assert "pandas is whole" not in log.read_text()
            (tmp_path / "go").touch()
            s.settimeout(30)
            assert s.recv(12) == b"HTTP/1.1 101"
            assert "pandas is whole" in log.read_text()
