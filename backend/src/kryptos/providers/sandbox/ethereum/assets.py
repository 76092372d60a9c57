"""Assets of the Ethereum end: real, well-known tokens by their real contracts, and collections of our own making."""

from collections.abc import Mapping
from dataclasses import dataclass

from kryptos.providers.sandbox.chance import digest
from kryptos.providers.sandbox.quantities import Asset


def invented_address(*names: str) -> str:
    """Return an address that belongs to a name and to nobody: its hash."""
    return "0x" + digest("kryptos sandbox", "ethereum", *names)[:20].hex()


ETH = Asset("ETH", None, 18, "ethereum", "Ether")
WETH = Asset("WETH", "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2", 18, "weth", "Wrapped Ether")
STETH = Asset(
    "STETH",
    "0xae7ab96520de3a18e5e111b5eaab095312d7fe84",
    18,
    "staked-ether",
    "Liquid staked Ether 2.0",
    own_symbol="stETH",
)
"""Here it stands still: its balances do not grow by themselves."""
UNI_V2 = Asset("UNI-V2", "0xb4e16d0168e52d35cacd2c6185b44281ec28c9dc", 18, name="Uniswap V2")
"""The share in Uniswap's pool of USDC and WETH; the pool's address is the share's."""

ASSETS: Mapping[str, Asset] = {
    asset.symbol: asset
    for asset in (
        ETH,
        WETH,
        STETH,
        UNI_V2,
        Asset("USDC", "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48", 6, "usd-coin", "USD Coin"),
        Asset("USDT", "0xdac17f958d2ee523a2206206994597c13d831ec7", 6, "tether", "Tether USD"),
        Asset("DAI", "0x6b175474e89094c44da98b954eedeac495271d0f", 18, "dai", "Dai Stablecoin"),
        Asset("UNI", "0x1f9840a85d5af5bf1d1762f925bdaddc4201f984", 18, "uniswap", "Uniswap"),
        Asset("AAVE", "0x7fc66500c84a76ad7e9c93437bfc5ac33e2ddae9", 18, "aave", "Aave Token"),
        Asset("LINK", "0x514910771af9ca656af840dff83e8264ecf986ca", 18, "chainlink", "ChainLink Token"),
        Asset("WBTC", "0x2260fac5e5542a773aa44fbcfedf7c193bc2c599", 8, "wrapped-bitcoin", "Wrapped BTC"),
        Asset("LDO", "0x5a98fcbea516cf06857215779fd812ca3bef1b32", 18, "lido-dao", "Lido DAO Token"),
        Asset("CRV", "0xd533a949740bb3306d119cc777fa900ba034cd52", 18, "curve-dao-token", "Curve DAO Token"),
        Asset("PEPE", "0x6982508145454ce325ddbe47a25d4ec3d2311933", 18, "pepe", "Pepe"),
        Asset(
            "RETH",
            "0xae78736cd615f374d3085123a210448e74fc6393",
            18,
            "rocket-pool-eth",
            "Rocket Pool ETH",
            own_symbol="rETH",
        ),
        Asset("VERSE", "0x249ca82617ec3dfb2589c4c17ab7ec9765350a18", 18, name="Verse"),
    )
}
"""By symbol. ``VERSE`` is the one that has no price."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Collectibles (ERC-721) of our own making: a real one of a kind is never said to be held by a test account."""

    symbol: str
    name: str
    contract: str


COLLECTIONS: Mapping[str, Collection] = {
    symbol: Collection(symbol, name, invented_address("collection", symbol))
    for symbol, name in (
        ("LIGHTS", "Harbour Lights"),
        ("OTTERS", "Office Otters"),
        ("MAPS", "Maps of Nowhere"),
    )
}

MULTICALL3 = "0xca11bde05977b3631167028862be2a173976ca11"
UNISWAP_ROUTER = "0x7a250d5630b4cf539739df2c5dacb4c659f2488d"
"""Uniswap V2's Router02."""
SEAPORT = "0x0000000000000068f116a894984e2db1123eb395"
"""Seaport 1.6, where collectibles are sold."""
ROCKET_DEPOSIT = "0xdd3f50f8a6cafbe9b31a427582963f465e745af8"
"""Rocket Pool's deposit pool."""

CONTRACTS = frozenset(
    {
        MULTICALL3,
        UNISWAP_ROUTER,
        SEAPORT,
        ROCKET_DEPOSIT,
        *(asset.contract for asset in ASSETS.values() if asset.contract),
        *(collection.contract for collection in COLLECTIONS.values()),
    }
)
"""Every address that has code."""
