"""Values of prices that cross its border. What is not known is absent from a mapping; it is never zero."""

from dataclasses import dataclass
from datetime import datetime

from kryptos.kernel.amount import Amount

_PERCENT = Amount(100)


@dataclass(frozen=True, slots=True)
class LatestPrice:
    """The newest price of a token that is known, however old: ``at`` says so."""

    token_id: str
    base_currency: str
    price: Amount
    at: datetime
    price_24h_before: Amount | None
    """What it was a day before ``at``, give or take an hour."""
    source: str
    updated_at: datetime
    """When it was written here last."""

    @property
    def change_24h_percent(self) -> Amount | None:
        """By how much it rose in a day, in percent of what it was then; None where that is not known."""
        if self.price_24h_before is None:
            return None
        return (self.price - self.price_24h_before) / self.price_24h_before * _PERCENT


@dataclass(frozen=True, slots=True)
class PriceAt:
    """A stored price near an instant in the past."""

    token_id: str
    base_currency: str
    price: Amount
    at: datetime
    """The minute of the price itself."""
    source: str
