"""The app starts with little: what takes long to load comes after its first answer."""

from __future__ import annotations

import json
import subprocess
import sys

from trustabm_app import guard

HEAVY = {"duckdb", "matplotlib", "mesa", "pandas", "pyarrow", "sklearn", "typst"}


def loaded(code):
    code = f"{code}; import json, sys; print(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_what_is_heavy_loads_after_the_first_answer():
    start = (
        "from trustabm_app.launch import configure; configure(); import solara.server.app as app"
    )
    modules = loaded(start + "; app.ensure_apps_initialized()")
    assert "trustabm_app.app" in modules
    assert not modules & (HEAVY | {"numba"})


def test_what_is_watched_needs_no_tables_and_no_figures():
    names = ("town", "compare", "lessons", "studies", "about")
    pages = [f"trustabm_app.pages.{name}" for name in names]
    assert not loaded("import " + ", ".join(pages)) & HEAVY


def test_only_a_page_without_npm_may_load_from_the_cdn():
    assert guard.CDN not in guard.policy(offline=True)
    assert guard.CDN in guard.policy(offline=False)
