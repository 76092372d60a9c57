"""Sign statements, and publish the keys that ever signed."""

from collections.abc import Mapping

import msgspec
import sqlalchemy as sa
from joserfc import jws
from sqlalchemy.dialects.postgresql import insert

from kryptos.infra.database import Uow
from kryptos.infra.statements._tables import receipt_keys
from kryptos.infra.statements.form import ALGORITHM, Kind, key_id_of, payload_of, type_of
from kryptos.infra.statements.keys import PURPOSE, PublicKeys, signing_key


async def sign_statement(uow: Uow, *, kind: Kind, payload: Mapping[str, object]) -> str:
    """Return the payload as a compact JWS (Ed25519), its key kept among the published ones in this transaction.

    The same payload under the same key gives the same bytes.
    """
    signing = signing_key(uow.derived_key(PURPOSE))
    await uow.execute(
        insert(receipt_keys)
        .values(id=signing.id, public_key=signing.public, first_used_at=uow.now)
        .on_conflict_do_nothing()
    )
    header = {"alg": ALGORITHM, "kid": signing.id, "typ": type_of(kind)}
    return jws.serialize_compact(header, msgspec.json.encode(payload), signing.key, algorithms=[ALGORITHM])


async def find_statement_keys(uow: Uow) -> PublicKeys:
    """Return every public key that has ever signed, oldest first."""
    rows = await uow.all(sa.select(receipt_keys).order_by(receipt_keys.c.first_used_at, receipt_keys.c.id))
    return {row.id: row.public_key for row in rows}


def statement_file(statement: str, keys: PublicKeys) -> dict[str, object]:
    """Return a statement as the file that people keep: the statement, the key that checks it, and what it says."""
    return {
        "receipt": statement,
        "keys": {"keys": [dict(keys[key_id_of(statement)])]},
        "content": payload_of(statement),
    }
