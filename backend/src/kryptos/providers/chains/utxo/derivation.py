"""Public derivation of BIP-32: from an extended public key to the keys below it; private keys never come near.

The product of the generator with the tweak is computed by ``cryptography`` (OpenSSL). Only the sum of two points is
ours. Nothing here is secret, so nothing needs constant time.
"""

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec

from kryptos.catalog.curve import ORDER, Point, sum_of

_CURVE = ec.SECP256K1()
HARDENED = 2**31
"""Numbers from here on can only be derived with the private key."""


class NoSuchKey(ValueError):
    """The one number in 2**127 that makes no key: BIP-32 says to go on with the next."""


@dataclass(frozen=True, slots=True)
class ExtendedKey:
    """A public key and its chain code."""

    key: bytes
    """Compressed: 33 bytes."""
    chain_code: bytes

    def child(self, number: int) -> "ExtendedKey":
        """Return the key of a number below 2**31 (CKDpub)."""
        if not 0 <= number < HARDENED:
            raise ValueError("a hardened key cannot be derived from a public one")
        digest = hmac.digest(self.chain_code, self.key + number.to_bytes(4, "big"), hashlib.sha512)
        tweak = int.from_bytes(digest[:32], "big")
        if not 0 < tweak < ORDER:
            raise NoSuchKey("take the next number")
        made = ec.derive_private_key(tweak, _CURVE).public_key().public_numbers()
        point = sum_of((made.x, made.y), _point(self.key))
        if point is None:
            raise NoSuchKey("take the next number")
        return ExtendedKey(_compressed(*point), digest[32:])


def extended_key_of(payload: bytes) -> ExtendedKey:
    """Return the key in the 78 bytes of a serialised extended public key; they were checked by the catalogue."""
    return ExtendedKey(key=payload[45:], chain_code=payload[13:45])


def _point(key: bytes) -> Point:
    numbers = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, key).public_numbers()
    return numbers.x, numbers.y


def _compressed(x: int, y: int) -> bytes:
    return bytes([2 + y % 2]) + x.to_bytes(32, "big")
