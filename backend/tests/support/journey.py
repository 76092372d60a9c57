"""Steps that several tests of the token journey take: mailed codes, rows of the database, what a refusal says."""

from typing import Any

import httpx
import sqlalchemy as sa

from kryptos.domains import identity, workspaces
from kryptos.domains.workspaces import Role, Workspace
from kryptos.infra.database import Uow
from tests.support.app import OPERATOR, App
from tests.support.queue import query

Rows = dict[str, list[str]]

GARBAGE = {
    "empty": "",
    "spaces": "   ",
    "nul": "cat_\x00abc",
    "non-ascii": "cat_é€😀",
    "ten kilobytes": "cat_" + "a" * 10_000,
    "quote": "cat_' OR '1'='1",
    "percent": "%",
    "wrong prefix": "token_" + "a" * 43,
}
"""What is no token of any kind."""


WIDGET_CALLS: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("GET", "/link-token/session", {}),
    ("POST", "/link-token/session/adopt", {"previous": "link_x"}),
    ("POST", "/link-token/auth/email/start", {"email": "ada@example.com"}),
    ("POST", "/link-token/auth/email/verify", {"email": "ada@example.com", "code": "123456"}),
    ("POST", "/link-token/auth/anonymous", {}),
    ("GET", "/link-token/workspaces", {}),
    ("POST", "/link-token/workspace", {"workspace_id": "ws_x"}),
    ("GET", "/link-token/consent", {}),
    ("POST", "/link-token/consent", {"approved": True}),
    ("GET", "/link-token/providers", {}),
    ("POST", "/link-token/detect-chains", {"address": "0x"}),
    ("POST", "/link-token/resolve-name", {"name": "name.eth"}),
    ("POST", "/link-token/app-logo", {"url": "https://app.example.com/logo.png"}),
    (
        "POST",
        "/link-token/ownership/challenge",
        {"family": "evm", "address": "0x", "origin": "https://app.example.com"},
    ),
    ("POST", "/link-token/integrations/test", {"provider": "ethereum", "persona": "empty"}),
    ("GET", "/link-token/integrations/test/{test_id}", {}),
    ("POST", "/link-token/integrations", {"provider": "ethereum", "persona": "empty"}),
    ("GET", "/link-token/integrations", {}),
    ("GET", "/link-token/integrations/{wallet_id}/status", {}),
    ("DELETE", "/link-token/integrations/{wallet_id}", {}),
    ("POST", "/link-token/management-link", {}),
    ("POST", "/link-token/email/start", {"email": "ada@example.com"}),
    ("POST", "/link-token/email/verify", {"email": "ada@example.com", "code": "123456"}),
    ("POST", "/link-token/complete", {}),
    ("POST", "/link-token/exit", {}),
    ("POST", "/link-token/events", {"name": "opened"}),
)
BACKEND_CALLS: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("POST", "/link-token", {}),
    ("POST", "/link-token/check-session", {"access_token": "cat_x"}),
    ("GET", "/link-token/ls_x/session", {}),
    ("POST", "/token/exchange", {"public_token": "public_x"}),
    ("POST", "/token/rotate", {"access_token": "cat_x"}),
    ("POST", "/token/revoke", {"grant_id": "cgrant_x"}),
    ("GET", "/token/grants", {}),
    ("GET", "/token/grants/{grant_id}/receipts", {}),
    ("POST", "/developer/integrations/{wallet_id}/resync", {"user_id": "user_x"}),
)


async def call(
    app: App, method: str, path: str, body: dict[str, object], headers: dict[str, str]
) -> httpx.Response:
    """Make one of the calls above."""
    content = body if method == "POST" else None
    return await app.http.request(method, path, json=content, headers=headers)


def refusal(reply: httpx.Response) -> tuple[int, str]:
    """Return status and code of a refused call."""
    return reply.status_code, reply.json().get("code", "")


def data_of(reply: httpx.Response) -> dict[str, Any]:
    """Return the data of a call that must have succeeded."""
    assert reply.status_code == 200, reply.text
    return dict(reply.json()["data"])


