"""Syncing: reads connected accounts through their adapters; one Uow per step, the network only between them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import ClassVar

import structlog

from kryptos.catalog import FAMILIES
from kryptos.domains import sync
from kryptos.domains.integrations import Stage
from kryptos.domains.sync import ChainPlan, Plan, SyncOvertaken
from kryptos.infra.database import Database, Uow
from kryptos.infra.queue import Job, SoleJob, enqueue
from kryptos.infra.settings import Settings
from kryptos.infra.telemetry import syncs_total
from kryptos.kernel.errors import KryptosError, Unavailable
from kryptos.providers.contracts import ChainAdapter, CouldNotLook
from kryptos.providers.registry import Registry

log = structlog.get_logger(__name__)

_CHAINS_AT_ONCE = 4
_DEFERRED = timedelta(seconds=5)


class SyncIntegration(Job, frozen=True):
    """Read one connected account; ``is_continued`` goes on where a run before made room for others.

    ``retry_after_seconds`` is what providers asked for in the runs before.
    """

    name: ClassVar[str] = "sync_integration"
    integration_id: str
    is_continued: bool = False
    retry_after_seconds: int | None = None

    @property
    def dedup_key(self) -> str:
        """One that waits is enough."""
        return self.integration_id

    @property
    def lane(self) -> str:
        """One sync per connected account at a time."""
        return self.integration_id


class TryConnection(Job, frozen=True):
    """Try whether an account can be read."""

    name: ClassVar[str] = "try_connection"
    max_starts: ClassVar[int] = 3
    limit_seconds: ClassVar[float] = 60
    test_id: str


class RequestDueSyncs(SoleJob, frozen=True):
    """Ask for every sync that is due."""

    name: ClassVar[str] = "request_due_syncs"

    @property
    def dedup_key(self) -> str:
        """One that waits is enough."""
        return self.name


class SyncFailed(CouldNotLook):
    """Something failed that should not have: the log has it, and the next sync tries again."""

    code: ClassVar[str] = "SYNC_ERROR"
    default_message: ClassVar[str] = (
        "Something went wrong on our side while reading this account. It is tried again."
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading works with. ``slots`` bounds how many accounts of one family are read at once by this worker.

    ``slice_seconds``: how long one run reads before it makes room for others, and the next one goes on.
    """

    database: Database
    registry: Registry
    settings: Settings
    slots: dict[str, asyncio.Semaphore]
    slice_seconds: int = 60

    async def step(self, work: Callable[[Uow], Awaitable[None]]) -> None:
        """Run one step in a transaction of its own."""
        await self.database.execute(work)


