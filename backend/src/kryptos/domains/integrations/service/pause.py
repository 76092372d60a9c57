"""Pause and resume: an account that no app may read is not read either."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from kryptos.domains.integrations import policy
from kryptos.domains.integrations._tables import integration_stages, integrations
from kryptos.domains.integrations.contracts import StageStatus
from kryptos.domains.integrations.service.find import UNDER_WAY, find_integration
from kryptos.domains.integrations.service.follow import request_sync
from kryptos.infra.database import Uow


@dataclass(frozen=True, slots=True)
class Reading:
    """Whether some connections of a workspace are read, and whether some are paused."""

    workspace_id: str
    is_read: bool
    is_paused: bool


async def list_readings(uow: Uow, *, after: str, limit: int) -> list[Reading]:
    """Return the workspaces with connections behind an id, in the order of their ids."""
    mine = integrations.c
    rows = await uow.all(
        sa.select(
            mine.workspace_id,
            sa.func.bool_or(mine.paused_at.is_(None)).label("is_read"),
            sa.func.bool_or(mine.paused_at.is_not(None)).label("is_paused"),
        )
        .where(mine.workspace_id > after)
        .group_by(mine.workspace_id)
        .order_by(mine.workspace_id)
        .limit(limit)
    )
    return [Reading(row.workspace_id, is_read=row.is_read, is_paused=row.is_paused) for row in rows]


async def pause(uow: Uow, *, workspace_id: str, added_before: datetime | None = None) -> int:
    """Plan no further sync of a workspace's connections; one that runs stops at its next step. Returns how many.

    Sandbox and production alike; with ``added_before`` only those that were connected by then. What a running sync had
    not ended is told as stopped, not as going on for ever.
    """
    wanted = [integrations.c.workspace_id == workspace_id, integrations.c.paused_at.is_(None)]
    if added_before is not None:
        wanted.append(integrations.c.added_at < added_before)
    rows = await uow.all(
        sa.select(integrations.c.id).where(*wanted).order_by(integrations.c.id).with_for_update()
    )
    for row in rows:
        await _pause_one(uow, row.id)
    return len(rows)


async def resume(uow: Uow, *, workspace_id: str) -> int:
    """Read a workspace's paused connections again, from where each stands; return how many were paused."""
    rows = await uow.all(
        sa.select(integrations.c.id)
        .where(integrations.c.workspace_id == workspace_id, integrations.c.paused_at.is_not(None))
        .order_by(integrations.c.id)
        .with_for_update()
    )
    for row in rows:
        await request_sync(uow, integration_id=row.id)
    return len(rows)


async def _pause_one(uow: Uow, integration_id: str) -> None:
    await uow.execute(
        sa.update(integration_stages)
        .where(
            integration_stages.c.integration_id == integration_id, integration_stages.c.status.in_(UNDER_WAY)
        )
        .values(
            status=StageStatus.FAILED.value,
            message=policy.STOPPED_MESSAGE,
            code=policy.PAUSED_CODE,
            changed_at=uow.now,
        )
    )
    values: dict[str, object] = {"paused_at": uow.now, "next_sync_at": None}
    found = await find_integration(uow, integration_id=integration_id)
    if found is not None and found.status.is_at_work:
        values["status"] = policy.status_when_stopped(tuple(found.stages.values())).value
    await uow.execute(sa.update(integrations).where(integrations.c.id == integration_id).values(values))
