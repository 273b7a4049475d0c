"""The app starts with little: what takes long to load comes after its first answer."""

from __future__ import annotations

import json
import socket
import subprocess
import sys

import pytest
from trustabm_app.server import guard
from trustabm_app.server.launch import address, listening

from trustabm.errors import InvalidInput

HEAVY = {"duckdb", "matplotlib", "mesa", "pandas", "pyarrow", "sklearn", "typst"}


def loaded(code):
    code = f"{code}; import json, sys; print(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_what_is_heavy_loads_after_the_first_answer():
    start = "from trustabm_app.server.launch import configure; configure(); "
    modules = loaded(start + "import solara.server.app as app; app.ensure_apps_initialized()")
    assert "trustabm_app.server.app" in modules
    assert not modules & (HEAVY | {"numba"})


def test_what_is_watched_needs_no_tables_and_no_figures():
    names = ("town.town", "town.compare", "guide.lessons", "study.studies", "guide.about")
    pages = [f"trustabm_app.{name}" for name in names]
    assert not loaded("import " + ", ".join(pages)) & HEAVY


def test_only_a_page_without_npm_may_load_from_the_cdn():
    assert guard.CDN not in guard.policy(offline=True)
    assert guard.CDN in guard.policy(offline=False)


@pytest.mark.parametrize(
    ("host", "port", "said"),
    [
        ("127.0.0.1", 99_999, "port: expected a whole number from 0 to 65535, got 99999"),
        ("127.0.0.1", -1, "port: expected a whole number from 0 to 65535, got -1"),
        ("", 0, "host: expected an address"),
        ("no such host", 0, "host: expected a name or address of this machine, got 'no such host'"),
        ("\0", 0, "host: expected a name"),
        ("a" * 400, 0, "host: expected a name"),
        ("192.0.2.1", 0, "192.0.2.1, port 0: cannot be listened on"),  # an address of nobody
    ],
)
def test_where_nobody_can_listen_is_said(host, port, said):
    with pytest.raises(InvalidInput, match=said):
        listening(host, port)


def test_a_port_in_use_is_said_and_any_free_one_is_found():
    (one,) = listening("127.0.0.1", 0)
    with one:
        port = one.getsockname()[1]
        assert port > 0
        with pytest.raises(InvalidInput, match=f"port {port}: .* address already in use"):
            listening("127.0.0.1", port)


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::1", "http://[::1]:80"),
        ("::", "http://[::1]:80"),
        ("me.example", "http://me.example:80"),
    ],
)
def test_the_address_said_opens_in_a_browser(host, said):
    assert address(host, 80) == said


def test_a_name_with_several_addresses_is_listened_on_at_all_of_them(monkeypatch):
    places = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"127.0.0.{k}", 0)) for k in (1, 2)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: [*places, *places])
    found = listening("both", 0)
    names = [s.getsockname() for s in found]
    for s in found:
        s.close()
    assert [host for host, _ in names] == ["127.0.0.1", "127.0.0.2"]
    assert names[0][1] == names[1][1]
