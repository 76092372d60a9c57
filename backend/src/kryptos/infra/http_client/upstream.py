"""Upstream: one server that we ask, and how much may be asked of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """A server by its base URL. Its ``name`` is for people and for its own budget and circuit: one each per name.

    URL and headers may hold keys and are never shown: errors and ``repr`` say name and ``host``.
    """

    name: str
    base_url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    requests_per_window: int = 20
    """Budget: that many requests may begin in any window; further ones wait for their turn."""
    window_seconds: int = 1
    timeout_seconds: int = 10
    """For the whole answer, from the first byte sent to the last one read."""
    answer_limit_bytes: int = 32_000_000
    """Largest answer that is read, after decompression."""
    attempts: int = 3
    """Times that one request is sent, at most; every request of an adapter only reads, so repeating is safe."""
    longest_wait_seconds: int = 5
    """A longer ``Retry-After`` is not slept but handed to the caller, who has better things to do."""
    failures_until_open: int = 5
    """Failed requests in a row after which the upstream is left alone for ``rest_seconds``."""
    rest_seconds: int = 30

    @property
    def host(self) -> str:
        """Host of the base URL: all of it that is shown to anybody."""
        try:
            return urlsplit(self.base_url).hostname or "?"
        except ValueError:
            return "?"

    @property
    def shown(self) -> str:
        """The upstream as errors name it."""
        return f"{self.name} ({self.host})"
