"""``kryptos demo``: the whole product on one machine, with a client and a connected person to try it with."""

import asyncio
import os
import shutil
import signal
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TypeVar

import msgspec
import typer

from kryptos.domains import clients, workspaces
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.clients import CreatedClient
from kryptos.entrypoints.children import Child, ChildDied, died, own
from kryptos.entrypoints.demo_app import HostApp
from kryptos.entrypoints.demo_person import DemoApi, DemoFacts
from kryptos.infra.database import Database, Uow
from kryptos.infra.migrations.requirement import require_schema
from kryptos.infra.ports import require_free_port
from kryptos.infra.postgres import Cluster, cluster_directory, own_cluster
from kryptos.infra.secrets import load_token_hasher
from kryptos.infra.settings import Settings, hand_down
from kryptos.infra.telemetry import configure_logging
from kryptos.kernel.clock import SystemClock
from kryptos.kernel.errors import Kind, KryptosError

Result = TypeVar("Result")

_MARKER = ".kryptos-demo"
_MADE_BY_US = (
    "demo.json",
    "logs",
    "secrets",
    "postgres",
    _MARKER,
)  # the marker last: a broken-off reset can go on
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where to call what listens on every address
_READY_WITHIN_SECONDS = 60.0
_LOOK_EVERY_SECONDS = 0.2


class NotOurs(KryptosError):
    """The data directory was not made by the demo, so the demo does not delete it."""

    code = "NOT_OURS"
    kind = Kind.CONFLICT


class _StopAsked(BaseException):
    """Somebody pressed Ctrl-C or sent a signal; not an error, so no ``except Exception`` may catch it."""


class _Stopping:
    """What the signals mean: the first asks for an orderly stop, any further one for an immediate one."""

    def __init__(self) -> None:
        self.force: Callable[[], None] = lambda: None
        self._is_asked = False
        for wanted in (signal.SIGINT, signal.SIGTERM):
            signal.signal(wanted, self._on_signal)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup
            signal.signal(signal.SIGHUP, self._on_signal)

    def begin(self) -> None:
        """Note that everything is being stopped: a signal from now on forces it."""
        self._is_asked = True

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self._is_asked:
            self.force()
            return
        self._is_asked = True
        raise _StopAsked


def run_demo(settings: Settings, app: HostApp) -> None:
    """Run the product, and the host app if there is one, until Ctrl-C; raise ``ChildDied`` when a part of it ends."""
    configure_logging(msgspec.structs.replace(settings, log_level="warning"))  # a person reads this terminal
    require_free_port(settings)
    app.require_startable(settings)
    settings = _with_demo_defaults(settings)
    _mark(settings.data_dir)
    logs = settings.data_dir / "logs"
    stopping = _Stopping()
    with suppress(_StopAsked), _database(settings, stopping) as (url, cluster):
        typer.echo("Bringing the database to the newest schema …")
        asyncio.run(require_schema(url, is_embedded=True))
        hand_down(database_url=url)
        with _children(stopping, cluster) as (children, watch):
            typer.echo("Starting the web server and the worker …")
            for name, command in (("web", "serve"), ("worker", "worker")):
                children.append(Child(name, own(command), logs / f"{name}.log"))
            api = DemoApi(_EVERYWHERE.get(settings.host, settings.host), settings.port)
            deadline = time.monotonic() + _READY_WITHIN_SECONDS
            _await(api.is_ready, children[0], watch, deadline)
            facts = _prepare(settings, url, api, app)
            if app.command is not None:
                typer.echo("Starting the demo app …")
                children.append(app.start(facts, logs))
                _await(app.is_ready, children[-1], watch, time.monotonic() + _READY_WITHIN_SECONDS)
            while not api.has_read_everything(facts.access_token) and time.monotonic() < deadline:
                watch()
                time.sleep(_LOOK_EVERY_SECONDS)
            _tell(facts, settings, app)
            while True:
                watch()
                time.sleep(_LOOK_EVERY_SECONDS)
    typer.echo(
        "Stopped. The data is kept; `kryptos demo` goes on with it, `kryptos demo --reset` deletes it."
    )


