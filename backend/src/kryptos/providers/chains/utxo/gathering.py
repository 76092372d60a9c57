"""Gathering: reads every address of a wallet back to where it was read before, newest first, within bounded memory."""

from dataclasses import dataclass, field

from kryptos.providers.chains.utxo.chain import UtxoLimits
from kryptos.providers.chains.utxo.cursor import Cursor
from kryptos.providers.chains.utxo.esplora import Esplora
from kryptos.providers.chains.utxo.movements import Record, record_of
from kryptos.providers.chains.utxo.wallet import Branch
from kryptos.providers.contracts import CouldNotLook


def changed_under_read(esplora: Esplora) -> CouldNotLook:
    """Return the error for a chain, or a server, that was another one at the end of a read than at its start."""
    return CouldNotLook(
        f"The newest blocks of {esplora.chain.name} changed while they were read: sync again.",
        retry_after_seconds=15,
    )


@dataclass(slots=True)
class Gathered:
    """What was found: by transaction, and how far each branch was looked at."""

    records: dict[str, Record] = field(default_factory=dict)
    looked_at: tuple[int, ...] = ()
    own: set[str] = field(default_factory=set)
    left_out: int = -1
    is_cut: bool = False
    """Whether this read left something out."""

    @property
    def hashes(self) -> dict[int, str]:
        """Hashes of the blocks that hold the transactions."""
        return {record.height: record.block_hash for record in self.records.values()}


@dataclass(slots=True)
class Gathering:
    """One pass over the addresses of a wallet, for blocks above the cursor and up to ``target``."""

    esplora: Esplora
    limits: UtxoLimits
    cursor: Cursor
    target: int
    found: Gathered = field(init=False)
    _hashes: dict[int, str] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.found = Gathered(left_out=self.cursor.left_out)

    async def gather(self, branches: tuple[Branch, ...]) -> Gathered:
        """Look at each branch until the gap; raise ``CouldNotLook``.

        An address that was looked at before is read from the cursor on, a new one from the beginning.
        """
        before = self.cursor.looked_at or (0,) * len(branches)
        looked_at = []
        for branch, known in zip(branches, before, strict=True):
            unused = index = 0
            while unused < self.limits.gap and (address := self._next(branch, index)) is not None:
                floor = self.cursor.block if index < known else -1
                unused = 0 if address and await self._read(address, floor) else unused + 1
                index += 1
            looked_at.append(index)
        self.found.looked_at = tuple(looked_at)
        return self.found

    def _next(self, branch: Branch, index: int) -> str | None:
        """Return the address to look at, empty for a number without one; None where there is none left."""
        if index >= self.limits.most_addresses:
            raise CouldNotLook(
                f"More than {self.limits.most_addresses:,} addresses of this key are used: more than are looked at."
            )
        address = branch.address(index)
        if branch.is_single or address is not None:
            return address
        return ""

    async def _read(self, address: str, floor: int) -> bool:
        """Read an address back to the block ``floor``; return whether it was ever used up to ``target``."""
        self.found.own.add(address)
        is_used = False
        last_seen: str | None = None
        seen: set[str] = set()
        height: int | None = None
        while page := await self.esplora.transactions(address, last_seen):
            for transaction in page:
                record = record_of(transaction, server=self.esplora.shown)
                if record.id in seen or (height is not None and record.height > height):
                    raise CouldNotLook(
                        f"{self.esplora.shown} did not give transactions from newest to oldest."
                    )
                seen.add(record.id)
                height = record.height
                if record.height > self.target:
                    continue
                is_used = True
                if record.height <= max(floor, self.found.left_out):
                    return True
                self._keep(record).add(transaction, address)
            last_seen = page[-1].txid
            seen = {each.txid for each in page}
        return is_used

    def _keep(self, record: Record) -> Record:
        """Return the record that stands for the transaction; make room if there are too many."""
        if self._hashes.setdefault(record.height, record.block_hash) != record.block_hash:
            raise changed_under_read(self.esplora)
        kept = self.found.records.setdefault(record.id, record)
        if len(self.found.records) > self.limits.history_transactions:
            self.found.left_out = min(each.height for each in self.found.records.values())
            self.found.is_cut = True
            self.found.records = {
                id_: each for id_, each in self.found.records.items() if each.height > self.found.left_out
            }
        return kept
