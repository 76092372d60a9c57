"""What every price source gives and how it can fail, and when a number counts as a price.

A source answers in one of three ways: a quote, *no price known* (the token is not in the answer), or ``CouldNotLook``
(it might know one, but cannot be asked now, and why). An unknown price is absent, never zero.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple, Protocol

from kryptos.kernel.amount import Amount

US_DOLLAR = "USD"
"""What every source quotes in; other currencies derive from it."""

CURRENT_TOLERANCE = timedelta(hours=2)
"""A price older than this is not the current one: rarely traded tokens are quoted about once an hour."""
HISTORICAL_TOLERANCE = timedelta(minutes=59)
"""A price farther than this from the instant asked for is not its price. A minute less than the hour within which
a stored price counts, since it is stored under its minute."""
_AHEAD = timedelta(minutes=5)
"""How far a source's clock may be ahead of ours."""

_ASKABLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")

Number = int | Decimal | str
"""A number as a source wrote it: not a float, so that no digit is lost."""


class PricePoint(NamedTuple):
    """A token (CoinGecko's id) at an instant: what is asked of history."""

    token_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Quote:
    """What one unit of a token cost at an instant: more than zero."""

    token_id: str
    price: Amount
    at: datetime
    """The instant of the price itself, not of the question."""
    source: str
    base_currency: str = US_DOLLAR


class PriceSource(Protocol):
    """Asks one system for prices. Keeps no answers.

    The plans say how a question is cut into requests, so that a failing request takes only its own part along. What is
    in no part has no price here, and nobody is asked for it.
    """

    @property
    def name(self) -> str:
        """The source as its quotes name it."""

    def plan_current(self, token_ids: Collection[str]) -> Sequence[tuple[str, ...]]:
        """Cut a question for current prices."""

    def plan_historical(self, points: Collection[PricePoint]) -> Sequence[tuple[PricePoint, ...]]:
        """Cut a question for prices in the past."""

    async def current(self, token_ids: Collection[str], *, now: datetime) -> Mapping[str, Quote]:
        """Return the price of each token that has one, for one part of the plan; raise ``CouldNotLook``."""

    async def historical(
        self, points: Collection[PricePoint], *, now: datetime
    ) -> Mapping[PricePoint, Quote]:
        """Return the price of each point that has one, for one part of the plan; raise ``CouldNotLook``."""


def is_askable(token_id: str) -> bool:
    """Say whether the id can be one of CoinGecko's; others, of our own or made up, are never sent anywhere."""
    return _ASKABLE.fullmatch(token_id) is not None


def price_or_none(number: Number | None) -> Amount | None:
    """Return a number as a price; None for none, zero, a negative or endless one, and one that no amount can hold."""
    try:
        price = Amount(number) if number is not None else None
    except ValueError:
        return None
    return price if price is not None and price > Amount(0) else None


def current_quote(
    token_id: str, number: Number | None, *, at: datetime, now: datetime, source: str
) -> Quote | None:
    """Return the quote, or None when the number is no price or not a current one."""
    price = price_or_none(number)
    if price is None or not now - CURRENT_TOLERANCE <= at <= now + _AHEAD:
        return None
    return Quote(token_id, price, min(at, now), source)


def nearest_quote(
    point: PricePoint, offered: Iterable[tuple[datetime, Number | None]], *, source: str
) -> Quote | None:
    """Return the price nearest to the instant asked for, of two as near the earlier; None when none is near enough."""
    near = [
        (abs(at - point.at), at, price)
        for at, number in offered
        if abs(at - point.at) <= HISTORICAL_TOLERANCE and (price := price_or_none(number)) is not None
    ]
    if not near:
        return None
    _, at, price = min(near)
    return Quote(point.token_id, price, at, source)
