"""History: what happened to an address behind a cursor, page by page, oldest first, over any reorganisation."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kryptos.providers.chains.evm.chain import EvmLimits, KnownToken
from kryptos.providers.chains.evm.cursor import Cursor, read_cursor
from kryptos.providers.chains.evm.indexer import IndexerApi, IndexerFailed
from kryptos.providers.chains.evm.indexer_search import Found, find_reach, search_indexer
from kryptos.providers.chains.evm.log_search import LogSearch
from kryptos.providers.chains.evm.native_changes import AccountState
from kryptos.providers.chains.evm.native_plan import NativePlan, plan_native, states_at_ends
from kryptos.providers.chains.evm.page_reader import PageReader, Part, Way
from kryptos.providers.chains.evm.quantity import number_of
from kryptos.providers.chains.evm.rpc import Rpc
from kryptos.providers.chains.evm.starting_point import StartingPoint, find_starting_point
from kryptos.providers.chains.evm.wire import Log
from kryptos.providers.contracts import TransactionPage


@dataclass(slots=True)
class History:
    """One read of an address's history; ``address`` in small letters. The first indexer that answers is used."""

    rpc: Rpc
    limits: EvmLimits
    address: str
    known: Mapping[str, KnownToken]
    indexers: tuple[IndexerApi, ...] = ()

    async def pages(self, cursor_text: str | None) -> AsyncIterator[TransactionPage]:
        """Give what lies behind the cursor. Ends with ``is_last``, or before it at the limits of one read."""
        cursor = read_cursor(cursor_text)
        newest = await self.rpc.number("eth_blockNumber")
        failures: list[IndexerFailed] = []
        for indexer in self.indexers:
            try:
                start, found = await self._ask(indexer, cursor, newest)
            except IndexerFailed as failure:
                failures.append(failure)
                continue
            async for page in self._indexed_pages(indexer, start, found, newest):
                yield page
            return
        async for page in self._node_pages(cursor, newest, self._advice(failures)):
            yield page

    # ------------------------------------------------------------ with an indexer

    async def _ask(
        self, indexer: IndexerApi, cursor: Cursor, newest: int
    ) -> tuple[StartingPoint, Found | None]:
        """Return where to begin, and what the indexer found behind it; None where it knows nothing newer."""
        reach = await find_reach(self.rpc, self.limits, indexer, newest)
        start = await find_starting_point(self.rpc, cursor, reach.height)
        start = start.before_what_nodes_alone_read(reach.height, reach.hash)
        if start.cursor.block >= start.target:
            return start, None
        found = await search_indexer(
            indexer,
            self.address,
            start.cursor.block + 1,
            start.target,
            most_rows=self.limits.indexer_rows,
        )
        return start, found

    async def _indexed_pages(
        self, indexer: IndexerApi, start: StartingPoint, found: Found | None, newest: int
    ) -> AsyncIterator[TransactionPage]:
        if found is None:
            yield _nothing_new(start)
            return
        low, high = await states_at_ends(self.rpc, self.address, start.cursor, start.target)
        reader = self._reader(start, newest, Way(indexer=indexer.shown), low, high)
        forget_above = start.forget_above
        for part in self._indexed_parts(found):
            yield replace(await reader.read(part), forget_above=forget_above)
            forget_above = None

    def _indexed_parts(self, found: Found) -> Iterator[Part]:
        names_of: dict[int, list[str]] = {}
        for name, height in found.heights.items():
            names_of.setdefault(height, []).append(name)
        taken: dict[str, int] = {}
        for height in sorted(names_of):
            taken |= dict.fromkeys(names_of[height], height)
            if len(taken) >= self.limits.page_transactions and height < found.up_to:
                yield Part(height, heights=taken, internals=found.internals)
                taken = {}
        yield Part(found.up_to, heights=taken, internals=found.internals)

    # ------------------------------------------------------------ with a node alone

    async def _node_pages(self, cursor: Cursor, newest: int, advice: str) -> AsyncIterator[TransactionPage]:
        start = await find_starting_point(self.rpc, cursor, newest)
        if start.cursor.block == start.target:
            yield _nothing_new(start)
            return
        plan = await plan_native(self.rpc, self.limits, self.address, start.cursor, start.target)
        way = Way(advice=advice, unread=plan.unread)
        reader = self._reader(start, newest, way, plan.low_state, plan.high_state)
        forget_above, gaps = start.forget_above, self._unread_gaps(plan, advice)
        async for part in self._parts(start.cursor.block, plan):
            page = await reader.read(part)
            yield replace(page, forget_above=forget_above, gaps=gaps + page.gaps)
            forget_above, gaps = None, ()

    async def _parts(self, position: int, plan: NativePlan) -> AsyncIterator[Part]:
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
            yield Part(position)

    def _cut(self, end: int, logs: Sequence[Log], full_blocks: Sequence[int]) -> Iterator[Part]:
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
    ) -> Part:
        return Part(
            last=last,
            logs=tuple(log for block in taken for log in of_block[block]),
            full_blocks=tuple(block for block in taken if block in full_blocks),
        )

    def _unread_gaps(self, plan: NativePlan, advice: str) -> tuple[str, ...]:
        if not plan.unread:
            return ()
        gap = (
            f"Transfers of {self.rpc.chain.native.symbol} without a token in blocks {plan.unread[0][0]:,} to "
            f"{plan.unread[-1][1]:,} were not looked for: the node does not tell what was held then, and reading each "
            f"block takes an indexer.{advice}"
        )
        return (gap,)

    def _advice(self, failures: Sequence[IndexerFailed]) -> str:
        if failures:
            return f" None could be asked: {' '.join(each.failure.message for each in failures)}"
        setting = self.rpc.chain.indexer_setting
        return f" Name one in {setting}." if setting else ""

    # ------------------------------------------------------------ with both

    def _reader(
        self, start: StartingPoint, newest: int, way: Way, *states: AccountState | None
    ) -> PageReader:
        low_state, high_state = states
        return PageReader(
            rpc=self.rpc,
            limits=self.limits,
            address=self.address,
            known=self.known,
            start=start,
            newest=newest,
            way=way,
            low_state=low_state,
            high_state=high_state,
        )


def _nothing_new(start: StartingPoint) -> TransactionPage:
    return TransactionPage((), start.cursor.text(), is_last=True, forget_above=start.forget_above)
