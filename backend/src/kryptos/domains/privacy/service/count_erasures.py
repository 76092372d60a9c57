"""Count erasures, for whoever watches the server."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from kryptos.domains.privacy._tables import erasures
from kryptos.infra.database import Uow


@dataclass(frozen=True, slots=True)
class ErasureCounts:
    """How many erasures there are, and how long the oldest has waited."""

    waiting: int
    done: int
    unscrubbed: int
    """Done, but the database's files may still hold what was erased."""
    oldest_waiting: timedelta


async def count_erasures(uow: Uow) -> ErasureCounts:
    """Return how many erasures wait, are done, and are done but not scrubbed."""
    is_done = erasures.c.finished_at.is_not(None)
    row = (
        await uow.execute(
            sa.select(
                sa.func.count().filter(~is_done).label("waiting"),
                sa.func.count().filter(is_done).label("done"),
                sa.func.count().filter(is_done, erasures.c.scrubbed_at.is_(None)).label("unscrubbed"),
                sa.func.min(erasures.c.requested_at).filter(~is_done).label("oldest_at"),
            )
        )
    ).one()
    oldest_waiting = max(timedelta(0), uow.now - row.oldest_at) if row.oldest_at else timedelta(0)
    return ErasureCounts(row.waiting, row.done, row.unscrubbed, oldest_waiting)
