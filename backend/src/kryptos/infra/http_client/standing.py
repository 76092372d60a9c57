"""Where we stand with one upstream: its budget, its circuit, and how long it asked to be left alone."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kryptos.infra.http_client.errors import CouldNotLook
from kryptos.infra.http_client.upstream import Upstream


@dataclass(slots=True)
class Standing:
    """Changes with every request. The circuit is *open* until ``open_until``, then lets one probe through."""

    upstream: Upstream
    failures: int = 0
    open_until: datetime | None = None
    is_probing: bool = False
    silent_until: datetime | None = None
    begun: deque[datetime] = field(default_factory=deque)

    def admit(self, now: datetime) -> None:
        """Let a request through, or raise ``CouldNotLook`` without asking anybody."""
        if self.silent_until is not None and now < self.silent_until:
            raise CouldNotLook(
                f"{self.upstream.shown} asked to be left alone for now.",
                retry_after_seconds=_seconds_until(self.silent_until, now),
            )
        if self.open_until is None:
            return
        if now < self.open_until or self.is_probing:
            raise CouldNotLook(
                f"{self.upstream.shown} failed {self.failures} times in a row and is left alone for now.",
                retry_after_seconds=_seconds_until(max(self.open_until, now + timedelta(seconds=1)), now),
            )
        self.is_probing = True

    def succeeded(self) -> None:
        """Close the circuit: the upstream answers."""
        self.failures, self.open_until, self.is_probing = 0, None, False

    def failed(self, now: datetime) -> None:
        """Count a request that failed for good; open the circuit when there were too many, or when the probe failed."""
        self.failures += 1
        if self.is_probing or self.failures >= self.upstream.failures_until_open:
            self.open_until = now + timedelta(seconds=self.upstream.rest_seconds)
        self.is_probing = False

    def abandoned(self) -> None:
        """Forget a probe that nobody waited for: it says nothing about the upstream."""
        self.is_probing = False

    def silence(self, seconds: int, now: datetime) -> None:
        """Note that the upstream asked to be left alone."""
        self.silent_until = now + timedelta(seconds=seconds)

    def book(self, now: datetime) -> timedelta:
        """Take the next place in the budget and return how long to wait for it; places are given in order."""
        window = timedelta(seconds=self.upstream.window_seconds)
        while self.begun and self.begun[0] + window <= now:
            self.begun.popleft()
        place = now
        if len(self.begun) >= self.upstream.requests_per_window:
            place = max(now, self.begun[-self.upstream.requests_per_window] + window)
        self.begun.append(place)
        return place - now


def _seconds_until(end: datetime, now: datetime) -> int:
    return max(1, -int(-(end - now).total_seconds() // 1))
