"""The way out of a process: one HTTP client, and the registry of adapters that use it."""

import asyncio

from kryptos.infra.http_client.client import HttpClient
from kryptos.infra.settings import Settings
from kryptos.kernel.clock import Clock
from kryptos.kernel.ids import RandomBytes
from kryptos.providers.prices.contracts import PriceSource
from kryptos.providers.prices.sources import BASE_URLS, open_sources
from kryptos.providers.registry import Registry
from kryptos.providers.sandbox import SANDBOX_NODES
from kryptos.providers.sandbox.mounts import sandbox_mounts


def open_http(*, clock: Clock, random_bytes: RandomBytes) -> HttpClient:
    """Return the client that asks everybody else's servers; the sandbox's ends are inside it."""
    return HttpClient(clock=clock, sleep=asyncio.sleep, chance=random_bytes, mounts=sandbox_mounts())


def open_price_sources(settings: Settings, http: HttpClient) -> tuple[PriceSource, ...]:
    """Return the sources of prices in their order, but for those that the settings leave out."""
    given = {name: getattr(settings, f"prices_{name}") for name in BASE_URLS}
    urls = {name: given[name] or url for name, url in BASE_URLS.items()}
    return open_sources(
        http,
        base_urls={name: url for name, url in urls.items() if url != "none"},
        coingecko_key=settings.coingecko_key,
    )


def open_registry(settings: Settings, http: HttpClient) -> Registry:
    """Return the registry over the settings; raise ``SettingsWrong`` for a source that cannot be used."""
    return Registry(
        http,
        settings.upstreams,
        sandbox_nodes=SANDBOX_NODES,
        etherscan_key=settings.etherscan_key,
        etherscan_url=settings.etherscan_url,
    )
