"""Find what an access token is to a client, and replace one by another."""

import sqlalchemy as sa

from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.clients import get_client
from kryptos.domains.grants._tables import access_tokens, grants
from kryptos.domains.grants.contracts import AccessStatus, FoundAccess, Grant, IssuedAccess
from kryptos.domains.grants.errors import InvalidGrant, InvalidToken
from kryptos.domains.grants.service.issue_access_token import issue_access_token
from kryptos.domains.grants.service.may_share import may_share
from kryptos.domains.grants.service.rows import grant_of, record
from kryptos.infra.database import Uow


async def find_access(uow: Uow, *, access_token: str, client_id: str) -> FoundAccess:
    """Say what a presented token is to this client; another client's token is as invalid as one never made."""
    row = await uow.first(
        sa.select(
            grants,
            access_tokens.c.created_at.label("token_created_at"),
            access_tokens.c.expires_at.label("token_expires_at"),
            access_tokens.c.replaced_at.label("replaced_at"),
        )
        .join(access_tokens, access_tokens.c.grant_id == grants.c.id)
        .where(access_tokens.c.token_hash.in_(uow.hashes(access_token)), grants.c.client_id == client_id)
    )
    if row is None or row.replaced_at is not None:
        return FoundAccess(AccessStatus.INVALID)
    if (await get_client(uow, client_id=client_id)).has_cut(row.token_created_at):
        return FoundAccess(AccessStatus.INVALID)
    if row.revoked_at is not None or not await may_share(
        uow, user_id=row.user_id, workspace_id=row.workspace_id
    ):
        return FoundAccess(AccessStatus.REVOKED)
    if min(row.token_expires_at, row.expires_at) <= uow.now:
        return FoundAccess(AccessStatus.EXPIRED)
    return FoundAccess(AccessStatus.VALID, grant_of(row))


async def get_active_access(uow: Uow, *, access_token: str, client_id: str) -> Grant:
    """Return the grant of a valid token of this client; raise ``InvalidToken`` or ``InvalidGrant``."""
    found = await find_access(uow, access_token=access_token, client_id=client_id)
    if found.status is AccessStatus.REVOKED:
        raise InvalidGrant
    if found.grant is None:
        raise InvalidToken
    return found.grant


async def rotate_access_token(uow: Uow, *, access_token: str, client_id: str) -> IssuedAccess:
    """Replace a valid token by a new one of the same grant; the old one is dead at once."""
    grant = await get_active_access(uow, access_token=access_token, client_id=client_id)
    replaced = await uow.execute(
        sa.update(access_tokens)
        .where(
            access_tokens.c.token_hash.in_(uow.hashes(access_token)), access_tokens.c.replaced_at.is_(None)
        )
        .values(replaced_at=uow.now)
    )
    if not replaced.rowcount:  # a simultaneous rotation was first
        raise InvalidToken
    await record(uow, "access_token.rotated", grant, Actor(ActorKind.CLIENT, client_id))
    return await issue_access_token(uow, grant)
