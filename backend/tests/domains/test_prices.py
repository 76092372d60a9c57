"""Prices that are kept: exact, never older over newer, with an epoch that says when one changed; unknown is absent."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

import pytest
import pytest_asyncio
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from kryptos.domains import prices
from kryptos.domains.prices import PriceAt, PricePoint, Quote, policy
from kryptos.infra.database import Database, Uow
from kryptos.kernel.amount import Amount
from kryptos.providers.prices.contracts import HISTORICAL_TOLERANCE
from kryptos.providers.prices.fetching import fetch_current, fetch_historical
from tests.providers.price_servers import NOW, PriceServers
from tests.support.clock import ManualClock
from tests.support.queue import open_database, query

EXACT = [
    "0.000000000000000001",
    "1000000000000000000000000000000",
    "1." + "123456789" * 13,
    "1E-300",
    "9E+299",
]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

P = ParamSpec("P")
T = TypeVar("T")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest_asyncio.fixture(loop_scope="session")
async def database(database_url: str, clock: ManualClock) -> AsyncIterator[Database]:
    opened = open_database(database_url, clock)
    yield opened
    await opened.close()


async def do(
    database: Database,
    use_case: Callable[Concatenate[Uow, P], Awaitable[T]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Run one use case in a transaction of its own."""
    return await database.execute(lambda uow: use_case(uow, *args, **kwargs))


def quote(
    token_id: str = "bitcoin", price: str = "5", *, ago: timedelta = timedelta(), **fields: Any
) -> Quote:
    return Quote(token_id, Amount(price), NOW - ago, **{"source": "defillama", **fields})


async def latest(database: Database, token_id: str = "bitcoin") -> prices.LatestPrice:
    return (await do(database, prices.find_latest, [token_id]))[token_id]


# ---------------------------------------------------------------- the latest


@pytest.mark.parametrize("price", EXACT)
async def test_every_digit_is_kept(database: Database, price: str) -> None:
    before = quote(price=price, ago=DAY)
    await do(database, prices.keep_latest, [quote(price=price)], day_before=[before])
    await do(database, prices.keep_historical, [before])
    found = await latest(database)
    assert found.price == found.price_24h_before == Amount(price)
    point = PricePoint("bitcoin", before.at)
    assert (await do(database, prices.find_at, [point]))[point].price == Amount(price)


async def test_what_is_not_known_is_absent(database: Database) -> None:
    await do(database, prices.keep_latest, [quote()])
    assert set(await do(database, prices.find_latest, ["bitcoin", "no-such-token", "bitcoin"])) == {"bitcoin"}
    assert await do(database, prices.find_latest, []) == {}
    assert await do(database, prices.find_latest, ["bitcoin"], base_currency="EUR") == {}
    found = await latest(database)
    assert (found.price_24h_before, found.change_24h_percent) == (None, None)
    assert (found.at, found.source, found.base_currency) == (NOW, "defillama", "USD")
    assert found.updated_at == NOW


async def test_an_older_price_never_replaces_a_newer_one(database: Database) -> None:
    await do(database, prices.keep_latest, [quote(price="7")])
    assert await do(database, prices.keep_latest, [quote(price="6", ago=MINUTE)]) == 0
    assert (await latest(database)).price == Amount(7)
    assert await do(database, prices.get_epoch) == 1
    await do(
        database,
        prices.keep_latest,
        [quote("x", "1", ago=MINUTE), quote("x", "2"), quote("x", "3", ago=HOUR)],
    )
    assert (await latest(database, "x")).price == Amount(2)


async def test_the_epoch_is_raised_once_when_something_changed_and_never_else(
    database: Database, clock: ManualClock
) -> None:
    epochs = [await do(database, prices.get_epoch)]
    changes = []
    for quotes in (
        [],
        [quote(), quote("ethereum")],
        [quote(), quote("ethereum")],
        [quote(ago=-MINUTE), quote("ethereum", "5.000", ago=-MINUTE)],
        [quote(ago=-2 * MINUTE), quote("ethereum", "5.001", ago=-2 * MINUTE)],
        [quote(ago=-2 * MINUTE, source="kraken")],
        [quote("ethereum", "4", ago=HOUR)],
    ):
        clock.advance(seconds=1)
        changes.append(await do(database, prices.keep_latest, quotes))
        epochs.append(await do(database, prices.get_epoch))
    assert changes == [0, 2, 0, 0, 1, 1, 0]
    assert epochs == [0, 0, 1, 1, 1, 2, 3, 3]
    assert await do(database, prices.get_epoch, base_currency="EUR") == 0


async def test_a_price_that_is_seen_again_is_as_new_as_its_instant(
    database: Database, clock: ManualClock
) -> None:
    await do(database, prices.keep_latest, [quote()])
    clock.advance(minutes=3)
    await do(database, prices.keep_latest, [quote(ago=-2 * MINUTE)])
    found = await latest(database)
    assert (found.at, found.updated_at) == (NOW + 2 * MINUTE, NOW + 3 * MINUTE)


