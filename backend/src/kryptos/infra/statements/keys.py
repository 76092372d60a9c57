"""Keys of statements: derived from the pepper, published by their thumbprint (RFC 7638)."""

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from kryptos.infra.statements.form import ALGORITHM

PURPOSE = "consent receipts"
"""What the key is derived for; another word here would be another key everywhere."""

PublicKeys = Mapping[str, Mapping[str, object]]
"""Public keys by thumbprint, each as ``public_form`` gives it."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with its public form."""

    key: OKPKey
    public: dict[str, str]

    @property
    def id(self) -> str:
        """The thumbprint."""
        return self.public["kid"]


def signing_key(derived: bytes) -> SigningKey:
    """Return the key of 32 derived bytes."""
    key = OKPKey.import_key(Ed25519PrivateKey.from_private_bytes(derived))
    return SigningKey(key, public_form(key))


def public_form(key: OKPKey) -> dict[str, str]:
    """Return a public key as it is published, and as it stands in every file."""
    return {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": str(key.as_dict(private=False)["x"]),
        "kid": key.thumbprint(),
        "alg": ALGORITHM,
        "use": "sig",
    }


def read_keys(key_set: object) -> dict[str, dict[str, str]]:
    """Return the keys of a JWK set (RFC 7517) that can have signed a statement, by thumbprint; others are passed over.

    What a key says of itself (``kid``, ``alg``) is not believed. Raises ``ValueError`` for what is no JWK set.
    """
    listed = key_set.get("keys") if isinstance(key_set, Mapping) else None
    if not isinstance(listed, list):
        message = "not a JWK set: it has no list `keys`"
        raise ValueError(message)  # noqa: TRY004  # one kind of error for what cannot be read
    found: dict[str, dict[str, str]] = {}
    for each in listed:
        if isinstance(each, Mapping) and (each.get("kty"), each.get("crv")) == ("OKP", "Ed25519"):
            key = _imported(each.get("x"))
            if key is not None:
                found[key.thumbprint()] = public_form(key)
    return found


def _imported(x: object) -> OKPKey | None:
    try:
        key = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": str(x)})
        is_as_written = key.as_dict(private=False)["x"] == x
    except (JoseError, ValueError, TypeError):
        return None
    return key if is_as_written else None
