"""The Solana saver: stakes its coins, holds a few tokens, and collects what is given away."""

from collections.abc import Sequence

from kryptos.providers.sandbox.solana.deeds import (
    Deed,
    close,
    deactivate,
    receive,
    send,
    stake,
    swap,
    unstake,
)


def story() -> Sequence[Deed]:
    """Return what it did, oldest first."""
    return (
        receive("2024-07-08 10:00", "120 SOL"),
        stake("2024-07-08 10:20", "60 SOL", "first"),
        receive("2024-09-01 18:45", "800 PYUSD"),
        swap("2024-10-13 09:07", "12 SOL", "MSOL"),
        receive("2024-12-20 16:00", "2500000 BONK"),
        swap("2025-01-04 21:12", "5 SOL", "HNT"),
        stake("2025-02-18 08:36", "25 SOL", "second"),
        swap("2025-04-27 13:50", "120.5 PYUSD", "USDC"),
        deactivate("2025-06-06 07:00", "first"),
        unstake("2025-06-09 07:05", "60 SOL", "first"),
        swap("2025-08-15 19:31", "2500000 BONK", "SOL"),
        close("2025-08-15 19:33", "BONK"),
        stake("2025-11-27 11:24", "40 SOL", "third"),
        receive("2026-01-31 05:15", "640 PYTH"),
        deactivate("2026-04-02 10:10", "second"),
        unstake("2026-04-05 10:16", "10 SOL", "second"),
        send("2026-06-11 22:40", "7.5 SOL"),
    )
