"""The run: one database, every server at once, rounds in turn so that a busy machine is busy for all of them."""

import asyncio
import secrets
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import msgspec

from benchmarks import floor
from benchmarks.chain_data import Holdings, Pages, measure_holdings, measure_pages, ratios_of
from benchmarks.detecting import Detections
from benchmarks.measuring import Load, Series, cost_of, series_of
from benchmarks.peer import PeerCost
from benchmarks.seeding import Person, Seeded, seed
from benchmarks.servers import Server, ServerFailed
from benchmarks.stand import Stand, Tell, get, post, take_turns
from benchmarks.statements import StatementLog
from benchmarks.syncing import Syncs
from benchmarks.widget import WidgetTimes, measure_widget
from kryptos.infra.migrations.run import migrate
from kryptos.infra.postgres import Cluster
from kryptos.infra.secrets import load_token_hasher
from kryptos.infra.settings import Settings

USERINFO = "/api/v1/userinfo"
_CONNECTIONS = 8
_RATE_LIMIT_FACTOR = "100000"
_SHOWN_PEOPLE = 1000  # different callers in turn; an installation does not hear one token alone
_ERROR = '"level":"error"'


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How much is measured."""

    people: int = 20_000
    rounds: int = 5
    reads: int = 2_500
    """Requests of a round, and iterations of the peer's."""
    writes: int = 100
    starts: int = 3
    transactions: int = 200_000
    """Of the one person with a long history."""
    pages: int = 24
    """Requests of a round."""
    wallets: int = 60
    """That are connected and read."""
    searches: int = 3
    """For the chains of an address."""
    openings: int = 15
    """Of the widget, and of each page beside it."""


QUICK = Plan(
    people=500,
    rounds=2,
    reads=500,
    writes=40,
    starts=1,
    transactions=20_000,
    pages=8,
    wallets=12,
    searches=1,
    openings=3,
)


class Writes(msgspec.Struct, frozen=True):
    """A call that writes: its cost, and its statements without and with BEGIN and COMMIT."""

    cost: Series
    statements: int
    framing: int


