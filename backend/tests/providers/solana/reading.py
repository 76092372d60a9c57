"""Adapters under test over a node of the test tree, and a ledger that keeps what they give."""

from collections.abc import Iterable
from contextlib import aclosing

import httpx

from kryptos.catalog.chains import get_chain
from kryptos.infra.http_client.upstream import Upstream
from kryptos.kernel.amount import Amount
from kryptos.providers.chains.solana import KnownToken, SolanaAdapter, SolanaLimits, chain_of_row
from kryptos.providers.contracts import Balances, Direction, ProviderTransaction, TransactionPage
from tests.providers.evm.reading import client_over
from tests.providers.solana.node import Node

AT_ONCE = SolanaLimits(settled_slots=0)
"""The node under test knows of every transaction at once: history and balances are as of one slot."""
SMALL = SolanaLimits(settled_slots=0, page_transactions=2, page_signatures=3, batch_calls=4)


def adapter_of(
    *nodes: Node, limits: SolanaLimits = AT_ONCE, known: Iterable[KnownToken] = ()
) -> SolanaAdapter:
    """Return an adapter that reads through the nodes, the first one first."""
    by_host = {f"node-{number}": node for number, node in enumerate(nodes)}
    upstreams = [
        Upstream(name=f"Solana {host}", base_url=f"http://{host}/secret-key", requests_per_window=100_000)
        for host in by_host
    ]
    transport = httpx.MockTransport(lambda request: by_host[request.url.host].handle(request))
    chain = chain_of_row(get_chain("solana"))
    return SolanaAdapter(
        chain, http=client_over(transport), nodes=upstreams, known_tokens=known, limits=limits
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
        """Keep a page; a transaction must not come twice, and a page is oldest first."""
        assert page.forget_above is None
        heights = [each.height or 0 for each in page.transactions]
        assert heights == sorted(heights)
        for transaction in page.transactions:
            assert transaction.id not in self.transactions, "given twice"
            self.transactions[transaction.id] = transaction
        self.cursor = page.cursor
        self.gaps += page.gaps
        self.pages += 1
        self.is_complete = page.is_last

    async def sync(self, adapter: SolanaAdapter, address: str) -> "KeptLedger":
        """Read on until nothing is left."""
        self.gaps = []
        self.is_complete = False
        while not self.is_complete:
            async for page in adapter.transactions(address, cursor=self.cursor):
                self.commit(page)
        return self

    async def one_page(self, adapter: SolanaAdapter, address: str) -> "KeptLedger":
        """Read one page and break off, as a process that dies after it committed one."""
        pages = adapter.transactions(address, cursor=self.cursor)
        async with aclosing(pages):  # type: ignore[type-var]
            self.commit(await anext(pages))
        return self

    def sums(self) -> dict[str, Amount]:
        """Return per asset (mint, or "native") what came in less what went out."""
        sums: dict[str, Amount] = {}
        for transaction in self.transactions.values():
            for movement in transaction.movements:
                key = movement.asset.contract or "native"
                assert movement.quantity > Amount(0)
                came = movement.direction is Direction.INCOMING
                sums[key] = sums.get(key, Amount(0)) + (movement.quantity if came else -movement.quantity)
        return {key: total for key, total in sums.items() if total}


def quantities(balances: Balances) -> dict[str, Amount]:
    """Return balances by mint, or "native"."""
    return {item.asset.contract or "native": item.quantity for item in balances.items}


def in_coins(truth: dict[str, int], node: Node) -> dict[str, Amount]:
    """Return smallest units in whole ones, by the mints' own decimals."""
    return {
        what: Amount(units) / Amount(10 ** (9 if what == "native" else node.cluster.decimals(what)))
        for what, units in truth.items()
    }
