"""Sources: whom the registry asks about each chain, as the settings say and otherwise the catalogue."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from urllib.parse import urlencode, urlsplit

from kryptos.catalog import Chain, Family, list_chains
from kryptos.infra.http_client.upstream import Upstream
from kryptos.infra.settings import PREFIX, SettingsWrong

NOBODY = "none"
"""Value of a variable that names no server at all, not even the catalogue's."""
ETHERSCAN_KEY = "KRYPTOS_ETHERSCAN_KEY"
_ETHERSCAN_CALLS_PER_SECOND = 3
"""What a free account may ask (docs.etherscan.io/rate-limits), for all chains together."""
_BLOCKSCOUT_CALLS_PER_SECOND = 5
"""What may be asked of an instance without a key (docs.blockscout.com)."""
_ROUTESCAN_CALLS_PER_SECOND = 2
"""What may be asked without a key (routescan.io/documentation), for all chains together."""


class Source(StrEnum):
    """A kind of server; its value stands in the name of its variable."""

    RPC = "RPC"
    ESPLORA = "ESPLORA"
    BLOCKBOOK = "BLOCKBOOK"
    BLOCKSCOUT = "BLOCKSCOUT"
    ROUTESCAN = "ROUTESCAN"
    ETHERSCAN = "ETHERSCAN"


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a source tells of, how people call it, and where the catalogue has it."""

    families: frozenset[Family]
    title: str
    urls: Callable[[Chain], tuple[str, ...]]
    calls_per_second: int = 20


def _indexers(kind: str) -> Callable[[Chain], tuple[str, ...]]:
    return lambda row: tuple(indexer.url for indexer in row.indexers if indexer.kind == kind)


_KINDS: Mapping[Source, _Kind] = {
    Source.RPC: _Kind(frozenset({"evm", "solana"}), "node", lambda row: row.rpc_urls),
    Source.ESPLORA: _Kind(frozenset({"utxo"}), "Esplora", lambda row: row.esplora_urls),
    Source.BLOCKBOOK: _Kind(frozenset({"utxo"}), "Blockbook", lambda row: row.blockbook_urls),
    Source.BLOCKSCOUT: _Kind(
        frozenset({"evm"}), "Blockscout", _indexers("blockscout"), _BLOCKSCOUT_CALLS_PER_SECOND
    ),
    Source.ROUTESCAN: _Kind(frozenset({"evm"}), "Routescan", _indexers("routescan")),
}
"""Every source that a variable per chain names; Etherscan has one address and one key for all chains."""

Servers = Mapping[Source, tuple[Upstream, ...]]
"""Whom to ask about one chain, by kind, the first one first; a kind without a server is not in it."""


def variable_of_chain(source: Source, chain_id: str) -> str:
    """Return the variable that names a chain's servers: ``KRYPTOS_RPC_ARBITRUM_NOVA``."""
    return f"{PREFIX}{source}_{chain_id.upper().replace('-', '_')}"


class Sources:
    """Knows every chain's servers. Their addresses may hold keys and stay out of every text."""

    def __init__(
        self, upstreams: Mapping[str, str], *, etherscan_key: str | None, etherscan_url: str
    ) -> None:
        """Raise ``SettingsWrong`` naming the first variable that cannot be used."""
        for finding in find_wrong_sources(upstreams, etherscan_url=etherscan_url):
            raise SettingsWrong(finding)
        self._given = {name: _urls_of(value) for name, value in upstreams.items()}
        self._etherscan = None if not etherscan_key else _etherscan(etherscan_url, etherscan_key)

    def servers(self, row: Chain) -> Servers:
        """Return whom to ask about a chain; a server has a name of its own, and with it a budget and a circuit."""
        found = {source: self._servers(row, source) for source in _KINDS}
        if self._etherscan is not None and _indexers("etherscan")(row):
            found[Source.ETHERSCAN] = (self._etherscan,)
        return {source: servers for source, servers in found.items() if servers}

    def _servers(self, row: Chain, source: Source) -> tuple[Upstream, ...]:
        kind = _KINDS[source]
        if row.family not in kind.families:
            return ()
        given = self._given.get(variable_of_chain(source, row.id))
        if given is None and source is Source.ROUTESCAN:  # one server with one budget, whatever the chain
            return tuple(
                Upstream(name="Routescan", base_url=url, requests_per_window=_ROUTESCAN_CALLS_PER_SECOND)
                for url in kind.urls(row)
            )
        return tuple(
            Upstream(
                name=f"{row.public_name} {kind.title} {number}",
                base_url=url,
                requests_per_window=kind.calls_per_second,
            )
            for number, url in enumerate(kind.urls(row) if given is None else given, 1)
        )


