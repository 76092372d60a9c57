"""The app's logo: fetched once for all, shown from this server, and never a reason for a person to see an error."""

import hashlib
from typing import Any

import httpx
import pytest

from kryptos.domains import connect
from kryptos.infra.http_client import public_web
from tests.support.app import App, running_app
from tests.support.journey import data_of, refusal, rows

URL = "https://app.example.com/logo.png"
LOCAL_URL = "http://localhost:4500/logo.svg"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="1" height="1"/></svg>'


class Outside:
    """Everything outside of this server: gives what its fields say, and notes what was asked."""

    def __init__(self, app: App) -> None:
        self.asked: list[str] = []
        self.answer = httpx.Response(200, content=PNG)
        self.address = "93.184.216.34"
        web = app.services.public_web
        web._resolve = self._resolve  # the machine's own would ask the network
        web._transport = httpx.MockTransport(self._answer)

    async def _resolve(self, host: str, port: int) -> list[str]:
        return ["127.0.0.1"] if host == "localhost" else [self.address]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(f"{request.url.scheme}://{request.headers['host']}{request.url.path}")
        return self.answer


async def ask(app: App, url: str = URL, token: str | None = None) -> str | None:
    token = token or await app.link_token()
    logo: str | None = data_of(await app.widget(token, "app-logo", {"url": url}))["logo"]
    return logo


async def reasons(app: App, token: str) -> list[str]:
    session = data_of(await app.http.get("/link-token/session", headers={"X-LINK-TOKEN": token}))
    record = await app.http.get(f"/link-token/{session['session_id']}/session", headers=app.client_headers)
    events = data_of(record)["events"]
    return [each["details"]["reason"] for each in events if each["name"] == "app_logo_failed"]


async def test_a_logo_is_served_under_the_hash_of_its_bytes(app: App) -> None:
    outside = Outside(app)
    token = await app.link_token()
    logo = await ask(app, token=token)
    assert logo == f"/connect/logo/{hashlib.sha256(PNG).hexdigest()}"
    shown = await app.http.get(logo)
    assert (shown.status_code, shown.content, shown.headers["content-type"]) == (200, PNG, "image/png")
    assert (
        shown.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    )
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "immutable" in shown.headers["cache-control"]
    assert outside.asked == [URL]
    assert await reasons(app, token) == []


async def test_the_kind_is_told_by_the_bytes_alone(app: App) -> None:
    outside = Outside(app)
    outside.answer = httpx.Response(200, content=SVG, headers={"content-type": "text/html"})
    shown = await app.http.get(await ask(app) or "")
    assert shown.headers["content-type"] == "image/svg+xml"


async def test_it_is_fetched_once_a_day_for_all_sessions_of_the_app(app: App) -> None:
    outside = Outside(app)
    first = await ask(app)
    app.clock.advance(hours=23)
    assert await ask(app) == first
    assert len(outside.asked) == 1
    app.clock.advance(hours=2)
    outside.answer = httpx.Response(200, content=SVG)
    assert await ask(app) != first
    assert len(outside.asked) == 2
    other = await app.create_client("Other", allowed_origins=["https://other.example"])
    headers = {"X-Client-Id": other.client.id, "X-Client-Secret": other.client_secret}
    await ask(app, token=await app.link_token(headers))
    assert len(outside.asked) == 3, "what one app had fetched says nothing to another"


FAILURES: dict[str, tuple[httpx.Response, str]] = {
    "a page": (httpx.Response(200, content=b"<!doctype html><html></html>"), "SVG"),
    "nothing": (httpx.Response(200), "no PNG, JPEG, WebP, GIF or SVG"),
    "too much": (httpx.Response(200, content=PNG + bytes(262_144)), "more than 256 KiB"),
    "not found": (httpx.Response(404), "HTTP 404"),
    "away": (httpx.Response(302, headers={"location": "http://app.example.com/x"}), "Only https://"),
}


