"""Start the app: one process under uvicorn, on this machine alone unless told otherwise."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
import threading
import warnings
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from trustabm.errors import InvalidInput
from trustabm.inputs import library
from trustabm_app.server import guard
from trustabm_app.study.shelf import put_up

__all__ = ["address", "configure", "drawn_by_whole", "get_ready", "listening", "serve", "warm_up"]

HERE = Path(__file__).parents[1]
CDN = HERE / "vendor" / "cdn"
MESSAGE_MAX = 2**20  # bytes that a browser may send at once
HEAD_MAX = 2**15  # bytes of a request before its body
PORT_MAX = 65_535
SWITCH = 0.001  # seconds
ROOM_PORT = 8766
SAID_MAX = 2**12  # bytes that a phone may send at once


def configure(debug: bool = False) -> None:
    """Set what Solara reads from its environment when it is imported."""
    settings = {
        "SOLARA_APP": "trustabm_app.server.app",
        "SOLARA_MODE": "development" if debug else "production",
        "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
        "SOLARA_ASSETS_FONTAWESOME_ENABLED": "false",
        "SOLARA_ASSETS_EXTRA_LOCATIONS": str(HERE / "assets"),
        "SOLARA_KERNEL_CULL_TIMEOUT": "5m",
        "SOLARA_KERNEL_MAX_COUNT": str(guard.VISITORS_MAX + guard.SPARE),
        "SOLARA_SESSION_HTTP_ONLY": "true",
        "SOLARA_THEME_VARIANT": "light",
        "SOLARA_THEME_SHOW_BANNER": "false",
        "SOLARA_THEME_TITLE": "trustabm",
        "SOLARA_THEME_LOADER": "plain",
    }
    if CDN.is_dir():
        settings["SOLARA_ASSETS_PROXY_CACHE_DIR"] = str(CDN)
        # A file that is missing must fail here and not be fetched from elsewhere.
        settings["SOLARA_ASSETS_CDN"] = "http://127.0.0.1:9/"
    else:
        # The browser asks the CDN itself: a server that cannot reach it would only be slow to say.
        settings |= {"SOLARA_ASSETS_PROXY": "false", "SOLARA_ASSETS_CDN": f"{guard.CDN}/npm"}
    for name, value in settings.items():
        os.environ.setdefault(name, value)


def warm_up() -> None:
    """Compile the model while the first visitor is still on the way."""
    import_module("pandas")  # first: every page waits for it

    from trustabm.runs.replicates import live
    from trustabm_app.shared.address import Setting

    live(Setting(residents=500, weeks=52, burn_in=0).experiment(2), 0)


def get_ready() -> None:
    """Compile the model, then start the processes that compute comparisons, and find counties."""
    warm_up()

    from trustabm.inputs.places.counties import suggested
    from trustabm_app.shared.address import Setting
    from trustabm_app.shared.ensembles import warm

    suggested("a")
    warm(Setting(residents=500, weeks=52, burn_in=0).experiment(2))


def drawn_by_whole(app: Any) -> Any:
    """Return an ASGI app in which no page is drawn before pandas is whole.

    With all that a page keeps, Reacton looks for `pandas.DataFrame` in `sys.modules` and does not
    wait for another thread that is still importing it. A page is drawn once its websocket is
    accepted; files, and the address of the page itself, are answered before.

    Args:
        app: The app.
    """

    async def wait(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await asyncio.to_thread(import_module, "pandas")
        await app(scope, receive, send)

    return wait


class _Forgiving(dict[str, Any]):
    """Solara's book of threads: it strikes out one that ended while its tab was closing twice."""

    def __delitem__(self, key: str) -> None:
        self.pop(key, None)


