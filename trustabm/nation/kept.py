"""Maps that are kept: folders that `trustabm map` wrote, and those that come with the package."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from trustabm.errors import InvalidInput
from trustabm.nation.areas import Area, area
from trustabm.nation.each import Each

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Kept", "is_map", "kept_map", "shipped"]

TABLES = ("counties.csv", "counties.csv.gz")
COLUMNS = ("fips", "county", "outcome", "percent", "low", "high", "verdict")


class Kept(NamedTuple):
    """What a change does in every county of an area.

    Args:
        each: What was asked.
        area: Of which counties.
        effects: As `trustabm.nation.effects.effects` gives them.
    """

    each: Each
    area: Area
    effects: pd.DataFrame

    @property
    def title(self) -> str:
        """What it is of, in a few words."""
        e = self.each.experiment(self.area.largest)
        return f"{list(e.titles.values())[1]}, {self.area.title}, from {e.start:%B %Y}"


def is_map(files: set[str]) -> bool:
    """Return whether a folder with files of these names may hold a map."""
    return "provenance.json" in files and not files.isdisjoint(TABLES)


def shipped() -> dict[str, Path]:
    """Return the folders of the maps that come with the package, by name."""
    folder = Path(str(resources.files("trustabm"))) / "nation" / "maps"
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return {x.name: x for x in found if x.is_dir() and is_map({f.name for f in x.iterdir()})}


@lru_cache(maxsize=4)
def kept_map(folder: Path) -> Kept:
    """Read a map.

    Raises:
        InvalidInput: where the folder holds none.
    """
    import pandas as pd

    table = next(
        (folder / name for name in TABLES if (folder / name).is_file()), folder / TABLES[0]
    )
    try:
        said = json.loads((folder / "provenance.json").read_text("utf-8"))
        each, where = said["map"], said["area"]
        effects = pd.read_csv(table, dtype={"fips": str})
    except (OSError, ValueError, KeyError, TypeError) as e:
        raise InvalidInput(f"{folder.name}: no map is to be read there ({type(e).__name__})") from e
    if missing := [name for name in COLUMNS if name not in effects]:
        raise InvalidInput(f"{folder.name}: {table.name} has no column {missing[0]!r}")
    return Kept(Each.make(each, "map"), area(None if where == "US" else where), effects)
