"""The peer: the same statements in a bare asyncpg loop, on one held connection, with nothing around them.

``python -m benchmarks.peer <database url> <iterations>``: hex token hashes, one a line, on standard input; one JSON
object on standard output.
"""

import sys
import time
from itertools import cycle, islice

import asyncpg
import msgspec
import uvloop

from kryptos.domains.grants._queries import AUTHENTICATE
from kryptos.domains.identity._queries import PROFILE


class PeerCost(msgspec.Struct, frozen=True):
    """CPU time of the client's own process, in microseconds per iteration."""

    authenticate_us: float
    both_us: float
    """With the profile read after it, as ``/api/v1/userinfo`` does."""


async def measure(url: str, hashes: list[bytes], iterations: int) -> PeerCost:
    """Run both loops."""
    connection = await asyncpg.connect(url)
    authenticate, profile = await connection.prepare(AUTHENTICATE), await connection.prepare(PROFILE)
    arguments = [[each] for each in islice(cycle(hashes), iterations)]
    for each in arguments[:100]:
        await authenticate.fetchrow(each, [])
    began = time.process_time()
    for each in arguments:
        await authenticate.fetchrow(each, [])
    between = time.process_time()
    for each in arguments:
        row = await authenticate.fetchrow(each, [])
        await profile.fetchrow(row["user_id"])
    ended = time.process_time()
    await connection.close()
    per_iteration = 1_000_000 / iterations
    return PeerCost(
        authenticate_us=(between - began) * per_iteration, both_us=(ended - between) * per_iteration
    )


def main(url: str, iterations: int) -> None:
    """Measure and print."""
    hashes = [bytes.fromhex(line) for line in sys.stdin.read().split()]
    cost = uvloop.run(measure(url, hashes, iterations))
    print(msgspec.json.encode(cost).decode())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
