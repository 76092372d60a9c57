"""What an attacker tries on the consent centre: forged calls, foreign pages, the app with its link token, races."""

import asyncio
import json
from collections import Counter

import httpx
import pytest

from kryptos.entrypoints.web import ENDPOINTS
from kryptos.surfaces.http.endpoint import Auth, Family
from tests.support.account import BASE, COOKIE, LINK, START, VERIFY, Browser, guest_with_link
from tests.support.app import App
from tests.support.journey import connect_by_mail, data_of, issued_code, link_header, refusal, rows, snapshot

ADA, EVE = "ada@example.com", "eve@example.com"
FOREIGN = (403, "CROSS_SITE_REFUSED")
FORGED = (403, "CSRF_TOKEN_WRONG")
REGISTERED = "https://app.example.com"

ACCOUNT = [each for each in ENDPOINTS if each.family is Family.ACCOUNT]
CHANGES = [each for each in ACCOUNT if each.auth is Auth.ACCOUNT and each.method != "GET"]


def path_of(path: str) -> str:
    return (
        path.replace("{grant_id}", "cgrant_x")
        .replace("{wallet_id}", "wallet_x")
        .replace("{erasure_id}", "erasure_x")
    )


async def ada_at_home(app: App) -> tuple[Browser, dict[str, str]]:
    """Ada, connected to the test app and signed in to the consent centre."""
    access = await connect_by_mail(app, ADA)
    browser = Browser(app)
    await browser.sign_in(ADA)
    return browser, access


def test_every_call_of_the_consent_centre_is_found_here() -> None:
    assert {each.path.startswith("/account/api/") for each in ACCOUNT} == {True}
    assert {each.path for each in ENDPOINTS if each.auth is Auth.ACCOUNT} <= {each.path for each in ACCOUNT}
    assert len(CHANGES) >= 9


@pytest.mark.parametrize("token", [None, "", "csrf_", "csrf_" + "A" * 43, "é"])
async def test_nothing_changes_without_the_pages_own_token(secure_app: App, token: str | None) -> None:
    app = secure_app
    browser, _ = await ada_at_home(app)
    browser.csrf = None
    sent = [(name.encode(), value.encode()) for name, value in browser.headers().items()]
    if token is not None:
        sent.append((b"X-CSRF-Token", token.encode()))
    before = await snapshot(app)
    for each in CHANGES:
        content = [(b"Content-Type", b"application/json")]
        body = json.dumps({"confirmation": "erase", "email": EVE, "challenge": "", "code": ""})
        reply = await app.http.request(
            each.method, path_of(each.path), content=body, headers=[*sent, *content]
        )
        assert refusal(reply) == FORGED, each.path
    assert await snapshot(app) == before


async def test_one_sessions_token_is_no_other_sessions(secure_app: App) -> None:
    app = secure_app
    browser, _ = await ada_at_home(app)
    other = Browser(app)
    await other.sign_in(ADA)
    assert browser.csrf != other.csrf
    reply = await browser.post("grants/revoke-all", **{"X-CSRF-Token": str(other.csrf)})
    assert refusal(reply) == FORGED


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
async def test_a_form_of_another_page_changes_nothing_and_signs_nobody_in(
    secure_app: App, content_type: str
) -> None:
    """Forms bear cookies of the same site and any text as their body, but no header and no JSON type."""
    app = secure_app
    browser, _ = await ada_at_home(app)
    _, _, url = await guest_with_link(app)
    before = await snapshot(app)
    form = {"Cookie": f"{COOKIE}={browser.cookie}", "Content-Type": content_type}
    for each in CHANGES:
        body = '{"confirmation": "erase", "x": "="}'
        reply = await app.http.request(each.method, path_of(each.path), content=body, headers=form)
        assert refusal(reply) == FORGED, each.path
    for path, typed in ((START, {"email": ADA}), (LINK, {"key": url.partition("#manage=")[2]})):
        reply = await app.http.post(path, content=json.dumps({**typed, "x": "="}), headers=form)
        assert refusal(reply) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert await snapshot(app) == before


