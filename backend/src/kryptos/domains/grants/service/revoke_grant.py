"""Revoke a grant. Whoever may end access goes through ``connect.end_access``, which also stops the reading."""

import sqlalchemy as sa

from kryptos.domains.audit import Actor
from kryptos.domains.grants._tables import grants
from kryptos.domains.grants.events import GrantRevoked
from kryptos.domains.grants.service.receipts import issue_receipt
from kryptos.domains.grants.service.rows import facts_of, grant_of, record
from kryptos.infra.database import Uow


async def revoke_grant(uow: Uow, *, grant_id: str, actor: Actor) -> bool:
    """End a grant and write its receipt; every access token of it fails from the next call on.

    Returns whether it was this call that ended it: revoking twice is no error.
    """
    row = await uow.first(
        sa.update(grants)
        .where(grants.c.id == grant_id, grants.c.revoked_at.is_(None))
        .values(revoked_at=uow.now, revoked_by=actor.kind.value)
        .returning(grants)
    )
    if row is None:
        return False
    grant = grant_of(row)
    uow.emit(GrantRevoked(**facts_of(grant)))
    await record(uow, "grant.revoked", grant, actor)
    await issue_receipt(uow, event="revoked", grant=grant, actor=actor)
    return True
