"""Values of the portfolio that cross its border."""

from dataclasses import dataclass
from datetime import datetime

from kryptos.domains.ledger import Asset
from kryptos.kernel.amount import Amount


@dataclass(frozen=True, slots=True)
class Variant:
    """Which holdings are meant: with what is taken for spam or without, as last seen or as history adds up."""

    includes_spam: bool = False
    is_calculated: bool = False

    @property
    def name(self) -> str:
        """The variant in one word, for the key of what is kept of it."""
        return ("calculated" if self.is_calculated else "live") + ("+spam" if self.includes_spam else "")


@dataclass(frozen=True, slots=True)
class HeldBy:
    """How much of a holding one connected account holds; ``share`` in percent of the whole."""

    integration_id: str
    provider: str
    quantity: Amount
    share: Amount


@dataclass(frozen=True, slots=True)
class Holding:
    """All that is held of one asset. Price, value and change are None where the price is not known, never zero."""

    asset: Asset
    quantity: Amount
    price: Amount | None
    value: Amount | None
    value_24h_before: Amount | None
    """Of the same quantity."""
    change_24h: Amount | None
    """Of the price, in percent."""
    held_by: tuple[HeldBy, ...]


@dataclass(frozen=True, slots=True)
class Shortfall:
    """An account whose part of the answer is missing or old, and why."""

    integration_id: str
    status: str
    code: str | None
    message: str | None
    last_synced_at: datetime | None


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything that is held, the most valuable first; totals are those of what is priced, None when nothing is."""

    items: tuple[Holding, ...]
    base_currency: str
    total_value: Amount | None
    total_change_24h: Amount | None
    unpriced: int
    """How many holdings have no known price, and so no part in the totals."""
    shortfalls: tuple[Shortfall, ...]


@dataclass(frozen=True, slots=True)
class Rendering:
    """Holdings as a surface wrote them, and a tag that changes with every byte of it."""

    body: bytes
    tag: str
    rows: int
    """How many holdings it shows."""
