"""A session opened as a page of its own: the key in its address gives a fresh link token, and nothing else does."""

from hashlib import sha256
from typing import Any

import pytest

from kryptos.domains import clients
from kryptos.infra.database import Uow
from kryptos.infra.settings import Settings
from kryptos.surfaces.connect_api.widget_wire import walletconnect_out
from kryptos.surfaces.http import limits
from tests.support.app import App, running_app
from tests.support.journey import GARBAGE, data_of, link_header, refusal, rows, sign_in

CALLBACK = "https://app.example.com/callback"


async def start(app: App, **body: Any) -> tuple[str, str, str]:
    """Return link token, session id and key of a session with a page of its own."""
    data = data_of(await app.post("/link-token", {"redirect_uri": CALLBACK, **body}))
    return data["link_token"], data["session_id"], data["hosted_url"].split("#")[1]


async def open_page(app: App, session_id: str, key: str) -> Any:
    """Make the page's call: without any credentials."""
    return await app.http.post("/link-token/hosted", json={"session_id": session_id, "key": key})


async def test_the_key_gives_a_fresh_link_token_and_the_former_one_is_dead(app: App) -> None:
    old, session_id, key = await start(app)
    app.clock.advance(minutes=10)
    opened = data_of(await open_page(app, session_id, key))
    assert opened["link_token"].startswith("link_")
    session = data_of(await app.http.get("/link-token/session", headers=link_header(opened["link_token"])))
    assert (session["session_id"], session["redirect_uri"]) == (session_id, CALLBACK)
    assert session["expires_at"] == opened["expires_at"], "the session ends when it would have"
    assert refusal(await app.http.get("/link-token/session", headers=link_header(old))) == (
        401,
        "INVALID_TOKEN",
    )
    digests = await rows(app, "SELECT token_digest FROM link_sessions WHERE id = $1", session_id)
    assert digests == [{"token_digest": sha256(opened["link_token"].encode()).digest()}]


async def test_the_page_can_be_loaded_again_and_whoever_signed_in_is_still_there(app: App) -> None:
    _, session_id, key = await start(app)
    first = data_of(await open_page(app, session_id, key))["link_token"]
    person = await sign_in(app, first, "ada@example.com")
    second = data_of(await open_page(app, session_id, key))["link_token"]
    assert second != first
    headers = {**link_header(second), "X-Widget-Key": person["widget_key"]}
    session = data_of(await app.http.get("/link-token/session", headers=headers))
    assert session["user"]["email"] == "ada@example.com"
    told = data_of(await app.http.get("/link-token/session", headers=link_header(second)))
    assert told["user"] is None, "whoever has the link alone, the app too, is not the person"


@pytest.mark.parametrize("name", [each for each in GARBAGE if each != "nul"])
async def test_garbage_is_no_key_and_no_session(app: App, name: str) -> None:
    token, session_id, key = await start(app)
    for wrong in ((session_id, GARBAGE[name]), (GARBAGE[name], key)):
        assert refusal(await open_page(app, *wrong)) == (401, "INVALID_TOKEN")
    for prefix in (key[:-1], key + "A", key.swapcase(), token, session_id):
        assert refusal(await open_page(app, session_id, prefix)) == (401, "INVALID_TOKEN")
    assert (await app.http.get("/link-token/session", headers=link_header(token))).status_code == 200


async def test_a_nul_and_a_missing_field_are_a_malformed_body(app: App) -> None:
    bodies: tuple[Any, ...] = (
        {"session_id": "ls_\x00", "key": "k"},
        {"session_id": "ls_x"},
        {"key": "k"},
        {},
        [],
    )
    for body in bodies:
        reply = await app.http.post("/link-token/hosted", json=body)
        assert refusal(reply) == (400, "VALIDATION_ERROR")
    reply = await app.http.post("/link-token/hosted", content=b"{}", headers={"Content-Type": "text/plain"})
    assert refusal(reply) == (415, "UNSUPPORTED_MEDIA_TYPE")


