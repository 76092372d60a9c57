"""Record, seal and verify the audit log."""

import hashlib
from collections.abc import Mapping

import msgspec
import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.dialects.postgresql import insert

from kryptos.domains.audit._tables import INSTALLATION_CHAIN, audit_keys, audit_records
from kryptos.domains.audit.contracts import Actor, ChainReport
from kryptos.infra.database import Uow

NONCE_BYTES = 12
_KEY_BYTES = 32
_BATCH = 1000
_HASHED = (
    "id", "chain", "at", "actor_kind", "actor_id", "action", "subject", "outcome", "client_id", "user_id",
    "request_id", "details", "personal",
)  # fmt: skip


async def record(
    uow: Uow,
    *,
    action: str,
    actor: Actor,
    subject: str | None = None,
    outcome: str = "success",
    workspace_id: str | None = None,
    client_id: str | None = None,
    user_id: str | None = None,
    details: Mapping[str, object] | None = None,
) -> None:
    """Append one record in the caller's transaction. ``details`` never holds a token, a code or a personal field."""
    record_id = uow.new_id("aud")
    personal = await _sealed_origin(uow, record_id, user_id) if user_id and uow.origin.address else None
    await uow.execute(
        sa.insert(audit_records).values(
            id=record_id,
            chain=workspace_id or INSTALLATION_CHAIN,
            at=uow.now,
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            action=action,
            subject=subject,
            outcome=outcome,
            client_id=client_id,
            user_id=user_id,
            request_id=uow.origin.request_id,
            details=dict(details or {}),
            personal=personal,
        )
    )


async def seal(uow: Uow) -> int:
    """Give every unsealed record its place in its chain and its hash; return how many were sealed.

    Runs in the worker; it locks only records, which no request touches again.
    """
    unsealed = await uow.all(
        sa.select(audit_records)
        .where(audit_records.c.sequence.is_(None))
        .order_by(audit_records.c.chain, audit_records.c.id)
        .limit(_BATCH)
        .with_for_update()  # a second sealer waits here, then finds these rows sealed and leaves them
    )
    heads: dict[str, tuple[int, bytes]] = {}
    for row in unsealed:
        if row.chain not in heads:
            heads[row.chain] = await _head(uow, row.chain)
        sequence, previous = heads[row.chain]
        digest = _digest(previous, sequence + 1, row)
        await uow.execute(
            sa.update(audit_records)
            .where(audit_records.c.id == row.id)
            .values(sequence=sequence + 1, hash=digest)
        )
        heads[row.chain] = (sequence + 1, digest)
    return len(unsealed)


async def verify(uow: Uow, *, chain: str | None = None) -> list[ChainReport]:
    """Recompute every chain (or one) and say where the first record stands whose hash does not follow, if any."""
    chains = (
        [chain]
        if chain
        else [row.chain for row in await uow.all(sa.select(audit_records.c.chain).distinct())]
    )
    return [await _verify_chain(uow, each) for each in chains]


async def destroy_personal_key(uow: Uow, *, user_id: str) -> None:
    """Make the personal fields of a user's records unreadable for ever; the chain stays verifiable."""
    await uow.execute(sa.delete(audit_keys).where(audit_keys.c.user_id == user_id))


async def _verify_chain(uow: Uow, chain: str) -> ChainReport:
    sequence, previous = 0, b""
    while True:
        rows = await uow.all(
            sa.select(audit_records)
            .where(audit_records.c.chain == chain, audit_records.c.sequence > sequence)
            .order_by(audit_records.c.sequence)
            .limit(_BATCH)
        )
        if not rows:
            return ChainReport(chain=chain, sealed=sequence, broken_at=None)
        for row in rows:
            if row.sequence != sequence + 1 or row.hash != _digest(previous, row.sequence, row):
                return ChainReport(chain=chain, sealed=sequence, broken_at=row.id)
            sequence, previous = row.sequence, row.hash


async def _head(uow: Uow, chain: str) -> tuple[int, bytes]:
    row = await uow.first(
        sa.select(audit_records.c.sequence, audit_records.c.hash)
        .where(audit_records.c.chain == chain, audit_records.c.sequence.is_not(None))
        .order_by(audit_records.c.sequence.desc())
        .limit(1)
    )
    return (row.sequence, row.hash) if row else (0, b"")


def _digest(previous: bytes, sequence: int, row: sa.Row[tuple[object, ...]]) -> bytes:
    fields = [getattr(row, name) for name in _HASHED]
    canonical = msgspec.json.encode([sequence, *fields], order="deterministic")
    return hashlib.sha256(previous + canonical).digest()


async def _sealed_origin(uow: Uow, record_id: str, user_id: str) -> bytes:
    fresh = (
        insert(audit_keys).values(user_id=user_id, key=uow.random_bytes(_KEY_BYTES)).on_conflict_do_nothing()
    )
    await uow.execute(fresh)
    row = await uow.first(sa.select(audit_keys.c.key).where(audit_keys.c.user_id == user_id))
    key = row.key if row else b""
    nonce = uow.random_bytes(NONCE_BYTES)
    text = msgspec.json.encode({"address": uow.origin.address})
    return nonce + AESGCM(key).encrypt(nonce, text, record_id.encode())
