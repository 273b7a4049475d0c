"""Fetch what the screen needs from npm and lay it where the app finds it: `vendor/`.

Run by the wheel's build (a hatch hook), or by hand in a checkout. Nothing of it is committed:
versions and hashes stand in `package-lock.json`. Without npm the app loads the same files from
the CDN instead.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand
    BuildHookInterface = object  # type: ignore[assignment,misc]

HERE = Path(__file__).parent
VENDOR = HERE / "trustabm_app" / "vendor"

# Package, folder under vendor/, files wanted. Solara asks for its two by `name@version` under cdn/.
WANTED = (
    (
        "@widgetti/solara-vuetify-app",
        "cdn/@widgetti/solara-vuetify-app@{version}",
        r"dist/(main8\.css|fonts\.css|(\d+\.)?solara-vuetify-app8\.min\.js(\.LICENSE\.txt)?"
        r"|[0-9a-f]{20}\.woff2)",
    ),
    ("requirejs", "cdn/requirejs@{version}", r"require\.js"),
    ("uplot", "uplot", r"(dist/uPlot\.iife\.min\.js|dist/uPlot\.min\.css)"),
)


def build(*, seconds: float | None = None) -> int:
    """Install from the lock file and copy; return how many files there are now.

    Args:
        seconds: How long npm may take, and then without a second try; as npm likes if not given.

    Raises:
        OSError: where there is no npm.
        subprocess.SubprocessError: where it fails or takes too long.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("npm is not installed")
    words = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    if seconds is not None:
        words += ["--fetch-retries=0", "--loglevel=error"]
    quiet = None if seconds is None else subprocess.PIPE
    subprocess.run(words, cwd=HERE, check=True, timeout=seconds, stdout=quiet, stderr=quiet)
    if VENDOR.exists():
        shutil.rmtree(VENDOR)
    modules = HERE / "node_modules"
    for package, folder, pattern in WANTED:
        root = modules / package
        version = json.loads((root / "package.json").read_text("utf-8"))["version"]
        for file in root.rglob("*"):
            name = file.relative_to(root).as_posix()
            if file.is_file() and re.fullmatch(pattern, name):
                to = VENDOR / folder.format(version=version) / name
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, to)
    _licences(modules)
    return sum(1 for f in VENDOR.rglob("*") if f.is_file())


def _licences(modules: Path) -> None:
    """Write the licence of every package whose code or fonts are in what was copied."""
    lock = json.loads((HERE / "package-lock.json").read_text("utf-8"))
    root = VENDOR / "licences"
    root.mkdir(parents=True, exist_ok=True)
    for place, entry in sorted(lock["packages"].items()):
        if not place or entry.get("dev"):
            continue
        name = place.removeprefix("node_modules/")
        texts = [f.read_text("utf-8", "replace") for f in (modules / name).glob("LICEN[CS]E*")]
        about = json.loads((HERE / place / "package.json").read_text("utf-8"))
        head = f"{about['name']} {about['version']}: {about.get('license', 'see its home page')}\n"
        head += f"{about.get('homepage', '')}\n\n"
        file = root / f"{name.replace('/', '__')}.txt"
        file.write_text(head + "\n".join(texts), encoding="utf-8")


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg,misc,valid-type]
    """Build the assets into a wheel; a checkout that is installed in place is left alone."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Run before the wheel's files are collected."""
        if version == "editable":
            return
        try:
            build()
        except (OSError, subprocess.SubprocessError) as e:
            self.app.display_warning(
                f"The app will load scripts from the CDN: npm could not be used ({e})."
            )


if __name__ == "__main__":
    try:
        print(f"{build()} files in {VENDOR.relative_to(HERE.parent)}")
    except (OSError, subprocess.SubprocessError) as e:
        sys.exit(f"build_assets: {e}")
