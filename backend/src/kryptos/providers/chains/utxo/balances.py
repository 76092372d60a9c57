"""Balances: what all addresses of a wallet hold in blocks; what still waits for one is told beside it."""

from dataclasses import dataclass

from kryptos.providers.chains.coins import amount_of
from kryptos.providers.chains.utxo.chain import UtxoLimits
from kryptos.providers.chains.utxo.movements import native_asset
from kryptos.providers.chains.utxo.source import Source, changed_under_read
from kryptos.providers.chains.utxo.wallet import branches_of
from kryptos.providers.contracts import Balance, Balances, CouldNotLook


@dataclass(slots=True)
class _Sums:
    held: int = 0
    has_waiting: bool = False
    waiting: int | None = 0
    """None where a server does not tell how much waits."""


async def read_balances(source: Source, limits: UtxoLimits, text: str) -> Balances:
    """Return what the wallet holds at the newest block; raise ``CouldNotLook`` if that changed while it was read."""
    tip = (await source.blocks())[0]
    turns = source.turns
    sums = _Sums()
    for branch in branches_of(text, source.chain):
        index = unused = 0
        while unused < limits.gap and index < limits.most_addresses:
            address = branch.address(index)
            if address is None and branch.is_single:
                break
            unused = 0 if address and await _add(source, address, sums) else unused + 1
            index += 1
        if index == limits.most_addresses and unused < limits.gap:
            raise CouldNotLook(
                f"More than {index:,} addresses of this key are used: that is more than is looked at."
            )
    if (await source.blocks())[0] != tip or source.turns != turns:
        raise changed_under_read(source)
    decimals = source.chain.decimals
    items = (Balance(native_asset(source.chain), amount_of(sums.held, decimals)),) if sums.held else ()
    return Balances(height=tip.height, items=items, gaps=_gaps(source, sums))


async def _add(source: Source, address: str, sums: _Sums) -> bool:
    """Add what an address holds; return whether it was ever used in a block, as history sees it."""
    holding = await source.holding(address)
    sums.held += holding.units
    if holding.has_waiting:
        sums.has_waiting = True
        is_told = sums.waiting is not None and holding.waiting is not None
        sums.waiting = (sums.waiting or 0) + (holding.waiting or 0) if is_told else None
    return holding.is_used


def _gaps(source: Source, sums: _Sums) -> tuple[str, ...]:
    if not sums.has_waiting:
        return ()
    if sums.waiting is None:
        return (
            "Not counted, because they are in no block yet: payments whose amount the server does not tell.",
        )
    amount = amount_of(abs(sums.waiting), source.chain.decimals)
    way = "out" if sums.waiting < 0 else "in"
    return (f"Not counted, because it is in no block yet: {amount} {source.chain.symbol} on the way {way}.",)
