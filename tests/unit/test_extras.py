"""Without its extras the package runs and compares; what needs one says which, before any work."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

import pytest

from trustabm.errors import EXTRAS, NotInstalled, need

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
WITHOUT = Path(__file__).parents[1] / "without.py"


def test_extras_are_those_of_the_project_file():
    stated = PROJECT["project"]["optional-dependencies"]
    named = {
        extra: {re.split(r"[<>=\[]", n)[0].lower() for n in needed} - {"trustabm"}
        for extra, needed in stated.items()
    }
    brought = {
        extra: {m.lower().replace("_", "-").replace("sklearn", "scikit-learn") for m in modules}
        for extra, modules in EXTRAS.items()
    }
    assert named.pop("all") == set()
    assert named.pop("bench") == {"jax", "laser-generic", "starsim"}  # each missed by itself
    assert brought == named
    assert stated["all"] == [f"trustabm[{','.join(sorted(EXTRAS))}]"]


def test_without_extras_it_runs_and_compares_and_says_what_is_missing(tmp_path):
    hidden = [m for modules in EXTRAS.values() for m in modules]
    code = f"""
        import sys

        class Hidden:
            def find_spec(self, name, path=None, target=None):
                if name.partition(".")[0] in {hidden!r}:
                    raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

        sys.meta_path.insert(0, Hidden())
        exec(compile(open({str(WITHOUT)!r}, encoding="utf-8").read(), "without.py", "exec"))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == ["app", "dask", "fit", "score", "study"]


@pytest.mark.parametrize("extra", EXTRAS)
def test_one_missing_package_names_its_extra(extra, monkeypatch):
    need(extra, "this")
    monkeypatch.setitem(sys.modules, EXTRAS[extra][-1], None)
    with pytest.raises(NotInstalled, match=rf'^this: .* pip install "trustabm\[{extra}\]"'):
        need(extra, "this")
