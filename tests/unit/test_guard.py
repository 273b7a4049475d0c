"""Who is answered: this host's own pages, and so many at a time; everybody else gets a sentence."""

from __future__ import annotations

import asyncio

import pytest
from serving import ran
from trustabm_app.server import guard


def asked(path="/", *, kind="http", query=b"", method="GET", tabs=0, host="127.0.0.1", **headers):
    """Return status and text of an answer."""
    told = []

    async def app(scope, receive, send):
        start = "http.response.start" if kind == "http" else "websocket.accept"
        await send({"type": start, "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"served"})

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        told.append(message)

    served = guard.guarded(
        app, "127.0.0.1", cdn=None, pages={"", "compare"}, open_tabs=lambda: tabs
    )
    found = [(k.encode(), v.encode("latin-1")) for k, v in ({"host": host} | headers).items()]
    scope = {"type": kind, "path": path, "query_string": query, "headers": found}
    scope |= {"method": method, "extensions": {"websocket.http.response": {}}}
    ran(served(scope, receive, send))
    return told[0]["status"], told[1]["body"].decode()


@pytest.mark.parametrize("host", ["[::1", "[", "]", "127.0.0.1:abc", "127.0.0.1:99999999", "[x]"])
def test_a_host_that_cannot_be_read_is_refused_with_a_sentence(host):
    assert asked(host=host) == (400, "This host or origin cannot be read.")
    assert asked(kind="websocket", host=host)[0] == 400


@pytest.mark.parametrize("origin", ["http://[", "http://[::1"])
def test_an_origin_that_cannot_be_read_is_refused_with_a_sentence(origin):
    assert asked(origin=origin) == (400, "This host or origin cannot be read.")


@pytest.mark.parametrize("headers", [{"host": "evil"}, {"host": ""}, {"origin": "null"}])
def test_others_are_refused(headers):
    assert asked(**headers) == (403, "This host or origin is not served.")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8765", "LOCALHOST", "[::1]:1"])
def test_this_machine_is_served(host):
    assert asked(host=host) == (200, "served")


@pytest.mark.parametrize("path", ["/nonsense", "/../etc/passwd", "/\0", "/docs", "*"])
def test_a_page_that_is_not_there_says_so(path):
    status, text = asked(path)
    assert status == 404
    assert "There is no such page" in text


def test_a_session_without_a_name_is_no_fault_of_the_server():
    path = "/_solara/api/close/x"
    assert asked(path, method="POST") == (400, "Expected a session_id, got none.")
    assert asked(path, method="POST", query=b"session_id=1") == (200, "served")
    assert asked("/jupyter/api/kernels/x/channels", kind="websocket")[0] == 400


@pytest.mark.parametrize("query", [b"residents=500&seed=1", b"town=x", b"a.outreach@4=1", b"b="])
def test_an_old_link_of_the_town_leads_there(query):
    assert asked("/", query=query) == (307, "")
    assert asked("/", query=b"place=travis-tx&change=outreach&from=2027-01") == (200, "served")
    assert asked("/compare", query=query) == (200, "served")


def test_who_comes_when_all_places_are_taken_reads_so():
    most = guard.VISITORS_MAX
    assert asked(tabs=most - 1) == (200, "served")
    for path in ("/", "/compare", "/compare/"):
        status, text = asked(path, tabs=most)
        assert status == 503
        assert f"up to {most} windows at a time, and all are taken" in text
        assert 'http-equiv="refresh"' in text
    # A page that was given a moment before may still begin; what pages load is not counted.
    assert asked("/static/main.js", tabs=most) == (200, "served")
    assert asked("/s", kind="websocket", tabs=most)[0] == 200
    assert asked("/s", kind="websocket", tabs=most + guard.SPARE) == (503, guard.FULL)


def test_open_websockets_are_counted_until_they_close():
    async def run():
        over = asyncio.Event()

        async def app(scope, receive, send):
            if scope["type"] == "websocket":
                await over.wait()
            else:
                await send({"type": "http.response.start", "status": 200, "headers": []})

        served = guard.guarded(app, "127.0.0.1", cdn=None, pages={""})
        scope = {"path": "/", "query_string": b"", "headers": [(b"host", b"localhost")]}

        async def status():
            told = []

            async def send(message):
                told.append(message)

            await served(scope | {"type": "http", "method": "GET"}, None, send)
            return told[0]["status"]

        many = range(guard.VISITORS_MAX)
        open_ = [
            asyncio.create_task(served(scope | {"type": "websocket"}, None, None)) for _ in many
        ]
        await asyncio.sleep(0)
        full = await status()
        over.set()
        await asyncio.gather(*open_)
        return full, await status()

    assert ran(run()) == (503, 200)
