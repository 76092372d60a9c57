"""Where a read of history begins: behind its cursor, or behind the last block that a reorganisation left in place."""

from dataclasses import dataclass, replace

from kryptos.providers.chains.evm.block_reader import read_headers
from kryptos.providers.chains.evm.cursor import BEGINNING, Cursor
from kryptos.providers.chains.evm.rpc import Rpc

_DEPTHS_KEPT = (0, 1, 2, 4, 8, 16, 32, 63)
"""Blocks before the newest one whose hashes are kept: the common ancestor is found to within its own depth again."""


@dataclass(frozen=True, slots=True)
class StartingPoint:
    """Read from ``cursor`` up to ``target``, after forgetting everything above ``forget_above``."""

    cursor: Cursor
    target: int
    hashes: dict[int, str]
    """Hashes of the newest blocks, ``target`` among them."""
    forget_above: int | None = None

    def before_what_nodes_alone_read(self, target: int, target_hash: str) -> "StartingPoint":
        """Return the start of a read by an indexer up to ``target``: what nodes did not see whole is read again."""
        first = self.cursor.unindexed_from
        if first is None or first > min(target, self.cursor.block):
            return self
        below = first - 1
        return replace(
            self,
            cursor=BEGINNING if below < 0 else self.cursor.rewound_to(below),
            target=target,
            hashes=self.hashes | {target: target_hash},
            forget_above=below if self.forget_above is None else min(below, self.forget_above),
        )


async def find_starting_point(rpc: Rpc, cursor: Cursor, newest: int) -> StartingPoint:
    """Compare the kept hashes with the chain, up to the newest block that is to be read.

    Where that is behind the cursor but agrees with it, there is nothing new.
    """
    heights = {newest - depth for depth in _DEPTHS_KEPT if newest - depth > cursor.block} | {newest}
    if cursor.block >= 0:
        heights.add(min(cursor.block, newest))
    hashes = {height: header.hash for height, header in (await read_headers(rpc, heights)).items()}
    if cursor.block < 0 or (cursor.block <= newest and cursor.matches(cursor.block, hashes[cursor.block])):
        return StartingPoint(cursor, newest, hashes)
    kept = [height for height in cursor.kept_heights if height <= newest]
    headers = await read_headers(rpc, kept) if kept else {}
    common = next((height for height in kept if cursor.matches(height, headers[height].hash)), None)
    if common is None:
        return StartingPoint(BEGINNING, newest, hashes, forget_above=-1)  # deeper than all that was kept
    if cursor.block > newest and common == kept[0]:
        # Behind a load balancer nodes lag; a chain that became shorter shows another block when it has grown again.
        return StartingPoint(cursor, cursor.block, {})
    # The heights between the common block and the old cursor were not read on this chain yet.
    between = {common + 1, *(height for height in kept if height > common)}
    seen = {height: headers[height].hash for height in between if height in headers}
    return StartingPoint(cursor.rewound_to(common), newest, hashes | seen, forget_above=common)
