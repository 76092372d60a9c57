"""Rows by table, written with COPY: use cases one by one would take minutes."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import asyncpg

from kryptos.kernel.ids import new_id, system_random

Row = Mapping[str, object]


class Bulk:
    """Collects rows until they are written; each row of a table has the same columns in the same order."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._rows: dict[str, list[Row]] = {}

    def add(self, table: str, **row: object) -> None:
        """Add a row."""
        self._rows.setdefault(table, []).append(row)

    def new_id(self, prefix: str) -> str:
        """Return a new identifier."""
        return new_id(prefix, self.now, system_random)

    async def write(self, url: str) -> None:
        """Write every row and let the planner look at the tables."""
        await write_rows(url, {table: iter(rows) for table, rows in self._rows.items()})


async def write_rows(url: str, rows_of: Mapping[str, Iterator[Row]]) -> None:
    """Write the rows of some tables as they come, and let the planner look at the tables."""
    connection = await asyncpg.connect(url)
    try:
        for table, rows in rows_of.items():
            first = next(rows)
            await connection.copy_records_to_table(
                table, records=_records(first, rows), columns=tuple(first), timeout=300
            )
        await connection.execute("VACUUM ANALYZE", timeout=300)
    finally:
        await connection.close()


def _records(first: Row, rest: Iterable[Row]) -> Iterator[tuple[object, ...]]:
    yield tuple(first.values())
    for row in rest:
        yield tuple(row.values())
