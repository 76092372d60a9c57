"""A leak answered: every access, public and link token of a client that was made until then is invalid at once."""

from functools import partial

import httpx
import pytest

from kryptos.domains import clients
from kryptos.domains.clients.policy import CUT_MARGIN
from tests.support.app import App
from tests.support.connecting import make_client
from tests.support.journey import connect_by_mail, data_of, link_header, refusal, rows

EMAIL = "ada@example.com"
INVALID = (401, "INVALID_TOKEN")
CALLBACK = "https://app.example.com/callback"


async def cut(app: App) -> None:
    await app.services.database.execute(partial(clients.cut_tokens, client_id=app.client_id))


async def test_an_access_token_opens_nothing_any_more(app: App) -> None:
    given = await connect_by_mail(app, EMAIL)
    token = given["access_token"]
    assert (await app.userinfo(token)).status_code == 200
    await cut(app)
    for headers in ({}, app.client_headers):
        assert refusal(await app.userinfo(token, **headers)) == INVALID
    assert refusal(await app.post("/link-token", {"access_token": token})) == INVALID
    assert refusal(await app.post("/token/rotate", {"access_token": token})) == INVALID
    checked = data_of(await app.post("/link-token/check-session", {"access_token": token}))
    assert checked == {"has_valid_session": False, "reason": "token_invalid"}


async def test_a_public_token_is_as_good_as_never_made(app: App) -> None:
    public_token = await app.public_token()
    await cut(app)
    assert refusal(await app.post("/token/exchange", {"public_token": public_token})) == INVALID
    assert await rows(app, "SELECT 1 FROM grants") == []


@pytest.mark.parametrize("step", ["auth/anonymous", "consent", "complete", "exit", "events"])
async def test_a_link_token_opens_nothing_any_more(app: App, step: str) -> None:
    token = await app.link_token()
    data_of(await app.widget(token, "auth/anonymous"))
    await cut(app)
    assert refusal(await app.widget(token, step, {"approved": True, "name": "opened"})) == INVALID
    reply = await app.http.get("/link-token/session", headers=app.person(token))
    assert refusal(reply) == INVALID


async def test_a_session_from_before_is_not_continued_under_a_new_token(app: App) -> None:
    previous = await app.link_token()
    data_of(await app.widget(previous, "auth/anonymous"))
    await cut(app)
    app.clock.advance(seconds=6)
    fresh = await app.link_token()
    assert refusal(await app.widget(fresh, "session/adopt", {"previous": previous})) == INVALID
    assert (await app.widget(fresh, "auth/anonymous")).status_code == 200


async def test_a_hosted_page_from_before_yields_nothing(app: App) -> None:
    """Neither its key nor the record of a completed session: a leaked secret makes no new tokens of it."""
    unopened, done = [data_of(await app.post("/link-token", {"redirect_uri": CALLBACK})) for _ in range(2)]
    for step, form in (("auth/anonymous", {}), ("consent", {"approved": True}), ("complete", {})):
        data_of(await app.widget(done["link_token"], step, form))
    record = f"/link-token/{done['session_id']}/session"
    assert "public_token" in data_of(await app.http.get(record, headers=app.client_headers))
    await cut(app)
    app.clock.advance(seconds=6)
    assert "public_token" not in data_of(await app.http.get(record, headers=app.client_headers))
    key = unopened["hosted_url"].split("#")[1]
    opened = await app.post("/link-token/hosted", {"session_id": unopened["session_id"], "key": key}, {})
    assert refusal(opened) == INVALID
    page = await app.http.get(f"/connect/l/{unopened['session_id']}")
    assert page.status_code in {410, 404}, page.status_code


async def test_what_is_made_a_few_seconds_later_works_and_the_grant_stands(app: App) -> None:
    before = await connect_by_mail(app, EMAIL)
    await cut(app)
    during = await app.link_token()
    app.clock.advance(seconds=CUT_MARGIN.total_seconds() + 1)
    assert refusal(await app.widget(during, "auth/anonymous")) == INVALID, "made while it was cut"
    listed = data_of(await app.http.get("/token/grants", headers=app.client_headers))
    assert [each["grant_id"] for each in listed["grants"]] == [before["grant_id"]]
    after = await connect_by_mail(app, EMAIL)
    assert after["grant_id"] == before["grant_id"]
    assert (await app.userinfo(after["access_token"])).status_code == 200
    assert refusal(await app.userinfo(before["access_token"])) == INVALID


async def test_another_clients_tokens_are_left_alone(app: App) -> None:
    theirs = await connect_by_mail(app, EMAIL, await make_client(app))
    await cut(app)
    assert (await app.userinfo(theirs["access_token"])).status_code == 200


async def test_it_is_one_write_however_many_tokens_there_are(app: App) -> None:
    for number in range(3):
        await connect_by_mail(app, f"p{number}@example.com")
    before = await rows(app, "SELECT * FROM access_tokens ORDER BY id")
    await cut(app)
    assert await rows(app, "SELECT * FROM access_tokens ORDER BY id") == before
    (audit,) = await rows(
        app, "SELECT actor_kind, subject FROM audit_records WHERE action = 'client.tokens_cut'"
    )
    assert audit == {"actor_kind": "operator", "subject": app.client_id}


async def test_credentials_still_work_and_other_peoples_guesses_stay_guesses(app: App) -> None:
    await cut(app)
    assert (await app.http.get("/token/grants", headers=app.client_headers)).status_code == 200
    reply: httpx.Response = await app.http.get("/link-token/session", headers=link_header("link_wrong"))
    assert refusal(reply) == INVALID
