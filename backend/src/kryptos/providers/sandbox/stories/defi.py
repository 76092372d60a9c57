"""The DeFi user: swaps, provides liquidity, stakes; one swap fails and costs its gas all the same."""

from collections.abc import Sequence

from kryptos.providers.sandbox.ethereum.deeds import (
    Deed,
    Payout,
    add_liquidity,
    approve,
    persona,
    receive,
    remove_liquidity,
    send,
    stake_with_lido,
    swap,
    swap_fails,
    unwrap,
)


def story() -> Sequence[Deed | Payout]:
    """Return what it did, oldest first."""
    return (
        receive("2024-07-14 10:12", "9.4 ETH"),
        swap("2024-07-14 11:03", "1.5 ETH", "USDC"),
        swap("2024-08-02 22:41", "0.8 ETH", "DAI"),
        approve("2024-08-20 09:30", "USDC"),
        add_liquidity("2024-08-20 09:36", "1.2 ETH", "3426.07 USDC", "0.00006165 UNI-V2"),
        swap_fails("2024-09-17 14:08", "2 ETH"),
        swap("2024-09-17 14:11", "0.6 ETH", "UNI"),
        receive("2024-11-05 06:25", "4 ETH"),
        stake_with_lido("2024-11-06 19:52", "3 ETH"),
        approve("2024-12-11 12:00", "UNI"),
        swap("2024-12-11 12:04", "90 UNI", "WETH"),
        unwrap("2024-12-11 12:15", "0.3 WETH"),
        swap("2025-01-22 17:33", "0.9 ETH", "CRV"),
        approve("2025-03-02 08:19", "UNI-V2"),
        remove_liquidity(
            "2025-03-02 08:26", "0.00003 UNI-V2", "0.639652118840291557 WETH", "1533.540712 USDC"
        ),
        approve("2025-04-15 20:44", "DAI"),
        swap("2025-04-15 20:47", "1200 DAI", "STETH"),
        swap("2025-06-30 03:55", "0.5 ETH", "LDO"),
        send("2025-08-08 08:08", "750 USDC"),
        swap("2025-09-09 15:20", "1100 USDC", "USDT"),
        swap("2025-12-24 18:30", "0.45 ETH", "AAVE"),
        approve("2026-02-10 07:45", "CRV"),
        swap("2026-02-10 07:48", "1500 CRV", "WETH"),
        swap_fails("2026-04-03 23:01", "0.7 ETH"),
        swap("2026-04-03 23:04", "0.7 ETH", "USDC"),
        send("2026-06-21 10:40", "0.2 ETH", persona("nft")),
    )
