"""Prices from an exchange's candles: what was really paid, around an instant, on one market."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from kryptos.providers.contracts import CouldNotLook
from kryptos.providers.prices.contracts import (
    Number,
    PricePoint,
    PriceSource,
    Quote,
    current_quote,
    nearest_quote,
)
from kryptos.providers.prices.fetching import fetch_current, fetch_historical
from kryptos.providers.prices.markets import SYMBOLS

TETHER = "tether"


@dataclass(frozen=True, slots=True)
class Candle:
    """The first and the last price paid between two instants. An exchange's candle without a trade is none."""

    opens_at: datetime
    closes_at: datetime
    open: Number
    close: Number


class CandleReader(Protocol):
    """Reads one exchange's candles."""

    @property
    def name(self) -> str:
        """The exchange as quotes name it."""

    async def read(self, symbol: str, *, around: datetime, now: datetime) -> list[Candle]:
        """Return the candles in which something was traded, from an hour or more before ``around`` to one after.

        Nothing where the exchange has no such market. Raises ``CouldNotLook``.
        """


@dataclass(frozen=True, slots=True)
class Candles:
    """Prices by one exchange, one market and instant per request."""

    reader: CandleReader
    symbols: Mapping[str, str] = field(default_factory=lambda: SYMBOLS, repr=False)

    @property
    def name(self) -> str:
        """The exchange."""
        return self.reader.name

    def plan_current(self, token_ids: Collection[str]) -> Sequence[tuple[str, ...]]:
        """Ask for one token at a time, of those that have a symbol."""
        return [(token_id,) for token_id in sorted(token_ids) if token_id in self.symbols]

    def plan_historical(self, points: Collection[PricePoint]) -> Sequence[tuple[PricePoint, ...]]:
        """Ask for one point at a time, of tokens that have a symbol."""
        return [(point,) for point in sorted(points) if point.token_id in self.symbols]

    async def current(self, token_ids: Collection[str], *, now: datetime) -> Mapping[str, Quote]:
        """Return the last price paid for each token; raise ``CouldNotLook``."""
        quotes = {}
        for token_id in token_ids:
            candles = await self.reader.read(self.symbols[token_id], around=now, now=now)
            newest = max(candles, key=lambda candle: candle.closes_at, default=None)
            if newest is None:
                continue
            at = min(newest.closes_at, now)  # the newest candle is still open
            if quote := current_quote(token_id, newest.close, at=at, now=now, source=self.name):
                quotes[token_id] = quote
        return quotes

    async def historical(
        self, points: Collection[PricePoint], *, now: datetime
    ) -> Mapping[PricePoint, Quote]:
        """Return the price at the edge of a candle that is nearest to each point; raise ``CouldNotLook``."""
        quotes = {}
        for point in points:
            candles = await self.reader.read(self.symbols[point.token_id], around=point.at, now=now)
            if quote := nearest_quote(point, _edges(candles, now=now), source=self.name):
                quotes[point] = quote
        return quotes


@dataclass(frozen=True, slots=True)
class FromTether:
    """Prices of an exchange that trades against tether instead of dollars, each times what tether itself cost then.

    Tether is priced by exchanges that trade it for dollars: where its price is not known, nor is any other here.
    """

    candles: Candles
    tether: Sequence[PriceSource]

    @property
    def name(self) -> str:
        """The exchange."""
        return self.candles.name

    def plan_current(self, token_ids: Collection[str]) -> Sequence[tuple[str, ...]]:
        """Ask as for candles, but not for tether by itself."""
        return self.candles.plan_current([each for each in token_ids if each != TETHER])

    def plan_historical(self, points: Collection[PricePoint]) -> Sequence[tuple[PricePoint, ...]]:
        """Ask as for candles, but not for tether by itself."""
        return self.candles.plan_historical([each for each in points if each.token_id != TETHER])

    async def current(self, token_ids: Collection[str], *, now: datetime) -> Mapping[str, Quote]:
        """Return the last price paid for each token; raise ``CouldNotLook``."""
        quotes = await self.candles.current(token_ids, now=now)
        if not quotes:
            return {}
        rates = await fetch_current(self.tether, [TETHER], now=now)
        _check_was_asked(rates.failures, is_known=TETHER in rates.quotes)
        rate = rates.quotes.get(TETHER)
        return {token_id: _times(quote, rate) for token_id, quote in quotes.items()} if rate else {}

    async def historical(
        self, points: Collection[PricePoint], *, now: datetime
    ) -> Mapping[PricePoint, Quote]:
        """Return the price nearest to each point; raise ``CouldNotLook``."""
        quotes = await self.candles.historical(points, now=now)
        at = {point: PricePoint(TETHER, quote.at) for point, quote in quotes.items()}
        rates = await fetch_historical(self.tether, at.values(), now=now)
        _check_was_asked(rates.failures, is_known=all(each in rates.quotes for each in at.values()))
        return {
            point: _times(quote, rates.quotes[at[point]])
            for point, quote in quotes.items()
            if at[point] in rates.quotes
        }


def _edges(candles: Iterable[Candle], *, now: datetime) -> list[tuple[datetime, Number | None]]:
    edges: list[tuple[datetime, Number | None]] = []
    for candle in candles:
        edges.append((candle.opens_at, candle.open))
        if candle.closes_at <= now:
            edges.append((candle.closes_at, candle.close))
    return edges


def _check_was_asked(failures: Mapping[str, CouldNotLook], *, is_known: bool) -> None:
    """Tell a price of tether that nobody knows from one that somebody could not be asked for."""
    if not is_known and failures:
        raise next(iter(failures.values()))


def _times(quote: Quote, rate: Quote) -> Quote:
    return Quote(quote.token_id, quote.price * rate.price, quote.at, quote.source)
