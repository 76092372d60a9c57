"""Personas: the accounts of the sandbox. Every address is the hash of a text, so nobody holds a key to one."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

ProviderId = Literal["ethereum", "solana"]


@dataclass(frozen=True, slots=True)
class Persona:
    """A test account: whose story it is, and where it is found."""

    id: str
    name: str
    description: str
    provider_id: ProviderId
    address: str
    """As the catalogue writes it: hexadecimal in small letters."""


PERSONAS: tuple[Persona, ...] = (
    Persona(
        "holder",
        "Long-term holder",
        "Few large holdings, bought step by step and kept; staking rewards are paid out to it.",
        "ethereum",
        "0x86f9221840751c9bbd3100299b9b467172715718",
    ),
    Persona(
        "defi",
        "DeFi user",
        "Swaps, provides liquidity and stakes; two transactions failed and cost their gas all the same.",
        "ethereum",
        "0x84fce285a8062bf85b183e7296c5571221cb395a",
    ),
    Persona(
        "nft",
        "NFT collector",
        "Mints, buys and sells collectibles, paid in ether and wrapped ether.",
        "ethereum",
        "0xff03596c1b1ab1b5b338e44dd03b2354e72774b0",
    ),
    Persona(
        "trader",
        "Trader",
        "More than a thousand transactions: short trades, session after session.",
        "ethereum",
        "0x3384b4942ed4c61018edeb543cdf21fd7eb3244b",
    ),
    Persona(
        "empty",
        "Empty account",
        "An address that was never used: there is nothing, and that is all there is to tell.",
        "ethereum",
        "0xfd6aaf0a3907dbe00390293bcd3afa4efd5e1f51",
    ),
    Persona(
        "broken",
        "Broken account",
        "Its node answers with an error (HTTP 503): nobody could look, so nothing is known.",
        "ethereum",
        "0x4620e0180686224a5efce991e3b542cd1223a7d0",
    ),
    Persona(
        "saver",
        "Solana saver",
        "Stakes its coins, holds a few tokens, and collects what is given away.",
        "solana",
        "2DJkZ9qcttXVkpcLDPwHED443TSKfFKxM1HM4XsRNhsk",
    ),
    Persona(
        "swapper",
        "Solana swapper",
        "More than a thousand transactions, most of them swaps between coins and tokens.",
        "solana",
        "J2PjZQeXMxkJTYPpZKqC83bRiui4WX6x7GoEuG2ifHwA",
    ),
)

TYPED_ADDRESSES: Mapping[str, str] = MappingProxyType(
    {
        "ethereum": "0x47c2e31e9ce22437bcf6313d2b9e98245a7bfcfa",
        "solana": "2r8Hm938GzCQ2gXTP2deDarkn52ezYf1UUaEzMpkwrk1",
    }
)
"""Provider -> the one address that may be typed in the sandbox; every other account is chosen as a persona."""


def find_persona(persona_id: str) -> Persona | None:
    """Return the persona of this id."""
    return next((persona for persona in PERSONAS if persona.id == persona_id), None)


def is_typed_address(provider_id: str, canonical_address: str) -> bool:
    """Say whether this is the address that may be typed; capitals do not matter where it is hexadecimal."""
    typed = TYPED_ADDRESSES.get(provider_id)
    given = canonical_address.lower() if canonical_address.startswith("0x") else canonical_address
    return typed is not None and given == typed
