"""Indexer: a service that knows which transactions touched an address, asked by the API that Etherscan began.

Sources: the API pages of Etherscan (v2) and Routescan, and Blockscout's pages on its RPC and ETH RPC ends.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, TypeVar
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import msgspec

from kryptos.infra.http_client.client import HttpClient
from kryptos.infra.http_client.upstream import Upstream
from kryptos.providers.chains.evm.node_errors import error_of
from kryptos.providers.chains.evm.quantity import number_of
from kryptos.providers.chains.evm.wire import Hash
from kryptos.providers.chains.json_rpc import NodeBusy, without_addresses
from kryptos.providers.contracts import CouldNotLook, ProviderRefused

_ROWS_AT_ONCE = 1_000
"""Etherscan gives no more without a paid plan, others up to ten times as many."""
_TRIES_WHEN_BUSY = 3
_SHOWN = 200
_SHORTEST_KEY = 8
"""What is shorter, a chain's number say, is no key."""
_BUSY = re.compile(
    r"rate limit|max(?:imum)? calls|too many|try again|time.?out|not yet been processed", re.IGNORECASE
)
_REFUSED = re.compile(
    r"api.?key|not supported|unsupported|upgrade|deprecated|plan\b|forbidden|unauthori[sz]ed", re.IGNORECASE
)
_NOTHING = re.compile(r"no (?:[a-z]+ )+found", re.IGNORECASE)

T = TypeVar("T")
Digits = Annotated[str, msgspec.Meta(pattern="^[0-9]{1,78}$")]


class IndexerKind(StrEnum):
    """Whose API it is; the first one is asked first."""

    ETHERSCAN = "etherscan"
    BLOCKSCOUT = "blockscout"
    ROUTESCAN = "routescan"


@dataclass(frozen=True, slots=True)
class Indexer:
    """An indexer of one chain.

    The upstream's base URL is where its kind of API begins: Etherscan's and Routescan's own address of it, a
    Blockscout's root. What it has for a query (``?apikey=…``) goes with every request, and is never shown.
    """

    kind: IndexerKind
    upstream: Upstream


class IndexerFailed(Exception):
    """The indexer could not be asked, or is not to be believed; ``failure`` says why. Another one may do."""

    def __init__(self, failure: CouldNotLook) -> None:
        super().__init__(failure.message)
        self.failure = failure


class ListedTransaction(msgspec.Struct, frozen=True, rename="camel"):
    """A row of ``txlist`` or ``tokentx``, as far as it matters: receipts tell the rest."""

    block_number: Digits
    hash: str

    @property
    def transaction(self) -> str:
        """The hash, or what stands in its place: ``GENESIS_…`` for what an account began with."""
        return self.hash


class ListedInternal(msgspec.Struct, frozen=True, rename="camel"):
    """A row of ``txlistinternal``: Etherscan and Routescan name its place in ``traceId``, Blockscout in ``index``."""

    block_number: Digits
    value: Digits
    sender: str = msgspec.field(name="from")
    to: str | None = None
    contract_address: str | None = None
    type: str = "call"
    call_type: str = ""
    hash: str = ""
    transaction_hash: str = ""
    trace_id: str | None = None
    index: str | None = None
    is_error: str = "0"

    @property
    def transaction(self) -> str:
        """The hash of the transaction in which it happened."""
        return self.hash or self.transaction_hash


R = TypeVar("R", ListedTransaction, ListedInternal)


class _Envelope(msgspec.Struct, frozen=True):
    result: object
    status: str | None = None
    message: str | None = None

    @property
    def says_nothing(self) -> bool:
        """Whether it says that there is nothing, which comes with the status of an error."""
        return not self.result and _NOTHING.match(self.message or "") is not None


class _NamedBlock(msgspec.Struct, frozen=True):
    hash: Hash


