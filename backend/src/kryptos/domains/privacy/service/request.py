"""Ask for an erasure, and see how far it has come."""

import hashlib
import hmac

import sqlalchemy as sa
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kryptos.domains import audit, connect, grants, identity
from kryptos.domains.audit import Actor
from kryptos.domains.privacy._tables import erasures
from kryptos.domains.privacy.contracts import Erasure, ErasureState, Reason, RequestedErasure
from kryptos.domains.privacy.errors import ErasureNotFound, ErasureUnderWay
from kryptos.domains.privacy.events import ErasureRequested
from kryptos.infra.database import Uow
from kryptos.infra.statements import find_statement_keys, statement_file

_SALT_BYTES = 16


async def request_erasure(uow: Uow, *, user_id: str, reason: Reason, actor: Actor) -> RequestedErasure:
    """End everything of a person at once, and have the worker erase all of it; return what opens its proof.

    With this transaction every grant of theirs is revoked, every session ended, and they are as good as suspended
    everywhere. Their selves are one: the id of a guest that somebody has claimed means that person. Raises
    ``UserNotFound`` or ``ErasureUnderWay``.
    """
    await identity.list_selves(
        uow, user_id=user_id, for_update=True
    )  # waits for a guest who is being claimed
    selves = await identity.list_selves(uow, user_id=user_id, for_update=True)
    if selves[0].is_erasing:
        raise ErasureUnderWay
    user_ids = [each.id for each in selves]
    await identity.begin_erasure(uow, user_ids=user_ids)
    unrevoked = await grants.list_unrevoked(uow, user_ids=user_ids)
    await connect.end_accesses(uow, grants_ended=unrevoked, actor=actor)
    erasure_id, key = uow.new_id("erasure"), uow.new_token("ekey")
    await uow.execute(
        sa.insert(erasures).values(
            id=erasure_id,
            key_hash=uow.hash(key),
            reason=Reason(reason).value,
            user_ids=user_ids,
            address_digest=_digest(key, selves[0].email),
            requested_at=uow.now,
            counts={},
        )
    )
    uow.emit(ErasureRequested(erasure_id=erasure_id))
    await audit.record(
        uow, action="person.erasure_requested", actor=actor, subject=user_ids[0], user_id=user_ids[0]
    )
    return RequestedErasure(id=erasure_id, key=key)


async def get_erasure(uow: Uow, *, erasure_id: str, key: str) -> Erasure:
    """Return how far an erasure has come, to whoever has its key; raise ``ErasureNotFound``."""
    row = await uow.first(sa.select(erasures).where(erasures.c.id == erasure_id))
    is_mine = (
        row is not None
        and row.key_hash is not None
        and any(hmac.compare_digest(row.key_hash, each) for each in uow.hashes(key))
    )
    if row is None or not is_mine:
        raise ErasureNotFound
    begun = ErasureState.ERASING if row.counts else ErasureState.WAITING
    proof = None
    if row.proof is not None:
        proof = {**statement_file(row.proof, await find_statement_keys(uow)), "salt": _salt(key).hex()}
    return Erasure(
        id=row.id,
        state=begun if row.finished_at is None else ErasureState.DONE,
        requested_at=row.requested_at,
        finished_at=row.finished_at,
        counts=row.counts,
        proof=proof,
    )


def _digest(key: str, email: str | None) -> bytes | None:
    """Return what tells, to whoever has the key, that it was this address; to the database it tells nothing."""
    return None if email is None else hashlib.sha256(_salt(key) + email.encode()).digest()


def _salt(key: str) -> bytes:
    derivation = HKDF(algorithm=hashes.SHA256(), length=_SALT_BYTES, salt=None, info=b"kryptos erasure proof")
    return derivation.derive(key.encode())
