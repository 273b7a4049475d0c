"""The benchmark: how fast, against what, where the time goes and how far from the limit.

Knows everything and is known to the command line alone. Other tools are imported only where they
are measured.
"""

from trustabm.bench.report import print_bench, save_bench
from trustabm.bench.table import (
    FULL,
    QUICK,
    TARGETS,
    Sizes,
    bench,
)

__all__ = ["FULL", "QUICK", "TARGETS", "Sizes", "bench", "print_bench", "save_bench"]
