"""The form of a signed statement: its kinds, its header, its parts."""

import base64
import binascii
import json
from typing import Literal

Kind = Literal["consent-receipt", "erasure-proof"]
KINDS: tuple[Kind, ...] = ("consent-receipt", "erasure-proof")
ALGORITHM = "Ed25519"
"""RFC 9864: the fully specified name of what RFC 8037 called EdDSA."""


def type_of(kind: Kind) -> str:
    """Return the ``typ`` of a kind, so that no statement passes for another (RFC 8725, section 3.11)."""
    return f"{kind}+jwt"


def parts_of(statement: str) -> tuple[bytes, bytes, bytes]:
    """Return header, payload and signature of a compact JWS; raise ``ValueError`` for anything else.

    One text for one statement: base64url that decodes to the same bytes and is written otherwise is refused.
    """
    header, payload, signature = (_decoded(part) for part in statement.split("."))
    return header, payload, signature


def header_of(statement: str) -> dict[str, object]:
    """Return the header of a statement."""
    header: dict[str, object] = json.loads(parts_of(statement)[0])
    return header


def key_id_of(statement: str) -> str:
    """Return the id of the key that a statement of ours was signed with."""
    return str(header_of(statement)["kid"])


def decoded_payload(statement: str) -> dict[str, object]:
    """Return what a statement of ours says."""
    payload: dict[str, object] = json.loads(parts_of(statement)[1])
    return payload


def _decoded(part: str) -> bytes:
    try:
        raw = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        message = "not base64url"
        raise ValueError(message) from error
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != part:
        message = "not base64url as it is written"
        raise ValueError(message)
    return raw
