"""Searches the logs of an address over ranges of blocks that grow and shrink with what the node is ready to give."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from kryptos.infra.http_client.errors import AnswerTooLarge, AnswerTooLate
from kryptos.providers.chains.evm.abi import DEPOSIT, TRANSFER, WITHDRAWAL, topic_of
from kryptos.providers.chains.evm.chain import EvmChain
from kryptos.providers.chains.evm.node_errors import RangeTooWide
from kryptos.providers.chains.evm.rpc import Rpc
from kryptos.providers.chains.evm.tokens import NATIVE_MIRRORS
from kryptos.providers.chains.evm.wire import Log
from kryptos.providers.chains.json_rpc import Call

CALLS_PER_RANGE = 2
_PATIENT_SPAN = 2_000
"""A node that needs too long for fewer blocks than that does not need too long because of the range."""
_STEPS_UNTIL_WIDER = 8


def names_address(chain: EvmChain, address: str, log: Log) -> bool:
    """Say whether a log moved a coin of the address (in small letters): three topics are ERC-20's, four ERC-721's."""
    me = topic_of(address)
    if log.removed or not log.topics:
        return False
    if log.topics[0] == TRANSFER:
        return len(log.topics) == 3 and me in log.topics[1:]
    wrapper = (chain.wrapped_native or "").lower()
    is_wrapper = log.address.lower() == wrapper and wrapper not in NATIVE_MIRRORS
    return is_wrapper and log.topics[0] in {DEPOSIT, WITHDRAWAL} and log.topics[1:] == (me,)


@dataclass(slots=True)
class LogSearch:
    """Finds the logs that name an address: Transfer (ERC-20) in and out, Deposit and Withdrawal (WETH9).

    ``calls_left`` counts down; whoever uses the search stops at zero.
    """

    rpc: Rpc
    address: str
    calls_left: int
    span: int | None = None
    """Blocks that are asked for at once; None until the node refused some number."""
    _is_told: bool = field(default=False, init=False)
    _calm: int = field(default=0, init=False)

    async def oldest_first(self, first: int, last: int) -> tuple[int, list[Log]]:
        """Return the logs from ``first`` on, and the block up to which they were searched."""
        while True:
            end = last if self.span is None else min(last, first + self.span - 1)
            logs = await self._try(first, end)
            if logs is not None:
                return end, logs

    async def newest_first(self, first: int, last: int) -> tuple[int, list[Log]]:
        """Return the logs up to ``last``, and the block down to which they were searched."""
        while True:
            start = first if self.span is None else max(first, last - self.span + 1)
            logs = await self._try(start, last)
            if logs is not None:
                return start, logs

    async def _try(self, first: int, last: int) -> list[Log] | None:
        """Return the logs of a range; None when it is to be tried again with the narrower span that is now set."""
        self.calls_left -= CALLS_PER_RANGE
        blocks = last - first + 1
        try:
            results = await self.rpc.ask_all(list(self._calls(first, last)))
        except RangeTooWide as error:
            if blocks == 1:
                raise
            self._narrow(blocks, error.blocks)
            return None
        except (AnswerTooLarge, AnswerTooLate) as error:
            if blocks == 1 or (isinstance(error, AnswerTooLate) and blocks <= _PATIENT_SPAN):
                raise
            self._narrow(blocks, None)
            return None
        self._widen()
        # A transfer to oneself is in both answers.
        found = {
            (log.block_hash, log.log_index): log
            for result in results
            for log in self.rpc.read(result, tuple[Log, ...])
            if first <= int(log.block_number, 16) <= last and names_address(self.rpc.chain, self.address, log)
        }
        return sorted(found.values(), key=lambda log: (int(log.block_number, 16), int(log.log_index, 16)))

    def _calls(self, first: int, last: int) -> Iterator[Call]:
        me = topic_of(self.address)
        for topics in ([[TRANSFER, DEPOSIT, WITHDRAWAL], me], [TRANSFER, None, me]):
            yield Call("eth_getLogs", ({"fromBlock": hex(first), "toBlock": hex(last), "topics": topics},))

    def _narrow(self, blocks: int, named: int | None) -> None:
        self._is_told = named is not None and named < blocks
        self.span = named if named is not None and self._is_told else max(1, blocks // 2)
        self._calm = 0

    def _widen(self) -> None:
        """Ask for more again where blocks are emptier, unless the node told its limit."""
        self._calm += 1
        if self.span is not None and not self._is_told and self._calm >= _STEPS_UNTIL_WIDER:
            self.span *= 2
            self._calm = 0
