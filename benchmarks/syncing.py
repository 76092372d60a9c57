"""Syncing: how many wallets one worker reads, of accounts as people have them, from ends within its own process.

``python -m benchmarks.syncing <database url> <wallets>``: one JSON object on standard output. Every number contains
the worker's part alone where it says so; the ends of the sandbox are timed and taken off.
"""

import asyncio
import gc
import resource
import sys
import time
import tracemalloc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx
import msgspec
import sqlalchemy as sa
import structlog

from kryptos.domains import integrations
from kryptos.domains.clients import Mode
from kryptos.domains.integrations import Integration, Status
from kryptos.domains.integrations._tables import integrations as integrations_table
from kryptos.entrypoints.outside import open_registry
from kryptos.infra.database import Database, Uow
from kryptos.infra.http_client.client import HttpClient
from kryptos.infra.queue import Runner, relay_events
from kryptos.infra.secrets import load_token_hasher
from kryptos.infra.settings import Settings
from kryptos.kernel.clock import SystemClock
from kryptos.kernel.ids import system_random
from kryptos.providers.sandbox.mounts import sandbox_mounts
from kryptos.providers.sandbox.personas import PERSONAS, Persona
from kryptos.surfaces.worker.subscriptions import SUBSCRIPTIONS
from kryptos.surfaces.worker.syncing import Reading, SyncIntegration, reading_of, sync_integration

_MIX: Mapping[str, int] = {
    "holder": 20,
    "empty": 12,
    "saver": 9,
    "defi": 8,
    "nft": 6,
    "trader": 2,
    "swapper": 2,
    "broken": 1,
}
"""How many of sixty wallets are like whom: most people do little, few trade a lot."""
_POLLS, _POLL_SECONDS = 1_200, 0.1


class Wallet(msgspec.Struct, frozen=True, kw_only=True):
    """What one wallet of a persona costs the worker, read for the first time."""

    persona: str
    status: str
    transactions: int
    calls: int
    """Requests that left for a provider."""
    statements: int
    """Sent to the database, BEGIN and COMMIT left out; rows that go together count once."""
    cpu_milliseconds: float
    """Of the worker, its provider's end taken off."""
    again_calls: int
    """Requests of the next sync, when nothing has changed."""
    peak_kilobytes: float
    """Python memory above what was in use before."""


class Syncs(msgspec.Struct, frozen=True, kw_only=True):
    """What syncing costs: by persona, and many at once in one worker."""

    wallets: list[Wallet]
    many: int
    seconds: float
    cpu_seconds: float
    ends_cpu_seconds: float
    """Of ``cpu_seconds``, what the sandbox's own ends took to answer."""
    calls: int
    statements: int
    transactions: int
    megabytes_before: float
    megabytes_peak: float
    by_status: dict[str, int]

    @property
    def per_minute(self) -> float:
        """Wallets per minute."""
        return self.many * 60 / self.seconds


@dataclass(slots=True)
class _Counts:
    calls: int = 0
    statements: int = 0
    ends_seconds: float = 0.0


