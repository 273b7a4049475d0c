"""Numbers that belong to a key, for what is drawn before there is a town with luck of its own."""

from __future__ import annotations

import hashlib

__all__ = ["uniform"]


def uniform(key: str) -> float:
    """Return a number from 0 to below 1 that is the key's own (BLAKE2b, RFC 7693)."""
    digest = hashlib.blake2b(key.encode(), digest_size=7).digest()
    return (int.from_bytes(digest, "big") >> 3) / 2**53
