"""Movements: what a transaction changed for a wallet as a whole; change that comes back is none."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from kryptos.providers.chains.coins import amount_of
from kryptos.providers.chains.utxo.answers import Coin, MinedTransaction
from kryptos.providers.chains.utxo.chain import UtxoChain
from kryptos.providers.contracts import AssetRef, Direction, Movement, ProviderTransaction, Standard

_PARTIES_KEPT = 8
"""With more addresses on a side than that, none of them is named as the counterparty."""


def native_asset(chain: UtxoChain) -> AssetRef:
    """Return the chain's coin."""
    return AssetRef(
        chain_id=chain.id,
        standard=Standard.NATIVE,
        contract=None,
        symbol=chain.symbol,
        name=chain.coin_name,
        decimals=chain.decimals,
    )


@dataclass(slots=True)
class Record:
    """What is kept of a transaction while history is read: sums over the wallet's addresses, not its scripts."""

    id: str
    height: int
    block_hash: str
    seconds: int
    spent_by_all: int
    fee: int | None
    senders: tuple[str, ...]
    receivers: tuple[str, ...]
    received: int = 0
    spent: int = 0

    @property
    def net(self) -> int:
        """What the wallet has more (or less, below zero) after it."""
        return self.received - self.spent

    def add(self, transaction: MinedTransaction, address: str) -> None:
        """Count what the transaction changed for one more address of the wallet."""
        self.received += sum(coin.units for coin in transaction.outputs if coin.address == address)
        self.spent += sum(coin.units for coin in transaction.inputs if coin.address == address)


def record_of(transaction: MinedTransaction) -> Record:
    """Return the record of a transaction; where value is unseen, nobody who is seen is the other side."""
    return Record(
        id=transaction.id,
        height=transaction.height,
        block_hash=transaction.block_hash,
        seconds=transaction.seconds,
        spent_by_all=sum(coin.units for coin in transaction.inputs),
        fee=transaction.fee,
        senders=() if transaction.has_unseen else _parties(transaction.inputs),
        receivers=() if transaction.has_unseen else _parties(transaction.outputs),
    )


def _parties(coins: tuple[Coin, ...]) -> tuple[str, ...]:
    found = {coin.address for coin in coins if coin.address}
    return tuple(sorted(found)) if len(found) <= _PARTIES_KEPT else ()


def told_of_record(record: Record, chain: UtxoChain, own: Container[str]) -> ProviderTransaction:
    """Return a record as its transaction; ``own`` are the wallet's addresses."""
    return ProviderTransaction(
        id=record.id,
        height=record.height,
        at=datetime.fromtimestamp(record.seconds, UTC),
        has_failed=False,
        movements=tuple(_movements(record, chain, own)),
    )


def _movements(record: Record, chain: UtxoChain, own: Container[str]) -> Iterator[Movement]:
    """Give what came in, or what went out and the fee.

    Who paid only some of the inputs shared the fee: no own one. A fee that is not known stays in what went out.
    """
    asset = native_asset(chain)
    fee = record.fee if record.fee and record.spent and record.spent == record.spent_by_all else 0
    units = record.net + fee
    if units > 0:
        yield Movement(
            key="native",
            direction=Direction.INCOMING,
            asset=asset,
            quantity=amount_of(units, chain.decimals),
            counterparty=_only_other(record.senders, own),
        )
    elif units < 0:
        yield Movement(
            key="native",
            direction=Direction.OUTGOING,
            asset=asset,
            quantity=amount_of(-units, chain.decimals),
            counterparty=_only_other(record.receivers, own),
        )
    if fee:
        yield Movement(
            key="fee",
            direction=Direction.FEE,
            asset=asset,
            quantity=amount_of(fee, chain.decimals),
            counterparty=None,
        )


def _only_other(parties: tuple[str, ...], own: Container[str]) -> str | None:
    others = [party for party in parties if party not in own]
    return others[0] if len(others) == 1 else None
