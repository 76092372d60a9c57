"""A transaction as Blockbook tells it, in the form of every kind; and its fee, where that can be known."""

from kryptos.providers.chains.utxo.answers import Coin, MinedTransaction
from kryptos.providers.chains.utxo.blockbook_wire import (
    BlockbookInput,
    BlockbookOutput,
    BlockbookTransaction,
)
from kryptos.providers.chains.utxo.chain import UtxoChain
from kryptos.providers.chains.utxo.shielded import PoolFlow, pool_flow
from kryptos.providers.chains.utxo.spelling import spelled
from kryptos.providers.contracts import CouldNotLook


def mined(told: BlockbookTransaction, chain: UtxoChain, *, server: str) -> MinedTransaction | None:
    """Return a transaction in a block; None for one that waits; raise ``CouldNotLook`` for one that cannot be."""
    if told.confirmations == 0 or told.block_height < 0:
        return None
    if told.block_hash is None:
        raise CouldNotLook(f"{server} gave a transaction without its block.")
    is_coinbase = any(not each.txid for each in told.vin)
    if not is_coinbase and any(each.value is None for each in told.vin):
        raise CouldNotLook(f"{server} gave a transaction without all that it spends.")
    inputs = () if is_coinbase else tuple(_coin(each, chain) for each in told.vin)
    outputs = tuple(_coin(each, chain) for each in told.vout)
    difference = sum(each.units for each in inputs) - sum(each.units for each in outputs)
    fee, has_unseen = (0, False) if is_coinbase else _fee(told, chain, difference)
    if fee is not None and fee < 0:
        raise CouldNotLook(f"{server} gave a transaction whose sums do not fit.")
    if told.fees is not None and int(told.fees) != max(0, difference) and not has_unseen:
        raise CouldNotLook(f"{server} gave a transaction with a fee that does not fit its sums.")
    return MinedTransaction(
        id=told.txid,
        height=told.block_height,
        block_hash=told.block_hash,
        seconds=told.block_time,
        inputs=inputs,
        outputs=outputs,
        fee=fee,
        has_unseen=has_unseen,
    )


def _fee(told: BlockbookTransaction, chain: UtxoChain, difference: int) -> tuple[int | None, bool]:
    """Return what the inputs paid, and whether unseen value is about.

    ``fees`` is what went in less what came out, and zero where that is negative (trezor/blockbook,
    ``api/worker.go``): with shielded value it is not the fee. It counts where it says something else than that, or
    where the transaction shows that it has no such part.
    """
    if chain.unseen == "credits" and not told.vin:
        return None, True  # an asset unlock: it spends no coins, its fee is paid out of credits
    if chain.unseen != "pools":
        return difference, False
    flow = pool_flow(told.hex or "")
    if flow is None or (flow.inputs, flow.outputs) != (len(told.vin), len(told.vout)):
        knows = told.fees is not None and int(told.fees) != max(0, difference)
        return (int(told.fees) if knows and told.fees is not None else None), True
    return _fee_with_pools(flow, difference), flow.is_shielded


def _fee_with_pools(flow: PoolFlow, difference: int) -> int | None:
    """Return the fee: what came out of pools pays with the inputs; then it is not theirs alone."""
    return None if flow.units > 0 else difference + flow.units


def _coin(told: BlockbookInput | BlockbookOutput, chain: UtxoChain) -> Coin:
    """Return value and its address: what stands for a bare key or for several is not found under any of them."""
    found = told.addresses or ()
    address = spelled(found[0], chain) if told.is_address and len(found) == 1 else None
    return Coin(address, int(told.value or "0"))