async def test_a_rollback_takes_price_and_epoch_back(database: Database) -> None:
    class Abandoned(Exception):
        pass

    async def abandon(uow: Uow) -> None:
        await prices.keep_latest(uow, [quote()])
        assert await prices.get_epoch(uow) == 1
        raise Abandoned

    with pytest.raises(Abandoned):
        await database.execute(abandon)
    assert await do(database, prices.get_epoch) == 0
    assert await do(database, prices.find_latest, ["bitcoin"]) == {}


async def test_each_currency_has_its_prices_and_its_epoch(database: Database) -> None:
    both = [quote(price="10"), quote(price="9", base_currency="EUR")]
    assert await do(database, prices.keep_latest, both, day_before=[quote(price="8", ago=DAY)]) == 2
    await do(database, prices.keep_latest, [quote(price="9.5", base_currency="EUR", ago=-MINUTE)])
    euros = await do(database, prices.find_latest, ["bitcoin"], base_currency="EUR")
    assert (euros["bitcoin"].price, euros["bitcoin"].price_24h_before) == (Amount("9.5"), None)
    assert (await latest(database)).price_24h_before == Amount(8)
    assert await do(database, prices.get_epoch) == 1
    assert await do(database, prices.get_epoch, base_currency="EUR") == 2


async def test_two_who_keep_at_once_lose_nothing(database: Database) -> None:
    """Forty writers of many tokens in opposite orders: no deadlock, the newest wins, one epoch for each change."""
    ids = [f"token-{number:02}" for number in range(30)]

    async def keep(number: int) -> int:
        order = ids if number % 2 else ids[::-1]
        quotes = [quote(each, str(number + 1), ago=-timedelta(seconds=number)) for each in order]
        return await do(database, prices.keep_latest, quotes)

    changed = await asyncio.gather(*[keep(number) for number in range(40)])
    found = await do(database, prices.find_latest, ids)
    assert {each.price for each in found.values()} == {Amount(40)}
    assert {each.at for each in found.values()} == {NOW + timedelta(seconds=39)}
    assert len(found) == 30
    assert set(changed) <= {0, 30}
    assert await do(database, prices.get_epoch) == sum(1 for each in changed if each)


# ---------------------------------------------------------------- a day before


async def test_the_change_of_a_day_is_exact(database: Database) -> None:
    await do(database, prices.keep_latest, [quote(price="101")], day_before=[quote(price="80", ago=DAY)])
    assert (await latest(database)).change_24h_percent == Amount("26.25")


@pytest.mark.parametrize("away", [HOUR, -HOUR])
async def test_a_price_of_another_time_is_not_that_of_a_day_before(
    database: Database, away: timedelta
) -> None:
    near, far = quote(ago=DAY + away), quote(ago=DAY + away + away / 3600)
    await do(database, prices.keep_latest, [quote()], day_before=[far, quote("ethereum", ago=DAY)])
    assert (await latest(database)).price_24h_before is None
    await do(database, prices.keep_latest, [quote()], day_before=[near])
    assert (await latest(database)).price_24h_before == Amount(5)


async def test_the_stored_day_before_stays_until_it_is_none_any_more(database: Database) -> None:
    await do(database, prices.keep_latest, [quote()], day_before=[quote(price="4", ago=DAY)])
    for minutes, expected in ((30, Amount(4)), (60, Amount(4)), (61, None)):
        await do(database, prices.keep_latest, [quote(price=str(minutes), ago=-minutes * MINUTE)])
        assert (await latest(database)).price_24h_before == expected
    assert await do(database, prices.get_epoch) == 4
    later = quote(price="61", ago=-62 * MINUTE)
    assert await do(database, prices.keep_latest, [later], day_before=[quote(price="3", ago=DAY - HOUR)]) == 1
    assert (await latest(database)).price_24h_before == Amount(3)


async def test_that_a_day_before_is_lost_is_a_change_too(database: Database) -> None:
    await do(database, prices.keep_latest, [quote()], day_before=[quote(price="4", ago=DAY)])
    assert await do(database, prices.keep_latest, [quote(ago=-61 * MINUTE)]) == 1
    assert (await latest(database)).price_24h_before is None
    assert await do(database, prices.get_epoch) == 2


