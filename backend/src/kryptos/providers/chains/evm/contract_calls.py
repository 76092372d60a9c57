"""Reads many contracts in few calls: through Multicall3, without it by a program, and one by one where neither goes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kryptos.providers.chains.evm.abi import decode_aggregate3, encode_aggregate3
from kryptos.providers.chains.evm.deployless import answers_in, calls_per_program, program_of
from kryptos.providers.chains.evm.node_errors import CallReverted, StateUnavailable
from kryptos.providers.chains.evm.rpc import Rpc
from kryptos.providers.chains.json_rpc import Call, NodeAnsweredWithError
from kryptos.providers.contracts import CouldNotLook

Read = tuple[str, bytes]
"""A contract, and the data it is called with: a selector and at most one word."""


@dataclass(frozen=True, slots=True)
class _Way:
    """One way of asking a node for several reads at once."""

    most_reads: int
    as_call: Callable[[Sequence[Read]], dict[str, str]]
    answers: Callable[[bytes, int], list[bytes | None]]


@dataclass(slots=True)
class ContractCalls:
    """Reads contracts at one block."""

    rpc: Rpc
    block: int
    contracts_per_call: int

    async def read(self, reads: Sequence[Read], *, answer_bytes: int) -> list[bytes | None]:
        """Return per read what came back, at least its first ``answer_bytes``; None where the contract refused."""
        for way in self._ways(answer_bytes):
            results = await self._by(way, reads)
            if results is not None:
                return results
        return await self._one_by_one(reads)

    def _ways(self, answer_bytes: int) -> list[_Way]:
        by_program = _Way(
            min(self.contracts_per_call, calls_per_program(answer_bytes)),
            lambda reads: {"data": "0x" + program_of(reads, answer_bytes=answer_bytes).hex()},
            lambda output, count: answers_in(output, count=count, answer_bytes=answer_bytes),
        )
        address = self.rpc.chain.multicall3
        if address is None:
            return [by_program]
        by_contract = _Way(
            self.contracts_per_call,
            lambda reads: {"to": address, "data": "0x" + encode_aggregate3(reads).hex()},
            lambda output, count: decode_aggregate3(output, count=count),
        )
        return [by_contract, by_program]

    async def _by(self, way: _Way, reads: Sequence[Read]) -> list[bytes | None] | None:
        """Return the results got in this way; None if the node or the chain does not know it."""
        results: list[bytes | None] = []
        parts = [reads[at : at + way.most_reads] for at in range(0, len(reads), way.most_reads)]
        outputs = await self.rpc.try_all([self._eth_call(way.as_call(part)) for part in parts])
        for part, output in zip(parts, outputs, strict=True):
            answers = await self._answers(way, part, output)
            if answers is None:
                return None
            results += answers
        # Nothing but refusals: another contract stands there, or none of these is one; the next way tells which.
        has_refused = any(isinstance(output, CallReverted) for output in outputs)
        return None if has_refused and all(result is None for result in results) else results

    async def _answers(self, way: _Way, part: Sequence[Read], output: object) -> list[bytes | None] | None:
        if isinstance(output, StateUnavailable):
            raise output
        if isinstance(output, NodeAnsweredWithError):
            # One of them took all the gas, or the node refuses calls of this kind: half of them tell which.
            if isinstance(output, CallReverted) and len(part) > 1:
                middle = len(part) // 2
                halves = [part[:middle], part[middle:]]
                outputs = await self.rpc.try_all([self._eth_call(way.as_call(half)) for half in halves])
                answers = [
                    await self._answers(way, half, each) for half, each in zip(halves, outputs, strict=True)
                ]
                return None if None in answers else [each for half in answers if half for each in half]
            return [None] if isinstance(output, CallReverted) else None
        try:
            return way.answers(self.rpc.as_bytes(output), len(part))
        except ValueError:
            return None  # no contract answers there, or another one

    async def _one_by_one(self, reads: Sequence[Read]) -> list[bytes | None]:
        calls = [self._eth_call({"to": target, "data": "0x" + data.hex()}) for target, data in reads]
        results: list[bytes | None] = []
        for output in await self.rpc.try_all(calls):
            if isinstance(output, CallReverted):
                results.append(None)
            elif isinstance(output, CouldNotLook):
                raise output
            else:
                results.append(self.rpc.as_bytes(output))
        return results

    def _eth_call(self, fields: dict[str, str]) -> Call:
        return Call("eth_call", (fields, hex(self.block)))
