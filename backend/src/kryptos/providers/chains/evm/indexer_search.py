"""Finds by an indexer which transactions touched an address, up to the block that the indexer has surely written."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from kryptos.providers.chains.evm.block_reader import read_headers
from kryptos.providers.chains.evm.chain import EvmLimits
from kryptos.providers.chains.evm.indexer import (
    IndexerApi,
    IndexerFailed,
    ListedInternal,
    ListedTransaction,
)
from kryptos.providers.chains.evm.movements import InternalTransfer
from kryptos.providers.chains.evm.quantity import number_of
from kryptos.providers.chains.evm.rpc import Rpc
from kryptos.providers.contracts import CouldNotLook

_DEPTHS = tuple(1 << power for power in range(14))
_MOST_PAGES = 100
"""Pages of one block: indexers end at ten thousand rows, and one that ignores the page would never end."""
_HASH_SIGNS = 66
_MOVES_NOTHING = frozenset({"delegatecall", "callcode", "staticcall", "reward"})
"""Kinds of traces that carry a value which does not go from one account to another in a transaction."""

R = TypeVar("R", ListedTransaction, ListedInternal)


@dataclass(frozen=True, slots=True)
class Reach:
    """The newest block that is read by an indexer."""

    height: int
    hash: str


@dataclass(slots=True)
class Found:
    """Everything up to ``up_to``: the transactions' blocks, and what moved inside of them, by hash."""

    up_to: int
    heights: dict[str, int] = field(default_factory=dict)
    internals: dict[str, tuple[InternalTransfer, ...]] = field(default_factory=dict)


async def find_reach(rpc: Rpc, limits: EvmLimits, indexer: IndexerApi, newest: int) -> Reach:
    """Return the block up to which the indexer is believed; raise ``IndexerFailed``.

    An indexer tells the newest block that it knows, not whether it has finished it: it is believed some time before,
    and only if it has the same block there as the node. The first block of a chain is always old enough.
    """
    top = min(newest, await indexer.newest_block())
    heights = {newest, top} | {max(0, top - depth) for depth in _DEPTHS}
    headers = await read_headers(rpc, heights)
    times = {height: number_of(header.timestamp) for height, header in headers.items()}
    lag = times[newest] - times[top]
    if lag > limits.indexer_lag_seconds:
        raise IndexerFailed(CouldNotLook(f"{indexer.shown} is {lag // 60:,} minutes behind {rpc.shown}."))
    settled = [
        height
        for height in heights
        if height <= top and (times[top] - times[height] >= limits.indexer_margin_seconds or height == 0)
    ]
    height = max(settled, default=min(heights))
    reach = Reach(height, headers[height].hash)
    if await indexer.block_hash(height) != reach.hash.lower():
        raise IndexerFailed(
            CouldNotLook(
                f"{indexer.shown} has another block {height:,} than {rpc.shown}: it serves another chain, or has not "
                "noticed a reorganisation."
            )
        )
    return reach


async def search_indexer(
    indexer: IndexerApi, address: str, first: int, last: int, *, most_rows: int
) -> Found:
    """Return what touched the address (in small letters) in these blocks, or in the first of them."""
    lists = _Lists(indexer, address, first, most_rows)
    sent, up_to = await lists.read(ListedTransaction, "txlist", last)
    internals, up_to = await lists.read(ListedInternal, "txlistinternal", up_to)
    tokens, up_to = await lists.read(ListedTransaction, "tokentx", up_to)
    moved = [row for row in internals if _has_moved(row, address)]
    rows: list[ListedTransaction | ListedInternal] = [*sent, *moved, *tokens]
    found = Found(up_to)
    for row in rows:
        height = int(row.block_number)
        # Accounts that a chain began with have a row for that: it is no transaction.
        if len(row.transaction) == _HASH_SIGNS and height <= up_to:
            found.heights[row.transaction.lower()] = height
    rows_of: dict[str, list[ListedInternal]] = {}
    for each in moved:
        rows_of.setdefault(each.transaction.lower(), []).append(each)
    found.internals = {name: _in_order(each) for name, each in rows_of.items() if name in found.heights}
    return found


@dataclass(frozen=True, slots=True)
class _Lists:
    """The lists that an indexer has of an address, from the block ``first`` on."""

    indexer: IndexerApi
    address: str
    first: int
    most_rows: int

    async def read(self, kind: type[R], action: str, last: int) -> tuple[list[R], int]:
        """Return a list's rows, in whole blocks, and the block up to which they are all there are.

        How many rows an indexer gives at once is not known: an answer is whole if it is shorter than another one was.
        """
        rows: list[R] = []
        pending: list[R] = []
        start, page, longest = self.first, 1, 0
        while True:
            answer = await self.indexer.rows(kind, action, self.address, first=start, last=last, page=page)
            pending += answer
            if not answer or len(answer) < longest:
                return rows + pending, last
            longest = len(answer)
            newest = int(pending[-1].block_number)
            if int(pending[0].block_number) == newest:
                page += 1
                if page > _MOST_PAGES:
                    raise IndexerFailed(
                        CouldNotLook(f"{self.indexer.shown} lists more in block {newest:,} than it can give.")
                    )
                continue
            rows += [row for row in pending if int(row.block_number) < newest]
            start, page, pending = newest, 1, []
            if len(rows) >= self.most_rows:
                return rows, newest - 1


def _has_moved(row: ListedInternal, address: str) -> bool:
    """Say whether a row is a transfer of the address that took place, and not the transaction's own."""
    kinds = {row.type.lower(), row.call_type.lower()}
    is_outermost = row.trace_id is None and row.index == "0"  # as Blockscout counts
    return (
        row.is_error in {"0", ""}
        and not kinds & _MOVES_NOTHING
        and not is_outermost
        and int(row.value) > 0
        and address in {row.sender.lower(), _receiver(row)}
    )


def _receiver(row: ListedInternal) -> str:
    return (row.to or row.contract_address or "").lower()


def _in_order(rows: Iterable[ListedInternal]) -> tuple[InternalTransfer, ...]:
    """Return the transfers in the order in which they happened: by their place in the trace, where it is named."""
    return tuple(
        InternalTransfer(row.sender.lower(), _receiver(row), int(row.value))
        for row in sorted(rows, key=_place)
    )


def _place(row: ListedInternal) -> tuple[int, ...]:
    parts = (row.trace_id or row.index or "").split("_")
    return tuple(map(int, parts)) if all(part.isascii() and part.isdigit() for part in parts) else ()
