"""Signing in to the consent centre: by mailed code and by management link, sessions, and what ends them."""

import re

import pytest

from kryptos.domains import identity
from kryptos.infra.database import Uow
from tests.support.account import BASE, COOKIE, LINK, START, VERIFY, Browser, guest_with_link
from tests.support.app import App, running_app
from tests.support.journey import connect_by_mail, data_of, issued_code, refusal, rows, sign_in, snapshot

ADA, EVE = "ada@example.com", "eve@example.com"
NOT_SIGNED_IN = (401, "NOT_SIGNED_IN")
WRONG = (400, "CODE_INVALID")
DEAD_LINK = (401, "MANAGEMENT_LINK_INVALID")


async def known(app: App, email: str = ADA) -> str:
    """Make a person known by signing in to the widget; return the user id."""
    user = await sign_in(app, await app.link_token(), email)
    app.clock.advance(minutes=16)  # a code may be asked for three times in a quarter of an hour
    return str(user["user_id"])


async def test_a_known_person_signs_in_with_a_mailed_code(secure_app: App) -> None:
    user_id = await known(secure_app)
    browser = Browser(secure_app)
    data = await browser.sign_in(ADA)
    assert data["person"]["id"] == user_id
    assert (data["person"]["email"], data["person"]["is_guest"]) == (ADA, False)
    assert [each["role"] for each in data["workspaces"]] == ["owner"]
    assert data_of(await browser.get("session")) == data
    stored = await rows(
        secure_app, "SELECT octet_length(token_hash) AS octets, user_id FROM account_sessions"
    )
    assert stored == [{"octets": 32, "user_id": user_id}]


async def test_the_cookie_is_this_hosts_alone_and_no_script_can_read_it(secure_app: App) -> None:
    await known(secure_app)
    browser = Browser(secure_app)
    challenge, code = await browser.started(ADA)
    reply = await browser.call("POST", VERIFY, {"challenge": challenge, "email": ADA, "code": code})
    name, _, rest = reply.headers["Set-Cookie"].partition("=")
    value, *attributes = rest.split("; ")
    assert name == COOKIE
    assert re.fullmatch(r"acct_[A-Za-z0-9_-]{43}", value)
    assert set(attributes) == {"HttpOnly", "SameSite=Lax", "Path=/", "Secure"}
    assert value not in reply.text
    assert reply.headers["Cache-Control"] == "no-store"


async def test_on_plain_http_only_this_machine_signs_in(database_url: str) -> None:
    async with running_app(database_url, public_url="http://localhost:4400") as app:
        await known(app)
        app.clock.advance(milliseconds=1)
        reply = await app.http.post(START, json={"email": ADA})
        body = {**data_of(reply), "email": ADA, "code": await issued_code(app, ADA)}
        signed_in = await app.http.post(VERIFY, json=body)
        assert signed_in.headers["Set-Cookie"].startswith("kryptos_account=acct_")
        assert "Secure" not in signed_in.headers["Set-Cookie"]
    async with running_app(database_url, public_url="http://kryptos.example") as app:
        for path, form in (
            (START, {"email": ADA}),
            (VERIFY, {"challenge": "chal_x", "email": ADA, "code": "1"}),
            (LINK, {"key": "manage_x"}),
        ):
            assert refusal(await app.http.post(path, json=form)) == (409, "HTTPS_NEEDED")


async def test_nobody_is_made_by_signing_in_here_and_nobody_can_tell_who_is_known(secure_app: App) -> None:
    app = secure_app
    await known(app)
    browser = Browser(app)
    answers = [await browser.call("POST", START, {"email": email}) for email in (ADA, "nobody@example.com")]
    assert {(each.status_code, tuple(data_of(each))) for each in answers} == {(200, ("challenge",))}
    assert len({len(data_of(each)["challenge"]) for each in answers}) == 1
    assert await issued_code(app, "nobody@example.com") is None, "mail goes to the known alone"
    before = await rows(app, "SELECT id FROM users")
    wrong = [
        await browser.call("POST", VERIFY, {**data_of(each), "email": email, "code": "000000x"})
        for each, email in zip(answers, (ADA, "nobody@example.com"), strict=True)
    ]
    assert refusal(wrong[0]) == refusal(wrong[1]) == WRONG
    assert wrong[0].json()["error"] == wrong[1].json()["error"]
    assert await rows(app, "SELECT id FROM users") == before


