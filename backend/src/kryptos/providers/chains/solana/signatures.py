"""Lists of signatures: nodes give them newest first; here they come oldest first, in bounded memory.

Each account's list is walked down once to learn where its pages begin; only the oldest page is kept. Going up again,
one page after another is asked for once more.
"""

from collections import deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kryptos.providers.chains.json_rpc import Call
from kryptos.providers.chains.solana.accounts import FINALIZED
from kryptos.providers.chains.solana.rpc import Rpc
from kryptos.providers.chains.solana.wire import SignatureRow
from kryptos.providers.contracts import CouldNotLook


@dataclass(frozen=True, slots=True)
class Span:
    """Which slots are read: those above ``above``, up to ``up_to``. ``until`` is the newest signature not above."""

    above: int
    up_to: int
    until: str | None


@dataclass(frozen=True, slots=True)
class _Page:
    """A page as it was seen on the way down: what names it, without its rows."""

    first: SignatureRow
    last: str
    count: int


@dataclass(slots=True)
class AccountSignatures:
    """The signatures of one account in a span, oldest first."""

    account: str
    span: Span
    page_rows: int
    pages: list[_Page] = field(default_factory=list)
    """Pages above the rows at hand, newest first."""
    rows: deque[SignatureRow] = field(default_factory=deque)
    """Rows at hand, oldest first."""
    lowest: Sequence[SignatureRow] = ()
    """The lowest page so far on the way down, newest first."""
    newer: list[SignatureRow] = field(default_factory=list)
    """Rows above the span."""
    is_walked: bool = False

    @property
    def head(self) -> int | None:
        """The slot of the oldest row left; None when nothing is left."""
        return self.rows[0].slot if self.rows else None

    def call_down(self) -> Call:
        """Return the call for the next page on the way down."""
        return self._call(before=self.lowest[-1].signature if self.lowest else None, limit=self.page_rows)

    def call_up(self) -> Call:
        """Return the call that gives the lowest page of those above once more, but for its first row."""
        page = self.pages[-1]
        return self._call(before=page.first.signature, limit=page.count - 1)

    def _call(self, *, before: str | None, limit: int) -> Call:
        # A node that has not come to the end of the span yet says so, instead of leaving the newest out.
        config: dict[str, object] = {"limit": limit, "minContextSlot": self.span.up_to, **FINALIZED}
        if before is not None:
            config["before"] = before
        if self.span.until is not None:
            config["until"] = self.span.until
        return Call("getSignaturesForAddress", (self.account, config))

    def take_down(self, rows: Sequence[SignatureRow], *, node: str) -> None:
        """Note a page on the way down. The list ends with an empty page or with a slot that was read before.

        A short page is no end: some nodes give fewer at once than they were asked for.
        """
        self._check([*self.lowest[-1:], *rows], node)
        if {row.signature for row in rows} & {row.signature for row in self.lowest}:
            raise _other_rows(self.account, node)
        self.newer += [row for row in rows if row.slot > self.span.up_to]
        if rows:
            if self.lowest:
                self.pages.append(_Page(self.lowest[0], self.lowest[-1].signature, len(self.lowest)))
            self.lowest = rows
        self.is_walked = not rows or rows[-1].slot <= self.span.above
        if self.is_walked:
            self._keep(self.lowest)
            self.lowest = ()

    def take_up(self, rows: Sequence[SignatureRow], *, node: str) -> None:
        """Keep the page that ``call_up`` asked for; raise ``CouldNotLook`` if it is another one than before."""
        self._check(rows, node)
        page = self.pages.pop()
        again = [page.first, *rows]
        if len(again) != page.count or again[-1].signature != page.last:
            raise _other_rows(self.account, node)
        self._keep(again)

    def take_slot(self, slot: int) -> list[SignatureRow]:
        """Take the rows of a slot and before, oldest first."""
        taken = []
        while self.rows and self.rows[0].slot <= slot:
            taken.append(self.rows.popleft())
        return taken

    def _keep(self, newest_first: Sequence[SignatureRow]) -> None:
        self.rows = deque(
            row for row in reversed(newest_first) if self.span.above < row.slot <= self.span.up_to
        )

    def _check(self, rows: Sequence[SignatureRow], node: str) -> None:
        if any(newer.slot < older.slot for newer, older in pairwise(rows)):
            raise _other_rows(self.account, node)


def _other_rows(account: str, node: str) -> CouldNotLook:
    return CouldNotLook(f"{node} gave the signatures of {account} in another order than before: sync again.")


@dataclass(slots=True)
class SignatureLists:
    """The lists of several accounts, merged by slot."""

    rpc: Rpc
    page_rows: int
    lists: dict[str, AccountSignatures] = field(default_factory=dict)

    async def open(self, accounts: Iterable[str], span: Span) -> None:
        """Walk down the lists of accounts that were not opened before."""
        fresh = [
            AccountSignatures(account, span, self.page_rows)
            for account in dict.fromkeys(accounts)
            if account not in self.lists
        ]
        turns = self.rpc.turns
        while left := [each for each in fresh if not each.is_walked]:
            results = await self.rpc.ask_all([each.call_down() for each in left])
            if self.rpc.turns != turns and any(each.lowest for each in left):
                raise CouldNotLook(
                    f"{self.rpc.shown} had to stand in while lists of another node were read: sync again.",
                    retry_after_seconds=15,
                )
            turns = self.rpc.turns
            for each, result in zip(left, results, strict=True):
                each.take_down(self.rpc.read(result, tuple[SignatureRow, ...]), node=self.rpc.shown)
        self.lists |= {each.account: each for each in fresh}
        await self._refill()

    async def next_slots(self, count: int) -> tuple[list[SignatureRow], int | None]:
        """Take some ``count`` signatures of the oldest slots, each whole; return them and the last of the slots."""
        taken: dict[str, SignatureRow] = {}
        slot = None
        while len(taken) < count and (lowest := self._lowest()) is not None:
            slot = lowest
            taken |= {row.signature: row for row in await self.take_up_to(slot)}
        return list(taken.values()), slot

    async def take_up_to(self, slot: int) -> list[SignatureRow]:
        """Take every row of a slot and before."""
        taken: list[SignatureRow] = []
        while (lowest := self._lowest()) is not None and lowest <= slot:
            for each in self.lists.values():
                taken += each.take_slot(slot)
            await self._refill()
        return taken

    def newer(self, account: str) -> Sequence[SignatureRow]:
        """Return the rows of an account above the span."""
        return self.lists[account].newer

    @property
    def moving(self) -> Collection[str]:
        """The accounts that were named above the span."""
        return {account for account, each in self.lists.items() if each.newer}

    @property
    def is_at_end(self) -> bool:
        """Whether nothing is left."""
        return self._lowest() is None

    def _lowest(self) -> int | None:
        return min((head for each in self.lists.values() if (head := each.head) is not None), default=None)

    async def _refill(self) -> None:
        """Fetch the next page for lists that have none at hand but some above."""
        while empty := [each for each in self.lists.values() if not each.rows and each.pages]:
            # A page of one row is known whole; nodes do not take a limit of none.
            singles = [each for each in empty if each.pages[-1].count == 1]
            for each in singles:
                each.take_up((), node=self.rpc.shown)
            empty = [each for each in empty if each not in singles]
            results = await self.rpc.ask_all([each.call_up() for each in empty]) if empty else []
            for each, result in zip(empty, results, strict=True):
                each.take_up(self.rpc.read(result, tuple[SignatureRow, ...]), node=self.rpc.shown)
