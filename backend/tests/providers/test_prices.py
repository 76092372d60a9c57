"""Price sources: exact digits, what is no price, what nobody knows, and each server's own ways.

Contract only: every answer here is written from the public documentation of its server, none is recorded.
"""

from datetime import timedelta
from decimal import Decimal

import httpx
import pytest

from kryptos.kernel.amount import Amount
from kryptos.providers.contracts import CouldNotLook
from kryptos.providers.prices.contracts import HISTORICAL_TOLERANCE, PricePoint
from kryptos.providers.prices.fetching import fetch_current, fetch_historical
from tests.providers.price_servers import (
    HOUR,
    MINUTE,
    NOW,
    SOURCES,
    YESTERDAY,
    Fault,
    PriceServers,
    current,
    historical,
    only,
    price_of,
    reply,
    seconds,
)

EXACT = ["0.000000000000000001", "1000000000000000000000000000000", "60000.123456789012345678901234567890"]


# ---------------------------------------------------------------- digits and order


@pytest.mark.parametrize("value", EXACT)
@pytest.mark.parametrize("name", SOURCES)
async def test_every_digit_survives(name: str, value: str) -> None:
    source = PriceServers(prices=only(value)).sources()[name]
    assert await current(source) == Amount(value)
    assert await historical(source) == Amount(value)


@pytest.mark.parametrize("name", SOURCES)
async def test_a_quote_says_of_when_and_by_whom_it_is(name: str) -> None:
    source = PriceServers().sources()[name]
    quote = (await source.current(["bitcoin"], now=NOW))["bitcoin"]
    assert (quote.token_id, quote.source, quote.base_currency) == ("bitcoin", name, "USD")
    assert NOW - 5 * MINUTE <= quote.at <= NOW
    point = PricePoint("bitcoin", YESTERDAY)
    past = (await source.historical([point], now=NOW))[point]
    assert abs(past.at - YESTERDAY) <= HOUR / 2


async def test_sources_are_asked_in_order_and_no_further_than_needed() -> None:
    servers = PriceServers()
    sources = tuple(servers.sources().values())
    assert [source.name for source in sources] == SOURCES
    fetched = await fetch_current(sources, ["bitcoin", "ethereum"], now=NOW)
    assert {quote.source for quote in fetched.quotes.values()} == {"defillama"}
    assert servers.asked() == ["/prices/current/coingecko:bitcoin,coingecko:ethereum"]
    assert not fetched.unknown | fetched.unreached
    assert not fetched.failures


@pytest.mark.parametrize("broken", range(len(SOURCES)))
async def test_the_next_source_stands_in_for_those_that_fail(broken: int) -> None:
    servers = PriceServers(faults=dict.fromkeys(SOURCES[:broken], lambda _: httpx.Response(500)))
    if SOURCES[broken] == "binance":
        servers.faults |= {"coinbase": tether_alone(servers)}
    sources = tuple(servers.sources().values())
    point = PricePoint("bitcoin", YESTERDAY)
    now = await fetch_current(sources, ["bitcoin"], now=NOW)
    past = await fetch_historical(sources, [point], now=NOW)
    assert now.quotes["bitcoin"].source == past.quotes[point].source == SOURCES[broken]
    assert set(now.failures) == set(past.failures) == set(SOURCES[:broken])
    assert not now.unreached | now.unknown
    assert now.retry_after_seconds is None


def tether_alone(servers: PriceServers) -> Fault:
    """Return the fault of an exchange that answers for tether and for nothing else."""
    return lambda request: servers.answer(request) if "USDT" in request.url.path else httpx.Response(500)


async def test_what_one_source_does_not_know_the_next_is_asked_for() -> None:
    servers = PriceServers()

    def half(request: httpx.Request) -> httpx.Response:
        return reply(
            {"coins": {"coingecko:bitcoin": {"price": 1, "timestamp": seconds(NOW), "confidence": 1}}}
        )

    servers.faults["defillama"] = half
    fetched = await fetch_current(tuple(servers.sources().values()), ["bitcoin", "ethereum"], now=NOW)
    assert {key: quote.source for key, quote in fetched.quotes.items()} == {
        "bitcoin": "defillama",
        "ethereum": "coingecko",
    }
    assert servers.requests[-1].url.params["ids"] == "ethereum"
    assert not fetched.failures


