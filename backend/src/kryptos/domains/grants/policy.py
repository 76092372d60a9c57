"""How long access lasts (contract §1.4 and the ruling on times), and how much of it is shown."""

from datetime import datetime, timedelta

from kryptos.kernel.ids import new_id

ACCESS_TOKEN_SECONDS = 473_040_000
"""15 years of 365 days: the documented life of an access token."""

GRANT_YEARS = 15
"""A grant lives 15 calendar years."""

GRANTS_SHOWN = 200
RECEIPTS_SHOWN = 200
ACCESSES_LOOKED_BACK = timedelta(days=30)
ACCESSES_COUNTED = 10_000
"""No more are counted of one grant: an app that asks every second must not make its person wait."""


def grant_expiry(now: datetime) -> datetime:
    """Return the same instant 15 years later; 29 February becomes 28 February where the year has none."""
    try:
        return now.replace(year=now.year + GRANT_YEARS)
    except ValueError:
        return now.replace(year=now.year + GRANT_YEARS, day=28)


def access_token_expiry(now: datetime) -> datetime:
    """Return when an access token issued now ends."""
    return now + timedelta(seconds=ACCESS_TOKEN_SECONDS)


def first_access_id(at: datetime) -> str:
    """Return the first id that an access record of this instant can have, in the order of ids."""
    return new_id("acc", at, bytes)
