"""History: what happened to a wallet behind a cursor, page by page, oldest first, over any reorganisation."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace

import msgspec

from kryptos.providers.chains.utxo.chain import UtxoLimits
from kryptos.providers.chains.utxo.cursor import BEGINNING, Cursor, read_cursor
from kryptos.providers.chains.utxo.gathering import Gathered, Gathering
from kryptos.providers.chains.utxo.movements import Record, told_of_record
from kryptos.providers.chains.utxo.source import Source, changed_under_read
from kryptos.providers.chains.utxo.starting_point import StartingPoint, find_starting_point
from kryptos.providers.chains.utxo.wallet import branches_of
from kryptos.providers.contracts import CouldNotLook, TransactionPage

_ANCHOR_DEPTHS = (1, 2, 4, 8)


@dataclass(frozen=True, slots=True)
class _Read:
    """What was gathered, behind which cursor, and above which height what was read before is to be forgotten."""

    cursor: Cursor
    gathered: Gathered
    forget_above: int | None


@dataclass(frozen=True, slots=True)
class History:
    """One read of a wallet's history; ``address`` is an address or an extended public key."""

    source: Source
    limits: UtxoLimits
    address: str

    async def pages(self, cursor_text: str | None) -> AsyncIterator[TransactionPage]:
        """Give what lies behind the cursor. Everything is read and checked before the first page is given."""
        start = await find_starting_point(self.source, read_cursor(cursor_text))
        turns = self.source.turns
        if start.cursor.block == start.target:
            yield TransactionPage((), start.cursor.text(), is_last=True, forget_above=start.forget_above)
            return
        read = await self._read(start)
        start = await self._with_anchors(start, read.cursor)
        await self._check(start, read.gathered, turns)
        for page in self._pages(start, read):
            yield page

    async def _read(self, start: StartingPoint) -> _Read:
        """Gather; go back where an address that is new to the wallet turns out to have a past.

        Such an address changes what older transactions were for the wallet (a payment becomes change): they are
        told again. So they are when a reorganisation took the use of an address that led to others.
        """
        cursor, forget_above = start.cursor, start.forget_above
        branches = branches_of(self.address, self.source.chain)
        if cursor.looked_at and len(cursor.looked_at) != len(branches):
            raise CouldNotLook(
                "The place up to which history was read is another wallet's: sync from the beginning."
            )
        while True:
            gathered = await Gathering(self.source, self.limits, cursor, start.target).gather(branches)
            back = self._place_to_go_back_to(cursor, gathered)
            if back is None:
                return _Read(cursor, gathered, forget_above)
            forget_above = back if forget_above is None else min(back, forget_above)
            cursor = cursor.rewound_to(back) if back >= 0 else BEGINNING
            if back >= 0:
                looked_at = map(max, cursor.looked_at, gathered.looked_at)
                cursor = msgspec.structs.replace(cursor, looked_at=tuple(looked_at))

    @staticmethod
    def _place_to_go_back_to(cursor: Cursor, gathered: Gathered) -> int | None:
        """Return the block behind which to read again; None if what was read before still holds."""
        if any(now < before for now, before in zip(gathered.looked_at, cursor.looked_at, strict=False)):
            return -1
        earliest = min((record.height for record in gathered.records.values()), default=cursor.block + 1)
        return earliest - 1 if earliest <= cursor.block else None

    async def _with_anchors(self, start: StartingPoint, cursor: Cursor) -> StartingPoint:
        """Add hashes of some blocks behind the newest, for the next reorganisation; some servers give one at a time."""
        hashes = dict(start.hashes)
        for height in (start.target - depth for depth in _ANCHOR_DEPTHS):
            if height > cursor.block and height not in hashes:
                hashes |= {block.height: block.hash for block in await self.source.blocks(height)}
        return replace(start, hashes=hashes)

    async def _check(self, start: StartingPoint, gathered: Gathered, turns: int) -> None:
        """Raise ``CouldNotLook`` if the chain changed under the read, or another server stood in.

        Every block names its parent: while the newest one is the same, so are all before it.
        """
        blocks = await self.source.blocks(start.target)
        now = {block.height: block.hash for block in blocks}
        known = start.hashes | gathered.hashes
        has_changed = any(known.get(height, block_hash) != block_hash for height, block_hash in now.items())
        if has_changed or start.hashes.items() - known.items() or self.source.turns != turns:
            raise changed_under_read(self.source)

    def _pages(self, start: StartingPoint, read: _Read) -> Iterator[TransactionPage]:
        gathered = read.gathered
        hashes = gathered.hashes | start.hashes
        forget_above, gaps = read.forget_above, tuple(self._gaps(read))
        for part, last in self._parts(list(gathered.records.values()), start.target):
            cursor = Cursor(
                block=last,
                hashes=read.cursor.hashes,
                looked_at=gathered.looked_at,
                left_out=gathered.left_out,
            )
            yield TransactionPage(
                transactions=tuple(told_of_record(each, self.source.chain, gathered.own) for each in part),
                cursor=cursor.with_hashes(hashes).text(),
                is_last=last == start.target,
                forget_above=forget_above,
                gaps=gaps,
            )
            forget_above, gaps = None, ()

    def _parts(self, records: list[Record], target: int) -> Iterator[tuple[Sequence[Record], int]]:
        """Cut the records into pages, each with its last block. In a block, what came in is told first."""
        records.sort(key=lambda each: (each.height, each.net < 0, each.id))
        part: list[Record] = []
        for record in records:
            if len(part) >= self.limits.page_transactions and part[-1].height < record.height:
                yield part, part[-1].height
                part = []
            part.append(record)
        yield part, target

    def _gaps(self, read: _Read) -> Iterator[str]:
        if read.gathered.is_cut:
            first, last = max(0, read.cursor.block + 1), read.gathered.left_out
            yield (
                f"Transactions from block {first:,} to {last:,} are left out: "
                f"more than {self.limits.history_transactions:,} are not read at one time."
            )
