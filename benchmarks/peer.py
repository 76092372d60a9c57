"""The peer: the same statements in a bare asyncpg loop, on one held connection, with nothing around them.

``python -m benchmarks.peer <database url> check|userinfo|holdings|statements <iterations>``: on standard input a JSON
list, of hex token hashes or of statements with their arguments; one JSON object on standard output.
"""

import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import cycle, islice
from typing import Any, TypeAlias

import asyncpg
import msgspec
import uvloop

from kryptos.domains.grants._queries import authenticate_statement
from kryptos.domains.identity._queries import PROFILE
from kryptos.domains.portfolio._queries import RENDERING
from kryptos.domains.portfolio.contracts import Variant

_WARM_UP = {"check": 100, "userinfo": 100, "holdings": 100, "statements": 4}
_VARIANT = Variant().name
Statement = tuple[str, list[str | int | bool]]
Connection: TypeAlias = "asyncpg.Connection[Any]"
Once = Callable[[Any], Awaitable[object]]


class PeerCost(msgspec.Struct, frozen=True):
    """CPU time of the client's own process, in microseconds per iteration, and iterations per second."""

    microseconds: float
    per_second: float


async def check(connection: Connection) -> Once:
    """Return the one statement of the ``cat_`` check."""
    authenticate = await connection.prepare(authenticate_statement(None))

    async def once(token_hash: bytes) -> object:
        return await authenticate.fetchrow([token_hash], [])

    return once


async def userinfo(connection: Connection) -> Once:
    """Return the check and the profile read after it, as ``/api/v1/userinfo`` does."""
    authenticate = await connection.prepare(authenticate_statement(None))
    profile = await connection.prepare(PROFILE)

    async def once(token_hash: bytes) -> object:
        row = await authenticate.fetchrow([token_hash], [])
        return row and await profile.fetchrow(row["user_id"])

    return once


async def holdings(connection: Connection) -> Once:
    """Return the check with the rendering that rides along, as ``/api/v1/holdings`` does."""
    form = await connection.fetchval("SELECT format FROM holdings_renderings LIMIT 1")
    authenticate = await connection.prepare(authenticate_statement(RENDERING))

    async def once(token_hash: bytes) -> object:
        row = await authenticate.fetchrow([token_hash], [], _VARIANT, form)
        if row is None or row["rendering_body"] is None:
            message = "no rendering is kept: warm the endpoint up first"
            raise LookupError(message)
        return row

    return once


async def statements(connection: Connection, texts: Iterable[str]) -> Once:
    """Return any of these statements, with the arguments it is given."""
    prepared = {text: await connection.prepare(text) for text in texts}

    async def once(statement: Statement) -> object:
        text, arguments = statement
        return await prepared[text].fetch(*arguments)

    return once


async def _prepared(connection: Connection, name: str, given: bytes) -> tuple[Once, Sequence[Any]]:
    """Return what is done in the loop, and with what in turn."""
    if name == "statements":
        asked = msgspec.json.decode(given, type=list[Statement])
        return await statements(connection, {text for text, _ in asked}), asked
    once = await {"check": check, "userinfo": userinfo, "holdings": holdings}[name](connection)
    return once, [bytes.fromhex(each) for each in msgspec.json.decode(given, type=list[str])]


async def measure(url: str, name: str, iterations: int, given: bytes) -> PeerCost:
    """Run one loop."""
    connection: Connection = await asyncpg.connect(url)
    once, work = await _prepared(connection, name, given)
    for each in islice(cycle(work), _WARM_UP[name]):
        await once(each)
    began, began_at = time.process_time(), time.perf_counter()
    for each in islice(cycle(work), iterations):
        await once(each)
    spent, seconds = time.process_time() - began, time.perf_counter() - began_at
    await connection.close()
    return PeerCost(spent * 1_000_000 / iterations, iterations / seconds)


def main(url: str, name: str, iterations: int) -> None:
    """Measure and print."""
    cost = uvloop.run(measure(url, name, iterations, sys.stdin.buffer.read()))
    print(msgspec.json.encode(cost).decode())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
