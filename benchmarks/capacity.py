"""``python -m benchmarks.capacity``: how much a machine takes, in calls a second and milliseconds.

Without an argument it measures an installation of its own, against a floor: a server that makes the one statement of
the token's check and replies with a constant. With ``--facts FILE`` it measures yours: a JSON file with ``base_url``,
``client_id``, ``client_secret`` and ``access_token``, such as the demo's. Journeys make guests there. Only this machine
is loaded unless you say ``--elsewhere``.
"""

import argparse
import asyncio
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from rich.console import Console
from rich.table import Table

from benchmarks import floor
from benchmarks.accounts import add_history, add_holdings
from benchmarks.capacity_calls import AnsweredOtherwise, Line, Measured, Task, drive
from benchmarks.machine import describe
from benchmarks.page import MEASURED, write_page
from benchmarks.running import stand_on
from benchmarks.seeding import seed
from benchmarks.stand import Stand
from kryptos.infra.migrations.run import migrate
from kryptos.infra.postgres import Cluster

FLOOR, USERINFO = "floor", "userinfo"
LEAST_OF_FLOOR = 0.08
"""So large a part of the floor's calls are answered by the authenticated read: clearly less is a step back."""
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_USERINFO = "/api/v1/userinfo"
_PEOPLE = 500
_ROUNDS = 3
_PAGE = 100


class Facts(msgspec.Struct, frozen=True):
    """Where an installation is, and the credentials of an app and of one access."""

    base_url: str
    client_id: str
    client_secret: str
    access_token: str


class LoadFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of load, of the middle round."""

    name: str
    per_second: float
    milliseconds: dict[str, float]
    of_floor: float


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What one run measured."""

    machine: str
    connections: int
    transactions: int
    rounds: int
    loads: list[LoadFigures]


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Where a round of a load ends, whichever is first, and how many call at once."""

    calls: int
    seconds: float
    connections: int


def main() -> int:
    """Measure and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.capacity", description=__doc__)
    parser.add_argument("--calls", type=int, default=3000, help="calls of a round at most")
    parser.add_argument("--seconds", type=float, default=5, help="seconds of a round at most")
    parser.add_argument("--connections", type=int, default=8, help="callers at once")
    parser.add_argument(
        "--transactions", type=int, default=100_000, help="of the one person with a long history"
    )
    parser.add_argument("--facts", type=Path, help="measure the installation that this file tells of")
    parser.add_argument("--elsewhere", action="store_true", help="load another machine than this")
    given = parser.parse_args()
    limits = Limits(calls=given.calls, seconds=given.seconds, connections=given.connections)
    console = Console()
    if given.facts is None:
        figures = measure_here(limits, given.transactions)
        show(console, figures.loads)
        MEASURED.mkdir(exist_ok=True)
        (MEASURED / "capacity.json").write_bytes(msgspec.json.format(msgspec.json.encode(figures)) + b"\n")
        write_page()
        return int(next(each for each in figures.loads if each.name == USERINFO).of_floor < LEAST_OF_FLOOR)
    facts = msgspec.json.decode(given.facts.read_bytes(), type=Facts)
    if urlsplit(facts.base_url).hostname not in _LOOPBACK and not given.elsewhere:
        parser.error(f"{facts.base_url} is not this machine. Say --elsewhere to load it all the same.")
    try:
        rounds = [{name: run(facts.base_url, task, limits) for name, task in loads_of(facts, [0]).items()}]
    except* AnsweredOtherwise as errors:
        parser.error(
            f"{errors.exceptions[0]}\nA 429 means: start the server with KRYPTOS_RATE_LIMIT_FACTOR=100000."
        )
    show(console, figures_of(rounds))
    return 0


def measure_here(limits: Limits, transactions: int) -> Figures:
    """Measure an installation that is made for it, in turn with the floor; nothing is left behind."""
    directory = Path(tempfile.mkdtemp(prefix="kryptos-capacity-"))
    try:
        with Cluster(directory / "postgres", purpose="benchmarks") as cluster:
            stand = stand_on(directory, cluster, lambda _words: None)
            rounds = _rounds_on(stand, limits, transactions)
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    return Figures(
        machine=describe(),
        connections=limits.connections,
        transactions=transactions,
        rounds=len(rounds),
        loads=figures_of(rounds),
    )


