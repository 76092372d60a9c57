"""What grants keep of a person: told to them, ended, erased."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kryptos.domains.grants._tables import access_records, access_tokens, consent_receipts, grants
from kryptos.domains.grants.contracts import Grant
from kryptos.domains.grants.service.rows import grant_of
from kryptos.infra.database import Uow

_TOLD_GRANT = (
    "id", "client_id", "user_id", "workspace_id", "scopes", "created_at", "consented_at", "expires_at", "revoked_at",
    "revoked_by",
)  # fmt: skip
_TOLD_TOKEN = ("id", "grant_id", "created_at", "expires_at", "replaced_at", "last_used_at")
_TOLD_RECEIPT = ("id", "grant_id", "event", "issued_at", "document")
_TOLD_ACCESS = ("id", "grant_id", "at", "endpoint", "rows", "request_id")


async def list_unrevoked(
    uow: Uow, *, user_ids: Collection[str] = (), workspace_id: str | None = None
) -> tuple[Grant, ...]:
    """Return the grants of some people, or in a workspace, that nobody has ended."""
    owner = (
        grants.c.user_id.in_(list(user_ids))
        if workspace_id is None
        else grants.c.workspace_id == workspace_id
    )
    rows = await uow.all(sa.select(grants).where(owner, grants.c.revoked_at.is_(None)).order_by(grants.c.id))
    return tuple(grant_of(row) for row in rows)


async def list_with_access_since(uow: Uow, *, user_ids: Collection[str], since: datetime) -> tuple[str, ...]:
    """Return those of these people whose data an app could read at any time since an instant."""
    rows = await uow.all(
        sa.select(grants.c.user_id)
        .where(
            grants.c.user_id.in_(list(user_ids)),
            grants.c.expires_at > since,
            sa.or_(grants.c.revoked_at.is_(None), grants.c.revoked_at > since),
        )
        .distinct()
    )
    return tuple(row.user_id for row in rows)


async def export_grants(
    uow: Uow, *, user_ids: Collection[str], after: str, limit: int
) -> list[dict[str, Any]]:
    """Return what people let apps do, by id, behind the id ``after``."""
    told = (grants.c[name] for name in _TOLD_GRANT)
    mine = grants.c.user_id.in_(list(user_ids))
    return await uow.dicts(
        sa.select(*told).where(mine, grants.c.id > after).order_by(grants.c.id).limit(limit)
    )


async def export_access_tokens(uow: Uow, *, grant_id: str) -> list[dict[str, Any]]:
    """Return the access tokens of a grant, without what opens anything."""
    told = (access_tokens.c[name] for name in _TOLD_TOKEN)
    return await uow.dicts(
        sa.select(*told).where(access_tokens.c.grant_id == grant_id).order_by(access_tokens.c.id)
    )


async def export_receipts(uow: Uow, *, grant_id: str) -> list[dict[str, Any]]:
    """Return the signed statements of a grant's changes."""
    told = (consent_receipts.c[name] for name in _TOLD_RECEIPT)
    return await uow.dicts(
        sa.select(*told).where(consent_receipts.c.grant_id == grant_id).order_by(consent_receipts.c.id)
    )


async def export_accesses(uow: Uow, *, grant_id: str, after: str, limit: int) -> list[dict[str, Any]]:
    """Return when an app read through a grant, by id, behind the id ``after``."""
    told = (access_records.c[name] for name in _TOLD_ACCESS)
    return await uow.dicts(
        sa.select(*told)
        .where(access_records.c.grant_id == grant_id, access_records.c.id > after)
        .order_by(access_records.c.id)
        .limit(limit)
    )


async def erase_accesses(uow: Uow, *, user_ids: Collection[str], limit: int) -> int:
    """Delete up to ``limit`` records of when apps read these people's data; return how many."""
    batch = (
        sa.select(access_records.c.grant_id, access_records.c.id)
        .join(grants, grants.c.id == access_records.c.grant_id)
        .where(grants.c.user_id.in_(list(user_ids)))
        .limit(limit)
    )
    keys = sa.tuple_(access_records.c.grant_id, access_records.c.id)
    return (await uow.execute(sa.delete(access_records).where(keys.in_(batch)))).rowcount


async def erase_grants(uow: Uow, *, user_ids: Collection[str], limit: int) -> dict[str, int]:
    """Delete up to ``limit`` grants of these people with everything under them; return how many rows of what.

    The grants' rows are locked first: whoever notes a use of one waits, and then finds it gone.
    """
    held = await uow.all(
        sa.select(grants.c.id)
        .where(grants.c.user_id.in_(list(user_ids)))
        .order_by(grants.c.id)
        .limit(limit)
        .with_for_update()
    )
    ids = [row.id for row in held]
    counts: dict[str, int] = {}
    for name, table, column in (
        ("access_records", access_records, access_records.c.grant_id),
        ("consent_receipts", consent_receipts, consent_receipts.c.grant_id),
        ("access_tokens", access_tokens, access_tokens.c.grant_id),
        ("grants", grants, grants.c.id),
    ):
        counts[name] = (await uow.execute(sa.delete(table).where(column.in_(ids)))).rowcount if ids else 0
    return counts
