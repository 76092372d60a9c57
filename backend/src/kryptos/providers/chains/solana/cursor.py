"""Cursor: how far the history of an address was read, and which accounts belong to it; written as JSON text."""

import msgspec

from kryptos.providers.chains.cursors import decode_cursor, write_cursor


class Cursor(msgspec.Struct, frozen=True):
    """Every slot up to ``slot`` is read, whole. Only finalized slots are, and those do not change any more.

    ``tokens`` and ``stakes`` are accounts of the address that were open when it was last looked: they are read once
    more even if they were closed since. Quantities are smallest units, as text: JSON readers lose digits of large ones.
    """

    slot: int
    since: int = -1
    """Where the last read ended that came to an end: accounts that turn up later are read from there."""
    last: str | None = None
    """The newest signature that was read."""
    tokens: tuple[str, ...] = ()
    stakes: tuple[str, ...] = ()
    lamports: str = "0"
    """What the address held after the last transaction that named it."""
    staked: str = "0"
    """What moved into its stake accounts less what moved out of them; rewards move without a transaction."""
    units: dict[str, str] = {}
    """By mint, what came in less what went out."""
    unexplained: str = "0"
    """Lamports that came or went between transactions, not yet told."""
    version: int = 1

    def text(self) -> str:
        """Return the cursor as text."""
        return write_cursor(self)


BEGINNING = Cursor(slot=-1)
"""Before the first slot: nothing was held."""


def read_cursor(text: str | None) -> Cursor:
    """Return the cursor of a text; raise ``CouldNotLook`` for one that this version did not write."""
    if text is None:
        return BEGINNING
    return decode_cursor(text, Cursor, check=_numbers)


def _numbers(cursor: Cursor) -> list[int]:
    told = (cursor.lamports, cursor.staked, cursor.unexplained, *cursor.units.values())
    return [int(each) for each in told]
