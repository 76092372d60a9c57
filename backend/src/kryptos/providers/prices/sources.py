"""The sources of prices, in the order they are asked: DefiLlama, CoinGecko, then candles of exchanges."""

from collections.abc import Mapping
from types import MappingProxyType

from kryptos.infra.http_client.client import HttpClient
from kryptos.infra.http_client.upstream import Upstream
from kryptos.providers.prices.candles import Candles, FromTether
from kryptos.providers.prices.coingecko import CoinGecko
from kryptos.providers.prices.contracts import PriceSource
from kryptos.providers.prices.defillama import DefiLlama
from kryptos.providers.prices.exchanges import Binance, Coinbase, Kraken

BASE_URLS: Mapping[str, str] = MappingProxyType(
    {
        "defillama": "https://coins.llama.fi",
        "coingecko": "https://api.coingecko.com/api/v3",
        "coinbase": "https://api.exchange.coinbase.com",
        "kraken": "https://api.kraken.com",
        "binance": "https://api.binance.com",
    }
)
"""Where each source is asked unless a setting says otherwise."""


def open_sources(
    http: HttpClient, *, base_urls: Mapping[str, str] = BASE_URLS, coingecko_key: str | None = None
) -> tuple[PriceSource, ...]:
    """Return the sources in their order. A source without a base URL, or with an empty one, is left out.

    A key of CoinGecko's is sent in the header that its plan wants, which shows in the host: ``pro-api`` or not.
    """
    urls = {name: base_urls.get(name) or "" for name in BASE_URLS}
    header = "x-cg-pro-api-key" if "//pro-api." in urls["coingecko"] else "x-cg-demo-api-key"
    upstreams = {
        "defillama": Upstream(name="DefiLlama", base_url=urls["defillama"], requests_per_window=5),
        "coingecko": Upstream(
            name="CoinGecko",
            base_url=urls["coingecko"],
            headers={header: coingecko_key} if coingecko_key else {},
            # Without a key five to fifteen calls a minute are answered, with a free one thirty.
            requests_per_window=25 if coingecko_key else 5,
            window_seconds=60,
        ),
        "coinbase": Upstream(name="Coinbase", base_url=urls["coinbase"], requests_per_window=5),
        "kraken": Upstream(name="Kraken", base_url=urls["kraken"], requests_per_window=1),
        "binance": Upstream(name="Binance", base_url=urls["binance"], requests_per_window=10),
    }
    coinbase = Candles(Coinbase(http, upstreams["coinbase"]))
    kraken = Candles(Kraken(http, upstreams["kraken"]))
    in_dollars = [source for source in (coinbase, kraken) if urls[source.name]]
    sources: tuple[PriceSource, ...] = (
        DefiLlama(http, upstreams["defillama"]),
        CoinGecko(http, upstreams["coingecko"]),
        *in_dollars,
        FromTether(Candles(Binance(http, upstreams["binance"])), in_dollars),
    )
    return tuple(source for source in sources if urls[source.name])
