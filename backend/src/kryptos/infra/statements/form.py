"""The form of a signed statement: its kinds, its parts, and JSON that says each thing once."""

import base64
import json
from typing import Any, Literal

Kind = Literal["consent-receipt", "erasure-proof"]
KINDS: tuple[Kind, ...] = ("consent-receipt", "erasure-proof")
ALGORITHM = "Ed25519"
"""RFC 9864: the fully specified name of what RFC 8037 called EdDSA."""

_PARTS = 3


def type_of(kind: Kind) -> str:
    """Return the ``typ`` of a kind, so that no statement passes for another (RFC 8725, section 3.11)."""
    return f"{kind}+jwt"


def parts_of(statement: str) -> tuple[bytes, bytes, bytes]:
    """Return header, payload and signature of a compact JWS; raise ``ValueError`` for anything else.

    There is one text for one statement: base64url that decodes to the same bytes but is written otherwise is refused.
    """
    parts = [_decoded(part) for part in statement.split(".")]
    if len(parts) != _PARTS:
        message = "not three parts"
        raise ValueError(message)
    return parts[0], parts[1], parts[2]


def key_id_of(statement: str) -> str:
    """Return the id of the key that a statement of ours was signed with."""
    return str(read_object(parts_of(statement)[0])["kid"])


def payload_of(statement: str) -> dict[str, Any]:
    """Return what a statement of ours says."""
    return read_object(parts_of(statement)[1])


def read_object(text: str | bytes) -> dict[str, Any]:
    """Return a JSON object; raise ``ValueError`` for anything else, and where a name stands twice."""
    try:
        found = json.loads(text, object_pairs_hook=_each_once, parse_constant=_refuse)
    except RecursionError as error:
        message = "nested too deeply"
        raise ValueError(message) from error
    if not isinstance(found, dict):
        message = "not a JSON object"
        raise ValueError(message)  # noqa: TRY004  # one kind of error for what cannot be read
    return found


def is_same(one: object, other: object) -> bool:
    """Whether two JSON values are the same, to the way their numbers are written."""
    return _canonical(one) == _canonical(other)


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        message = "a name stands twice in one object"
        raise ValueError(message)
    return found


def _refuse(constant: str) -> None:
    message = f"{constant} is not JSON"
    raise ValueError(message)


def _decoded(part: str) -> bytes:
    raw = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != part:
        message = "not base64url as it is written"
        raise ValueError(message)
    return raw
