"""Nobody holds the server up: half-sent requests end, and so do answers that nobody takes."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from contextlib import ExitStack, suppress
from select import select

import pytest
import uvicorn
from trustabm_app.server import patience
from trustabm_app.server.launch import listening
from trustabm_app.server.patience import Patient

WHOLE = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
LARGE = 40_000_000  # bytes: more than any socket's buffers


async def app(scope, receive, send):
    if scope["type"] == "http":
        body = b"x" * LARGE if scope["path"] == "/large" else b"served"
        while scope["method"] == "POST" and (await receive()).get("more_body"):
            pass
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@pytest.fixture
def served(monkeypatch):
    """Serve with little patience; return the port."""
    for name, value in (("REQUEST", 0.4), ("READ", 0.4), ("LINGER", 0.2), ("CONNECTIONS_MAX", 5)):
        monkeypatch.setattr(patience, name, value)
    sockets = listening("127.0.0.1", 0)
    config = uvicorn.Config(app, http=Patient, log_level="critical", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=asyncio.run, args=[server.serve(sockets)])
    thread.start()
    yield sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(10)
    assert not thread.is_alive()


@pytest.fixture
def dial(served):
    """Return a function that connects and says something."""
    with ExitStack() as lines:

        def dialled(data=b""):
            s = lines.enter_context(socket.create_connection(("127.0.0.1", served), timeout=5))
            s.sendall(data)
            return s

        yield dialled


def heard(s, end):
    """Return what is said until it ends so."""
    parts = b""
    while not parts.endswith(end):
        part = s.recv(65536)
        assert part, parts
        parts += part
    return parts


def told(s):
    """Return everything that is said until the connection ends."""
    parts = []
    while part := s.recv(2**20):
        parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize(
    "half",
    [b"", b"GET", WHOLE[:-2], b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc"],
    ids=["nothing", "a word", "half a head", "half a body"],
)
def test_a_request_that_does_not_come_whole_ends_with_a_sentence(dial, half):
    answer = told(dial(half))
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert answer.endswith(b"The request did not come whole within 0.4 seconds.\n")


def test_a_request_that_trickles_in_is_not_waited_for_longer(dial):
    s = dial()
    begun = time.monotonic()
    for byte in WHOLE:
        s.sendall(bytes([byte]))
        if select([s], [], [], 0.1)[0]:
            break
    assert told(s).startswith(b"HTTP/1.1 408 ")
    assert time.monotonic() - begun < 2  # whole, it would take 2.7


def test_a_second_request_on_a_connection_is_no_more_waited_for(dial):
    s = dial(WHOLE)
    heard(s, b"served")
    s.sendall(b"GET / HT")
    assert told(s).startswith(b"HTTP/1.1 408 ")


def test_whole_requests_are_answered_meanwhile(dial):
    for _ in range(4):
        dial(b"GET")
    assert heard(dial(WHOLE), b"served").startswith(b"HTTP/1.1 200 ")


def test_beyond_a_number_of_connections_a_sentence_is_all_there_is(dial):
    for _ in range(5):
        dial(b"G")
    answer = told(dial(WHOLE))
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: 20" in answer
    assert answer.endswith(b"Too many are connected to this server. Try again in a minute.\n")


def test_an_answer_that_nobody_takes_ends(dial):
    s = dial(WHOLE.replace(b"GET /", b"GET /large"))
    time.sleep(1.2)
    with suppress(ConnectionResetError):
        assert len(told(s)) < LARGE
