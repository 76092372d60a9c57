"""Content codings: whether a caller takes a reply compressed, and the compressing."""

import gzip
from functools import lru_cache


def accepts(header: str, coding: str) -> bool:
    """Say whether an Accept-Encoding header names a coding and does not refuse it (RFC 9110, section 12.5.3)."""
    for part in header.lower().split(","):
        name, _, parameter = part.replace(" ", "").partition(";")
        if name == coding:
            return parameter.rstrip("0.") != "q="
    return False


@lru_cache(maxsize=16)
def gzipped(body: bytes) -> bytes:
    """Return a body in the coding ``gzip``; kept, for what is asked for often seldom changes."""
    return gzip.compress(body, mtime=0)
