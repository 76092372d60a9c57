"""What an Esplora server sends (Blockstream/esplora, ``API.md``); amounts are satoshis."""

from typing import Annotated

import msgspec

from kryptos.providers.chains.utxo.wire import Count, Hash, Seconds

Units = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]


class EsploraStats(msgspec.Struct, frozen=True):
    """Sums over the transactions of an address."""

    tx_count: Count
    funded_txo_sum: Units
    spent_txo_sum: Units


class EsploraAddress(msgspec.Struct, frozen=True):
    """An address: what is in blocks, and what waits."""

    address: str
    chain_stats: EsploraStats
    mempool_stats: EsploraStats


class EsploraBlock(msgspec.Struct, frozen=True):
    """A block's place on the chain."""

    id: Hash
    height: Count


class EsploraOutput(msgspec.Struct, frozen=True):
    """Value and where it went; scripts without an address have none."""

    value: Units
    scriptpubkey_address: str | None = None


class EsploraInput(msgspec.Struct, frozen=True):
    """What was spent; a coinbase spends nothing."""

    prevout: EsploraOutput | None = None
    is_coinbase: bool = False


class EsploraStatus(msgspec.Struct, frozen=True):
    """The block that holds a transaction."""

    confirmed: bool
    block_height: Count | None = None
    block_hash: Hash | None = None
    block_time: Seconds | None = None


class EsploraTransaction(msgspec.Struct, frozen=True):
    """A transaction with all that it spends."""

    txid: Hash
    vin: tuple[EsploraInput, ...]
    vout: tuple[EsploraOutput, ...]
    status: EsploraStatus