async def test_nobody_knows_is_another_answer_than_nobody_could_be_asked() -> None:
    servers = PriceServers()
    sources = tuple(servers.sources().values())
    fetched = await fetch_current(sources, ["no-such-token"], now=NOW)
    point = PricePoint("no-such-token", YESTERDAY)
    past = await fetch_historical(sources, [point], now=NOW)
    assert fetched.unknown == {"no-such-token"}
    assert past.unknown == {point}
    assert not fetched.failures
    assert not past.failures
    assert not fetched.quotes.keys() | past.quotes.keys()
    servers.faults["coingecko"] = lambda _: httpx.Response(429, headers={"retry-after": "77"}, json={})
    fetched = await fetch_current(sources, ["no-such-token", "bitcoin"], now=NOW)
    assert fetched.unreached == {"no-such-token"}
    assert not fetched.unknown
    assert set(fetched.quotes) == {"bitcoin"}
    assert fetched.retry_after_seconds == 77


async def test_nothing_asked_is_nothing_sent() -> None:
    servers = PriceServers()
    sources = tuple(servers.sources().values())
    assert (await fetch_current(sources, [], now=NOW)).quotes == {}
    assert (await fetch_historical(sources, [], now=NOW)).quotes == {}
    assert servers.requests == []


async def test_a_failing_part_takes_only_its_own_tokens_along() -> None:
    servers = PriceServers(prices=lambda _, __: Decimal(2))
    ids = [f"token-{number:03}" for number in range(250)]
    servers.faults["defillama"] = lambda request: (
        httpx.Response(502) if "token-120" in request.url.path else None
    )
    fetched = await fetch_current([servers.sources()["defillama"]], ids, now=NOW)
    assert fetched.unreached == set(ids[100:200])
    assert set(fetched.quotes) == set(ids) - set(ids[100:200])
    assert {len(path.split(",")) for path in servers.asked()} == {100, 50}


@pytest.mark.parametrize("token_id", ["", "..", "a/b", "a,b", "a b", "a?b", "bitcoin\n", "ß", "x" * 101])
async def test_what_can_be_no_id_is_sent_to_nobody(token_id: str) -> None:
    servers = PriceServers()
    sources = tuple(servers.sources().values())
    assert (await fetch_current(sources, [token_id], now=NOW)).unknown == {token_id}
    point = PricePoint(token_id, YESTERDAY)
    assert (await fetch_historical(sources, [point], now=NOW)).unknown == {point}
    assert servers.requests == []


# ---------------------------------------------------------------- what is no price


@pytest.mark.parametrize("value", ["0", "-1", "-0.0", "1E-301", "1E+300", "1E+9999"])
@pytest.mark.parametrize("name", ["defillama", "coingecko"])
async def test_a_number_that_can_be_no_price_is_none(name: str, value: str) -> None:
    text = f'{{"price": {value}, "usd": {value}, "timestamp": {seconds(NOW)}, "last_updated_at": {seconds(NOW)}}}'
    body = (
        f'{{"coins": {{"coingecko:bitcoin": {text}}}}}' if name == "defillama" else f'{{"bitcoin": {text}}}'
    )
    servers = PriceServers(faults={name: lambda _: httpx.Response(200, content=body.encode())})
    assert await current(servers.sources()[name]) is None


@pytest.mark.parametrize("name", ["defillama", "coingecko"])
async def test_a_token_without_a_number_has_no_price(name: str) -> None:
    for row in ({}, {"price": None, "usd": None, "timestamp": None, "last_updated_at": None}):
        body = {"coins": {"coingecko:bitcoin": row}} if name == "defillama" else {"bitcoin": row}
        servers = PriceServers(faults={name: lambda _, body=body: reply(body)})  # type: ignore[misc]
        assert await current(servers.sources()[name]) is None


@pytest.mark.parametrize(
    ("confidence", "is_price"), [("0.49", False), ("0.5", True), ("1", True), (None, True)]
)
async def test_defillama_must_be_sure_of_its_price(confidence: str | None, is_price: bool) -> None:
    servers = PriceServers(confidence=None if confidence is None else Decimal(confidence))
    source = servers.sources()["defillama"]
    points = [PricePoint("bitcoin", YESTERDAY), PricePoint("bitcoin", YESTERDAY - HOUR)]
    assert (await current(source) is not None) is is_price
    assert (await historical(source) is not None) is is_price
    assert bool(await source.historical(points, now=NOW)) is is_price


