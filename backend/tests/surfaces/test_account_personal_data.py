"""A person takes a copy of everything, and erases everything, in the consent centre."""

import asyncio
import json

import pytest

from tests.support.account import BASE, COOKIE, Browser, guest_with_link
from tests.support.app import App, running_app
from tests.support.journey import connect_by_mail, data_of, issued_code, refusal, rows
from tests.support.workshop import settle

ADA, EVE = "ada@example.com", "eve@example.com"
ERASE = {"confirmation": "erase"}


async def erasing(app: App, browser: Browser) -> dict[str, str]:
    """Ask for the code of an erasure and return what confirms it."""
    app.clock.advance(milliseconds=1)
    challenge = data_of(await browser.post("erasure/start"))["challenge"]
    return {**ERASE, "challenge": challenge, "code": str(await issued_code(app, ADA))}


async def ada_at_home(app: App) -> tuple[Browser, dict[str, str]]:
    access = await connect_by_mail(app, ADA)
    browser = Browser(app)
    await browser.sign_in(ADA)
    return browser, access


async def test_the_export_is_a_file_of_everything_and_of_nobody_elses(secure_app: App) -> None:
    app = secure_app
    await connect_by_mail(app, EVE)
    browser, access = await ada_at_home(app)
    reply = await browser.get("export")
    assert reply.status_code == 200
    assert reply.headers["Content-Disposition"] == 'attachment; filename="kryptos-export-2020-01-01.json"'
    assert reply.headers["Cache-Control"] == "no-store"
    assert "Content-Length" not in reply.headers
    document = json.loads(reply.content)
    assert [each["email"] for each in document["person"]] == [ADA]
    assert [each["id"] for each in document["grants"]] == [access["grant_id"]]
    assert EVE not in reply.text
    assert str(browser.cookie) not in reply.text


async def test_the_export_tells_of_claimed_guests_as_well(secure_app: App) -> None:
    app = secure_app
    browser, access = await ada_at_home(app)
    guest = await app.access()
    await rows(
        app,
        "UPDATE users SET claimed_by = $1 WHERE id = (SELECT user_id FROM grants WHERE id = $2)",
        access["user_id"],
        guest["grant_id"],
    )
    document = json.loads((await browser.get("export")).content)
    assert {each["id"] for each in document["grants"]} == {access["grant_id"], guest["grant_id"]}


async def test_head_of_the_export_makes_none(secure_app: App) -> None:
    browser, _ = await ada_at_home(secure_app)
    reply = await browser.call("HEAD", "/account/api/export")
    assert (reply.status_code, reply.content) == (200, b"")


async def test_exports_are_limited_by_person(database_url: str) -> None:
    async with running_app(database_url, public_url=BASE, rate_limit_factor=1) as app:
        now = [1000.0]
        app.services.limiter._monotonic = lambda: now[0]
        browser, _ = await ada_at_home(app)
        for _ in range(10):
            assert (await browser.get("export")).status_code == 200
        reply = await browser.get("export")
        assert refusal(reply) == (429, "RATE_LIMIT_EXCEEDED")
        assert "Content-Disposition" not in reply.headers


async def test_erasing_ends_everything_at_once_and_shows_how_far_it_has_come(secure_app: App) -> None:
    app = secure_app
    browser, access = await ada_at_home(app)
    elsewhere = Browser(app)
    await elsewhere.sign_in(ADA)
    app.clock.advance(minutes=16)
    proof = await erasing(app, browser)
    reply = await browser.post("erasure", proof)
    requested = data_of(reply)
    assert reply.headers["Set-Cookie"].startswith(f"{COOKIE}=;")
    assert refusal(await app.userinfo(access["access_token"])) == (401, "INVALID_GRANT")
    for each in (browser, elsewhere):
        assert refusal(await each.get("session")) == (401, "NOT_SIGNED_IN")
    status = f"erasure/{requested['erasure_id']}/status"
    stranger = Browser(app)
    state = data_of(await stranger.post(status, {"key": requested["key"]}))
    assert state == {"state": "waiting", "counts": {}, "proof": None}
    for key in ("", "ekey_x", requested["key"][:-1]):
        assert refusal(await stranger.post(status, {"key": key})) == (404, "ERASURE_NOT_FOUND")
    await settle(app)
    state = data_of(await stranger.post(status, {"key": requested["key"]}))
    assert state["state"] == "done"
    assert sum(state["counts"].values()) > 0
    assert state["proof"]["receipt"].count(".") == 2
    assert await rows(app, "SELECT 1 FROM users WHERE email = $1", ADA) == []


@pytest.mark.parametrize(
    "body",
    [{}, {"confirmation": "yes"}, {"confirmation": None}, ERASE, {**ERASE, "code": "123456"}],
    ids=str,
)
async def test_nothing_is_erased_without_the_word_and_the_code(secure_app: App, body: dict[str, str]) -> None:
    browser, access = await ada_at_home(secure_app)
    assert refusal(await browser.post("erasure", body)) == (400, "VALIDATION_ERROR")
    assert (await secure_app.userinfo(access["access_token"])).status_code == 200


async def test_a_code_for_anything_else_erases_nothing_and_an_erasing_one_does_nothing_else(
    secure_app: App,
) -> None:
    app = secure_app
    browser, access = await ada_at_home(app)
    app.clock.advance(minutes=16)
    challenge, code = await Browser(app).started(ADA)
    reply = await browser.post("erasure", {**ERASE, "challenge": challenge, "code": code})
    assert refusal(reply) == (400, "CODE_INVALID")
    proof = await erasing(app, browser)
    body = {"challenge": proof["challenge"], "email": ADA, "code": proof["code"]}
    assert refusal(await Browser(app).call("POST", "/account/api/sign-in/verify", body)) == (
        400,
        "CODE_INVALID",
    )
    token = await app.link_token()
    reply = await app.widget(token, "auth/email/verify", {"email": ADA, "code": proof["code"]})
    assert refusal(reply) == (400, "CODE_INVALID")
    assert (await app.userinfo(access["access_token"])).status_code == 200


async def test_a_guest_erases_everything_without_a_code(secure_app: App) -> None:
    app = secure_app
    token, _, url = await guest_with_link(app)
    browser = Browser(app)
    await browser.open_link(url)
    assert data_of(await browser.post("erasure/start")) == {"challenge": None}
    assert data_of(await browser.post("erasure", ERASE))["key"].startswith("ekey_")
    assert refusal(await app.widget(token, "consent", {"approved": True})) == (401, "INVALID_GRANT")


async def test_a_guest_who_is_claimed_while_everything_is_erased_is_not_forgotten(secure_app: App) -> None:
    """Either the claim comes first, and the guest goes with the person; or it is refused, and they stay apart."""
    app = secure_app
    browser, _ = await ada_at_home(app)
    app.clock.advance(minutes=16)
    guest = Browser(app)
    await guest.open_link((await guest_with_link(app))[2])
    challenge = data_of(await guest.post("email/start", {"email": ADA}))["challenge"]
    claim = {"challenge": challenge, "email": ADA, "code": await issued_code(app, ADA)}
    proof = await erasing(app, browser)
    claimed, erased = await asyncio.gather(guest.post("email/verify", claim), browser.post("erasure", proof))
    assert erased.status_code == 200
    left = await rows(app, "SELECT claimed_by, erasing_at FROM users WHERE email IS NULL")
    if claimed.is_success:
        assert all(each["erasing_at"] is not None for each in left)
    else:
        assert refusal(claimed) == (400, "CODE_INVALID")
        assert left == [{"claimed_by": None, "erasing_at": None}]
