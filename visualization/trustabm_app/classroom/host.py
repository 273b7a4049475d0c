"""Where a class happens: the room's page for the network, the teacher's for this machine alone.

Phones and the projector each hold one websocket, over which whole pieces of a page are sent when
they change. All of it is in one event loop, so that what is asked comes one after the other.
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from trustabm.classroom import Activity, Pupil, Room
from trustabm.classroom.lesson import lessons
from trustabm.classroom.predictions import Predictions
from trustabm.errors import InvalidInput, nearest
from trustabm.sealed import read_json, write_json
from trustabm.telling.markup import Markup
from trustabm_app.classroom import sheets
from trustabm_app.classroom.asked import came, question
from trustabm_app.shared.ensembles import Ensemble

__all__ = ["RESIDENT", "Host", "local_address", "planned"]

PAUSE = 0.1
"""Seconds in which what changes is gathered before the projector is told."""

RESIDENT = "resident"
"""What a class of residents is called beside the lessons."""

WRONG = 1.0
"""Seconds after a wrong code before the next is read, so that none is guessed."""

ELSEWHERE = "10.255.255.255", "192.168.43.1", "192.168.137.1", "10.42.0.255", "172.20.10.1"
"""Addresses that would be reached over a network or a hotspot; nothing is sent to them."""

Stop = Callable[[], Awaitable[None]]
Listen = Callable[[Any], Awaitable[tuple[int, Stop]]]


class Host:
    """One room at a time, and who is connected to it.

    Args:
        listen: Lets an ASGI app be reached from the network; returns its port, and what ends that.
        address: This machine's address on that network; found out if empty.
        keep: A file in which the room is kept, and from which it goes on; nowhere if not given.
    """

    def __init__(self, listen: Listen, address: str = "", keep: Path | None = None) -> None:
        self.room: Room | None = None
        self._listen, self._given, self._keep = listen, address, keep
        self._stop: Stop | None = None
        self._names: list[str] = []
        self._runs: dict[int, Ensemble] = {}
        self._pupils: dict[WebSocket, Pupil] = {}
        self._boards: set[WebSocket] = set()
        self._sent: dict[WebSocket, str] = {}
        self._soon: asyncio.TimerHandle | None = None
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        static = StaticFiles(directory=sheets.STATIC)
        pupils = [
            Route("/", self._door),
            WebSocketRoute("/ws", self._pupil),
            Mount("/static", static),
        ]
        teacher = [
            Route("/class", self._teacher),
            Route("/class/table.csv", self._table),
            WebSocketRoute("/class/ws", self._board),
            Mount("/class/static", static),
        ]
        self.pupils_app = Starlette(routes=pupils)
        self.teacher_app = here_alone(Starlette(routes=teacher))

    async def start(self, names: Sequence[str]) -> None:
        """Open a room in which a class goes through lessons.

        Raises:
            InvalidInput: where there is none, one is unknown, or no room can be opened.
        """
        kept = read_json(self._keep) if self._keep and self._keep.exists() else None
        self._names = list(kept["lessons"] if kept else names)
        activity = await asyncio.to_thread(planned, self._names)
        again = asyncio.to_thread(Room.again, kept, activity) if kept else None
        room = await again if again else Room(activity)
        port, self._stop = await self._listen(self.pupils_app)
        self.address = f"http://{self._given or local_address()}:{port}/"
        self._qr = sheets.code_of(f"{self.address}#{room.code}")
        self.room = room
        self._run()
        self._changed()

    async def end(self) -> None:
        """Close the room: nobody reaches it any more, and nothing of it is kept."""
        self.room, stop, self._stop = None, self._stop, None
        for run in self._runs.values():
            run.cancel()
        self._runs = {}
        for phone in list(self._pupils):
            with suppress(RuntimeError):
                await phone.close()
        if stop:
            await stop()
        if self._keep:
            self._keep.unlink(missing_ok=True)
        self._changed()

    def _run(self) -> None:
        """Begin the run of the question that is on, so that its reveal is there when wanted."""
        a = self.room.activity if self.room else None
        if not isinstance(a, Predictions) or a.round in self._runs:
            return
        k, lesson = a.round, lessons()[self._names[a.round]]
        loop = asyncio.get_running_loop()

        def changed(run: Ensemble) -> None:
            found = None if run.comparison is None else came(lesson, run.comparison)
            loop.call_soon_threadsafe(ran, run, found)

        def ran(run: Ensemble, found: Any) -> None:
            if found is not None:
                a.came[k] = found
            if a.round == k:
                done = f"{run.done} of {run.number} towns are simulated."
                a.progress = "" if found else done if run.busy else run.message
            self._changed()

        experiment = lesson.experiment()
        run = self._runs[k] = Ensemble(experiment, changed)
        self._go(asyncio.to_thread(run.start))

    def _go(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _changed(self) -> None:
        """Let the projector know soon, and keep the room."""
        if self._soon is None:
            self._soon = asyncio.get_running_loop().call_later(PAUSE, self._now)

    def _now(self) -> None:
        self._soon = None
        if self.room is not None and self._keep is not None:
            write_json(self._keep, {"lessons": self._names} | self.room.kept())
        self._go(self._tell())

    async def _tell(self) -> None:
        async with self._turn:
            await self._show(list(self._boards))

    async def _show(self, sockets: Sequence[WebSocket]) -> None:
        """Send pages what they show, where it is something else than before."""
        for to in sockets:
            html = self._html(to)
            if self._sent.get(to) != html:
                self._sent[to] = html
                await _say(to, html=html)

    def _html(self, to: WebSocket) -> str:
        pupil = self._pupils.get(to)
        if self.room is None:
            return sheets.door() if pupil else self._beginning()
        return sheets.pupil(self.room.state_for(pupil)) if pupil else self._projected(self.room)

    def _projected(self, room: Room) -> Markup:
        here = {p.number for p in self._pupils.values()}
        return sheets.board(room, here, self.address, self._qr)

    def _beginning(self, chosen: str = "") -> Markup:
        known = lessons()
        where = self._given or local_address()
        said = (
            f"Phones on this network will find the room at http://{where}, and nothing else here."
        )
        return sheets.start(known, [chosen] if chosen in known else list(known), said)

    async def _door(self, request: Any) -> Response:
        return HTMLResponse(sheets.page("", "A class", sheets.door()))

    async def _teacher(self, request: Any) -> Response:
        asked = request.query_params.get("lesson", "")
        body = self._projected(self.room) if self.room else self._beginning(asked)
        return HTMLResponse(sheets.page("/class", "A class", body))

    async def _table(self, request: Any) -> Response:
        rows = self.room.table() if self.room else []
        out = io.StringIO()
        if rows:
            writer = csv.DictWriter(out, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        return PlainTextResponse(out.getvalue(), media_type="text/csv")

    async def _pupil(self, phone: WebSocket) -> None:
        await phone.accept()
        try:
            while True:
                words = _words(await phone.receive_text())
                async with self._turn:
                    wrong = await self._heard(phone, words)
                if wrong:
                    await asyncio.sleep(WRONG)
        except WebSocketDisconnect:
            pass
        finally:
            self._pupils.pop(phone, None)
            self._sent.pop(phone, None)
            self._changed()

    async def _heard(self, phone: WebSocket, words: dict[str, Any]) -> bool:
        """Answer a phone; return whether it said a wrong code."""
        room, pupil = self.room, self._pupils.get(phone)
        if room is None:
            return False
        try:
            if pupil is not None:
                k, choice = words.get("round"), words.get("choice")
                if not isinstance(k, int) or not isinstance(choice, int):
                    return False
                problem = ""
                try:
                    room.commit(pupil, k, choice)
                except InvalidInput as e:
                    problem = str(e).partition(": ")[2]
                self._sent[phone] = html = self._html(phone)
                await _say(phone, html=html, heard=k, problem=problem)
            elif str(words.get("code", "")).upper() != room.code:
                await _say(phone, html=sheets.door(), problem="There is no room with this code.")
                return True
            else:
                pupil = self._pupils[phone] = room.join(str(words.get("token", "")))
                self._sent[phone] = html = self._html(phone)
                await _say(phone, html=html, token=pupil.token)
        except InvalidInput as e:
            await _say(phone, problem=str(e))
        self._changed()
        return False

    async def _board(self, board: WebSocket) -> None:
        await board.accept()
        self._boards.add(board)
        try:
            if self.room:
                await self._show([board])
            while True:
                words = _words(await board.receive_text())
                async with self._turn:
                    try:
                        await self._told(words)
                    except InvalidInput as e:
                        await _say(board, problem=str(e))
        except WebSocketDisconnect:
            pass
        finally:
            self._boards.discard(board)
            self._sent.pop(board, None)

    async def _told(self, words: dict[str, Any]) -> None:
        """Do what the teacher says."""
        do = words.get("do")
        if do == "start" and self.room is None:
            await self.start([str(x) for x in words.get("lessons", [])])
        elif do == RESIDENT and self.room is None:
            await self.start([RESIDENT])
        elif do == "end":
            await self.end()
        elif do == "next" and self.room is not None:
            await asyncio.to_thread(self.room.advance)
            self._run()
            await self._show([*self._boards, *self._pupils])
            self._changed()


def planned(names: Sequence[str]) -> Activity:
    """Return what a class does with lessons, or as residents of a town.

    Raises:
        InvalidInput: where there is none, or one is unknown.
    """
    known = lessons()
    if list(names) == [RESIDENT]:
        # Mesa, and tables with it: not before a server answers.
        from trustabm.classroom.resident import Residents

        Residents.warm_up()
        return Residents.of()
    if not names:
        raise InvalidInput("lessons: expected at least one, got none")
    for name in names:
        if name not in known:
            raise InvalidInput(f"lessons: no {name!r}; {nearest(name, known)}")
    return Predictions([question(known[name]) for name in names])


def here_alone(app: Any) -> Any:
    """Return an ASGI app that answers this machine alone, wherever the server listens."""

    async def guard(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] in ("http", "websocket"):
            came_from = ip_address((scope.get("client") or ("0.0.0.0", 0))[0])
            came_from = getattr(came_from, "ipv4_mapped", None) or came_from
            if not came_from.is_loopback:
                if scope["type"] == "websocket":
                    await receive()
                    await send({"type": "websocket.close", "code": 1008})
                else:
                    said = "A class is led from the machine that serves it: trustabm class."
                    await PlainTextResponse(said, 403)(scope, receive, send)
                return
        await app(scope, receive, send)

    return guard


def local_address() -> str:
    """Return this machine's address on its network; that of the machine itself without one."""
    for address in ELSEWHERE:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s, suppress(OSError):
            s.connect((address, 9))
            found = str(s.getsockname()[0])
            if not ip_address(found).is_loopback:
                return found
    return "127.0.0.1"


async def _say(to: WebSocket, **words: Any) -> None:
    with suppress(RuntimeError, WebSocketDisconnect):  # gone meanwhile
        await to.send_text(json.dumps({k: v for k, v in words.items() if v != ""}))


def _words(text: str) -> dict[str, Any]:
    with suppress(ValueError, RecursionError):
        found = json.loads(text)
        if isinstance(found, dict):
            return found
    return {}