@pytest.mark.parametrize("column", ["suspended_at", "erasing_at"])
async def test_whoever_is_suspended_or_being_erased_is_as_good_as_unknown(
    secure_app: App, column: str
) -> None:
    app = secure_app
    user_id = await known(app)
    browser, late = Browser(app), Browser(app)
    await browser.sign_in(ADA)
    challenge, code = await late.started(ADA)
    await rows(app, f"UPDATE users SET {column} = now() WHERE id = $1", user_id)
    assert refusal(await browser.get("session")) == NOT_SIGNED_IN
    body = {"challenge": challenge, "email": ADA, "code": code}
    assert refusal(await late.call("POST", VERIFY, body)) == WRONG
    app.clock.advance(minutes=16)
    assert (await late.call("POST", START, {"email": ADA})).status_code == 200
    assert await issued_code(app, ADA) is None


async def test_a_code_is_good_for_the_page_that_asked_and_for_nothing_else(secure_app: App) -> None:
    """Neither another page's challenge, nor one for the widget, nor the other way round."""
    app = secure_app
    await known(app)
    mine, other = Browser(app), Browser(app)
    challenge, code = await mine.started(ADA)
    other_challenge = data_of(await other.call("POST", START, {"email": ADA}))["challenge"]
    for wrong in (other_challenge, "", "chal_x", challenge[:-1], challenge + "x", "\ud800"):
        body = {"challenge": wrong, "email": ADA, "code": code}
        if wrong.isascii():
            assert refusal(await mine.call("POST", VERIFY, body)) == WRONG, wrong
    token = await app.link_token()
    session_id = data_of(await app.http.get("/link-token/session", headers=app.person(token)))["session_id"]
    assert refusal(await app.widget(token, "auth/email/verify", {"email": ADA, "code": code})) == WRONG
    app.clock.advance(minutes=16)
    await app.widget(token, "auth/email/start", {"email": ADA})
    widget_code = await issued_code(app, ADA)
    for purpose in (session_id, challenge):
        body = {"challenge": purpose, "email": ADA, "code": widget_code}
        assert refusal(await mine.call("POST", VERIFY, body)) == WRONG
    assert not await rows(app, "SELECT 1 FROM account_sessions")


async def test_a_code_signs_in_once_and_has_five_tries(secure_app: App) -> None:
    app = secure_app
    await known(app)
    browser = Browser(app)
    challenge, code = await browser.started(ADA)
    body = {"challenge": challenge, "email": ADA, "code": code}
    browser.signed_in(await browser.call("POST", VERIFY, body))
    assert refusal(await browser.call("POST", VERIFY, body)) == WRONG
    challenge, code = await browser.started(ADA)
    for _ in range(5):
        body = {"challenge": challenge, "email": ADA, "code": f"{(int(code) + 1) % 1_000_000:06}"}
        assert refusal(await browser.call("POST", VERIFY, body)) == WRONG
    assert refusal(await browser.call("POST", VERIFY, {**body, "code": code})) == WRONG


async def test_every_sign_in_begins_a_session_that_nobody_knew_before(secure_app: App) -> None:
    """Fixation: a token that was planted in a browser opens nothing, and does not become the person's."""
    app = secure_app
    await known(app)
    browser = Browser(app, cookie="acct_" + "A" * 43)
    await browser.sign_in(ADA)
    first = browser.cookie
    assert first != "acct_" + "A" * 43
    again = Browser(app, cookie=first)
    await again.sign_in(ADA)
    assert again.cookie != first
    assert refusal(await browser.get("session")) == NOT_SIGNED_IN, "the browser's former session has ended"
    assert (await again.get("session")).status_code == 200


