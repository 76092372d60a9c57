"""The typed Solana address: coins, several tokens of both programs, a stake account, and a transaction that failed."""

from collections.abc import Sequence

from kryptos.providers.sandbox.solana.deeds import (
    Deed,
    deactivate,
    persona,
    receive,
    send,
    stake,
    swap,
    swap_fails,
    unstake,
)


def story() -> Sequence[Deed]:
    """Return what it did, oldest first."""
    return (
        receive("2024-07-03 08:20", "38 SOL"),
        swap("2024-07-19 17:42", "4 SOL", "USDC"),
        receive("2024-08-25 06:33", "310 PYUSD"),
        stake("2024-09-15 12:05", "15 SOL", "first"),
        swap("2024-11-09 20:51", "2.5 SOL", "RAY"),
        receive("2025-01-22 15:30", "420 JUP"),
        swap_fails("2025-02-14 09:16", "RNDR"),
        swap("2025-02-14 09:18", "1.2 SOL", "RNDR"),
        swap("2025-05-06 23:44", "180 USDC", "PYTH"),
        send("2025-07-12 11:27", "1.75 SOL"),
        swap("2025-09-28 18:08", "3 SOL", "MSOL"),
        deactivate("2025-12-01 07:40", "first"),
        unstake("2025-12-04 07:52", "5 SOL", "first"),
        receive("2026-02-20 13:13", "6.4 SOL", persona("saver")),
        send("2026-04-18 16:35", "95.5 USDC", persona("saver")),
        swap("2026-06-09 10:01", "150 JUP", "USDC"),
    )
