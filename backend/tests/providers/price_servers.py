"""Price servers of a small world, in this process: what each answers is written from its public documentation."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import httpx
import msgspec

from kryptos.infra.http_client.client import HttpClient
from kryptos.kernel.amount import Amount
from kryptos.providers.prices.contracts import PricePoint, PriceSource
from kryptos.providers.prices.markets import SYMBOLS
from kryptos.providers.prices.sources import open_sources
from tests.providers.evm.reading import client_over
from tests.support.clock import ManualClock

NOW = datetime(2024, 5, 1, 12, 0, 30, tzinfo=UTC)
KEY = "k3y-that-nobody-may-see"
BASE_URLS = {
    "defillama": "http://defillama.test",
    "coingecko": "http://coingecko.test/api/v3",
    "coinbase": "http://coinbase.test",
    "kraken": "http://kraken.test",
    "binance": "http://binance.test",
}
SOURCES = list(BASE_URLS)
TOKENS = {each: token for token, each in SYMBOLS.items()} | {"XBT": "bitcoin", "XDG": "dogecoin"}
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
YESTERDAY = NOW - timedelta(days=1)

Fault = Callable[[httpx.Request], httpx.Response | None]
Prices = Callable[[str, datetime], Decimal | None]
JSON = msgspec.json.Encoder(decimal_format="number")


def price_of(token_id: str, at: datetime) -> Decimal | None:
    """Return a price that differs from minute to minute, for a few tokens."""
    start = {"bitcoin": "60000.123456789012345678", "ethereum": "3000.5", "tether": "0.9998"}.get(token_id)
    return None if start is None else Decimal(start) + Decimal(at.minute) / 1000


def reply(value: object, status: int = 200) -> httpx.Response:
    """Return JSON in which every decimal is a number with all its digits."""
    return httpx.Response(status, content=JSON.encode(value))


def instant(seconds: int) -> datetime:
    """Return Unix seconds as an instant."""
    return datetime.fromtimestamp(seconds, UTC)


def seconds(at: datetime) -> int:
    """Return an instant as Unix seconds."""
    return int(at.timestamp())


@dataclass
class PriceServers:
    """All five servers; faults stand in for answers by the name of the source."""

    prices: Prices = price_of
    age: timedelta = timedelta(minutes=3)
    """How old a price is that is told as the current one."""
    confidence: Decimal | None = Decimal("0.99")
    faults: dict[str, Fault] = field(default_factory=dict)
    requests: list[httpx.Request] = field(default_factory=list)

    def sources(self) -> dict[str, PriceSource]:
        """Return the five sources over these servers, in their order."""
        opened = open_sources(self.client(), base_urls=BASE_URLS, coingecko_key=KEY)
        return {source.name: source for source in opened}

    def client(self) -> HttpClient:
        """Return a client whose every request ends here."""
        return client_over(httpx.MockTransport(self.handle), clock=ManualClock(NOW))

    def asked(self, name: str | None = None) -> list[str]:
        """Return the paths asked of one server, or of all."""
        return [each.url.path for each in self.requests if name in {None, self.name_of(each)}]

    @staticmethod
    def name_of(request: httpx.Request) -> str:
        """Return which server a request is for."""
        return request.url.host.removesuffix(".test")

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer one request, or fail as told."""
        self.requests.append(request)
        fault = self.faults.get(self.name_of(request))
        return (fault and fault(request)) or self.answer(request)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer one request as its server is documented to."""
        answers: dict[str, Callable[[httpx.Request], httpx.Response]] = {
            "defillama": self._defillama,
            "coingecko": self._coingecko,
            "coinbase": self._coinbase,
            "kraken": self._kraken,
            "binance": self._binance,
        }
        return answers[self.name_of(request)](request)

    def _defillama(self, request: httpx.Request) -> httpx.Response:
        parts = request.url.path.split("/")
        if parts[1] == "batchHistorical":
            wanted = msgspec.json.decode(request.url.params["coins"], type=dict[str, list[int]])
            found = {
                coin: [each for when in times if (each := self._record(coin, instant(when)))]
                for coin, times in wanted.items()
            }
            return reply(
                {"coins": {coin: {"symbol": "?", "prices": each} for coin, each in found.items() if each}}
            )
        at = instant(int(parts[3])) if parts[2] == "historical" else NOW
        records = {coin: self._record(coin, at) for coin in parts[-1].split(",")}
        return reply({"coins": {coin: each for coin, each in records.items() if each}})

    def _record(self, coin: str, at: datetime) -> dict[str, object] | None:
        price = self.prices(coin.removeprefix("coingecko:"), at)
        if price is None:
            return None
        confidence = {} if self.confidence is None else {"confidence": self.confidence}
        return {"price": price, "symbol": "?", "timestamp": seconds(at - self.age), **confidence}

    def _coingecko(self, request: httpx.Request) -> httpx.Response:
        params, path = request.url.params, request.url.path.removeprefix("/api/v3")
        assert (params.get("vs_currencies") or params.get("vs_currency"), params["precision"]) == (
            "usd",
            "full",
        )
        if path == "/simple/price":
            updated = seconds(NOW - self.age)
            prices = {each: self.prices(each, NOW) for each in params["ids"].split(",")}
            return reply(
                {each: {"usd": price, "last_updated_at": updated} for each, price in prices.items() if price}
            )
        token_id = path.split("/")[2]
        if self.prices(token_id, NOW) is None:
            return reply({"error": "coin not found"}, 404)
        start, end = int(params["from"]), int(params["to"])
        hours = range(-(-start // 3600) * 3600, end + 1, 3600)
        points = [[when * 1000, self.prices(token_id, instant(when))] for when in hours]
        return reply({"prices": points, "market_caps": [], "total_volumes": []})

    def _coinbase(self, request: httpx.Request) -> httpx.Response:
        token_id = TOKENS[request.url.path.split("/")[2].removesuffix("-USD")]
        start, end = int(request.url.params["start"]), int(request.url.params["end"])
        minutes = self._minutes(token_id, start, end, step=60)
        if not minutes:
            return reply({"message": "NotFound"}, 404)
        return reply(
            [[when, price, price, price, price, Decimal("1.5")] for when, price in reversed(minutes)]
        )

    def _kraken(self, request: httpx.Request) -> httpx.Response:
        params = request.url.params
        token_id = TOKENS[params["pair"].removesuffix("USD")]
        step = int(params["interval"]) * 60
        minutes = self._minutes(token_id, int(params["since"]), seconds(NOW), step=step)[-720:]
        if not minutes:
            return reply({"error": ["EQuery:Unknown asset pair"]})
        rows = [[when, *[f"{price:f}"] * 5, "1.50000000", 7] for when, price in minutes]
        return reply({"error": [], "result": {f"X{params['pair']}": rows, "last": minutes[-1][0]}})

    def _binance(self, request: httpx.Request) -> httpx.Response:
        params = request.url.params
        token_id = TOKENS[params["symbol"].removesuffix("USDT")]
        start, end = int(params["startTime"]) // 1000, int(params["endTime"]) // 1000
        minutes = self._minutes(token_id, start, end, step=60)[: int(params["limit"])]
        if not minutes:
            return reply({"code": -1121, "msg": "Invalid symbol."}, 400)
        return reply(
            [
                [when * 1000, *[f"{price:f}"] * 4, "1.5", when * 1000 + 59_999, "1", 7, "1", "1", "0"]
                for when, price in minutes
            ]
        )

    def _minutes(self, token_id: str, start: int, end: int, *, step: int) -> list[tuple[int, Decimal]]:
        """Return the opening of each candle and its one price."""
        times = range(-(-start // step) * step, end + 1, step)
        return [(when, price) for when in times if (price := self.prices(token_id, instant(when)))]


def only(value: str, *, token_id: str = "bitcoin") -> Prices:
    """Return a world in which one token costs the same at all times, and nothing else has a price but tether."""
    known = {token_id: Decimal(value), "tether": Decimal(1)}
    return lambda asked, _: known.get(asked)


async def current(source: PriceSource, token_id: str = "bitcoin") -> Amount | None:
    quotes = await source.current([token_id], now=NOW)
    return quotes[token_id].price if quotes else None


async def historical(
    source: PriceSource, at: datetime = YESTERDAY, token_id: str = "bitcoin"
) -> Amount | None:
    point = PricePoint(token_id, at)
    quotes = await source.historical([point], now=NOW)
    return quotes[point].price if quotes else None