def _rounds_on(stand: Stand, limits: Limits, transactions: int) -> list[dict[str, Measured]]:
    asyncio.run(migrate(stand.url))
    seeded = asyncio.run(seed(stand.url, stand.hasher, people=_PEOPLE, public_tokens=1))
    person = seeded.people[0]
    asyncio.run(add_holdings(stand.url, seeded.people))
    asyncio.run(add_history(stand.url, person, transactions))
    with ExitStack() as stack:
        web = stack.enter_context(stand.web())
        reply = web.get(_USERINFO, {"Authorization": f"Bearer {person.access_token}"})
        constant = stack.enter_context(stand.constant("statement", reply, person.access_token))
        facts = Facts(
            f"http://127.0.0.1:{web.port}", seeded.client_id, seeded.client_secret, person.access_token
        )
        loads = loads_of(facts, [0, transactions // 2])
        floor_url = f"http://127.0.0.1:{constant.port}"
        return [
            {
                FLOOR: run(floor_url, reading(floor.PATH, [person.access_token]), limits),
                **{name: run(facts.base_url, task, limits) for name, task in loads.items()},
            }
            for _ in range(_ROUNDS)
        ]


def run(base_url: str, task: Task, limits: Limits) -> Measured:
    """Measure one round of a load."""
    return asyncio.run(
        drive(base_url, task, connections=limits.connections, calls=limits.calls, seconds=limits.seconds)
    )


def loads_of(facts: Facts, offsets: Sequence[int]) -> dict[str, Task]:
    """Return what is measured, by name."""
    paths = {USERINFO: _USERINFO, "holdings": "/api/v1/holdings"}
    for offset in offsets:
        name = f"{_PAGE} transactions after {offset}" if offset else f"{_PAGE} newest transactions"
        paths[name] = f"/api/v1/transactions?limit={_PAGE}&offset={offset}"
    reads = {name: reading(path, [facts.access_token]) for name, path in paths.items()}
    return {**reads, "journey of a guest": journey(facts)}


def reading(path: str, tokens: Sequence[str]) -> Task:
    """Return the task of reading a path, with each of the tokens in turn."""
    turns = cycle(tokens)

    async def read(line: Line) -> None:
        await line.call("GET", path, {"Authorization": f"Bearer {next(turns)}"})

    return read


def journey(facts: Facts) -> Task:
    """Return the task of six calls from link token to data."""
    app = {"X-Client-Id": facts.client_id, "X-Client-Secret": facts.client_secret}

    async def walk(line: Line) -> None:
        person = {"X-LINK-TOKEN": (await line.post("/link-token", app, {}))["link_token"]}
        await line.post("/link-token/auth/anonymous", person, {})
        await line.post("/link-token/consent", person, {"approved": True})
        public_token = (await line.post("/link-token/complete", person, {}))["public_token"]
        given = await line.post("/token/exchange", app, {"public_token": public_token})
        await line.call("GET", _USERINFO, {"Authorization": f"Bearer {given['access_token']}"})

    return walk


def figures_of(rounds: Sequence[dict[str, Measured]]) -> list[LoadFigures]:
    """Return the middle round of each load, by calls a second, and its part of the floor's."""
    found = []
    for name in rounds[0]:
        middle = sorted((each[name] for each in rounds), key=lambda one: one.per_second)[len(rounds) // 2]
        parts = [each[name].per_second / each[FLOOR].per_second for each in rounds if FLOOR in each]
        found.append(
            LoadFigures(
                name=name,
                per_second=middle.per_second,
                milliseconds=middle.milliseconds,
                of_floor=round(statistics.median(parts), 4) if parts else 0.0,
            )
        )
    return found


def show(console: Console, loads: Sequence[LoadFigures]) -> None:
    """Print a table."""
    table = Table()
    for heading in ("What", "per second", *(f"{name} ms" for name in loads[0].milliseconds), "of the floor"):
        table.add_column(heading, justify="left" if heading == "What" else "right")
    for each in loads:
        part = f"{each.of_floor:.1%}" if each.of_floor else ""
        table.add_row(each.name, f"{each.per_second:g}", *map(str, each.milliseconds.values()), part)
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
