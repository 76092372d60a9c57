"""Registry: gives the adapter of a chain, made when it is first asked for, from the catalogue and the settings."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from kryptos.catalog import Chain, Family, get_chain, list_chains
from kryptos.infra.http_client.client import HttpClient
from kryptos.infra.http_client.upstream import Upstream
from kryptos.kernel.mode import Mode
from kryptos.providers.contracts import ChainAdapter, CouldNotLook, NotSupported
from kryptos.providers.registry.families import Making, make_adapter
from kryptos.providers.registry.sources import Servers, Source, Sources, variable_to_set

_PROBES_AT_ONCE = 200
"""Fewer than the client has connections (httpx: 100): a request that waits for one costs it far more than a place
here, and loses time of its own."""
_PROBED_SERVERS = 2
"""Servers that a search for chains asks at most: the first, and one that stands in for it."""
_PROBED_SOURCES = (Source.RPC, Source.ESPLORA, Source.BLOCKBOOK)
_SANDBOX_SOURCES: Mapping[Family, Source] = {
    "evm": Source.RPC,
    "solana": Source.RPC,
    "utxo": Source.ESPLORA,
}
_UNSPARED = 1_000_000
"""An end inside this process need not be spared, and is not left alone because one test account is broken."""


class Registry:
    """One per process. Keeps the adapters it made, and they their connections; nothing that a restart would lose."""

    def __init__(
        self,
        http: HttpClient,
        upstreams: Mapping[str, str],
        *,
        sandbox_nodes: Mapping[str, str],
        etherscan_key: str | None = None,
        etherscan_url: str = "https://api.etherscan.io/v2/api",
    ) -> None:
        """Take the variables that name servers; raise ``SettingsWrong`` naming the first that cannot be used."""
        self._http = http
        self._sources = Sources(upstreams, etherscan_key=etherscan_key, etherscan_url=etherscan_url)
        self._sandbox = dict(sandbox_nodes)
        self._adapters: dict[tuple[str, Mode], ChainAdapter] = {}
        self._probes: dict[tuple[str, Mode, int], ChainAdapter] = {}
        self.probing = asyncio.Semaphore(_PROBES_AT_ONCE)
        """Places for those who ask a probe, whatever they search for: all of them share the client's connections."""

    def chains(self, *, mode: Mode) -> tuple[Chain, ...]:
        """Return the chains there are."""
        rows = list_chains()
        return rows if mode is Mode.PRODUCTION else tuple(row for row in rows if row.id in self._sandbox)

    def adapter(self, chain_id: str, *, mode: Mode) -> ChainAdapter:
        """Return what reads a chain of the catalogue; raise ``ChainUnknown``, ``NotSupported`` or ``CouldNotLook``."""
        made = self._adapters.get((chain_id, mode))
        if made is None:
            row = get_chain(chain_id)
            made = make_adapter(Making(row, self._http, self._servers(row, mode)))
            self._adapters[chain_id, mode] = made
        return made

    def probe(self, chain_id: str, *, mode: Mode, seconds: int) -> ChainAdapter:
        """Return what asks a chain for activity alone: each server once, all of them within ``seconds``.

        Its servers have budgets and circuits of their own: a search for chains, impatient as it is, must not make a
        sync leave a server alone. Raise as ``adapter`` does.
        """
        made = self._probes.get((chain_id, mode, seconds))
        if made is None:
            row = get_chain(chain_id)
            servers = _in_a_hurry(self._servers(row, mode), seconds)
            made = make_adapter(Making(row, self._http, servers, is_probe=True))
            self._probes[chain_id, mode, seconds] = made
        return made

    def _servers(self, row: Chain, mode: Mode) -> Servers:
        if mode is Mode.SANDBOX:
            return self._sandbox_servers(row)
        servers = self._sources.servers(row)
        if not servers:
            raise CouldNotLook(
                f"Nobody is known who could be asked about {row.public_name}: name a server in {variable_to_set(row)}."
            )
        return servers

    def _sandbox_servers(self, row: Chain) -> Servers:
        url = self._sandbox.get(row.id)
        if url is None:
            raise NotSupported(
                f"The sandbox has no {row.public_name}. It has {', '.join(sorted(self._sandbox)) or 'no chain'}."
            )
        upstream = Upstream(
            name=f"{row.public_name} of the sandbox",
            base_url=url,
            requests_per_window=_UNSPARED,
            failures_until_open=_UNSPARED,
            attempts=1,
        )
        return {_SANDBOX_SOURCES[row.family]: (upstream,)}


def _in_a_hurry(servers: Servers, seconds: int) -> Servers:
    """Return the few servers that are probed: each sends once, and all together take no longer than ``seconds``."""
    asked = [(source, upstream) for source in _PROBED_SOURCES for upstream in servers.get(source, ())]
    asked = asked[:_PROBED_SERVERS]
    hurried = [
        (
            source,
            replace(
                upstream,
                name=f"{upstream.name}, asked in a hurry",
                attempts=1,
                timeout_seconds=max(1, seconds // len(asked)),
                longest_wait_seconds=0,
            ),
        )
        for source, upstream in asked
    ]
    return {kind: tuple(each for source, each in hurried if source is kind) for kind in _PROBED_SOURCES}
