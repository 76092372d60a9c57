"""History: what happened to an address behind a cursor, page by page, oldest first, in finalized slots only."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from kryptos.providers.chains.json_rpc import Call, NodeAnsweredWithError
from kryptos.providers.chains.solana.accounts import FINALIZED, Held, read_held
from kryptos.providers.chains.solana.chain import KnownToken, SolanaLimits
from kryptos.providers.chains.solana.cursor import Cursor, read_cursor
from kryptos.providers.chains.solana.movements import Owner, Told, own_token_accounts, told_of
from kryptos.providers.chains.solana.node_errors import NotGivenYet
from kryptos.providers.chains.solana.reckoning import counted, reckoned
from kryptos.providers.chains.solana.rpc import Rpc
from kryptos.providers.chains.solana.signatures import SignatureLists, Span
from kryptos.providers.chains.solana.transactions import TransactionReader
from kryptos.providers.chains.solana.wire import Count, SignatureRow, Transaction
from kryptos.providers.contracts import TransactionPage

_FIRST_BLOCK = datetime(2020, 3, 16, 14, 29, tzinfo=UTC)
"""When Solana's mainnet began: stands in for the time of the oldest slots, which nodes do not know."""
_FEWEST_ROWS = 10


@dataclass(frozen=True, slots=True)
class _Sources:
    """Where one read reads from. ``late`` is what is read of accounts that turn up only now."""

    reader: TransactionReader
    lists: SignatureLists
    late: Span


