"""Pure computation of holdings: sums, shares, worth and change, on exact amounts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kryptos.domains.ledger import Asset
from kryptos.domains.portfolio.contracts import HeldBy, Holding
from kryptos.kernel.amount import Amount

_HUNDRED = Amount(100)
_ZERO = Amount(0)


@dataclass(frozen=True, slots=True)
class Quote:
    """The price of one unit now, and a day before where that is known."""

    price: Amount
    price_24h_before: Amount | None


def holding(
    asset: Asset, parts: Mapping[str, Amount], quote: Quote | None, providers: Mapping[str, str]
) -> Holding:
    """Return one holding of the quantities that each account (by connection id) has of an asset."""
    quantity = sum(parts.values(), start=_ZERO)
    return Holding(
        asset=asset,
        quantity=quantity,
        price=quote.price if quote else None,
        value=quantity * quote.price if quote else None,
        value_24h_before=quantity * quote.price_24h_before if quote and quote.price_24h_before else None,
        change_24h=change(quote.price, quote.price_24h_before) if quote else None,
        held_by=tuple(
            HeldBy(
                integration_id=each,
                provider=providers.get(each, ""),
                quantity=part,
                share=part / quantity * _HUNDRED if quantity else _ZERO,
            )
            for each, part in sorted(parts.items(), key=lambda pair: (-pair[1], pair[0]))
        ),
    )


def change(now: Amount, before: Amount | None) -> Amount | None:
    """Return the change in percent; None where the earlier value is not known or nothing."""
    return None if not before else (now - before) / before * _HUNDRED


def total_value(items: Iterable[Holding]) -> Amount | None:
    """Return the worth of all that is priced; None when nothing is."""
    values = [each.value for each in items if each.value is not None]
    return sum(values, start=_ZERO) if values else None


def total_change(items: Iterable[Holding]) -> Amount | None:
    """Return by how many percent what is held now was worth less a day ago, of what has both prices."""
    now = before = _ZERO
    for each in items:
        if each.value is not None and each.value_24h_before is not None:
            now += each.value
            before += each.value_24h_before
    return change(now, before)


def by_worth(item: Holding) -> tuple[bool, Amount, str]:
    """Sort the most valuable first, the unpriced last, in a fixed order among themselves."""
    return item.value is None, -item.value if item.value is not None else _ZERO, item.asset.id