async def test_two_cookies_of_the_name_are_none(secure_app: App) -> None:
    """Tossing: a sibling host cannot choose which of two sessions is meant."""
    app = secure_app
    await known(app)
    await known(app, EVE)
    ada, eve = Browser(app), Browser(app)
    await ada.sign_in(ADA)
    await eve.sign_in(EVE)
    for both in (
        f"{COOKIE}={eve.cookie}; {COOKIE}={ada.cookie}",
        f"{COOKIE}={ada.cookie}; {COOKIE}={eve.cookie}",
    ):
        reply = await app.http.get("/account/api/session", headers={"Cookie": both})
        assert refusal(reply) == NOT_SIGNED_IN
    for other in (
        f"kryptos_account={ada.cookie}",
        f"{COOKIE.lower()}={ada.cookie}",
        f"{COOKIE}={'x' * 300}",
        COOKIE,
    ):
        reply = await app.http.get("/account/api/session", headers={"Cookie": other})
        assert refusal(reply) == NOT_SIGNED_IN
    same = f"theme=dark; {COOKIE}={ada.cookie}; {COOKIE}={ada.cookie}"
    assert (await app.http.get("/account/api/session", headers={"Cookie": same})).status_code == 200


async def test_a_session_ends_after_twelve_idle_hours_and_after_thirty_days(secure_app: App) -> None:
    app = secure_app
    await known(app)
    browser = Browser(app)
    await browser.sign_in(ADA)
    app.clock.advance(hours=11, minutes=59)
    assert (await browser.get("session")).status_code == 200
    app.clock.advance(hours=12)
    assert refusal(await browser.get("session")) == NOT_SIGNED_IN
    assert await app.services.database.execute(identity.prune_account_sessions) == 1
    await browser.sign_in(ADA)
    for _ in range(65):
        app.clock.advance(hours=11)
        assert (await browser.get("session")).status_code == 200
    app.clock.advance(hours=5)
    assert refusal(await browser.get("session")) == NOT_SIGNED_IN


async def test_that_a_session_is_in_use_is_written_once_a_minute(secure_app: App) -> None:
    app = secure_app
    await known(app)
    browser = Browser(app)
    await browser.sign_in(ADA)
    before = await snapshot(app)
    app.clock.advance(seconds=59)
    await browser.get("session")
    assert await snapshot(app) == before
    app.clock.advance(seconds=1)
    await browser.get("session")
    assert await snapshot(app) != before


async def test_signing_out_ends_this_browsers_session_and_no_other(secure_app: App) -> None:
    app = secure_app
    await known(app)
    here, there = Browser(app), Browser(app)
    await here.sign_in(ADA)
    await there.sign_in(ADA)
    stolen = Browser(app, here.cookie, here.csrf)
    reply = await here.post("sign-out")
    assert reply.status_code == 200
    assert reply.headers["Set-Cookie"].startswith(f"{COOKIE}=;")
    assert "Max-Age=0" in reply.headers["Set-Cookie"]
    assert here.cookie is None
    assert refusal(await stolen.get("session")) == NOT_SIGNED_IN
    assert (await there.get("session")).status_code == 200


async def test_suspending_a_person_suspends_the_guests_they_claimed(secure_app: App) -> None:
    app = secure_app
    user_id = await known(app)
    access = await app.access()
    (grant,) = await rows(app, "SELECT user_id FROM grants WHERE id = $1", access["grant_id"])
    await rows(app, "UPDATE users SET claimed_by = $1 WHERE id = $2", user_id, grant["user_id"])

    async def suspend(uow: Uow) -> None:
        await identity.suspend_user(uow, user_id=user_id)

    await app.services.database.execute(suspend)
    assert refusal(await app.userinfo(access["access_token"])) == (401, "INVALID_GRANT")


