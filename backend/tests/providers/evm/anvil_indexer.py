"""An indexer over a real node: its lists come from the node's own traces, in Etherscan's form."""

from collections.abc import Iterator, Mapping

import httpx

from kryptos.infra.http_client.upstream import Upstream
from kryptos.providers.chains.evm import Indexer, IndexerKind
from kryptos.providers.chains.evm.abi import TRANSFER, topic_of
from tests.providers.evm.anvil import Anvil
from tests.providers.evm.toy_indexer import said

Row = dict[str, str]


class AnvilIndexer(httpx.AsyncBaseTransport):
    """The way to a real node, and to an indexer of it at the host ``indexer``."""

    indexer = Indexer(IndexerKind.ETHERSCAN, Upstream(name="Anvil's indexer", base_url="http://indexer/api"))

    def __init__(self, node: Anvil, inner: httpx.AsyncBaseTransport) -> None:
        self._node = node
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer as the indexer, or let the node answer."""
        if request.url.host != "indexer":
            return await self._inner.handle_async_request(request)
        params = request.url.params
        if params["module"] == "proxy":
            asked = [params["tag"], False] if "tag" in params else []
            result = self._node.rpc(params["action"], *asked)
            return httpx.Response(200, json={"jsonrpc": "2.0", "id": 1, "result": result})
        rows = {"txlist": self._sent, "txlistinternal": self._internals, "tokentx": self._tokens}
        address, page, size = params["address"], int(params["page"]), int(params["offset"])
        listed = [
            row
            for height in range(int(params["startblock"]), int(params["endblock"]) + 1)
            for row in rows[params["action"]](height, address)
        ]
        given = listed[(page - 1) * size : page * size]
        return said(given, status="1") if given else said([], message="No transactions found")

    def _sent(self, height: int, address: str) -> Iterator[Row]:
        block = self._node.rpc("eth_getBlockByNumber", *[hex(height), True])
        assert isinstance(block, dict)
        for each in block["transactions"]:
            if address in {each["from"], each["to"]}:
                yield {"blockNumber": str(height), "hash": each["hash"]}

    def _internals(self, height: int, address: str) -> Iterator[Row]:
        traces = self._node.rpc("trace_block", hex(height))
        assert isinstance(traces, list)
        for trace in traces:
            row = _internal(trace)
            if row is not None and address in {row["from"], row["to"]}:
                yield row | {"blockNumber": str(height)}

    def _tokens(self, height: int, address: str) -> Iterator[Row]:
        me = topic_of(address)
        for topics in ([TRANSFER, me], [TRANSFER, None, me]):
            query = {"fromBlock": hex(height), "toBlock": hex(height), "topics": topics}
            logs = self._node.rpc("eth_getLogs", query)
            assert isinstance(logs, list)
            for log in logs:
                yield {"blockNumber": str(height), "hash": log["transactionHash"]}


def _internal(trace: Mapping[str, object]) -> Row | None:
    """Return a trace as a row; None for the transaction itself, which is another list's."""
    action, place = trace["action"], trace["traceAddress"]
    assert isinstance(action, dict)
    assert isinstance(place, list)
    if not place:
        return None
    return {
        "hash": str(trace["transactionHash"]),
        "from": action["from"],
        "to": action.get("to", ""),
        "value": str(int(action["value"], 16)),
        "type": action.get("callType", trace["type"]),
        "traceId": "_".join(map(str, place)),
        "isError": "1" if trace.get("error") else "0",
    }