def serve(
    host: str = "127.0.0.1",
    port: int = 8765,
    studies: str | Path | None = None,
    *,
    lessons: Sequence[str] | None = None,
    room_port: int = ROOM_PORT,
    room_address: str = "",
    keep: Path | None = None,
) -> None:
    """Serve the app until interrupted.

    Args:
        host: The address to listen on; others than this machine's let anybody there in.
        port: The port; 0 for any that is free.
        studies: The folder below which studies are to be seen; `results` if not given.
        lessons: Those of a class whose room is open from the start; none is if not given.
        room_port: Where phones on the network find a class; another where it is taken.
        room_address: This machine's address on that network; found out if empty.
        keep: A file in which a class is kept, and from which it goes on.

    Raises:
        InvalidInput: for lessons that cannot be gone through, a folder of studies that does not
            exist, a library with files that cannot be read, and a host or a port that cannot be
            listened on.
    """
    wrong = [*library.wrong()]
    if library.files("lessons"):
        from trustabm.classroom.lesson import shelves

        wrong += shelves()[1]
    if wrong:
        raise InvalidInput("\n".join(wrong))
    if studies is not None:
        put_up(studies)
    if lessons is not None:
        from trustabm_app.classroom.host import RESIDENT, planned

        if list(lessons) != [RESIDENT]:  # who needs no looking up, and takes long to make
            planned(lessons)
    sockets = listening(host, port)
    port = sockets[0].getsockname()[1]
    configure()
    import uvicorn

    if not CDN.is_dir():
        print(
            "Scripts come from cdn.jsdelivr.net. To work without a network, with npm installed:\n"
            "  uv run python visualization/build_assets.py",
            file=sys.stderr,
        )
    # Solara would like its cookie to work inside other sites' pages, and warns that it will not.
    warnings.filterwarnings("ignore", message="Cookies with samesite=none")
    from solara.server import kernel_context
    from solara.server.starlette import app

    from trustabm_app.classroom.explore import scenes
    from trustabm_app.classroom.host import Host
    from trustabm_app.server.app import routes
    from trustabm_app.server.patience import Patient

    kernel_context.current_context = _Forgiving(kernel_context.current_context)
    # Said of a websocket that is refused with a sentence, which is no fault.
    logging.getLogger("uvicorn.error").addFilter(
        lambda record: "without completing handshake" not in record.getMessage()
    )
    # A thread that computes must not keep one that answers a click waiting.
    sys.setswitchinterval(SWITCH)

    classes = Host(lambda app: open_room(app, room_port), room_address, keep)
    pages, explorable = drawn_by_whole(app), scenes()

    async def either(scope: Any, receive: Any, send: Any) -> None:
        first = scope.get("path", "").split("/")[1:2]
        beside = {"class": classes.teacher_app, "scenes": explorable}
        await beside.get("".join(first), pages)(scope, receive, send)

    class Server(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            if self.started:
                print(address(host, port) + ("" if lessons is None else "/class"), flush=True)
                if lessons is not None:
                    await classes.start(lessons)
                # Only now: it would take the processor from what answers the first visitor.
                threading.Thread(target=get_ready, name="trustabm-warm-up", daemon=True).start()

    config = uvicorn.Config(
        guard.guarded(
            either,
            host,
            cdn=CDN if CDN.is_dir() else None,
            pages={"class", "scenes"} | {route.path.strip("/") for route in routes},
            open_tabs=lambda: len(kernel_context.contexts),
        ),
        http=Patient,
        h11_max_incomplete_event_size=HEAD_MAX,
        log_level="warning",
        ws_per_message_deflate=False,
        ws_max_size=MESSAGE_MAX,
        timeout_graceful_shutdown=3,
        server_header=False,
    )
    with suppress(KeyboardInterrupt):
        Server(config).run(sockets)


async def open_room(app: Any, port: int) -> tuple[int, Callable[[], Awaitable[None]]]:
    """Let the network reach an ASGI app beside the one that is served, and nothing else.

    Args:
        app: The app.
        port: The port; any that is free where it is taken.

    Returns:
        The port, and what ends it.
    """
    import uvicorn

    from trustabm_app.classroom.sheets import STATIC
    from trustabm_app.server.patience import Patient

    class Beside(uvicorn.Server):
        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield  # the first server's

    try:
        sockets = listening("0.0.0.0", port)
    except InvalidInput:
        sockets = listening("0.0.0.0", 0)
    config = uvicorn.Config(
        guard.guarded(app, "0.0.0.0", cdn=STATIC, pages={"", "static"}),
        http=Patient,
        h11_max_incomplete_event_size=HEAD_MAX,
        log_level="warning",
        lifespan="off",
        ws_per_message_deflate=False,
        ws_max_size=SAID_MAX,
        timeout_graceful_shutdown=1,
        server_header=False,
    )
    server = Beside(config)
    task = asyncio.create_task(server.serve(sockets))

    async def stop() -> None:
        server.should_exit = True
        await task

    return sockets[0].getsockname()[1], stop


def listening(host: str, port: int) -> list[socket.socket]:
    """Return sockets that listen on every address of a host.

    Raises:
        InvalidInput: where there is none, or none can be had.
    """
    if not 0 <= port <= PORT_MAX:
        raise InvalidInput(f"port: expected a whole number from 0 to {PORT_MAX}, got {port}")
    if not host.strip():
        raise InvalidInput("host: expected an address such as 127.0.0.1, got none")
    found: list[socket.socket] = []
    wrong: Exception | None = None
    try:
        places = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as e:  # ValueError: what is no name at all
        raise InvalidInput(f"host: expected a name or address of this machine, got {host!r}") from e
    for family, _, _, _, place in dict.fromkeys(places):
        here = (place[0], found[0].getsockname()[1] if found else port, *place[2:])
        try:
            found.append(socket.create_server(here, family=family, backlog=512))
        except OSError as e:
            wrong = e
    if not found:
        why = os.strerror(wrong.errno or 0) if isinstance(wrong, OSError) else "no address"
        raise InvalidInput(f"{host}, port {port}: cannot be listened on: {why.lower()}") from wrong
    return found


def address(host: str, port: int) -> str:
    """Return where a browser on this machine finds the app."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{here}]:{port}" if ":" in here else f"http://{here}:{port}"
