"""Audit the lock file and what is installed from it: origins, hashes, licences.

uv run python tests/audit.py

Every package of `uv.lock` comes from PyPI by a hash for each file, or is this project. Every
installed distribution states a licence of the list below; another one needs a line with a reason.
No network is asked; what is known to be vulnerable cannot be told without.
"""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

LOCK = Path(__file__).parents[1] / "uv.lock"
PYPI = "https://pypi.org/simple"
HASH = re.compile(r"sha256:[0-9a-f]{64}")

ALLOWED = {
    "0bsd", "apache", "apache software license", "apache-2.0", "apache 2.0",
    "apache-2.0 with llvm-exception", "bsd", "bsd license", "bsd 3-clause", "bsd-2-clause",
    "bsd-3-clause", "cc0-1.0", "isc", "isc license (iscl)", "mit", "mit license", "mit-0",
    "mit-cmu", "mozilla public license 2.0 (mpl 2.0)", "mpl-2.0", "psf-2.0",
    "python software foundation license", "the unlicense (unlicense)", "unlicense", "zlib",
}  # fmt: skip
"""Licences that ask for no more than a notice, or for the source of their own files (MPL)."""

REASONS = {
    "platypus-opt": "GPL: of ema-workbench, in the extra `explore` alone; we import none of it",
    "moocore": "LGPL: of pymoo, in the extra `search` alone; we import none of it",
    "graphemeu": "MIT, in its file LICENSE alone; of pymoo",
    "laser-generic": "MIT, in its file LICENSE alone; in the extra `bench`",
    "mplcursors": "zlib, in its file LICENSE.txt alone; of laser-generic",
}
"""What is installed in spite of its licence, and why that is no matter."""


def wrong_in_lock(lock: dict[str, Any]) -> list[str]:
    """Return what of a lock file does not come from PyPI by its hash."""
    found = []
    for package in lock["package"]:
        name, source = package["name"], package.get("source", {})
        if source == {"editable": "."}:
            continue
        if source != {"registry": PYPI}:
            found.append(f"{name}: expected it from {PYPI}, got {source}")
        files = [*package.get("wheels", []), *filter(None, [package.get("sdist")])]
        if not files:
            found.append(f"{name}: expected files, got none")
        for file in files:
            if not HASH.fullmatch(file.get("hash", "")):
                found.append(f"{name}: expected a SHA-256 of {file.get('url')}, got none")
            if not file.get("url", "").startswith("https://files.pythonhosted.org/"):
                found.append(f"{name}: expected a file of PyPI, got {file.get('url')}")
    return found


def licences(distribution: Distribution) -> set[str]:
    """Return the licences that a distribution states, in lower case; none where it states none."""
    stated = distribution.metadata
    named = stated.get("License-Expression")
    if named is None:
        classes = [c for c in stated.get_all("Classifier") or [] if c.startswith("License :: ")]
        words = {c.split(" :: ")[-1] for c in classes} - {"OSI Approved"}
        if words:
            return {w.lower() for w in words}
        named = (stated.get("License") or "").strip().partition("\n")[0]
    return {
        w.strip(" ()").lower() for w in re.split(r"\s+(?:AND|OR|and|or)\s+", named) if w.strip()
    }


def wrong_licences(installed: list[Distribution]) -> list[str]:
    """Return what is installed under a licence that is not on the list, without a reason."""
    found = []
    for each in installed:
        name = re.sub(r"[-_.]+", "-", each.metadata["Name"]).lower()
        own = licences(each)
        if name not in REASONS and not (own and own <= ALLOWED):
            said = ", ".join(sorted(own)) or "none"
            found.append(f"{name}: expected a licence of the list, got {said}")
    return found


def main() -> None:
    """Print what is wrong, and leave with 1 if anything is."""
    lock = tomllib.loads(LOCK.read_text("utf-8"))
    installed = list(distributions())
    found = [*wrong_in_lock(lock), *wrong_licences(installed)]
    for line in found:
        print(line, file=sys.stderr)
    files = sum(len(p.get("wheels", [])) + ("sdist" in p) for p in lock["package"])
    print(f"{len(lock['package'])} packages, {files} files by hash, {len(installed)} licences read")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
