"""The long-term holder: buys ether and a few tokens step by step, stakes some, and hardly ever sells."""

from collections.abc import Sequence

from kryptos.providers.sandbox.ethereum.deeds import (
    Deed,
    Payout,
    approve,
    payout,
    persona,
    receive,
    send,
    stake_with_lido,
    stake_with_rocket_pool,
    swap,
    wrap,
)


def story() -> Sequence[Deed | Payout]:
    """Return what it did, oldest first."""
    return (
        receive("2024-07-02 08:14", "24.75 ETH"),
        receive("2024-07-09 17:40", "60000 USDC"),
        approve("2024-07-10 07:02", "USDC"),
        swap("2024-07-10 07:09", "30000 USDC", "WBTC"),
        stake_with_rocket_pool("2024-08-06 06:31", "6 ETH"),
        swap("2024-09-12 19:55", "12000 USDC", "LINK"),
        receive("2024-10-01 09:00", "3.2 ETH"),
        stake_with_lido("2024-11-18 21:17", "8 ETH"),
        receive("2025-01-07 12:30", "25000 USDC"),
        swap("2025-02-03 05:48", "20000 USDC", "WBTC"),
        payout("2025-03-14 02:11", "0.018443921 ETH"),
        receive("2025-04-08 10:05", "5 ETH"),
        swap("2025-04-09 15:22", "9000 USDC", "AAVE"),
        payout("2025-06-02 23:47", "0.021907334 ETH"),
        receive("2025-07-21 13:37", "2.5 WBTC"),
        payout("2025-08-29 06:08", "0.019266087 ETH"),
        send("2025-10-05 18:29", "1.25 ETH", persona("defi")),
        wrap("2025-11-11 11:11", "1.5 ETH"),
        receive("2025-12-02 04:20", "150000 VERSE"),
        swap("2026-01-19 20:03", "2.4 ETH", "UNI"),
        receive("2026-03-30 09:00", "4.8 ETH"),
        send("2026-05-26 16:44", "5000 USDC"),
        swap("2026-06-17 07:36", "1.1 ETH", "LDO"),
    )
