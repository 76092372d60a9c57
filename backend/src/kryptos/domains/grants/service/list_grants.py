"""List grants: of a client, of a person to a client, on a workspace."""

from collections.abc import Collection

import sqlalchemy as sa

from kryptos.domains.grants._queries import READ
from kryptos.domains.grants._tables import grants
from kryptos.domains.grants.contracts import Grant
from kryptos.domains.grants.service.may_share import may_share
from kryptos.domains.grants.service.rows import grant_of
from kryptos.domains.workspaces import Role
from kryptos.infra.database import Uow


async def list_active_grants(uow: Uow, *, client_id: str) -> list[Grant]:
    """Return the client's grants that are neither revoked nor expired, oldest first."""
    rows = await uow.all(
        sa.select(grants).where(grants.c.client_id == client_id, *_active(uow)).order_by(grants.c.id)
    )
    return [grant_of(row) for row in rows]


async def list_active_on(uow: Uow, *, workspace_id: str) -> list[Grant]:
    """Return the grants on a workspace that are neither revoked nor expired, oldest first."""
    rows = await uow.all(
        sa.select(grants).where(grants.c.workspace_id == workspace_id, *_active(uow)).order_by(grants.c.id)
    )
    return [grant_of(row) for row in rows]


async def list_read(uow: Uow, *, workspace_ids: Collection[str]) -> frozenset[str]:
    """Return those of these workspaces that at least one app may read now: an access token of it would open them.

    A suspended client or person, or one that may no longer share, reads nothing.
    """
    roles = [each.value for each in Role if each.can_share]
    rows = await uow.all(READ.bindparams(workspace_ids=list(workspace_ids), roles=roles, now=uow.now))
    return frozenset(row.workspace_id for row in rows)


async def list_shared_workspaces(uow: Uow, *, client_id: str, user_id: str) -> list[str]:
    """Return the workspaces that a person lets this client read; empty when there is no active grant."""
    rows = await uow.all(
        sa.select(grants.c.workspace_id)
        .where(grants.c.client_id == client_id, grants.c.user_id == user_id, *_active(uow))
        .order_by(grants.c.id)
    )
    return [
        row.workspace_id
        for row in rows
        if await may_share(uow, user_id=user_id, workspace_id=row.workspace_id)
    ]


async def count_active_grants(uow: Uow, *, client_id: str) -> int:
    """Return how many grants of the client are neither revoked nor expired."""
    row = await uow.first(
        sa.select(sa.func.count().label("number")).where(grants.c.client_id == client_id, *_active(uow))
    )
    return row.number if row else 0


async def get_grant(uow: Uow, *, grant_id: str, client_id: str) -> Grant:
    """Return a grant of this client, active or not; raise ``GrantNotFound`` for another's, or none."""
    return grant_of(
        await uow.first(sa.select(grants).where(grants.c.id == grant_id, grants.c.client_id == client_id))
    )


def _active(uow: Uow) -> tuple[sa.ColumnElement[bool], ...]:
    return grants.c.revoked_at.is_(None), grants.c.expires_at > uow.now
