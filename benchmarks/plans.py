"""Plans: how PostgreSQL answers the statements of a page, as EXPLAIN (ANALYZE, BUFFERS) tells it."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import asyncpg
import msgspec
import sqlalchemy as sa

from benchmarks.peer import Statement

_DIALECT = sa.engine.make_url("postgresql+asyncpg://").get_dialect()()


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How one statement was answered."""

    name: str
    nodes: list[str]
    """Kinds of its nodes with the index each uses, the outermost first."""
    milliseconds: float
    planning_milliseconds: float
    buffers: int
    """Blocks of 8 kB that were looked at."""
    heap_fetches: int
    """Rows of an index-only scan that had to be looked up all the same."""

    def is_scan_of(self, index: str) -> bool:
        """Whether a page is one range of an index and nothing more."""
        return [each.replace(" Backward", "") for each in self.nodes] == ["Limit", f"Index Scan on {index}"]

    @property
    def is_index_only(self) -> bool:
        """Whether a count looked at an index alone."""
        return self.nodes[-1].startswith("Index Only Scan")


def compiled(statement: sa.Select[Any]) -> Statement:
    """Return a statement and its arguments as the driver gets them."""
    text = statement.compile(dialect=_DIALECT)
    return str(text), [text.params[name] for name in text.positiontup or ()]


def explain(url: str, statements: Mapping[str, Statement]) -> list[Plan]:
    """Have each statement explained, the second time that it is made: from memory, as in operation."""
    return asyncio.run(_explain(url, statements))


async def _explain(url: str, statements: Mapping[str, Statement]) -> list[Plan]:
    connection = await asyncpg.connect(url)
    try:
        found = []
        for name, (text, arguments) in statements.items():
            await connection.fetch(text, *arguments)
            told = await connection.fetchval(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {text}", *arguments)
            found.append(_plan(name, msgspec.json.decode(told)[0]))
        return found
    finally:
        await connection.close()


def _plan(name: str, told: Mapping[str, Any]) -> Plan:
    nodes = list(_nodes(told["Plan"]))
    return Plan(
        name=name,
        nodes=[_named(node) for node in nodes],
        milliseconds=told["Execution Time"],
        planning_milliseconds=told["Planning Time"],
        buffers=sum(told["Plan"].get(f"Shared {kind} Blocks", 0) for kind in ("Hit", "Read")),
        heap_fetches=sum(node.get("Heap Fetches", 0) for node in nodes),
    )


def _nodes(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield node
    inner: Sequence[Mapping[str, Any]] = node.get("Plans", ())
    for each in inner:
        yield from _nodes(each)


def _named(node: Mapping[str, Any]) -> str:
    direction = " Backward" if node.get("Scan Direction") == "Backward" else ""
    index = node.get("Index Name")
    return f"{node['Node Type']}{direction}{f' on {index}' if index else ''}"
