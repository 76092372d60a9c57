"""Movements: what a transaction changed for a wallet as a whole; change that comes back is none."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from kryptos.kernel.amount import Amount
from kryptos.providers.chains.utxo.chain import UtxoChain
from kryptos.providers.chains.utxo.wire import Output, Transaction
from kryptos.providers.contracts import (
    AssetRef,
    CouldNotLook,
    Direction,
    Movement,
    ProviderTransaction,
    Standard,
)

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


def amount_of(units: int, decimals: int) -> Amount:
    """Return whole coins from smallest units, exactly."""
    return Amount(Decimal((0, tuple(map(int, str(units))), -decimals)))


@dataclass(slots=True)
class Record:
    """What is kept of a transaction while history is read: sums over the wallet's addresses, not its scripts."""

    id: str
    height: int
    block_hash: str
    seconds: int
    spent_by_all: int
    fee: int
    senders: tuple[str, ...]
    receivers: tuple[str, ...]
    received: int = 0
    spent: int = 0

    @property
    def net(self) -> int:
        """What the wallet has more (or less, below zero) after it."""
        return self.received - self.spent

    def add(self, transaction: Transaction, address: str) -> None:
        """Count what the transaction changed for one more address of the wallet."""
        self.received += sum(out.value for out in transaction.vout if out.scriptpubkey_address == address)
        self.spent += sum(
            each.prevout.value
            for each in transaction.vin
            if each.prevout is not None and each.prevout.scriptpubkey_address == address
        )


def record_of(transaction: Transaction, *, server: str) -> Record:
    """Return the record of a transaction in a block; raise ``CouldNotLook`` for one that cannot be."""
    status = transaction.status
    at = (status.block_height, status.block_hash, status.block_time)
    if not status.confirmed or at[0] is None or at[1] is None or at[2] is None:
        raise CouldNotLook(f"{server} gave a transaction without its block.")
    spent = [each.prevout for each in transaction.vin if each.prevout is not None]
    is_coinbase = any(each.is_coinbase for each in transaction.vin)
    spent_by_all = sum(out.value for out in spent)
    fee = 0 if is_coinbase else spent_by_all - sum(out.value for out in transaction.vout)
    if fee < 0 or (not is_coinbase and len(spent) < len(transaction.vin)):
        raise CouldNotLook(f"{server} gave a transaction whose sums do not fit.")
    return Record(
        id=transaction.txid,
        height=at[0],
        block_hash=at[1],
        seconds=at[2],
        spent_by_all=spent_by_all,
        fee=fee,
        senders=_parties(spent),
        receivers=_parties(transaction.vout),
    )


def _parties(outputs: tuple[Output, ...] | list[Output]) -> tuple[str, ...]:
    found = {out.scriptpubkey_address for out in outputs if out.scriptpubkey_address}
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
    """Give what came in, or what went out and the fee. Who paid only some of the inputs shared the fee: no own one."""
    asset = native_asset(chain)
    fee = record.fee if record.spent and record.spent == record.spent_by_all else 0
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
