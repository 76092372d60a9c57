"""Retry-After: how long a server asks to be left alone (RFC 9110, section 10.2.3)."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_LONGEST_SECONDS = 86_400
"""Whoever asks for more gets a day: a slip of theirs must not silence a source for years."""


def seconds_to_wait(header: str | None, *, now: datetime) -> int | None:
    """Return whole seconds, rounded up; None for a header that is missing or says nothing."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), _LONGEST_SECONDS)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    if until.tzinfo is None:  # "-0000": the date is in UTC, of unknown zone (RFC 5322, section 3.3)
        until = until.replace(tzinfo=UTC)
    left = (until - now).total_seconds()
    return min(max(0, -int(-left // 1)), _LONGEST_SECONDS)
