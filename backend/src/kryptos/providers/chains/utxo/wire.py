"""What an Esplora server sends, checked field by field (Blockstream/esplora, ``API.md``); amounts are satoshis."""

from typing import Annotated, TypeVar

import msgspec

from kryptos.providers.contracts import CouldNotLook

Hash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Count = Annotated[int, msgspec.Meta(ge=0)]
Units = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]

T = TypeVar("T")


class Stats(msgspec.Struct, frozen=True):
    """Sums over the transactions of an address."""

    tx_count: Count
    funded_txo_sum: Units
    spent_txo_sum: Units


class AddressStats(msgspec.Struct, frozen=True):
    """An address: what is in blocks, and what waits."""

    address: str
    chain_stats: Stats
    mempool_stats: Stats


class Block(msgspec.Struct, frozen=True):
    """A block's place on the chain."""

    id: Hash
    height: Count


class Output(msgspec.Struct, frozen=True):
    """Value and where it went; scripts without an address have none."""

    value: Units
    scriptpubkey_address: str | None = None


class Input(msgspec.Struct, frozen=True):
    """What was spent; a coinbase spends nothing."""

    prevout: Output | None = None
    is_coinbase: bool = False


class Status(msgspec.Struct, frozen=True):
    """The block that holds a transaction."""

    confirmed: bool
    block_height: Count | None = None
    block_hash: Hash | None = None
    block_time: Annotated[int, msgspec.Meta(ge=0, lt=2**32)] | None = None


class Transaction(msgspec.Struct, frozen=True):
    """A transaction with all that it spends."""

    txid: Hash
    vin: tuple[Input, ...]
    vout: tuple[Output, ...]
    status: Status


def read(value: object, kind: type[T], *, server: str) -> T:
    """Return the value as ``kind``; raise ``CouldNotLook`` naming the field that has another form."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise CouldNotLook(f"{server} gave an answer of another form than it should: {error}.") from error
