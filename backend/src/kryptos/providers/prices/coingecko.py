"""CoinGecko's public API: current prices of many tokens at once, past ones by a range of one token.

Source: docs.coingecko.com, "Simple price" and "Coin historical chart data within time range". A range of at most 90
days has a price for each hour; ``/coins/{id}/history`` would have that of midnight alone. The 24-hour change that it
offers is a rounded ratio and is not asked for.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from http import HTTPStatus
from itertools import pairwise

import msgspec

from kryptos.infra.http_client.client import HttpClient
from kryptos.infra.http_client.upstream import Upstream
from kryptos.providers.contracts import CouldNotLook
from kryptos.providers.prices.contracts import (
    HISTORICAL_TOLERANCE,
    PricePoint,
    Quote,
    current_quote,
    is_askable,
    nearest_quote,
)
from kryptos.providers.prices.wire import cut, instant, read, unix_seconds

TOKENS_PER_REQUEST = 100
LONGEST_RANGE = timedelta(days=89)
"""With the tolerance to either side still a range for which prices come by the hour."""
_MILLISECONDS = 1000


class _Price(msgspec.Struct, frozen=True):
    """A token's price; one that is no longer traded has none."""

    usd: int | Decimal | None = None
    last_updated_at: int | Decimal | None = None


class _Chart(msgspec.Struct, frozen=True):
    prices: tuple[tuple[int | Decimal, int | Decimal | None], ...]


class _NotFound(msgspec.Struct, frozen=True):
    error: str


@dataclass(frozen=True, slots=True)
class CoinGecko:
    """Prices by CoinGecko, with or without a key (a header of the upstream)."""

    http: HttpClient
    upstream: Upstream
    name: str = "coingecko"

    def plan_current(self, token_ids: Collection[str]) -> Sequence[tuple[str, ...]]:
        """Ask for many tokens at a time."""
        return cut(sorted(filter(is_askable, token_ids)), TOKENS_PER_REQUEST)

    def plan_historical(self, points: Collection[PricePoint]) -> Sequence[tuple[PricePoint, ...]]:
        """Ask for one token at a time, for as many of its points as one range holds."""
        by_token: dict[str, list[PricePoint]] = defaultdict(list)
        for point in sorted(points):
            if is_askable(point.token_id):
                by_token[point.token_id].append(point)
        return [part for each in by_token.values() for part in _ranges(each)]

    async def current(self, token_ids: Collection[str], *, now: datetime) -> Mapping[str, Quote]:
        """Return the price of each token that has one; raise ``CouldNotLook``."""
        answer = await self.http.ask(
            self.upstream,
            "GET",
            "/simple/price",
            params={
                "ids": ",".join(token_ids),
                "vs_currencies": "usd",
                "include_last_updated_at": "true",
                "precision": "full",
            },
        )
        prices = read(answer.value, dict[str, _Price], server=self.upstream.shown)
        quotes = {}
        for token_id in token_ids:
            price = prices.get(token_id, _Price())
            if price.last_updated_at is None:
                continue
            at = instant(price.last_updated_at, server=self.upstream.shown)
            if quote := current_quote(token_id, price.usd, at=at, now=now, source=self.name):
                quotes[token_id] = quote
        return quotes

    async def historical(
        self,
        points: Collection[PricePoint],
        *,
        now: datetime,  # noqa: ARG002
    ) -> Mapping[PricePoint, Quote]:
        """Return the price of each point of one token that has one; raise ``CouldNotLook``."""
        ordered = sorted(points)
        chart = await self._chart(
            ordered[0].token_id,
            start=ordered[0].at - HISTORICAL_TOLERANCE,
            end=ordered[-1].at + HISTORICAL_TOLERANCE,
        )
        found = ((point, nearest_quote(point, chart, source=self.name)) for point in ordered)
        return {point: quote for point, quote in found if quote is not None}

    async def _chart(
        self, token_id: str, *, start: datetime, end: datetime
    ) -> list[tuple[datetime, int | Decimal | None]]:
        """Return what is told of a range; nothing for a token that CoinGecko does not know."""
        server = self.upstream.shown
        answer = await self.http.ask(
            self.upstream,
            "GET",
            f"/coins/{token_id}/market_chart/range",
            params={
                "vs_currency": "usd",
                "from": str(unix_seconds(start)),
                "to": str(unix_seconds(end)),
                "precision": "full",
            },
            readable_statuses=frozenset({HTTPStatus.NOT_FOUND}),
        )
        if answer.status == HTTPStatus.NOT_FOUND:
            _check_says_unknown(answer.value, server=server)
            return []
        prices = read(answer.value, _Chart, server=server).prices
        return [(instant(when // _MILLISECONDS, server=server), price) for when, price in prices]


def _check_says_unknown(value: object, *, server: str) -> None:
    """Take "coin not found" for an answer, and nothing else that comes with the same status (a wrong address)."""
    if "coin" not in read(value, _NotFound, server=server).error.lower():
        raise CouldNotLook(f"{server} answered with an error (HTTP 404).")


def _ranges(points: list[PricePoint]) -> list[tuple[PricePoint, ...]]:
    """Return the points of one token, in order, in parts that each fit into one range."""
    parts = [[points[0]]]
    for _, point in pairwise(points):
        if point.at - parts[-1][0].at > LONGEST_RANGE:
            parts.append([])
        parts[-1].append(point)
    return [tuple(part) for part in parts]
