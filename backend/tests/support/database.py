"""A migrated database for as long as a block runs, for tests that may share one: they do not meet in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

from kryptos.infra.postgres import Cluster
from tests.support.postgres import administer

_numbers = count(1)


@asynccontextmanager
async def cloned_database(cluster: Cluster, template: str) -> AsyncIterator[str]:
    """Clone the template and yield the URL of the clone."""
    name = f"shared_{next(_numbers)}"
    await administer(cluster, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield cluster.url(name)
    finally:
        await administer(cluster, f'DROP DATABASE "{name}" WITH (FORCE)')
