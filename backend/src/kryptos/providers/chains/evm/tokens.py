"""Tokens: what a contract says of itself, believed only as far as it can be true (ERC-20)."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from kryptos.providers.chains.evm.abi import DECIMALS, NAME, SYMBOL, text_in, word_at
from kryptos.providers.chains.evm.address import checksummed
from kryptos.providers.chains.evm.chain import KnownToken
from kryptos.providers.chains.evm.contract_calls import ContractCalls
from kryptos.providers.chains.evm.quantity import MOST_DECIMALS
from kryptos.providers.contracts import AssetRef, Standard

_METADATA_BYTES = 160
"""Offset, length and up to 96 letters: longer names are cut off, which leaves them unreadable and so unknown."""
_LONGEST_SYMBOL = 32
_LONGEST_NAME = 96
_SHOWN = 5

NATIVE_MIRRORS = frozenset(
    {
        "0x000000000000000000000000000000000000800a",  # ZKsync's base token: every move of ETH, fees included
        "0x471ece3750da237f93b8e339c536989b8978a438",  # Celo's CELO
        "0x0000000000000000000000000000000000001010",  # Polygon's POL
        "0xdeaddeaddeaddeaddeaddeaddeaddeaddead0000",  # Metis' METIS
        "0x0000000000000000000000000000000000000802",  # Moonbeam's GLMR, Moonriver's MOVR
    }
)
"""Contracts that show the native coin itself as a token (each chain's documentation): counted, it would count twice."""


async def read_tokens(
    calls: ContractCalls, contracts: Sequence[str], *, known: Mapping[str, KnownToken]
) -> dict[str, AssetRef]:
    """Return the tokens among contracts (in small letters), by contract; one without believable decimals is none."""
    selectors = (DECIMALS, SYMBOL, NAME)
    reads = [(contract, selector) for contract in contracts for selector in selectors]
    answers = await calls.read(reads, answer_bytes=_METADATA_BYTES) if reads else []
    tokens = {}
    for index, contract in enumerate(contracts):
        decimals, symbol, name = answers[3 * index : 3 * index + 3]
        fact = known.get(contract, KnownToken(contract))
        said = word_at(decimals) if decimals else fact.decimals
        if said is None or said > MOST_DECIMALS:
            continue
        tokens[contract] = AssetRef(
            chain_id=calls.rpc.chain.id,
            standard=Standard.ERC20,
            contract=checksummed(contract),
            symbol=fact.symbol or _presentable(symbol, _LONGEST_SYMBOL),
            name=fact.name or _presentable(name, _LONGEST_NAME),
            decimals=said,
        )
    return tokens


def _presentable(answer: bytes | None, longest: int) -> str | None:
    """Return the text without signs that cannot be seen or that turn others around; None if nothing is left."""
    text = text_in(answer) if answer else None
    seen = "".join(sign for sign in text or "" if unicodedata.category(sign)[0] != "C").strip()
    return seen[:longest] or None


def not_tokens_gap(contracts: Iterable[str], *, what: str) -> tuple[str, ...]:
    """Return the gap that names contracts whose answers cannot be used; none if there is no such contract."""
    named = sorted(checksummed(contract) for contract in contracts)
    if not named:
        return ()
    more = f" and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
    return (f"{what}: {', '.join(named[:_SHOWN])}{more}.",)
