"""Connected accounts of realistic size: many people who hold a few assets, and one with a very long history."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec

from benchmarks.bulk import Bulk, Row, write_rows
from benchmarks.seeding import Person
from kryptos.catalog.labels import LABELS
from kryptos.catalog.tokens import list_tokens
from kryptos.domains.clients import Mode
from kryptos.domains.ledger import Asset, Leg, LegDirection
from kryptos.domains.ledger.policy import LEGS_VERSION, is_nft, label_of, transaction_id
from kryptos.kernel.ids import new_id, system_random

HOLDINGS = 20
_CHAIN = "ethereum"
_WALLETS = 4
"""Connections of the person with the long history; each was read by itself, so neighbours in time lie apart."""
_TRADED = 40
_EVERY = timedelta(minutes=8)
_SPAM_EVERY, _UNPRICED_EVERY = 50, 100
_COUNTERPARTIES = 500


def known_assets(count: int) -> tuple[Asset, ...]:
    """Return the native asset and some tokens that the catalogue knows a price's name for."""
    tokens = [each for each in list_tokens(_CHAIN) if each.token_id and each.decimals is not None]
    native = Asset(
        id=f"{_CHAIN}:native",
        chain_id=_CHAIN,
        standard="native",
        symbol="ETH",
        name="Ether",
        decimals=18,
        token_id=_CHAIN,
    )
    return (
        native,
        *(
            Asset(
                id=f"{_CHAIN}:{each.contract}",
                chain_id=_CHAIN,
                standard="erc20",
                contract=each.contract,
                symbol=each.symbol,
                name=each.name,
                decimals=each.decimals,
                token_id=each.token_id,
            )
            for each in tokens[: count - 1]
        ),
    )


async def add_holdings(url: str, people: Sequence[Person]) -> None:
    """Give each of these people a connected account with ``HOLDINGS`` priced assets in it."""
    bulk = Bulk(datetime.now(UTC))
    assets = known_assets(_TRADED)
    for number, asset in enumerate(assets):
        bulk.add("assets", **msgspec.structs.asdict(asset), created_at=bulk.now)
        bulk.add(
            "latest_prices",
            token_id=asset.token_id,
            price=_price(number),
            at=bulk.now,
            price_24h_before=_price(number) * Decimal("0.97"),
            price_24h_before_at=bulk.now - timedelta(days=1),
            source="benchmark",
            updated_at=bulk.now,
        )
    for person_number, person in enumerate(people):
        wallet = _add_wallet(bulk, person, total_transactions=0)
        for number, asset in enumerate(assets[:HOLDINGS]):
            bulk.add(
                "balances",
                integration_id=wallet,
                asset_id=asset.id,
                workspace_id=person.workspace_id,
                mode=Mode.PRODUCTION.value,
                chain_id=_CHAIN,
                quantity=_quantity(person_number + number),
                height=20_000_000,
                seen_at=bulk.now,
            )
    await bulk.write(url)


async def add_history(url: str, person: Person, transactions: int) -> None:
    """Give a person that many transactions over a few connected accounts, about three movements each."""
    bulk = Bulk(datetime.now(UTC))
    share = transactions // _WALLETS
    wallets = [_add_wallet(bulk, person, total_transactions=share) for _ in range(_WALLETS)]
    await bulk.write(url)
    history = _History(person, wallets, share, bulk.now)
    await write_rows(url, {"transactions": history.transactions(), "ledger_entries": history.entries()})


def _add_wallet(bulk: Bulk, person: Person, *, total_transactions: int) -> str:
    wallet = bulk.new_id("wallet")
    bulk.add(
        "integrations",
        id=wallet,
        workspace_id=person.workspace_id,
        mode=Mode.PRODUCTION.value,
        user_id=person.user_id,
        provider="ethereum",
        category="wallet",
        address=_address(wallet),
        chains=[_CHAIN],
        status="completed",
        generation=0,
        total_transactions=total_transactions,
        failures=0,
        added_at=bulk.now,
        last_synced_at=bulk.now,
    )
    return wallet


@dataclass(frozen=True, slots=True)
class _Happening:
    """A transaction and what moved in it."""

    id: str
    wallet: str
    number: int
    at: datetime
    is_spam: bool
    legs: tuple[Leg, ...]


