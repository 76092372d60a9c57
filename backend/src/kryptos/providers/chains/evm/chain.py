"""EvmChain: what the adapter must know of a chain before it asks a node, and how much it may ask."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NativeCoin:
    """What the chain pays its fees in."""

    symbol: str
    name: str
    decimals: int = 18


@dataclass(frozen=True, slots=True)
class KnownToken:
    """A token of the catalogue: looked at even where its transfers cannot be searched."""

    contract: str
    symbol: str | None = None
    name: str | None = None
    decimals: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvmLimits:
    """How much one stage may ask of a node; what lies beyond is told as a gap, or left to the next read."""

    batch_calls: int = 50
    """Calls in one JSON-RPC batch; halved for a node that takes fewer."""
    contracts_per_call: int = 300
    """Contracts read by one ``eth_call``."""
    discovery_log_calls: int = 200
    """``eth_getLogs`` calls to find held tokens, newest blocks first."""
    history_log_calls: int = 2_000
    """``eth_getLogs`` calls of one read of history; the next read goes on behind them."""
    state_calls: int = 4_000
    """``eth_getBalance`` and ``eth_getTransactionCount`` calls to find the blocks in which native value moved."""
    full_blocks: int = 256
    """Blocks read in full where the state of old blocks cannot be asked for: the newest ones."""
    page_transactions: int = 200
    """Transactions after which a page is handed over; a block is never split."""
    page_log_ranges: int = 50
    """Ranges without a transaction after which an empty page is handed over all the same, to save the cursor."""
    indexer_rows: int = 20_000
    """Rows of each of an indexer's lists that one read of history takes; the next read goes on behind them."""
    indexer_margin_seconds: int = 120
    """Blocks younger than that, seen from the newest one an indexer knows, are left to the next read: indexers write
    what happened inside of contracts later than the block."""
    indexer_lag_seconds: int = 3_600
    """An indexer that is further behind the node is passed over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvmChain:
    """One chain. Addresses may be in any capitals."""

    id: str
    """Id in the catalogue: ``ethereum``."""
    number: int
    """Chain id of EIP-155, which every node is asked for before it is believed."""
    name: str
    native: NativeCoin
    multicall3: str | None = None
    """Where Multicall3 stands; None where it does not."""
    wrapped_native: str | None = None
    """The contract that wraps the native coin as WETH9 does: it tells of wrapping in events of its own."""
    indexer_setting: str | None = None
    """The setting that would name an indexer, where there is one: gaps tell a person to use it."""
