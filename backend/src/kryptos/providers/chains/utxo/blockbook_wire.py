"""What a Blockbook server sends (trezor/blockbook, ``docs/api.md``, API V2): amounts are texts, in smallest units."""

from typing import Annotated

import msgspec

from kryptos.providers.chains.utxo.wire import Count, Hash, Seconds

Units = Annotated[str, msgspec.Meta(pattern="^[0-9]{1,30}$")]
Change = Annotated[str, msgspec.Meta(pattern="^-?[0-9]{1,30}$")]


class BlockbookState(msgspec.Struct, frozen=True, rename="camel"):
    """What a server serves and how far it is."""

    coin: str
    best_height: Count
    initial_sync: bool = False


class BlockbookStatus(msgspec.Struct, frozen=True):
    """The server's own part of its status."""

    blockbook: BlockbookState


class BlockbookIndex(msgspec.Struct, frozen=True, rename="camel"):
    """The hash of a block; empty where the server does not know it."""

    block_hash: str = ""


class BlockbookInput(msgspec.Struct, frozen=True, rename="camel"):
    """What was spent; a coinbase spends no transaction's output."""

    txid: str = ""
    addresses: tuple[str, ...] | None = None
    is_address: bool = False
    value: Units | None = None


class BlockbookOutput(msgspec.Struct, frozen=True, rename="camel"):
    """Value and where it went. ``addresses`` may hold words; they are addresses where ``is_address`` says so."""

    value: Units
    addresses: tuple[str, ...] | None = None
    is_address: bool = False


class BlockbookTransaction(msgspec.Struct, frozen=True, rename="camel"):
    """A transaction; one that waits for its block has no confirmations, no hash and the height -1."""

    txid: Hash
    vin: tuple[BlockbookInput, ...]
    vout: tuple[BlockbookOutput, ...]
    block_height: int
    confirmations: Count
    block_time: Seconds
    block_hash: Hash | None = None
    fees: Units | None = None
    hex: str | None = None


class BlockbookAddress(msgspec.Struct, frozen=True, rename="camel"):
    """An address, and a page of its transactions if they were asked for."""

    address: str
    balance: Units
    txs: Count
    unconfirmed_txs: Count = 0
    total_received: Units = "0"
    total_sent: Units = "0"
    unconfirmed_balance: Change | None = None
    page: Count = 0
    items_on_page: Count = 0
    transactions: tuple[BlockbookTransaction, ...] | None = None