FOREIGN_PAGES = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://kryptos.test"},
    {"Origin": "https://kryptos.test:8443"},
    {"Origin": "https://kryptos.test.evil.example"},
    {"Origin": REGISTERED},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": BASE, "Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "anything"},
]


@pytest.mark.parametrize("sent", FOREIGN_PAGES, ids=str)
async def test_a_call_of_another_page_is_refused_even_with_everything_it_needs(
    secure_app: App, sent: dict[str, str]
) -> None:
    """Also signing in, so that nobody is signed in as somebody else without knowing."""
    app = secure_app
    browser, _ = await ada_at_home(app)
    _, _, url = await guest_with_link(app)
    before = await snapshot(app)
    headers = {"Cookie": f"{COOKIE}={browser.cookie}", "X-CSRF-Token": str(browser.csrf), **sent}
    bodies = {LINK: {"key": url.partition("#manage=")[2]}, START: {"email": ADA}}
    for each in ACCOUNT:
        if each.method == "GET":
            continue
        body = json.dumps(bodies.get(each.path, {"confirmation": "erase"}))
        typed = {**headers, "Content-Type": "application/json"}
        reply = await app.http.request(each.method, path_of(each.path), content=body, headers=typed)
        assert refusal(reply) == FOREIGN, each.path
        assert "Access-Control-Allow-Origin" not in reply.headers
        assert "Set-Cookie" not in reply.headers
    assert await snapshot(app) == before


async def test_no_other_page_reads_anything(secure_app: App) -> None:
    """Neither by CORS, for any origin, nor as a picture or script, nor by leading the person to it."""
    app = secure_app
    browser, _ = await ada_at_home(app)
    cookie = {"Cookie": f"{COOKIE}={browser.cookie}"}
    reading = [each.path for each in ACCOUNT if each.method == "GET" and "{" not in each.path]
    assert len(reading) >= 4
    for path in reading:
        for site in ("cross-site", "same-site"):
            reply = await app.http.get(path, headers={**cookie, "Sec-Fetch-Site": site})
            assert refusal(reply) == FOREIGN, path
        for origin in (REGISTERED, "https://evil.example", "null"):
            reply = await app.http.get(path, headers={**cookie, "Origin": origin})
            assert refusal(reply) == FOREIGN, path
            assert not [name for name in reply.headers if name.startswith("access-control")]
        for site in ("same-origin", "none"):
            reply = await app.http.get(path, headers={**cookie, "Sec-Fetch-Site": site})
            assert reply.status_code == 200, path
            assert reply.headers["Cross-Origin-Resource-Policy"] == "same-origin"
            assert reply.headers["Cache-Control"] == "no-store"
            assert reply.headers["X-Content-Type-Options"] == "nosniff"
        reply = await app.http.get(path, headers={"Origin": REGISTERED})
        assert not [name for name in reply.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    "path", ["/account", "/account/api/session", "/account/api/grants/revoke-all", "/account/api/nothing"]
)
async def test_no_preflight_of_any_origin_is_allowed(secure_app: App, path: str) -> None:
    for origin in (REGISTERED, BASE, "https://evil.example"):
        headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        reply = await secure_app.http.options(path, headers=headers)
        assert reply.status_code == 204
        assert not [name for name in reply.headers if name.startswith("access-control")]
    missing = await secure_app.http.get("/account/api/nothing", headers={"Origin": REGISTERED})
    assert missing.status_code == 404
    assert "Access-Control-Allow-Origin" not in missing.headers


