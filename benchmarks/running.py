"""The run: one database, every server at once, rounds in turn so that a busy machine is busy for all of them."""

import asyncio
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from benchmarks import floor
from benchmarks.measuring import Load, Series, cost_of, series_of
from benchmarks.peer import PeerCost
from benchmarks.seeding import Seeded, seed
from benchmarks.servers import ROOT, Server, ServerFailed
from benchmarks.statements import StatementLog
from kryptos.infra.migrations.run import migrate
from kryptos.infra.postgres import Cluster
from kryptos.infra.secrets import TokenHasher, load_token_hasher
from kryptos.infra.settings import Settings

USERINFO = "/api/v1/userinfo"
_CONNECTIONS = 8
_RATE_LIMIT_FACTOR = "100000"
_SHOWN_TOKENS = 1000  # different callers in turn; an installation does not hear one token alone
_ERROR = '"level":"error"'
Tell = Callable[[str], None]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How much is measured."""

    people: int = 20_000
    rounds: int = 7
    reads: int = 4_000
    """Requests of a round, and iterations of the peer's."""
    writes: int = 400
    starts: int = 5


QUICK = Plan(people=500, rounds=2, reads=500, writes=40, starts=1)


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
    peer: list[PeerCost]

    @property
    def ratios(self) -> list[float]:
        """The check's cost in units of the bare Litestar reply, round by round."""
        return [
            ours / bare
            for ours, bare in zip(self.check.microseconds, self.litestar.microseconds, strict=True)
        ]


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that one run measured."""

    plan: Plan
    reads: Reads
    link_token: Writes
    exchange: Writes
    megabytes_idle: float
    megabytes: float
    ready_seconds: list[float]
    ready_cpu_seconds: list[float]


def run(plan: Plan, tell: Tell) -> Outcome:
    """Measure everything; nothing is left behind."""
    directory = Path(tempfile.mkdtemp(prefix="kryptos-bench-"))
    try:
        with Cluster(directory / "postgres", purpose="benchmarks") as cluster:
            return _Run(plan, directory, cluster, tell).outcome()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


class _Run:
    def __init__(self, plan: Plan, directory: Path, cluster: Cluster, tell: Tell) -> None:
        self._plan = plan
        self._directory = directory
        self._cluster = cluster
        self._tell = tell
        pepper = f"benchmark:{secrets.token_hex(32)}"
        self._hasher: TokenHasher = load_token_hasher(Settings(pepper=pepper))
        self._environment = {
            "KRYPTOS_DATABASE_URL": cluster.url(),
            "KRYPTOS_DATA_DIR": str(directory),
            "KRYPTOS_PEPPER": pepper,
            "KRYPTOS_RATE_LIMIT_FACTOR": _RATE_LIMIT_FACTOR,
            "KRYPTOS_LOG_LEVEL": "info",
        }

    def outcome(self) -> Outcome:
        plan = self._plan
        self._tell(f"seeding {plan.people} people with a grant and a token each")
        asyncio.run(migrate(self._cluster.url()))
        exchanged = plan.writes * (plan.rounds + 1) + 2
        seeded = asyncio.run(
            seed(self._cluster.url(), self._hasher, people=plan.people, public_tokens=exchanged)
        )
        self._tell("starting the web process, alone")
        starts = [self._start() for _ in range(plan.starts)]
        with self._web() as web:
            megabytes_idle = web.megabytes()
            reads = self._reads(web, seeded)
            link_token, exchange = self._writes(web, seeded)
            megabytes = web.megabytes()
        self._require_no_errors()
        return Outcome(
            plan=plan,
            reads=reads,
            link_token=link_token,
            exchange=exchange,
            megabytes_idle=megabytes_idle,
            megabytes=megabytes,
            ready_seconds=[seconds for seconds, _ in starts],
            ready_cpu_seconds=[cpu for _, cpu in starts],
        )

    def _require_no_errors(self) -> None:
        """Refuse numbers of a server that failed at something: failing may be faster."""
        for name in ("web", "check", "statement"):
            errors = [
                line for line in (self._directory / f"{name}.log").read_text().splitlines() if _ERROR in line
            ]
            if errors:
                raise ServerFailed(
                    f"The web process logged {len(errors)} errors, such as:\n{errors[0][:2000]}"
                )

    def _start(self) -> tuple[float, float]:
        with self._web() as web:
            return web.ready_seconds, web.cpu_seconds()

    @contextmanager
    def _web(self) -> Iterator[Server]:
        with Server(
            "kryptos.entrypoints.cli",
            "serve",
            environment=self._environment,
            log=self._directory / "web.log",
            ready_path="/readyz",
        ) as server:
            server.wait_until_ready()
            yield server

    def _reads(self, web: Server, seeded: Seeded) -> Reads:
        plan = self._plan
        step = max(1, len(seeded.access_tokens) // _SHOWN_TOKENS)
        tokens = seeded.access_tokens[::step]
        reply = web.get(USERINFO, {"Authorization": f"Bearer {tokens[0]}"})
        of_userinfo, of_constant = (
            Load([_get(path, token) for token in tokens], connections=_CONNECTIONS)
            for path in (USERINFO, floor.PATH)
        )
        hashes = "\n".join(self._hasher.hash(token).hex() for token in tokens)
        peer: list[PeerCost] = []
        with ExitStack() as stack:
            subjects = {"userinfo": (web, of_userinfo)}
            for name in ("check", "statement", "litestar", "asgi"):
                subjects[name] = (stack.enter_context(self._constant(name, reply, tokens[0])), of_constant)
            rounds: dict[str, list[tuple[float, float]]] = {name: [] for name in subjects}
            for server, load in subjects.values():
                load.send(server, plan.reads)  # warm-up
            for number in range(plan.rounds):
                self._tell(f"reading, round {number + 1} of {plan.rounds}")
                for name, (server, load) in subjects.items():
                    rounds[name].append(cost_of(server, load, plan.reads))
                peer.append(self._peer(hashes))
        series = {name: series_of(each) for name, each in rounds.items()}
        return Reads(reply_bytes=len(reply), peer=peer, **series)

    @contextmanager
    def _constant(self, name: str, reply: bytes, token: str) -> Iterator[Server]:
        document = self._directory / "reply.json"
        document.write_bytes(reply)
        with Server(
            "benchmarks.floor",
            name,
            environment={**self._environment, floor.REPLY_VARIABLE: str(document)},
            log=self._directory / f"{name}.log",
            ready_path=floor.PATH,
            ready_headers={"Authorization": f"Bearer {token}"},
        ) as server:
            server.wait_until_ready()
            yield server

    def _peer(self, hashes: str) -> PeerCost:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.peer", self._cluster.url(), str(self._plan.reads)],
            input=hashes.encode(),
            stdout=subprocess.PIPE,
            cwd=ROOT,
            check=True,
        )
        return msgspec.json.decode(done.stdout, type=PeerCost)

    def _writes(self, web: Server, seeded: Seeded) -> tuple[Writes, Writes]:
        plan = self._plan
        credentials = {"X-Client-Id": seeded.client_id, "X-Client-Secret": seeded.client_secret}
        bodies = [msgspec.json.encode({"public_token": token}) for token in seeded.public_tokens]
        link_token = Load([_post("/link-token", credentials, b"{}")], connections=_CONNECTIONS)
        exchange = Load(
            [_post("/token/exchange", credentials, body) for body in bodies], connections=_CONNECTIONS
        )
        link_token.send(web, plan.writes)
        exchange.send(web, plan.writes)
        created, exchanged = [], []
        for number in range(plan.rounds):
            self._tell(f"writing, round {number + 1} of {plan.rounds}")
            created.append(cost_of(web, link_token, plan.writes))
            exchanged.append(cost_of(web, exchange, plan.writes, offset=plan.writes * (number + 1)))
        headers = {**credentials, "Content-Type": "application/json"}
        with StatementLog(self._cluster.url(), self._cluster.log) as log:
            of_created = log.count(lambda: web.post("/link-token", headers, b"{}"))
            of_exchanged = log.count(lambda: web.post("/token/exchange", headers, bodies[-1]))
        return Writes(series_of(created), *of_created), Writes(series_of(exchanged), *of_exchanged)


def _get(path: str, token: str) -> str:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\nAuthorization: Bearer {token}\r\n\r\n"


def _post(path: str, headers: dict[str, str], body: bytes) -> str:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n{lines}"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body.decode()}"
    )
