"""What people have given: every grant of theirs, active and ended, as the consent centre shows it."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from kryptos.domains.grants import policy
from kryptos.domains.grants._tables import access_records, access_tokens, grants
from kryptos.domains.grants.contracts import Grant, GrantOverview, GrantStatus
from kryptos.domains.grants.service.rows import grant_of
from kryptos.infra.database import Uow


async def list_grants_of(
    uow: Uow, *, user_ids: Sequence[str], before: str | None = None, limit: int = policy.GRANTS_SHOWN
) -> list[GrantOverview]:
    """Return the grants that these people gave, newest first; with ``before`` those older than that grant."""
    wanted = sa.select(grants, _last_access(), _recent_accesses(uow)).where(
        grants.c.user_id.in_(list(user_ids))
    )
    if before is not None:
        wanted = wanted.where(grants.c.id < before)
    rows = await uow.all(wanted.order_by(grants.c.id.desc()).limit(limit))
    return [_overview(uow, row) for row in rows]


async def get_grant_of(uow: Uow, *, grant_id: str, user_ids: Sequence[str]) -> Grant:
    """Return a grant that one of these people gave; raise ``GrantNotFound`` for anybody else's, or none."""
    return grant_of(
        await uow.first(
            sa.select(grants).where(grants.c.id == grant_id, grants.c.user_id.in_(list(user_ids)))
        )
    )


def _last_access() -> sa.ColumnElement[Any]:
    used = sa.select(sa.func.max(access_tokens.c.last_used_at)).where(access_tokens.c.grant_id == grants.c.id)
    return used.correlate(grants).scalar_subquery().label("last_access_at")


def _recent_accesses(uow: Uow) -> sa.ColumnElement[Any]:
    """Count the accesses of late by the order of their ids, which is that of their instants: a stretch of the key."""
    since = policy.first_access_id(uow.now - policy.ACCESSES_LOOKED_BACK)
    recent = (
        sa.select(access_records.c.id)
        .where(access_records.c.grant_id == grants.c.id, access_records.c.id >= since)
        .correlate(grants)
        .limit(policy.ACCESSES_COUNTED)
        .subquery()
    )
    return sa.select(sa.func.count()).select_from(recent).scalar_subquery().label("recent_accesses")


def _overview(uow: Uow, row: sa.Row[Any]) -> GrantOverview:
    grant = grant_of(row)
    status = GrantStatus.ACTIVE
    if row.revoked_at is not None:
        status = GrantStatus.REVOKED
    elif row.expires_at <= uow.now:
        status = GrantStatus.EXPIRED
    return GrantOverview(
        grant=grant,
        status=status,
        renewed_at=grant.consented_at if grant.consented_at > grant.created_at else None,
        ended_at=row.revoked_at or (grant.expires_at if status is GrantStatus.EXPIRED else None),
        ended_by=row.revoked_by,
        last_access_at=row.last_access_at,
        accesses_last_30_days=row.recent_accesses,
    )
