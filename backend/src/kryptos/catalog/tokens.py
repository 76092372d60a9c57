"""Tokens: the contracts that are known by name, read chain by chain when one is asked for."""

from collections.abc import Mapping
from functools import cache

import msgspec

from kryptos.catalog.chains import get_chain
from kryptos.catalog.reading import read_rows


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """A token of one chain. ``decimals`` and ``token_id`` (CoinGecko's) are None where no source gives them."""

    contract: str
    symbol: str
    name: str
    decimals: int | None
    token_id: str | None


@cache
def _tokens(chain_id: str) -> Mapping[str, Token]:
    """Return a chain's tokens by contract; a name from outside never becomes a path."""
    chain = get_chain(chain_id)
    return {token.contract: token for token in read_rows(f"tokens/{chain.id}.json", Token)}


def list_tokens(chain_id: str) -> tuple[Token, ...]:
    """Return the known tokens of a chain, by contract."""
    return tuple(_tokens(chain_id).values())


def find_token(chain_id: str, contract: str) -> Token | None:
    """Return a token by its contract; capitals do not matter where addresses are hexadecimal."""
    is_hexadecimal = get_chain(chain_id).family == "evm"
    return _tokens(chain_id).get(contract.lower() if is_hexadecimal else contract)
