"""Holds what was told of the native coin against the balance, and finds the blocks in which something is missing."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

from kryptos.providers.chains.evm.cursor import Unexplained
from kryptos.providers.chains.evm.native_changes import AccountState, read_states
from kryptos.providers.chains.evm.rpc import Rpc

_INTERVALS_AT_ONCE = 25


@dataclass(slots=True)
class BalanceCheck:
    """Goes along with a read of history; ``state`` is the account's at ``block``, the last one that a node told."""

    block: int
    state: AccountState | None
    units: int = 0
    """Told since ``block``: what came in less what went out, in smallest units."""
    is_blind: bool = False
    """Whether some block before ``block`` could not be compared, as its node told no state to begin with."""

    def missing(self, after: AccountState | None) -> int:
        """Return how much more came in than was told, up to a block with that state; zero if nobody can tell."""
        if self.state is None or after is None:
            return 0
        return after.balance - self.state.balance - self.units

    def move(self, block: int, after: AccountState | None) -> Unexplained | None:
        """Go on behind a block, and return what is missing up to it."""
        missing = self.missing(after)
        unexplained = Unexplained(self.block + 1, block, str(missing)) if missing else None
        if after is None:
            return None
        self.is_blind = self.is_blind or self.state is None
        self.block, self.state, self.units = block, after, 0
        return unexplained


def joined(earlier: Unexplained | None, later: Unexplained | None) -> Unexplained | None:
    """Return both as one."""
    if earlier is None or later is None:
        return earlier or later
    return Unexplained(earlier.first, later.last, str(int(earlier.units) + int(later.units)))


@dataclass(frozen=True, slots=True)
class _Interval:
    low: int
    high: int
    low_balance: int
    high_balance: int


async def find_unexplained(
    rpc: Rpc,
    address: str,
    told: Mapping[int, int],
    low: tuple[int, AccountState],
    high: tuple[int, AccountState],
    *,
    most_calls: int,
) -> list[int]:
    """Return blocks, oldest first, in which the balance changed by something else than was ``told`` for them.

    Halves what does not add up until single blocks are left, ``most_calls`` are spent or the node does not know.
    """
    heights = sorted(told)
    sums = [0, *accumulate(told[height] for height in heights)]

    def adds_up(each: _Interval) -> bool:
        moved = sums[bisect_right(heights, each.high)] - sums[bisect_right(heights, each.low)]
        return each.high_balance - each.low_balance == moved

    whole = _Interval(low[0], high[0], low[1].balance, high[1].balance)
    open_intervals = [] if adds_up(whole) else [whole]
    blocks: list[int] = []
    calls = 0
    while open_intervals and calls < most_calls:
        now, open_intervals = open_intervals[:_INTERVALS_AT_ONCE], open_intervals[_INTERVALS_AT_ONCE:]
        blocks += [each.high for each in now if each.high - each.low == 1]
        halved = [each for each in now if each.high - each.low > 1]
        middles = [(each.low + each.high) // 2 for each in halved]
        states = await read_states(rpc, address, middles)
        calls += 2 * len(middles)
        for each, middle, state in zip(halved, middles, states, strict=True):
            if state is not None:
                halves = (
                    _Interval(each.low, middle, each.low_balance, state.balance),
                    _Interval(middle, each.high, state.balance, each.high_balance),
                )
                open_intervals += [half for half in halves if not adds_up(half)]
    return sorted(blocks)
