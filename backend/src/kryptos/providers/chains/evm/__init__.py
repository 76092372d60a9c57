"""The EVM family: any chain that speaks Ethereum's JSON-RPC, read with nothing but a node, or with an indexer too."""

from kryptos.providers.chains.evm.adapter import EvmAdapter
from kryptos.providers.chains.evm.chain import EvmChain, EvmLimits, KnownToken, NativeCoin
from kryptos.providers.chains.evm.indexer import Indexer, IndexerKind

__all__ = [
    "EvmAdapter",
    "EvmChain",
    "EvmLimits",
    "Indexer",
    "IndexerKind",
    "KnownToken",
    "NativeCoin",
]
