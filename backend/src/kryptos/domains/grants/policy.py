"""How long access lasts (contract §1.4 and the ruling on times)."""

from datetime import datetime, timedelta

ACCESS_TOKEN_SECONDS = 473_040_000
"""15 years of 365 days: the documented life of an access token."""

GRANT_YEARS = 15
"""A grant lives 15 calendar years."""


def grant_expiry(now: datetime) -> datetime:
    """Return the same instant 15 years later; 29 February becomes 28 February where the year has none."""
    try:
        return now.replace(year=now.year + GRANT_YEARS)
    except ValueError:
        return now.replace(year=now.year + GRANT_YEARS, day=28)


def access_token_expiry(now: datetime) -> datetime:
    """Return when an access token issued now ends."""
    return now + timedelta(seconds=ACCESS_TOKEN_SECONDS)
