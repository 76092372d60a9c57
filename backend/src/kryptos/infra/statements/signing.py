"""Sign statements with a key that is derived from the installation's pepper, and publish the keys that ever signed."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.jwk import OKPKey
from sqlalchemy.dialects.postgresql import insert

from kryptos.infra.database import Uow
from kryptos.infra.statements._tables import receipt_keys
from kryptos.infra.statements.form import ALGORITHM, Kind, decoded_payload, key_id_of, type_of

PURPOSE = "consent receipts"
"""What the key is derived for; a change of this word is a change of every key."""


@dataclass(frozen=True, slots=True)
class StatementKeys:
    """The public keys that ever signed here, by id."""

    by_id: Mapping[str, Mapping[str, str]]

    @property
    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """All of them as a JWK set (RFC 7517, section 5), oldest first."""
        return {"keys": [dict(each) for each in self.by_id.values()]}


async def sign_statement(uow: Uow, *, kind: Kind, payload: Mapping[str, object]) -> str:
    """Return the payload as a compact JWS (Ed25519), its key kept among the published ones in this transaction.

    The same payload under the same key gives the same bytes.
    """
    key = OKPKey.import_key(Ed25519PrivateKey.from_private_bytes(uow.derived_key(PURPOSE)))
    public = _public(key)
    await uow.execute(
        insert(receipt_keys)
        .values(id=public["kid"], public_key=public, first_used_at=uow.now)
        .on_conflict_do_nothing()
    )
    header = {"alg": ALGORITHM, "kid": public["kid"], "typ": type_of(kind)}
    return jws.serialize_compact(header, msgspec.json.encode(payload), key, algorithms=[ALGORITHM])


async def find_statement_keys(uow: Uow) -> StatementKeys:
    """Return every public key that has ever signed."""
    rows = await uow.all(sa.select(receipt_keys).order_by(receipt_keys.c.first_used_at, receipt_keys.c.id))
    return StatementKeys({row.id: row.public_key for row in rows})


def statement_file(statement: str, keys: StatementKeys) -> dict[str, object]:
    """Return a statement as the file that people keep: the statement, the key that checks it, and what it says."""
    return {
        "receipt": statement,
        "keys": {"keys": [dict(keys.by_id[key_id_of(statement)])]},
        "content": decoded_payload(statement),
    }


def _public(key: OKPKey) -> dict[str, str]:
    """Return the public key with its thumbprint (RFC 7638) as its id."""
    return {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": str(key.as_dict(private=False)["x"]),
        "kid": key.thumbprint(),
        "alg": ALGORITHM,
        "use": "sig",
    }
