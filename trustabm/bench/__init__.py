"""The benchmark: how fast, against what, where the time goes and how far from the limit.

Comes in last and is imported by nothing but the command line. Other tools are imported only where
they are measured.
"""

from trustabm.bench.table import TARGETS, Target, bench

__all__ = ["TARGETS", "Target", "bench"]
