"""Exchanges whose candles are read without a key: Coinbase and Kraken in dollars, Binance in tether."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from http import HTTPStatus
from typing import Annotated, Any

import msgspec

from kryptos.infra.http_client.client import HttpClient
from kryptos.infra.http_client.upstream import Upstream
from kryptos.providers.contracts import CouldNotLook
from kryptos.providers.prices.candles import Candle
from kryptos.providers.prices.contracts import price_or_none
from kryptos.providers.prices.wire import instant, read, unix_seconds

_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
_MILLISECONDS = 1000

_Fraction = int | Decimal
_Text = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,60}(\.[0-9]{1,60})?$")]
_CoinbaseRow = tuple[int, _Fraction, _Fraction, _Fraction, _Fraction, _Fraction]
"""Time, low, high, open, close, volume."""
_KrakenRow = tuple[int, _Text, _Text, _Text, _Text, _Text, _Text, int]
"""Time, open, high, low, close, weighted average, volume, number of trades."""
_BinanceRow = tuple[int, _Text, _Text, _Text, _Text, _Text, int, Any, Any, Any, Any, Any]
"""Time, open, high, low, close, volume, time of the close, and five that are not read."""

_KRAKEN_SYMBOLS = {"BTC": "XBT", "DOGE": "XDG"}


class _CoinbaseRefusal(msgspec.Struct, frozen=True):
    message: str


class _KrakenAnswer(msgspec.Struct, frozen=True):
    error: tuple[str, ...]
    result: dict[str, object] = {}


class _BinanceRefusal(msgspec.Struct, frozen=True):
    code: int


@dataclass(frozen=True, slots=True)
class Coinbase:
    """Coinbase Exchange, ``GET /products/{id}/candles``: minutes in which nothing was traded are left out.

    Source: docs.cdp.coinbase.com, "Get product candles"; at most 300 in one answer.
    """

    http: HttpClient
    upstream: Upstream
    name: str = "coinbase"

    async def read(self, symbol: str, *, around: datetime, now: datetime) -> list[Candle]:
        """Return candles of a minute, an hour to either side; raise ``CouldNotLook``."""
        server = self.upstream.shown
        answer = await self.http.ask(
            self.upstream,
            "GET",
            f"/products/{symbol}-USD/candles",
            params={
                "granularity": "60",
                "start": str(unix_seconds(around - _HOUR)),
                "end": str(unix_seconds(min(around + _HOUR, now))),
            },
            readable_statuses=frozenset({HTTPStatus.NOT_FOUND}),
        )
        if answer.status == HTTPStatus.NOT_FOUND:
            if read(answer.value, _CoinbaseRefusal, server=server).message != "NotFound":
                raise CouldNotLook(f"{server} answered with an error (HTTP 404).")
            return []
        rows = read(answer.value, list[_CoinbaseRow], server=server)
        times = [instant(row[0], server=server) for row in rows]
        return [
            Candle(at, at + _MINUTE, first, last)
            for at, (_, _, _, first, last, volume) in zip(times, rows, strict=True)
            if volume > 0
        ]


@dataclass(frozen=True, slots=True)
class Kraken:
    """Kraken, ``GET /0/public/OHLC``: only the newest 720 candles of each length can be had.

    Source: docs.kraken.com, "Get OHLC Data". Minutes reach back 12 hours, hours 30 days; what is older it cannot tell.
    """

    http: HttpClient
    upstream: Upstream
    name: str = "kraken"

    async def read(self, symbol: str, *, around: datetime, now: datetime) -> list[Candle]:
        """Return candles of a minute, or of an hour for an instant longer ago; raise ``CouldNotLook``."""
        length = _MINUTE if now - around < 10 * _HOUR else _HOUR
        server = self.upstream.shown
        answer = await self.http.ask(
            self.upstream,
            "GET",
            "/0/public/OHLC",
            params={
                "pair": f"{_KRAKEN_SYMBOLS.get(symbol, symbol)}USD",
                "interval": str(length // _MINUTE),
                "since": str(unix_seconds(around - 2 * _HOUR)),
            },
        )
        told = read(answer.value, _KrakenAnswer, server=server)
        # Its errors come with status 200, in words such as "EGeneral:Too many requests"; those with W are warnings.
        errors = [word for word in told.error if not word.startswith("W")]
        if errors == ["EQuery:Unknown asset pair"]:
            return []
        if errors:
            raise CouldNotLook(f"{server} answered with an error ({errors[0][:60]}).")
        series = [rows for name, rows in told.result.items() if name != "last"]
        if len(series) != 1:
            raise CouldNotLook(f"{server} gave {len(series)} series of candles instead of one.")
        rows = read(series[0], list[_KrakenRow], server=server)
        times = [instant(row[0], server=server) for row in rows]
        return [
            Candle(at, at + length, row[1], row[4])
            for at, row in zip(times, rows, strict=True)
            if price_or_none(row[6]) is not None  # nothing traded: the prices repeat what was before
        ]


@dataclass(frozen=True, slots=True)
class Binance:
    """Binance, ``GET /api/v3/klines``: prices in tether.

    Source: developers.binance.com, "Kline/Candlestick data" and "Error codes" (-1121: invalid symbol).
    """

    http: HttpClient
    upstream: Upstream
    name: str = "binance"

    async def read(self, symbol: str, *, around: datetime, now: datetime) -> list[Candle]:
        """Return candles of a minute, an hour to either side; raise ``CouldNotLook``."""
        server = self.upstream.shown
        answer = await self.http.ask(
            self.upstream,
            "GET",
            "/api/v3/klines",
            params={
                "symbol": f"{symbol}USDT",
                "interval": "1m",
                "startTime": str(unix_seconds(around - _HOUR) * _MILLISECONDS),
                "endTime": str(unix_seconds(min(around + _HOUR, now)) * _MILLISECONDS),
                "limit": "200",
            },
            readable_statuses=frozenset({HTTPStatus.BAD_REQUEST}),
        )
        if answer.status == HTTPStatus.BAD_REQUEST:
            if read(answer.value, _BinanceRefusal, server=server).code != -1121:
                raise CouldNotLook(f"{server} answered with an error (HTTP 400).")
            return []
        rows = read(answer.value, list[_BinanceRow], server=server)
        times = [instant(row[0] // _MILLISECONDS, server=server) for row in rows]
        return [
            Candle(at, at + _MINUTE, row[1], row[4])
            for at, row in zip(times, rows, strict=True)
            if price_or_none(row[5]) is not None  # nothing traded: the prices repeat what was before
        ]