async def test_history_is_asked_only_for_what_is_not_known_of_a_day_before(database: Database) -> None:
    quotes = [quote(), quote("ethereum")]
    minute = NOW.replace(second=0) - DAY
    both = (PricePoint("bitcoin", minute), PricePoint("ethereum", minute))
    assert await do(database, prices.list_wanted_day_before, []) == ()
    assert await do(database, prices.list_wanted_day_before, quotes) == both
    await do(database, prices.keep_latest, quotes, day_before=[quote(ago=DAY)])
    assert await do(database, prices.list_wanted_day_before, quotes) == both[1:]
    again = [quote(ago=-29 * MINUTE)]
    assert await do(database, prices.list_wanted_day_before, again) == ()
    late = [quote(ago=-31 * MINUTE)]
    assert await do(database, prices.list_wanted_day_before, late) == (
        PricePoint("bitcoin", minute + 31 * MINUTE),
    )
    # The same price, then and now: nothing changes, and yet it is known to be of that time.
    await do(database, prices.keep_latest, late, day_before=[quote(ago=DAY - 31 * MINUTE)])
    await do(database, prices.keep_latest, late, day_before=[quote(ago=DAY - 40 * MINUTE)])
    assert await do(database, prices.list_wanted_day_before, late) == ()
    assert await do(database, prices.get_epoch) == 1
    (row,) = await query(database.url, "SELECT * FROM latest_prices WHERE token_id = 'bitcoin'")
    assert row["price_24h_before_at"] == NOW - DAY + 40 * MINUTE


# ---------------------------------------------------------------- the past


async def test_the_nearest_price_within_an_hour_is_found(database: Database) -> None:
    at = NOW.replace(second=0)
    kept = [
        Quote("bitcoin", Amount(minutes + 1), at + minutes * MINUTE, "kraken") for minutes in (0, 10, 200)
    ]
    assert await do(database, prices.keep_historical, kept) == 3
    expected = {
        -61: None,
        -60: 1,
        0: 1,
        4: 1,
        5: 1,  # as near: the earlier
        6: 11,
        70: 11,
        71: None,
        140: 201,
        260: 201,
        261: None,
    }
    points = {minutes: PricePoint("bitcoin", at + minutes * MINUTE) for minutes in expected}
    found = await do(database, prices.find_at, [*points.values(), PricePoint("ethereum", at)])
    assert {minutes: found.get(point) and found[point].price for minutes, point in points.items()} == {
        minutes: None if price is None else Amount(price) for minutes, price in expected.items()
    }
    assert found[points[4]] == PriceAt("bitcoin", "USD", Amount(1), at, "kraken")
    assert PricePoint("ethereum", at) not in found
    assert await do(database, prices.find_at, []) == {}
    assert await do(database, prices.find_at, points.values(), base_currency="EUR") == {}


async def test_many_points_are_one_question(database: Database) -> None:
    points = [PricePoint(f"token-{number % 50}", NOW - number * HOUR) for number in range(2_000)]
    kept = [Quote(each, Amount(number + 1), at, "x") for number, (each, at) in enumerate(points)]
    assert await do(database, prices.keep_historical, kept) == 2_000
    asked: list[sa.Executable] = []

    class Counting(Uow):
        async def execute(self, statement: sa.Executable) -> sa.CursorResult[Any]:
            asked.append(statement)
            return await super().execute(statement)

    async def ask(uow: Uow) -> Mapping[PricePoint, PriceAt]:
        return await prices.find_at(Counting(uow.connection, now=uow.now, hasher=database.hasher), points)

    found = await database.execute(ask)
    assert {point: each.price for point, each in found.items()} == {
        point: quoted.price for point, quoted in zip(points, kept, strict=True)
    }
    assert len(asked) == 1


async def test_a_minute_keeps_the_price_it_got_first(database: Database) -> None:
    first = quote(price="5", source="manual")
    assert await do(database, prices.keep_historical, [first]) == 1
    again = [quote(price="6"), quote("ethereum"), quote(price="7", ago=timedelta(seconds=5))]
    assert await do(database, prices.keep_historical, again) == 1
    assert await do(database, prices.keep_historical, again) == 0
    assert await do(database, prices.keep_historical, []) == 0
    point = PricePoint("bitcoin", NOW)
    kept = (await do(database, prices.find_at, [point]))[point]
    assert (kept.price, kept.source, kept.at) == (Amount(5), "manual", NOW.replace(second=0))
    assert await do(database, prices.get_epoch) == 0


async def test_writers_of_the_same_past_do_not_meet_in_a_deadlock(database: Database) -> None:
    quotes = [quote(f"token-{number}") for number in range(50)]
    new = await asyncio.gather(
        *[do(database, prices.keep_historical, quotes[:: 1 if each % 2 else -1]) for each in range(20)]
    )
    assert sum(new) == 50


@given(seconds=st.integers(-59 * 60, 59 * 60), start=st.integers(0, 86_400))
def test_what_a_source_gives_for_an_instant_is_found_for_it(seconds: int, start: int) -> None:
    """A quote that is near enough to be believed is stored near enough to be found."""
    asked = NOW + timedelta(seconds=start)
    told = asked + timedelta(seconds=seconds)
    assert abs(told - asked) <= HISTORICAL_TOLERANCE
    assert abs(policy.minute_of(told) - asked) <= policy.NEAR


