"""The EVM family: any chain that speaks Ethereum's JSON-RPC, read with nothing but a node."""

from kryptos.providers.chains.evm.adapter import EvmAdapter
from kryptos.providers.chains.evm.chain import EvmChain, EvmLimits, KnownToken, NativeCoin

__all__ = ["EvmAdapter", "EvmChain", "EvmLimits", "KnownToken", "NativeCoin"]
