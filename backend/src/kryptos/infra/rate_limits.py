"""Token buckets in the memory of one process: a limit holds per web process and starts anew with it.

The algorithm is GCRA: one number per caller, the instant at which its bucket will be full again.
"""

import math
from collections import OrderedDict
from collections.abc import Callable

import msgspec

from kryptos.kernel.errors import Kind, KryptosError


class RateLimitExceeded(KryptosError):
    """The caller's bucket is empty."""

    code = "RATE_LIMIT_EXCEEDED"
    kind = Kind.RATE_LIMITED
    default_message = "Too many requests. Wait as long as Retry-After says, then go on."


class Limit(msgspec.Struct, frozen=True):
    """So many calls per period, all at once if need be; the bucket refills evenly."""

    name: str
    calls: int
    period_seconds: int


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """State of a bucket after a call."""

    is_allowed: bool
    limit: int
    remaining: int
    reset_seconds: int
    """Until the bucket is full again."""
    retry_after_seconds: int
    """Until one more call is allowed; 0 when one is now."""


class RateLimiter:
    """Buckets by limit and key; the least recently used are forgotten beyond ``capacity``."""

    def __init__(self, *, monotonic: Callable[[], float], factor: int = 1, capacity: int = 100_000) -> None:
        self._monotonic = monotonic
        self._factor = factor
        self._capacity = capacity
        self._full_at: OrderedDict[tuple[str, str], float] = OrderedDict()

    def take(self, limit: Limit, key: str) -> Verdict:
        """Count a call, if it is allowed."""
        now = self._monotonic()
        bucket = (limit.name, key)
        calls, interval = self._rate(limit)
        full_at = max(self._full_at.get(bucket, now), now)
        wait_seconds = full_at + interval - now - limit.period_seconds
        is_allowed = wait_seconds <= interval / 1000
        if is_allowed:
            full_at += interval
            self._full_at[bucket] = full_at
            self._full_at.move_to_end(bucket)
            if len(self._full_at) > self._capacity:
                self._full_at.popitem(last=False)
        return Verdict(
            is_allowed=is_allowed,
            limit=calls,
            remaining=max(0, int((limit.period_seconds - (full_at - now)) / interval + 1 / 1000)),
            reset_seconds=math.ceil(full_at - now),
            retry_after_seconds=0 if is_allowed else max(1, math.ceil(wait_seconds)),
        )

    def wait_seconds(self, limit: Limit, key: str) -> int:
        """Return how long until a call is allowed, 0 when one is now; counts nothing."""
        full_at = self._full_at.get((limit.name, key))
        if full_at is None:
            return 0
        _, interval = self._rate(limit)
        wait_seconds = full_at + interval - self._monotonic() - limit.period_seconds
        return 0 if wait_seconds <= interval / 1000 else max(1, math.ceil(wait_seconds))

    def _rate(self, limit: Limit) -> tuple[int, float]:
        calls = limit.calls * self._factor
        return calls, limit.period_seconds / calls
