"""How late the syncs are that are due, for whoever watches the server."""

from datetime import timedelta

import sqlalchemy as sa

from kryptos.domains.integrations._tables import integrations
from kryptos.infra.database import Uow


async def find_lateness(uow: Uow) -> timedelta:
    """Return how long ago the sync was due that has waited longest to be asked for; zero when none is late."""
    row = await uow.first(sa.select(sa.func.min(integrations.c.next_sync_at).label("due_at")))
    return max(timedelta(0), uow.now - row.due_at) if row and row.due_at else timedelta(0)
