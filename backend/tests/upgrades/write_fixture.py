"""Write the fixture of this version's schema: ``python -m tests.upgrades.write_fixture``, from the folder ``backend``.

The product itself writes the data: web server, worker and commands run on a PostgreSQL of their own and live the story.
What they leave is dumped, together with what apps and people of the story hold and were told. All of it is synthetic.
A fixture is written once, when its version is released, and never again.
"""

import asyncio
import subprocess
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import httpx
import msgspec

from kryptos.entrypoints.web import ENDPOINTS, open_services
from kryptos.infra.migrations import head_revision
from kryptos.infra.postgres.binaries import program
from kryptos.infra.settings import load_settings
from kryptos.surfaces.http.openapi import build_document
from tests.support.app import App, running_app
from tests.support.clock import ManualClock
from tests.support.installation import Installation, Web, durable_cluster, installed
from tests.support.openapi import ReplyValidator
from tests.support.ports import free_port
from tests.support.processes import wait_until
from tests.upgrades import story
from tests.upgrades.fixture import FIXTURES
from tests.upgrades.story import Facts, credentials

PEPPER = "upgraded:" + "5e" * 32
NO_PRICES = {f"prices_{name}": "none" for name in ("defillama", "coingecko", "coinbase", "kraken", "binance")}
FOR_PSQL_ALONE = ("\\restrict ", "\\unrestrict ")


def main() -> None:
    """Write the fixture."""
    with durable_cluster() as cluster, installed(cluster, pepper=PEPPER, **NO_PRICES) as installation:
        facts = happen(installation)
        dumped = dump(installation.url)
        replies = asyncio.run(told(installation.url, facts))
    folder = FIXTURES / str(head_revision())
    folder.mkdir(parents=True)
    (folder / "dump.sql").write_text(dumped)
    (folder / "facts.json").write_bytes(msgspec.json.format(msgspec.json.encode(facts)) + b"\n")
    (folder / "replies.jsonl").write_bytes(msgspec.json.Encoder().encode_lines(replies))


def happen(installation: Installation) -> Facts:
    """Let everything happen; return what apps and people hold afterwards, and when that was."""
    web, worker = installation.serve(), installation.work()
    callback = ("--redirect-uri", story.CALLBACK, "--allowed-origin", "https://app.example.com")
    created = [
        installation.command("client", "create", "Ledger Lens", *callback),
        installation.command("client", "create", "Tax Otter"),
        installation.command("client", "create", "Real Thing", "--mode", "production"),
    ]
    apps = [credentials(each) for each in created]
    gone = installation.command("client", "create", "Gone")
    installation.run("client", "suspend", gone["client_id"])
    rotated = credentials(installation.command("client", "rotate", created[0]["client_id"]))
    installation.run("user", "invite", "invited@example.com")
    facts = talk(installation, web, lambda app: story.live(app, *apps))
    mallory = "SELECT id FROM users WHERE email = 'mallory@example.com'"
    installation.run("user", "suspend", installation.rows(mallory)[0]["id"])
    worker.kill()
    let_a_mail_die(installation, web, apps[0])
    facts["pending"]["unsent"] = talk(installation, web, lambda app: story.leave_work_behind(app, apps[0]))
    web.stop()
    return {
        "at": datetime.now(UTC),
        "pepper": PEPPER,
        "clients": {"ledger": apps[0], "ledger_rotated": rotated, "second": apps[1], "real": apps[2]},
        "suspended_client": credentials(gone),
        **facts,
    }


def talk(installation: Installation, web: Web, happening: Callable[[App], Awaitable[Facts]]) -> Facts:
    """Let something happen over HTTP; every reply is checked."""

    async def run() -> Facts:
        services = open_services(load_settings(installation.variables()))
        check = ReplyValidator(build_document(ENDPOINTS)).check
        async with httpx.AsyncClient(
            base_url=web.base_url, event_hooks={"response": [check]}, timeout=60
        ) as http:
            return await happening(App(http=http, clock=ManualClock(), services=services))

    return asyncio.run(run())


def let_a_mail_die(installation: Installation, web: Web, client: dict[str, str]) -> None:
    """Ask for a mail that no server takes, until the worker gives up."""
    talk(installation, web, lambda app: story.leave_work_behind(app, client))
    worker = installation.work(mailbox="false", smtp_url=f"smtp://127.0.0.1:{free_port()}")
    dead = "SELECT 1 FROM jobs WHERE state = 'dead'"
    wait_until(lambda: installation.rows(dead), what="the worker gives up", timeout_seconds=300)
    worker.stop()


def dump(url: str) -> str:
    """Return the database as statements that any client can run."""
    options = ("--no-owner", "--no-privileges", "--column-inserts", "--rows-per-insert=200")
    done = subprocess.run([program("pg_dump"), *options, url], check=True, capture_output=True, text=True)
    lines = done.stdout.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(FOR_PSQL_ALONE))


async def told(url: str, facts: Facts) -> list[Facts]:
    """Return what this version tells of the people whose tokens read, at the instant of the facts."""
    async with running_app(url, clock=ManualClock(facts["at"]), pepper=PEPPER) as app:
        return [
            {"who": who, "path": path, "body": await story.read(app, facts["people"][who], path)}
            for who in story.READERS
            for path in story.READ
        ]


if __name__ == "__main__":
    main()
