"""Adapters under test over a model chain, a wallet with known addresses, and a ledger that keeps what they give."""

from typing import Literal

from kryptos.catalog.chains import get_chain
from kryptos.infra.http_client.upstream import Upstream
from kryptos.kernel.amount import Amount
from kryptos.providers.chains.utxo import UtxoAdapter, UtxoChain, UtxoLimits
from kryptos.providers.chains.utxo.chain import chain_of_row
from kryptos.providers.chains.utxo.wallet import branches_of
from kryptos.providers.contracts import Direction, ProviderTransaction, TransactionPage
from tests.providers.evm.reading import client_over
from tests.providers.utxo.blockbook_end import blockbook_answer
from tests.providers.utxo.model_chain import ModelChain

ZPUB = "zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs"
"""The account of BIP-84's test vectors."""
ADDRESS = "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu"
"""Its first address."""
GENESIS = "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"
SMALL = UtxoLimits(gap=3, page_transactions=2)


def bitcoin() -> UtxoChain:
    """Return the row of the chain under test, as the catalogue has it."""
    return chain_of_row(get_chain("bitcoin"))


def _derived(count: int) -> tuple[tuple[str, ...], ...]:
    branches = branches_of(ZPUB, bitcoin())
    return tuple(tuple(branch.address(index) or "" for index in range(count)) for branch in branches)


RECEIVE, CHANGE = _derived(45)
OWN = frozenset(RECEIVE + CHANGE)


Kind = Literal["esplora", "blockbook"]
KINDS: tuple[Kind, ...] = ("esplora", "blockbook")


def model(*, page_size: int = 3, speaks: Kind = "esplora") -> ModelChain:
    """Return a chain with nothing but its first block."""
    return ModelChain(
        own=OWN, genesis=GENESIS, page_size=page_size, speaks=speaks, blockbook=blockbook_answer
    )


def visible(chain: ModelChain, gap: int) -> set[str]:
    """Return the wallet's addresses that BIP-44's rule leads to, by a reading of its own."""
    used = {address for address in OWN if any(each.touches(address) for each in chain.transactions())}
    seen: set[str] = set()
    for branch in (RECEIVE, CHANGE):
        unused = 0
        for address in branch:
            if unused == gap:
                break
            seen.add(address)
            unused = 0 if address in used else unused + 1
    return seen


def adapter_of(chain: ModelChain, limits: UtxoLimits = SMALL) -> UtxoAdapter:
    """Return an adapter that reads the chain."""
    upstream = Upstream(name="Model", base_url="http://127.0.0.1:1", requests_per_window=10_000)
    return UtxoAdapter(
        bitcoin(),
        http=client_over(chain.transport()),
        servers=[upstream] if chain.speaks == "esplora" else [],
        blockbooks=[upstream] if chain.speaks == "blockbook" else [],
        limits=limits,
    )


class KeptLedger:
    """What a sync keeps: pages committed with their cursors, one after another."""

    def __init__(self) -> None:
        self.transactions: dict[str, ProviderTransaction] = {}
        self.cursor: str | None = None
        self.gaps: list[str] = []
        self.pages = 0
        self.is_complete = False

    def commit(self, page: TransactionPage) -> None:
        """Keep a page; a transaction must not come twice, and none before an older one."""
        if page.forget_above is not None:
            self.transactions = {
                id_: each
                for id_, each in self.transactions.items()
                if each.height is not None and each.height <= page.forget_above
            }
        newest = max((each.height or 0 for each in self.transactions.values()), default=0)
        for transaction in page.transactions:
            assert transaction.id not in self.transactions, "given twice"
            assert transaction.height is not None
            assert transaction.height >= newest
            newest = transaction.height
            self.transactions[transaction.id] = transaction
        self.cursor = page.cursor
        self.gaps += page.gaps
        self.pages += 1
        self.is_complete = page.is_last

    async def sync(self, adapter: UtxoAdapter, address: str = ZPUB) -> "KeptLedger":
        """Read on until nothing is left."""
        self.gaps = []
        self.is_complete = False
        while not self.is_complete:
            async for page in adapter.transactions(address, cursor=self.cursor):
                self.commit(page)
        return self

    def units(self) -> int:
        """Return what came in less what went out, in satoshis; it was never below zero."""
        total = Amount(0)
        for transaction in self.transactions.values():
            for movement in transaction.movements:
                assert movement.quantity > Amount(0)
                came = movement.direction is Direction.INCOMING
                total += movement.quantity if came else -movement.quantity
            assert total >= Amount(0)
        return int(total.decimal.scaleb(8))


async def held_units(adapter: UtxoAdapter, address: str = ZPUB) -> int:
    """Return the balance in satoshis."""
    items = (await adapter.balances(address)).items
    return sum(int(item.quantity.decimal.scaleb(8)) for item in items)
