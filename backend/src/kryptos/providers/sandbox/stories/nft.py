"""The NFT collector: mints, buys and sells collectibles of invented collections, for ether and wrapped ether."""

from collections.abc import Sequence

from kryptos.providers.sandbox.ethereum.assets import SEAPORT
from kryptos.providers.sandbox.ethereum.deeds import (
    Deed,
    Payout,
    approve,
    buy_collectible,
    give_collectible,
    mint_collectible,
    persona,
    receive,
    sell_collectible,
    send,
    unwrap,
    wrap,
)


def story() -> Sequence[Deed | Payout]:
    """Return what it did, oldest first."""
    return (
        receive("2024-08-11 12:00", "6.2 ETH"),
        mint_collectible("2024-08-12 18:00", "LIGHTS", 417, "0.08 ETH"),
        mint_collectible("2024-08-12 18:00", "LIGHTS", 418, "0.08 ETH"),
        buy_collectible("2024-09-30 21:14", "OTTERS", 1203, "1.15 ETH"),
        approve("2024-10-02 09:20", "WETH", SEAPORT),
        sell_collectible("2024-12-08 16:47", "LIGHTS", 417, "0.46 WETH"),
        buy_collectible("2025-01-17 23:32", "MAPS", 7, "0.62 ETH"),
        unwrap("2025-02-05 07:10", "0.4 WETH"),
        receive("2025-03-20 14:55", "500 USDC"),
        buy_collectible("2025-05-04 19:26", "OTTERS", 88, "0.94 ETH"),
        give_collectible("2025-07-01 10:00", "LIGHTS", 418, persona("holder")),
        sell_collectible("2025-09-14 13:08", "OTTERS", 1203, "1.72 WETH"),
        mint_collectible("2025-11-02 20:00", "MAPS", 2048, "0.05 ETH"),
        wrap("2026-01-28 11:45", "0.5 ETH"),
        sell_collectible("2026-03-09 17:59", "MAPS", 7, "0.38 WETH"),
        buy_collectible("2026-05-13 22:21", "LIGHTS", 1001, "0.33 ETH"),
        send("2026-06-02 08:37", "0.75 ETH"),
    )
