"""What happens to a job in the database: claimed, held, finished, tried again, buried, revived; one Uow each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from kryptos.infra.database import Uow
from kryptos.infra.database.tables import outbox
from kryptos.infra.queue._tables import DEAD, RUNNING, WAITING, jobs
from kryptos.infra.telemetry import redact_text

DEAD_KEPT = timedelta(days=30)
EVENT = "event:"
"""How the name of a dead job begins that is an event of which no job could be made."""
VANISHED = "The worker stopped without finishing it."

_FIRST_PAUSE_SECONDS = 2
_LONGEST_PAUSE_SECONDS = 900
_ERROR_CHARACTERS = 1000
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job that this worker runs; ``starts`` tells its claim from that of any earlier or later start."""

    id: str
    name: str
    payload: bytes
    worker_id: str
    starts: int


@dataclass(frozen=True, slots=True)
class DeadJob:
    """A job that was given up."""

    id: str
    name: str
    payload: bytes
    starts: int
    died_at: datetime
    error: str | None


def pause_before_restart(starts: int, chance: float) -> timedelta:
    """Return how long to wait after so many starts: 2 s, doubled each time up to 15 min, a quarter more or less.

    ``chance`` is in [0, 1): it keeps jobs that failed together from coming back together.
    """
    doubled = _FIRST_PAUSE_SECONDS * 2 ** min(starts - 1, 20)
    return timedelta(seconds=min(doubled, _LONGEST_PAUSE_SECONDS) * (0.75 + chance / 2))


async def claim(
    uow: Uow, *, worker_id: str, names: Collection[str], limit: int, lease: timedelta
) -> list[Claimed]:
    """Take up to ``limit`` due jobs, oldest first, none whose lane is busy.

    Two workers may find the same lane free at once; the unique index then fails one of them with
    ``sa.exc.IntegrityError``, and it finds the lane busy when it asks again.
    """
    busy = jobs.alias("busy")
    lane_is_busy = sa.exists().where(busy.c.lane == jobs.c.lane, busy.c.state == RUNNING)
    due = await uow.all(
        sa.select(jobs.c.id, jobs.c.lane)
        .where(
            jobs.c.state == WAITING,
            jobs.c.run_at <= uow.now,
            jobs.c.name.in_(list(names)),
            sa.or_(jobs.c.lane.is_(None), ~lane_is_busy),
        )
        .order_by(jobs.c.run_at, jobs.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=jobs)
    )
    first_of_lane = {row.lane or row.id: row.id for row in reversed(due)}
    if not first_of_lane:
        return []
    taken = await uow.all(
        sa.update(jobs)
        .where(jobs.c.id.in_(list(first_of_lane.values())))
        .values(state=RUNNING, starts=jobs.c.starts + 1, worker_id=worker_id, leased_until=_now_plus(lease))
        .returning(jobs.c.id, jobs.c.name, jobs.c.payload, jobs.c.starts)
    )
    return [
        Claimed(row.id, row.name, row.payload, worker_id, row.starts) for row in sorted(taken, key=_by_id)
    ]


async def hold(uow: Uow, *, worker_id: str, ids: Collection[str], lease: timedelta) -> set[tuple[str, int]]:
    """Prolong this worker's leases; return id and start of the jobs that it still holds."""
    rows = await uow.all(
        sa.update(jobs)
        .where(jobs.c.id.in_(list(ids)), jobs.c.worker_id == worker_id, jobs.c.state == RUNNING)
        .values(leased_until=_now_plus(lease))
        .returning(jobs.c.id, jobs.c.starts)
    )
    return {(row.id, row.starts) for row in rows}


async def finish(uow: Uow, claimed: Claimed) -> bool:
    """Delete a job that succeeded; False when another worker has taken it over meanwhile."""
    return bool((await uow.execute(sa.delete(jobs).where(*_held_as(claimed)))).rowcount)


async def fail(uow: Uow, claimed: Claimed, *, error: str) -> str | None:
    """Put a job that failed back for later, or bury it after its last start; return its new state, None if not ours."""
    row = await uow.first(
        sa.select(jobs.c.id, jobs.c.starts, jobs.c.max_starts).where(*_held_as(claimed)).with_for_update()
    )
    return None if row is None else await _put_back(uow, row, error)


async def release(uow: Uow, claimed: Claimed) -> None:
    """Give a job back unfinished because this worker stops: the start that was cut short is granted once more."""
    await uow.execute(
        sa.update(jobs)
        .where(*_held_as(claimed))
        .values(
            state=WAITING,
            run_at=uow.now,
            max_starts=jobs.c.max_starts + 1,
            worker_id=None,
            leased_until=None,
        )
    )


async def take_back_expired(uow: Uow, *, except_ids: Collection[str]) -> list[tuple[str, str]]:
    """Put back, or bury, the jobs of workers that vanished; return name and new state of each.

    ``except_ids`` are the asking worker's own: it still runs them, whatever became of its lease.
    """
    rows = await uow.all(
        sa.select(jobs.c.id, jobs.c.name, jobs.c.starts, jobs.c.max_starts)
        .where(
            jobs.c.state == RUNNING,
            jobs.c.leased_until < sa.func.clock_timestamp(),
            jobs.c.id.not_in(list(except_ids)),
        )
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    )
    return [(row.name, await _put_back(uow, row, VANISHED)) for row in rows]