def link_header(token: str) -> dict[str, str]:
    """Return the credential of the widget."""
    return {"X-LINK-TOKEN": token}


async def issued_code(app: App, email: str) -> str | None:
    """Do what the worker does for the newest request of an address; None when no mail would be sent."""
    newest = await query(
        app.services.database.url,
        "SELECT id FROM sign_in_challenges WHERE email = $1 ORDER BY created_at DESC, id DESC LIMIT 1",
        email,
    )

    async def work(uow: Uow) -> str | None:
        issued = await identity.issue_sign_in_code(
            uow, challenge_id=newest[0]["id"], signup=app.services.settings.signup
        )
        return issued.code if issued else None

    return await app.services.database.execute(work)


async def start_code(app: App, token: str, email: str) -> httpx.Response:
    """Ask for a mailed code."""
    return await app.widget(token, "auth/email/start", {"email": email})


async def try_code(app: App, token: str, email: str, code: str) -> httpx.Response:
    """Try a mailed code."""
    return await app.widget(token, "auth/email/verify", {"email": email, "code": code})


async def sign_in(app: App, token: str, email: str) -> dict[str, Any]:
    """Sign in by mailed code and return what the widget is told."""
    app.clock.advance(milliseconds=1)  # the newest code counts, so no two may be of one instant
    assert (await start_code(app, token, email)).status_code == 200
    code = await issued_code(app, email)
    assert code is not None
    return data_of(await try_code(app, token, email, code))


async def connect_by_mail(
    app: App, email: str, headers: dict[str, str] | None = None, workspace_id: str | None = None, **body: Any
) -> dict[str, Any]:
    """Go the whole way with a mailed code and return what the exchange gives, with ``user_id`` beside it."""
    token = await app.link_token(headers, **body)
    user = await sign_in(app, token, email)
    if workspace_id is not None:
        assert (await app.widget(token, "workspace", {"workspace_id": workspace_id})).status_code == 200
    data_of(await app.widget(token, "consent", {"approved": True}))
    public_token = data_of(await app.widget(token, "complete"))["public_token"]
    # A code may be asked for three times in a quarter of an hour, and instants must differ as they do in life.
    app.clock.advance(minutes=16)
    access = data_of(await app.post("/token/exchange", {"public_token": public_token}, headers))
    return {**access, "user_id": user["user_id"]}


async def add_workspace(app: App, user_id: str, role: Role = Role.OWNER, name: str = "Team") -> Workspace:
    """Make a workspace and the person a member of it."""

    async def work(uow: Uow) -> Workspace:
        workspace = await workspaces.create_workspace(uow, actor=OPERATOR, name=name)
        await workspaces.add_member(
            uow, actor=OPERATOR, workspace_id=workspace.id, user_id=user_id, role=role
        )
        return workspace

    return await app.services.database.execute(work)


async def set_role(app: App, user_id: str, workspace_id: str, role: Role) -> None:
    """Change a member's role."""

    async def work(uow: Uow) -> None:
        await workspaces.add_member(
            uow, actor=OPERATOR, workspace_id=workspace_id, user_id=user_id, role=role
        )

    await app.services.database.execute(work)


async def remove_member(app: App, user_id: str, workspace_id: str) -> None:
    """End a membership."""

    async def work(uow: Uow) -> None:
        await workspaces.remove_member(uow, actor=OPERATOR, workspace_id=workspace_id, user_id=user_id)

    await app.services.database.execute(work)


async def rows(app: App, statement: str, *arguments: object) -> list[dict[str, Any]]:
    """Run one statement on a connection of its own."""
    return [dict(row) for row in await query(app.services.database.url, statement, *arguments)]


async def snapshot(app: App) -> Rows:
    """Return every row of every table as text, bytes in hexadecimal: two equal snapshots, nothing changed."""

    async def work(uow: Uow) -> Rows:
        tables = await uow.all(
            sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        )
        content: Rows = {}
        for table in tables:
            name = table.tablename
            found = await uow.all(sa.text(f'SELECT t::text AS row FROM "{name}" t ORDER BY 1'))
            content[name] = [each.row for each in found]
        return content

    return await app.services.database.execute(work)
