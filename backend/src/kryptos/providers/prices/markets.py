"""Markets: under which symbol exchanges trade the best-known tokens, so that their candles can stand in.

Only symbols that mean the same token everywhere: candles are asked for by symbol, and a symbol that an exchange gives
to another token would yield that one's price.
"""

from collections.abc import Mapping
from types import MappingProxyType

SYMBOLS: Mapping[str, str] = MappingProxyType(
    {
        "aave": "AAVE",
        "algorand": "ALGO",
        "aptos": "APT",
        "arbitrum": "ARB",
        "avalanche-2": "AVAX",
        "binancecoin": "BNB",
        "bitcoin": "BTC",
        "bitcoin-cash": "BCH",
        "cardano": "ADA",
        "chainlink": "LINK",
        "cosmos": "ATOM",
        "dogecoin": "DOGE",
        "ethereum": "ETH",
        "ethereum-classic": "ETC",
        "filecoin": "FIL",
        "hedera-hashgraph": "HBAR",
        "litecoin": "LTC",
        "near": "NEAR",
        "optimism": "OP",
        "polkadot": "DOT",
        "polygon-ecosystem-token": "POL",
        "ripple": "XRP",
        "shiba-inu": "SHIB",
        "solana": "SOL",
        "stellar": "XLM",
        "sui": "SUI",
        "tether": "USDT",
        "tezos": "XTZ",
        "tron": "TRX",
        "uniswap": "UNI",
        "usd-coin": "USDC",
        "zcash": "ZEC",
    }
)
"""CoinGecko's id → symbol. A market that an exchange does not have is no price there."""
