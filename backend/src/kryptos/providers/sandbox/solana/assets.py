"""Assets of the Solana end: real, well-known tokens by their real mints."""

from collections.abc import Mapping

from kryptos.providers.sandbox.quantities import Asset
from kryptos.providers.sandbox.solana.keys import TOKEN_2022_PROGRAM, TOKEN_PROGRAM

SOL = Asset("SOL", None, 9, "solana", "Solana")
PYUSD = Asset("PYUSD", "2b1kV6DkPAnxd5ixfnxCpjxmKwqjjaYmCZfHsFu24GXo", 6, "paypal-usd", "PayPal USD")
"""The one that lives under the newer token program."""

ASSETS: Mapping[str, Asset] = {
    asset.symbol: asset
    for asset in (
        SOL,
        PYUSD,
        Asset("USDC", "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v", 6, "usd-coin", "USD Coin"),
        Asset("USDT", "Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB", 6, "tether", "Tether"),
        Asset("MSOL", "mSoLzYCxHdYgdzU16g5QSh3i5K3z3KZK7ytfqcJm7So", 9, "msol", "Marinade staked SOL"),
        Asset("PYTH", "HZ1JovNiVvGrGNiiYvEozEVgZ58xaU3RKwX8eACQBCt3", 6, "pyth-network", "Pyth Network"),
        Asset("RAY", "4k3Dyjzvzp8eMZWUXbBCjEvwSkkk59S5iCNLY3QrkX6R", 6, "raydium", "Raydium"),
        Asset("HNT", "hntyVP6YFm1Hg25TN9WGLqM12b8TQmcknKrdu1oxWux", 8, "helium", "Helium"),
        Asset("RNDR", "rndrizKT3MK1iimdxRdWabcF7Zg7AR5T4nud4EkHBof", 8, "render-token", "Render"),
        Asset("POPCAT", "7GCihgDB8fe6KNjn2MYtkzZcRjQy3t9GHdC8uHYmW2hr", 9, "popcat", "Popcat"),
        Asset("BONK", "DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263", 5, "bonk", "Bonk"),
        Asset("JUP", "JUPyiwrYJFskUPiHa7hkeR8VUtAeFoSYbKedZNsDvCN", 6, "jupiter-exchange-solana", "Jupiter"),
    )
}
"""By symbol."""

BY_MINT: Mapping[str, Asset] = {asset.contract: asset for asset in ASSETS.values() if asset.contract}


def program_of(mint: str) -> str:
    """Return the token program that a mint lives under."""
    return TOKEN_2022_PROGRAM if mint == PYUSD.contract else TOKEN_PROGRAM
