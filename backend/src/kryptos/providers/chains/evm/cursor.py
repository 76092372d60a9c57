"""Cursor: how far the history of an address was read, and on which chain of blocks; written as JSON text."""

from collections.abc import Mapping

import msgspec

from kryptos.providers.chains.cursors import decode_cursor, write_cursor

_KEPT_HASHES = 64
_HASH_SIGNS = 18
"""0x and 64 bits of a block's hash: enough to notice another block, a third of the room."""


class Unexplained(msgspec.Struct, frozen=True):
    """Native value that moved without a transaction that shows it, and the blocks between which it did."""

    first: int
    last: int
    units: str
    """Smallest units, as text: JSON readers lose digits of larger numbers."""


class Cursor(msgspec.Struct, frozen=True):
    """Everything up to ``block`` is read. ``hashes`` are those of it and some blocks before, by height.

    ``balance`` (smallest units) and ``nonce`` are the account's at ``block``, where the node told them.
    ``unindexed_from`` is the first block from which on nodes did not show everything: an indexer may read it again.
    """

    block: int
    hashes: dict[str, str]
    balance: str | None = None
    nonce: int | None = None
    unexplained: Unexplained | None = None
    unindexed_from: int | None = None
    version: int = 1

    def matches(self, height: int, block_hash: str) -> bool:
        """Say whether the block at a height that was kept is still that one."""
        return self.hashes.get(str(height)) == block_hash[:_HASH_SIGNS].lower()

    @property
    def kept_heights(self) -> list[int]:
        """Heights whose hash was kept, newest first."""
        return sorted(map(int, self.hashes), reverse=True)

    def rewound_to(self, height: int) -> "Cursor":
        """Return the cursor as of an earlier block that is still on the chain."""
        hashes = {at: block_hash for at, block_hash in self.hashes.items() if int(at) <= height}
        first = self.unindexed_from
        return Cursor(
            block=height,
            hashes=hashes,
            unindexed_from=first if first is not None and first <= height else None,
        )

    def with_hashes(self, found: Mapping[int, str]) -> "Cursor":
        """Return the cursor with more hashes; those above its block and the oldest do not stay."""
        known = self.hashes | {str(at): block_hash[:_HASH_SIGNS].lower() for at, block_hash in found.items()}
        newest = sorted((at for at in map(int, known) if at <= self.block), reverse=True)[:_KEPT_HASHES]
        return msgspec.structs.replace(self, hashes={str(at): known[str(at)] for at in reversed(newest)})

    def text(self) -> str:
        """Return the cursor as text."""
        return write_cursor(self)


BEGINNING = Cursor(block=-1, hashes={}, balance="0", nonce=0)
"""Before the first block: an account is empty there, and was never used."""


def read_cursor(text: str | None) -> Cursor:
    """Return the cursor of a text; raise ``CouldNotLook`` for one that this version did not write."""
    if text is None:
        return BEGINNING
    return decode_cursor(text, Cursor, check=lambda found: (found.kept_heights, int(found.balance or 0)))
