"""One measurement: CPU time of a server over a known number of requests, repeated in turn with its neighbours'."""

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

import msgspec

from benchmarks.load import LoadDone
from benchmarks.servers import ROOT, Server

_SETTLE_SECONDS = 1.2  # what a server puts off to the next second is part of the price of a request


class Series(msgspec.Struct, frozen=True):
    """CPU microseconds per request, one number for each round."""

    microseconds: list[float]
    requests_per_second: list[float] = []

    @property
    def median(self) -> float:
        """The middle round."""
        return statistics.median(self.microseconds)


class Load:
    """Whole requests, how they are sent, and the status that answers them."""

    def __init__(self, requests: Sequence[str], *, connections: int, status: int = 200) -> None:
        self._requests = list(requests)
        self._connections = connections
        self._status = status

    def send(self, server: Server, count: int, *, offset: int = 0) -> LoadDone:
        """Send ``count`` requests, beginning with the one at ``offset``, from a process of its own."""
        turned = self._requests[offset:] + self._requests[:offset]
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "benchmarks.load",
                *map(str, (server.port, self._connections, count, self._status)),
            ],
            input=msgspec.json.encode(turned[:count]),
            stdout=subprocess.PIPE,
            cwd=ROOT,
            check=True,
        )
        return msgspec.json.decode(done.stdout, type=LoadDone)


def cost_of(server: Server, load: Load, count: int, *, offset: int = 0) -> tuple[float, float]:
    """Return the CPU microseconds per request of the whole server, and how many it answered per second."""
    before = server.cpu_seconds()
    done = load.send(server, count, offset=offset)
    time.sleep(_SETTLE_SECONDS)
    spent = server.cpu_seconds() - before
    return spent * 1_000_000 / done.requests, done.requests / done.seconds


def series_of(rounds: Sequence[tuple[float, float]]) -> Series:
    """Return the rounds of one server together."""
    return Series([cost for cost, _ in rounds], [rate for _, rate in rounds])
