"""The page that native apps open: who may frame it (nobody), and what tells an app that it does not run."""

from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from kryptos.domains import clients
from kryptos.infra.database import Uow
from kryptos.infra.database.reader import Reader
from kryptos.kernel.errors import Unavailable
from kryptos.surfaces.http import limits
from tests.support.app import App, running_app
from tests.support.widget import OURS, TEMPLATE, ancestors, assert_notice


async def app_page(app: App, **query: str) -> httpx.Response:
    """Open the page as a native app does."""
    return await app.http.get("/connect/app", params={"v": "1", **query})


def assert_told(reply: httpx.Response, status: int, code: str) -> str:
    """Check a page in words that tells the native app, and no framing page, and that nobody may frame."""
    assert "data-app>" in reply.text
    return assert_notice(reply, status, code, None)


async def test_the_page_of_a_native_app_may_be_framed_by_nobody(widget_app: App) -> None:
    created = await widget_app.create_client("With origins", allowed_origins=[OURS])
    for client_id in (widget_app.client_id, created.client.id):
        reply = await app_page(widget_app, client_id=client_id, theme="dark", lang="pl", origin=OURS)
        assert (reply.status_code, ancestors(reply)) == (200, "'none'")
        assert reply.headers["Cache-Control"] == "no-store"
        assert reply.text == TEMPLATE.replace("__KC_LANG__", "pl").replace("__KC_THEME__", "dark")


async def test_the_digest_of_a_link_token_names_the_app(widget_app: App) -> None:
    token = await widget_app.link_token()
    assert (await app_page(widget_app, s=sha256(token.encode()).hexdigest())).status_code == 200
    text = assert_told(await app_page(widget_app, s="0" * 64), 404, "CLIENT_UNKNOWN")
    assert "generateLinkToken" in text


async def test_a_client_that_is_not_there_is_told_to_the_app(widget_app: App) -> None:
    assert "baseUrl" in assert_told(await app_page(widget_app, client_id="client_0"), 404, "CLIENT_UNKNOWN")


async def test_a_suspended_client_is_told_to_the_app(widget_app: App) -> None:
    created = await widget_app.create_client("Gone <b>")

    async def suspend(uow: Uow) -> None:
        await clients.suspend_client(uow, client_id=created.client.id)

    await widget_app.services.database.execute(suspend)
    reply = await app_page(widget_app, client_id=created.client.id)
    assert_told(reply, 403, "INVALID_CLIENT")
    assert "Gone &lt;b&gt; cannot open" in reply.text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "client_id is missing"),
        (f"origin={OURS}", "client_id is missing"),
        ("client_id=a%00b", "client_id"),
        ("s=abc", "64 hexadecimal digits"),
        ("v=x&client_id=client_0", "version"),
        ("client_id=client_0&client_id=client_1", "given twice"),
    ],
)
async def test_an_address_of_another_form_is_told_to_the_app(widget_app: App, query: str, words: str) -> None:
    reply = await widget_app.http.get(f"/connect/app?{query}")
    assert words in assert_told(reply, 400, "VALIDATION_ERROR")


async def test_when_the_database_is_away_the_app_is_told(
    widget_app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_self: Reader, _statement: str, *_arguments: object) -> None:
        raise Unavailable(retry_after_seconds=1)

    monkeypatch.setattr(Reader, "fetchrow", away)
    reply = await app_page(widget_app, client_id=widget_app.client_id)
    assert_told(reply, 503, "SERVICE_UNAVAILABLE")
    assert reply.headers["Retry-After"] == "1"


async def test_one_address_opens_so_many_pages_and_no_more(database_url: str, widget_build: Path) -> None:
    async with running_app(database_url, rate_limit_factor=1) as limited:
        limited.services.limiter._monotonic = lambda: 1000.0
        for _ in range(limits.PUBLIC_CALLS.calls):
            assert (await app_page(limited, client_id="client_0")).status_code == 404
        reply = await app_page(limited, client_id="client_0")
        assert_told(reply, 429, "RATE_LIMIT_EXCEEDED")
        assert int(reply.headers["Retry-After"]) >= 1