async def test_no_other_credential_opens_the_consent_centre_and_its_cookie_nothing_else(
    secure_app: App,
) -> None:
    app = secure_app
    browser, access = await ada_at_home(app)
    token = await app.link_token()
    headers = [
        {"Authorization": f"Bearer {access['access_token']}"},
        app.client_headers,
        link_header(token),
        {"Authorization": f"Bearer {browser.cookie}"},
        {"Cookie": f"{COOKIE}={access['access_token']}"},
        {"Cookie": f"{COOKIE}={token}"},
    ]
    for each in ACCOUNT:
        if each.auth is Auth.ACCOUNT:
            for sent in headers:
                reply = await app.http.request(each.method, path_of(each.path), headers=sent)
                assert refusal(reply) == (401, "NOT_SIGNED_IN"), (each.path, sent)
    cookie = {"Cookie": f"{COOKIE}={browser.cookie}"}
    for path in ("/link-token/session", "/token/grants", "/api/v1/userinfo", "/api/v1/holdings"):
        assert (await app.http.get(path, headers=cookie)).status_code == 401
    for value in (browser.cookie, browser.csrf):
        for sent in ({"Authorization": f"Bearer {value}"}, {"X-LINK-TOKEN": str(value)}):
            assert (await app.http.get("/api/v1/userinfo", headers=sent)).status_code == 401


async def test_the_app_with_its_link_token_gets_no_way_into_its_guests_consent_centre(
    secure_app: App,
) -> None:
    """It may act as the guest towards itself; it may not make links, add addresses, or get the key that can."""
    app = secure_app
    token = await app.link_token()
    guest = data_of(await app.widget(token, "auth/anonymous"))
    before = await rows(app, "SELECT management_key_hash, email FROM users")
    again = data_of(await app.http.post("/link-token/auth/anonymous", json={}, headers=link_header(token)))
    assert (again["user_id"], again["widget_key"]) == (guest["user_id"], None)
    forms = {
        "management-link": {},
        "email/start": {"email": EVE},
        "email/verify": {"email": EVE, "code": "123456"},
    }
    for step, body in forms.items():
        for key in (None, "", "wkey_" + "x" * 43, token):
            headers = {**link_header(token), **({} if key is None else {"X-Widget-Key": key})}
            reply = await app.http.post(f"/link-token/{step}", json=body, headers=headers)
            assert refusal(reply) == (403, "WIDGET_KEY_REQUIRED"), (step, key)
    assert await rows(app, "SELECT management_key_hash, email FROM users") == before
    assert (await app.widget(token, "management-link")).status_code == 200, "the person's widget may"


async def test_nor_does_it_by_taking_the_session_over_or_resuming_it(secure_app: App) -> None:
    app = secure_app
    token = await app.link_token()
    guest = data_of(await app.widget(token, "auth/anonymous"))
    data_of(await app.widget(token, "consent", {"approved": True}))
    other = await app.link_token()
    adopted = await app.http.post(
        "/link-token/session/adopt", json={"previous": token}, headers=link_header(other)
    )
    assert data_of(adopted)["user"]["user_id"] == guest["user_id"]
    again = await app.http.post("/link-token/auth/anonymous", json={}, headers=link_header(other))
    assert data_of(again)["widget_key"] is None
    refused = await app.http.post("/link-token/management-link", json={}, headers=link_header(other))
    assert refusal(refused) == (403, "WIDGET_KEY_REQUIRED")
    mine = {**link_header(other), "X-Widget-Key": guest["widget_key"]}
    assert (await app.http.post("/link-token/management-link", json={}, headers=mine)).status_code == 200
    public_token = data_of(await app.http.post("/link-token/complete", json={}, headers=mine))["public_token"]
    access = data_of(await app.post("/token/exchange", {"public_token": public_token}))["access_token"]
    resumed = await app.link_token(access_token=access)
    reply = await app.http.post("/link-token/management-link", json={}, headers=link_header(resumed))
    assert refusal(reply) == (403, "WIDGET_KEY_REQUIRED")
    assert refusal(await app.widget(await app.link_token(), "management-link")) == (409, "SIGN_IN_REQUIRED")


async def together(*calls: object) -> Counter[tuple[int, str]]:
    replies: list[httpx.Response] = list(await asyncio.gather(*calls))  # type: ignore[call-overload]
    return Counter((each.status_code, "" if each.is_success else refusal(each)[1]) for each in replies)


