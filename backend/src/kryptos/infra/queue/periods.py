"""Periodic jobs: enqueued once per period, however many workers look at the clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from kryptos.infra.database import Uow
from kryptos.infra.queue._tables import job_periods
from kryptos.infra.queue.job import Job, enqueue

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Periodic:
    """A job and how often it is due. Its dedup key keeps a worker that fell behind from doing it several times."""

    job: Job
    every: timedelta


async def enqueue_due(uow: Uow, *, periodic: Sequence[Periodic]) -> int:
    """Enqueue each job whose period has begun; return how many. The first time, a job is due at once.

    Periods begin at whole multiples of their length since 1970, so that machines agree on them. Whoever moves the
    row first enqueues; another waits for it and finds the period taken. Missed periods are not made up for.
    """
    next_at = {row.name: row.next_at for row in await uow.all(sa.select(job_periods))}
    begun = 0
    for each in sorted(periodic, key=lambda one: one.job.name):  # in one order everywhere: no deadlock
        if next_at.get(each.job.name, uow.now) <= uow.now and await _begin(uow, each):
            await enqueue(uow, each.job)
            begun += 1
    return begun


async def _begin(uow: Uow, periodic: Periodic) -> bool:
    next_at = _EPOCH + ((uow.now - _EPOCH) // periodic.every + 1) * periodic.every
    first = {"name": periodic.job.name, "next_at": next_at}
    begun = await uow.execute(
        insert(job_periods)
        .values(first)
        .on_conflict_do_update(
            index_elements=[job_periods.c.name],
            set_={"next_at": next_at},
            where=job_periods.c.next_at <= uow.now,
        )
    )
    return bool(begun.rowcount)
