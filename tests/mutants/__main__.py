"""Put faults into the rules, the week and what is made of it, and count how many the tests notice.

    uv run python tests/mutants                     the sample, what is not known yet; its score
    uv run python tests/mutants --seconds 600       no longer than that: the next run goes on
    uv run python tests/mutants --only week/custody every mutant of a file, or of a function
    uv run python tests/mutants --survivors         what no test notices, one a line

Faults are put into a forked process's memory, never into a file. Nothing is compiled, so that a
fault costs no compiling.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

os.environ["TRUSTABM_UNCOMPILED"] = "1"
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from mutants import results, sites  # noqa: E402
from mutants.running import Outcome, trial  # noqa: E402


def main() -> None:
    """Try out what is not known yet, and say the score."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sample", type=int, default=400, help="mutants in all")
    parser.add_argument("--seed", type=int, default=12, help="of the sample")
    parser.add_argument("--only", default="", help="all mutants whose name holds this")
    parser.add_argument("--seconds", type=float, default=3600.0, help="stop after so long")
    parser.add_argument("--jobs", type=int, default=2, help="mutants at a time")
    parser.add_argument("--tests", nargs="+", default=results.TESTS, help="files or folders")
    parser.add_argument("--book", type=Path, default=results.BOOK, help="where it is kept")
    parser.add_argument("--anew", action="store_true", help="try out what is known too")
    parser.add_argument("--survivors", action="store_true", help="list them, try nothing")
    asked = parser.parse_args()
    began = time.monotonic()
    if asked.only:
        wanted = [m for f in sites.files() for m in sites.mutants(f) if asked.only in m.name]
    else:
        wanted = sites.sample(asked.sample, asked.seed)
    book = results.Book(asked.book, asked.tests)
    new = wanted if asked.anew else [m for m in wanted if not book.knows(m)]
    if new and not asked.survivors:
        tried = 0

        def told(mutant: sites.Mutant, outcome: Outcome) -> None:
            nonlocal tried
            tried += 1
            book.write(mutant, outcome)
            if outcome.by is None:
                print(f"[{tried}/{len(new)}] survives: {mutant.name}", flush=True)
            elif tried % 25 == 0:
                print(f"[{tried}/{len(new)}] {time.monotonic() - began:.0f} s", flush=True)

        print(f"{len(new)} of {len(wanted)} mutants to try out", flush=True)
        until = began + asked.seconds
        of = trial(asked.tests, wanted=new, jobs=asked.jobs, until=until, told=told)
        for name, why in of.unused.items():
            print(f"not used: {name}: {why.splitlines()[-1]}")
    print(book.report(wanted))


if __name__ == "__main__":
    main()
