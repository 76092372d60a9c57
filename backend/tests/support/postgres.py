"""Fixtures of a real PostgreSQL: one cluster per test process, one fresh database per test, cloned from a template."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from kryptos.infra.migrations.run import migrate
from kryptos.infra.postgres import Cluster

TEMPLATE = "template_kryptos"
ADMINISTRATION = "postgres"
UNSAFE_BUT_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

_numbers = count(1)


async def administer(cluster: Cluster, statement: str) -> None:
    """Run one statement that no transaction may enclose, such as CREATE DATABASE."""
    connection = await asyncpg.connect(cluster.url(ADMINISTRATION))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A running server, in a directory of its own that is gone afterwards; its commits do not wait for the disk."""
    directory = Path(tempfile.mkdtemp(prefix="kryptos-test-"))
    try:
        with Cluster(directory, purpose="tests", settings=UNSAFE_BUT_FAST) as running:
            yield running
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def template(cluster: Cluster) -> str:
    """The name of a migrated database that others are cloned from; nobody connects to it."""
    await administer(cluster, f'CREATE DATABASE "{TEMPLATE}"')
    await migrate(cluster.url(TEMPLATE))
    return TEMPLATE


@pytest_asyncio.fixture(loop_scope="session")
async def database_url(cluster: Cluster, template: str) -> AsyncIterator[str]:
    """The URL of a migrated, empty database that only this test knows."""
    name = f"test_{next(_numbers)}"
    await administer(cluster, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield cluster.url(name)
    finally:
        await administer(cluster, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest_asyncio.fixture(loop_scope="session")
async def empty_database_url(cluster: Cluster) -> AsyncIterator[str]:
    """The URL of a database in which nothing is, for tests of migrating."""
    name = f"test_{next(_numbers)}"
    await administer(cluster, f'CREATE DATABASE "{name}"')
    try:
        yield cluster.url(name)
    finally:
        await administer(cluster, f'DROP DATABASE "{name}" WITH (FORCE)')