@dataclass(slots=True)
class History:
    """One read of an address's history."""

    rpc: Rpc
    limits: SolanaLimits
    address: str
    known: Mapping[str, KnownToken]
    _tokens: dict[str, None] = field(default_factory=dict, init=False)
    _stakes: dict[str, None] = field(default_factory=dict, init=False)
    _is_settled: bool = field(default=True, init=False)
    """Whether every token account is known that was open at the end of this read."""
    _time: datetime = field(default=_FIRST_BLOCK, init=False)

    async def pages(self, cursor_text: str | None) -> AsyncIterator[TransactionPage]:
        """Give what lies behind the cursor, to the last page."""
        cursor = read_cursor(cursor_text)
        # Asked before the accounts are: whatever is listed later is complete up to here.
        newest, first_kept = await self._ends()
        target = newest - self.limits.settled_slots
        if target <= cursor.slot:
            yield TransactionPage((), cursor.text(), is_last=True)
            return
        held = await read_held(self.rpc, self.address)
        self._tokens = dict.fromkeys((*cursor.tokens, *held.open_tokens))
        self._stakes = dict.fromkeys((*cursor.stakes, *held.staked))
        sources = await self._open(cursor, newest=newest, target=target)
        gaps: tuple[str, ...] = ()
        if first_kept > cursor.slot + 1:
            gaps = (self._pruned_gap(cursor, first_kept),)
        is_last = False
        while not is_last:
            rows, slot = await self._next_rows(sources.lists, cursor)
            sent = await self._transactions(sources, rows, cursor, slot)
            is_last = sources.lists.is_at_end
            told, time_gaps = self._told(sent)
            cursor = self._after(cursor, told, sent, slot=target if is_last else slot)
            gaps += (*sources.reader.take_gaps(), *time_gaps)
            if is_last:
                moving = sources.lists.moving
                cursor, end_gaps = reckoned(
                    cursor, held, address=self.address, coin=self.rpc.chain.native, moving=moving
                )
                gaps += end_gaps
                cursor = self._closed(cursor, held, moving)
            yield TransactionPage(
                transactions=tuple(each.transaction for each in told if each.transaction is not None),
                cursor=cursor.text(),
                is_last=is_last,
                gaps=gaps,
            )
            gaps = ()

    def _pruned_gap(self, cursor: Cursor, first_kept: int) -> str:
        return (
            f"{self.rpc.shown} keeps nothing from before slot {first_kept:,}: what happened from slot "
            f"{cursor.slot + 1:,} to there is not in the history."
        )

    def _closed(self, cursor: Cursor, held: Held, moving: Collection[str]) -> Cursor:
        """Return the cursor of a whole read: accounts that were closed in it are done with."""
        if not self._is_settled:
            return cursor
        stakes = self._stakes if held.stake_refusal is not None else held.staked
        kept = {*held.open_tokens, *stakes, *moving}
        return msgspec.structs.replace(
            cursor,
            since=cursor.slot,
            tokens=tuple(each for each in self._tokens if each in kept),
            stakes=tuple(each for each in self._stakes if each in kept),
        )

    async def _ends(self) -> tuple[int, int]:
        """Return the newest slot and the oldest one that the node keeps."""
        newest, first_kept = await self.rpc.try_all(
            [Call("getSlot", (FINALIZED,)), Call("getFirstAvailableBlock")]
        )
        if isinstance(newest, NodeAnsweredWithError):
            raise newest
        # Where that cannot be asked for, what the address held at the beginning tells of what is missing.
        is_unknown = isinstance(first_kept, NodeAnsweredWithError)
        return self.rpc.read(newest, Count), 0 if is_unknown else self.rpc.read(first_kept, Count)

    async def _open(self, cursor: Cursor, *, newest: int, target: int) -> _Sources:
        """Open the lists of all accounts that are known, those included that were closed just now."""
        share = self.limits.kept_signatures // (1 + len(self._tokens) + len(self._stakes))
        rows = min(self.limits.page_signatures, max(_FEWEST_ROWS, share))
        lists, reader = SignatureLists(self.rpc, rows), TransactionReader(self.rpc, newest)
        late = Span(cursor.since, target, cursor.last if cursor.since == cursor.slot else None)
        sources = _Sources(reader, lists, late)
        known = (self.address, *cursor.tokens, *cursor.stakes)
        await lists.open(known, Span(cursor.slot, target, cursor.last))
        await lists.open((*self._tokens, *self._stakes), late)
        # What was open up to the end of this read and is not any more would be nobody's in the next one.
        newer = lists.newer(self.address)
        self._is_settled = len(newer) <= self.limits.page_transactions
        if self._is_settled:
            try:
                await self._follow(sources, await reader.read(newer))
            except NotGivenYet:
                self._is_settled = False
        reader.take_gaps()  # told when it is read for good
        return sources

    async def _follow(self, sources: _Sources, sent: Sequence[Transaction]) -> bool:
        """Open the lists of own token accounts that turned up; return whether there were any."""
        fresh = {account for each in sent for account in own_token_accounts(each, self.address)}
        fresh -= self._tokens.keys()
        self._tokens |= dict.fromkeys(sorted(fresh))
        await sources.lists.open(sorted(fresh), sources.late)
        return bool(fresh)

    async def _next_rows(self, lists: SignatureLists, cursor: Cursor) -> tuple[list[SignatureRow], int]:
        """Take what accounts that turned up did before the cursor, and the next slots; return the last of those."""
        rows = await lists.take_up_to(cursor.slot)
        more, slot = await lists.next_slots(self.limits.page_transactions)
        return rows + more, cursor.slot if slot is None else slot

    async def _transactions(
        self, sources: _Sources, rows: Sequence[SignatureRow], cursor: Cursor, slot: int
    ) -> list[Transaction]:
        """Read the transactions of some slots. Token accounts that turn up in them are followed from there on."""
        found: dict[str, Transaction] = {}
        seen: set[str] = set()
        left = list({row.signature: row for row in rows}.values())
        while left:
            seen |= {row.signature for row in left}
            sent = await sources.reader.read(left)
            found |= {each.signature: each for each in sent}
            if not await self._follow(sources, sent):
                break
            left = [row for row in await sources.lists.take_up_to(slot) if row.signature not in seen]
            left = list({row.signature: row for row in left}.values())
        given = {self.address, *cursor.tokens, *cursor.stakes}
        fresh = [
            each
            for each in found.values()
            if each.slot > cursor.slot or given.isdisjoint(key.pubkey for key in each.keys)
        ]
        # Within a slot, the order is that of the lists: nodes do not tell a better one.
        return sorted(fresh, key=lambda each: each.slot)

    def _told(self, sent: Sequence[Transaction]) -> tuple[list[Told], tuple[str, ...]]:
        owner = Owner(self.address, frozenset(self._stakes), frozenset(self._tokens))
        told, timeless = [], 0
        untold = sum(each.meta.pre_token_balances is None for each in sent)
        for each in sent:
            if each.block_time is None:
                timeless += 1
            else:
                self._time = datetime.fromtimestamp(each.block_time, tz=UTC)
            told.append(told_of(self.rpc.chain, owner, each, at=self._time, known=self.known))
        gaps = (
            f"The node does not know the time of {timeless} transactions: they carry that of the one before.",
            f"The node does not know what {untold} transactions did to tokens: it did not record that yet.",
        )
        return told, tuple(gap for gap, count in zip(gaps, (timeless, untold), strict=True) if count)

    def _after(
        self, cursor: Cursor, told: Sequence[Told], sent: Sequence[Transaction], *, slot: int
    ) -> Cursor:
        """Return the cursor behind a page."""
        return msgspec.structs.replace(
            counted(cursor, told),
            slot=slot,
            last=sent[-1].signature if sent and sent[-1].slot > cursor.slot else cursor.last,
            tokens=tuple(self._tokens),
            stakes=tuple(self._stakes),
        )
