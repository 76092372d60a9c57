"""History: what happened to an address behind a cursor, page by page, oldest first, over any reorganisation."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kryptos.providers.chains.evm.block_reader import SpanRead, read_headers, read_span
from kryptos.providers.chains.evm.chain import EvmLimits, KnownToken
from kryptos.providers.chains.evm.contract_calls import ContractCalls
from kryptos.providers.chains.evm.cursor import Cursor, Unexplained, read_cursor
from kryptos.providers.chains.evm.log_search import LogSearch
from kryptos.providers.chains.evm.movements import Told, told_of_touch, told_of_withdrawal
from kryptos.providers.chains.evm.native_changes import AccountState, read_states
from kryptos.providers.chains.evm.native_plan import NativePlan, plan_native
from kryptos.providers.chains.evm.quantity import amount_of, number_of
from kryptos.providers.chains.evm.rpc import Rpc
from kryptos.providers.chains.evm.starting_point import StartingPoint, find_starting_point
from kryptos.providers.chains.evm.tokens import NATIVE_MIRRORS, not_tokens_gap, read_tokens
from kryptos.providers.chains.evm.wire import Log
from kryptos.providers.contracts import AssetRef, CouldNotLook, TransactionPage


@dataclass(frozen=True, slots=True)
class _Part:
    """Blocks up to ``last`` that make up a page: their logs, and those of them to read in full."""

    last: int
    logs: tuple[Log, ...] = ()
    full_blocks: tuple[int, ...] = ()


@dataclass(slots=True)
class History:
    """One read of an address's history; ``address`` in small letters."""

    rpc: Rpc
    limits: EvmLimits
    address: str
    known: Mapping[str, KnownToken]
    _tokens: dict[str, AssetRef] = field(default_factory=dict, init=False)
    _not_tokens: set[str] = field(default_factory=set, init=False)
    _is_unchecked: bool = field(default=False, init=False)

    async def pages(self, cursor_text: str | None) -> AsyncIterator[TransactionPage]:
        """Give what lies behind the cursor. Ends with ``is_last``, or before it at the limits of one read."""
        start = await find_starting_point(self.rpc, read_cursor(cursor_text))
        cursor = start.cursor
        if cursor.block == start.target:
            yield TransactionPage((), cursor.text(), is_last=True, forget_above=start.forget_above)
            return
        plan = await plan_native(self.rpc, self.limits, self.address, cursor, start.target)
        state = plan.low_state
        forget_above, gaps = start.forget_above, plan.gaps
        async for part in self._parts(cursor.block, plan):
            page, cursor, state = await self._page(start, plan, part, cursor, state)
            yield TransactionPage(
                transactions=page.transactions,
                cursor=page.cursor,
                is_last=page.is_last,
                forget_above=forget_above,
                gaps=gaps + page.gaps,
            )
            forget_above, gaps = None, ()

    async def _parts(self, position: int, plan: NativePlan) -> AsyncIterator[_Part]:
        """Search the logs range by range and cut what is found into pages; a block is never split."""
        search = LogSearch(self.rpc, self.address, self.limits.history_log_calls)
        told_up_to, empty_ranges = position, 0
        while position < plan.up_to and search.calls_left > 0:
            end, logs = await search.oldest_first(position + 1, plan.up_to)
            full_blocks = [block for block in plan.blocks if position < block <= end]
            for part in self._cut(end, logs, full_blocks):
                empty_ranges += 1
                is_empty = not part.logs and not part.full_blocks
                if is_empty and end < plan.up_to and empty_ranges < self.limits.page_log_ranges:
                    continue
                told_up_to, empty_ranges = part.last, 0
                yield part
            position = end
        if told_up_to < position:
            yield _Part(position)

    def _cut(self, end: int, logs: Sequence[Log], full_blocks: Sequence[int]) -> Iterator[_Part]:
        of_block: dict[int, list[Log]] = {block: [] for block in full_blocks}
        for log in logs:
            of_block.setdefault(number_of(log.block_number), []).append(log)
        taken: list[int] = []
        count = 0
        for block in sorted(of_block):
            taken.append(block)
            count += max(1, len({log.transaction_hash for log in of_block[block]}))
            if count >= self.limits.page_transactions and block < end:
                yield self._part(block, taken, of_block, full_blocks)
                taken, count = [], 0
        yield self._part(end, taken, of_block, full_blocks)

    @staticmethod
    def _part(
        last: int, taken: Sequence[int], of_block: Mapping[int, list[Log]], full_blocks: Sequence[int]
    ) -> _Part:
        return _Part(
            last=last,
            logs=tuple(log for block in taken for log in of_block[block]),
            full_blocks=tuple(block for block in taken if block in full_blocks),
        )

    async def _page(
        self,
        start: StartingPoint,
        plan: NativePlan,
        part: _Part,
        cursor: Cursor,
        state: AccountState | None,
    ) -> tuple[TransactionPage, Cursor, AccountState | None]:
        """Read one page; return it with the cursor behind it and the account's state there."""
        span = await read_span(self.rpc, self.address, part.logs, part.full_blocks)
        token_gaps = await self._learn_tokens(part.logs, start.target)
        told = list(self._told(span))
        if part.last == start.target:
            state_after = plan.high_state
        else:
            (state_after,) = await read_states(self.rpc, self.address, [part.last])
        hashes = await self._checked_hashes(start, part.last, span)
        unexplained = self._compared(cursor, part.last, state, state_after, told)
        is_last = part.last == start.target
        after = Cursor(
            block=part.last,
            hashes=cursor.hashes,
            balance=None if state_after is None else str(state_after.balance),
            nonce=None if state_after is None else state_after.nonce,
            unexplained=None if is_last else unexplained,
        ).with_hashes(hashes)
        page = TransactionPage(
            transactions=tuple(each.transaction for each in told),
            cursor=after.text(),
            is_last=is_last,
            gaps=(
                *token_gaps,
                *(gap for each in told for gap in each.gaps),
                *(self._native_gaps(unexplained) if is_last else ()),
            ),
        )
        return page, after, state_after

    def _told(self, span: SpanRead) -> Iterator[Told]:
        for touch in span.touches:
            told = told_of_touch(self.rpc.chain, self.address, touch, self._tokens)
            if told is not None:
                yield told
        for payout in span.payouts:
            yield told_of_withdrawal(
                self.rpc.chain, payout.withdrawal, height=payout.height, timestamp=payout.timestamp
            )

    async def _learn_tokens(self, logs: Sequence[Log], height: int) -> tuple[str, ...]:
        """Read the tokens that are new; name those that cannot be counted, once."""
        contracts = {log.address.lower() for log in logs} - NATIVE_MIRRORS
        fresh = sorted(contracts - self._tokens.keys() - self._not_tokens)
        calls = ContractCalls(self.rpc, height, self.limits.contracts_per_call)
        found = await read_tokens(calls, fresh, known=self.known)
        self._tokens |= found
        silent = set(fresh) - found.keys()
        self._not_tokens |= silent
        return not_tokens_gap(silent, what="Transfers of tokens that do not tell their decimals are left out")

    async def _checked_hashes(self, start: StartingPoint, last: int, span: SpanRead) -> dict[int, str]:
        """Return the hashes to keep; raise ``CouldNotLook`` if the chain changed under the read.

        Every block names its parent: while the newest one is the same, so are all before it.
        """
        headers = await read_headers(self.rpc, {last, start.target})
        now = start.hashes | {height: header.hash for height, header in headers.items()}
        if any(
            now.get(height, block_hash) != block_hash
            for height, block_hash in (start.hashes | span.hashes).items()
        ):
            raise CouldNotLook(
                f"The newest blocks of {self.rpc.chain.name} changed while they were read: sync again.",
                retry_after_seconds=15,
            )
        return span.hashes | now

    def _compared(
        self,
        cursor: Cursor,
        last: int,
        before: AccountState | None,
        after: AccountState | None,
        told: Sequence[Told],
    ) -> Unexplained | None:
        """Compare what was told with how the balance changed: the difference moved inside of contracts."""
        if before is None or after is None:
            self._is_unchecked = True
            return cursor.unexplained
        difference = after.balance - before.balance - sum(each.native_units for each in told)
        if not difference:
            return cursor.unexplained
        earlier = cursor.unexplained or Unexplained(cursor.block + 1, last, "0")
        return Unexplained(earlier.first, last, str(int(earlier.units) + difference))

    def _native_gaps(self, unexplained: Unexplained | None) -> Iterator[str]:
        chain = self.rpc.chain
        advice = f" Name one in {chain.indexer_setting}." if chain.indexer_setting else ""
        if unexplained is not None:
            units = int(unexplained.units)
            amount = amount_of(abs(units), chain.native.decimals)
            way = "went out" if units < 0 else "came in"
            yield (
                f"From block {unexplained.first:,} to {unexplained.last:,}, {amount} {chain.native.symbol} more {way} "
                f"than transactions show: transfers inside of contracts take an indexer.{advice}"
            )
        elif self._is_unchecked:
            yield (
                f"Whether contracts moved {chain.native.symbol} could not be checked: the node does not tell what was "
                f"held then. Transfers inside of contracts take an indexer.{advice}"
            )
