"""The little of the contract ABI that is spoken here: words, addresses, strings, and Multicall3's list of calls.

Source: Solidity's *Contract ABI Specification*. The selectors are checked against their signatures by a test.
"""

from collections.abc import Sequence

WORD = 32

BALANCE_OF = bytes.fromhex("70a08231")  # balanceOf(address), ERC-20
DECIMALS = bytes.fromhex("313ce567")  # decimals(), ERC-20
SYMBOL = bytes.fromhex("95d89b41")  # symbol(), ERC-20
NAME = bytes.fromhex("06fdde03")  # name(), ERC-20
AGGREGATE3 = bytes.fromhex("82ad56cb")  # aggregate3((address,bool,bytes)[]), Multicall3

TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
"""Topic of ``Transfer(address,address,uint256)`` (ERC-20, and ERC-721 with one more topic)."""
DEPOSIT = "0xe1fffcc4923d04b559f4d29a8bfc6cda04eb5b0d3c460751c2402c5c5cc9109c"
"""Topic of ``Deposit(address,uint256)`` (WETH9)."""
WITHDRAWAL = "0x7fcf532c15f0a6db0bd6d0e038bea71d30d808c7d98cb3bf7268a95bf5081b65"
"""Topic of ``Withdrawal(address,uint256)`` (WETH9)."""


def word(value: int) -> bytes:
    """Return a number as a word."""
    return value.to_bytes(WORD, "big")


def address_word(address: str) -> bytes:
    """Return an address as a word."""
    return bytes.fromhex(address[2:]).rjust(WORD, b"\0")


def topic_of(address: str) -> str:
    """Return an address as an indexed field of an event."""
    return "0x" + address_word(address).hex()


def address_in(topic: str) -> str | None:
    """Return the address in an indexed field; None if something else is in it."""
    return None if int(topic[2:26], 16) else "0x" + topic[26:]


def word_at(data: bytes, at: int = 0) -> int | None:
    """Return the number that begins at a byte; None where the data is too short."""
    part = data[at : at + WORD]
    return int.from_bytes(part, "big") if len(part) == WORD else None


def bytes_at(data: bytes, at: int) -> bytes | None:
    """Return the ``bytes`` or ``string`` whose length stands at a byte; None where the data is too short."""
    length = word_at(data, at)
    if length is None or length > len(data) - at - WORD:
        return None
    return data[at + WORD : at + WORD + length]


def text_in(data: bytes) -> str | None:
    """Return what ``symbol()`` or ``name()`` gave: a string or, from old tokens, a ``bytes32``; None if neither."""
    if len(data) == WORD:
        raw: bytes | None = data.rstrip(b"\0")
    else:
        offset = word_at(data)
        raw = bytes_at(data, offset) if offset is not None and offset < len(data) else None
    try:
        return raw.decode() if raw else None
    except UnicodeDecodeError:
        return None


def encode_aggregate3(calls: Sequence[tuple[str, bytes]]) -> bytes:
    """Return the call data of ``aggregate3`` that lets each call fail by itself."""
    tuples = [
        address_word(target) + word(1) + word(3 * WORD) + word(len(data)) + data + bytes(-len(data) % WORD)
        for target, data in calls
    ]
    offsets = []
    at = len(calls) * WORD
    for each in tuples:
        offsets.append(word(at))
        at += len(each)
    return AGGREGATE3 + word(WORD) + word(len(calls)) + b"".join(offsets) + b"".join(tuples)


def decode_aggregate3(data: bytes, *, count: int) -> list[bytes | None]:
    """Return what each call returned, None where it failed; raise ``ValueError`` if this is no such list."""
    start = word_at(data)
    if start is None or word_at(data, start) != count:
        raise ValueError("not the results that were asked for")
    results: list[bytes | None] = []
    head = start + WORD
    for index in range(count):
        offset = word_at(data, head + index * WORD)
        has_succeeded = None if offset is None else word_at(data, head + offset)
        inner = None if offset is None else word_at(data, head + offset + WORD)
        if offset is None or inner is None or has_succeeded not in {0, 1}:
            raise ValueError("not a list of results")
        returned = bytes_at(data, head + offset + inner)
        if returned is None:
            raise ValueError("not a whole list of results")
        results.append(returned if has_succeeded else None)
    return results
