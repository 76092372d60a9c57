"""Every server of every chain, as one function of the host that is asked; and a registry over it."""

import asyncio
import json
from collections.abc import Mapping

import httpx

from kryptos.catalog import Chain, list_chains
from kryptos.infra.http_client.client import HttpClient
from kryptos.providers.registry import Registry
from tests.support.clock import ManualClock

USED = {
    "eth_getTransactionCount": "0x1",
    "eth_getBalance": "0x0",
    "eth_getCode": "0x",
}
UNUSED = {**USED, "eth_getTransactionCount": "0x0"}


class ToyUpstreams:
    """Answers as EVM nodes, by host; whoever is not in ``nodes`` cannot be reached. Keeps what was asked, in order."""

    def __init__(self, nodes: Mapping[str, dict[str, str]] | None = None) -> None:
        self.nodes = dict(nodes or {})
        self.asked: list[httpx.URL] = []
        self.slept: list[float] = []
        self.turns = 1  # of the loop, until an answer is there
        self.in_flight = 0
        self.most_in_flight = 0
        self.clock = ManualClock()
        self.client = HttpClient(
            clock=self.clock,
            sleep=self._sleep,
            chance=bytes,
            transport=httpx.MockTransport(self._answer),
        )

    @property
    def hosts(self) -> list[str]:
        """Hosts that were asked, in order."""
        return [url.host for url in self.asked]

    def registry(
        self,
        upstreams: Mapping[str, str] | None = None,
        *,
        sandbox_nodes: Mapping[str, str] | None = None,
        etherscan_key: str | None = None,
    ) -> Registry:
        """Return a registry that asks here."""
        return Registry(
            self.client, upstreams or {}, sandbox_nodes=sandbox_nodes or {}, etherscan_key=etherscan_key
        )

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock.advance(seconds=seconds)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            for _ in range(self.turns):
                await asyncio.sleep(0)
            return self._said(request)
        finally:
            self.in_flight -= 1

    def _said(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url)
        node = self.nodes.get(request.url.host)
        if node is None:
            raise httpx.ConnectError(f"no way to {request.url}")
        calls = json.loads(request.content)
        return httpx.Response(
            200,
            json=[{"jsonrpc": "2.0", "id": call["id"], "result": node[call["method"]]} for call in calls],
        )


def node_of(row: Chain, results: Mapping[str, str] = USED) -> dict[str, str]:
    """Return what a node of an EVM chain knows of an address."""
    assert row.chain_id is not None
    return {**results, "eth_chainId": hex(row.chain_id)}


def rows_of(family: str) -> list[Chain]:
    """Return the chains of a family."""
    return [row for row in list_chains() if row.family == family]
