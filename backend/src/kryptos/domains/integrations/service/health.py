"""How chains fare: whether accounts on them could be read in the last hour, over all workspaces of a mode."""

from datetime import timedelta

import sqlalchemy as sa

from kryptos.domains.clients import Mode
from kryptos.domains.integrations._tables import integration_stages, integrations
from kryptos.domains.integrations.contracts import Health, StageStatus
from kryptos.infra.database import Uow
from kryptos.infra.http_client.errors import CouldNotLook, ProviderRefused

_LOOKED_BACK = timedelta(hours=1)
_FEWEST_TRIED = 3
"""Fewer accounts than that say nothing about their chain."""
_UPSTREAM = (CouldNotLook.code, ProviderRefused.code)
_READ = (StageStatus.COMPLETED.value, StageStatus.PARTIAL.value)


async def list_health(uow: Uow, *, mode: Mode) -> dict[str, Health]:
    """Return how each chain fares of which something is known.

    Troubled: of at least three accounts tried, more than half have a stage that failed because of whom we asked. Fine:
    not troubled, and at least one account was read.
    """
    stage = integration_stages.c
    has_failed = sa.func.bool_or(sa.and_(stage.status == StageStatus.FAILED.value, stage.code.in_(_UPSTREAM)))
    accounts = (
        sa.select(
            stage.chain_id,
            has_failed.label("has_failed"),
            sa.func.bool_and(stage.status.in_(_READ)).label("is_read"),
        )
        .join(integrations, integrations.c.id == stage.integration_id)
        .where(
            stage.changed_at > uow.now - _LOOKED_BACK,
            stage.status.in_((*_READ, StageStatus.FAILED.value)),
            integrations.c.mode == mode.value,
        )
        .group_by(stage.chain_id, stage.integration_id)
        .subquery()
    )
    rows = await uow.all(
        sa.select(
            accounts.c.chain_id,
            sa.func.count().label("tried"),
            sa.func.count().filter(accounts.c.has_failed).label("failed"),
            sa.func.count().filter(accounts.c.is_read).label("read"),
        ).group_by(accounts.c.chain_id)
    )
    return {
        row.chain_id: Health.TROUBLED if _is_troubled(row.tried, row.failed) else Health.FINE
        for row in rows
        if row.read or _is_troubled(row.tried, row.failed)
    }


def _is_troubled(tried: int, failed: int) -> bool:
    return tried >= _FEWEST_TRIED and 2 * failed > tried
