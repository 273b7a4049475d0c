"""Studies that come with the package, swept."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

__all__ = ["shipped"]


def shipped() -> dict[str, Path]:
    """Return the folders of the studies that come with the package, by name."""
    folder = Path(str(resources.files("trustabm"))) / "study" / "shipped"
    return {x.name: x for x in sorted(folder.iterdir()) if (x / "study.toml").is_file()}
