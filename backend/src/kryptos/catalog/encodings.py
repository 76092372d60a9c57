"""How addresses are written down: base58check, bech32, bech32m and cashaddr, with their checksums."""

import hashlib
from typing import Literal

_BASE58 = {
    letter: value for value, letter in enumerate("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")
}
_BASE32 = {letter: value for value, letter in enumerate("qpzry9x8gf2tvdw0s3jn54khce6mua7l")}

_BECH32_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BECH32_CHECKS: dict[int, Literal["bech32", "bech32m"]] = {1: "bech32", 0x2BC830A3: "bech32m"}
_CASHADDR_GENERATORS = (0x98F2BC8E61, 0x79B76D99E2, 0xF33E5FB3C4, 0xAE2EABE2A8, 0x1E4F43E470)
_CASHADDR_BITS = (160, 192, 224, 256, 320, 384, 448, 512)


def decode_base58(text: str) -> bytes | None:
    """Return the bytes of a base58 text (alphabet of Bitcoin); None for anything else."""
    number = 0
    for letter in text:
        value = _BASE58.get(letter)
        if value is None:
            return None
        number = number * 58 + value
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def decode_base58check(text: str) -> bytes | None:
    """Return the payload of a base58check text, version included; None if its checksum is wrong."""
    raw = decode_base58(text)
    if raw is None or len(raw) < 5:
        return None
    payload, check = raw[:-4], raw[-4:]
    digest = hashlib.sha256(hashlib.sha256(payload).digest()).digest()
    return payload if digest[:4] == check else None


def decode_segwit(text: str, prefix: str) -> tuple[int, bytes] | None:
    """Return version and program of a segregated witness address (BIP-173, BIP-350); None for anything else."""
    decoded = _decode_bech32(text)
    if decoded is None:
        return None
    found, values, check = decoded
    if found != prefix or not values:
        return None
    version = values[0]
    program = _eight_from_five(values[1:])
    if program is None or version > 16 or not 2 <= len(program) <= 40:
        return None
    if version == 0 and len(program) not in {20, 32}:  # BIP-141: a key's or a script's hash
        return None
    return (version, program) if check == ("bech32m" if version else "bech32") else None


def _decode_bech32(text: str) -> tuple[str, list[int], Literal["bech32", "bech32m"]] | None:
    if len(text) > 90 or text not in {text.lower(), text.upper()}:
        return None
    prefix, separator, data = text.lower().rpartition("1")
    values = [_BASE32.get(letter, -1) for letter in data]
    is_prefix = all(33 <= ord(letter) <= 126 for letter in prefix)
    if not separator or not prefix or not is_prefix or len(values) < 6 or -1 in values:
        return None
    check = 1
    expanded = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    for value in expanded + values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for index, generator in enumerate(_BECH32_GENERATORS):
            check ^= generator if top >> index & 1 else 0
    kind = _BECH32_CHECKS.get(check)
    return (prefix, values[:-6], kind) if kind else None


def decode_cashaddr(text: str, prefix: str) -> tuple[int, bytes] | None:
    """Return type and hash of a cashaddr address, with or without its prefix; None for anything else.

    Source: the CashAddr specification of Bitcoin Cash; types 0 (key) and 1 (script), 2 and 3 the same for tokens.
    """
    if text not in {text.lower(), text.upper()}:
        return None
    written, separator, data = text.lower().rpartition(":")
    values = [_BASE32.get(letter, -1) for letter in data]
    if (separator and written != prefix) or len(values) < 8 or -1 in values:
        return None
    check = 1
    for value in [ord(letter) & 31 for letter in prefix] + [0] + values:
        top = check >> 35
        check = (check & 0x07FFFFFFFF) << 5 ^ value
        for index, generator in enumerate(_CASHADDR_GENERATORS):
            check ^= generator if top >> index & 1 else 0
    payload = _eight_from_five(values[:-8])
    if check != 1 or not payload:
        return None
    version, content = payload[0], payload[1:]
    kind = version >> 3
    is_whole = version < 0x80 and len(content) * 8 == _CASHADDR_BITS[version & 7]
    return (kind, content) if is_whole and kind <= 3 else None


def _eight_from_five(values: list[int]) -> bytes | None:
    """Return groups of five bits as bytes; None if what is left over is not up to four zeros."""
    number = 0
    for value in values:
        number = number << 5 | value
    spare = len(values) * 5 % 8
    if spare > 4 or number & ((1 << spare) - 1):
        return None
    return (number >> spare).to_bytes(len(values) * 5 // 8, "big")
