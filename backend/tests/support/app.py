"""The web application in this process, on a real database and a clock that tests move; every reply is checked.

Each reply is validated against the OpenAPI document: an undocumented status or a field of another type fails the test
that saw it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest_asyncio

from kryptos.domains import clients, workspaces
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.clients import CreatedClient, Mode
from kryptos.entrypoints.web import ENDPOINTS, assemble, open_services
from kryptos.infra.database import Uow
from kryptos.infra.settings import Settings
from kryptos.surfaces.http.openapi import build_document
from kryptos.surfaces.http.services import Services
from tests.support.clock import ManualClock
from tests.support.openapi import ReplyValidator

PEPPER = "test:" + "ab" * 32
BASE_URL = "http://kryptos.test"
OPERATOR = Actor(ActorKind.OPERATOR)


@dataclass
class App:
    """A running application and what tests need around it."""

    http: httpx.AsyncClient
    clock: ManualClock
    services: Services
    client_id: str = ""
    client_secret: str = ""
    widget_keys: dict[str, str] = field(default_factory=dict)
    """By link token: what the widget keeps in memory."""

    @property
    def client_headers(self) -> dict[str, str]:
        """Credentials of the client that was made for the test."""
        return {"X-Client-Id": self.client_id, "X-Client-Secret": self.client_secret}

    async def create_client(self, name: str = "Test app", **fields: Any) -> CreatedClient:
        """Register another client in a workspace of its own."""

        async def work(uow: Uow) -> CreatedClient:
            workspace = await workspaces.create_workspace(uow, actor=OPERATOR, name=f"{name}'s team")
            return await clients.create_client(uow, workspace_id=workspace.id, name=name, **fields)

        return await self.services.database.execute(work)

    async def post(
        self, path: str, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """POST with the test client's credentials, unless other headers are given."""
        return await self.http.post(path, json=body or {}, headers=headers or self.client_headers)

    async def link_token(self, headers: dict[str, str] | None = None, **body: Any) -> str:
        """Create a link token."""
        reply = await self.post("/link-token", body, headers)
        assert reply.status_code == 200, reply.text
        return str(reply.json()["data"]["link_token"])

    def person(self, token: str) -> dict[str, str]:
        """Return the headers of the widget that was opened with a link token: the key that signing in gave it, too."""
        key = self.widget_keys.get(token)
        return {"X-LINK-TOKEN": token, **({"X-Widget-Key": key} if key else {})}

    async def widget(self, token: str, step: str, body: dict[str, Any] | None = None) -> httpx.Response:
        """POST a step of the widget: ``widget(token, "auth/anonymous")``; the key of signing in is remembered."""
        form = body or {}
        headers = self.person(form["previous"]) if "previous" in form else {}
        headers |= self.person(token)
        reply = await self.http.post(f"/link-token/{step}", json=form, headers=headers)
        key = reply.json().get("data", {}).get("widget_key") or headers.get("X-Widget-Key")
        if reply.is_success and key:
            self.widget_keys[token] = key
        return reply

    async def public_token(self, headers: dict[str, str] | None = None, **body: Any) -> str:
        """Go the whole way of a guest up to the public token."""
        token = await self.link_token(headers, **body)
        for step, form in (("auth/anonymous", {}), ("consent", {"approved": True})):
            reply = await self.widget(token, step, form)
            assert reply.status_code == 200, reply.text
        completed = await self.widget(token, "complete")
        assert completed.status_code == 200, completed.text
        return str(completed.json()["data"]["public_token"])

    async def access(self, headers: dict[str, str] | None = None, **body: Any) -> dict[str, Any]:
        """Go the whole way of a guest and return what the exchange gives."""
        public_token = await self.public_token(headers, **body)
        reply = await self.post("/token/exchange", {"public_token": public_token}, headers)
        assert reply.status_code == 200, reply.text
        return dict(reply.json()["data"])

    async def userinfo(self, access_token: str, **headers: str) -> httpx.Response:
        """Read ``/api/v1/userinfo``."""
        return await self.http.get(
            "/api/v1/userinfo", headers={"Authorization": f"Bearer {access_token}", **headers}
        )


@asynccontextmanager
async def running_app(
    database_url: str, *, clock: ManualClock | None = None, **settings: Any
) -> AsyncIterator[App]:
    """Run an application over a migrated database; ``settings`` differ from the defaults as given."""
    clock = clock or ManualClock()
    defaults = {"mailbox": True, "public_url": BASE_URL, "pepper": PEPPER, "rate_limit_factor": 1000}
    services = open_services(Settings(database_url=database_url, **{**defaults, **settings}), clock=clock)
    validator = ReplyValidator(build_document(ENDPOINTS))
    transport = httpx.ASGITransport(
        assemble(services),  # type: ignore[arg-type]  # the same protocol, in two libraries' words
        client=("127.0.0.1", 50000),
    )
    http = httpx.AsyncClient(
        transport=transport, base_url=services.settings.base_url, event_hooks={"response": [validator.check]}
    )
    app = App(http=http, clock=clock, services=services)
    try:
        async with http:
            created = await app.create_client(
                allowed_origins=["https://app.example.com"],
                redirect_uris=["https://app.example.com/callback"],
                mode=Mode.SANDBOX,
            )
            app.client_id, app.client_secret = created.client.id, created.client_secret
            yield app
    finally:
        await services.reader.close()
        await services.database.close()


@pytest_asyncio.fixture(loop_scope="session")
async def app(database_url: str) -> AsyncIterator[App]:
    """An application with one client, on a fresh database."""
    async with running_app(database_url) as running:
        yield running
