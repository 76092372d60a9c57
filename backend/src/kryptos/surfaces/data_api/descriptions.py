"""What a transaction was, in one sentence: amounts in plain decimals, never with an exponent (contract K-250)."""

from collections.abc import Iterable

from kryptos.domains.ledger import Leg, Transaction
from kryptos.kernel.amount import Amount

_ASSETS_NAMED = 3


def describe(found: Transaction) -> str:
    """Return the sentence: ``Swapped 1.5 ETH for 3000 USDC``."""
    came = _amounts(leg for leg in found.legs if leg.direction == "incoming")
    went = _amounts(leg for leg in found.legs if leg.direction == "outgoing")
    paid = _amounts(leg for leg in found.legs if leg.direction == "fee")
    if found.has_failed:
        return f"Failed, at a cost of {paid}" if paid else "Failed"
    if came and went:
        return f"{'Moved' if found.label == 'Transfer' else 'Swapped'} {went} for {came}"
    if came:
        return f"Received {came}"
    if went:
        return f"Sent {went}"
    return f"Paid {paid} in fees" if paid else "Moved nothing of value"


def _amounts(legs: Iterable[Leg]) -> str:
    """Return the amounts, the same asset added up."""
    sums: dict[str, tuple[Amount, str]] = {}
    for leg in legs:
        quantity, known = Amount(leg.quantity), sums.get(leg.asset.id)
        total = known[0] + quantity if known else quantity
        sums[leg.asset.id] = (total, leg.asset.symbol or "of an unnamed token")
    parts = [f"{quantity} {symbol}" for quantity, symbol in sums.values()]
    more = [f"{len(parts) - _ASSETS_NAMED} more"] if len(parts) > _ASSETS_NAMED else []
    return " and ".join([*parts[:_ASSETS_NAMED], *more])
