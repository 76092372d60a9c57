"""End a sync: what it came to, and when the next one is due."""

from datetime import timedelta

from kryptos.domains import integrations, portfolio
from kryptos.domains.integrations import Integration
from kryptos.domains.sync.contracts import Plan
from kryptos.infra.database import Uow


async def end(
    uow: Uow, *, plan: Plan, every: timedelta, retry_after_seconds: int | None = None
) -> Integration | None:
    """Return the connection as it stands now; None when it was removed meanwhile."""
    ended = await integrations.end_sync(
        uow, integration_id=plan.integration.id, every=every, retry_after_seconds=retry_after_seconds
    )
    if ended is not None:
        await portfolio.touch(uow, workspace_id=ended.workspace_id, mode=ended.mode)
    return ended
