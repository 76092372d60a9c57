"""The tokens of each chain: addresses and CoinGecko ids of @web3icons/common, decimals and spellings of the others."""

import re
from collections.abc import Mapping

import msgspec

from tools.catalog.inputs import Extracted, HandTokens, Icon, Platforms, curated
from tools.catalog.rows import Row, Source, is_coingecko_id, letters

_EVM_ADDRESS = re.compile(r"0x[0-9a-f]{40}")
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_NATIVE_STAND_INS = frozenset({"0x" + "0" * 40, "0x" + "e" * 40})
"""What some lists write in place of an address for the chain's own coin."""


class TokenDraft(msgspec.Struct):
    """A token as it is pieced together."""

    symbol: str
    name: str
    sources: set[Source]
    decimals: int | None = None
    token_id: str | None = None


Drafts = dict[str, dict[str, TokenDraft]]
"""CAIP-2 id -> address -> token."""


def token_rows(extracted: Extracted, ids: Mapping[str, str]) -> dict[str, list[Row]]:
    """Return the tokens by our id of the chain; chains without tokens are absent."""
    drafts: Drafts = {}
    by_id = _from_icons(drafts, extracted.web3icons.tokens)
    _from_book(drafts, extracted)
    _from_viem(drafts, extracted, by_id)
    _from_hand(drafts)
    return {
        ids[caip2]: [_row(address, tokens[address]) for address in sorted(tokens)]
        for caip2, tokens in sorted(drafts.items())
        if caip2 in ids and tokens
    }


def _from_icons(drafts: Drafts, icons: tuple[Icon, ...]) -> dict[tuple[str, str], str]:
    """Add @web3icons' tokens; return their ids by chain and address.

    Of two tokens at one address the one that is worth more counts: the list's own rank by market capitalisation.
    """
    platforms = curated("platforms.json", Platforms).platforms
    found: dict[tuple[str, str], str] = {}
    unranked = 10**9
    for icon in sorted(icons, key=lambda each: (each.market_cap_rank or unranked, each.id)):
        for platform, written in sorted(icon.addresses.items()):
            caip2 = platforms.get(platform)
            address = _address(caip2, written) if caip2 else None
            if caip2 is None or address is None or (caip2, address) in found:
                continue
            found[caip2, address] = icon.id
            drafts.setdefault(caip2, {})[address] = TokenDraft(
                symbol=icon.symbol.upper(),
                name=icon.name,
                sources={Source.WEB3ICONS},
                token_id=icon.id if is_coingecko_id(icon.id) else None,
            )
    return {place: token_id for place, token_id in found.items() if is_coingecko_id(token_id)}


def _from_book(drafts: Drafts, extracted: Extracted) -> None:
    for book in extracted.address_book:
        tokens = drafts.setdefault(f"eip155:{book.chain_id}", {})
        for token in book.tokens:
            address = _address("eip155", token.address)
            if address is None:
                continue
            draft = tokens.setdefault(address, TokenDraft(token.symbol, token.name, set()))
            if Source.ADDRESS_BOOK in draft.sources:
                continue  # the same token under another key of theirs
            draft.sources.add(Source.ADDRESS_BOOK)
            draft.decimals = token.decimals
            if draft.symbol.casefold() == token.symbol.casefold():
                draft.symbol = token.symbol  # same letters; the book keeps capitals as the contract has them


def _from_viem(drafts: Drafts, extracted: Extracted, by_id: Mapping[tuple[str, str], str]) -> None:
    """Add viem's tokens. A definition is one token on all its chains, so an id known on one holds on the others."""
    for definition in extracted.viem_tokens:
        places = [
            (f"eip155:{chain_id}", address)
            for chain_id, written in definition.addresses.items()
            if (address := _address("eip155", written))
        ]
        known = {by_id[place] for place in places if place in by_id}
        token_id = known.pop() if len(known) == 1 else None
        for caip2, address in places:
            draft = drafts.setdefault(caip2, {}).setdefault(
                address, TokenDraft(definition.symbol, definition.name, set())
            )
            draft.sources.add(Source.VIEM)
            draft.symbol, draft.name, draft.decimals = definition.symbol, definition.name, definition.decimals
            draft.token_id = draft.token_id or token_id


def _from_hand(drafts: Drafts) -> None:
    """Add what is written by hand: it counts before everything else."""
    for token in curated("tokens.json", HandTokens).tokens:
        draft = drafts.setdefault(token.caip2, {}).setdefault(
            token.address, TokenDraft(token.symbol, token.name, set())
        )
        draft.sources.add(Source.OURS)
        draft.symbol, draft.name = token.symbol, token.name
        draft.decimals, draft.token_id = token.decimals, token.token_id


def _address(caip2: str, written: str) -> str | None:
    """Return an address in its canonical form; None for what is none on that chain."""
    address = written.strip()
    if caip2.startswith("solana"):
        return address if _is_32_bytes(address) else None
    address = address.lower()
    return address if _EVM_ADDRESS.fullmatch(address) and address not in _NATIVE_STAND_INS else None


def _is_32_bytes(text: str) -> bool:
    if not text or any(letter not in _BASE58 for letter in text):
        return False
    number = 0
    for letter in text:
        number = number * 58 + _BASE58.index(letter)
    zeros = len(text) - len(text.lstrip("1"))
    return zeros + (number.bit_length() + 7) // 8 == 32


def _row(address: str, draft: TokenDraft) -> Row:
    return {
        "contract": address,
        "decimals": draft.decimals,
        "name": " ".join(draft.name.split()),
        "source": letters(draft.sources),
        "symbol": draft.symbol.strip(),
        "token_id": draft.token_id,
    }
