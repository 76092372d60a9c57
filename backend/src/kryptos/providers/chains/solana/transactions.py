"""Transactions by their signatures, each checked to be the one that was asked for; what no node gives is a gap."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from kryptos.providers.chains.json_rpc import Call, NodeAnsweredWithError
from kryptos.providers.chains.solana.accounts import FINALIZED
from kryptos.providers.chains.solana.node_errors import NotGivenYet, VersionUnknown
from kryptos.providers.chains.solana.rpc import Rpc
from kryptos.providers.chains.solana.wire import SignatureRow, Transaction
from kryptos.providers.contracts import CouldNotLook

_FRESH_SLOTS = 1_500
"""Some ten minutes: what is younger and listed but not given was not stored yet, and will be."""
_SHOWN = 5


@dataclass(slots=True)
class TransactionReader:
    """Reads transactions, and remembers which could not be read."""

    rpc: Rpc
    newest: int
    _left_out: list[str] = field(default_factory=list, init=False)
    _missing: list[SignatureRow] = field(default_factory=list, init=False)

    async def read(self, rows: Sequence[SignatureRow]) -> list[Transaction]:
        """Return the transactions in the order of the rows, but for those that become gaps."""
        results = await self._results(rows)
        sent = []
        for row, result in zip(rows, results, strict=True):
            if isinstance(result, VersionUnknown):
                self._left_out.append(f"Transaction {row.signature} is left out: {result.message}")
            elif isinstance(result, NodeAnsweredWithError):
                raise result
            elif result is None:
                self._miss(row)
            else:
                sent += self._checked(row, result)
        return sent

    def take_gaps(self) -> tuple[str, ...]:
        """Return what could not be read since it was last asked for."""
        gaps = list(self._left_out)
        if self._missing:
            slots = [row.slot for row in self._missing]
            shown = ", ".join(row.signature for row in self._missing[:_SHOWN])
            more = f" and {len(slots) - _SHOWN} more" if len(slots) > _SHOWN else ""
            gaps.append(
                f"Transactions from slot {min(slots):,} to {max(slots):,} are left out, because nodes list them but "
                f"do not keep what they did: {shown}{more}."
            )
        self._left_out, self._missing = [], []
        return tuple(gaps)

    async def _results(self, rows: Sequence[SignatureRow]) -> list[object]:
        """Ask for all, and every other node once more for those that the first one does not keep."""
        results = await self.rpc.try_all([_call(row) for row in rows]) if rows else []
        for _ in range(self.rpc.node_count):
            left = [at for at, result in enumerate(results) if result is None]
            if not left:
                break
            await self.rpc.http.pause(1)
            self.rpc.turn()
            again = await self.rpc.try_all([_call(rows[at]) for at in left])
            for at, result in zip(left, again, strict=True):
                results[at] = result
        return results

    def _miss(self, row: SignatureRow) -> None:
        if row.slot > self.newest - _FRESH_SLOTS:
            raise NotGivenYet(
                f"{self.rpc.shown} lists a transaction that it does not give: sync again.",
                retry_after_seconds=15,
            )
        self._missing.append(row)

    def _checked(self, row: SignatureRow, result: object) -> list[Transaction]:
        if isinstance(result, dict) and result.get("meta", result) is None:  # from before nodes recorded it
            self._missing.append(row)
            return []
        sent = self.rpc.read(result, Transaction)
        counts = {len(sent.keys), len(sent.meta.pre_balances), len(sent.meta.post_balances)}
        indexes = [
            each.account_index
            for each in (*(sent.meta.pre_token_balances or ()), *(sent.meta.post_token_balances or ()))
        ]
        is_whole = len(counts) == 1 and 0 not in counts and max(indexes, default=0) < len(sent.keys)
        if not is_whole or sent.signature != row.signature or sent.slot != row.slot:
            raise CouldNotLook(f"{self.rpc.shown} gave another transaction than it was asked for.")
        return [sent]


def _call(row: SignatureRow) -> Call:
    config = {"encoding": "jsonParsed", "maxSupportedTransactionVersion": 0, **FINALIZED}
    return Call("getTransaction", (row.signature, config))
