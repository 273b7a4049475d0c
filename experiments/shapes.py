"""Make the counties' shapes that ship, of the package us-atlas as npm has it.

    npm pack us-atlas@3.0.1
    uv run python experiments/shapes.py us-atlas-3.0.1.tgz

Keeps counties alone of its `counties-albers-10m.json`, in TopoJSON again, on a coarser grid: a
twentieth of its unit, of which the nation is 975 wide.
"""

from __future__ import annotations

import gzip
import json
import sys
import tarfile
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

OUT = Path(__file__).parents[1] / "trustabm" / "figures" / "shapes" / "counties.json.gz"
GRID = 0.05


def coarser(arc: list[list[int]], scale: list[float], translate: list[float]) -> list[list[int]]:
    """Return an arc on the grid, each point but the first as its step from the one before."""
    at = [
        [round((x * s + t) / GRID) for x, s, t in zip(p, scale, translate, strict=True)]
        for p in zip(*(accumulate(xs) for xs in zip(*arc, strict=True)), strict=True)
    ]
    kept = [at[0], *(b for a, b in pairwise(at) if a != b)]
    if len(kept) == 1:  # too small for the grid: it stays, as a point
        kept.append(at[-1])
    return [kept[0], *([b[0] - a[0], b[1] - a[1]] for a, b in pairwise(kept))]


def main(package: Path) -> None:
    """Write the file."""
    with tarfile.open(package) as files:
        file = files.extractfile("package/counties-albers-10m.json")
        assert file is not None
        whole: dict[str, Any] = json.load(file)
    how = whole["transform"]
    shapes = {
        "type": "Topology",
        "transform": {"scale": [GRID, GRID], "translate": [0, 0]},
        "objects": {
            "counties": {
                "type": "GeometryCollection",
                "geometries": [
                    {key: shape[key] for key in ("type", "id", "arcs")}
                    for shape in whole["objects"]["counties"]["geometries"]
                ],
            }
        },
        "arcs": [coarser(arc, how["scale"], how["translate"]) for arc in whole["arcs"]],
    }
    text = json.dumps(shapes, separators=(",", ":"))
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(
        f"{OUT.name}: {len(shapes['objects']['counties']['geometries'])} counties, "
        f"{OUT.stat().st_size:,} bytes"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