class _History:
    """Writes the same history twice: as transactions, and as the entries that they are made of."""

    def __init__(self, person: Person, wallets: Sequence[str], share: int, now: datetime) -> None:
        self._person = person
        self._wallets = wallets
        self._share = share
        self._now = now
        self._assets = known_assets(_TRADED)
        self._others = [_address(new_id("other", now, system_random)) for _ in range(_COUNTERPARTIES)]

    def transactions(self) -> Iterator[Row]:
        """Yield rows of the table of transactions."""
        for each in self._happenings():
            label = label_of(each.legs, has_failed=False)
            yield {
                "id": each.id,
                "workspace_id": self._person.workspace_id,
                "mode": Mode.PRODUCTION.value,
                "integration_id": each.wallet,
                "chain_id": _CHAIN,
                "platform_id": _hash(each.wallet, each.number),
                "height": 10_000_000 + each.number,
                "at": each.at,
                "label": label,
                "type": LABELS[label],
                "has_failed": False,
                "is_spam": each.is_spam,
                "is_nft": any(map(is_nft, each.legs)),
                "is_manual": False,
                "is_edited": False,
                "is_missing_price": any(leg.price is None for leg in each.legs),
                "currencies": sorted(
                    {name for leg in each.legs for name in (leg.asset.id, leg.asset.token_id) if name}
                ),
                "legs": msgspec.json.encode(each.legs),
                "legs_version": LEGS_VERSION,
                "generation": 0,
            }

    def entries(self) -> Iterator[Row]:
        """Yield rows of the table of entries."""
        for each in self._happenings():
            for leg in each.legs:
                yield {
                    "transaction_id": each.id,
                    "key": leg.key,
                    "workspace_id": self._person.workspace_id,
                    "mode": Mode.PRODUCTION.value,
                    "integration_id": each.wallet,
                    "asset_id": leg.asset.id,
                    "direction": leg.direction,
                    "quantity": leg.quantity,
                }

    def _happenings(self) -> Iterator[_Happening]:
        for place, wallet in enumerate(self._wallets):
            for number in range(self._share):
                is_spam = number % _SPAM_EVERY == place
                yield _Happening(
                    id=transaction_id(wallet, _CHAIN, _hash(wallet, number)),
                    wallet=wallet,
                    number=number,
                    at=self._now - _EVERY * (len(self._wallets) * (self._share - number) + place),
                    is_spam=is_spam,
                    legs=self._legs(number, is_spam=is_spam),
                )

    def _legs(self, number: int, *, is_spam: bool) -> tuple[Leg, ...]:
        """Return what moved: most often a swap and its fee, now and then something that only came or went."""
        assets, other = self._assets, self._others[number % len(self._others)]
        came, went = assets[1 + number % (_TRADED - 1)], assets[(number // 7) % _TRADED]
        is_priced = number % _UNPRICED_EVERY != 0

        def leg(key: str, direction: LegDirection, asset: Asset, seed: int) -> Leg:
            return Leg(
                key=key,
                direction=direction,
                asset=asset,
                quantity=_quantity(seed),
                price=_price(seed) if is_priced else None,
                counterparty=None if direction == "fee" else other,
            )

        if is_spam:
            return (leg("0", "incoming", came, number),)
        fee = leg("fee", "fee", assets[0], number * 3)
        if number % 5 == 0:
            return leg("0", "outgoing", went, number), fee
        if came is went:
            return leg("0", "incoming", came, number), fee
        return (
            leg("0", "outgoing", went, number),
            leg("1", "incoming", came, number + 1),
            *((leg("2", "incoming", assets[0], number + 2),) if number % 5 == 1 else ()),
            fee,
        )


def _quantity(seed: int) -> Decimal:
    """Return a quantity with as many digits as wallets really hold."""
    return Decimal(1_000_000_007 * (seed + 1) % 999_999_937_000_000_003).scaleb(-12)


def _price(seed: int) -> Decimal:
    return Decimal(7_919 * (seed + 1) % 4_000_037 + 1).scaleb(-3)


def _address(text: str) -> str:
    return f"0x{transaction_id(text, '', '').removeprefix('trx_'):0<40}"


def _hash(wallet: str, number: int) -> str:
    return f"0x{transaction_id(wallet, 'hash', str(number)).removeprefix('trx_') * 2}"
