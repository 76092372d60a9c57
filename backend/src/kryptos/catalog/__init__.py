"""Facts as data: chains, wallets, tokens, logos. Built by tools/catalog, read from JSON beside this file."""

from kryptos.catalog.chains import (
    Chain,
    ChainUnknown,
    NativeAsset,
    find_chain_by_caip2,
    get_chain,
    list_chains,
)
from kryptos.catalog.families import FAMILIES, WORKING_FAMILIES, Family
from kryptos.catalog.logos import Logo, find_asset_logo, find_logo, list_logos, read_logo
from kryptos.catalog.providers import PROVIDERS, Function, Provider, find_provider, list_providers
from kryptos.catalog.recognition import (
    AddressReading,
    checksum_address,
    families_of_address,
    recognise_address,
)
from kryptos.catalog.search import search_providers
from kryptos.catalog.tokens import Token, find_token, list_tokens
from kryptos.catalog.wallets import Wallet, list_wallets

__all__ = [
    "FAMILIES",
    "PROVIDERS",
    "WORKING_FAMILIES",
    "AddressReading",
    "Chain",
    "ChainUnknown",
    "Family",
    "Function",
    "Logo",
    "NativeAsset",
    "Provider",
    "Token",
    "Wallet",
    "checksum_address",
    "families_of_address",
    "find_asset_logo",
    "find_chain_by_caip2",
    "find_logo",
    "find_provider",
    "find_token",
    "get_chain",
    "list_chains",
    "list_logos",
    "list_providers",
    "list_tokens",
    "list_wallets",
    "read_logo",
    "recognise_address",
    "search_providers",
]