class Reads(msgspec.Struct, frozen=True, kw_only=True):
    """The cost of an authenticated read, and of what stands beside it."""

    reply_bytes: int
    userinfo: Series
    """The whole of ``/api/v1/userinfo``: check and profile."""
    check: Series
    """The product's own way from request to reply, with the ``cat_`` check and a constant reply of the same size."""
    statement: Series
    """The check's one statement in a plain ASGI function: what no code of ours around it can undercut."""
    litestar: Series
    asgi: Series
    peer_check: Series
    peer_userinfo: Series

    @property
    def ratios(self) -> list[float]:
        """The check's cost in units of the bare Litestar reply, round by round."""
        return ratios_of(self.check, self.litestar)


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that one run measured."""

    plan: Plan
    reads: Reads
    holdings: Holdings
    pages: Pages
    link_token: Writes
    exchange: Writes
    syncs: Syncs
    detections: Detections
    widget: WidgetTimes
    megabytes_idle: float
    megabytes: float
    megabytes_after_pages: float
    ready_seconds: list[float]
    ready_cpu_seconds: list[float]


def run(plan: Plan, tell: Tell) -> Outcome:
    """Measure everything; nothing is left behind."""
    directory = Path(tempfile.mkdtemp(prefix="kryptos-bench-"))
    try:
        with Cluster(directory / "postgres", purpose="benchmarks") as cluster:
            return _Run(plan, stand_on(directory, cluster, tell)).outcome()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def stand_on(directory: Path, cluster: Cluster, tell: Tell) -> Stand:
    """Return a stand on a running database."""
    pepper = f"benchmark:{secrets.token_hex(32)}"
    return Stand(
        directory=directory,
        cluster=cluster,
        environment={
            "KRYPTOS_DATABASE_URL": cluster.url(),
            "KRYPTOS_DATA_DIR": str(directory),
            "KRYPTOS_PEPPER": pepper,
            "KRYPTOS_RATE_LIMIT_FACTOR": _RATE_LIMIT_FACTOR,
            "KRYPTOS_LOG_LEVEL": "info",
        },
        hasher=load_token_hasher(Settings(pepper=pepper)),
        tell=tell,
    )


class _Run:
    def __init__(self, plan: Plan, stand: Stand) -> None:
        self._plan = plan
        self._stand = stand

    def outcome(self) -> Outcome:
        plan, stand = self._plan, self._stand
        stand.tell(f"seeding {plan.people} people with a grant and a token each")
        asyncio.run(migrate(stand.url))
        exchanged = plan.writes * (plan.rounds + 1) + 2
        seeded = asyncio.run(seed(stand.url, stand.hasher, people=plan.people, public_tokens=exchanged))
        people = seeded.people[:: max(1, len(seeded.people) // _SHOWN_PEOPLE)]
        stand.tell("starting the web process, alone")
        starts = [self._start() for _ in range(plan.starts)]
        with stand.web() as web:
            megabytes_idle = web.megabytes()
            reads = self._reads(web, people)
            link_token, exchange = self._writes(web, seeded)
            holdings = measure_holdings(stand, web, people, rounds=plan.rounds, reads=plan.reads // 2)
            megabytes = web.megabytes()
            pages = measure_pages(
                stand,
                web,
                people[0],
                transactions=plan.transactions,
                rounds=plan.rounds,
                reads=plan.pages,
            )
            megabytes_after_pages = web.megabytes()
            widget = measure_widget(stand, web, samples=plan.openings)
        self._require_no_errors()
        stand.tell(f"syncing {plan.wallets} wallets")
        syncs = stand.ask("benchmarks.syncing", stand.url, str(plan.wallets), kind=Syncs)
        stand.tell("searching for chains")
        detections = stand.ask("benchmarks.detecting", str(plan.searches), kind=Detections)
        return Outcome(
            plan=plan,
            reads=reads,
            holdings=holdings,
            pages=pages,
            link_token=link_token,
            exchange=exchange,
            syncs=syncs,
            detections=detections,
            widget=widget,
            megabytes_idle=megabytes_idle,
            megabytes=megabytes,
            megabytes_after_pages=megabytes_after_pages,
            ready_seconds=[seconds for seconds, _ in starts],
            ready_cpu_seconds=[cpu for _, cpu in starts],
        )

    def _require_no_errors(self) -> None:
        """Refuse numbers of a server that failed at something: failing may be faster."""
        for log in self._stand.directory.glob("*.log"):
            errors = [line for line in log.read_text().splitlines() if _ERROR in line]
            if errors:
                raise ServerFailed(
                    f"The web process logged {len(errors)} errors, such as:\n{errors[0][:2000]}"
                )

    def _start(self) -> tuple[float, float]:
        with self._stand.web() as web:
            return web.ready_seconds, web.cpu_seconds()

    def _reads(self, web: Server, people: Sequence[Person]) -> Reads:
        plan, stand = self._plan, self._stand
        tokens = [each.access_token for each in people]
        reply = web.get(USERINFO, {"Authorization": f"Bearer {tokens[0]}"})
        of_userinfo, of_constant = (
            Load([get(path, token) for token in tokens], connections=_CONNECTIONS)
            for path in (USERINFO, floor.PATH)
        )
        hashes = [stand.hasher.hash(token).hex() for token in tokens]
        with ExitStack() as stack:
            subjects = {"userinfo": (web, of_userinfo)}
            for name in ("check", "statement", "litestar", "asgi"):
                server = stack.enter_context(stand.constant(name, reply, tokens[0]))
                subjects[name] = (server, of_constant)
            for server, load in subjects.values():
                load.send(server, plan.reads)  # warm-up
            turns = {
                name: partial(cost_of, server, load, plan.reads) for name, (server, load) in subjects.items()
            }
            peers = {f"peer_{name}": partial(self._peer, name, hashes) for name in ("check", "userinfo")}
            found = take_turns(
                plan.rounds,
                {**turns, **peers},
                lambda number: stand.tell(f"reading, round {number} of {plan.rounds}"),
            )
        return Reads(reply_bytes=len(reply), **{name: series_of(each) for name, each in found.items()})

    def _peer(self, name: str, hashes: list[str]) -> tuple[float, float]:
        cost = self._stand.ask(
            "benchmarks.peer", self._stand.url, name, str(self._plan.reads), given=hashes, kind=PeerCost
        )
        return cost.microseconds, cost.per_second

    def _writes(self, web: Server, seeded: Seeded) -> tuple[Writes, Writes]:
        plan, stand = self._plan, self._stand
        credentials = {"X-Client-Id": seeded.client_id, "X-Client-Secret": seeded.client_secret}
        bodies = [msgspec.json.encode({"public_token": token}) for token in seeded.public_tokens]
        link_token = Load([post("/link-token", credentials, b"{}")], connections=_CONNECTIONS)
        exchange = Load(
            [post("/token/exchange", credentials, body) for body in bodies], connections=_CONNECTIONS
        )
        link_token.send(web, plan.writes)
        exchange.send(web, plan.writes)
        created, exchanged = [], []
        for number in range(plan.rounds):
            stand.tell(f"writing, round {number + 1} of {plan.rounds}")
            created.append(cost_of(web, link_token, plan.writes))
            exchanged.append(cost_of(web, exchange, plan.writes, offset=plan.writes * (number + 1)))
        headers = {**credentials, "Content-Type": "application/json"}
        with StatementLog(stand.url, stand.cluster.log) as log:
            of_created = log.count(lambda: web.post("/link-token", headers, b"{}"))
            of_exchanged = log.count(lambda: web.post("/token/exchange", headers, bodies[-1]))
        return Writes(series_of(created), *of_created), Writes(series_of(exchanged), *of_exchanged)
