"""SolanaChain: what the adapter must know of a cluster before it asks a node, and how much it may ask at once."""

from dataclasses import dataclass

from kryptos.catalog.chains import Chain


@dataclass(frozen=True, slots=True)
class NativeCoin:
    """What the cluster pays its fees in."""

    symbol: str = "SOL"
    name: str = "Solana"
    decimals: int = 9


@dataclass(frozen=True, slots=True)
class KnownToken:
    """A token of the catalogue: its mint's names, which no token account tells."""

    contract: str
    symbol: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SolanaLimits:
    """How much is asked of a node at once."""

    batch_calls: int = 20
    """Calls in one JSON-RPC batch; halved for a node that takes fewer."""
    page_transactions: int = 100
    """Transactions after which a page is handed over; a slot is never split."""
    page_signatures: int = 1_000
    """Signatures of one account asked for at once; nodes give no more than 1,000."""
    kept_signatures: int = 50_000
    """Signatures of all accounts kept in memory: with many accounts, fewer of each are asked for at once."""
    settled_slots: int = 32
    """History is read up to that many slots before the newest finalized one: nodes, and those behind one address
    each in its own time, list a transaction a little after it is final. What is newer comes with the next read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SolanaChain:
    """One cluster."""

    id: str
    """Id in the catalogue: ``solana``."""
    name: str
    genesis: str | None
    """How the hash of its genesis begins, as CAIP-2 writes it (32 letters); None: any cluster is believed."""
    native: NativeCoin = NativeCoin()


def chain_of_row(row: Chain) -> SolanaChain:
    """Return what the catalogue knows of a chain; raise ``ValueError`` for one that this adapter cannot read."""
    if row.family != "solana":
        raise ValueError(f"{row.id} is no chain of the Solana family")
    return SolanaChain(
        id=row.id,
        name=row.public_name,
        genesis=row.caip2.removeprefix("solana:"),
        native=NativeCoin(row.native.symbol, row.native.name, row.native.decimals),
    )
