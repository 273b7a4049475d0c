"""The scenes to explore, for whoever opens them: each is worked out once, and one at a time."""

from __future__ import annotations

import asyncio
from functools import cache

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

__all__ = ["scenes"]

HERE = {
    "</title>": '</title><link rel="icon" href="data:,">',
    "<main>": '<main><p><a href="/lessons">All lessons</a></p>',
}
"""What a scene's page has on a server besides."""


@cache
def _made(name: str) -> str:
    from trustabm.classroom.scenes import html

    text = html(name)
    for old, new in HERE.items():
        text = text.replace(old, new, 1)
    return text


def _asked(name: str) -> str | None:
    from trustabm.classroom.scenes import SCENES  # numba with it: not before a server answers

    return _made(name) if name in ("index", *SCENES) else None


def scenes() -> Starlette:
    """Return an ASGI app that shows them."""
    turn = asyncio.Lock()

    async def shown(request: Request) -> Response:
        async with turn:  # the threads are for those who wait for other things
            text = await asyncio.to_thread(_asked, request.path_params["name"])
        if text is None:
            return PlainTextResponse("There is no such scene.", 404)
        return HTMLResponse(text)

    return Starlette(routes=[Route("/scenes/{name}.html", shown)])
