"""Which workers are alive: each leaves a sign in the database, so that readiness and doctor can say when none does."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from kryptos.infra.database import Uow
from kryptos.infra.queue._tables import worker_heartbeats

SILENT_AFTER = timedelta(seconds=60)
FORGOTTEN_AFTER = timedelta(days=1)


async def note_worker(uow: Uow, *, worker_id: str, started_at: datetime) -> None:
    """Say that this worker is alive."""
    row = {"worker_id": worker_id, "started_at": started_at, "seen_at": uow.now}
    await uow.execute(
        insert(worker_heartbeats)
        .values(row)
        .on_conflict_do_update(index_elements=[worker_heartbeats.c.worker_id], set_={"seen_at": uow.now})
    )


async def forget_worker(uow: Uow, *, worker_id: str) -> None:
    """Say that this worker has stopped as it should."""
    await uow.execute(sa.delete(worker_heartbeats).where(worker_heartbeats.c.worker_id == worker_id))


async def find_last_worker_sign(uow: Uow) -> datetime | None:
    """Return when a worker was last seen alive: None when none runs, or none ever did."""
    row = await uow.first(sa.select(sa.func.max(worker_heartbeats.c.seen_at).label("seen_at")))
    seen_at: datetime | None = row.seen_at if row else None
    return seen_at


async def count_workers(uow: Uow) -> int:
    """Return how many workers have left a sign within a minute."""
    is_alive = worker_heartbeats.c.seen_at > uow.now - SILENT_AFTER
    row = await uow.first(sa.select(sa.func.count().label("number")).where(is_alive))
    return int(row.number) if row else 0


async def prune(uow: Uow) -> int:
    """Forget workers that vanished long ago; return how many."""
    gone = worker_heartbeats.c.seen_at < uow.now - FORGOTTEN_AFTER
    return (await uow.execute(sa.delete(worker_heartbeats).where(gone))).rowcount