@pytest.mark.parametrize("name", ["defillama", "coingecko"])
@pytest.mark.parametrize(
    ("age", "is_price"),
    [
        (2 * HOUR, True),
        (2 * HOUR + MINUTE / 60, False),
        (-5 * MINUTE, True),
        (-6 * MINUTE, False),
    ],
)
async def test_a_price_of_another_time_is_not_the_current_one(
    name: str, age: timedelta, is_price: bool
) -> None:
    quotes = await PriceServers(age=age).sources()[name].current(["bitcoin"], now=NOW)
    assert bool(quotes) is is_price
    assert all(quote.at == min(NOW, NOW - age) for quote in quotes.values())


@pytest.mark.parametrize("sign", [1, -1])
async def test_a_price_of_another_hour_is_not_the_past_one(sign: int) -> None:
    points = [PricePoint("bitcoin", YESTERDAY), PricePoint("bitcoin", YESTERDAY - timedelta(days=3))]
    for asked in (points[:1], points):
        near = PriceServers(age=sign * HISTORICAL_TOLERANCE).sources()["defillama"]
        assert len(await near.historical(asked, now=NOW)) == len(asked)
        far = PriceServers(age=sign * (HISTORICAL_TOLERANCE + MINUTE / 60)).sources()["defillama"]
        assert await far.historical(asked, now=NOW) == {}


async def test_the_nearest_of_many_prices_counts() -> None:
    for at in (YESTERDAY, YESTERDAY + 20 * MINUTE, YESTERDAY + 40 * MINUTE):
        whole = at.replace(minute=0, second=0)
        nearest = whole + HOUR if at.minute >= 30 else whole
        found = await PriceServers().sources()["coingecko"].historical([PricePoint("bitcoin", at)], now=NOW)
        assert [quote.at for quote in found.values()] == [nearest]


# ---------------------------------------------------------------- each server's own ways


async def test_defillama_is_asked_for_one_instant_or_for_many_at_once() -> None:
    servers = PriceServers()
    source = servers.sources()["defillama"]
    together = [PricePoint(each, YESTERDAY) for each in ("bitcoin", "ethereum", "no-such-token")]
    assert set(await source.historical(together, now=NOW)) == set(together[:2])
    apart = [PricePoint("bitcoin", YESTERDAY - number * HOUR) for number in range(5)]
    found = await source.historical([*apart, *together], now=NOW)
    assert set(found) == {*apart, *together[:2]}
    coins = "coingecko:bitcoin,coingecko:ethereum,coingecko:no-such-token"
    assert servers.asked() == [f"/prices/historical/{seconds(YESTERDAY)}/{coins}", "/batchHistorical"]
    for point in apart:
        assert found[point].price == Amount(price_of("bitcoin", point.at) or 0)


async def test_coingecko_is_asked_for_as_much_of_a_token_as_one_range_holds() -> None:
    servers = PriceServers()
    source = servers.sources()["coingecko"]
    points = [PricePoint("bitcoin", NOW - timedelta(days=days)) for days in (1, 40, 89, 95, 300)]
    points.append(PricePoint("ethereum", YESTERDAY))
    fetched = await fetch_historical([source], points, now=NOW)
    assert set(fetched.quotes) == set(points)
    ranges = [
        (each.url.path.split("/")[4], int(each.url.params["to"]) - int(each.url.params["from"]))
        for each in servers.requests
    ]
    assert sorted(token for token, _ in ranges) == ["bitcoin", "bitcoin", "bitcoin", "ethereum"]
    assert all(span <= 90 * 86_400 for _, span in ranges)


@pytest.mark.parametrize(
    "answer",
    [
        reply({"status": "no such page"}, 404),
        reply({"error": "no such page"}, 404),
        reply([], 404),
        httpx.Response(404, content=b"<html>"),
    ],
)
async def test_a_wrong_address_of_coingecko_does_not_make_tokens_unknown(answer: httpx.Response) -> None:
    source = PriceServers(faults={"coingecko": lambda _: answer}).sources()["coingecko"]
    with pytest.raises(CouldNotLook):
        await historical(source)


async def test_kraken_says_its_errors_under_a_good_status() -> None:
    servers = PriceServers(faults={"kraken": lambda _: reply({"error": ["EGeneral:Too many requests"]})})
    with pytest.raises(CouldNotLook, match="Too many requests"):
        await current(servers.sources()["kraken"])
    servers.faults["kraken"] = lambda _: reply({"error": ["EQuery:Unknown asset pair"]})
    assert await current(servers.sources()["kraken"]) is None
    servers.faults["kraken"] = lambda _: reply({"error": ["WGeneral:Slow"], "result": {"X": [], "last": 1}})
    assert await current(servers.sources()["kraken"]) is None
    servers.faults["kraken"] = lambda _: reply({"error": [], "result": {"X": [], "Y": [], "last": 1}})
    with pytest.raises(CouldNotLook, match="2 series"):
        await current(servers.sources()["kraken"])