async def test_a_guest_comes_in_by_the_link_of_the_widget_once(secure_app: App) -> None:
    app = secure_app
    _, guest, url = await guest_with_link(app)
    assert re.fullmatch(rf"{BASE}/account#manage=manage_[A-Za-z0-9_-]{{43}}", url)
    browser = Browser(app)
    data = await browser.open_link(url)
    assert data["person"]["id"] == guest["user_id"]
    assert (data["person"]["email"], data["person"]["is_guest"]) == (None, True)
    again = await Browser(app).call("POST", LINK, {"key": url.partition("#manage=")[2]})
    assert refusal(again) == DEAD_LINK
    assert "Set-Cookie" not in again.headers


async def test_a_newer_link_replaces_the_older_one(secure_app: App) -> None:
    app = secure_app
    token, _, first = await guest_with_link(app)
    second = data_of(await app.widget(token, "management-link"))["url"]
    reply = await Browser(app).call("POST", LINK, {"key": first.partition("#manage=")[2]})
    assert refusal(reply) == DEAD_LINK
    browser = Browser(app)
    await browser.open_link(second)
    third = data_of(await browser.post("management-link"))["url"]
    await Browser(app).open_link(third)


@pytest.mark.parametrize("key", ["", "manage_", "manage_" + "x" * 43, "x" * 9000, "\x01", "é"])
async def test_what_is_no_links_key_opens_nothing(secure_app: App, key: str) -> None:
    assert refusal(await Browser(secure_app).call("POST", LINK, {"key": key})) == DEAD_LINK


async def test_guessing_links_counts_as_wrong_credentials(database_url: str) -> None:
    async with running_app(database_url, public_url=BASE, rate_limit_factor=1) as app:
        now = [1000.0]
        app.services.limiter._monotonic = lambda: now[0]
        browser = Browser(app)
        for _ in range(60):
            assert refusal(await browser.call("POST", LINK, {"key": "manage_x"})) == DEAD_LINK
        reply = await browser.call("POST", LINK, {"key": "manage_x"})
        assert refusal(reply) == (429, "RATE_LIMIT_EXCEEDED")


async def test_asking_for_codes_is_limited_by_address_and_by_mailbox(database_url: str) -> None:
    async with running_app(database_url, public_url=BASE, rate_limit_factor=1) as app:
        now = [1000.0]
        app.services.limiter._monotonic = lambda: now[0]
        browser = Browser(app)
        for number in range(20):
            reply = await browser.call("POST", START, {"email": f"{number}@example.com"})
            assert reply.status_code == 200
        reply = await browser.call("POST", START, {"email": "x@example.com"})
        assert refusal(reply) == (429, "RATE_LIMIT_EXCEEDED")
        now[0] += 60
        for _ in range(3):
            assert (await browser.call("POST", START, {"email": ADA})).status_code == 200
        reply = await browser.call("POST", START, {"email": ADA})
        assert refusal(reply) == (429, "RATE_LIMIT_EXCEEDED")
        assert reply.json()["retry_after"] > 60


async def test_without_mail_no_code_is_offered(database_url: str) -> None:
    async with running_app(database_url, public_url=BASE, mailbox=False) as app:
        reply = await Browser(app).call("POST", START, {"email": ADA})
        assert refusal(reply) == (409, "EMAIL_SIGN_IN_UNAVAILABLE")


async def test_a_person_with_an_address_gets_no_link(secure_app: App) -> None:
    app = secure_app
    await connect_by_mail(app, ADA)
    browser = Browser(app)
    await browser.sign_in(ADA)
    assert refusal(await browser.post("management-link")) == (409, "NOT_A_GUEST")
    assert refusal(await browser.post("email/start", {"email": EVE})) == (409, "NOT_A_GUEST")
