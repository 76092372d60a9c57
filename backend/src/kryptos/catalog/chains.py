"""Chains: what is known of each network before anybody asks it."""

from collections.abc import Mapping
from functools import cache
from typing import Literal

import msgspec

from kryptos.catalog.families import Family
from kryptos.catalog.reading import read_rows
from kryptos.kernel.errors import Kind, KryptosError

ScriptType = Literal["p2pkh", "p2sh-p2wpkh", "p2wpkh"]


class ChainUnknown(KryptosError):
    """No chain of the catalogue has this id."""

    code = "CHAIN_UNKNOWN"
    kind = Kind.NOT_FOUND
    default_message = "No such chain. The public list of integrations names every chain there is."


class NativeAsset(msgspec.Struct, frozen=True, kw_only=True):
    """What a chain pays its fees in. ``token_id`` is CoinGecko's id; None where no source gives one."""

    symbol: str
    name: str
    decimals: int
    token_id: str | None


class Indexer(msgspec.Struct, frozen=True):
    """A service that knows a chain's history by address; ``url`` is where its kind of API begins."""

    kind: Literal["blockscout", "etherscan", "routescan"]
    url: str


class Multicall3(msgspec.Struct, frozen=True):
    """The contract that answers many calls at once, and the block since which it is there, where that is known."""

    address: str
    block: int | None


class AddressFormat(msgspec.Struct, frozen=True, kw_only=True):
    """How a Bitcoin-like chain writes addresses: versions are hexadecimal; keys of ``extended_keys`` are BIP-32's."""

    base58_versions: tuple[str, ...]
    bech32_prefix: str | None
    cashaddr_prefix: str | None
    extended_keys: dict[str, ScriptType]


class Chain(msgspec.Struct, frozen=True, kw_only=True):
    """A network. ``is_confirmed``: a second source gives the same chain id the same native currency.

    ``rpc_urls`` are public JSON-RPC nodes without keys, the most widely named first; a Bitcoin-like chain has
    ``esplora_urls`` and ``blockbook_urls`` instead. ``wrapped_native`` is the contract that wraps the native asset,
    where a source names it. ``rank`` is 1 for the best known, None for most.
    """

    id: str
    caip2: str
    family: Family
    public_name: str
    aliases: tuple[str, ...]
    native: NativeAsset
    is_confirmed: bool
    explorer_url: str | None
    chain_id: int | None = None
    rpc_urls: tuple[str, ...] = ()
    esplora_urls: tuple[str, ...] = ()
    blockbook_urls: tuple[str, ...] = ()
    indexers: tuple[Indexer, ...] = ()
    multicall3: Multicall3 | None = None
    wrapped_native: str | None = None
    address_format: AddressFormat | None = None
    limitations: tuple[str, ...] = ()
    rank: int | None = None
    logo: str | None = None


@cache
def list_chains() -> tuple[Chain, ...]:
    """Return every chain, by id."""
    return read_rows("chains.json", Chain)


@cache
def _by_id() -> Mapping[str, Chain]:
    return {chain.id: chain for chain in list_chains()}


@cache
def _by_caip2() -> Mapping[str, Chain]:
    return {chain.caip2: chain for chain in list_chains()}


def get_chain(chain_id: str) -> Chain:
    """Return the chain of this id, such as ``polygon``; raise ChainUnknown where there is none."""
    chain = _by_id().get(chain_id)
    if chain is None:
        raise ChainUnknown
    return chain


def find_chain_by_caip2(caip2: str) -> Chain | None:
    """Return the chain of a CAIP-2 id, such as ``eip155:137``."""
    return _by_caip2().get(caip2)
