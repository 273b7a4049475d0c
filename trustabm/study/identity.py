"""What a run is: a digest of all that makes it, so that nothing is run twice and nothing is mixed.

A change of the code that computes, of a town's file or of any default is another run; a change of
the documentation or of the command line is not.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from trustabm.rules.compiling import digest
from trustabm.sealed import content

__all__ = ["code_digest", "content", "run_id"]

_COMPUTES = (
    "inputs/policy.py",
    "inputs/records.py",
    "inputs/timeline.py",
    "inputs/town.py",
    "outcomes/glossary.py",
    "outcomes/measures.py",
    "runs/replicates.py",
    "runs/scenario.py",
    "study/worker.py",
)
"""What computes beside compiled code and synthesis; values of parameters are part of a run."""


@cache
def code_digest() -> str:
    """Return a digest of the code that makes a run's counts."""
    root = Path(__file__).parent.parent
    seen = hashlib.blake2b(digest().encode(), digest_size=8)
    for name in _COMPUTES:
        seen.update(name.encode() + (root / name).read_bytes())
    return seen.hexdigest()


def run_id(base: str, town: str, arm: str, point: str, seed: int) -> str:
    """Return the id of a run.

    Args:
        base: Digest of the code and of what all runs share.
        town: Digest of the town.
        arm: Digest of the arm.
        point: Digest of what is varied and of its values.
        seed: The seed.
    """
    text = f"{base}{town}{arm}{point}{seed}"
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
