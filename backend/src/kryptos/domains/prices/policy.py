"""How near is near enough, and how long prices are wanted."""

from datetime import datetime, timedelta

NEAR = timedelta(hours=1)
"""A stored price counts for every instant within an hour."""

DAY = timedelta(days=1)
DAY_BEFORE_DRIFT = timedelta(minutes=30)
"""When the price of a day before is this far from being just that, it is looked up anew; beyond ``NEAR`` it is gone."""

WANTED_FOR = timedelta(days=30)
"""A token that nothing has mentioned for so long is no longer kept priced."""
WATCH_REST = timedelta(hours=1)
"""A mention is written down at most this often: it is one write for every read of holdings otherwise."""


def minute_of(at: datetime) -> datetime:
    """Return the minute under which a past price is stored: each source has at most one price a minute."""
    return at.replace(second=0, microsecond=0)


def is_day_before(before: datetime, at: datetime) -> bool:
    """Say whether an instant is a day before another, give or take an hour."""
    return abs(before - (at - DAY)) <= NEAR
