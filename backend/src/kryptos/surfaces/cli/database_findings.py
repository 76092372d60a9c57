"""What ``kryptos doctor`` finds out about the database: reach, version, schema, connections, clock."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import msgspec

from kryptos.infra.migrations import OLDEST_POSTGRES, current_revision, head_revision
from kryptos.infra.postgres import cluster_directory, database_url
from kryptos.infra.settings import Settings
from kryptos.infra.telemetry import configure_logging
from kryptos.kernel.clock import Clock
from kryptos.kernel.errors import KryptosError
from kryptos.surfaces.cli.verdicts import Finding, ok, warning, wrong

_CLOCK_TOLERANCE = timedelta(seconds=5)
_WORKER_SILENT_AFTER = timedelta(seconds=60)
_BACKUP_OLD_AFTER = timedelta(hours=36)
_ERASED_WITHIN = timedelta(hours=1)
_QUERIES = {
    "worker_seen_at": "SELECT max(seen_at) FROM worker_heartbeats",
    "has_people": "SELECT EXISTS (SELECT FROM users)",
    "backed_up_at": "SELECT max(taken_at) FROM backups",
    "dead_jobs": "SELECT count(*) FROM jobs WHERE state = 'dead'",
    "erasing_since": "SELECT min(requested_at) FROM erasures WHERE finished_at IS NULL",
    "unscrubbed": "SELECT count(*) FROM erasures WHERE finished_at IS NOT NULL AND scrubbed_at IS NULL",
}
"""What is asked by plain SQL, for doctor looks at schemas of any version."""
_PER_MAJOR = 10_000  # server_version_num of 15.4 is 150004
_KEPT_FOR_OTHERS = 10  # the worker's own, an administrator's, PostgreSQL's reserve


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """What a database says about itself, and when it said so."""

    version_number: int
    max_connections: int
    revision: str | None
    clock: datetime
    asked_at: datetime
    answered_at: datetime
    worker_seen_at: datetime | None
    has_people: bool
    backed_up_at: datetime | None
    dead_jobs: int
    erasing_since: datetime | None
    """When the oldest erasure was asked for that is not done."""
    unscrubbed: int
    """Erasures that are done while the database's files may still hold traces."""


