"""DefiLlama's coins API: many tokens and many instants in one request, each price with how sure it is.

Source: api-docs.defillama.com, "coins". A token is named ``coingecko:<id>``; what it does not know is left out of the
answer.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import msgspec

from kryptos.infra.http_client.client import HttpClient
from kryptos.infra.http_client.upstream import Upstream
from kryptos.providers.prices.contracts import (
    Number,
    PricePoint,
    Quote,
    current_quote,
    is_askable,
    nearest_quote,
)
from kryptos.providers.prices.wire import cut, instant, read, unix_seconds

LEAST_CONFIDENCE = Decimal("0.5")
"""A price that DefiLlama itself is less sure of is none. One without a confidence counts: old records have none."""
TOKENS_PER_REQUEST = 100
POINTS_PER_REQUEST = 50
"""They are written into the URL, each instant by itself."""
_CURRENT_WIDTH = "2h"
_HISTORICAL_WIDTH = "1h"
"""How far the server itself looks to either side; what counts is the tolerance, which is checked here."""


class _Record(msgspec.Struct, frozen=True):
    """A price; it has one field more or less in each answer, and none that is missing makes it wrong."""

    price: int | Decimal | None = None
    timestamp: int | Decimal | None = None
    confidence: int | Decimal | None = None

    @property
    def number(self) -> Number | None:
        """The price if DefiLlama is sure enough of it."""
        is_unsure = self.confidence is not None and self.confidence < LEAST_CONFIDENCE
        return None if is_unsure else self.price

    def at(self, *, server: str) -> datetime | None:
        """Return the instant of the price; without one it is the price of no instant."""
        return None if self.timestamp is None else instant(self.timestamp, server=server)


class _Records(msgspec.Struct, frozen=True):
    prices: tuple[_Record, ...] = ()


class _Answer(msgspec.Struct, frozen=True):
    coins: dict[str, _Record]


class _BatchAnswer(msgspec.Struct, frozen=True):
    coins: dict[str, _Records]


@dataclass(frozen=True, slots=True)
class DefiLlama:
    """Prices by DefiLlama."""

    http: HttpClient
    upstream: Upstream
    name: str = "defillama"

    def plan_current(self, token_ids: Collection[str]) -> Sequence[tuple[str, ...]]:
        """Ask for many tokens at a time."""
        return cut(sorted(filter(is_askable, token_ids)), TOKENS_PER_REQUEST)

    def plan_historical(self, points: Collection[PricePoint]) -> Sequence[tuple[PricePoint, ...]]:
        """Ask for many points at a time, of one instant together."""
        askable = [point for point in points if is_askable(point.token_id)]
        return cut(sorted(askable, key=lambda point: (point.at, point.token_id)), POINTS_PER_REQUEST)

    async def current(self, token_ids: Collection[str], *, now: datetime) -> Mapping[str, Quote]:
        """Return the price of each token that has one; raise ``CouldNotLook``."""
        coins = ",".join(map(_coin, token_ids))
        value = await self._get(f"/prices/current/{coins}", searchWidth=_CURRENT_WIDTH)
        records = read(value, _Answer, server=self.upstream.shown).coins
        quotes = {}
        for token_id in token_ids:
            record = records.get(_coin(token_id), _Record())
            at = record.at(server=self.upstream.shown)
            if at is not None and (
                quote := current_quote(token_id, record.number, at=at, now=now, source=self.name)
            ):
                quotes[token_id] = quote
        return quotes

    async def historical(
        self,
        points: Collection[PricePoint],
        *,
        now: datetime,  # noqa: ARG002
    ) -> Mapping[PricePoint, Quote]:
        """Return the price of each point that has one; raise ``CouldNotLook``."""
        instants = {unix_seconds(point.at) for point in points}
        records = await (
            self._at_one_instant(points, instants.pop()) if len(instants) == 1 else self._at_many(points)
        )
        quotes = {}
        for point in points:
            offered = [
                (at, record.number)
                for record in records.get(_coin(point.token_id), ())
                if (at := record.at(server=self.upstream.shown)) is not None
            ]
            if quote := nearest_quote(point, offered, source=self.name):
                quotes[point] = quote
        return quotes

    async def _at_one_instant(
        self, points: Collection[PricePoint], seconds: int
    ) -> dict[str, tuple[_Record, ...]]:
        coins = ",".join(sorted({_coin(point.token_id) for point in points}))
        value = await self._get(f"/prices/historical/{seconds}/{coins}", searchWidth=_HISTORICAL_WIDTH)
        answer = read(value, _Answer, server=self.upstream.shown)
        return {coin: (record,) for coin, record in answer.coins.items()}

    async def _at_many(self, points: Collection[PricePoint]) -> dict[str, tuple[_Record, ...]]:
        wanted: dict[str, set[int]] = defaultdict(set)
        for point in points:
            wanted[_coin(point.token_id)].add(unix_seconds(point.at))
        coins = {coin: sorted(instants) for coin, instants in sorted(wanted.items())}
        value = await self._get(
            "/batchHistorical", coins=msgspec.json.encode(coins).decode(), searchWidth=_HISTORICAL_WIDTH
        )
        answer = read(value, _BatchAnswer, server=self.upstream.shown)
        return {coin: records.prices for coin, records in answer.coins.items()}

    async def _get(self, path: str, **params: str) -> object:
        return (await self.http.ask(self.upstream, "GET", path, params=params)).value


def _coin(token_id: str) -> str:
    return f"coingecko:{token_id}"
