"""The typed Ethereum address: an everyday account with ether, several tokens, a swap, and a transaction that failed."""

from collections.abc import Sequence

from kryptos.providers.sandbox.ethereum.deeds import (
    Deed,
    Payout,
    approve,
    mint_collectible,
    persona,
    receive,
    send,
    stake_with_lido,
    swap,
    swap_fails,
    unwrap,
    wrap,
)


def story() -> Sequence[Deed | Payout]:
    """Return what it did, oldest first."""
    return (
        receive("2024-07-05 09:30", "4.2 ETH"),
        receive("2024-07-28 14:12", "2500 USDC"),
        swap("2024-08-16 11:45", "0.5 ETH", "DAI"),
        send("2024-09-03 20:18", "0.15 ETH"),
        approve("2024-10-07 07:55", "USDC"),
        swap("2024-10-07 07:58", "1000 USDC", "UNI"),
        stake_with_lido("2024-12-15 13:40", "1 ETH"),
        receive("2025-01-30 16:05", "35 LINK"),
        swap_fails("2025-03-11 22:49", "0.4 ETH"),
        swap("2025-03-11 22:53", "0.4 ETH", "AAVE"),
        wrap("2025-05-19 10:10", "0.6 ETH"),
        unwrap("2025-06-24 08:02", "0.25 WETH"),
        receive("2025-08-12 19:27", "40000 VERSE"),
        send("2025-10-20 12:34", "300 DAI"),
        mint_collectible("2025-11-08 17:00", "OTTERS", 3001, "0.04 ETH"),
        receive("2026-01-14 06:50", "1.1 ETH", persona("holder")),
        swap("2026-03-22 15:15", "0.35 ETH", "USDC"),
        send("2026-05-30 21:06", "450 USDC", persona("defi")),
        receive("2026-06-28 09:09", "0.08 ETH"),
    )
