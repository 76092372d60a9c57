"""The widget in a browser: from the click to a first screen that can be used, and what a key of a search costs."""

import asyncio
import statistics
import subprocess
from collections.abc import Sequence

import msgspec

from benchmarks.servers import ROOT, Server, free_port
from benchmarks.stand import Stand
from kryptos.catalog import list_providers
from kryptos.domains import clients, workspaces
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.clients import CreatedClient
from kryptos.infra.database import Database, Uow
from kryptos.kernel.clock import SystemClock

_PROGRAM = ROOT / "apps/widget/bench/start.mjs"


class Opening(msgspec.Struct, frozen=True):
    """Milliseconds from the click, sample by sample."""

    dialog: list[float]
    usable: list[float]


class Openings(msgspec.Struct, frozen=True, kw_only=True):
    """One after the other in each round."""

    widget: Opening
    empty: Opening
    """The floor: an empty page in the same dialog, opened without an SDK."""
    react: Opening
    """The peer: the same first screen by React, after the same two calls: the host's link token, the session."""
    static: Opening
    """React's screen with nothing to ask anybody: what no widget that has to know its app can be."""


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """Milliseconds of each key of one query, round by round."""

    ours: list[list[float]]
    includes: list[list[float]]
    """The floor: a bare ``includes`` over the same folded names; it finds no typing errors."""
    levenshtein: list[list[float]]
    """The peer: the textbook's whole table for every word."""


class Searches(msgspec.Struct, frozen=True, kw_only=True):
    """Queries typed key by key."""

    entries: int
    queries: dict[str, Keys]

    @property
    def slowest(self) -> float:
        """The slowest key of all, by the middle of its rounds: in one round a busy machine can stop any."""
        rounds: list[list[float]] = [
            list(key) for keys in self.queries.values() for key in zip(*keys.ours, strict=True)
        ]
        return max(statistics.median(each) for each in rounds)


class WidgetTimes(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was measured in the browser."""

    rate: float
    """How many times slower the browser was told to be."""
    slowdown: float
    """How much longer the same work took in a slowed frame than in one that is not."""
    openings: Openings
    searches: Searches

    @property
    def times_peer(self) -> float:
        """From the click to usable, in units of the peer's."""
        return in_units_of(self.openings.react.usable, self.openings.widget.usable)


def in_units_of(unit: Sequence[float], times: Sequence[float]) -> float:
    """Return the middle of the ratios, sample by sample: neighbours in time had the machine equally busy."""
    return statistics.median(each / one for each, one in zip(times, unit, strict=True))


def spread(times: Sequence[float]) -> float:
    """Return the interquartile range."""
    first, _, third = statistics.quantiles(times, n=4, method="inclusive")
    return third - first


def measure_widget(stand: Stand, web: Server, *, samples: int) -> WidgetTimes:
    """Open the widget ``samples`` times and type a few queries, in a browser that is slowed down."""
    stand.tell(f"opening the widget {samples} times")
    port = free_port()
    created = asyncio.run(_register(stand, f"http://localhost:{port}"))
    task = {
        "baseUrl": f"http://127.0.0.1:{web.port}",
        "clientId": created.client.id,
        "clientSecret": created.client_secret,
        "port": port,
        "samples": samples,
        "providers": [
            {
                "id": each.id,
                "publicName": each.public_name,
                "symbol": each.symbol,
                "aliases": each.aliases,
                "rank": each.rank,
                "isWorking": each.is_working,
            }
            for each in list_providers()
        ],
    }
    done = subprocess.run(
        ["node", str(_PROGRAM)], input=msgspec.json.encode(task), stdout=subprocess.PIPE, cwd=ROOT, check=True
    )
    return msgspec.json.decode(done.stdout, type=WidgetTimes)


async def _register(stand: Stand, origin: str) -> CreatedClient:
    async def create(uow: Uow) -> CreatedClient:
        workspace = await workspaces.create_workspace(
            uow, actor=Actor(ActorKind.OPERATOR), name="Developers of a page"
        )
        return await clients.create_client(
            uow, workspace_id=workspace.id, name="A page", allowed_origins=[origin]
        )

    database = Database(stand.url, clock=SystemClock(), hasher=stand.hasher)
    try:
        return await database.execute(create)
    finally:
        await database.close()
