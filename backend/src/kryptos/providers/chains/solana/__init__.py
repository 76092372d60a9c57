"""The Solana family: any cluster that speaks Solana's JSON-RPC, read with nothing but a node."""

from kryptos.providers.chains.solana.adapter import SolanaAdapter
from kryptos.providers.chains.solana.chain import (
    KnownToken,
    NativeCoin,
    SolanaChain,
    SolanaLimits,
    chain_of_row,
)

__all__ = ["KnownToken", "NativeCoin", "SolanaAdapter", "SolanaChain", "SolanaLimits", "chain_of_row"]
