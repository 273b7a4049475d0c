"""Who may talk to the server: this host's own pages, and nobody else's.

Solara accepts a websocket from any page; a page elsewhere could so drive a server on this machine.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

__all__ = ["CDN", "guarded", "policy"]

LOCAL = {"127.0.0.1", "localhost", "::1"}
CDN = "https://cdn.jsdelivr.net"


def guarded(app: Any, host: str, *, offline: bool) -> Any:
    """Return an ASGI app that checks host and origin, and names what a page may load.

    Args:
        app: The app.
        host: Where it listens. Beyond this machine a proxy knows its names, so only the origin
            is checked against the host that was asked for.
        offline: Whether nothing may come from the CDN.
    """
    hosts = LOCAL | {host} if host in LOCAL else None
    loads = policy(offline).encode()

    async def guard(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] not in ("http", "websocket"):
            await app(scope, receive, send)
            return
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        asked = headers.get("host", "")
        origin = headers.get("origin")
        name = urlsplit(f"//{asked}").hostname
        if (hosts is not None and name not in hosts) or (
            origin is not None and urlsplit(origin).netloc != asked
        ):
            await _refuse(scope, receive, send)
            return

        async def answer(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message.get("headers", []),
                    (b"content-security-policy", loads),
                    (b"x-content-type-options", b"nosniff"),
                    (b"referrer-policy", b"same-origin"),
                ]
            await send(message)

        await app(scope, receive, answer)

    return guard


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


async def _refuse(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    await send({"type": "http.response.start", "status": 403, "headers": []})
    await send({"type": "http.response.body", "body": b"This host or origin is not served."})
