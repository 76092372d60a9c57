"""Browsers: preflights for any registered origin, replies for the client's own origins, never credentials."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from kryptos.domains import clients
from kryptos.infra.database import Uow
from kryptos.infra.postgres import Cluster
from tests.support.app import App, running_app
from tests.support.database import cloned_database
from tests.support.journey import link_header

OURS = "https://app.example.com"
THEIRS = "https://other.example.net"
STRANGE = "https://evil.example"
WANTED = {
    "Authorization",
    "X-Client-Id",
    "X-Client-Secret",
    "X-LINK-TOKEN",
    "X-Widget-Key",
    "X-API-Key",
    "Content-Type",
    "Idempotency-Key",
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def app(cluster: Cluster, template: str) -> AsyncIterator[App]:
    """One application for all tests of this file: they do not meet in its database."""
    async with cloned_database(cluster, template) as url, running_app(url) as running:
        yield running


async def preflight(app: App, origin: str, path: str = "/link-token") -> Any:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-client-id",
    }
    return await app.http.options(path, headers=headers)


@pytest.mark.parametrize("path", ["/link-token", "/link-token/session", "/api/v1/userinfo", "/nothing"])
async def test_a_preflight_of_a_registered_origin_is_allowed(app: App, path: str) -> None:
    reply = await preflight(app, OURS, path)
    assert reply.status_code == 204
    assert reply.content == b""
    assert reply.headers["Access-Control-Allow-Origin"] == OURS
    assert set(reply.headers["Access-Control-Allow-Headers"].split(", ")) >= WANTED
    assert {"GET", "POST", "PATCH", "DELETE"} <= set(
        reply.headers["Access-Control-Allow-Methods"].split(", ")
    )
    assert "Access-Control-Allow-Credentials" not in reply.headers
    assert "Origin" in reply.headers["Vary"]


@pytest.mark.parametrize(
    "origin",
    [
        STRANGE,
        "null",
        "",
        "*",
        "http://app.example.com",
        "https://app.example.com.evil.example",
        "https://app.example.com:8443",
        "https://app.example.com/",
        "HTTPS://APP.EXAMPLE.COM",
        "https://é.example",
    ],
)
async def test_a_preflight_of_any_other_origin_is_told_nothing(app: App, origin: str) -> None:
    headers = [(b"Origin", origin.encode("latin-1")), (b"Access-Control-Request-Method", b"POST")]
    reply = await app.http.options("/link-token", headers=headers)
    assert reply.status_code == 204
    assert not [name for name in reply.headers if name.startswith("access-control")]


async def test_a_suspended_clients_origin_is_no_longer_registered(app: App) -> None:
    created = await app.create_client("Suspended", allowed_origins=["https://suspended.example"])

    async def suspend(uow: Uow) -> None:
        await clients.suspend_client(uow, client_id=created.client.id)

    assert "Access-Control-Allow-Origin" in (await preflight(app, "https://suspended.example")).headers
    await app.services.database.execute(suspend)
    assert "Access-Control-Allow-Origin" not in (await preflight(app, "https://suspended.example")).headers


async def test_a_reply_may_be_read_by_the_clients_own_origins_alone(app: App) -> None:
    await app.create_client("Other", allowed_origins=[THEIRS])
    access = await app.access()
    token = await app.link_token()
    calls = [
        ("/token/grants", app.client_headers),
        ("/link-token/session", link_header(token)),
        ("/api/v1/userinfo", {"Authorization": f"Bearer {access['access_token']}"}),
    ]
    for path, headers in calls:
        for origin, may_read in ((OURS, True), (THEIRS, False), (STRANGE, False), ("null", False)):
            reply = await app.http.get(path, headers={**headers, "Origin": origin})
            assert reply.status_code == 200
            allowed = reply.headers.get("Access-Control-Allow-Origin")
            assert allowed == (origin if may_read else None), (path, origin)
            assert "Access-Control-Allow-Credentials" not in reply.headers
            assert reply.headers["Vary"] == "Origin"


async def test_an_authenticated_refusal_is_readable_by_the_clients_own_origins_alone(app: App) -> None:
    await app.create_client("Other", allowed_origins=[THEIRS])
    for origin, may_read in ((OURS, True), (THEIRS, False)):
        headers = {**app.client_headers, "Origin": origin}
        reply = await app.post("/token/exchange", {"public_token": "public_x"}, headers)
        assert reply.status_code == 401
        assert ("Access-Control-Allow-Origin" in reply.headers) is may_read


async def test_an_unauthenticated_refusal_is_readable_by_registered_origins(app: App) -> None:
    """Or a widget could not tell why its link token is refused."""
    for origin, may_read in ((OURS, True), (STRANGE, False)):
        reply = await app.http.get("/link-token/session", headers={**link_header("link_x"), "Origin": origin})
        assert reply.status_code == 401
        assert ("Access-Control-Allow-Origin" in reply.headers) is may_read


@pytest.mark.parametrize("origin", [None, OURS, STRANGE])
async def test_what_needs_no_credentials_may_be_read_everywhere(app: App, origin: str | None) -> None:
    """Also when a cache hands on to a browser what a server had asked for without an origin."""
    for path in ("/api/health", "/integrations/public/list"):
        reply = await app.http.get(path, headers={"Origin": origin} if origin else {})
        assert reply.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in reply.headers


async def test_the_headers_that_apps_need_are_exposed(app: App) -> None:
    reply = await app.http.get("/token/grants", headers={**app.client_headers, "Origin": OURS})
    exposed = set(reply.headers["Access-Control-Expose-Headers"].split(", "))
    assert {"X-Request-Id", "Retry-After", "RateLimit-Remaining", "Idempotent-Replayed"} <= exposed


async def test_only_public_replies_may_be_cached(app: App) -> None:
    assert (await app.http.get("/integrations/public/list")).headers["Cache-Control"].startswith("public")
    access = await app.access()
    for reply in (
        await app.http.get("/token/grants", headers=app.client_headers),
        await app.userinfo(access["access_token"]),
        await app.http.get("/nothing"),
        await app.http.get("/token/grants"),
    ):
        assert reply.headers["Cache-Control"] == "no-store"
