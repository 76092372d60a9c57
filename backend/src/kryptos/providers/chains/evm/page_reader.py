"""Makes pages out of parts of a history: reads what they name, holds it against the balance, says what is missing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kryptos.providers.chains.coins import amount_of
from kryptos.providers.chains.evm.balance_check import BalanceCheck, find_unexplained, joined
from kryptos.providers.chains.evm.block_reader import (
    SpanRead,
    add_payouts,
    read_headers,
    read_named,
    read_span,
)
from kryptos.providers.chains.evm.chain import EvmLimits, KnownToken
from kryptos.providers.chains.evm.contract_calls import ContractCalls
from kryptos.providers.chains.evm.cursor import Cursor, Unexplained
from kryptos.providers.chains.evm.movements import InternalTransfer, Told, told_of_touch, told_of_withdrawal
from kryptos.providers.chains.evm.native_changes import AccountState, read_states
from kryptos.providers.chains.evm.rpc import Rpc
from kryptos.providers.chains.evm.starting_point import StartingPoint
from kryptos.providers.chains.evm.tokens import NATIVE_MIRRORS, not_tokens_gap, read_tokens
from kryptos.providers.chains.evm.wire import Log
from kryptos.providers.contracts import AssetRef, CouldNotLook, TransactionPage


@dataclass(frozen=True, slots=True)
class Part:
    """Blocks up to ``last`` that make up a page.

    A node's part has their logs, and those of them to read in full. An indexer's has the blocks of its transactions,
    by hash, and what moved inside of them.
    """

    last: int
    logs: tuple[Log, ...] = ()
    full_blocks: tuple[int, ...] = ()
    heights: Mapping[str, int] = field(default_factory=dict)
    internals: Mapping[str, tuple[InternalTransfer, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Way:
    """How a history is read, as far as its pages must know."""

    indexer: str | None = None
    """The indexer that names the transactions; None where a node alone finds them."""
    advice: str = ""
    """What a person can do about transfers that a node does not show."""
    unread: tuple[tuple[int, int], ...] = ()
    """Ranges in which nobody looked for native transfers."""


@dataclass(slots=True)
class PageReader:
    """One read of an address's history (in small letters), from ``start`` on; ``cursor`` moves with each page."""

    rpc: Rpc
    limits: EvmLimits
    address: str
    known: Mapping[str, KnownToken]
    start: StartingPoint
    newest: int
    """The node's newest block: contracts are asked there."""
    way: Way
    low_state: AccountState | None
    high_state: AccountState | None
    """The account at the target, where it is known."""
    cursor: Cursor = field(init=False)
    _check: BalanceCheck = field(init=False)
    _tokens: dict[str, AssetRef] = field(default_factory=dict, init=False)
    _not_tokens: set[str] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        self.cursor = self.start.cursor
        self._check = BalanceCheck(self.cursor.block, self.low_state)

    async def read(self, part: Part) -> TransactionPage:
        """Read the next page."""
        is_last = part.last == self.start.target
        span = await self._span(part)
        token_gaps = await self._learn_tokens(span)
        if is_last:
            after = self.high_state
        else:
            (after,) = await read_states(self.rpc, self.address, [part.last])
        told = await self._compared(part, span, after)
        hashes = await self._checked_hashes(part.last, span)
        unexplained = joined(self.cursor.unexplained, self._check.move(part.last, after))
        is_unchecked = is_last and (self._check.is_blind or after is None)
        self.cursor = Cursor(
            block=part.last,
            hashes=self.cursor.hashes,
            balance=None if after is None else str(after.balance),
            nonce=None if after is None else after.nonce,
            unexplained=None if is_last else unexplained,
            unindexed_from=self._unindexed_from(part.last, unexplained, is_unchecked=is_unchecked),
        ).with_hashes(hashes)
        return TransactionPage(
            transactions=tuple(each.transaction for each in told),
            cursor=self.cursor.text(),
            is_last=is_last,
            gaps=(
                *token_gaps,
                *(gap for each in told for gap in each.gaps),
                *(self._native_gaps(unexplained, is_unchecked=is_unchecked) if is_last else ()),
            ),
        )

    async def _span(self, part: Part) -> SpanRead:
        if self.way.indexer is not None:
            return await read_named(self.rpc, self.address, part.heights, part.internals)
        return await read_span(self.rpc, self.address, part.logs, part.full_blocks)

    async def _compared(self, part: Part, span: SpanRead, after: AccountState | None) -> list[Told]:
        """Return what the span tells; with an indexer, add the payouts that explain what is missing."""
        told = self._told(span)
        before = self._check.state
        units = self._check.units
        self._check.units += sum(each.native_units for each in told)
        is_whole = self._check.block == self.cursor.block
        if self.way.indexer is None or not is_whole or before is None or after is None:
            return told
        if not self._check.missing(after):
            return told
        moved: dict[int, int] = {}
        for each in told:
            height = each.transaction.height or 0
            moved[height] = moved.get(height, 0) + each.native_units
        blocks = await find_unexplained(
            self.rpc,
            self.address,
            moved,
            (self.cursor.block, before),
            (part.last, after),
            most_calls=self.limits.state_calls,
        )
        await add_payouts(self.rpc, self.address, blocks, span)
        told = self._told(span)
        self._check.units = units + sum(each.native_units for each in told)
        return told

    def _told(self, span: SpanRead) -> list[Told]:
        """Return what a span tells, oldest first."""
        chain = self.rpc.chain
        touched = (told_of_touch(chain, self.address, touch, self._tokens) for touch in span.touches)
        told = [each for each in touched if each is not None]
        told += [
            told_of_withdrawal(chain, payout.withdrawal, height=payout.height, timestamp=payout.timestamp)
            for payout in span.payouts
        ]
        return sorted(told, key=lambda each: each.transaction.height or 0)

    async def _learn_tokens(self, span: SpanRead) -> tuple[str, ...]:
        """Read the tokens that are new; name those that cannot be counted, once."""
        contracts = {log.address.lower() for touch in span.touches for log in touch.logs} - NATIVE_MIRRORS
        fresh = sorted(contracts - self._tokens.keys() - self._not_tokens)
        calls = ContractCalls(self.rpc, self.newest, self.limits.contracts_per_call)
        found = await read_tokens(calls, fresh, known=self.known)
        self._tokens |= found
        silent = set(fresh) - found.keys()
        self._not_tokens |= silent
        return not_tokens_gap(silent, what="Transfers of tokens that do not tell their decimals are left out")

    async def _checked_hashes(self, last: int, span: SpanRead) -> dict[int, str]:
        """Return the hashes to keep; raise ``CouldNotLook`` if the chain changed under the read.

        Every block names its parent: while the newest one is the same, so are all before it.
        """
        headers = await read_headers(self.rpc, {last, self.start.target})
        now = self.start.hashes | {height: header.hash for height, header in headers.items()}
        if any(
            now.get(height, block_hash) != block_hash
            for height, block_hash in (self.start.hashes | span.hashes).items()
        ):
            raise CouldNotLook(
                f"The newest blocks of {self.rpc.chain.name} changed while they were read: sync again.",
                retry_after_seconds=15,
            )
        return span.hashes | now

    def _unindexed_from(
        self, last: int, unexplained: Unexplained | None, *, is_unchecked: bool
    ) -> int | None:
        """Return from where on an indexer would tell more than was told up to a block."""
        firsts = [] if self.cursor.unindexed_from is None else [self.cursor.unindexed_from]
        if self.way.indexer is None:
            firsts += [first for first, _ in self.way.unread if first <= last]
            if unexplained is not None:
                firsts.append(unexplained.first)
            if is_unchecked:
                firsts.append(self.start.cursor.block + 1)
        return min(firsts, default=None)

    def _native_gaps(self, unexplained: Unexplained | None, *, is_unchecked: bool) -> Iterator[str]:
        chain = self.rpc.chain
        if unexplained is not None:
            units = int(unexplained.units)
            amount = amount_of(abs(units), chain.native.decimals)
            way = "went out" if units < 0 else "came in"
            what = (
                f"than transactions show: transfers inside of contracts take an indexer.{self.way.advice}"
                if self.way.indexer is None
                else f"than {self.rpc.shown} and {self.way.indexer} show."
            )
            yield (
                f"From block {unexplained.first:,} to {unexplained.last:,}, {amount} {chain.native.symbol} more {way} "
                f"{what}"
            )
        elif is_unchecked and self.way.indexer is None:
            yield (
                f"Whether contracts moved {chain.native.symbol} could not be checked: the node does not tell what was "
                f"held then. Transfers inside of contracts take an indexer.{self.way.advice}"
            )
