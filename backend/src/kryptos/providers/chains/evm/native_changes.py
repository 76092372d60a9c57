"""Finds the blocks in which an account's native coin moved, without an indexer: by halving, from balances and nonces.

Balance and nonce of an account without code are equal at two blocks only if nothing moved between them: value leaves
such an account by its own transactions alone, and each of them raises the nonce (Ethereum Yellow Paper, section 6).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kryptos.providers.chains.evm.node_errors import StateUnavailable
from kryptos.providers.chains.evm.rpc import Rpc
from kryptos.providers.chains.json_rpc import Call, NodeAnsweredWithError

_INTERVALS_AT_ONCE = 25


@dataclass(frozen=True, slots=True)
class AccountState:
    """What the chain keeps of an account at the end of a block, in smallest units."""

    balance: int
    nonce: int


@dataclass(frozen=True, slots=True)
class Interval:
    """Blocks behind ``low``, up to ``high`` and including it, and the states at both ends."""

    low: int
    high: int
    low_state: AccountState
    high_state: AccountState


@dataclass(frozen=True, slots=True)
class NativeChanges:
    """Blocks in which something moved, in order, among those up to ``known_up_to``.

    ``blind`` are the ranges (first, last) whose states the node does not tell: anything may have moved there.
    """

    blocks: tuple[int, ...]
    blind: tuple[tuple[int, int], ...]
    known_up_to: int
    calls: int


async def read_states(rpc: Rpc, address: str, heights: Sequence[int]) -> list[AccountState | None]:
    """Return the account's state at each height; None where the node no longer knows it. Raise any other error."""
    calls = [
        Call(method, (address, hex(height)))
        for height in heights
        for method in ("eth_getBalance", "eth_getTransactionCount")
    ]
    results = await rpc.try_all(calls) if calls else []
    states: list[AccountState | None] = []
    for balance, nonce in zip(results[::2], results[1::2], strict=True):
        if isinstance(balance, StateUnavailable) or isinstance(nonce, StateUnavailable):
            states.append(None)
        elif isinstance(balance, NodeAnsweredWithError):
            raise balance  # what fails for a moment must not be passed over for good
        elif isinstance(nonce, NodeAnsweredWithError):
            raise nonce
        else:
            states.append(AccountState(rpc.as_number(balance), rpc.as_number(nonce)))
    return states


async def find_changes(rpc: Rpc, address: str, whole: Interval, *, most_calls: int) -> NativeChanges:
    """Halve what changed, oldest first, until single blocks are left or ``most_calls`` are spent."""
    open_intervals = [whole] if whole.low_state != whole.high_state else []
    blocks: list[int] = []
    blind: list[tuple[int, int]] = []
    calls = 0
    # However little may be asked, the oldest change is found: otherwise the next read would begin here again.
    while open_intervals and (calls < most_calls or open_intervals[0].low == whole.low):
        now, later = open_intervals[:_INTERVALS_AT_ONCE], open_intervals[_INTERVALS_AT_ONCE:]
        halved = [each for each in now if each.high - each.low > 1]
        states = await read_states(rpc, address, [(each.low + each.high) // 2 for each in halved])
        calls += 2 * len(halved)
        blocks += [each.high for each in now if each.high - each.low == 1]
        left: list[Interval] = []
        for each, state in zip(halved, states, strict=True):
            if state is None:
                blind.append((each.low + 1, each.high))
            else:
                left += _changed_halves(each, state)
        open_intervals = left + later
    known_up_to = open_intervals[0].low if open_intervals else whole.high
    return NativeChanges(
        blocks=tuple(sorted(block for block in blocks if block <= known_up_to)),
        blind=tuple(sorted(each for each in blind if each[1] <= known_up_to)),
        known_up_to=known_up_to,
        calls=calls,
    )


def _changed_halves(whole: Interval, state: AccountState) -> list[Interval]:
    middle = (whole.low + whole.high) // 2
    halves = (
        Interval(whole.low, middle, whole.low_state, state),
        Interval(middle, whole.high, state, whole.high_state),
    )
    return [half for half in halves if half.low_state != half.high_state]
