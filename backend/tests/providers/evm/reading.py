"""Adapters under test, over a transport that counts and interferes; and a ledger that keeps what they give."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import httpx

from kryptos.infra.http_client.client import HttpClient
from kryptos.infra.http_client.upstream import Upstream
from kryptos.kernel.amount import Amount
from kryptos.providers.chains.evm import EvmAdapter, EvmChain, EvmLimits, Indexer, KnownToken, NativeCoin
from kryptos.providers.contracts import Direction, ProviderTransaction, TransactionPage
from tests.support.clock import ManualClock

Interference = Callable[[dict[str, object]], dict[str, object] | None]
"""Takes one call, gives the error object (or another result) that stands in for its answer, or None."""


class CountingTransport(httpx.AsyncBaseTransport):
    """Counts every JSON-RPC call by method; lets a test answer some of them in the node's place."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner
        self.calls: Counter[str] = Counter()
        self.blocks: list[int] = []
        self.interfere: Interference = lambda _: None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on."""
        sent = json.loads(request.content)
        calls = sent if isinstance(sent, list) else [sent]
        for call in calls:
            self.calls[call["method"]] += 1
            if call["method"] == "eth_getBlockByNumber" and call["params"][1]:
                self.blocks.append(int(call["params"][0], 16))
        response = await self._inner.handle_async_request(request)
        instead = {call["id"]: given for call in calls if (given := self.interfere(call)) is not None}
        if not instead:
            return response
        answers = json.loads(await response.aread())
        items = answers if isinstance(answers, list) else [answers]
        items = [
            {"jsonrpc": "2.0", "id": item["id"], **instead[item["id"]]} if item["id"] in instead else item
            for item in items
        ]
        return httpx.Response(response.status_code, json=items if isinstance(answers, list) else items[0])

    async def aclose(self) -> None:
        """Close what is inside."""
        await self._inner.aclose()

    @property
    def total(self) -> int:
        """Calls so far."""
        return sum(self.calls.values())

    def reset(self) -> None:
        """Count from zero again."""
        self.calls.clear()
        self.blocks.clear()


class Patience:
    """Sleeps in no time: moves the clock, and remembers."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self.slept: list[float] = []

    async def __call__(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self._clock.advance(seconds=seconds)


def client_over(transport: httpx.AsyncBaseTransport, *, clock: ManualClock | None = None) -> HttpClient:
    """Return a client without chance whose time stands still but for its own pauses."""
    clock = clock or ManualClock(datetime(2024, 5, 1, tzinfo=UTC))
    return HttpClient(clock=clock, sleep=Patience(clock), chance=bytes, transport=transport)


def chain_row(*, multicall3: str | None = None, wrapped_native: str | None = None) -> EvmChain:
    """Return the row of the chain under test."""
    return EvmChain(
        id="testchain",
        number=1,
        name="Testchain",
        native=NativeCoin("ETH", "Ether"),
        multicall3=multicall3,
        wrapped_native=wrapped_native,
        indexer_setting="KRYPTOS_INDEXER_TESTCHAIN",
    )


def adapter_over(
    transport: httpx.AsyncBaseTransport,
    url: str = "http://127.0.0.1:1/",
    *,
    row: EvmChain | None = None,
    limits: EvmLimits | None = None,
    known: Iterable[KnownToken] = (),
    nodes: int = 1,
    indexers: Iterable[Indexer] = (),
) -> EvmAdapter:
    """Return an adapter that reads through the transport."""
    upstreams = [
        Upstream(name=f"Testchain node {number}", base_url=url, requests_per_window=10_000)
        for number in range(nodes)
    ]
    return EvmAdapter(
        row or chain_row(),
        http=client_over(transport),
        nodes=upstreams,
        known_tokens=known,
        limits=limits,
        indexers=indexers,
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
        """Keep a page; a transaction must not come twice."""
        if page.forget_above is not None:
            kept = self.transactions.items()
            self.transactions = {id_: each for id_, each in kept if (each.height or 0) <= page.forget_above}
        for transaction in page.transactions:
            assert transaction.id not in self.transactions, "given twice"
            self.transactions[transaction.id] = transaction
        self.cursor = page.cursor
        self.gaps += page.gaps
        self.pages += 1
        self.is_complete = page.is_last

    async def sync(self, adapter: EvmAdapter, address: str) -> "KeptLedger":
        """Read on until nothing is left."""
        self.gaps = []
        self.is_complete = False
        while not self.is_complete:
            async for page in adapter.transactions(address, cursor=self.cursor):
                self.commit(page)
        return self

    def sums(self) -> dict[str, Amount]:
        """Return per asset (contract in small letters, or "native") what came in less what went out."""
        sums: dict[str, Amount] = {}
        for transaction in self.transactions.values():
            for movement in transaction.movements:
                key = (movement.asset.contract or "native").lower()
                assert movement.quantity > Amount(0)
                came = movement.direction is Direction.INCOMING
                sums[key] = sums.get(key, Amount(0)) + (movement.quantity if came else -movement.quantity)
        return {key: total for key, total in sums.items() if total}