def reset_demo(settings: Settings) -> None:
    """Delete what the demo stored in its data directory, and nothing else."""
    directory = settings.data_dir
    if not directory.exists() or not any(directory.iterdir()):
        typer.echo(f"Nothing to delete: {directory.absolute()} holds no demo.")
        return
    if not (directory / _MARKER).exists():
        message = (
            f"{directory.absolute()} was not made by `kryptos demo` (it has no {_MARKER}), so nothing was deleted. "
            "Delete it yourself, or set KRYPTOS_DATA_DIR to the demo's directory."
        )
        raise NotOurs(message)
    cluster = Cluster(cluster_directory(settings), purpose="kryptos demo --reset", is_brief=True)
    cluster.take()
    try:
        for name in _MADE_BY_US:
            path = directory / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    finally:
        cluster.release()
    with suppress(OSError):  # not empty: whatever else is in it is not ours
        directory.rmdir()
    typer.echo(f"Deleted the demo in {directory.absolute()}. `kryptos demo` starts anew.")


def _with_demo_defaults(settings: Settings) -> Settings:
    if settings.smtp_url is None and not settings.mailbox:
        hand_down(mailbox="true")
        return msgspec.structs.replace(settings, mailbox=True)
    return settings


def _mark(directory: Path) -> None:
    """Claim a directory for the demo unless it holds a database, or what is not of our making."""
    found = {path.name for path in directory.iterdir()} if directory.exists() else set()
    if found <= {"secrets", "logs"}:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        (directory / _MARKER).write_text(
            "Made by `kryptos demo`; `kryptos demo --reset` deletes what it stored.\n"
        )


@contextmanager
def _database(settings: Settings, stopping: _Stopping) -> Iterator[tuple[str, Cluster | None]]:
    """Give the database's URL, and the cluster if it is ours; stop that one last."""
    if settings.database_url is not None:
        yield settings.database_url, None
        return
    typer.echo(f"Starting PostgreSQL in {cluster_directory(settings).absolute()} …")
    cluster = own_cluster(settings, purpose="kryptos demo")
    try:
        yield cluster.url(), cluster
    finally:
        stopping.begin()
        cluster.stop()


@contextmanager
def _children(
    stopping: _Stopping, cluster: Cluster | None
) -> Iterator[tuple[list[Child], Callable[[], None]]]:
    """Give a list whose processes are stopped at the end, and a function that raises when one, or PostgreSQL, ended."""
    children: list[Child] = []

    def watch() -> None:
        if cluster is not None and cluster.pid is None:
            raise ChildDied(died("PostgreSQL", None, cluster.log))
        for child in children:
            child.require_alive()

    def force() -> None:
        for child in children:
            child.kill()

    stopping.force = force
    try:
        yield children, watch
    finally:
        stopping.begin()
        typer.echo("\nStopping … (Ctrl-C once more to force it)")
        for child in reversed(children):  # who calls before whom is called
            child.stop()


def _await(is_ready: Callable[[], bool], child: Child, watch: Callable[[], None], deadline: float) -> None:
    """Return once the process answers; raise ``ChildDied`` when it does not in time, or when anything has ended."""
    while not is_ready():
        watch()
        if time.monotonic() > deadline:
            message = f"The {child.name} process is not ready in time; see {child.log}"
            raise ChildDied(message)
        time.sleep(0.05)


