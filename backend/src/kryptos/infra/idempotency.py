"""Idempotency-Key: the same call with the same key is answered with what the first one was answered.

The record is written in the transaction of the change, so either both exist or neither. The stored answer is sealed
under a key derived from the caller's own credential: a stolen database opens none.
"""

import hashlib
from collections.abc import Collection
from datetime import timedelta

import msgspec
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.dialects.postgresql import insert

from kryptos.infra.database import Uow, metadata
from kryptos.kernel.errors import Kind, KryptosError

KEPT_FOR = timedelta(hours=24)
_NONCE_BYTES = 12
_PRUNED_AT_ONCE = 10_000
_KEY_BYTES = 32

idempotency_records = sa.Table(
    "idempotency_records",
    metadata,
    sa.Column("scope", sa.Text, primary_key=True),  # whose key it is: a client's id or a session's
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("fingerprint", sa.LargeBinary, nullable=False),
    sa.Column("answer", sa.LargeBinary),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, index=True),
)


class IdempotencyMismatch(KryptosError):
    """The key was used for another call."""

    code = "IDEMPOTENCY_MISMATCH"
    kind = Kind.CONFLICT
    default_message = (
        "This Idempotency-Key was used for a call with other content. Use a new key for a new call."
    )


class Answer(msgspec.Struct, frozen=True):
    """What a call was answered."""

    status: int
    body: bytes


class IdempotentCall(msgspec.Struct, frozen=True):
    """A call that carries an Idempotency-Key: whose, which, made with which credential, saying what."""

    scope: str
    key: str
    credential: str
    content: bytes

    @property
    def fingerprint(self) -> bytes:
        """What must be equal for two calls to be the same call."""
        return hashlib.sha256(self.content).digest()


async def replay_or_claim(uow: Uow, call: IdempotentCall) -> Answer | None:
    """Return the answer of the first such call, or None after claiming the key for this one.

    A simultaneous call with the same key waits here until the first has committed. Raises ``IdempotencyMismatch``.
    """
    mine = sa.and_(idempotency_records.c.scope == call.scope, idempotency_records.c.key == call.key)
    expired = idempotency_records.c.created_at <= uow.now - KEPT_FOR
    await uow.execute(sa.delete(idempotency_records).where(mine, expired))
    claimed = await uow.first(
        insert(idempotency_records)
        .values(scope=call.scope, key=call.key, fingerprint=call.fingerprint, created_at=uow.now)
        .on_conflict_do_nothing()
        .returning(idempotency_records.c.key)
    )
    if claimed is not None:
        return None
    # Locked, so that of two calls that try again after a failure the second sees what the first was answered.
    row = await uow.first(sa.select(idempotency_records).where(mine).with_for_update())
    if row is not None and row.answer is None:
        # The first call failed and kept only its writes: this one is a new try, and may say something else.
        await uow.execute(sa.update(idempotency_records).where(mine).values(fingerprint=call.fingerprint))
        return None
    if row is None or row.fingerprint != call.fingerprint:
        raise IdempotencyMismatch
    return _unseal(call, row.answer)


async def store_answer(uow: Uow, call: IdempotentCall, answer: Answer) -> None:
    """Keep the answer of a call that was claimed in this transaction."""
    nonce = uow.random_bytes(_NONCE_BYTES)
    sealed = nonce + AESGCM(_key_of(call)).encrypt(nonce, msgspec.msgpack.encode(answer), call.fingerprint)
    await uow.execute(
        sa.update(idempotency_records)
        .where(idempotency_records.c.scope == call.scope, idempotency_records.c.key == call.key)
        .values(answer=sealed)
    )


async def forget(uow: Uow, *, scopes: Collection[str]) -> int:
    """Delete every record of some callers; return how many."""
    mine = idempotency_records.c.scope.in_(list(scopes))
    return (await uow.execute(sa.delete(idempotency_records).where(mine))).rowcount


async def prune(uow: Uow) -> int:
    """Delete up to ten thousand records whose day is over; return how many."""
    key = sa.tuple_(idempotency_records.c.scope, idempotency_records.c.key)
    expired = (
        sa.select(idempotency_records.c.scope, idempotency_records.c.key)
        .where(idempotency_records.c.created_at <= uow.now - KEPT_FOR)
        .limit(_PRUNED_AT_ONCE)
    )
    return (await uow.execute(sa.delete(idempotency_records).where(key.in_(expired)))).rowcount


def _unseal(call: IdempotentCall, sealed: bytes) -> Answer:
    try:
        plain = AESGCM(_key_of(call)).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], call.fingerprint)
    except InvalidTag as error:
        message = "This Idempotency-Key was used with another secret of this client. Use a new key."
        raise IdempotencyMismatch(message) from error
    return msgspec.msgpack.decode(plain, type=Answer)


def _key_of(call: IdempotentCall) -> bytes:
    derivation = HKDF(
        algorithm=SHA256(), length=_KEY_BYTES, salt=call.scope.encode(), info=b"kryptos idempotency 1"
    )
    return derivation.derive(call.credential.encode())