async def list_dead(uow: Uow, *, limit: int = 100) -> list[DeadJob]:
    """Return the jobs that were given up, latest first."""
    rows = await uow.all(
        sa.select(jobs).where(jobs.c.state == DEAD).order_by(jobs.c.died_at.desc(), jobs.c.id).limit(limit)
    )
    return [DeadJob(row.id, row.name, row.payload, row.starts, row.died_at, row.error) for row in rows]


async def revive(uow: Uow, *, job_id: str) -> bool:
    """Let a dead job start once more, now; False when there is no such dead job.

    An event that no job could be made of goes back to the outbox: a worker that understands it may relay it now.
    """
    if event := await uow.first(_dead_event(job_id)):
        row = {"id": uow.new_id("evt"), "name": event.name.removeprefix(EVENT), "occurred_at": uow.now}
        await uow.execute(sa.insert(outbox).values(**row, payload=event.payload))
        return await drop(uow, job_id=job_id)
    revived = await uow.execute(
        sa.update(jobs)
        .where(jobs.c.id == job_id, jobs.c.state == DEAD)
        .values(
            state=WAITING,
            run_at=uow.now,
            died_at=None,
            # Never zero: a job that has begun before no longer stands in for those asked for since.
            starts=sa.func.greatest(jobs.c.starts, 1),
            max_starts=sa.func.greatest(jobs.c.starts, 1) + 1,
        )
    )
    return bool(revived.rowcount)


async def forget_lane(uow: Uow, *, lane: str) -> int:
    """Delete the jobs of a lane that do not run, dead ones with what went wrong; return how many."""
    idle = sa.and_(jobs.c.lane == lane, jobs.c.state != RUNNING)
    return (await uow.execute(sa.delete(jobs).where(idle))).rowcount


async def forget_dead(uow: Uow, *, mentioning: Collection[str]) -> int:
    """Delete the dead jobs in whose payload any of these words stands; return how many."""
    said = [sa.func.strpos(sa.func.encode(jobs.c.payload, "escape"), each) > 0 for each in mentioning]
    return (await uow.execute(sa.delete(jobs).where(jobs.c.state == DEAD, sa.or_(*said)))).rowcount


async def drop(uow: Uow, *, job_id: str) -> bool:
    """Delete a dead job for good; False when there is no such dead job."""
    dropped = await uow.execute(sa.delete(jobs).where(jobs.c.id == job_id, jobs.c.state == DEAD))
    return bool(dropped.rowcount)


async def count_jobs(uow: Uow) -> dict[str, int]:
    """Return how many jobs there are of each state."""
    counted = {WAITING: 0, RUNNING: 0, DEAD: 0}
    rows = await uow.all(sa.select(jobs.c.state, sa.func.count().label("number")).group_by(jobs.c.state))
    return counted | {row.state: row.number for row in rows}


async def find_oldest_due(uow: Uow) -> timedelta:
    """Return how long the job has been due that waits longest; zero when none is due."""
    row = await uow.first(
        sa.select(sa.func.min(jobs.c.run_at).label("due_at")).where(jobs.c.state == WAITING)
    )
    return max(timedelta(0), uow.now - row.due_at) if row and row.due_at else timedelta(0)


async def prune(uow: Uow) -> int:
    """Delete the jobs that died long ago; return how many."""
    ended = sa.and_(jobs.c.state == DEAD, jobs.c.died_at < uow.now - DEAD_KEPT)
    return (await uow.execute(sa.delete(jobs).where(ended))).rowcount


def _dead_event(job_id: str) -> sa.Select[tuple[str, bytes]]:
    is_event = jobs.c.name.startswith(EVENT, autoescape=True)
    dead = sa.select(jobs.c.name, jobs.c.payload).where(jobs.c.id == job_id, jobs.c.state == DEAD)
    return dead.where(is_event).with_for_update()


def _held_as(claimed: Claimed) -> Sequence[sa.ColumnElement[bool]]:
    """Match a job only while it is still ours: a start that was taken over must not touch the new one."""
    return (
        jobs.c.id == claimed.id,
        jobs.c.state == RUNNING,
        jobs.c.worker_id == claimed.worker_id,
        jobs.c.starts == claimed.starts,
    )


async def _put_back(uow: Uow, row: sa.Row[tuple[object, ...]], error: str) -> str:
    is_last = row.starts >= row.max_starts
    chance = int.from_bytes(uow.random_bytes(4), "big") / 2**32
    changed = {
        "state": DEAD if is_last else WAITING,
        "run_at": uow.now + pause_before_restart(row.starts, chance),
        "died_at": uow.now if is_last else None,
        "worker_id": None,
        "leased_until": None,
        "error": redact_text(error)[:_ERROR_CHARACTERS],
    }
    await uow.execute(sa.update(jobs).where(jobs.c.id == row.id).values(changed))
    return DEAD if is_last else WAITING


def _now_plus(lease: timedelta) -> sa.ColumnElement[datetime]:
    return sa.func.clock_timestamp() + lease


def _by_id(row: sa.Row[tuple[object, ...]]) -> str:
    job_id: str = row.id
    return job_id