def _prepare(settings: Settings, url: str, api: DemoApi, app: HostApp) -> DemoFacts:
    """Return the client and person of an earlier run if they still work, or new ones."""
    path = settings.data_dir / "demo.json"
    facts = _read_facts(path)
    if facts is not None and api.accepts(facts.client_id, facts.client_secret):
        client_id, client_secret = facts.client_id, facts.client_secret
        asyncio.run(_transact(settings, url, partial(_admit, client_id=client_id, app=app)))
    else:
        typer.echo("Registering the demo app …")
        created = asyncio.run(_transact(settings, url, partial(_create_client, app=app)))
        client_id, client_secret = created.client.id, created.client_secret
    if facts is not None and api.knows(facts):
        facts = msgspec.structs.replace(facts, base_url=settings.base_url)
    else:
        typer.echo("Connecting a test person with the sandbox's test addresses …")
        given = api.connect_person(client_id, client_secret)
        facts = DemoFacts(
            base_url=settings.base_url,
            client_id=client_id,
            client_secret=client_secret,
            workspace_id=given["workspace_id"],
            access_token=given["access_token"],
            grant_id=given["grant_id"],
        )
    _write_facts(path, facts)
    return facts


async def _create_client(uow: Uow, *, app: HostApp) -> CreatedClient:
    workspace = await workspaces.create_workspace(uow, actor=Actor(ActorKind.OPERATOR), name="Demo")
    return await clients.create_client(
        uow,
        workspace_id=workspace.id,
        name="Demo app",
        redirect_uris=[app.redirect_uri],
        allowed_origins=app.origins,
    )


async def _admit(uow: Uow, *, client_id: str, app: HostApp) -> None:
    """Let a client that is there already be used from the app's port too."""
    client = await clients.get_client(uow, client_id=client_id)
    origins = dict.fromkeys((*client.allowed_origins, *app.origins))
    redirect_uris = dict.fromkeys((*client.redirect_uris, app.redirect_uri))
    if (*origins,) != client.allowed_origins or (*redirect_uris,) != client.redirect_uris:
        await clients.update_client(
            uow, client_id=client_id, allowed_origins=[*origins], redirect_uris=[*redirect_uris]
        )


async def _transact(settings: Settings, url: str, work: Callable[[Uow], Awaitable[Result]]) -> Result:
    database = Database(url, clock=SystemClock(), hasher=load_token_hasher(settings), pool_size=1)
    try:
        return await database.execute(work)
    finally:
        await database.close()


def _read_facts(path: Path) -> DemoFacts | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=DemoFacts)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def _write_facts(path: Path, facts: DemoFacts) -> None:
    """Write the facts for scripts, readable by us alone; a reader sees the old file or the new one, never half."""
    draft = path.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(facts), indent=2) + b"\n")
    draft.replace(path)


def _tell(facts: DemoFacts, settings: Settings, host_app: HostApp) -> None:
    base_url = facts.base_url
    app = f"-H 'X-Client-Id: {facts.client_id}' -H 'X-Client-Secret: {facts.client_secret}'"
    lines = [
        "",
        "Kryptos Connect is ready.",
        "",
        *([f"  Demo app       {host_app.address}"] if host_app.command is not None else []),
        f"  API            {base_url}",
        f"  Consent centre {base_url}/account",
        f"  Reference      {base_url}/docs",
        *([f"  Mailbox        {base_url}/mailbox"] if settings.mailbox else []),
        f"  Client id      {facts.client_id}",
        f"  Client secret  {facts.client_secret}",
        f"  These facts    {(settings.data_dir / 'demo.json').absolute()}",
        "",
        "Try it:",
        f"  curl -sSw '\\n' {base_url}/api/health",
        f"  curl -sSw '\\n' {base_url}/api/v1/userinfo -H 'Authorization: Bearer {facts.access_token}' {app}",
        f"  curl -sSw '\\n' {base_url}/api/v1/holdings -H 'Authorization: Bearer {facts.access_token}' {app}",
        f"  curl -sSw '\\n' '{base_url}/api/v1/transactions?limit=2' -H 'Authorization: Bearer {facts.access_token}'",
        f"  curl -sSw '\\n' {base_url}/token/grants {app}",
        f"  curl -sSw '\\n' -X POST {base_url}/link-token {app} -H 'Content-Type: application/json' -d '{{}}'",
        "",
        "Ctrl-C stops everything; the data is kept.",
    ]
    for line in lines:
        typer.echo(line)