async def test_kraken_reaches_back_thirty_days() -> None:
    source = PriceServers().sources()["kraken"]
    at = NOW - timedelta(days=29)
    assert await historical(source, at) == Amount(price_of("bitcoin", at.replace(minute=0)) or 0)
    assert await historical(source, NOW - timedelta(days=31)) is None


IDLE: dict[str, tuple[object, str]] = {
    "coinbase": ([[seconds(NOW) - 90, 5, 5, 5, 5, 0]], "volume"),
    "kraken": (
        {"error": [], "result": {"X": [[seconds(NOW) - 90, *["5"] * 5, "0.00000000", 0]], "last": 1}},
        "volume",
    ),
    "binance": ([[(seconds(NOW) - 90) * 1000, *["5"] * 4, "0.0", 1, "0", 0, "0", "0", "0"]], "volume"),
}


@pytest.mark.parametrize("name", IDLE)
async def test_a_candle_without_a_trade_has_no_price(name: str) -> None:
    source = PriceServers(faults={name: lambda _: reply(IDLE[name][0])}).sources()[name]
    assert await current(source) is None
    assert await historical(source, NOW - MINUTE) is None


@pytest.mark.parametrize("name", ["coinbase", "kraken", "binance"])
async def test_a_market_that_an_exchange_does_not_have_is_no_price(name: str) -> None:
    source = PriceServers().sources()[name]
    assert await current(source, "solana") is None
    assert await historical(source, token_id="solana") is None
    assert list(source.plan_current(["no-symbol-known", "solana"])) == [("solana",)]


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("coinbase", reply({"message": "Route not found"}, 404)),
        ("binance", reply({"code": -1003, "msg": "Too many requests."}, 400)),
    ],
)
async def test_another_refusal_of_an_exchange_is_no_missing_market(name: str, answer: httpx.Response) -> None:
    source = PriceServers(faults={name: lambda _: answer}).sources()[name]
    with pytest.raises(CouldNotLook, match="answered with an error"):
        await current(source)


async def test_the_price_at_the_nearer_edge_of_a_candle_counts() -> None:
    at = (NOW - HOUR).replace(second=0)
    rows = [[seconds(at), 1, 9, 2, 3, 1]]  # low, high, open, close
    source = PriceServers(faults={"coinbase": lambda _: reply(rows)}).sources()["coinbase"]
    assert await historical(source, at + timedelta(seconds=10)) == Amount(2)
    assert await historical(source, at + timedelta(seconds=50)) == Amount(3)
    assert await historical(source, at + timedelta(seconds=30)) == Amount(2)  # as near: the earlier
    open_one = [[seconds(NOW.replace(second=0)), 1, 9, 2, 3, 1]]
    source = PriceServers(faults={"coinbase": lambda _: reply(open_one)}).sources()["coinbase"]
    assert await historical(source, NOW + timedelta(seconds=20)) == Amount(2)  # its end is yet to come
    quote = (await source.current(["bitcoin"], now=NOW))["bitcoin"]
    assert (quote.price, quote.at) == (Amount(3), NOW)


async def test_a_price_in_tether_is_worth_what_tether_is_worth() -> None:
    prices = {"bitcoin": Decimal("60000.5"), "tether": Decimal("0.9871")}
    source = PriceServers(prices=lambda token, _: prices.get(token)).sources()["binance"]
    assert await current(source) == await historical(source) == Amount("59226.49355")
    assert not source.plan_current(["tether"])
    assert not source.plan_historical([PricePoint("tether", NOW)])


async def test_where_tether_has_no_price_binance_knows_none() -> None:
    servers = PriceServers(prices=lambda token, _: Decimal(5) if token == "bitcoin" else None)
    source = servers.sources()["binance"]
    assert await current(source) is None
    assert await historical(source) is None
    servers.faults["kraken"] = lambda _: httpx.Response(503)
    with pytest.raises(CouldNotLook, match="Kraken"):
        await current(source)
    with pytest.raises(CouldNotLook, match="Kraken"):
        await historical(source)
    servers.prices = only("5")
    servers.faults = {"coinbase": lambda _: httpx.Response(503)}
    assert await current(source) == await historical(source, NOW - HOUR) == Amount(5)  # Kraken knows tether
