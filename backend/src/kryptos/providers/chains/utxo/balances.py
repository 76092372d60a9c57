"""Balances: what all addresses of a wallet hold in blocks; what still waits for one is told beside it."""

from dataclasses import dataclass

from kryptos.providers.chains.utxo.chain import UtxoLimits
from kryptos.providers.chains.utxo.esplora import Esplora
from kryptos.providers.chains.utxo.gathering import changed_under_read
from kryptos.providers.chains.utxo.movements import amount_of, native_asset
from kryptos.providers.chains.utxo.wallet import branches_of
from kryptos.providers.contracts import Balance, Balances, CouldNotLook


@dataclass(slots=True)
class _Sums:
    held: int = 0
    waiting_in: int = 0
    waiting_out: int = 0


async def read_balances(esplora: Esplora, limits: UtxoLimits, text: str) -> Balances:
    """Return what the wallet holds at the newest block; raise ``CouldNotLook`` if that changed while it was read."""
    tip = (await esplora.blocks())[0]
    turns = esplora.turns
    sums = _Sums()
    for branch in branches_of(text, esplora.chain):
        index = unused = 0
        while unused < limits.gap and index < limits.most_addresses:
            address = branch.address(index)
            if address is None and branch.is_single:
                break
            unused = 0 if address and await _add(esplora, address, sums) else unused + 1
            index += 1
        if index == limits.most_addresses and unused < limits.gap:
            raise CouldNotLook(
                f"More than {index:,} addresses of this key are used: that is more than is looked at."
            )
    if (await esplora.blocks())[0] != tip or esplora.turns != turns:
        raise changed_under_read(esplora)
    decimals = esplora.chain.decimals
    items = (Balance(native_asset(esplora.chain), amount_of(sums.held, decimals)),) if sums.held else ()
    return Balances(height=tip.height, items=items, gaps=_gaps(esplora, sums))


async def _add(esplora: Esplora, address: str, sums: _Sums) -> bool:
    """Add what an address holds; return whether it was ever used in a block, as history sees it."""
    stats = await esplora.address(address)
    held = stats.chain_stats.funded_txo_sum - stats.chain_stats.spent_txo_sum
    if held < 0:
        raise CouldNotLook(f"{esplora.shown} says that more was spent than came in.")
    sums.held += held
    sums.waiting_in += stats.mempool_stats.funded_txo_sum
    sums.waiting_out += stats.mempool_stats.spent_txo_sum
    return stats.chain_stats.tx_count > 0


def _gaps(esplora: Esplora, sums: _Sums) -> tuple[str, ...]:
    if not sums.waiting_in and not sums.waiting_out:
        return ()
    net = sums.waiting_in - sums.waiting_out
    amount = amount_of(abs(net), esplora.chain.decimals)
    way = "out" if net < 0 else "in"
    return (f"Not counted, because it is in no block yet: {amount} {esplora.chain.symbol} on the way {way}.",)
