"""Wire shape of an asset and of an account, as holdings and transactions name them (contract K-391, K-392)."""

from typing import Literal

import msgspec

from kryptos.catalog import find_asset_logo, find_provider
from kryptos.domains.ledger import Asset
from kryptos.surfaces.http.logos import logo_url


class AssetOut(msgspec.Struct, kw_only=True):
    """An asset. ``tokenId`` is CoinGecko's id, or ours where it has none: stable, and never another asset's."""

    tokenId: str  # noqa: N815
    symbol: str | None
    publicName: str | None  # noqa: N815
    chainId: str  # noqa: N815
    contractAddress: str | None  # noqa: N815
    logoUrl: str | None  # noqa: N815
    type: Literal["crypto", "nft"]
    category: str
    isSpam: bool  # noqa: N815


class AccountOut(msgspec.Struct, kw_only=True):
    """An account: a connected one has a ``walletId``, a counterparty's has an address alone."""

    provider: str
    providerPublicName: str  # noqa: N815
    walletId: str | msgspec.UnsetType = msgspec.UNSET  # noqa: N815
    publicAddress: str | msgspec.UnsetType | None = msgspec.UNSET  # noqa: N815


def asset_out(asset: Asset, *, base_url: str) -> AssetOut:
    """Return an asset in the contract's words."""
    logo = find_asset_logo(asset.token_id)
    kind: Literal["crypto", "nft"] = "nft" if asset.standard in {"erc721", "erc1155"} else "crypto"
    return AssetOut(
        tokenId=asset.token_id or asset.id,
        symbol=asset.symbol,
        publicName=asset.name or asset.symbol,
        chainId=asset.chain_id,
        contractAddress=asset.contract,
        logoUrl=logo_url(logo.name, base_url=base_url) if logo else None,
        type=kind,
        category=kind,
        isSpam=asset.is_spam,
    )


def provider_name(provider_id: str) -> str:
    """Return the name of a provider for people."""
    provider = find_provider(provider_id)
    return provider.public_name if provider else provider_id


def provider_logo(provider_id: str, *, base_url: str) -> str | None:
    """Return where the picture of a provider is."""
    provider = find_provider(provider_id)
    if provider is None or provider.logo is None:
        return None
    return logo_url(provider.logo, base_url=base_url)
