"""What came of a hosted session, told to the app that waits: by a link token that is dead for everything else."""

from typing import Any

import pytest

from kryptos.domains import clients, connect
from kryptos.infra.database import Uow
from kryptos.surfaces.http import limits
from tests.support.app import App, running_app
from tests.support.journey import data_of, link_header, refusal, rows

CALLBACK = "https://app.example.com/callback"


async def start(app: App, **body: Any) -> tuple[str, str, str]:
    """Return the app's link token, session id and key of a session with a page of its own."""
    data = data_of(await app.post("/link-token", {"redirect_uri": CALLBACK, **body}))
    return data["link_token"], data["session_id"], data["hosted_url"].split("#")[1]


async def opened(app: App, session_id: str, key: str) -> str:
    """Open the page; return its own link token."""
    reply = await app.http.post("/link-token/hosted", json={"session_id": session_id, "key": key})
    return str(data_of(reply)["link_token"])


async def ask(app: App, token: str, **headers: str) -> Any:
    return await app.http.get("/link-token/outcome", headers={**link_header(token), **headers})


async def outcome(app: App, token: str) -> tuple[str, str | None]:
    """Return status and public token; nothing more is ever told."""
    data = data_of(await ask(app, token))
    assert set(data) == {"status", "public_token"}
    return data["status"], data["public_token"]


async def complete(app: App, token: str) -> str:
    await app.widget(token, "auth/anonymous")
    await app.widget(token, "consent", {"approved": True})
    return str(data_of(await app.widget(token, "complete"))["public_token"])


async def test_the_apps_dead_token_is_told_how_far_the_page_is(app: App) -> None:
    token, session_id, key = await start(app)
    assert await outcome(app, token) == ("open", None), "before the page is opened"
    page = await opened(app, session_id, key)
    page = await opened(app, session_id, key)  # loaded again: the app's token is still the app's
    assert await outcome(app, token) == ("open", None)
    for name in ("session", "workspaces", "consent", "providers", "integrations"):
        reply = await app.http.get(f"/link-token/{name}", headers=link_header(token))
        assert refusal(reply) == (401, "INVALID_TOKEN"), name
    for name in ("auth/anonymous", "consent", "complete", "exit"):
        assert refusal(await app.widget(token, name)) == (401, "INVALID_TOKEN"), name
    await complete(app, page)
    status, public_token = await outcome(app, token)
    assert status == "completed"
    exchanged = data_of(await app.post("/token/exchange", {"public_token": public_token}))
    assert exchanged["access_token"].startswith("cat_")


async def test_of_several_public_tokens_one_is_exchanged_and_then_there_is_none(app: App) -> None:
    token, session_id, key = await start(app)
    pages = await complete(app, await opened(app, session_id, key))
    _, first = await outcome(app, token)
    _, second = await outcome(app, token)
    assert len({pages, first, second}) == 3
    assert (await app.post("/token/exchange", {"public_token": first})).status_code == 200
    assert await outcome(app, token) == ("completed", None)
    for used in (pages, first, second):
        reply = await app.post("/token/exchange", {"public_token": used})
        assert refusal(reply) == (400, "TOKEN_ALREADY_USED")


async def test_a_page_that_was_left_and_one_that_ran_out(app: App) -> None:
    left, left_id, left_key = await start(app)
    late, late_id, late_key = await start(app)
    unopened, _, _ = await start(app)
    await app.widget(await opened(app, left_id, left_key), "exit")
    await opened(app, late_id, late_key)
    assert await outcome(app, left) == ("exited", None)
    app.clock.advance(minutes=30)
    for token in (late, unopened):
        assert await outcome(app, token) == ("expired", None)


async def test_an_outcome_is_told_for_half_an_hour_after_the_end(app: App) -> None:
    done, done_id, done_key = await start(app)
    late, _, _ = await start(app)
    await complete(app, await opened(app, done_id, done_key))
    app.clock.advance(minutes=30, microseconds=-1)
    assert (await outcome(app, done))[0] == "completed"
    app.clock.advance(microseconds=1)
    assert refusal(await ask(app, done)) == (400, "TOKEN_EXPIRED")
    app.clock.advance(minutes=30, microseconds=-1)
    assert await outcome(app, late) == ("expired", None)
    app.clock.advance(microseconds=1)
    assert refusal(await ask(app, late)) == (400, "TOKEN_EXPIRED")


async def test_a_resumed_session_is_completed_without_a_public_token(app: App) -> None:
    access = await app.access()
    token, session_id, key = await start(app, access_token=access["access_token"])
    await app.widget(await opened(app, session_id, key), "complete")
    assert await outcome(app, token) == ("completed", None)


