"""The portfolio: worth on exact amounts, what was seen, and renderings that never show what is over."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from kryptos.domains import integrations, portfolio
from kryptos.domains.clients import Mode
from kryptos.domains.integrations import Integration
from kryptos.domains.ledger import Asset
from kryptos.domains.portfolio import Holdings, Rendering, Variant, worth
from kryptos.domains.portfolio.worth import Quote
from kryptos.infra.database import Database, Uow
from kryptos.infra.database.reader import Reader
from kryptos.kernel.amount import Amount
from kryptos.providers.contracts import Balance, Balances
from tests.support.clock import ManualClock
from tests.support.connecting import ETHER, OBSCURE, USDC, holds
from tests.support.queue import eventually, open_database, query

ETH = Asset(id="ethereum:native", chain_id="ethereum", standard="native")
AMOUNTS = st.integers(0, 10**30).map(lambda units: Amount(units) / Amount(10**18))


# ---------------------------------------------------------------- worth


@given(parts=st.dictionaries(st.text(min_size=1, max_size=3), AMOUNTS, min_size=1, max_size=5), price=AMOUNTS)
def test_a_holding_is_the_sum_of_its_parts(parts: dict[str, Amount], price: Amount) -> None:
    found = worth.holding(ETH, parts, Quote(price, None), {})
    assert sum((each.quantity for each in found.held_by), start=Amount(0)) == found.quantity
    assert found.value == found.quantity * price
    quantities = [each.quantity for each in found.held_by]
    assert quantities == sorted(quantities, reverse=True)
    if found.quantity:
        shares = sum(
            (each.share.decimal.quantize(Decimal("1e-20")) for each in found.held_by), start=Decimal(0)
        )
        assert abs(shares - 100) < Decimal("1e-18")


def test_an_unknown_price_is_unknown_everywhere() -> None:
    found = worth.holding(ETH, {"a": Amount(5)}, None, {"a": "ethereum"})
    assert (found.price, found.value, found.change_24h, found.value_24h_before) == (None, None, None, None)
    assert worth.total_value([found]) is None
    assert worth.total_change([found]) is None
    assert worth.total_value([]) is None


def test_a_price_of_a_day_before_that_is_unknown_or_nothing_makes_no_change() -> None:
    assert worth.change(Amount(5), None) is None
    assert worth.change(Amount(5), Amount(0)) is None
    assert worth.change(Amount(6), Amount(5)) == Amount(20)
    assert worth.change(Amount(0), Amount(5)) == Amount(-100)


def test_totals_leave_out_what_has_no_price_and_changes_what_has_no_second() -> None:
    items = [
        worth.holding(ETH, {"a": Amount(2)}, Quote(Amount(110), Amount(100)), {}),
        worth.holding(ETH, {"a": Amount(1)}, Quote(Amount(1000), None), {}),
        worth.holding(ETH, {"a": Amount(7)}, None, {}),
    ]
    assert worth.total_value(items) == Amount(1220)
    assert worth.total_change(items) == Amount(10)
    assert [each.value for each in sorted(items, key=worth.by_worth)] == [Amount(1000), Amount(220), None]


def test_parts_that_cancel_out_are_a_holding_of_nothing() -> None:
    found = worth.holding(ETH, {"a": Amount(5), "b": Amount(-5)}, Quote(Amount(3), None), {})
    assert (found.quantity, found.value) == (Amount(0), Amount(0))
    assert [each.share for each in found.held_by] == [Amount(0), Amount(0)]


# ---------------------------------------------------------------- what was seen


async def connected(database: Database) -> Integration:
    async def work(uow: Uow) -> Integration:
        # Nothing is kept of a workspace that is not there.
        await uow.execute(sa.text("INSERT INTO workspaces VALUES ('ws_1', 'Mine', 'USD', now())"))
        return await integrations.connect(
            uow,
            workspace_id="ws_1",
            mode=Mode.SANDBOX,
            user_id="user_1",
            client_id=None,
            provider="ethereum",
            category="blockchain",
            address="0x1",
            chains=("ethereum",),
        )

    return await database.execute(work)


async def see(
    database: Database,
    mine: Integration,
    *items: Balance,
    gaps: tuple[str, ...] = (),
    silent: tuple[str, ...] = (),
    looked_at: tuple[str, ...] = (),
) -> None:
    async def work(uow: Uow) -> None:
        found = Balances(height=7, items=items, gaps=gaps, silent=silent)
        await portfolio.keep_balances(
            uow, integration=mine, chain_id="ethereum", found=found, looked_at=looked_at
        )

    await database.execute(work)


async def held(database: Database) -> dict[str | None, Amount]:
    async def work(uow: Uow) -> Holdings:
        return await portfolio.get_holdings(
            uow, workspace_id="ws_1", mode=Mode.SANDBOX, variant=Variant(includes_spam=True)
        )

    return {each.asset.symbol: each.quantity for each in (await database.execute(work)).items}


async def test_what_is_seen_replaces_what_was_seen(database_url: str) -> None:
    database = open_database(database_url, ManualClock())
    mine = await connected(database)
    await see(database, mine, holds(ETHER, "1"), holds(USDC, "5"))
    await see(database, mine, holds(ETHER, "2"), holds(USDC, "0"))
    assert await held(database) == {"ETH": Amount(2)}
    await see(database, mine)
    assert await held(database) == {}
    await database.close()


async def test_what_was_not_looked_at_stays_as_it_was_last_seen(database_url: str) -> None:
    """Could not look is never nothing there."""
    database = open_database(database_url, ManualClock())
    mine = await connected(database)
    await see(database, mine, holds(ETHER, "1"), holds(USDC, "5"), holds(OBSCURE, "7"))
    await see(database, mine, holds(ETHER, "2"), holds(OBSCURE, "0"), gaps=("Some tokens were not read.",))
    assert await held(database) == {"ETH": Amount(2), "USDC": Amount(5)}
    await database.close()


async def test_a_contract_that_was_asked_and_told_nothing_stays_as_it_was_last_seen(
    database_url: str,
) -> None:
    database = open_database(database_url, ManualClock())
    mine = await connected(database)
    await see(database, mine, holds(ETHER, "1"), holds(USDC, "5"), holds(OBSCURE, "7"))
    asked = (str(USDC.contract), str(OBSCURE.contract))
    silent = (str(USDC.contract),)
    await see(database, mine, gaps=("USDC told nothing.",), silent=silent, looked_at=asked)
    assert await held(database) == {"USDC": Amount(5)}, "the rest was looked at, and is not there"
    await database.close()


# ---------------------------------------------------------------- renderings


def rendering(write: Callable[[Holdings], bytes]) -> Callable[[Uow], Awaitable[Rendering]]:
    async def work(uow: Uow) -> Rendering:
        return await portfolio.render(
            uow, workspace_id="ws_1", mode=Mode.SANDBOX, variant=Variant(), form="test", write=write
        )

    return work


def count(holdings: Holdings) -> bytes:
    return str(len(holdings.items)).encode()


async def found(reader: Reader, *, form: str = "test", variant: Variant | None = None) -> bytes | None:
    rider = portfolio.RENDERING
    grant_and_client = "(VALUES ('ws_1')) g (workspace_id) CROSS JOIN (VALUES ('sandbox')) c (mode)"
    statement = f"SELECT {rider.columns} FROM {grant_and_client} {rider.joins}"
    numbered = statement.replace("$3", "$1").replace("$4", "$2")
    row = await reader.fetchrow(numbered, (variant or Variant()).name, form)
    kept = portfolio.ridden_rendering(row or {})
    return None if kept is None else kept.body


async def test_a_rendering_is_found_until_something_that_it_shows_has_changed(database_url: str) -> None:
    database, reader = open_database(database_url, ManualClock()), Reader(database_url, size=1)
    mine = await connected(database)
    assert await found(reader) is None
    await database.execute(rendering(count))
    assert await found(reader) == b"0"
    assert await found(reader, form="another") is None
    assert await found(reader, variant=Variant(includes_spam=True)) is None
    await see(database, mine, holds(ETHER, "1"))
    assert await found(reader) is None
    await database.execute(rendering(count))
    assert await found(reader) == b"1"
    await reader.close()
    await database.close()


async def test_of_what_is_removed_no_rendering_stays_not_even_one_under_way(database_url: str) -> None:
    database = open_database(database_url, ManualClock())
    mine = await connected(database)
    await see(database, mine, holds(ETHER, "1"))
    rendered, may_end = asyncio.Event(), asyncio.Event()

    async def slowly(uow: Uow) -> None:
        await rendering(count)(uow)
        rendered.set()
        await may_end.wait()

    async def remove(uow: Uow) -> None:
        await portfolio.remove_balances(uow, integration=mine)

    async def waits() -> bool:
        waiting = (
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return removal.done() or bool(await query(database_url, waiting))

    render = asyncio.create_task(database.execute(slowly))
    await rendered.wait()
    removal = asyncio.create_task(database.execute(remove))
    await eventually(waits, what="the removal waits, or has not waited")
    may_end.set()
    await asyncio.gather(render, removal)
    assert await query(database_url, "SELECT 1 FROM holdings_renderings") == []
    await database.close()
