"""Who may talk to the server: this host's own pages and nobody else's, and so many at a time.

Solara accepts a websocket from any page; a page elsewhere could so drive a server on this machine.
It lets whoever comes when all places are taken wait without a word.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from trustabm_app.server.patience import response
from trustabm_app.shared.asked import BESIDE, TOWN

__all__ = ["CDN", "SPARE", "VISITORS_MAX", "guarded", "policy"]

LOCAL = {"127.0.0.1", "localhost", "::1"}
CDN = "https://cdn.jsdelivr.net"
PROXY = "/_solara/cdn/"

VISITORS_MAX = 100
"""Tabs that may be open on the server; one who comes after is told so by the page."""

SPARE = 20
"""Places kept for pages that were given before all were taken."""

FULL = (
    f"This server shows the model in up to {VISITORS_MAX} windows at a time, and all are taken. "
    "Try again in a minute."
)

SOLARA = {"_solara", "jupyter", "readyz", "resourcez", "static"}
"""What Solara answers beside pages, by the first part of its path."""

TALKING = ("/_solara/api/close/", "/jupyter/api/kernels/")
"""Where a page talks to its session and must name it."""

PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} · trustabm</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1">{more}</head>'
    '<body style="margin: 2em auto; padding: 0 1em; max-width: 40em; font: 18px/1.5 system-ui, '
    'sans-serif"><h1>{title}</h1><p role="alert">{text}</p></body></html>'
)
FULL_PAGE = PAGE.format(
    title="All places are taken",
    text=f"{FULL} This page does so by itself every 20 seconds.",
    more='<meta http-equiv="refresh" content="20">',
)
NO_PAGE = PAGE.format(
    title="There is no such page",
    text='What there is begins with <a href="/">a question</a>.',
    more="",
)

Refusal = tuple[int, str]


def guarded(
    app: Any,
    host: str,
    *,
    cdn: Path | None,
    pages: Collection[str] = (),
    open_tabs: Callable[[], int] = lambda: 0,
) -> Any:
    """Return an ASGI app that checks host, origin and path, and names what a page may load.

    Args:
        app: The app.
        host: Where it listens. Beyond this machine a proxy knows its names, so only the origin
            is checked against the host that was asked for.
        cdn: The folder that stands in for the CDN; None where a page loads from there.
        pages: The first part of every page's path.
        open_tabs: How many tabs the server holds.
    """
    hosts = LOCAL | {host} if host in LOCAL else None
    loads = policy(cdn is not None).encode()
    sockets = 0

    def wrong(scope: Any) -> Refusal | None:
        """Return why a request is not answered."""
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        asked = headers.get("host", "")
        origin = headers.get("origin")
        try:
            parts = urlsplit(f"//{asked}")
            name, _ = parts.hostname, parts.port
            came_from = asked if origin is None else urlsplit(origin).netloc
        except ValueError:
            return 400, "This host or origin cannot be read."
        if (hosts is not None and name not in hosts) or came_from != asked:
            return 403, "This host or origin is not served."
        path, web = scope["path"], scope["type"] == "http"
        first = path.strip("/").partition("/")[0]
        if path.startswith(TALKING) and not dict(parse_qsl(_query(scope))).get("session_id"):
            # GET of a kernel is harmless, and answers without one.
            if not web or scope["method"] == "POST":
                return 400, "Expected a session_id, got none."
        if web and first not in pages and first not in SOLARA:
            return 404, NO_PAGE
        if web and cdn is not None and path.startswith(PROXY):
            # Solara would ask the CDN, and wait.
            if not (cdn / path.removeprefix(PROXY)).is_file():
                return 404, "There is no such file."
        taken = max(sockets, open_tabs())
        if not web and taken >= VISITORS_MAX + SPARE:
            return 503, FULL
        if web and first in pages and taken >= VISITORS_MAX:
            return 503, FULL_PAGE
        return None

    async def guard(scope: Any, receive: Any, send: Any) -> None:
        nonlocal sockets

        async def answer(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message.get("headers", []),
                    (b"content-security-policy", loads),
                    (b"x-content-type-options", b"nosniff"),
                    (b"referrer-policy", b"same-origin"),
                ]
            await send(message)

        if scope["type"] not in ("http", "websocket"):
            await app(scope, receive, send)
        elif (refusal := wrong(scope)) is not None:
            await _refuse(scope, receive, answer, *refusal)
        elif scope["type"] == "http" and scope["path"] == "/" and _of_a_town(scope):
            await _lead_to(b"/town?" + scope["query_string"], answer)
        elif scope["type"] == "http":
            await app(scope, receive, answer)
        else:
            sockets += 1
            try:
                await app(scope, receive, answer)
            finally:
                sockets -= 1

    return guard


def _of_a_town(scope: Any) -> bool:
    """Return whether an address of the first page is an old one of the town, which stood there."""
    words = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    return any(word in TOWN or word.startswith(BESIDE) for word, _ in words)


async def _lead_to(address: bytes, answer: Any) -> None:
    headers = [(b"location", address), (b"content-length", b"0")]
    await answer({"type": "http.response.start", "status": 307, "headers": headers})
    await answer({"type": "http.response.body", "body": b""})


def _query(scope: Any) -> str:
    query: bytes = scope.get("query_string", b"")
    return query[:1000].decode("latin-1")


def policy(offline: bool) -> str:
    """Return what a page may load: nothing of others, or scripts, styles and fonts of the CDN."""
    more = "" if offline else f" {CDN}"
    # Vue 2 compiles its templates in the browser, and an anywidget is a module from a blob.
    return (
        f"default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob: data:{more}; "
        f"style-src 'self' 'unsafe-inline'{more}; img-src 'self' data: blob:; "
        f"font-src 'self' data:{more}; "
        "connect-src 'self' ws: wss: blob: data:; object-src 'none'; base-uri 'self'; "
        "form-action 'none'; frame-ancestors 'self'"
    )


async def _refuse(scope: Any, receive: Any, send: Any, status: int, text: str) -> None:
    """Answer with a sentence; a websocket too, where its handshake can be answered at all."""
    what = "http.response"
    if scope["type"] == "websocket":
        await receive()
        if "websocket.http.response" not in scope.get("extensions", {}):
            await send({"type": "websocket.close", "code": 1013 if status == 503 else 1008})
            return
        what = "websocket.http.response"
    kind = "text/html" if text.startswith("<") else "text/plain"
    headers, body = response(status, text, kind)
    await send({"type": f"{what}.start", "status": status, "headers": headers})
    await send({"type": f"{what}.body", "body": body})
