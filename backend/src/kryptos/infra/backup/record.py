"""When the last backup was taken, as the database remembers it."""

from datetime import datetime

import sqlalchemy as sa

from kryptos.infra.backup._tables import backups
from kryptos.infra.database import Uow


async def find_last_backup(uow: Uow) -> datetime | None:
    """Return the instant whose state the newest backup holds, or None when none is known."""
    row = await uow.first(sa.select(sa.func.max(backups.c.taken_at).label("taken_at")))
    taken_at: datetime | None = row.taken_at if row else None
    return taken_at
