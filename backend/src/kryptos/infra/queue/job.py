"""Job: work to be done after a commit, written in the transaction that made it necessary."""

from datetime import datetime
from typing import ClassVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from kryptos.infra.database import Uow
from kryptos.infra.queue._tables import WAITING, jobs


class Job(msgspec.Struct, frozen=True):
    """What is to be done; its fields are the payload. It may run more than once: every step must bear repetition.

    ``name`` is its stable word in the database: old jobs must stay readable, so add fields with defaults only.
    ``max_starts`` bounds how often it is begun, crashes included; then it is dead, kept and shown to the operator.
    ``limit_seconds`` bounds one run.
    """

    name: ClassVar[str]
    max_starts: ClassVar[int] = 8
    limit_seconds: ClassVar[float] = 600

    @property
    def dedup_key(self) -> str | None:
        """Jobs of one name and key are one job for as long as it has not begun."""
        return None

    @property
    def lane(self) -> str | None:
        """Of the jobs in one lane, whatever their names, one runs at a time."""
        return None


class SoleJob(Job, frozen=True):
    """A job of which one that waits is enough, and one runs at a time: two would do the same, or block each other."""

    @property
    def dedup_key(self) -> str:
        """One that waits is enough."""
        return self.name

    @property
    def lane(self) -> str:
        """One at a time."""
        return self.name


async def enqueue(uow: Uow, job: Job, *, run_at: datetime | None = None) -> str:
    """Write a job that exists if and only if this transaction commits; return its id.

    Where one with the same dedup key waits already, that one's id is returned. It is locked until this transaction
    ends: begun earlier, it could not see what this transaction changed, and nobody would look again.
    """
    statement = insert(jobs).values(
        id=uow.new_id("job"),
        name=job.name,
        payload=msgspec.json.encode(job),
        dedup_key=job.dedup_key,
        lane=job.lane,
        state=WAITING,
        created_at=uow.now,
        run_at=run_at or uow.now,
        starts=0,
        max_starts=job.max_starts,
    )
    if job.dedup_key is not None:
        statement = statement.on_conflict_do_update(
            index_elements=[jobs.c.name, jobs.c.dedup_key],
            index_where=sa.text("state = 'waiting' AND starts = 0"),
            set_={"run_at": sa.func.least(jobs.c.run_at, statement.excluded.run_at)},
        )
    row = (await uow.execute(statement.returning(jobs.c.id))).one()
    job_id: str = row.id
    return job_id
