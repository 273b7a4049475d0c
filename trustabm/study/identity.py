"""What a run is: a digest of all that makes it, so that nothing is run twice and nothing is mixed.

A change of any code that a worker imports, of numpy or numba, of a town's file or of any default is
another run; a change of comments, docstrings or the command line is not.
"""

from __future__ import annotations

import hashlib
from functools import cache

import numba
import numpy as np

from trustabm.inputs.source import imported, of_class
from trustabm.inputs.typical import TYPICAL
from trustabm.sealed import content

__all__ = ["code_digest", "content", "run_id"]


@cache
def code_digest(
    module: str = "trustabm.study.worker", classes: tuple[tuple[str, type], ...] = ()
) -> str:
    """Return a digest of the code that makes a run's counts.

    Args:
        module: What computes.
        classes: A user's own classes of residents, officers and ICE agents, each with its key.
    """
    own = [(key, kind.__module__, kind.__qualname__, of_class(kind)) for key, kind in classes]
    return content(imported(module), TYPICAL, np.__version__, numba.__version__, *own)


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
