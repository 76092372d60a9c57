"""Relay: what happened becomes what is to be done; events leave the outbox as jobs, in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

import sqlalchemy as sa
import structlog

from kryptos.infra.database import Uow
from kryptos.infra.database.tables import outbox
from kryptos.infra.queue._tables import DEAD, jobs
from kryptos.infra.queue.job import Job, enqueue
from kryptos.infra.queue.store import EVENT
from kryptos.infra.telemetry import redact_text

log = structlog.get_logger(__name__)

JobsOf = Callable[[bytes], Sequence[Job]]
"""The jobs that an event asks for, made from its payload."""

BATCH = 100


async def relay_events(uow: Uow, *, subscriptions: Mapping[str, JobsOf]) -> int:
    """Turn up to a hundred events into the jobs that subscribed to them; return how many events were taken.

    Several workers may relay at once; events may overtake each other. An event that nobody subscribed to is dropped.
    One whose jobs cannot be made is kept as a dead job: it must neither be lost nor hold up those behind it.
    """
    rows = await uow.all(
        sa.select(outbox).order_by(outbox.c.id).limit(BATCH).with_for_update(skip_locked=True)
    )
    if rows:
        await uow.execute(sa.delete(outbox).where(outbox.c.id.in_([row.id for row in rows])))
    for row in rows:
        jobs_of = subscriptions.get(row.name)
        if jobs_of is None:
            continue
        try:
            wanted = jobs_of(row.payload)
        except Exception as error:  # whatever is wrong with one event, the next ones must pass
            log.exception("event_not_understood", event_id=row.id, event_name=row.name)
            await _bury(uow, row, repr(error))
            continue
        for job in wanted:
            await enqueue(uow, job)
    return len(rows)


async def outbox_lag(uow: Uow) -> timedelta:
    """Return the age of the oldest event that no worker has taken up; zero when there is none."""
    row = await uow.first(sa.select(sa.func.min(outbox.c.occurred_at).label("oldest_at")))
    return max(timedelta(0), uow.now - row.oldest_at) if row and row.oldest_at else timedelta(0)


async def _bury(uow: Uow, event: sa.Row[tuple[object, ...]], error: str) -> None:
    await uow.execute(
        sa.insert(jobs).values(
            id=uow.new_id("job"),
            name=f"{EVENT}{event.name}",
            payload=event.payload,
            state=DEAD,
            created_at=uow.now,
            run_at=uow.now,
            starts=0,
            max_starts=0,
            died_at=uow.now,
            error=redact_text(error),
        )
    )
