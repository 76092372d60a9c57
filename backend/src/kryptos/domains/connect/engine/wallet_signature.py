"""Wallets' signatures under a text: whether the key of an address made one. Contract accounts cannot be checked so.

EVM: ERC-191 (``personal_sign``) and ECDSA with the key recovered from the signature (SEC 1, section 4.1.6). Our own
arithmetic only finds the key that is meant; whether it made the signature is OpenSSL's verdict. Solana: Ed25519.
"""

import base64
import binascii
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils

from kryptos.catalog.curve import GENERATOR, ORDER, Point, point_at, sum_of, times
from kryptos.catalog.encodings import decode_base58
from kryptos.catalog.keccak import keccak256
from kryptos.domains.connect.engine.sign_in_message import WalletFamily

_EVM_SIGNATURE = re.compile(r"0x(?:[0-9a-fA-F]{2}){64,65}")
_PARITIES = {0: False, 1: True, 27: False, 28: True}
"""The last byte: whether the y of the signature's point is odd, as wallets write it (27 and 28 are Bitcoin's)."""
_ED25519_BYTES = 64


def is_signed(text: str, signature: str, *, family: WalletFamily, address: str) -> bool:
    """Say whether the key of this address signed this text.

    ``signature`` is hexadecimal with ``0x`` (EVM: 65 bytes, or 64 in the form of ERC-2098) or base64 (Solana). Another
    spelling of a signature that counts, such as one with a high s (EIP-2), does not count.
    """
    if family == "solana":
        return _is_signed_with_ed25519(text.encode(), signature, address)
    digest = keccak256(b"\x19Ethereum Signed Message:\n%d" % len(text.encode()) + text.encode())
    parts = _parts(signature)
    key = _named_key(digest, *parts) if parts else None
    return (
        parts is not None
        and key is not None
        and _address_of(key) == address.lower()
        and _verifies(key, digest, r=parts[0], s=parts[1])
    )


def _parts(signature: str) -> tuple[int, int, bool] | None:
    """Return r, s and whether the point is odd; None for what is no signature."""
    if not _EVM_SIGNATURE.fullmatch(signature):
        return None
    raw = bytes.fromhex(signature[2:])
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:64], "big")
    is_odd: bool | None
    if len(raw) == 65:
        is_odd = _PARITIES.get(raw[64])
    else:  # ERC-2098: the highest bit of s, which a low s does not need
        is_odd, s = bool(s >> 255), s & (2**255 - 1)
    if is_odd is None or not 0 < r < ORDER or not 0 < s <= ORDER // 2:
        return None
    return r, s, is_odd


def _named_key(digest: bytes, r: int, s: int, is_odd: bool) -> Point | None:  # noqa: FBT001  # as the signature has them
    """Return the public key that a signature names. That x was above the order is too rare to be looked for."""
    point = point_at(r, is_odd=is_odd)
    if point is None:
        return None
    inverse = pow(r, -1, ORDER)
    hashed = int.from_bytes(digest, "big")
    return sum_of(times(s * inverse % ORDER, point), times(-hashed * inverse % ORDER, GENERATOR))


def _address_of(key: Point) -> str:
    return "0x" + keccak256(b"".join(each.to_bytes(32, "big") for each in key))[-20:].hex()


def _verifies(key: Point, digest: bytes, *, r: int, s: int) -> bool:
    try:
        ec.EllipticCurvePublicNumbers(*key, ec.SECP256K1()).public_key().verify(
            utils.encode_dss_signature(r, s), digest, ec.ECDSA(utils.Prehashed(hashes.SHA256()))
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def _is_signed_with_ed25519(text: bytes, signature: str, address: str) -> bool:
    key = decode_base58(address)
    try:
        raw = base64.b64decode(signature, validate=True)
        if key is None or base64.b64encode(raw).decode() != signature or len(raw) != _ED25519_BYTES:
            return False
        ed25519.Ed25519PublicKey.from_public_bytes(key).verify(raw, text)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True