async def test_of_fifty_who_open_one_link_one_is_signed_in(secure_app: App) -> None:
    app = secure_app
    _, _, url = await guest_with_link(app)
    key = {"key": url.partition("#manage=")[2]}
    counted = await together(*(Browser(app).call("POST", LINK, key) for _ in range(50)))
    assert counted == {(200, ""): 1, (401, "MANAGEMENT_LINK_INVALID"): 49}
    assert len(await rows(app, "SELECT 1 FROM account_sessions")) == 1


async def test_of_many_who_use_one_code_one_is_signed_in(secure_app: App) -> None:
    app = secure_app
    await connect_by_mail(app, ADA)
    browser = Browser(app)
    challenge, code = await browser.started(ADA)
    body = {"challenge": challenge, "email": ADA, "code": code}
    counted = await together(*(Browser(app).call("POST", VERIFY, body) for _ in range(10)))
    assert counted == {(200, ""): 1, (400, "CODE_INVALID"): 9}


async def test_many_links_made_at_once_leave_one_that_opens(secure_app: App) -> None:
    app = secure_app
    token = await app.link_token()
    await app.widget(token, "auth/anonymous")
    replies = await asyncio.gather(*(app.widget(token, "management-link") for _ in range(10)))
    keys = [data_of(each)["url"].partition("#manage=")[2] for each in replies]
    counted = await together(*(Browser(app).call("POST", LINK, {"key": key}) for key in keys))
    assert counted == {(200, ""): 1, (401, "MANAGEMENT_LINK_INVALID"): 9}


async def test_one_address_is_one_persons_though_guests_and_a_newcomer_want_it_at_once(
    secure_app: App,
) -> None:
    """Two guests add it while it signs up in a widget: one person has it, and whoever was late claims or joins."""
    app = secure_app
    guests = [Browser(app), Browser(app)]
    for guest in guests:
        await guest.open_link((await guest_with_link(app))[2])
    forms = []
    for guest in guests:
        app.clock.advance(milliseconds=1)
        challenge = data_of(await guest.post("email/start", {"email": ADA}))["challenge"]
        forms.append({"challenge": challenge, "email": ADA, "code": await issued_code(app, ADA)})
    app.clock.advance(milliseconds=1)
    token = await app.link_token()
    data_of_start = await app.widget(token, "auth/email/start", {"email": ADA})
    assert data_of_start.status_code == 200
    sign_up = app.widget(token, "auth/email/verify", {"email": ADA, "code": await issued_code(app, ADA)})
    adding = [guest.post("email/verify", form) for guest, form in zip(guests, forms, strict=True)]
    assert await together(*adding, sign_up) == {(200, ""): 3}
    (ada,) = await rows(app, "SELECT id FROM users WHERE email = $1", ADA)
    for row in await rows(app, "SELECT id, email, claimed_by FROM users"):
        assert (row["id"] == ada["id"]) is (row["email"] == ADA)
        assert row["claimed_by"] in ({None} if row["id"] == ada["id"] else {ada["id"]})


async def test_one_guest_gets_one_of_two_addresses_that_are_added_at_once(secure_app: App) -> None:
    app = secure_app
    browser = Browser(app)
    await browser.open_link((await guest_with_link(app))[2])
    forms = []
    for email in (ADA, EVE):
        app.clock.advance(milliseconds=1)
        challenge = data_of(await browser.post("email/start", {"email": email}))["challenge"]
        forms.append({"challenge": challenge, "email": email, "code": await issued_code(app, email)})
    twins = [Browser(app, browser.cookie, browser.csrf) for _ in forms]
    counted = await together(
        *(twin.post("email/verify", form) for twin, form in zip(twins, forms, strict=True))
    )
    assert counted[200, ""] == 1
    assert sum(counted.values()) == 2
    assert len(await rows(app, "SELECT 1 FROM users WHERE email IS NOT NULL")) == 1
    assert len(await rows(app, "SELECT 1 FROM account_sessions")) == 1
