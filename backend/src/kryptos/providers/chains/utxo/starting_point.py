"""Where a read of history begins: behind its cursor, or behind the last block that a reorganisation left in place."""

from dataclasses import dataclass

from kryptos.providers.chains.utxo.cursor import BEGINNING, Cursor
from kryptos.providers.chains.utxo.source import Source
from kryptos.providers.contracts import CouldNotLook


@dataclass(frozen=True, slots=True)
class StartingPoint:
    """Read from ``cursor`` up to ``target``, after forgetting everything above ``forget_above``."""

    cursor: Cursor
    target: int
    hashes: dict[int, str]
    """Hashes of the newest blocks, ``target`` among them."""
    forget_above: int | None = None


async def find_starting_point(source: Source, cursor: Cursor) -> StartingPoint:
    """Compare the kept hashes with the chain. A server that is behind the cursor but agrees with it has nothing new."""
    hashes = {block.height: block.hash for block in await source.blocks()}
    newest = max(hashes)
    if cursor.block < 0:
        return StartingPoint(cursor, newest, hashes)
    common = await _last_common(source, cursor, hashes, newest)
    if common is None:
        return StartingPoint(BEGINNING, newest, hashes, forget_above=-1)  # deeper than all that was kept
    if common == cursor.block:
        return StartingPoint(cursor, newest, hashes)
    kept = [height for height in cursor.kept_heights if height <= newest]
    if cursor.block > newest and common == kept[0]:
        # Servers lag behind each other; a chain that became shorter shows another block when it has grown again.
        return StartingPoint(cursor, cursor.block, {})
    return StartingPoint(cursor.rewound_to(common), newest, hashes, forget_above=common)


async def _last_common(source: Source, cursor: Cursor, hashes: dict[int, str], newest: int) -> int | None:
    """Return the highest kept height that still has its hash; None if there is none."""
    kept = [height for height in cursor.kept_heights if height <= newest]
    if not kept:
        raise CouldNotLook(
            f"{source.shown} is at block {newest:,}, far behind what was read already ({cursor.block:,}).",
            retry_after_seconds=600,
        )
    known = dict(hashes)
    for height in kept:
        if height not in known:
            known |= {block.height: block.hash for block in await source.blocks(height)}
        if cursor.matches(height, known[height]):
            return height
    return None