@dataclass(slots=True)
class _Counting(httpx.AsyncBaseTransport):
    """Counts the requests that pass to a sandbox's end, and the time that the end takes."""

    inner: httpx.AsyncBaseTransport
    counts: _Counts = field(repr=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass on."""
        self.counts.calls += 1
        await request.aread()
        await asyncio.sleep(0)  # as the end does before it works
        answering = self.inner.handle_async_request(request)
        began = time.thread_time()
        try:
            answering.send(None)  # up to the end's own pause
            self.counts.ends_seconds += time.thread_time() - began
            await asyncio.sleep(0)
            began = time.thread_time()
            answering.send(None)
        except StopIteration as done:
            self.counts.ends_seconds += time.thread_time() - began
            response: httpx.Response = done.value
            return response
        raise RuntimeError("an end of the sandbox waited for something")


class _Bench:
    def __init__(self, url: str) -> None:
        clock, settings = SystemClock(), Settings(pepper=f"benchmark:{'ab' * 32}")
        hasher = load_token_hasher(settings)
        self.counts = _Counts()
        self.database = Database(url, clock=clock, hasher=hasher, pool_size=settings.database_pool)
        self.queue = Database(url, clock=clock, hasher=hasher, pool_size=3)
        mounts = {at: _Counting(end, self.counts) for at, end in sandbox_mounts().items()}
        self.http = HttpClient(clock=clock, sleep=asyncio.sleep, chance=system_random, mounts=mounts)
        self.reading: Reading = reading_of(self.database, open_registry(settings, self.http), settings)
        self.concurrency = settings.worker_concurrency

    async def close(self) -> None:
        """Close every connection."""
        await self.http.close()
        await self.database.close()
        await self.queue.close()

    async def connect(self, persona: Persona) -> Integration:
        """Connect the account of a persona, in a workspace of its own."""

        async def work(uow: Uow) -> Integration:
            return await integrations.connect(
                uow,
                workspace_id=uow.new_id("ws"),
                mode=Mode.SANDBOX,
                user_id=uow.new_id("user"),
                client_id=None,
                provider=persona.provider_id,
                category="blockchain",
                address=persona.address,
                chains=[persona.provider_id],
                persona=persona.id,
            )

        return await self.database.execute(work)

    async def find(self, wallet: Integration) -> Integration:
        """Return a wallet as it is now."""
        found = await self.database.execute(partial(integrations.find_integration, integration_id=wallet.id))
        if found is None:
            raise LookupError(wallet.id)
        return found

    async def read(self, wallet: Integration) -> None:
        """Do the job that reads a wallet."""
        await sync_integration(self.reading, SyncIntegration(wallet.id))

    async def forget_events(self) -> None:
        """Drop what connecting has asked for: these wallets are read by hand."""

        async def work(uow: Uow) -> None:
            await uow.execute(sa.text("DELETE FROM outbox"))
            await uow.execute(sa.text("DELETE FROM jobs"))

        await self.database.execute(work)


async def _measure_one(bench: _Bench, persona: Persona) -> Wallet:
    """Read a wallet of a persona, read it again, and read another one under the eyes of ``tracemalloc``."""
    wallet = await bench.connect(persona)
    with _counted(bench.counts) as first:
        began = time.process_time()
        await bench.read(wallet)
        cpu = time.process_time() - began - bench.counts.ends_seconds
        counted = _Counts(first.calls, first.statements, first.ends_seconds)
    with _counted(bench.counts) as second:
        await bench.read(wallet)
        again = second.calls
    found = await bench.find(wallet)
    other = await bench.connect(persona)
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    await bench.read(other)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return Wallet(
        persona=persona.id,
        status=found.status.value,
        transactions=found.total_transactions,
        calls=counted.calls,
        statements=counted.statements,
        cpu_milliseconds=cpu * 1000,
        again_calls=again,
        peak_kilobytes=(peak - before) / 1000,
    )


@contextmanager
def _counted(counts: _Counts) -> Iterator[_Counts]:
    counts.calls = counts.statements = 0
    counts.ends_seconds = 0.0
    yield counts


async def _measure_many(bench: _Bench, personas: list[Persona], wallets: list[Wallet]) -> Syncs:
    """Connect many, and let a worker's runner read them as it does in operation."""
    connected = [await bench.connect(each) for each in personas]
    while await bench.queue.execute(partial(relay_events, subscriptions=SUBSCRIPTIONS)):
        pass  # a batch at a time
    stop = asyncio.Event()
    runner = Runner(
        bench.queue,
        {SyncIntegration: partial(sync_integration, bench.reading)},
        worker_id="worker_benchmark",
        concurrency=bench.concurrency,
    )
    gc.collect()
    before = _resident_megabytes()
    with _counted(bench.counts) as counts:
        began, began_cpu = time.perf_counter(), time.process_time()
        running = asyncio.create_task(runner.run(stop))
        await _until_read(bench, connected)
        seconds, cpu = time.perf_counter() - began, time.process_time() - began_cpu
        calls, statements, ends = counts.calls, counts.statements, counts.ends_seconds
    stop.set()
    await running
    found = [await bench.find(each) for each in connected]
    by_status: dict[str, int] = {}
    for each in found:
        by_status[each.status.value] = by_status.get(each.status.value, 0) + 1
    return Syncs(
        wallets=wallets,
        many=len(found),
        seconds=seconds,
        cpu_seconds=cpu,
        ends_cpu_seconds=ends,
        calls=calls,
        statements=statements,
        transactions=sum(each.total_transactions for each in found),
        megabytes_before=before,
        megabytes_peak=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1_000_000,
        by_status=by_status,
    )


async def _until_read(bench: _Bench, connected: list[Integration]) -> None:
    """Ask ten times a second whether any of these is still being read, or is about to be."""
    number = sa.select(sa.func.count().label("number")).where(
        integrations_table.c.id.in_([each.id for each in connected]),
        integrations_table.c.status.in_([each.value for each in Status if each.is_at_work]),
    )

    async def left(uow: Uow) -> int:
        row = await uow.first(number)
        return row.number if row else 0

    for _ in range(_POLLS):
        if not await bench.queue.execute(left):
            return
        await asyncio.sleep(_POLL_SECONDS)
    message = "the wallets were not read in time"
    raise TimeoutError(message)


def _resident_megabytes() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1_000_000


def _mixed(many: int) -> list[Persona]:
    """Return so many personas in the mix, those of a kind apart from each other; each is there at least once."""
    total = sum(_MIX.values())
    by_id = {each.id: each for each in PERSONAS}
    placed = [
        ((place + 0.5) / number, persona_id)
        for persona_id, share in _MIX.items()
        for number in [max(1, round(share * many / total))]
        for place in range(number)
    ]
    return [by_id[persona_id] for _, persona_id in sorted(placed)]


async def measure(url: str, many: int) -> Syncs:
    """Measure each persona by itself, then many at once."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    bench = _Bench(url)

    def count(*_: object) -> None:
        bench.counts.statements += 1

    sa.event.listen(sa.Engine, "before_cursor_execute", count)
    try:
        for persona in (each for each in PERSONAS if each.id in {"holder", "saver"}):
            await bench.read(await bench.connect(persona))  # makes the sandbox's worlds
        wallets = [await _measure_one(bench, each) for each in PERSONAS]
        await bench.forget_events()
        return await _measure_many(bench, _mixed(many), wallets)
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", count)
        await bench.close()


if __name__ == "__main__":
    print(msgspec.json.encode(asyncio.run(measure(sys.argv[1], int(sys.argv[2])))).decode())