@pytest.mark.parametrize(("answer", "reason"), FAILURES.values(), ids=list(FAILURES))
async def test_without_a_picture_the_developer_is_told_why(
    app: App, answer: httpx.Response, reason: str
) -> None:
    outside = Outside(app)
    outside.answer = answer
    token = await app.link_token()
    assert await ask(app, token=token) is None
    (told,) = await reasons(app, token)
    assert reason in told
    later = await app.link_token()
    assert await ask(app, token=later) is None
    assert await reasons(app, later) == [told], "also where it was not asked again"
    assert len(outside.asked) == 1
    app.clock.advance(minutes=10)
    outside.answer = httpx.Response(200, content=PNG)
    assert await ask(app, token=later) is not None


async def test_our_own_network_is_not_asked(app: App) -> None:
    outside = Outside(app)
    outside.address = "169.254.169.254"
    token = await app.link_token()
    assert await ask(app, token=token) is None
    assert await ask(app, "http://app.example.com/logo.png", token) is None
    assert await ask(app, "nonsense\ud7ff", token) is None
    assert outside.asked == []
    assert len(await reasons(app, token)) == 3


async def test_a_developers_own_machine_is_asked_for_an_origin_of_the_app(app: App) -> None:
    outside = Outside(app)
    outside.answer = httpx.Response(200, content=SVG)
    assert await ask(app, LOCAL_URL) is None
    client = await app.create_client("Local", allowed_origins=["http://localhost:4500"])
    headers = {"X-Client-Id": client.client.id, "X-Client-Secret": client.client_secret}
    assert await ask(app, LOCAL_URL, await app.link_token(headers)) is not None
    assert outside.asked == [LOCAL_URL]


async def test_in_production_no_machine_of_our_own_is_asked(database_url: str) -> None:
    settings: dict[str, Any] = {"environment": "production", "public_url": "https://kryptos.test"}
    async with running_app(database_url, **settings) as app:
        outside = Outside(app)
        client = await app.create_client("Local", allowed_origins=["http://localhost:4500"])
        headers = {"X-Client-Id": client.client.id, "X-Client-Secret": client.client_secret}
        assert await ask(app, LOCAL_URL, await app.link_token(headers)) is None
        assert outside.asked == []


async def test_one_app_has_twenty_addresses_remembered(app: App) -> None:
    Outside(app)
    token = await app.link_token()
    for number in range(22):
        app.clock.advance(seconds=1)
        await ask(app, f"{URL}?{number}", token)
    assert len(await rows(app, "SELECT * FROM app_logos")) == 20


async def test_pictures_that_nobody_wants_are_forgotten(app: App) -> None:
    Outside(app)
    logo = await ask(app) or ""
    app.clock.advance(days=6)
    assert await app.services.database.execute(connect.prune_app_logos) == 0
    app.clock.advance(days=1)
    assert await app.services.database.execute(connect.prune_app_logos) == 1
    assert (await app.http.get(logo)).status_code == 404


@pytest.mark.parametrize("name", ["0" * 64, "x", "..%2f..%2fetc", "%00", "F" * 64])
async def test_other_pictures_do_not_exist(app: App, name: str) -> None:
    assert (await app.http.get(f"/connect/logo/{name}")).status_code == 404


async def test_too_many_pictures_are_refused(database_url: str) -> None:
    async with running_app(database_url, rate_limit_factor=1) as app:
        Outside(app)
        token = await app.link_token()
        replies = [await app.widget(token, "app-logo", {"url": URL}) for _ in range(11)]
        assert {reply.status_code for reply in replies[:10]} == {200}
        assert refusal(replies[10]) == (429, "RATE_LIMIT_EXCEEDED")


async def test_the_machine_resolves_names() -> None:
    assert "127.0.0.1" in await public_web.resolve("127.0.0.1", 443)
    assert await public_web.resolve("2130706433", 443) == ["127.0.0.1"], "numbers are addresses too"
