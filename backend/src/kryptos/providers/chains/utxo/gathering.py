"""Gathering: reads every address of a wallet back to where it was read before, newest first, within bounded memory."""

from dataclasses import dataclass, field

from kryptos.providers.chains.utxo.answers import MinedTransaction, Place, Span
from kryptos.providers.chains.utxo.chain import UtxoLimits
from kryptos.providers.chains.utxo.cursor import Cursor
from kryptos.providers.chains.utxo.movements import Record, record_of
from kryptos.providers.chains.utxo.source import Source, changed_under_read
from kryptos.providers.chains.utxo.wallet import Branch
from kryptos.providers.contracts import CouldNotLook


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

    source: Source
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
        span = Span(above=max(floor, self.found.left_out), up_to=self.target)
        order = _Order(self.source.shown)
        is_used = False
        place: Place | None = None
        while True:
            page = await self.source.page(address, span, place)
            is_used = is_used or page.was_used
            for transaction in page.transactions:
                order.check(transaction)
                if transaction.height > self.target:
                    continue
                is_used = True
                if transaction.height <= max(floor, self.found.left_out):
                    return True
                self._keep(record_of(transaction)).add(transaction, address)
            if page.next_place is None:
                return is_used
            place = page.next_place
            order.turn_page()

    def _keep(self, record: Record) -> Record:
        """Return the record that stands for the transaction; make room if there are too many."""
        if self._hashes.setdefault(record.height, record.block_hash) != record.block_hash:
            raise changed_under_read(self.source)
        kept = self.found.records.setdefault(record.id, record)
        if len(self.found.records) > self.limits.history_transactions:
            self.found.left_out = min(each.height for each in self.found.records.values())
            self.found.is_cut = True
            self.found.records = {
                id_: each for id_, each in self.found.records.items() if each.height > self.found.left_out
            }
        return kept


@dataclass(slots=True)
class _Order:
    """Transactions of an address come from newest to oldest, none of them twice."""

    server: str
    _height: int | None = None
    _seen: set[str] = field(default_factory=set)
    _seen_before: set[str] = field(default_factory=set)

    def check(self, transaction: MinedTransaction) -> None:
        """Raise ``CouldNotLook`` for one that is out of order."""
        is_known = transaction.id in self._seen or transaction.id in self._seen_before
        if is_known or (self._height is not None and transaction.height > self._height):
            raise CouldNotLook(f"{self.server} did not give transactions from newest to oldest.")
        self._seen.add(transaction.id)
        self._height = transaction.height

    def turn_page(self) -> None:
        """Remember one page: what is older cannot come again without being out of order by its height."""
        self._seen, self._seen_before = set(), self._seen