# ---------------------------------------------------------------- which tokens


async def test_tokens_that_are_mentioned_are_wanted_for_a_month(
    database: Database, clock: ManualClock
) -> None:
    assert await do(database, prices.list_wanted) == ()
    await do(database, prices.watch, [])
    await do(database, prices.watch, ["ethereum", "bitcoin", "bitcoin"])
    clock.advance(days=20)
    await do(database, prices.watch, ["bitcoin", "solana"])
    assert await do(database, prices.list_wanted) == ("bitcoin", "ethereum", "solana")
    clock.advance(days=10)
    assert await do(database, prices.list_wanted) == ("bitcoin", "solana")


async def test_wanted_tokens_come_page_by_page(database: Database) -> None:
    ids = [f"token-{number:02}" for number in range(25)]
    await do(database, prices.watch, ids[::-1])
    pages: list[tuple[str, ...]] = []
    while not pages or pages[-1]:
        after = pages[-1][-1] if pages else ""
        pages.append(await do(database, prices.list_wanted, after=after, limit=10))
    assert [len(page) for page in pages] == [10, 10, 5, 0]
    assert [each for page in pages for each in page] == ids


async def test_a_mention_is_written_once_an_hour_and_waits_for_nobody(
    database: Database, clock: ManualClock
) -> None:
    await do(database, prices.watch, ["bitcoin"])
    clock.advance(minutes=59)

    async def hold_and_watch(uow: Uow) -> None:
        await prices.watch(uow, ["bitcoin"])
        async with asyncio.timeout(5):  # while this transaction is open, another mentions the same token
            await do(database, prices.watch, ["bitcoin"])

    await database.execute(hold_and_watch)
    assert [row["last_wanted_at"] for row in await query(database.url, "SELECT * FROM price_watch")] == [NOW]
    clock.advance(minutes=1)
    await do(database, prices.watch, ["bitcoin"])
    assert [row["last_wanted_at"] for row in await query(database.url, "SELECT * FROM price_watch")] == [
        NOW + HOUR
    ]


async def test_many_may_mention_the_same_tokens_at_once(database: Database) -> None:
    ids = [f"token-{number}" for number in range(50)]
    await asyncio.gather(*[do(database, prices.watch, ids[:: 1 if each % 2 else -1]) for each in range(20)])
    assert set(await do(database, prices.list_wanted)) == set(ids)


async def test_pruning_takes_what_nobody_wants_and_leaves_the_past(
    database: Database, clock: ManualClock
) -> None:
    await do(database, prices.watch, ["bitcoin", "ethereum"])
    await do(database, prices.keep_latest, [quote(), quote("ethereum")])
    await do(database, prices.keep_historical, [quote("ethereum")])
    clock.advance(days=29)
    await do(database, prices.watch, ["bitcoin"])
    assert await do(database, prices.prune) == 0
    clock.advance(days=1)
    assert await do(database, prices.prune) == 2
    assert set(await do(database, prices.find_latest, ["bitcoin", "ethereum"])) == {"bitcoin"}
    assert await do(database, prices.get_epoch) == 2
    assert await do(database, prices.prune) == 0
    assert await do(database, prices.get_epoch) == 2
    point = PricePoint("ethereum", NOW)
    assert point in await do(database, prices.find_at, [point])


# ---------------------------------------------------------------- the whole step


async def test_refreshing_fetches_outside_and_keeps_inside_a_transaction(database: Database) -> None:
    """The step that the worker takes: what is wanted, what it costs, what it cost a day before, all of it kept."""
    servers = PriceServers()
    sources = tuple(servers.sources().values())
    await do(database, prices.watch, ["bitcoin", "ethereum", "no-such-token"])

    async def refresh() -> int:
        wanted = await do(database, prices.list_wanted)
        fetched = await fetch_current(sources, wanted, now=NOW)
        assert fetched.unknown == {"no-such-token"}
        quotes = list(fetched.quotes.values())
        points = await do(database, prices.list_wanted_day_before, quotes)
        before = await fetch_historical(sources, points, now=NOW)
        return await database.execute(
            partial(prices.keep_latest, quotes=quotes, day_before=list(before.quotes.values()))
        )

    assert await refresh() == 2
    found = await do(database, prices.find_latest, ["bitcoin", "ethereum", "no-such-token"])
    assert set(found) == {"bitcoin", "ethereum"}
    assert all(each.price_24h_before is not None for each in found.values())
    asked = len(servers.requests)
    assert await refresh() == 0
    assert (
        len(servers.requests) - asked == 2
    )  # nothing of a day before; the unknown token is asked of two sources