def reading_of(database: Database, registry: Registry, settings: Settings) -> Reading:
    """Return what reading works with; no family of chains may take more than half of a worker's jobs."""
    room = max(1, settings.worker_concurrency // 2)
    return Reading(database, registry, settings, {family: asyncio.Semaphore(room) for family in FAMILIES})


async def sync_integration(reading: Reading, job: SyncIntegration) -> None:
    """Read balances and history of an account on all its chains, and plan the next sync."""
    plan = await reading.database.execute(
        partial(sync.begin, integration_id=job.integration_id, is_continued=job.is_continued)
    )
    if plan is None:
        return
    slot = reading.slots[plan.family]
    if slot.locked():
        await _again(reading, job, after=_DEFERRED)
        return
    with structlog.contextvars.bound_contextvars(integration_id=job.integration_id):
        async with slot:
            run = _Run(reading, plan, job)
            try:
                await run.read()
            except SyncOvertaken:
                log.info("sync_overtaken")
                return
        if run.is_unfinished:
            await _again(reading, run.continuation())
            return
        ended = await reading.database.execute(
            partial(
                sync.end,
                plan=plan,
                every=timedelta(minutes=reading.settings.sync_every_minutes),
                retry_after_seconds=run.retry_after_seconds,
            )
        )
        if ended is not None:
            syncs_total.labels(ended.status.value).inc()
            log.info(
                "sync_ended",
                status=ended.status.value,
                code=ended.code,
                transactions=ended.total_transactions,
            )


async def _again(reading: Reading, job: SyncIntegration, *, after: timedelta = timedelta(0)) -> None:
    async def work(uow: Uow) -> None:
        await enqueue(uow, job, run_at=uow.now + after)

    await reading.step(work)


class _Run:
    """One run over the chains of an account, until its slice of time is over."""

    def __init__(self, reading: Reading, plan: Plan, job: SyncIntegration) -> None:
        self._reading = reading
        self._plan = plan
        self._ends_at = asyncio.get_running_loop().time() + reading.slice_seconds
        self._has_read = False
        self.is_unfinished = False
        self.retry_after_seconds = job.retry_after_seconds

    def continuation(self) -> SyncIntegration:
        """Return the job that goes on where this run stopped."""
        return SyncIntegration(
            self._plan.integration.id,
            is_continued=True,
            retry_after_seconds=self.retry_after_seconds,
        )

    async def read(self) -> None:
        """Read every chain, some at once; what fails on one does not keep the others from being read."""
        room = asyncio.Semaphore(_CHAINS_AT_ONCE)

        async def read_one(chain: ChainPlan) -> None:
            async with room:
                if self._is_over() and chain.stages:
                    self.is_unfinished = True
                else:
                    await self._read_chain(chain)

        try:
            async with asyncio.TaskGroup() as group:
                for chain in self._plan.chains:
                    group.create_task(read_one(chain))
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None

    def _is_over(self) -> bool:
        """Whether to make room for others: never before something was read, so that every run comes further."""
        return self._has_read and asyncio.get_running_loop().time() >= self._ends_at

    async def _read_chain(self, chain: ChainPlan) -> None:
        adapter: ChainAdapter | None = None
        try:
            adapter = self._reading.registry.adapter(chain.chain_id, mode=self._plan.integration.mode)
        except KryptosError as error:
            for stage in chain.stages:
                await self._fail(chain, stage, error)
            return
        looked_at: tuple[str, ...] = ()
        if Stage.BALANCES in chain.stages:
            looked_at = await self._known(chain)
            await self._stage(chain, Stage.BALANCES, partial(self._balances, adapter, chain, looked_at))
        if Stage.TRANSACTIONS in chain.stages:
            await self._stage(chain, Stage.TRANSACTIONS, partial(self._transactions, adapter, chain))
            if set(known := await self._known(chain)) - set(looked_at) and not self.is_unfinished:
                # History told of tokens that nobody knew to look at.
                await self._stage(chain, Stage.BALANCES, partial(self._balances, adapter, chain, known))

    async def _stage(self, chain: ChainPlan, stage: Stage, read: Callable[[], Awaitable[None]]) -> None:
        await self._step(sync.start_stage, chain, stage=stage)
        try:
            await read()
        except (SyncOvertaken, Unavailable):
            raise  # the database is away: that is no word about the provider, and the job is tried again
        except KryptosError as error:
            log.info(
                "stage_failed", chain=chain.chain_id, stage=stage.value, code=error.code, reason=error.message
            )
            await self._fail(chain, stage, error)
        except Exception:
            log.exception("stage_broke", chain=chain.chain_id, stage=stage.value)
            await self._fail(chain, stage, SyncFailed())
        self._has_read = True

    async def _balances(self, adapter: ChainAdapter, chain: ChainPlan, known: tuple[str, ...]) -> None:
        found = await adapter.balances(self._plan.address, known_contracts=known)
        await self._step(sync.keep_balances, chain, found=found, looked_at=known)

    async def _transactions(self, adapter: ChainAdapter, chain: ChainPlan) -> None:
        """Read pages until the last; an adapter that has reached its own limits is asked again where it stopped."""
        cursor, is_at_end = chain.cursor, False
        while not is_at_end:
            before = cursor
            async for page in adapter.transactions(self._plan.address, cursor=cursor):
                await self._step(sync.keep_page, chain, page=page, read_with=cursor)
                cursor, is_at_end = page.cursor, page.is_last
                self._has_read = True
                if not is_at_end and self._is_over():
                    self.is_unfinished = True
                    return
            if not is_at_end and cursor == before:
                message = "The provider gave no further page and did not say that there is none."
                raise CouldNotLook(message)

    async def _known(self, chain: ChainPlan) -> tuple[str, ...]:
        return await self._reading.database.execute(
            partial(sync.known_contracts, plan=self._plan, chain_id=chain.chain_id)
        )

    async def _fail(self, chain: ChainPlan, stage: Stage, error: KryptosError) -> None:
        if error.retry_after_seconds is not None:
            self.retry_after_seconds = max(self.retry_after_seconds or 0, error.retry_after_seconds)
        await self._step(sync.fail_stage, chain, stage=stage, error=error)

    async def _step(
        self, use_case: Callable[..., Awaitable[None]], chain: ChainPlan, **values: object
    ) -> None:
        await self._reading.step(partial(use_case, plan=self._plan, chain_id=chain.chain_id, **values))


async def request_due_syncs(reading: Reading, _job: RequestDueSyncs) -> None:
    """Ask for what is due, a batch per transaction."""
    while await reading.database.execute(sync.request_due):
        pass


async def try_connection(reading: Reading, job: TryConnection) -> None:
    """Ask each chain whether it knows the address; the account can be read if one of them answers."""
    found = await reading.database.execute(partial(sync.find_test, test_id=job.test_id))
    if found is None or found.state != "pending":
        return
    room = asyncio.Semaphore(_CHAINS_AT_ONCE)

    async def ask(chain_id: str) -> bool | KryptosError:
        async with room:
            try:
                adapter = reading.registry.adapter(chain_id, mode=found.mode)
                return await adapter.has_activity(found.address)
            except KryptosError as error:
                return error
            except Exception:
                log.exception("test_broke", chain=chain_id)
                return SyncFailed()

    answers = await asyncio.gather(*(ask(each) for each in found.chains))
    failures = [each for each in answers if isinstance(each, KryptosError)]
    active = [chain for chain, answer in zip(found.chains, answers, strict=True) if answer is True]
    is_readable = len(failures) < len(answers)
    await reading.step(
        partial(
            sync.end_test,
            test_id=found.id,
            state="passed" if is_readable else "failed",
            active_chains=active,
            code=None if is_readable else failures[0].code,
            message=None if is_readable else failures[0].message,
        )
    )
