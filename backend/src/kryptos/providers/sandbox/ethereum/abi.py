"""The contract ABI as a contract speaks it: call data taken apart, answers put together."""

from collections.abc import Sequence

_WORD = 32


def uint(units: int) -> bytes:
    """Return a number as a word."""
    return units.to_bytes(_WORD, "big")


def text(value: str) -> bytes:
    """Return a string as the only thing that is returned."""
    return uint(_WORD) + _bytes(value.encode())


def _bytes(raw: bytes) -> bytes:
    return uint(len(raw)) + raw + bytes(-len(raw) % _WORD)


def number_at(data: bytes, at: int) -> int:
    """Return the word at a byte; raise ``ValueError`` where the data is too short."""
    if at + _WORD > len(data):
        raise ValueError("the call data is too short")
    return int.from_bytes(data[at : at + _WORD], "big")


def address_at(data: bytes, at: int) -> str:
    """Return the address in the word at a byte."""
    return f"0x{number_at(data, at) % 2**160:040x}"


def calls_in(data: bytes) -> list[tuple[str, bool, bytes]]:
    """Take the argument of ``aggregate3`` apart: target, whether it may fail, call data."""
    start = number_at(data, 0)
    head = start + _WORD
    calls = []
    for index in range(number_at(data, start)):
        at = head + number_at(data, head + index * _WORD)
        inner = at + number_at(data, at + 2 * _WORD)
        length = number_at(data, inner)
        calls.append(
            (
                address_at(data, at),
                bool(number_at(data, at + _WORD)),
                data[inner + _WORD : inner + _WORD + length],
            )
        )
    return calls


def results(answers: Sequence[bytes | None]) -> bytes:
    """Return what ``aggregate3`` returns: success and data of each call; None is a failed one."""
    tuples = [uint(int(answer is not None)) + uint(2 * _WORD) + _bytes(answer or b"") for answer in answers]
    offsets, at = [], len(tuples) * _WORD
    for each in tuples:
        offsets.append(uint(at))
        at += len(each)
    return uint(_WORD) + uint(len(tuples)) + b"".join(offsets) + b"".join(tuples)
