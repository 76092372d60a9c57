"""The toy chain once more, by the API that Etherscan began: in the three forms in which others speak it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx

from kryptos.infra.http_client.upstream import Upstream
from kryptos.providers.chains.evm import Indexer, IndexerKind
from tests.providers.evm.toy_chain import PERSON, TOKEN, VAULT, Fault, ToyChain

KEY = "s3cret-0123456789"
_BASES = {
    IndexerKind.ETHERSCAN: f"http://etherscan/v2/api?apikey={KEY}",
    IndexerKind.BLOCKSCOUT: "http://blockscout/",
    IndexerKind.ROUTESCAN: f"http://routescan/network/evm/1/etherscan/api?apikey={KEY}",
}
_PATHS = {
    IndexerKind.ETHERSCAN: "/v2/api",
    IndexerKind.BLOCKSCOUT: "/api",
    IndexerKind.ROUTESCAN: "/network/evm/1/etherscan/api",
}

Row = dict[str, str]


def said(result: object, *, status: str = "0", message: str = "NOTOK") -> httpx.Response:
    """Return an answer in Etherscan's envelope; by default an error, with its reason where results would be."""
    return httpx.Response(200, json={"status": status, "message": message, "result": result})


@dataclass
class ToyIndexer:
    """Knows all of a chain but its newest blocks, and what moved inside of transactions a little later still."""

    chain: ToyChain
    kind: IndexerKind = IndexerKind.ETHERSCAN
    behind: int = 0
    internals_behind: int = 0
    most_rows: int = 10_000
    fault: Fault = lambda _: None
    requests: int = 0
    asked: list[dict[str, str]] = field(default_factory=list)

    @property
    def upstream(self) -> Upstream:
        """Where it is asked."""
        return Upstream(
            name=f"Toy {self.kind}", base_url=_BASES[self.kind], requests_per_window=10_000, attempts=1
        )

    @property
    def indexer(self) -> Indexer:
        """What an adapter is made with."""
        return Indexer(self.kind, self.upstream)

    @property
    def newest(self) -> int:
        """Its newest block."""
        return len(self.chain.blocks) - 1 - self.behind

    def fail_after(self, requests: int, fault: Fault) -> None:
        """Answer some more requests as it should be, and then no longer."""
        last = self.requests + requests
        self.fault = lambda request: fault(request) if self.requests > last else None

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer a request, or fail."""
        self.requests += 1
        params = dict(request.url.params)
        self.asked.append(params)
        if (instead := self.fault(request)) is not None:
            return instead
        if self.kind is IndexerKind.BLOCKSCOUT:
            if request.url.path == "/api/eth-rpc":
                call = json.loads(request.content)
                return self._reply(self._as_node(call["method"], call["params"]))
        elif params.get("apikey") != KEY:
            return said("Invalid API Key")
        assert request.url.path == _PATHS[self.kind]
        if self.kind is IndexerKind.ETHERSCAN and params.get("chainid") != str(self.chain.number):
            return said("Missing or unsupported chainid parameter (required for v2 api)")
        if params["module"] == "proxy":
            return self._reply(self._as_node(params["action"], [params.get("tag", "")]))
        return self._list(params)

    def _as_node(self, method: str, params: list[str]) -> object:
        return (
            hex(self.newest)
            if method == "eth_blockNumber"
            else {"hash": self.chain.hash_of(int(params[0], 16))}
        )

    @staticmethod
    def _reply(result: object) -> httpx.Response:
        return httpx.Response(200, json={"jsonrpc": "2.0", "id": 0, "result": result})

    def _list(self, params: dict[str, str]) -> httpx.Response:
        assert params["sort"] == "asc"
        rows = {"txlist": self._sent, "txlistinternal": self._internals, "tokentx": self._tokens}
        first, last = int(params["startblock"]), int(params["endblock"])
        size = min(int(params["offset"]), self.most_rows)
        start = (int(params["page"]) - 1) * size
        if start + size > 10_000:
            return said(
                None,
                message="Result window is too large, PageNo x Offset size must be less than or equal to 10000",
            )
        listed = [row for row in rows[params["action"]]() if first <= int(row["blockNumber"]) <= last]
        given = listed[start : start + size]
        return said(given, status="1", message="OK") if given else said([], message="No transactions found")

    def _places(self, newest: int) -> Iterator[tuple[int, int]]:
        for height in range(min(newest + 1, len(self.chain.blocks))):
            for index in range(len(self.chain.blocks[height])):
                yield height, index

    def _row(self, height: int, index: int) -> Row:
        transaction = self.chain.transaction(height, index)
        return {
            "blockNumber": str(height),
            "hash": str(transaction["hash"]),
            "from": str(transaction["from"]),
            "to": str(transaction["to"]),
            "value": str(int(str(transaction["value"]), 16)),
        }

    def _sent(self) -> list[Row]:
        rows = [self._row(*place) for place in self._places(self.newest)]
        return [row for row in rows if PERSON in {row["from"], row["to"]}]

    def _tokens(self) -> list[Row]:
        places = [place for place in self._places(self.newest) if self.chain.has_log(*place)]
        return [self._row(*place) | {"contractAddress": TOKEN} for place in places]

    def _internals(self) -> list[Row]:
        rows = []
        for height, index in self._places(self.newest - self.internals_behind):
            deed = self.chain.blocks[height][index]
            whole = self._row(height, index)
            name = whole.pop("hash")
            base = whole | {
                "isError": "1" if deed.fails else "0",
                "type": "call",
                "from": VAULT,
                "to": PERSON,
            }
            for place, units in enumerate(deed.inner):
                row = base | {"value": str(units)}
                if self.kind is IndexerKind.BLOCKSCOUT:
                    row |= {"transactionHash": name, "index": str(place + 1), "callType": "call"}
                else:
                    row |= {"hash": name, "traceId": f"0_{place}"}
                rows.append(row)
            if self.kind is IndexerKind.BLOCKSCOUT and deed.inner:
                rows.append(
                    base | {"transactionHash": name, "index": "99", "callType": "delegatecall", "value": "7"}
                )
        return rows


def route(chain: ToyChain, *indexers: ToyIndexer) -> httpx.MockTransport:
    """Return the way to a node and to indexers, by their names."""
    handlers = {"node": chain.handle, **{str(each.kind): each.handle for each in indexers}}

    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.host not in handlers:
            raise httpx.ConnectError("nobody there")
        return handlers[request.url.host](request)

    return httpx.MockTransport(handle)