def _etherscan(url: str, key: str) -> Upstream:
    """Return the one server of all chains that it knows, with the key in its address, where its API expects it."""
    return Upstream(
        name="Etherscan",
        base_url=f"{url}{'&' if '?' in url else '?'}{urlencode({'apikey': key})}",
        requests_per_window=_ETHERSCAN_CALLS_PER_SECOND,
    )


def variable_to_set(row: Chain) -> str:
    """Return the variable that would name somebody to ask about a chain."""
    if row.family != "utxo":
        return variable_of_chain(Source.RPC, row.id)
    is_blockbook = bool(row.blockbook_urls) and not row.esplora_urls
    return variable_of_chain(Source.BLOCKBOOK if is_blockbook else Source.ESPLORA, row.id)


def variable_for_indexer(row: Chain) -> str:
    """Return the variable that would name an indexer of an EVM chain."""
    return ETHERSCAN_KEY if _indexers("etherscan")(row) else variable_of_chain(Source.BLOCKSCOUT, row.id)


def find_wrong_sources(upstreams: Mapping[str, str], *, etherscan_url: str) -> Iterator[str]:
    """Yield what is wrong with the variables that name servers, one sentence each; no address is in it."""
    for name, value in sorted(upstreams.items()):
        if finding := _wrong_name(name) or _wrong_addresses(name, value):
            yield finding
    if not _is_url(etherscan_url):
        yield "KRYPTOS_ETHERSCAN_URL takes one http:// or https:// address: correct or remove it."


def _wrong_name(name: str) -> str | None:
    source = next((source for source in _KINDS if name.startswith(f"{PREFIX}{source}_")), None)
    if source is None:
        return f"{name} is no setting that names servers: correct or remove it."
    kind = _KINDS[source]
    ending = name.removeprefix(f"{PREFIX}{source}_")
    row = _rows().get(ending)
    if row is None:
        return f"{name}: there is no such chain. {_advice(source, ending)}"
    if row.family not in kind.families:
        return f"{name}: {row.public_name} is not read like that: set {variable_to_set(row)}, or remove it."
    return None


def _advice(source: Source, ending: str) -> str:
    """Return which variable may be meant: that of a chain which is also called so, or is written nearly so."""
    rows = {key: row for key, row in _rows().items() if row.family in _KINDS[source].families}
    called = ending.lower().replace("_", " ")
    alike = [row for row in rows.values() if called in row.aliases]
    alike += [rows[key] for key in get_close_matches(ending.upper(), rows, n=1)]
    if not alike:
        return "The public list of integrations names every chain there is."
    return f"Do you mean {alike[0].public_name}, {variable_of_chain(source, alike[0].id)}?"


def _wrong_addresses(name: str, value: str) -> str | None:
    urls = _urls_of(value)
    if not urls and value.strip() != NOBODY:
        return f"{name} names nobody: give addresses, or {NOBODY!r} to ask nobody."
    for number, url in enumerate(urls, 1):
        if not _is_url(url):
            return (
                f"{name} takes http:// or https:// addresses, comma-separated, or {NOBODY!r} alone: "
                f"number {number} of {len(urls)} is no such address."
            )
    return None


def _urls_of(value: str) -> tuple[str, ...]:
    """Return the addresses of a variable, each once, in order; () for ``none``."""
    if value.strip() == NOBODY:
        return ()
    return tuple(dict.fromkeys(filter(None, (part.strip() for part in value.split(",")))))


def _is_url(text: str) -> bool:
    if not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


@cache
def _rows() -> Mapping[str, Chain]:
    """Return every chain by the end of its variables."""
    return {row.id.upper().replace("-", "_"): row for row in list_chains()}
