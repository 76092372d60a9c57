"""The Bitcoin-like family: an address, or an extended public key with all of its own, over Esplora or Blockbook."""

from kryptos.providers.chains.utxo.adapter import UtxoAdapter
from kryptos.providers.chains.utxo.chain import UtxoChain, UtxoLimits, chain_of_row

__all__ = ["UtxoAdapter", "UtxoChain", "UtxoLimits", "chain_of_row"]