async def test_a_session_taken_over_by_another_token_is_over_for_the_first(app: App) -> None:
    token, session_id, key = await start(app)
    page = await opened(app, session_id, key)
    new = data_of(await app.post("/link-token"))["link_token"]
    assert (await app.widget(new, "session/adopt", {"previous": page})).status_code == 200
    assert await outcome(app, token) == ("expired", None)
    await complete(app, new)
    assert await outcome(app, token) == ("expired", None)


async def test_only_a_hosted_sessions_token_may_ask(app: App) -> None:
    framed = data_of(await app.post("/link-token"))["link_token"]
    token, session_id, key = await start(app)
    for wrong in (framed, token[:-1], token.swapcase(), session_id, key, "link_x"):
        assert refusal(await ask(app, wrong)) == (401, "INVALID_TOKEN"), wrong
    assert refusal(await app.http.get("/link-token/outcome")) == (401, "INVALID_TOKEN")
    await app.widget(framed, "auth/anonymous")
    await app.widget(framed, "consent", {"approved": True})
    await app.widget(framed, "complete")
    assert refusal(await ask(app, framed)) == (401, "INVALID_TOKEN"), "in a frame the widget gives the token"


@pytest.mark.parametrize("is_opened", [False, True])
async def test_after_a_cut_and_a_suspension_nothing_is_told(app: App, is_opened: bool) -> None:
    token, session_id, key = await start(app)
    await complete(app, await opened(app, session_id, key) if is_opened else token)

    async def suspend(uow: Uow) -> None:
        await clients.suspend_client(uow, client_id=app.client_id)

    async def resume_and_cut(uow: Uow) -> None:
        await clients.resume_client(uow, client_id=app.client_id)
        await clients.cut_tokens(uow, client_id=app.client_id)

    await app.services.database.execute(suspend)
    assert refusal(await ask(app, token)) == (401, "INVALID_CLIENT")
    await app.services.database.execute(resume_and_cut)
    assert refusal(await ask(app, token)) == (401, "INVALID_TOKEN")


async def test_an_erasure_takes_the_session_and_what_its_former_token_was_answered(app: App) -> None:
    token, session_id, key = await start(app)
    headers = {**link_header(token), "Idempotency-Key": "one"}
    event = {"name": "opened"}
    assert (await app.http.post("/link-token/events", json=event, headers=headers)).status_code == 200
    await complete(app, await opened(app, session_id, key))

    async def erase(uow: Uow) -> None:
        counts = await connect.erase_sessions(uow, session_ids=[session_id])
        assert counts["idempotency_records"] == 1

    await app.services.database.execute(erase)
    assert refusal(await ask(app, token)) == (401, "INVALID_TOKEN")


async def test_only_a_hash_of_the_apps_token_is_stored(app: App) -> None:
    _, session_id, key = await start(app)
    statement = "SELECT octet_length(app_token_hash) AS octets FROM link_sessions"
    assert await rows(app, statement) == [{"octets": None}]
    await opened(app, session_id, key)
    assert await rows(app, statement) == [{"octets": 32}]


async def test_pages_of_the_clients_own_origins_may_read_it(app: App) -> None:
    created = await app.create_client(
        "Web", redirect_uris=[CALLBACK], allowed_origins=["https://app.example.com"]
    )
    headers = {"X-Client-Id": created.client.id, "X-Client-Secret": created.client_secret}
    token = data_of(await app.post("/link-token", {"redirect_uri": CALLBACK}, headers))["link_token"]
    reply = await ask(app, token, Origin="https://app.example.com")
    assert reply.headers["Access-Control-Allow-Origin"] == "https://app.example.com"
    assert reply.headers["Cache-Control"] == "no-store"
    other = await ask(app, token, Origin="https://evil.example")
    assert "Access-Control-Allow-Origin" not in other.headers


async def test_it_can_be_asked_often_and_not_without_end(database_url: str) -> None:
    async with running_app(database_url, rate_limit_factor=1) as app:
        app.services.limiter._monotonic = lambda: 1000.0
        token, _, _ = await start(app)
        other, _, _ = await start(app)
        for _ in range(limits.OUTCOMES.calls):
            assert (await ask(app, token)).status_code == 200
        assert refusal(await ask(app, token)) == (429, "RATE_LIMIT_EXCEEDED")
        assert (await ask(app, other)).status_code == 200
        for _ in range(limits.FAILED_AUTHENTICATIONS.calls):
            assert refusal(await ask(app, "link_x")) == (401, "INVALID_TOKEN")
        assert refusal(await ask(app, other)) == (429, "RATE_LIMIT_EXCEEDED")
