"""Providers: blockchains, wallets, exchanges and services that a person can name when connecting."""

from collections.abc import Iterable
from typing import Literal

import msgspec

from kryptos.catalog.chains import Chain, list_chains
from kryptos.catalog.families import WORKING_FAMILIES, Family
from kryptos.catalog.wallets import Wallet, list_wallets


class Function(msgspec.Struct, frozen=True):
    """Something that can be read from a provider."""

    name: str
    public_name: str


_BALANCE = Function("getBalance", "Get Balance")
_TRANSACTIONS = Function("getTransactions", "Get Transactions")

FUNCTIONS: dict[Family, tuple[Function, ...]] = {
    "evm": (_BALANCE, _TRANSACTIONS),
    "solana": (_BALANCE, _TRANSACTIONS),
    "utxo": (_BALANCE, _TRANSACTIONS),
}
"""What each family's adapter reads, in the contract's words (K-286)."""


class Provider(msgspec.Struct, frozen=True, kw_only=True):
    """What can be connected. ``is_working`` is true only where a test suite covers a family of the provider.

    ``families`` are those of the addresses it takes, none for an exchange; ``symbol`` is that of a chain's own asset.
    ``limitations`` are sentences for a person.
    """

    id: str
    public_name: str
    type: Literal["wallet", "exchange", "blockchain", "services"]
    is_api: bool
    is_csv: bool
    is_oauth: bool
    is_evm: bool
    is_working: bool
    chain_id: int | None = None
    import_guide: str
    functions: tuple[Function, ...]
    credentials: tuple[Literal["apiKey", "secretKey", "password", "accountName"], ...] = ()
    families: tuple[Family, ...] = ()
    aliases: tuple[str, ...] = ()
    symbol: str | None = None
    limitations: tuple[str, ...] = ()
    rank: int | None = None
    logo: str | None = None


_FAMILY_NAMES: dict[Family, str] = {
    "evm": "Ethereum and chains like it",
    "solana": "Solana",
    "utxo": "Bitcoin and chains like it",
}


def _of_chain(chain: Chain) -> Provider:
    keys = " or extended public key" if chain.family == "utxo" else ""
    return Provider(
        id=chain.id,
        public_name=chain.public_name,
        type="blockchain",
        is_api=True,
        is_csv=False,
        is_oauth=False,
        is_evm=chain.family == "evm",
        is_working=chain.family in WORKING_FAMILIES and chain.is_confirmed,
        chain_id=chain.chain_id,
        import_guide=f"Connect your {chain.public_name} wallet by entering your wallet address{keys}",
        functions=FUNCTIONS[chain.family],
        families=(chain.family,),
        aliases=chain.aliases,
        symbol=chain.native.symbol,
        limitations=chain.limitations,
        rank=chain.rank,
        logo=chain.logo,
    )


def _of_wallet(wallet: Wallet) -> Provider:
    functions = dict.fromkeys(function for family in wallet.families for function in FUNCTIONS[family])
    places = ", ".join(_FAMILY_NAMES[family] for family in wallet.families)
    return Provider(
        id=wallet.id,
        public_name=wallet.public_name,
        type="wallet",
        is_api=True,
        is_csv=False,
        is_oauth=False,
        is_evm="evm" in wallet.families,
        is_working=any(family in WORKING_FAMILIES for family in wallet.families),
        import_guide=f"Connect {wallet.public_name} by entering the address of an account in it",
        functions=tuple(functions),
        families=wallet.families,
        aliases=wallet.aliases,
        limitations=(f"Reads accounts on {places}.",),
        rank=wallet.rank,
        logo=wallet.logo,
    )


def _in_order(providers: Iterable[Provider]) -> tuple[Provider, ...]:
    """Return providers as people look for them: the best known first, then the alphabet."""
    unranked = 10**6
    return tuple(
        sorted(providers, key=lambda each: (each.rank or unranked, each.public_name.casefold(), each.id))
    )


PROVIDERS = _in_order([*map(_of_chain, list_chains()), *map(_of_wallet, list_wallets())])
"""Every provider of the catalogue, in the order in which it is listed."""

_BY_ID = {provider.id: provider for provider in PROVIDERS}


def list_providers() -> tuple[Provider, ...]:
    """Return every provider: the best known first, then the alphabet."""
    return PROVIDERS


def find_provider(provider_id: str) -> Provider | None:
    """Return the provider of this id (K-111: ``integrationName``)."""
    return _BY_ID.get(provider_id)
