"""A grant from its row, and what the event log and the audit log are told of it."""

from typing import Any

import sqlalchemy as sa

from kryptos.domains import audit
from kryptos.domains.audit import Actor
from kryptos.domains.grants.contracts import Grant
from kryptos.domains.grants.errors import GrantNotFound
from kryptos.infra.database import Uow


def grant_of(row: sa.Row[Any] | None) -> Grant:
    """Return the grant of a row; raise ``GrantNotFound`` where there is none."""
    if row is None:
        raise GrantNotFound
    return Grant(
        id=row.id,
        client_id=row.client_id,
        user_id=row.user_id,
        workspace_id=row.workspace_id,
        scopes=tuple(row.scopes),
        created_at=row.created_at,
        consented_at=row.consented_at,
        expires_at=row.expires_at,
    )


def facts_of(grant: Grant) -> dict[str, str]:
    """Return what the events tell of a grant."""
    return {
        "grant_id": grant.id,
        "client_id": grant.client_id,
        "user_id": grant.user_id,
        "workspace_id": grant.workspace_id,
    }


async def record(uow: Uow, action: str, grant: Grant, actor: Actor, **details: object) -> None:
    """Append to the audit log what was done to a grant."""
    await audit.record(
        uow,
        action=action,
        actor=actor,
        subject=grant.id,
        workspace_id=grant.workspace_id,
        client_id=grant.client_id,
        user_id=grant.user_id,
        details=details,
    )
