"""Runner: claims due jobs, runs them side by side, keeps their leases, and lets go of them in good order."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa
import structlog

from kryptos.infra.database import Database, Uow
from kryptos.infra.queue import store
from kryptos.infra.queue._tables import DEAD, WAITING
from kryptos.infra.queue.job import Job
from kryptos.infra.queue.loop import OUTAGE, Outage, repeat
from kryptos.infra.queue.store import Claimed
from kryptos.infra.telemetry import jobs_total

log = structlog.get_logger(__name__)

Result = TypeVar("Result")
Handler = Callable[[Any], Awaitable[None]]
"""Does one job; returns when it is done, raises when it is to be tried again."""

LEASE = timedelta(seconds=10)
_HOLDS_PER_LEASE = 4
_POLL_SECONDS = 0.5
_OUTCOMES = {DEAD: "dead", WAITING: "failed", None: "overtaken"}


class Runner:
    """Runs the jobs that it has handlers for, ``concurrency`` at a time.

    ``database`` is for the queue's own statements and is not to be shared with the handlers: a handler that waits for
    a connection must not keep the leases from being prolonged.
    """

    def __init__(
        self,
        database: Database,
        handlers: Mapping[type[Job], Handler],
        *,
        worker_id: str,
        concurrency: int = 10,
        lease: timedelta = LEASE,
        grace_seconds: float = 15,
        outage: Outage | None = None,
    ) -> None:
        self._database = database
        self._handlers = {kind.name: (kind, handler) for kind, handler in handlers.items()}
        self._worker_id = worker_id
        self._concurrency = concurrency
        self._lease = lease
        self._grace_seconds = grace_seconds
        self._outage = outage or Outage()
        self._running: dict[Claimed, asyncio.Task[None]] = {}
        self._ended: set[Claimed] = set()
        self.bell = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Run jobs until ``stop`` is set; then finish those that run, or give them back after the grace."""
        stop_holding = asyncio.Event()
        every_seconds = self._lease.total_seconds() / _HOLDS_PER_LEASE
        holding = asyncio.create_task(
            repeat("leases", self._hold, stop=stop_holding, pause_seconds=every_seconds, outage=self._outage)
        )
        try:
            await repeat(
                "jobs",
                self._claim,
                stop=stop,
                pause_seconds=_POLL_SECONDS,
                outage=self._outage,
                bell=self.bell,
            )
            await self._let_go()
        finally:
            stop_holding.set()
            await holding

    async def _claim(self) -> bool:
        """Start what is due and fits; True when more may be due."""
        await self._take_back_expired()
        free = self._concurrency - len(self._running)
        if free <= 0:
            return False
        try:
            claimed = await self._database.execute(
                partial(
                    store.claim,
                    worker_id=self._worker_id,
                    names=self._handlers.keys(),
                    limit=free,
                    lease=self._lease,
                )
            )
        except sa.exc.IntegrityError:  # another worker began a job of the same lane just now
            return True
        for job in claimed:
            task = asyncio.create_task(self._run_one(job), name=f"{job.name} {job.id}")
            self._running[job] = task
            task.add_done_callback(partial(self._forget, job))
        return bool(claimed)

    async def _take_back_expired(self) -> None:
        own = [job.id for job in self._running]
        taken = await self._database.execute(partial(store.take_back_expired, except_ids=own))
        for name, state in taken:
            log.warning("job_taken_back", job=name, state=state)
            jobs_total.labels(name, "dead" if state == DEAD else "vanished").inc()

    def _forget(self, job: Claimed, task: asyncio.Task[None]) -> None:
        del self._running[job]
        self._ended.discard(job)
        if not task.cancelled() and (error := task.exception()):
            log.error("job_lost_track", job=job.name, job_id=job.id, reason=repr(error))
        self.bell.set()

    async def _run_one(self, job: Claimed) -> None:
        kind, handler = self._handlers[job.name]
        with structlog.contextvars.bound_contextvars(job=job.name, job_id=job.id, start=job.starts):
            try:
                async with asyncio.timeout(kind.limit_seconds):
                    await handler(msgspec.json.decode(job.payload, type=kind))
            except Exception as error:  # whatever a job runs into, it is tried again or buried
                log.warning("job_failed", exc_info=error)
                state = await self._settle(job, partial(store.fail, claimed=job, error=repr(error)))
                self._count(job, _OUTCOMES[state])
            else:
                is_ours = await self._settle(job, partial(store.finish, claimed=job))
                self._count(job, "succeeded" if is_ours else "overtaken")

    async def _settle(self, job: Claimed, work: Callable[[Uow], Awaitable[Result]]) -> Result:
        """Write how a job ended, however long the database is away: otherwise it would run again for nothing."""
        self._ended.add(job)
        pause_seconds = 0.1
        while True:
            try:
                return await self._database.execute(work)
            except OUTAGE:
                await asyncio.sleep(pause_seconds)
                pause_seconds = min(pause_seconds * 2, 2.0)

    @staticmethod
    def _count(job: Claimed, outcome: str) -> None:
        jobs_total.labels(job.name, outcome).inc()
        say = {"succeeded": log.debug, "dead": log.error}.get(outcome, log.warning)
        say("job_ended", outcome=outcome)

    async def _hold(self) -> None:
        """Prolong the leases, and stop the jobs that another worker has taken over."""
        running = dict(self._running)
        if not running:
            return
        ids = [job.id for job in running]
        held = await self._database.execute(
            partial(store.hold, worker_id=self._worker_id, ids=ids, lease=self._lease)
        )
        for job, task in running.items():
            if (job.id, job.starts) not in held and job not in self._ended and not task.done():
                log.warning("job_overtaken", job=job.name, job_id=job.id)
                task.cancel()

    async def _let_go(self) -> None:
        """Wait for what runs; after the grace, stop it and give it back."""
        if not self._running:
            return
        _, late = await asyncio.wait(self._running.values(), timeout=self._grace_seconds)
        jobs = [job for job, task in self._running.items() if task in late]
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)
        for job in jobs:
            try:
                await self._database.execute(partial(store.release, claimed=job))
            except OUTAGE:
                return  # its lease runs out by itself
            log.info("job_released", job=job.name, job_id=job.id)
