"""Wallets of tests: keys that sign what they are given, as the wallets of people do."""

import base64
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils

from kryptos.catalog import checksum_address
from kryptos.catalog.curve import ORDER
from kryptos.catalog.keccak import keccak256
from kryptos.providers.sandbox.solana.keys import base58

ORIGIN = "https://app.example.com"
"""Where the test client's pages are."""


@dataclass(frozen=True)
class EvmWallet:
    """One key of an EVM account."""

    secret: int = 7

    @property
    def key(self) -> ec.EllipticCurvePrivateKey:
        return ec.derive_private_key(self.secret, ec.SECP256K1())

    @property
    def address(self) -> str:
        numbers = self.key.public_key().public_numbers()
        public = numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
        return checksum_address("0x" + keccak256(public)[-20:].hex())

    def parts(self, text: str) -> tuple[int, int, int]:
        """Return r, a low s, and 0 or 1: the secret number of a signature is made again from r and s."""
        raw = text.encode()
        digest = keccak256(b"\x19Ethereum Signed Message:\n%d" % len(raw) + raw)
        r, s = utils.decode_dss_signature(self.key.sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256()))))
        number = (int.from_bytes(digest, "big") + r * self.secret) * pow(s, -1, ORDER) % ORDER
        point = ec.derive_private_key(number, ec.SECP256K1()).public_key().public_numbers()
        is_high = s > ORDER // 2
        return r, ORDER - s if is_high else s, (point.y & 1) ^ is_high

    def sign(self, text: str) -> str:
        """Return what ``personal_sign`` gives."""
        r, s, parity = self.parts(text)
        return f"0x{r:064x}{s:064x}{27 + parity:02x}"


@dataclass(frozen=True)
class SolanaWallet:
    """One key of a Solana account."""

    seed: int = 7

    @property
    def key(self) -> ed25519.Ed25519PrivateKey:
        return ed25519.Ed25519PrivateKey.from_private_bytes(self.seed.to_bytes(32, "big"))

    @property
    def address(self) -> str:
        return base58(self.key.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """Return a signature in base64, as the widget's host passes it on."""
        return base64.b64encode(self.key.sign(text.encode())).decode()
