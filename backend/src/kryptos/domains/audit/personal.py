"""What the audit log tells a person about themselves: what they did, and what was done with what is theirs."""

from typing import Any

import msgspec
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kryptos.domains.audit._tables import audit_keys, audit_records
from kryptos.domains.audit.service import NONCE_BYTES
from kryptos.infra.database import Uow

_TOLD = (
    "id", "at", "actor_kind", "actor_id", "action", "subject", "outcome", "client_id", "user_id", "request_id",
    "details",
)  # fmt: skip


async def export_records(uow: Uow, *, user_id: str, after: str, limit: int) -> list[dict[str, Any]]:
    """Return the records about a person, by id, behind the id ``after``; ``personal`` is opened: their own address."""
    held = await uow.first(sa.select(audit_keys.c.key).where(audit_keys.c.user_id == user_id))
    told = (audit_records.c[name] for name in _TOLD)
    rows = await uow.dicts(
        sa.select(*told, audit_records.c.chain.label("workspace_id"), audit_records.c.personal)
        .where(audit_records.c.user_id == user_id, audit_records.c.id > after)
        .order_by(audit_records.c.id)
        .limit(limit)
    )
    key = held.key if held else None
    return [{**row, "personal": _opened(key, row["id"], row["personal"])} for row in rows]


def _opened(key: bytes | None, record_id: str, sealed: bytes | None) -> object:
    if key is None or sealed is None:
        return None
    try:
        text = AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], record_id.encode())
    except InvalidTag:  # of a key that was destroyed before
        return None
    return msgspec.json.decode(text)
