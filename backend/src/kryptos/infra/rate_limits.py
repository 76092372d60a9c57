"""Token buckets in the memory of one process: a limit holds per web process and starts anew with it.

The algorithm is GCRA: one number per caller, the instant at which its bucket will be full again.
"""

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from kryptos.kernel.errors import Kind, KryptosError


class RateLimitExceeded(KryptosError):
    """The caller's bucket is empty."""

    code = "RATE_LIMIT_EXCEEDED"
    kind = Kind.RATE_LIMITED
    default_message = "Too many requests. Wait as long as Retry-After says, then go on."


@dataclass(frozen=True, slots=True)
class Limit:
    """So many calls per period, all at once if need be; the bucket refills evenly."""

    name: str
    calls: int
    period_seconds: int


@dataclass(frozen=True, slots=True)
class Verdict:
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
        """Count a call."""
        return self._judge(limit, key, cost=1)

    def peek(self, limit: Limit, key: str) -> Verdict:
        """Say whether a call would be allowed, without counting one."""
        return self._judge(limit, key, cost=0)

    def _judge(self, limit: Limit, key: str, *, cost: int) -> Verdict:
        now = self._monotonic()
        calls = limit.calls * self._factor
        interval = limit.period_seconds / calls
        bucket = (limit.name, key)
        full_at = max(self._full_at.get(bucket, now), now)
        is_allowed = full_at + interval - now <= limit.period_seconds + interval / 1000
        if is_allowed and cost:
            full_at += interval
            self._full_at[bucket] = full_at
            self._full_at.move_to_end(bucket)
            if len(self._full_at) > self._capacity:
                self._full_at.popitem(last=False)
        wait = full_at + interval - now - limit.period_seconds
        return Verdict(
            is_allowed=is_allowed,
            limit=calls,
            remaining=max(0, int((limit.period_seconds - (full_at - now)) / interval + 1 / 1000)),
            reset_seconds=math.ceil(full_at - now),
            retry_after_seconds=0 if is_allowed else max(1, math.ceil(wait)),
        )
