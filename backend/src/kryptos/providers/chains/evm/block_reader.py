"""Reads what happened to an address in a span of blocks: its transactions, their receipts and times, and payouts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from kryptos.providers.chains.evm.log_search import names_address
from kryptos.providers.chains.evm.movements import InternalTransfer, Touch
from kryptos.providers.chains.evm.quantity import number_of
from kryptos.providers.chains.evm.rpc import Rpc
from kryptos.providers.chains.evm.wire import (
    Block,
    FullReceipt,
    Header,
    Log,
    Receipt,
    Transaction,
    Withdrawal,
)
from kryptos.providers.chains.json_rpc import Call
from kryptos.providers.contracts import CouldNotLook

_FULL_BLOCKS_AT_ONCE = 5
"""A full block is up to some megabytes."""
_PAYS_IN_A_TOKEN = frozenset({100, 10_200})
"""Gnosis and its test network: their withdrawals are GNO, moved by a contract that tells of it (its specification)."""

R = TypeVar("R", bound=Receipt)


@dataclass(frozen=True, slots=True)
class Payout:
    """Value that the beacon chain paid out in a block."""

    withdrawal: Withdrawal
    height: int
    timestamp: int


@dataclass(slots=True)
class SpanRead:
    """What was read of a span; ``hashes`` are those of the blocks that were seen."""

    touches: list[Touch]
    payouts: list[Payout]
    hashes: dict[int, str]


@dataclass(slots=True)
class _Gathered:
    transactions: dict[str, Transaction] = field(default_factory=dict)
    timestamps: dict[int, int] = field(default_factory=dict)
    hashes: dict[int, str] = field(default_factory=dict)
    payouts: list[Payout] = field(default_factory=list)


async def read_headers(rpc: Rpc, heights: Iterable[int]) -> dict[int, Header]:
    """Return the headers at some heights; raise ``CouldNotLook`` if the node has not got one of them."""
    wanted = sorted(set(heights))
    results = await rpc.ask_all([Call("eth_getBlockByNumber", (hex(height), False)) for height in wanted])
    headers = {}
    for height, result in zip(wanted, results, strict=True):
        if result is None:
            raise CouldNotLook(f"{rpc.shown} says that block {height:,} exists, but does not give it.")
        header = rpc.read(result, Header)
        if number_of(header.number) != height:
            raise CouldNotLook(f"{rpc.shown} gave another block than the one at {height:,}.")
        headers[height] = header
    return headers


async def read_span(rpc: Rpc, address: str, logs: Sequence[Log], full_blocks: Sequence[int]) -> SpanRead:
    """Return everything that the logs and the full blocks tell of the address (in small letters), oldest first."""
    gathered = _Gathered()
    for start in range(0, len(full_blocks), _FULL_BLOCKS_AT_ONCE):
        await _gather_full_blocks(rpc, address, full_blocks[start : start + _FULL_BLOCKS_AT_ONCE], gathered)
    logs_of: dict[str, list[Log]] = {}
    for log in logs:
        logs_of.setdefault(log.transaction_hash, []).append(log)
        _note_block(rpc, gathered, number_of(log.block_number), log.block_hash)
        if log.block_timestamp is not None:
            gathered.timestamps[number_of(log.block_number)] = number_of(log.block_timestamp)
    await _gather_named(rpc, logs_of, gathered)
    receipts = await _receipts(rpc, gathered, Receipt)
    touches = [
        Touch(
            transaction=transaction,
            receipt=receipts[each],
            logs=tuple(logs_of.get(each, ())),
            timestamp=gathered.timestamps[number_of(transaction.block_number)],
        )
        for each, transaction in gathered.transactions.items()
    ]
    touches.sort(key=lambda touch: _place(touch.transaction))
    return SpanRead(touches, gathered.payouts, gathered.hashes)


async def read_named(
    rpc: Rpc,
    address: str,
    heights: Mapping[str, int],
    internals: Mapping[str, tuple[InternalTransfer, ...]],
) -> SpanRead:
    """Return the transactions of these hashes, with all that their receipts tell of the address, oldest first.

    ``heights`` are the blocks in which an indexer has them, which the node must confirm.
    """
    gathered = _Gathered()
    names = list(heights)
    results = (
        await rpc.ask_all([Call("eth_getTransactionByHash", (name,)) for name in names]) if names else []
    )
    for name, result in zip(names, results, strict=True):
        if result is None:
            raise CouldNotLook(
                f"{rpc.shown} does not know a transaction that the indexer names: sync again.",
                retry_after_seconds=15,
            )
        transaction = rpc.read(result, Transaction)
        if number_of(transaction.block_number) != heights[name]:
            raise _reorganised(rpc)
        _note_block(rpc, gathered, heights[name], transaction.block_hash)
        gathered.transactions[name] = transaction
    await _gather_times(rpc, gathered)
    receipts = await _receipts(rpc, gathered, FullReceipt)
    touches = [
        Touch(
            transaction=transaction,
            receipt=receipts[name],
            logs=tuple(log for log in receipts[name].logs if names_address(rpc.chain, address, log)),
            timestamp=gathered.timestamps[heights[name]],
            internals=internals.get(name, ()),
        )
        for name, transaction in gathered.transactions.items()
    ]
    touches.sort(key=lambda touch: _place(touch.transaction))
    return SpanRead(touches, [], gathered.hashes)


async def add_payouts(rpc: Rpc, address: str, heights: Iterable[int], span: SpanRead) -> None:
    """Add what the beacon chain paid to the address in some blocks: their headers tell it."""
    for height, header in (await read_headers(rpc, heights)).items():
        if span.hashes.setdefault(height, header.hash) != header.hash:
            raise _reorganised(rpc)
        span.payouts += _payouts(rpc, address, header)


def _payouts(rpc: Rpc, address: str, header: Header) -> list[Payout]:
    if rpc.chain.number in _PAYS_IN_A_TOKEN:
        return []
    return [
        Payout(withdrawal, number_of(header.number), number_of(header.timestamp))
        for withdrawal in header.withdrawals or ()
        if withdrawal.address.lower() == address
    ]


def _place(transaction: Transaction) -> tuple[int, int]:
    return number_of(transaction.block_number), number_of(transaction.transaction_index)


async def _gather_full_blocks(rpc: Rpc, address: str, heights: Sequence[int], gathered: _Gathered) -> None:
    calls = [Call("eth_getBlockByNumber", (hex(height), True)) for height in heights]
    for height, result in zip(heights, await rpc.ask_all(calls), strict=True):
        block = rpc.read(result, Block)
        if number_of(block.number) != height:
            raise CouldNotLook(f"{rpc.shown} gave another block than the one at {height:,}.")
        _note_block(rpc, gathered, height, block.hash)
        gathered.timestamps[height] = number_of(block.timestamp)
        for transaction in block.transactions:
            if address in {transaction.sender.lower(), (transaction.to or "").lower()}:
                gathered.transactions[transaction.hash] = transaction
        gathered.payouts += _payouts(rpc, address, block)


async def _gather_named(rpc: Rpc, logs_of: Mapping[str, Sequence[Log]], gathered: _Gathered) -> None:
    """Read the transactions that are known by their logs alone, and the times of their blocks."""
    names = [name for name in logs_of if name not in gathered.transactions]
    results = (
        await rpc.ask_all([Call("eth_getTransactionByHash", (name,)) for name in names]) if names else []
    )
    for name, result in zip(names, results, strict=True):
        transaction = None if result is None else rpc.read(result, Transaction)
        if transaction is None or transaction.block_hash != logs_of[name][0].block_hash:
            raise _reorganised(rpc)
        gathered.transactions[name] = transaction
    await _gather_times(rpc, gathered)


async def _gather_times(rpc: Rpc, gathered: _Gathered) -> None:
    heights = {number_of(each.block_number) for each in gathered.transactions.values()}
    untimed = heights - gathered.timestamps.keys()
    for height, header in (await read_headers(rpc, untimed) if untimed else {}).items():
        _note_block(rpc, gathered, height, header.hash)
        gathered.timestamps[height] = number_of(header.timestamp)


async def _receipts(rpc: Rpc, gathered: _Gathered, kind: type[R]) -> dict[str, R]:
    names = list(gathered.transactions)
    results = (
        await rpc.ask_all([Call("eth_getTransactionReceipt", (name,)) for name in names]) if names else []
    )
    receipts = {}
    for name, result in zip(names, results, strict=True):
        receipt = None if result is None else rpc.read(result, kind)
        if receipt is None or receipt.block_hash != gathered.transactions[name].block_hash:
            raise _reorganised(rpc)
        receipts[name] = receipt
    return receipts


def _note_block(rpc: Rpc, gathered: _Gathered, height: int, block_hash: str) -> None:
    if gathered.hashes.setdefault(height, block_hash) != block_hash:
        raise _reorganised(rpc)


def _reorganised(rpc: Rpc) -> CouldNotLook:
    return CouldNotLook(
        f"The newest blocks of {rpc.chain.name} changed while they were read: sync again.",
        retry_after_seconds=15,
    )
