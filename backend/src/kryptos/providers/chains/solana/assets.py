"""Assets of a cluster: its coin and its tokens, and their quantities from smallest units, exactly."""

from collections.abc import Mapping

from kryptos.providers.chains.solana.address import TOKEN_2022_PROGRAM
from kryptos.providers.chains.solana.chain import KnownToken, SolanaChain
from kryptos.providers.contracts import AssetRef, Standard


def native_asset(chain: SolanaChain) -> AssetRef:
    """Return the cluster's own coin."""
    coin = chain.native
    return AssetRef(
        chain_id=chain.id,
        standard=Standard.NATIVE,
        contract=None,
        symbol=coin.symbol,
        name=coin.name,
        decimals=coin.decimals,
    )


def token_asset(
    chain: SolanaChain, mint: str, *, program: str | None, decimals: int, known: Mapping[str, KnownToken]
) -> AssetRef:
    """Return a token by its mint. One without decimals of which there is one is a collectible: still a token here."""
    row = known.get(mint)
    return AssetRef(
        chain_id=chain.id,
        standard=Standard.TOKEN_2022 if program == TOKEN_2022_PROGRAM else Standard.SPL,
        contract=mint,
        symbol=row.symbol if row else None,
        name=row.name if row else None,
        decimals=decimals,
    )