class IndexerApi:
    """Asks one indexer of one chain; raises ``IndexerFailed``. Keeps no answers."""

    def __init__(self, http: HttpClient, indexer: Indexer, *, chain_number: int) -> None:
        self._http = http
        self._kind = indexer.kind
        self._fixed: dict[str, str] = {}
        self._secrets: tuple[str, ...] = ()
        self._upstream = self._without_query(indexer)
        if indexer.kind is IndexerKind.ETHERSCAN:
            self._fixed["chainid"] = str(chain_number)

    def _without_query(self, indexer: Indexer) -> Upstream:
        """Return where to ask; a query would otherwise be lost with the first parameter."""
        upstream = indexer.upstream
        try:
            parts = urlsplit(upstream.base_url)
        except ValueError:
            return upstream  # the client says that it is no URL
        self._fixed |= dict(parse_qsl(parts.query))
        self._secrets = tuple(
            value
            for value in (*self._fixed.values(), *upstream.headers.values())
            if len(value) >= _SHORTEST_KEY
        )
        path = parts.path.rstrip("/")
        if indexer.kind is IndexerKind.BLOCKSCOUT and not path.endswith("/api"):
            path += "/api"
        return replace(upstream, base_url=urlunsplit((parts.scheme, parts.netloc, path, "", "")))

    @property
    def shown(self) -> str:
        """The indexer as errors name it."""
        return self._upstream.shown

    async def newest_block(self) -> int:
        """Return the newest block that the indexer knows."""
        answer = await self._ask_node("eth_blockNumber", ())
        try:
            return number_of(answer if isinstance(answer, str) else "")
        except ValueError:
            raise self._odd("the number of its newest block is none") from None

    async def block_hash(self, height: int) -> str:
        """Return the hash of the block that the indexer has at a height."""
        answer = await self._ask_node("eth_getBlockByNumber", (hex(height), False))
        return self._read(answer, _NamedBlock).hash.lower()

    async def rows(
        self, kind: type[R], action: str, address: str, *, first: int, last: int, page: int
    ) -> list[R]:
        """Return one page of a list, oldest first; an empty one means that there is no more."""
        value = await self._patiently(
            {
                "module": "account",
                "action": action,
                "address": address,
                "startblock": str(first),
                "endblock": str(last),
                "page": str(page),
                "offset": str(_ROWS_AT_ONCE),
                "sort": "asc",
            }
        )
        envelope = self._read(value, _Envelope)
        if envelope.says_nothing:
            return []
        rows = [self._read(each, kind) for each in self._read(envelope.result, list[object])]
        heights = [int(row.block_number) for row in rows]
        if heights != sorted(heights) or any(not first <= height <= last for height in heights):
            raise self._odd("its list is not the one that was asked for")
        return rows

    async def _ask_node(self, method: str, params: tuple[object, ...]) -> object:
        """Ask for what a node would tell: Blockscout's end for it speaks JSON-RPC, the others' takes parameters."""
        if self._kind is IndexerKind.BLOCKSCOUT:
            call = {"jsonrpc": "2.0", "id": 0, "method": method, "params": params}
            value = await self._patiently({}, path="/eth-rpc", body=call)
        else:
            names = ("tag", "boolean")[: len(params)]
            said = {name: str(param).lower() for name, param in zip(names, params, strict=True)}
            value = await self._patiently({"module": "proxy", "action": method, **said})
        return self._read(value, _Envelope).result

    async def _patiently(self, params: Mapping[str, str], *, path: str = "", body: object = None) -> object:
        """Return the whole answer; ask again after a pause where the indexer says that it is busy."""
        for attempt in range(1, _TRIES_WHEN_BUSY + 1):
            try:
                answer = await self._http.ask(
                    self._upstream,
                    "GET" if body is None else "POST",
                    path,
                    params={**self._fixed, **params} or None,
                    body=body,
                )
            except CouldNotLook as error:
                raise IndexerFailed(error) from error
            failure, is_busy = self._failure(answer.value)
            if failure is None:
                return answer.value
            if not is_busy or attempt == _TRIES_WHEN_BUSY:
                raise IndexerFailed(failure)
            await self._http.pause(attempt)
        raise AssertionError("an indexer is asked at least once")

    def _failure(self, value: object) -> tuple[CouldNotLook | None, bool]:
        """Return what the indexer says went wrong, and whether it may be right in a moment."""
        if isinstance(value, dict) and value.get("error") is not None:
            error = error_of(value["error"], method="a question for a block", node=self.shown)
            return CouldNotLook(self._safe(error.message)), isinstance(error, NodeBusy)
        envelope = self._read(value, _Envelope)
        said = envelope.result if isinstance(envelope.result, str) else envelope.message
        if envelope.status in {None, "1"} or envelope.says_nothing:
            return None, False
        text = self._safe(said or "no reason given")
        if _BUSY.search(text):
            return CouldNotLook(f"{self.shown} is busy: {text}."), True
        if _REFUSED.search(text):
            return ProviderRefused(f"{self.shown} refused: {text}."), False
        return CouldNotLook(f"{self.shown} answered with an error: {text}."), False

    def _safe(self, text: str) -> str:
        """Return the text without URLs and without what the base URL's query holds: it may quote the key."""
        said = without_addresses(text)
        for secret in self._secrets:
            said = said.replace(secret, "[key]")
        return said[:_SHOWN].rstrip(". ")

    def _read(self, value: object, kind: type[T]) -> T:
        try:
            return msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            raise self._odd(f"it has another form than it should: {error}") from error

    def _odd(self, what: str) -> IndexerFailed:
        return IndexerFailed(CouldNotLook(f"{self.shown} gave an answer that cannot be used: {what}."))
