"""Families: how an adapter is made of a chain's row, per family. The only place that names the adapters."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kryptos.catalog import Chain, Family, list_tokens
from kryptos.infra.http_client.client import HttpClient
from kryptos.providers.chains.evm import EvmAdapter, EvmChain, Indexer, IndexerKind, KnownToken, NativeCoin
from kryptos.providers.chains.solana import KnownToken as KnownMint
from kryptos.providers.chains.solana import SolanaAdapter
from kryptos.providers.chains.solana import chain_of_row as solana_chain
from kryptos.providers.chains.utxo import UtxoAdapter
from kryptos.providers.chains.utxo import chain_of_row as utxo_chain
from kryptos.providers.contracts import ChainAdapter
from kryptos.providers.registry.sources import Servers, Source, variable_for_indexer


@dataclass(frozen=True, slots=True)
class Making:
    """What an adapter is made of. ``is_probe``: it is asked for activity alone, so it needs to know no tokens."""

    row: Chain
    http: HttpClient
    servers: Servers
    is_probe: bool = False


_INDEXERS: Mapping[Source, IndexerKind] = {
    Source.ETHERSCAN: IndexerKind.ETHERSCAN,
    Source.BLOCKSCOUT: IndexerKind.BLOCKSCOUT,
    Source.ROUTESCAN: IndexerKind.ROUTESCAN,
}


def make_adapter(making: Making) -> ChainAdapter:
    """Return the adapter of the row's family."""
    return FAMILIES_MADE[making.row.family](making)


def _make_evm(making: Making) -> ChainAdapter:
    row = making.row
    if row.chain_id is None:
        raise ValueError(f"{row.id} has no chain id of EIP-155")
    tokens = () if making.is_probe else list_tokens(row.id)
    return EvmAdapter(
        EvmChain(
            id=row.id,
            number=row.chain_id,
            name=row.public_name,
            native=NativeCoin(row.native.symbol, row.native.name, row.native.decimals),
            multicall3=row.multicall3.address if row.multicall3 else None,
            wrapped_native=row.wrapped_native,
            indexer_setting=variable_for_indexer(row),
        ),
        http=making.http,
        nodes=making.servers.get(Source.RPC, ()),
        known_tokens=[
            KnownToken(token.contract, token.symbol, token.name, token.decimals) for token in tokens
        ],
        indexers=[
            Indexer(kind, upstream)
            for source, kind in _INDEXERS.items()
            for upstream in making.servers.get(source, ())
        ],
    )


def _make_solana(making: Making) -> ChainAdapter:
    row = making.row
    tokens = () if making.is_probe else list_tokens(row.id)
    return SolanaAdapter(
        solana_chain(row),
        http=making.http,
        nodes=making.servers.get(Source.RPC, ()),
        known_tokens=[KnownMint(token.contract, token.symbol, token.name) for token in tokens],
    )


def _make_utxo(making: Making) -> ChainAdapter:
    return UtxoAdapter(
        utxo_chain(making.row),
        http=making.http,
        servers=making.servers.get(Source.ESPLORA, ()),
        blockbooks=making.servers.get(Source.BLOCKBOOK, ()),
    )


FAMILIES_MADE: Mapping[Family, Callable[[Making], ChainAdapter]] = {
    "evm": _make_evm,
    "solana": _make_solana,
    "utxo": _make_utxo,
}
