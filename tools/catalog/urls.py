"""Which addresses of public nodes are taken: https, without keys, first those that several sources name."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

MOST_RPC_URLS = 5

# A long run of letters and digits in a path is a key that somebody left there; `demo` is one that runs dry.
_KEY = re.compile(r"[A-Za-z0-9_-]{24,}|demo|api[-_]?key", re.IGNORECASE)


def is_public(url: str) -> bool:
    """Say whether an address is https, names a real host, and needs nothing filled in."""
    parts = urlsplit(url)
    is_real = "." in (parts.hostname or "") and parts.username is None
    return parts.scheme == "https" and is_real and not parts.query and "{" not in url


def pick_rpc_urls(defaults: Sequence[str], *lists: Sequence[str]) -> tuple[str, ...]:
    """Return the few to use, from a library's defaults and from lists: what more of them name comes first.

    In a list, a long sign in a path is somebody's key. In the defaults it is the name of a network.
    """
    named: dict[str, int] = {}
    for place, urls in enumerate((defaults, *lists)):
        for url in dict.fromkeys(each.rstrip("/") for each in urls):
            if is_public(url) and (place == 0 or not _KEY.search(urlsplit(url).path)):
                named[url] = named.get(url, 0) + 1
    order = sorted(named, key=lambda url: -named[url])  # stable: else as the lists have them
    return tuple(order[:MOST_RPC_URLS])


def clean_url(url: str | None) -> str | None:
    """Return an explorer's address without its last slash; None for what is not public."""
    return url.rstrip("/") if url and is_public(url) else None
