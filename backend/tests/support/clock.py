"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta


class ManualClock:
    """Says the time that it was told; begins in the past, so that a real worker finds due what a test made due."""

    def __init__(self, now: datetime = datetime(2020, 1, 1, 12, 0, tzinfo=UTC)) -> None:
        self._now = now

    def now(self) -> datetime:
        """Return the present instant."""
        return self._now

    def advance(self, **spans: float) -> None:
        """Let time pass: ``advance(minutes=10)``."""
        self._now += timedelta(**spans)
