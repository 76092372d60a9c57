"""Rpc: asks the nodes of one cluster (JSON-RPC 2.0), many calls at a time, and believes only nodes of that cluster."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from kryptos.infra.http_client.client import HttpClient
from kryptos.infra.http_client.upstream import Upstream
from kryptos.providers.chains.solana.chain import SolanaChain
from kryptos.providers.chains.solana.node_errors import (
    HistoryUnavailable,
    NodeAnsweredWithError,
    NodeBusy,
    WrongChain,
    error_of,
)
from kryptos.providers.chains.solana.wire import read
from kryptos.providers.contracts import CouldNotLook

_READABLE_STATUSES = frozenset({400, 404, 413, 422, 500})
"""Statuses under which nodes send error objects all the same."""
_TRIES_WHEN_BUSY = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call:
    """One method with its parameters."""

    method: str
    params: tuple[object, ...] = ()


@dataclass(slots=True)
class _Node:
    upstream: Upstream
    batch_calls: int
    is_of_chain: bool = False


@dataclass(slots=True)
class Rpc:
    """Asks the first node that answers, and stays with it. Keeps no answers."""

    http: HttpClient
    chain: SolanaChain
    upstreams: tuple[Upstream, ...]
    batch_calls: int
    turns: int = field(default=0, init=False)
    """How often another node had to stand in: lists of two nodes do not make one."""
    _nodes: list[_Node] = field(init=False)

    def __post_init__(self) -> None:
        self._nodes = [_Node(upstream, self.batch_calls) for upstream in self.upstreams]

    @property
    def shown(self) -> str:
        """The node being asked, as errors name it."""
        return self._nodes[0].upstream.shown if self._nodes else self.chain.name

    async def ask(self, method: str, *params: object) -> object:
        """Return the result of one call."""
        return (await self.ask_all([Call(method, params)]))[0]

    async def ask_all(self, calls: Sequence[Call]) -> list[object]:
        """Return the results in the order of the calls; raise the first error among them."""
        results = await self.try_all(calls)
        for result in results:
            if isinstance(result, NodeAnsweredWithError):
                raise result
        return results

    async def try_all(self, calls: Sequence[Call]) -> list[object]:
        """Return per call its result or the error that the node answered it with.

        A node that cannot be reached, is busy, forgot that part of the ledger or serves another cluster
        goes to the end of the line; the next is asked.
        """
        if not self._nodes:
            raise CouldNotLook(f"No node of {self.chain.name} is known: name one in the settings.")
        failure: CouldNotLook | None = None
        for _ in self._nodes:
            try:
                return await self._try_node(self._nodes[0], calls)
            except (NodeBusy, HistoryUnavailable, WrongChain) as error:
                failure = failure or error
            except NodeAnsweredWithError:
                raise
            except CouldNotLook as error:
                failure = error if failure is None or isinstance(failure, NodeBusy) else failure
            self.turn()
        raise failure or CouldNotLook(f"No node of {self.chain.name} answered.")

    def turn(self) -> None:
        """Go on with the next node, if there is one."""
        if self._nodes:
            self._nodes.append(self._nodes.pop(0))
            self.turns += 1

    def read(self, result: object, kind: type[T]) -> T:
        """Return a result in the form it should have; raise ``CouldNotLook``."""
        return read(result, kind, node=self.shown)

    async def _try_node(self, node: _Node, calls: Sequence[Call]) -> list[object]:
        if node.is_of_chain or self.chain.genesis is None:
            return await self._patiently(node, calls)
        # Told with the first answer, before any of it is believed: no round trip of its own.
        answers = await self._patiently(node, [Call("getGenesisHash"), *calls])
        said = answers.pop(0)
        # Some providers do not let anybody ask for it: those are believed.
        if not isinstance(said, NodeAnsweredWithError):
            genesis = self.read(said, str)
            if not genesis.startswith(self.chain.genesis):
                raise WrongChain(
                    f"{node.upstream.shown} serves another cluster (genesis {genesis[:8]}…), not {self.chain.name}: "
                    "correct the setting of its address."
                )
        node.is_of_chain = True
        return answers

    async def _patiently(self, node: _Node, calls: Sequence[Call]) -> list[object]:
        """Ask; what a busy node left out is asked again, after a pause, as long as it gets on."""
        results = await self._in_batches(node, calls)
        left, attempt = _busy(results), 1
        while left and attempt < _TRIES_WHEN_BUSY:
            await self.http.pause(attempt)
            again = await self._in_batches(node, [calls[at] for at in left])
            for at, result in zip(left, again, strict=True):
                results[at] = result
            attempt = 1 if len(_busy(results)) < len(left) else attempt + 1
            left = _busy(results)
        for result in results:
            if isinstance(result, NodeBusy | HistoryUnavailable):
                raise result
        return results

    async def _in_batches(self, node: _Node, calls: Sequence[Call]) -> list[object]:
        results: list[object] = []
        while len(results) < len(calls):
            batch = calls[len(results) : len(results) + node.batch_calls]
            answered = await self._send(node, batch)
            if answered is None:
                node.batch_calls = max(1, len(batch) // 2)
            else:
                results += answered
        return results

    async def _send(self, node: _Node, batch: Sequence[Call]) -> list[object] | None:
        """Send calls in one request; return None if the node does not take that many at once."""
        bodies = [
            {"jsonrpc": "2.0", "id": at, "method": call.method, "params": call.params}
            for at, call in enumerate(batch)
        ]
        answer = await self.http.ask(
            node.upstream,
            "POST",
            body=bodies if len(bodies) > 1 else bodies[0],
            readable_statuses=_READABLE_STATUSES,
        )
        if isinstance(answer.value, dict) and len(batch) > 1:
            error = error_of(answer.value.get("error"), method="a batch", node=node.upstream.shown)
            return [error for _ in batch] if isinstance(error, NodeBusy) else None
        items = answer.value if isinstance(answer.value, list) else [answer.value]
        by_id: dict[str, object] = {str(item.get("id")): item for item in items if isinstance(item, dict)}
        if len(batch) == 1 and len(items) == 1:
            by_id = {"0": items[0]}  # errors come with the id null when the request could not be read
        return [_result(by_id.get(str(at)), call, node) for at, call in enumerate(batch)]


def _busy(results: Sequence[object]) -> list[int]:
    """Return which of the calls the node was too busy for."""
    return [at for at, result in enumerate(results) if isinstance(result, NodeBusy)]


def _result(item: object, call: Call, node: _Node) -> object:
    if not isinstance(item, dict) or not ({"result", "error"} & item.keys()):
        raise CouldNotLook(f"{node.upstream.shown} left {call.method} without an answer.")
    if item.get("error") is not None:
        return error_of(item["error"], method=call.method, node=node.upstream.shown)
    return item.get("result")