async def test_a_session_without_a_page_has_no_key(app: App) -> None:
    data = data_of(await app.post("/link-token"))
    for key in ("", "host_", data["link_token"]):
        assert refusal(await open_page(app, data["session_id"], key)) == (401, "INVALID_TOKEN")


@pytest.mark.parametrize("ending", ["complete", "exit"])
async def test_a_session_that_ended_cannot_be_opened(app: App, ending: str) -> None:
    token, session_id, key = await start(app)
    await app.widget(token, "auth/anonymous")
    await app.widget(token, "consent", {"approved": True})
    assert (await app.widget(token, ending)).status_code == 200
    assert refusal(await open_page(app, session_id, key)) == (400, "TOKEN_ALREADY_USED")


async def test_the_key_lives_as_long_as_its_session(app: App) -> None:
    _, session_id, key = await start(app)
    app.clock.advance(minutes=30, microseconds=-1)
    assert (await open_page(app, session_id, key)).status_code == 200
    app.clock.advance(microseconds=1)
    assert refusal(await open_page(app, session_id, key)) == (400, "TOKEN_EXPIRED")


async def test_a_suspended_apps_page_cannot_be_opened(app: App) -> None:
    _, session_id, key = await start(app)

    async def suspend(uow: Uow) -> None:
        await clients.suspend_client(uow, client_id=app.client_id)

    await app.services.database.execute(suspend)
    assert refusal(await open_page(app, session_id, key)) == (401, "INVALID_CLIENT")


async def test_keys_cannot_be_tried_without_end(database_url: str) -> None:
    async with running_app(database_url, rate_limit_factor=1) as app:
        _, session_id, key = await start(app)
        for _ in range(limits.FAILED_AUTHENTICATIONS.calls):
            assert refusal(await open_page(app, session_id, "host_x")) == (401, "INVALID_TOKEN")
        assert refusal(await open_page(app, session_id, key)) == (429, "RATE_LIMIT_EXCEEDED")
        assert (await app.http.get("/api/health")).status_code == 200


async def test_no_other_page_may_read_the_answer(app: App) -> None:
    _, session_id, key = await start(app)
    headers = {"Origin": "https://app.example.com"}
    body = {"session_id": session_id, "key": key}
    reply = await app.http.post("/link-token/hosted", json=body, headers=headers)
    assert reply.status_code == 200
    assert "Access-Control-Allow-Origin" not in reply.headers
    assert reply.headers["Cache-Control"] == "no-store"


async def test_a_hosted_completion_yields_its_public_token_to_the_backend(app: App) -> None:
    _, session_id, key = await start(app)
    token = data_of(await open_page(app, session_id, key))["link_token"]
    await app.widget(token, "auth/anonymous")
    await app.widget(token, "consent", {"approved": True})
    data_of(await app.widget(token, "complete"))
    record = data_of(await app.http.get(f"/link-token/{session_id}/session", headers=app.client_headers))
    assert "hosted_page.opened" in [event["name"] for event in record["events"]]
    reply = await app.post("/token/exchange", {"public_token": record["public_token"]})
    assert data_of(reply)["access_token"]


async def test_only_a_hash_of_the_key_is_stored(app: App) -> None:
    await start(app)
    found = await rows(app, "SELECT octet_length(hosted_key_hash) AS octets FROM link_sessions")
    assert found == [{"octets": 32}]


async def test_the_session_says_how_wallets_are_reached(app: App) -> None:
    token = data_of(await app.post("/link-token", {}))["link_token"]
    session = data_of(await app.http.get("/link-token/session", headers={"X-LINK-TOKEN": token}))
    assert session["walletconnect"] == {"relay_url": "wss://relay.walletconnect.org", "project_id": None}
    operators = walletconnect_out(Settings(walletconnect_project_id="operators"))
    assert operators is not None
    assert operators.project_id == "operators"
    assert walletconnect_out(Settings(walletconnect_relay_url="none")) is None
