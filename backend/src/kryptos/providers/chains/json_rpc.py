"""JsonRpc: asks the nodes of one chain (JSON-RPC 2.0), many calls at a time, and believes only nodes of that chain."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from kryptos.infra.http_client.client import HttpClient
from kryptos.infra.http_client.upstream import Upstream
from kryptos.providers.contracts import CouldNotLook, ProviderRefused

_READABLE_STATUSES = frozenset({400, 404, 413, 422, 500})
"""Statuses under which nodes send error objects all the same."""
_TRIES_WHEN_BUSY = 3
_SHOWN = 200
"""Signs of a node's own words that are shown."""


class NodeAnsweredWithError(CouldNotLook):
    """The node answered with a JSON-RPC error object."""


class NodeBusy(NodeAnsweredWithError):
    """The node was asked too often, or lags behind: asking again a little later helps."""


class WrongChain(ProviderRefused):
    """The node serves another chain: nothing that it says counts."""


def without_addresses(text: str) -> str:
    """Return the text without URLs: a node may quote the one it was asked by, key and all."""
    return re.sub(r"\w+://\S+", "[address]", " ".join(text.split()))


@dataclass(frozen=True, slots=True)
class ErrorSaid:
    """What an error object says: its code, its text, and a sentence about it that can be shown."""

    code: object
    said: str
    data: object
    message: str


def read_error(error: object, *, method: str, node: str) -> ErrorSaid:
    """Return what an error object says, whatever form it has."""
    fields: Mapping[str, object] = error if isinstance(error, Mapping) else {}
    code, said = fields.get("code"), str(fields.get("message") or "no reason given")
    message = f"{node} answered {method} with an error: {without_addresses(said)[:_SHOWN]} ({code})."
    return ErrorSaid(code, said, fields.get("data"), message)


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


class JsonRpc(ABC):
    """Asks the first node that answers, and stays with it. Keeps no answers. Each family says what its nodes mean."""

    ELSEWHERE: ClassVar[tuple[type[CouldNotLook], ...]] = (NodeBusy, WrongChain)
    """Errors of one node that another may not have."""

    def __init__(
        self, http: HttpClient, *, chain_name: str, upstreams: Sequence[Upstream], batch_calls: int
    ) -> None:
        self.http = http
        self.turns = 0
        """How often another node had to stand in: lists of two nodes do not make one."""
        self._chain_name = chain_name
        self._nodes = [_Node(upstream, batch_calls) for upstream in upstreams]

    @property
    def node_count(self) -> int:
        """How many nodes there are to ask."""
        return len(self._nodes)

    @property
    @abstractmethod
    def identity(self) -> Call | None:
        """The call that tells which chain a node serves; None: any node is believed."""

    @abstractmethod
    def check_identity(self, said: object, *, node: str) -> None:
        """Raise ``WrongChain`` if that is not this chain."""

    @abstractmethod
    def error_of(self, error: object, *, method: str, node: str) -> NodeAnsweredWithError:
        """Return the error that an error object stands for."""

    @property
    def shown(self) -> str:
        """The node being asked, as errors name it."""
        return self._nodes[0].upstream.shown if self._nodes else self._chain_name

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

        A node that cannot be reached, or has an error of ``ELSEWHERE``, goes to the end of the line; the next is asked.
        """
        if not self._nodes:
            raise CouldNotLook(f"No node of {self._chain_name} is known: name one in the settings.")
        failure: CouldNotLook | None = None
        for _ in self._nodes:
            try:
                return await self._try_node(self._nodes[0], calls)
            except self.ELSEWHERE as error:
                failure = failure or error
            except NodeAnsweredWithError:
                raise
            except CouldNotLook as error:
                failure = error if failure is None or isinstance(failure, NodeBusy) else failure
            self.turn()
        raise failure or CouldNotLook(f"No node of {self._chain_name} answered.")

    def turn(self) -> None:
        """Go on with the next node, if there is one."""
        if self._nodes:
            self._nodes.append(self._nodes.pop(0))
            self.turns += 1

    async def _try_node(self, node: _Node, calls: Sequence[Call]) -> list[object]:
        if node.is_of_chain or (identity := self.identity) is None:
            return await self._patiently(node, calls)
        # Told with the first answer, before any of it is believed: no round trip of its own.
        answers = await self._patiently(node, [identity, *calls])
        self.check_identity(answers.pop(0), node=node.upstream.shown)
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
            if isinstance(result, self.ELSEWHERE):
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
        shown = node.upstream.shown
        if isinstance(answer.value, dict) and len(batch) > 1:
            error = self.error_of(answer.value.get("error"), method="a batch", node=shown)
            return [error for _ in batch] if isinstance(error, NodeBusy) else None
        items = answer.value if isinstance(answer.value, list) else [answer.value]
        by_id: dict[str, object] = {str(item.get("id")): item for item in items if isinstance(item, dict)}
        if len(batch) == 1 and len(items) == 1:
            by_id = {"0": items[0]}  # errors come with the id null when the request could not be read
        return [self._result(by_id.get(str(at)), call, shown) for at, call in enumerate(batch)]

    def _result(self, item: object, call: Call, node: str) -> object:
        if not isinstance(item, dict) or not ({"result", "error"} & item.keys()):
            raise CouldNotLook(f"{node} left {call.method} without an answer.")
        if item.get("error") is not None:
            return self.error_of(item["error"], method=call.method, node=node)
        return item.get("result")


def _busy(results: Sequence[object]) -> list[int]:
    """Return which of the calls the node was too busy for."""
    return [at for at, result in enumerate(results) if isinstance(result, NodeBusy)]
