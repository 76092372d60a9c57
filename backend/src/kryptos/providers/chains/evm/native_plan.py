"""Plans which blocks are read in full to see the native coin move, and says which ones nobody looked at."""

from collections.abc import Iterable
from dataclasses import dataclass

from kryptos.providers.chains.evm.chain import EvmLimits
from kryptos.providers.chains.evm.cursor import Cursor
from kryptos.providers.chains.evm.native_changes import (
    AccountState,
    Interval,
    NativeChanges,
    find_changes,
    read_states,
)
from kryptos.providers.chains.evm.rpc import Rpc
from kryptos.providers.contracts import CouldNotLook


@dataclass(frozen=True, slots=True)
class NativePlan:
    """Blocks to read in full, in order, among those up to ``up_to``; the rest is left to the next read."""

    blocks: tuple[int, ...]
    up_to: int
    low_state: AccountState | None
    high_state: AccountState | None
    """The account at both ends; ``high_state`` is None if ``up_to`` is not the target."""
    unread: tuple[tuple[int, int], ...]
    """Ranges (first, last) up to ``up_to`` in which nobody looked, oldest first."""


async def plan_native(rpc: Rpc, limits: EvmLimits, address: str, cursor: Cursor, target: int) -> NativePlan:
    """Find the blocks by halving; where states are not told, or code may move value, take the newest blocks."""
    low_state, high_state = await states_at_ends(rpc, address, cursor, target)
    if high_state is None:  # behind a load balancer, another node than the one that told of the block
        raise CouldNotLook(
            f"{rpc.shown} does not know its own newest block: try again.", retry_after_seconds=15
        )
    if low_state is None:
        changes = NativeChanges((), ((cursor.block + 1, target),), target, 0)
    else:
        whole = Interval(cursor.block, target, low_state, high_state)
        changes = await find_changes(rpc, address, whole, most_calls=limits.state_calls)
    blind = changes.blind
    if rpc.as_bytes(await rpc.ask("eth_getCode", address, hex(target))):
        blind = ((cursor.block + 1, changes.known_up_to),)
    read, unread = _newest(blind, limits.full_blocks)
    return NativePlan(
        blocks=tuple(sorted({*changes.blocks, *read})),
        up_to=changes.known_up_to,
        low_state=low_state,
        high_state=high_state if changes.known_up_to == target else None,
        unread=tuple(unread),
    )


async def states_at_ends(
    rpc: Rpc, address: str, cursor: Cursor, target: int
) -> tuple[AccountState | None, AccountState | None]:
    """Return the account at the cursor, which may have kept it, and at the target; None where nobody knows."""
    if cursor.balance is not None and cursor.nonce is not None:
        (high,) = await read_states(rpc, address, [target])
        return AccountState(int(cursor.balance), cursor.nonce), high
    low, high = await read_states(rpc, address, [cursor.block, target])
    return low, high


def _newest(ranges: Iterable[tuple[int, int]], most: int) -> tuple[list[int], list[tuple[int, int]]]:
    """Return up to ``most`` of the newest blocks of the ranges, and what is left of the ranges, oldest first."""
    taken: list[int] = []
    left: list[tuple[int, int]] = []
    for first, last in sorted(ranges, reverse=True):
        start = max(first, last - (most - len(taken)) + 1)
        taken += range(start, last + 1)
        if first < start:
            left.append((first, min(last, start - 1)))
    return taken, left[::-1]
