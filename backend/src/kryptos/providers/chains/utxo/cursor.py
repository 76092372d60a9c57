"""Cursor: how far the history of a wallet was read, of which addresses, and on which chain of blocks; JSON text."""

from collections.abc import Mapping

import msgspec

from kryptos.providers.chains.cursors import decode_cursor, write_cursor

_KEPT_HASHES = 32


class Cursor(msgspec.Struct, frozen=True):
    """Everything up to ``block`` is read. ``hashes`` are those of it and some blocks before, by height, whole.

    ``looked_at`` says how many addresses of each branch (receive, change) that holds for. What happened up to
    ``left_out`` was too much to be read.
    """

    block: int
    hashes: dict[str, str]
    looked_at: tuple[int, ...] = ()
    left_out: int = -1
    version: int = 1

    def matches(self, height: int, block_hash: str) -> bool:
        """Say whether the block at a height that was kept is still that one."""
        return self.hashes.get(str(height)) == block_hash

    @property
    def kept_heights(self) -> list[int]:
        """Heights whose hash was kept, newest first."""
        return sorted(map(int, self.hashes), reverse=True)

    def rewound_to(self, height: int) -> "Cursor":
        """Return the cursor as of an earlier block that is still on the chain."""
        hashes = {at: block_hash for at, block_hash in self.hashes.items() if int(at) <= height}
        return msgspec.structs.replace(self, block=height, hashes=hashes)

    def with_hashes(self, found: Mapping[int, str]) -> "Cursor":
        """Return the cursor with more hashes; those above its block and the oldest do not stay."""
        known = self.hashes | {str(at): block_hash for at, block_hash in found.items()}
        newest = sorted((at for at in map(int, known) if at <= self.block), reverse=True)[:_KEPT_HASHES]
        return msgspec.structs.replace(self, hashes={str(at): known[str(at)] for at in reversed(newest)})

    def text(self) -> str:
        """Return the cursor as text."""
        return write_cursor(self)


BEGINNING = Cursor(block=-1, hashes={})
"""Before the first block."""


def read_cursor(text: str | None) -> Cursor:
    """Return the cursor of a text; raise ``CouldNotLook`` for one that this version did not write."""
    if text is None:
        return BEGINNING
    return decode_cursor(text, Cursor, check=lambda found: found.kept_heights)
