"""The ledger: labels by what moved, spam, and that what is read twice is there once."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kryptos.domains import integrations, ledger, prices
from kryptos.domains.clients import Mode
from kryptos.domains.integrations import Integration
from kryptos.domains.ledger import Kept, Leg, Order, Transaction, TransactionFilter, policy
from kryptos.infra.database import Database, Uow
from kryptos.kernel.amount import Amount
from kryptos.providers.contracts import Direction, ProviderTransaction
from kryptos.providers.prices.contracts import Quote
from tests.support.clock import ManualClock
from tests.support.connecting import ETHER, LURE, OBSCURE, PICTURE, USDC, happened, moved
from tests.support.queue import open_database, query

IN, OUT, FEE = Direction.INCOMING, Direction.OUTGOING, Direction.FEE
GAS = moved(FEE, ETHER, "0.01")


# ---------------------------------------------------------------- labels and spam


def legs(*movements: tuple[str, str]) -> list[Leg]:
    """Return legs: ``("incoming", "ETH")``; PIC is a collectible, FREE is taken for spam."""
    return [
        Leg(
            key=f"{number}",
            direction=direction,  # type: ignore[arg-type]
            asset=ledger.Asset(
                id=symbol,
                chain_id="ethereum",
                standard="erc721" if symbol.startswith("PIC") else "erc20",
                is_spam=symbol == "FREE",
            ),
            quantity=Decimal(1),
        )
        for number, (direction, symbol) in enumerate(movements)
    ]


LABELS: dict[tuple[tuple[str, str], ...], str] = {
    (): "Unknown",
    (("fee", "ETH"),): "Fee",
    (("incoming", "ETH"),): "Deposit",
    (("incoming", "FREE"),): "Spam",
    (("incoming", "FREE"), ("incoming", "ETH")): "Deposit",
    (("outgoing", "ETH"), ("fee", "ETH")): "Withdrawal",
    (("outgoing", "ETH"), ("incoming", "USDC"), ("fee", "ETH")): "Swap",
    (("outgoing", "ETH"), ("incoming", "ETH"), ("fee", "ETH")): "Transfer",
    (("outgoing", "ETH"), ("incoming", "PIC")): "NFT Buy",
    (("outgoing", "PIC"), ("incoming", "ETH")): "NFT Sell",
    (("outgoing", "PIC"), ("incoming", "PIC2")): "Swap",
}


@pytest.mark.parametrize("movements", LABELS, ids=lambda each: " ".join(" ".join(one) for one in each) or "-")
def test_what_moved_has_a_label(movements: tuple[tuple[str, str], ...]) -> None:
    assert policy.label_of(legs(*movements), has_failed=False) == LABELS[movements]
    assert policy.label_of(legs(*movements), has_failed=True) == "Failed"


@pytest.mark.parametrize(
    ("text", "is_lure"),
    [
        ("Visit free-usdc.com", True),
        ("$ ETH-bonus.top", True),
        ("t.me/airdrops", True),
        ("https://x.yz", True),
        ("Claim: aave", True),
        ("USD Coin", False),
        ("Wrapped Ether", False),
        ("yearn.finance", True),
        ("Claimant", False),
        (None, False),
        ("", False),
    ],
)
def test_a_name_that_lures_somewhere_is_an_advertisement(text: str | None, *, is_lure: bool) -> None:
    """A token of the catalogue is never asked: `yearn.finance` is known there."""
    assert policy.is_advertisement(text) is is_lure
    assert policy.is_advertisement("Coin", text) is is_lure


@given(text=st.text(max_size=200))
def test_what_a_contract_says_of_itself_can_always_be_stored_and_shown(text: str) -> None:
    plain = policy.plain_text(text)
    assert plain is None or (0 < len(plain) <= 80 and plain == policy.plain_text(plain))
    (plain or "").encode()
    assert not set(plain or "") & set("\x00\n\u202e\u200b\ufeff")


# ---------------------------------------------------------------- keeping


async def connected(database: Database, mode: Mode = Mode.SANDBOX, address: str = "0x1") -> Integration:
    async def work(uow: Uow) -> Integration:
        return await integrations.connect(
            uow,
            workspace_id="ws_1",
            mode=mode,
            user_id="user_1",
            client_id=None,
            provider="ethereum",
            category="blockchain",
            address=address,
            chains=("ethereum",),
        )

    return await database.execute(work)


async def keep(
    database: Database,
    mine: Integration,
    found: Sequence[ProviderTransaction],
    forgotten_above: int | None = None,
) -> Kept:
    async def work(uow: Uow) -> Kept:
        return await ledger.keep_transactions(
            uow, integration=mine, chain_id="ethereum", found=found, forgotten_above=forgotten_above
        )

    return await database.execute(work)


async def listed(database: Database, mode: Mode = Mode.SANDBOX) -> tuple[Transaction, ...]:
    async def work(uow: Uow) -> tuple[Transaction, ...]:
        page = await ledger.list_transactions(
            uow,
            workspace_id="ws_1",
            mode=mode,
            wanted=TransactionFilter(includes_spam=True),
            order=Order.ASCENDING,
            limit=100,
            offset=0,
        )
        return page.items

    return await database.execute(work)


async def entries(url: str) -> list[tuple[str, str, Decimal]]:
    found = await query(url, "SELECT asset_id, direction, quantity FROM ledger_entries ORDER BY 1, 2, 3")
    return [tuple(each) for each in found]


STORY = (
    happened(1, moved(IN, ETHER, "10")),
    happened(2, moved(OUT, ETHER, "1"), moved(IN, USDC, "2500"), GAS),
    happened(3, moved(OUT, USDC, "500"), GAS),
)


async def test_what_is_read_again_is_there_once_under_the_same_id(database_url: str) -> None:
    database = open_database(database_url, ManualClock())
    mine = await connected(database)
    assert await keep(database, mine, STORY) == Kept(added=3, removed=0)
    before = await listed(database), await entries(database_url)
    assert await keep(database, mine, STORY[1:]) == Kept(added=0, removed=0)
    assert await keep(database, mine, ()) == Kept(added=0, removed=0)
    assert (await listed(database), await entries(database_url)) == before
    assert len({each.id for each in before[0]}) == 3
    await database.close()


async def test_a_corrected_transaction_replaces_its_movements(database_url: str) -> None:
    database = open_database(database_url, ManualClock())
    mine = await connected(database)
    await keep(database, mine, STORY[:1])
    await keep(database, mine, [happened(1, moved(IN, ETHER, "7"))])
    assert await entries(database_url) == [("ethereum:native", "incoming", Decimal(7))]
    assert [leg.quantity for each in await listed(database) for leg in each.legs] == [7]
    await database.close()


async def test_the_same_transaction_of_two_accounts_is_two(database_url: str) -> None:
    database = open_database(database_url, ManualClock())
    one, two = await connected(database), await connected(database, address="0x2")
    await keep(database, one, STORY[:1])
    await keep(database, two, STORY[:1])
    found = await listed(database)
    assert len({each.id for each in found}) == 2
    assert len({each.platform_id for each in found}) == 1
    await database.close()


async def test_a_reorganisation_takes_back_what_was_above_it(database_url: str) -> None:
    database = open_database(database_url, ManualClock())
    mine, other = await connected(database), await connected(database, address="0x2")
    await keep(database, mine, STORY)
    await keep(database, other, STORY)
    again = happened(9, moved(IN, ETHER, "1"))
    assert await keep(database, mine, [again], forgotten_above=1) == Kept(added=1, removed=2)
    mine_now = [each.platform_id for each in await listed(database) if each.integration_id == mine.id]
    assert mine_now == [STORY[0].id, again.id]
    assert len([each for each in await listed(database) if each.integration_id == other.id]) == 3
    assert await keep(database, mine, (), forgotten_above=-1) == Kept(added=0, removed=2)
    orphans = await query(
        database_url,
        "SELECT 1 FROM ledger_entries e LEFT JOIN transactions t ON t.id = e.transaction_id WHERE t.id IS NULL",
    )
    assert orphans == []
    await database.close()


async def test_history_adds_up_exactly(database_url: str) -> None:
    database = open_database(database_url, ManualClock())
    mine = await connected(database)
    tiny, huge = Amount("1e-18"), Amount(2**256 - 1)
    story = (
        happened(1, moved(IN, OBSCURE, f"{huge}"), moved(IN, PICTURE, "1")),
        happened(2, moved(IN, OBSCURE, "1e-18"), moved(OUT, PICTURE, "1"), moved(OUT, USDC, "5")),
        happened(3, GAS, has_failed=True),
    )
    await keep(database, mine, story)

    async def work(uow: Uow) -> dict[tuple[str, str], Amount]:
        return await ledger.calculated_balances(uow, workspace_id="ws_1", mode=Mode.SANDBOX)

    found = {asset: quantity for (_, asset), quantity in (await database.execute(work)).items()}
    assert found == {
        f"ethereum:{OBSCURE.contract}": huge + tiny,
        f"ethereum:{PICTURE.contract}": Amount(0),
        f"ethereum:{USDC.contract}": Amount(-5),
        "ethereum:native": Amount("-0.01"),
    }

    async def contracts(uow: Uow) -> tuple[str, ...]:
        return await ledger.known_contracts(uow, integration_id=mine.id, chain_id="ethereum")

    assert set(await database.execute(contracts)) == {OBSCURE.contract, PICTURE.contract, USDC.contract}
    await database.close()


# ---------------------------------------------------------------- assets


async def test_the_catalogue_has_the_first_word_and_what_is_known_is_never_lost(database_url: str) -> None:
    database = open_database(database_url, ManualClock())

    async def kept(**changes: object) -> ledger.Asset:
        async def work(uow: Uow) -> ledger.Asset:
            ref = replace(OBSCURE, **changes)  # type: ignore[arg-type]
            found = await ledger.keep_assets(uow, refs=[ref])
            return found[ledger.asset_id(ref)]

        return await database.execute(work)

    bare = await kept(symbol=None, name=None, decimals=None)
    assert (bare.symbol, bare.name, bare.decimals) == (None, None, None)
    told = await kept()
    assert (told.symbol, told.name, told.decimals) == ("OBSC", "Obscure", 18)
    assert await kept(symbol=None, name=None, decimals=None) == told
    assert await kept(symbol="OTHER", name="Other", decimals=7) == told
    liar = await kept(contract=USDC.contract, symbol="SCAM", name="claim at evil.com", decimals=1)
    assert (liar.symbol, liar.token_id, liar.is_spam) == ("USDC", "usd-coin", False)
    lure = await kept(contract=LURE.contract, symbol=LURE.symbol, name=LURE.name)
    assert lure.is_spam
    await database.close()


async def test_a_name_learnt_later_is_judged_as_one_told_at_once(database_url: str) -> None:
    """A contract that is first silent and then lures somewhere must not stay among what is wanted."""
    database = open_database(database_url, ManualClock())

    async def work(uow: Uow) -> tuple[bool, bool]:
        silent = await ledger.keep_assets(uow, refs=[replace(LURE, symbol=None, name=None)])
        told = await ledger.keep_assets(uow, refs=[LURE])
        (before,), (after,) = silent.values(), told.values()
        return before.is_spam, after.is_spam

    assert await database.execute(work) == (False, True)
    await database.close()


# ---------------------------------------------------------------- prices of what moved


async def test_a_price_that_is_found_later_is_filled_in(database_url: str) -> None:
    database = open_database(database_url, ManualClock())
    mine = await connected(database, Mode.PRODUCTION)
    await keep(database, mine, [*STORY[:1], happened(4, moved(IN, OBSCURE, "1"))])
    first, second = await listed(database, Mode.PRODUCTION)
    assert first.is_missing_price
    assert first.legs[0].price is None

    async def unpriced(uow: Uow) -> dict[str, list[str]]:
        found = await ledger.list_unpriced(uow, limit=10)
        return {each: sorted(point.token_id for point in points) for each, points in found.items()}

    async def fill(uow: Uow) -> int:
        return await ledger.price_transactions(uow, ids=[first.id, second.id])

    async def learn(uow: Uow) -> None:
        await prices.keep_historical(uow, [Quote("ethereum", Amount("2500.123456789"), first.at, "test")])

    assert (await database.execute(unpriced))[first.id] == ["ethereum"]
    await database.execute(learn)
    assert await database.execute(fill) == 1
    first, second = await listed(database, Mode.PRODUCTION)
    assert (first.legs[0].price, first.is_missing_price) == (Decimal("2500.123456789"), False)
    assert (second.legs[0].price, second.is_missing_price) == (None, True)
    assert await database.execute(unpriced) == {}, "nobody seeks twice what no source knows"
    await database.close()
