"""Make the records that the reproducibility promise is tested with.

    uv run python experiments/reproduce.py results/reproduce

A small run of two towns and a small comparison of three arms over draws of the posterior, saved,
and of each its `provenance.json` alone: `trustabm reproduce` makes them again and compares bits.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

import trustabm as ta

RUN = {
    "town": "mecklenburg-nc+union-nc",
    "policy": "today",
    "start": "2024-06-01",
    "weeks": 60,
    "residents": 1000,
    "seed": 11,
}


def main() -> None:
    """Write both records."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("out", type=Path)
    out: Path = asked.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    place = ta.town("harris-tx").model_copy(update={"title": "A county of one's own"})
    results = {
        "run": ta.run(RUN),
        "compare": ta.compare(
            {
                "none": "none",
                "history": "us-history",
                "mine": ta.Policy(firewall=1.0, publicity=1.5),
            },
            town=place,
            replicates=12,
            weeks=26,
            burn_in=13,
            residents=400,
            seed=5,
            workers=1,
        ),
    }
    for name, result in results.items():
        with tempfile.TemporaryDirectory() as folder:
            result.save(Path(folder, "saved"))
            shutil.copy(Path(folder, "saved", "provenance.json"), out / f"{name}.json")


if __name__ == "__main__":
    main()
