"""Scrubbing a database: what its owner may do, what only a superuser may, and who is in the way."""

import asyncio
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from kryptos.infra.postgres import Cluster
from kryptos.infra.scrub import ScrubUnderWay, is_server_of, scrub
from tests.support.postgres import administer

_numbers = count(1)
MARK = "ada-lovelace-of-the-engine"
NAMES = ("people", "letters")


async def prepared(cluster: Cluster) -> str:
    """Return the URL, for an owner who is no superuser, of a database with a table of people and one of letters."""
    name = f"scrubbed_{next(_numbers)}"
    await administer(cluster, f"CREATE ROLE {name} LOGIN")
    await administer(cluster, f"CREATE DATABASE {name} OWNER {name}")
    await administer(cluster, f"ALTER DATABASE {name} SET search_path = public")
    connection = await asyncpg.connect(cluster.url(name))
    await connection.execute(f"GRANT ALL ON SCHEMA public TO {name}")
    await connection.close()
    url = cluster.url(name).replace("//postgres@", f"//{name}@")
    connection = await asyncpg.connect(url)
    try:
        for table in NAMES:
            await connection.execute(f"CREATE TABLE {table} (id int PRIMARY KEY, name text)")
            await connection.execute(
                f"INSERT INTO {table} SELECT n, '{MARK} ' || n % 7 FROM generate_series(1, 2000) n"
            )
            await connection.execute(f"VACUUM ANALYZE {table}")
            await connection.execute(f"DELETE FROM {table}")
    finally:
        await connection.close()
    return url


async def statistics(url: str) -> str:
    connection = await asyncpg.connect(url)
    try:
        told = (
            "SELECT most_common_vals::text, histogram_bounds::text FROM pg_stats WHERE schemaname = 'public'"
        )
        return str(await connection.fetch(told))
    finally:
        await connection.close()


def files_with_the_mark(cluster: Cluster, directory: str) -> list[str]:
    return [
        path.name
        for path in Path(cluster.data, directory).rglob("*")
        if path.is_file() and MARK.encode() in path.read_bytes()
    ]


async def test_an_owner_gets_rid_of_all_but_the_log(cluster: Cluster) -> None:
    url, said = await prepared(cluster), list[str]()
    assert MARK in await statistics(url)

    done = await scrub(url, say=said.append)

    assert (done.tables, done.undone) == (2, [])
    assert any("CHECKPOINT" in each for each in done.beyond)
    assert any("Backups" in each for each in done.beyond)
    assert len(said) == 4
    assert MARK not in await statistics(url)
    await administer(cluster, "CHECKPOINT")
    assert files_with_the_mark(cluster, "base") == []


async def test_a_superuser_gets_rid_of_the_log_as_well(cluster: Cluster) -> None:
    url = await prepared(cluster)
    assert files_with_the_mark(cluster, "pg_wal") != []
    done = await scrub(cluster.url(urlsplit(url).path[1:]), say=lambda _: None)
    assert done.undone == []
    assert files_with_the_mark(cluster, "pg_wal") == []


async def test_what_belongs_to_another_role_is_told(cluster: Cluster) -> None:
    url = await prepared(cluster)
    name = urlsplit(url).path[1:]
    owner = await asyncpg.connect(cluster.url(name))
    await owner.execute("ALTER TABLE letters OWNER TO postgres")
    await owner.execute(f"ALTER DATABASE {name} OWNER TO postgres")  # its owner may vacuum every table
    await owner.execute(f"GRANT SELECT ON letters TO {name}")
    await owner.close()
    done = await scrub(url, say=lambda _: None)
    assert done.tables == 1
    assert any("public" in each and "letters" in each and "another role" in each for each in done.undone)


async def test_a_table_in_use_is_waited_for(cluster: Cluster) -> None:
    url = await prepared(cluster)
    reader = await asyncpg.connect(url)
    reading = reader.transaction()
    await reading.start()
    await reader.execute("LOCK TABLE people IN ACCESS SHARE MODE")
    scrubbing = asyncio.create_task(scrub(url, say=lambda _: None))
    await asyncio.sleep(1)
    assert not scrubbing.done()
    await reading.rollback()
    assert (await scrubbing).undone == []
    await reader.close()


async def test_one_at_a_time(cluster: Cluster) -> None:
    url = await prepared(cluster)
    reader = await asyncpg.connect(url)
    await reader.execute("BEGIN; LOCK TABLE people IN ACCESS SHARE MODE")
    first = asyncio.create_task(scrub(url, say=lambda _: None))
    await asyncio.sleep(0.5)
    with pytest.raises(ScrubUnderWay):
        await scrub(url, say=lambda _: None)
    await reader.close()
    await first


async def test_whose_server_it_is(cluster: Cluster) -> None:
    url = await prepared(cluster)
    assert await is_server_of(cluster.url("postgres"), data=str(cluster.data))
    assert not await is_server_of(cluster.url("postgres"), data="/elsewhere")
    assert not await is_server_of(url, data=str(cluster.data)), "an owner may not know"
