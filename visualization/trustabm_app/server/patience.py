"""For how many the server works at a time, and how long it waits for each: nobody holds it up."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["Patient", "response"]

CONNECTIONS_MAX = 500
"""Connections of all visitors; a browser has up to seven."""

REQUEST = 10.0
"""Seconds from the first byte of a request, or from connecting, to its last."""

READ = 30.0
"""Seconds in which a visitor must take some of what waits to be sent."""

LINGER = 2.0
"""Seconds from the last word to the end, so that it is read."""


def response(status: int, text: str, kind: str = "text/plain") -> tuple[Any, bytes]:
    """Return the headers and the body of an answer in words."""
    body = text.encode()
    headers = [
        (b"content-type", f"{kind}; charset=utf-8".encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
    ]
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append((b"retry-after", b"20"))
    return headers, body


class Patient(H11Protocol):
    """A connection that ends where a request does not come whole, or an answer is not taken."""

    _timer: asyncio.TimerHandle | None = None
    _stuck: asyncio.TimerHandle | None = None
    _ended = False

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for a request, or refuse where too many are connected."""
        super().connection_made(transport)
        if len(self.connections) > CONNECTIONS_MAX:
            self._end(503, "Too many are connected to this server. Try again in a minute.\n")
        else:
            self._watch()

    def data_received(self, data: bytes) -> None:
        """Take a part of a request."""
        if not self._ended:
            super().data_received(data)
            self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        _cancel(self._timer)
        _cancel(self._stuck)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Wait until the visitor takes what was sent."""
        super().pause_writing()
        _cancel(self._stuck)
        self._stuck = self.loop.call_later(READ, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on."""
        super().resume_writing()
        _cancel(self._stuck)

    def send_400_response(self, _msg: str) -> None:
        """Say that this is no request, and end."""
        self._end(400, "This is no request that can be read, or its head is too long.\n")

    def _watch(self) -> None:
        if self._ended:
            return
        partly = self.conn.their_state in (h11.IDLE, h11.SEND_BODY)
        ours = self.transport.get_protocol() is self  # a websocket's has taken over otherwise
        if not (partly and ours) or self.transport.is_closing():
            _cancel(self._timer)
            self._timer = None
        elif self._timer is None:
            self._timer = self.loop.call_later(REQUEST, self._give_up)

    def _give_up(self) -> None:
        if (
            self.cycle is not None
            and self.cycle.response_started
            and self.conn.our_state is not (h11.IDLE)
        ):
            self.transport.abort()
        else:
            self._end(408, f"The request did not come whole within {REQUEST:g} seconds.\n")

    def _end(self, status: int, text: str) -> None:
        """Say why, and end; what still comes is not looked at."""
        self._ended = True
        _cancel(self._timer)
        if self.cycle is not None:
            self.cycle.disconnected = True
        headers, body = response(status, text)
        lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}".encode()]
        lines += [name + b": " + value for name, value in headers]
        self.transport.write(b"\r\n".join([*lines, b"", body]))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._timer = self.loop.call_later(LINGER, self.transport.abort)


def _cancel(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
