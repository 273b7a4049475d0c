"""The audit of the lock finds what it is there to find."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from email.message import Message
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SPEC = importlib.util.spec_from_file_location("audit", ROOT / "tests" / "audit.py")
assert SPEC is not None
assert SPEC.loader is not None
audit = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(audit)

GOOD: dict[str, Any] = {
    "name": "good",
    "source": {"registry": "https://pypi.org/simple"},
    "sdist": {
        "url": "https://files.pythonhosted.org/packages/good.tar.gz",
        "hash": "sha256:" + "0" * 64,
    },
}


def test_what_is_as_it_must_be_passes():
    assert (
        audit.wrong_in_lock({"package": [GOOD, {"name": "us", "source": {"editable": "."}}]}) == []
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"source": {"git": "https://example.org/x"}}, "expected it from"),
        ({"source": {"registry": "https://example.org/simple"}}, "expected it from"),
        ({"sdist": {"url": GOOD["sdist"]["url"]}}, "expected a SHA-256"),
        ({"sdist": GOOD["sdist"] | {"hash": "md5:0"}}, "expected a SHA-256"),
        ({"sdist": GOOD["sdist"] | {"url": "https://example.org/a"}}, "expected a file of PyPI"),
        ({"sdist": None}, "expected files, got none"),
    ],
)
def test_another_origin_or_no_hash_is_found(change, said):
    (found,) = audit.wrong_in_lock({"package": [GOOD | change]})
    assert said in found


class Stated(Distribution):
    """A distribution that states these things."""

    def __init__(self, **stated: str) -> None:
        self.message = Message()
        for name, value in {"Name": "Some_Thing", **stated}.items():
            self.message[name.replace("_", "-")] = value

    @property
    def metadata(self) -> Any:
        """What it states."""
        return self.message

    def read_text(self, filename: str) -> None:
        """Nothing."""
        return None

    def locate_file(self, path: Any) -> Any:
        """Nothing more."""
        return path


@pytest.mark.parametrize(
    "stated",
    [
        {"License_Expression": "MIT AND (BSD-3-Clause OR Apache-2.0)"},
        {"Classifier": "License :: OSI Approved :: MIT License"},
        {"License": "BSD-3-Clause"},
        {"Name": "Platypus_Opt", "License": "GNU GENERAL PUBLIC LICENSE"},
    ],
)
def test_a_licence_of_the_list_passes(stated):
    assert audit.wrong_licences([Stated(**stated)]) == []


@pytest.mark.parametrize(
    "stated",
    [
        {"License_Expression": "GPL-3.0-only"},
        {"License_Expression": "MIT AND AGPL-3.0"},
        {"Classifier": "License :: Other/Proprietary License"},
        {},
    ],
)
def test_another_licence_or_none_is_found(stated):
    (found,) = audit.wrong_licences([Stated(**stated)])
    assert found.startswith("some-thing: expected a licence of the list")


def test_every_dependency_has_an_upper_bound():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = [
        *project["project"]["dependencies"],
        *(d for extra in project["project"]["optional-dependencies"].values() for d in extra),
        *(d for group in project["dependency-groups"].values() for d in group),
        *project["build-system"]["requires"],
    ]
    ours = [d for d in asked if not d.startswith("trustabm[")]
    assert len(ours) > 30
    assert [d for d in ours if not re.search(r">=[\w.]+,<[\w.]+$", d)] == []


SYSTEMS = {
    "linux": r"linux.*_x86_64",
    "macos": r"macosx.*_(arm64|universal2)",
    "windows": "win_amd64",
}


def fits(wheel: str, minor: int, system: str) -> bool:
    """Return whether a wheel is for CPython 3.`minor` on a system, by its name."""
    python, abi, platform = wheel.removesuffix(".whl").split("-")[-3:]
    if platform != "any" and not re.search(SYSTEMS[system], platform):
        return False
    tags = python.split(".")
    old = any(int(t[3:]) <= minor for t in tags if t.startswith("cp3") and abi == "abi3")
    return bool({"py3", f"py3{minor}", f"cp3{minor}"} & set(tags)) or old


@pytest.mark.parametrize("minor", [12, 13, 14])
@pytest.mark.parametrize("system", SYSTEMS)
def test_every_locked_package_has_a_wheel_wherever_it_is_tested(minor, system):
    packages = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]
    wheels = {
        p["name"]: [w["url"].rpartition("/")[2] for w in p.get("wheels", [])] for p in packages
    }
    del wheels["trustabm"]
    assert len(wheels) > 100
    assert [n for n, w in wheels.items() if not any(fits(x, minor, system) for x in w)] == []
