"""Databases that earlier versions wrote, and what apps and people held and were told then."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import asyncpg
import msgspec

from tests.upgrades.story import Facts

FIXTURES = Path(__file__).parent / "fixtures"


@dataclass(frozen=True)
class Fixture:
    """What ``write_fixture`` wrote for one revision of the schema."""

    revision: str

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return FIXTURES / self.revision

    @cached_property
    def facts(self) -> Facts:
        """What apps and people held."""
        facts: Facts = msgspec.json.decode((self.folder / "facts.json").read_bytes())
        return facts

    @property
    def at(self) -> datetime:
        """The instant at which everything had happened."""
        return msgspec.convert(self.facts["at"], datetime)

    def replies(self) -> Iterator[tuple[str, str, Any]]:
        """Yield who read, the path, and what was told."""
        for line in (self.folder / "replies.jsonl").read_bytes().splitlines():
            told = msgspec.json.decode(line)
            yield told["who"], told["path"], told["body"]

    async def load_into(self, url: str) -> None:
        """Write it into a database in which nothing is."""
        connection = await asyncpg.connect(url)
        try:
            await connection.execute((self.folder / "dump.sql").read_text())
        finally:
            await connection.close()


def all_fixtures() -> list[Fixture]:
    """Return every fixture there is, oldest first."""
    return [Fixture(each.name) for each in sorted(FIXTURES.iterdir())]


async def count_rows(url: str) -> dict[str, int]:
    """Return how many rows every table has, but for the one in which Alembic keeps its place."""
    connection = await asyncpg.connect(url)
    try:
        tables = await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        )
        names = [row["tablename"] for row in tables if row["tablename"] != "alembic_version"]
        return {name: await connection.fetchval(f'SELECT count(*) FROM public."{name}"') for name in names}
    finally:
        await connection.close()


def lost(before: object, now: object, at: str = "$") -> list[str]:
    """Return where a reply lacks or changes what it told before; what is new in it is no loss."""
    if isinstance(before, dict) and isinstance(now, dict):
        missing = [f"{at}.{key} is missing" for key in before.keys() - now.keys()]
        shared = before.keys() & now.keys()
        return missing + [
            each for key in sorted(shared) for each in lost(before[key], now[key], f"{at}.{key}")
        ]
    if isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        pairs = enumerate(zip(before, now, strict=True))
        return [each for index, (old, new) in pairs for each in lost(old, new, f"{at}[{index}]")]
    return [] if type(before) is type(now) and before == now else [f"{at} was {before!r} and is {now!r}"]
