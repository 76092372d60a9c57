"""The virtual clock: the world stands still at one instant, with two years of history behind it."""

from datetime import UTC, datetime, timedelta

WORLD_NOW = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)
"""The instant at which the world stands still: its newest block and its newest slot are of this moment."""
HISTORY_BEGINS = WORLD_NOW - timedelta(days=730)
"""Nothing happened before, and nothing had a price."""


def instant(text: str) -> datetime:
    """Return the instant of a text such as ``2025-03-01 14:20``, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def written(at: datetime) -> str:
    """Return an instant as stories write it."""
    return f"{at:%Y-%m-%d %H:%M:%S}"
