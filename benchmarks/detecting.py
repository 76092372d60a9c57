"""Detection: how long it takes to ask every EVM chain for an address, one in twenty of them dead.

``python -m benchmarks.detecting <searches>``: one JSON object on standard output. The chains' nodes are little ones,
all in one process beside this one.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import msgspec
import uvloop

from benchmarks.servers import ROOT, free_port
from kryptos.catalog import Chain, list_chains
from kryptos.infra.http_client.client import HttpClient
from kryptos.kernel.clock import SystemClock
from kryptos.kernel.ids import system_random
from kryptos.kernel.mode import Mode
from kryptos.providers.registry import Registry, detect_chains
from kryptos.providers.registry.detection import BUDGET
from kryptos.providers.registry.sources import Source, variable_of_chain

_FARM = ROOT / "backend/tests/providers/node_farm.py"
_ADDRESS = "0x" + "5a" * 20
_USED_EVERY, _DEAD_EVERY = 13, 20


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """One search."""

    seconds: float
    cpu_seconds: float
    """Of the process that searches, its nodes' not in it."""
    missed: int
    """Chains that would have answered and were not heard within the time of a search."""


class Detections(msgspec.Struct, frozen=True, kw_only=True):
    """Searches over every EVM chain."""

    chains: int
    dead: int
    budget_seconds: float
    refusing: list[Search]
    """The dead refuse the connection; a process that never searched before."""
    refusing_again: list[Search]
    """The same again, connections still open."""
    silent: list[Search]
    """Half of the dead take the connection and say nothing."""


def _behaviours(rows: list[Chain], *, with_silent: bool) -> dict[str, str]:
    found = {row.id: "unused" if number % _USED_EVERY else "used" for number, row in enumerate(rows)}
    for number, row in enumerate(rows[7::_DEAD_EVERY]):
        found[row.id] = "silent" if with_silent and number % 2 else "refused"
    return found


@contextmanager
def _nodes(rows: list[Chain], behaviours: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Run a node per chain in a process of its own; give the variables that name them."""
    served = [row for row in rows if behaviours[row.id] != "refused"]
    command = [sys.executable, str(_FARM), "0", *(f"{row.chain_id}:{behaviours[row.id]}" for row in served)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as farm:
        try:
            told = farm.stdout.readline() if farm.stdout else "[]"
            ports = dict(zip([row.id for row in served], json.loads(told), strict=True))
            closed = free_port()
            yield {
                variable_of_chain(Source.RPC, row.id): f"http://127.0.0.1:{ports.get(row.id, closed)}"
                for row in rows
            }
        finally:
            farm.terminate()


async def _search(registry: Registry, alive: int) -> Search:
    began, began_cpu = time.perf_counter(), time.process_time()
    found = await detect_chains(registry, _ADDRESS, mode=Mode.PRODUCTION, budget=BUDGET)
    return Search(
        seconds=time.perf_counter() - began,
        cpu_seconds=time.process_time() - began_cpu,
        missed=alive - found.looked,
    )


async def measure(searches: int) -> Detections:
    """Search a few times in each setting."""
    rows = [row for row in list_chains() if row.family == "evm"]
    dead = len(rows[7::_DEAD_EVERY])
    refusing, refusing_again, silent = [], [], []
    with _nodes(rows, _behaviours(rows, with_silent=False)) as upstreams:
        for _ in range(searches):
            async with _open_client() as http:
                registry = Registry(http, upstreams, sandbox_nodes={})
                refusing.append(await _search(registry, len(rows) - dead))
                refusing_again.append(await _search(registry, len(rows) - dead))
    with _nodes(rows, _behaviours(rows, with_silent=True)) as upstreams:
        for _ in range(searches):
            async with _open_client() as http:
                registry = Registry(http, upstreams, sandbox_nodes={})
                silent.append(await _search(registry, len(rows) - dead))
    return Detections(
        chains=len(rows),
        dead=dead,
        budget_seconds=BUDGET.total_seconds(),
        refusing=refusing,
        refusing_again=refusing_again,
        silent=silent,
    )


def _open_client() -> HttpClient:
    return HttpClient(clock=SystemClock(), sleep=asyncio.sleep, chance=system_random)


if __name__ == "__main__":
    print(msgspec.json.encode(uvloop.run(measure(int(sys.argv[1])))).decode())
