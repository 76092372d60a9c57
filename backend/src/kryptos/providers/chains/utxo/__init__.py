"""The Bitcoin-like family: an address, or an extended public key with all of its addresses, read over Esplora."""

from kryptos.providers.chains.utxo.adapter import UtxoAdapter
from kryptos.providers.chains.utxo.chain import UtxoChain, UtxoLimits

__all__ = ["UtxoAdapter", "UtxoChain", "UtxoLimits"]
