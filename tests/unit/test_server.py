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
        ("GET /?town=%ff%fe&a=%00", 200),
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
