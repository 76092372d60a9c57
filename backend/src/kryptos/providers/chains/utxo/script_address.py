"""Addresses written from public keys: base58check (BIP-44, BIP-49), bech32 (BIP-84, BIP-173) and cashaddr."""

import hashlib

from kryptos.catalog.chains import ScriptType
from kryptos.providers.chains.utxo.chain import UtxoChain
from kryptos.providers.chains.utxo.ripemd160 import ripemd160

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CASHADDR_GENERATORS = (0x98F2BC8E61, 0x79B76D99E2, 0xF33E5FB3C4, 0xAE2EABE2A8, 0x1E4F43E470)
_CASHADDR_BYTES = (20, 24, 28, 32, 40, 48, 56, 64)
KEY_HASH, SCRIPT_HASH = 0, 1
"""Types of cashaddr addresses."""


def address_of_key(key: bytes, script_type: ScriptType, chain: UtxoChain) -> str:
    """Return the address that a compressed public key makes; raise ``ValueError`` where the chain has no such one."""
    digest = key_hash(key)
    if script_type == "p2pkh" and chain.cashaddr_prefix:
        return cashaddr(chain.cashaddr_prefix, KEY_HASH, digest)
    if script_type == "p2pkh":
        return base58check(chain.key_version + digest)
    if script_type == "p2sh-p2wpkh":
        return base58check(chain.script_version + key_hash(b"\0\x14" + digest))
    if chain.bech32_prefix is None:
        raise ValueError(f"{chain.name} has no such addresses")
    return bech32_of_key_hash(chain.bech32_prefix, digest)


def key_hash(data: bytes) -> bytes:
    """Return HASH160: RIPEMD-160 of SHA-256."""
    return ripemd160(hashlib.sha256(data).digest())


def base58check(payload: bytes) -> str:
    """Return bytes in base58 with their checksum."""
    raw = payload + hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    number = int.from_bytes(raw, "big")
    text = ""
    while number:
        number, digit = divmod(number, 58)
        text = _BASE58[digit] + text
    return "1" * (len(raw) - len(raw.lstrip(b"\0"))) + text


def bech32_of_key_hash(prefix: str, digest: bytes) -> str:
    """Return the version 0 witness address of a key's hash (20 bytes are 32 groups of five bits)."""
    number = int.from_bytes(digest, "big")
    values = [0] + [number >> shift & 31 for shift in range(155, -1, -5)]
    expanded = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    check = 1
    for value in [*expanded, *values, *([0] * 6)]:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for index, generator in enumerate(_BECH32_GENERATORS):
            check ^= generator if top >> index & 1 else 0
    check ^= 1
    values += [check >> shift & 31 for shift in range(25, -1, -5)]
    return f"{prefix}1" + "".join(_BASE32[value] for value in values)


def cashaddr(prefix: str, kind: int, digest: bytes) -> str:
    """Return the cashaddr address of a hash, with its prefix (specification of Bitcoin Cash, "CashAddr")."""
    payload = bytes([kind << 3 | _CASHADDR_BYTES.index(len(digest))]) + digest
    spare = -len(payload) * 8 % 5
    number = int.from_bytes(payload, "big") << spare
    values = [number >> shift & 31 for shift in range(len(payload) * 8 + spare - 5, -1, -5)]
    check = 1
    for value in [*(ord(letter) & 31 for letter in prefix), 0, *values, *([0] * 8)]:
        top = check >> 35
        check = (check & 0x07FFFFFFFF) << 5 ^ value
        for index, generator in enumerate(_CASHADDR_GENERATORS):
            check ^= generator if top >> index & 1 else 0
    check ^= 1
    values += [check >> shift & 31 for shift in range(35, -1, -5)]
    return f"{prefix}:" + "".join(_BASE32[value] for value in values)
