"""Verify the file of a signed statement offline: nothing but the file and the keys that are trusted."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from kryptos.infra.statements.form import ALGORITHM, KINDS, Kind, is_same, parts_of, read_object, type_of
from kryptos.infra.statements.keys import PublicKeys, read_keys
from kryptos.kernel.errors import Kind as ErrorKind
from kryptos.kernel.errors import KryptosError

MOST_BYTES = 1_000_000
_MEMBERS = {"receipt", "keys", "content"}
_BESIDE: dict[Kind, set[str]] = {"consent-receipt": set(), "erasure-proof": {"salt"}}
"""What may stand in a file although it is not signed: the salt is worth something only to whoever was erased."""


class DoesNotHold(KryptosError):
    """A file is not what was signed, or cannot be told to be; the message says why."""

    code = "STATEMENT_DOES_NOT_HOLD"
    kind = ErrorKind.INVALID


class Trust(StrEnum):
    """Who vouches for the key that a statement was checked with."""

    GIVEN = "given"
    """A file of keys that the checker named."""
    INSTALLATION = "installation"
    """This installation: it is its own key."""
    FILE = "file"
    """Nobody but the file itself: its thumbprint must be compared with one that is published."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What a statement says, and whose key it was checked with."""

    kind: Kind
    key_id: str
    trust: Trust
    content: dict[str, Any]


def verify_file(text: bytes, *, given: PublicKeys | None = None, own: PublicKeys | None = None) -> Verified:
    """Check a file and return what it says; raise ``DoesNotHold``.

    With ``given`` keys one of them must have signed. Without, ``own`` counts if it has signed, and otherwise the file's
    own key, whose thumbprint then has to be compared.
    """
    file = _read(text)
    statement = file.get("receipt")
    if not isinstance(statement, str):
        raise _wrong("it holds no signed statement in `receipt`")
    kind, key_id = _header(statement)
    unsigned = set(file) - _MEMBERS - _BESIDE[kind]
    if unsigned:
        raise _wrong(f"it holds what nobody signed: {', '.join(map(repr, sorted(unsigned)))}")
    trust, key = _key(key_id, file.get("keys"), given=given, own=own)
    content = _signed(statement, key)
    if not is_same(content, file.get("content")):
        raise _wrong("its readable content is not what was signed")
    return Verified(kind=kind, key_id=key_id, trust=trust, content=content)


def _read(text: bytes) -> dict[str, Any]:
    if len(text) > MOST_BYTES:
        raise _wrong(f"it is larger than the {MOST_BYTES} bytes that a statement can have")
    try:
        return read_object(text.decode())
    except ValueError as error:
        raise _wrong(f"it cannot be read: {error}") from error


def _header(statement: str) -> tuple[Kind, str]:
    """Return kind and key id; the algorithm is ours and never the file's choice (RFC 8725, section 3.1)."""
    try:
        header = read_object(parts_of(statement)[0])
    except ValueError as error:
        raise _wrong(f"its signed statement cannot be read: {error}") from error
    if set(header) != {"alg", "kid", "typ"}:
        raise _wrong("the header of its signed statement is not one of ours")
    if header["alg"] != ALGORITHM:
        raise _wrong(f"it is signed with {header['alg']!r}, and statements are signed with {ALGORITHM} alone")
    kind = next((each for each in KINDS if type_of(each) == header["typ"]), None)
    if kind is None:
        raise _wrong(f"it is a {header['typ']!r}: neither a consent receipt nor a proof of an erasure")
    return kind, str(header["kid"])


def _key(
    key_id: str, in_file: object, *, given: PublicKeys | None, own: PublicKeys | None
) -> tuple[Trust, dict[str, object]]:
    """Return the key to check with and who vouches for it; the file must hold that key in any case, as published."""
    try:
        enclosed = read_keys(in_file)
    except ValueError as error:
        raise _wrong(f"its keys cannot be read: {error}") from error
    if key_id not in enclosed or not is_same(in_file, {"keys": [enclosed[key_id]]}):
        raise _wrong("the key that it holds is not the one it names, or was changed")
    if given is not None:
        if key_id not in given:
            raise _wrong(f"it was signed by the key {key_id}, which is not among the keys that you named")
        return Trust.GIVEN, dict(given[key_id])
    is_own = own is not None and key_id in own
    return (Trust.INSTALLATION if is_own else Trust.FILE), dict(enclosed[key_id])


def _signed(statement: str, key: dict[str, object]) -> dict[str, Any]:
    try:
        public = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": str(key["x"])})
        verified = jws.deserialize_compact(statement, public, algorithms=[ALGORITHM])
        return read_object(verified.payload)
    except (JoseError, ValueError) as error:
        raise _wrong("its signature does not fit: it was changed after it was signed") from error


def _wrong(reason: str) -> DoesNotHold:
    return DoesNotHold(f"This file does not hold: {reason}.")