def examine_database(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Yield the findings about the database of the installation; an embedded one is started meanwhile."""
    is_embedded = settings.database_url is None
    if is_embedded and not (cluster_directory(settings) / "data").exists():
        yield ok(
            f"embedded database: not there yet, made at first start in {cluster_directory(settings).absolute()}"
        )
        return
    configure_logging(msgspec.structs.replace(settings, log_level="error"))  # findings are told in words
    try:
        with database_url(settings, purpose="kryptos doctor") as url:
            facts = asyncio.run(_ask(url, clock))
    except KryptosError as error:
        yield wrong(error.message)
        return
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        yield wrong(
            f"the database cannot be reached ({str(error) or type(error).__name__}): check KRYPTOS_DATABASE_URL and "
            "that the server runs"
        )
        return
    yield from judge(facts, settings)


def judge(facts: DatabaseFacts, settings: Settings) -> Iterator[Finding]:
    """Yield what follows from what a database says about itself."""
    major = facts.version_number // _PER_MAJOR
    if major < OLDEST_POSTGRES:
        yield wrong(f"the database is PostgreSQL {major}: use {OLDEST_POSTGRES} or newer")
    else:
        yield ok(f"the database answers: PostgreSQL {major}")
    yield _judge_schema(facts.revision, is_embedded=settings.database_url is None)
    wanted = (
        settings.web_processes * (settings.database_pool + settings.database_readers) + settings.database_pool
    )
    if wanted + _KEPT_FOR_OTHERS > facts.max_connections:
        yield warning(
            f"web and worker on this machine may open {wanted} connections, the database allows "
            f"{facts.max_connections} in all: lower KRYPTOS_DATABASE_POOL, or raise max_connections"
        )
    yield _judge_clock(facts)
    yield _judge_worker(facts)
    yield _judge_backup(facts)
    yield _judge_jobs(facts)
    yield from _judge_erasures(facts)


def _judge_schema(revision: str | None, *, is_embedded: bool) -> Finding:
    head = head_revision()
    if revision == head:
        return ok(f"the schema is this version's: {head or 'empty'}")
    if revision is not None and head is not None and revision > head:
        return wrong(
            f"the schema is at {revision}, newer than this program's {head}: install the newer version"
        )
    if is_embedded:
        return ok(
            f"the schema is at {revision or 'nothing'}, and will be brought to {head} at the next start"
        )
    return wrong(
        f"the schema is at {revision or 'nothing'}, this version needs {head}: run `kryptos migrate`"
    )


def _judge_clock(facts: DatabaseFacts) -> Finding:
    middle = facts.asked_at + (facts.answered_at - facts.asked_at) / 2
    difference = facts.clock - middle
    uncertainty = (facts.answered_at - facts.asked_at) / 2
    if abs(difference) <= _CLOCK_TOLERANCE + uncertainty:
        return ok("this machine's clock and the database's agree")
    direction = "ahead of" if difference > timedelta(0) else "behind"
    return wrong(
        f"the database's clock is {abs(difference).total_seconds():.0f} s {direction} this machine's: set both by NTP, "
        "since tokens live and die by them"
    )


def _judge_worker(facts: DatabaseFacts) -> Finding:
    if facts.worker_seen_at is None or facts.clock - facts.worker_seen_at > _WORKER_SILENT_AFTER:
        silent = (
            ""
            if facts.worker_seen_at is None
            else f" (silent for {_span(facts.clock - facts.worker_seen_at)})"
        )
        return warning(
            f"no worker is at work{silent}: start `kryptos worker`, mail, syncs and clean-up wait for it"
        )
    return ok("a worker is at work")


def _judge_backup(facts: DatabaseFacts) -> Finding:
    if facts.backed_up_at is None:
        if not facts.has_people:
            return ok("no backup is known, and nobody is there yet")
        return warning("no backup is known: `kryptos backup FILE` makes one, at best every night")
    age = facts.clock - facts.backed_up_at
    if age > _BACKUP_OLD_AFTER:
        return warning(
            f"the newest backup is {_span(age)} old: `kryptos backup FILE` makes one, at best every night"
        )
    return ok(f"the newest backup is {_span(age)} old")


def _judge_jobs(facts: DatabaseFacts) -> Finding:
    if facts.dead_jobs:
        return warning(f"{facts.dead_jobs} jobs were given up: `kryptos job list` says which and why")
    return ok("no job was given up")


def _judge_erasures(facts: DatabaseFacts) -> Iterator[Finding]:
    if facts.erasing_since is not None and facts.clock - facts.erasing_since > _ERASED_WITHIN:
        yield warning(
            f"somebody has waited {_span(facts.clock - facts.erasing_since)} to be erased: a worker must be at work, "
            "and `kryptos job list` says if it gave up"
        )
    if facts.unscrubbed:
        yield warning(
            f"{facts.unscrubbed} erasures are done, but the database's files may still hold traces: `kryptos scrub` in "
            "a quiet hour"
        )


def _span(span: timedelta) -> str:
    """Say how long in the one unit that fits."""
    seconds = int(span.total_seconds())
    for unit, length in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{max(seconds, 0)} seconds"


async def _ask(url: str, clock: Clock) -> DatabaseFacts:
    connection = await asyncpg.connect(url, timeout=10, command_timeout=10)
    try:
        version_number = int(await connection.fetchval("SHOW server_version_num"))
        max_connections = int(await connection.fetchval("SHOW max_connections"))
        asked_at = clock.now()
        told = await connection.fetchval("SELECT clock_timestamp()")
        answered_at = clock.now()
        known = {field: await _known(connection, query) for field, query in _QUERIES.items()}
    finally:
        await connection.close(timeout=5)
    return DatabaseFacts(
        version_number=version_number,
        max_connections=max_connections,
        revision=await current_revision(url),
        clock=told,
        asked_at=asked_at,
        answered_at=answered_at,
        worker_seen_at=known["worker_seen_at"],
        has_people=bool(known["has_people"]),
        backed_up_at=known["backed_up_at"],
        dead_jobs=known["dead_jobs"] or 0,
        erasing_since=known["erasing_since"],
        unscrubbed=known["unscrubbed"] or 0,
    )


async def _known(connection: "asyncpg.Connection[asyncpg.Record]", query: str) -> Any:  # noqa: ANN401 - as the query says
    """Return the value of a query; None also where the schema has no such table yet."""
    try:
        return await connection.fetchval(query)
    except asyncpg.UndefinedTableError:
        return None
