"""Clients: two live secrets, suspension, scopes, redirect URIs and origins."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from kryptos.domains import clients
from kryptos.domains.clients import DEFAULT_SCOPES, SCOPES, ClientNotFound, InvalidScope, Mode
from kryptos.domains.clients.policy import checked_name, checked_origins, checked_redirect_uris
from kryptos.domains.clients.scopes import covers, parse_scopes, requested_scopes
from kryptos.infra.database import Uow
from kryptos.kernel.errors import InvalidInput
from tests.support.app import App
from tests.support.journey import BACKEND_CALLS, WIDGET_CALLS, call, data_of, link_header, refusal, rows

INVALID_CLIENT = (401, "INVALID_CLIENT")


async def run(app: App, use_case: Callable[..., Awaitable[Any]], **arguments: Any) -> Any:
    async def work(uow: Uow) -> Any:
        return await use_case(uow, client_id=app.client_id, **arguments)

    return await app.services.database.execute(work)


async def is_live(app: App, secret: str) -> bool:
    reply = await app.http.get("/token/grants", headers={**app.client_headers, "X-Client-Secret": secret})
    return reply.status_code == 200


async def test_a_client_has_the_documented_form(app: App) -> None:
    """K-064, K-065: the id is public, the secret is shown once and stored as a hash."""
    created = await app.create_client("Form")
    prefix, _, digits = created.client.id.partition("_")
    assert (prefix, len(digits)) == ("client", 32)
    assert int(digits, 16)
    assert len(created.client_secret.removeprefix("secret_")) == 43
    assert (created.client.mode, created.client.scopes) == (Mode.SANDBOX, DEFAULT_SCOPES)
    assert created.client_secret not in repr(created)


async def test_a_rotation_keeps_the_previous_secret_and_retires_the_older(app: App) -> None:
    """K-065: an app has the time between two rotations to change over."""
    first = app.client_secret
    app.clock.advance(microseconds=1)
    second = await run(app, clients.rotate_secret)
    assert [await is_live(app, each) for each in (first, second)] == [True, True]
    app.clock.advance(microseconds=1)
    third = await run(app, clients.rotate_secret)
    assert [await is_live(app, each) for each in (first, second, third)] == [False, True, True]
    fourth = await run(app, clients.rotate_secret, keep_previous=False)
    assert [await is_live(app, each) for each in (first, second, third, fourth)] == [
        False,
        False,
        False,
        True,
    ]


@pytest.mark.parametrize("turn", range(4))
async def test_rotations_of_one_instant_never_retire_the_newest_secret(app: App, turn: int) -> None:
    for _ in range(3):
        newest = await run(app, clients.rotate_secret)
        assert await is_live(app, newest)
    live = await rows(app, "SELECT count(*) AS n FROM client_secrets WHERE retired_at IS NULL")
    assert live == [{"n": 2}]


async def test_either_live_secret_serves_a_data_call_and_a_retired_one_does_not(app: App) -> None:
    token = (await app.access())["access_token"]
    first, second = app.client_secret, await run(app, clients.rotate_secret)
    for secret in (first, second):
        assert (await app.userinfo(token, **{"X-Client-Secret": secret})).status_code == 200
    await run(app, clients.rotate_secret, keep_previous=False)
    assert refusal(await app.userinfo(token, **{"X-Client-Secret": second})) == INVALID_CLIENT


async def test_a_suspended_client_is_refused_everywhere_and_can_be_resumed(app: App) -> None:
    token = (await app.access())["access_token"]
    link_token = await app.link_token()
    await run(app, clients.suspend_client)
    for method, path, body in BACKEND_CALLS:
        assert refusal(await call(app, method, path, body, app.client_headers)) == INVALID_CLIENT, path
    for method, path, body in WIDGET_CALLS:
        assert refusal(await call(app, method, path, body, link_header(link_token))) == INVALID_CLIENT, path
    assert refusal(await app.userinfo(token)) == INVALID_CLIENT
    assert refusal(await app.userinfo(token, **app.client_headers)) == INVALID_CLIENT
    await run(app, clients.resume_client)
    assert (await app.userinfo(token)).status_code == 200
    assert (await app.http.get("/link-token/session", headers=link_header(link_token))).status_code == 200


async def test_an_unknown_client_cannot_be_changed(app: App) -> None:
    async def work(uow: Uow) -> None:
        await clients.suspend_client(uow, client_id="client_x")

    with pytest.raises(ClientNotFound):
        await app.services.database.execute(work)
    for use_case in (clients.rotate_secret, clients.get_client):
        app.client_id = "client_x"
        with pytest.raises(ClientNotFound):
            await run(app, use_case)


# ---------------------------------------------------------------- scopes


async def test_scopes_left_out_mean_the_clients_defaults(app: App) -> None:
    token = await app.link_token()
    session = data_of(await app.http.get("/link-token/session", headers=link_header(token)))
    assert session["scopes"] == list(DEFAULT_SCOPES)


@pytest.mark.parametrize(
    ("scopes", "named"),
    [
        ("openid tax:write", ["tax:write"]),
        ("portfolios:write transactions:write openid", ["portfolios:write", "transactions:write"]),
        ("nonsense", ["nonsense"]),
        ("OPENID", ["OPENID"]),
        ("contacts:read", ["contacts:read"]),
        ("", []),
        ("   ", []),
        ("openid,profile", ["openid,profile"]),
    ],
)
async def test_a_scope_outside_the_clients_is_refused_and_named(
    app: App, scopes: str, named: list[str]
) -> None:
    """The ruling: nothing is silently dropped."""
    reply = await app.post("/link-token", {"scopes": scopes})
    assert refusal(reply) == (400, "INVALID_SCOPE")
    for scope in named:
        assert scope in reply.json()["error"]
    assert not await rows(app, "SELECT 1 FROM link_sessions")


async def test_scopes_keep_their_order_and_are_said_once(app: App) -> None:
    token = await app.link_token(scopes="  tax:read openid   tax:read\topenid ")
    session = data_of(await app.http.get("/link-token/session", headers=link_header(token)))
    assert session["scopes"] == ["tax:read", "openid"]


async def test_the_folded_scopes_are_accepted_where_the_wider_one_is_held(app: App) -> None:
    """C-08, K-086, K-088: in the specification on their own, later folded into the portfolio scopes."""
    access = await app.access(scopes="openid users:read balances:read defi:read nft:read")
    assert access["scope"] == "openid users:read balances:read defi:read nft:read"
    assert (await app.post("/link-token", {"scopes": "balances:write"})).status_code == 400


async def test_a_resumed_session_asks_for_no_more_than_the_grant(app: App) -> None:
    access = await app.access(scopes="openid users:read portfolios:read")
    body = {"access_token": access["access_token"]}
    token = data_of(await app.post("/link-token", body))["link_token"]
    session = data_of(await app.http.get("/link-token/session", headers=link_header(token)))
    assert session["scopes"] == ["openid", "users:read", "portfolios:read"]
    assert (await app.post("/link-token", {**body, "scopes": "openid nft:read"})).status_code == 200
    reply = await app.post("/link-token", {**body, "scopes": "openid email"})
    assert refusal(reply) == (400, "INVALID_SCOPE")
    assert "email" in reply.json()["error"]


async def test_a_consent_may_narrow_and_never_widen(app: App) -> None:
    token = await app.link_token(scopes="openid profile users:read")
    await app.widget(token, "auth/anonymous")
    for scopes in (["openid", "email"], [], [""], ["nonsense"]):
        reply = await app.widget(token, "consent", {"approved": True, "scopes": scopes})
        assert refusal(reply) == (400, "INVALID_SCOPE"), scopes
    narrowed = data_of(await app.widget(token, "consent", {"approved": True, "scopes": ["users:read"]}))
    assert narrowed["consent"]["scopes"] == ["users:read"]
    public_token = data_of(await app.widget(token, "complete"))["public_token"]
    access = data_of(await app.post("/token/exchange", {"public_token": public_token}))
    assert access["scope"] == "users:read"
    info = (await app.userinfo(access["access_token"])).json()
    assert info["userInfo"] == {}


async def test_a_data_call_without_its_scope_is_forbidden(app: App) -> None:
    access = await app.access(scopes="openid profile")
    reply = await app.userinfo(access["access_token"])
    assert refusal(reply) == (403, "INSUFFICIENT_SCOPE")
    assert (reply.json()["error"], "users:read" in reply.json()["message"]) == ("forbidden", True)


def test_the_default_scopes_are_those_of_the_contract() -> None:
    """Contract §1.5."""
    assert " ".join(DEFAULT_SCOPES) == (
        "openid profile offline_access email portfolios:read transactions:read integrations:read tax:read "
        "accounting:read reports:read workspace:read users:read"
    )
    assert set(DEFAULT_SCOPES) <= set(SCOPES)


def test_reading_never_covers_writing_and_no_scope_covers_a_wider_one() -> None:
    for scope in SCOPES:
        assert covers([scope], scope)
        if scope.endswith(":read"):
            assert not covers([scope], scope.replace(":read", ":write"))
    assert covers(["portfolios:read"], "nft:read")
    assert not covers(["nft:read"], "portfolios:read")
    assert not covers(["portfolios:write"], "nft:read")


def test_what_is_asked_for_lies_within_what_is_allowed() -> None:
    assert requested_scopes(None, allowed=("openid",), of="this client") == ("openid",)
    with pytest.raises(InvalidScope, match="this client: email"):
        requested_scopes("openid email", allowed=("openid",), of="this client")
    with pytest.raises(InvalidScope):
        parse_scopes("")


# ---------------------------------------------------------------- redirect URIs and origins


@pytest.mark.parametrize(
    "uri",
    [
        "https://app.example.com/callback/",
        "https://app.example.com/callback?x=1",
        "https://app.example.com/callback#x",
        "https://APP.example.com/callback",
        "https://app.example.com:443/callback",
        "https://app.example.com/callback/../callback",
        "https://app.example.com/",
        "",
        "https://evil.example/",
    ],
)
async def test_a_redirect_uri_is_compared_exactly(app: App, uri: str) -> None:
    reply = await app.post("/link-token", {"redirect_uri": uri})
    assert refusal(reply) == (400, "VALIDATION_ERROR")
    assert reply.json()["details"][0]["path"] == ["redirect_uri"]


@pytest.mark.parametrize(
    "uri",
    [
        "https://app.example.com/callback",
        "https://app.example.com/callback?state=1",
        "http://localhost:3000/callback",
        "http://127.0.0.1/callback",
        "http://[::1]:8080/callback",
        "com.example.app://callback",
        "com.example.app:/callback",
        "myapp://kryptos",
        "my-app+1.x://kryptos/back?from=kryptos",
    ],
)
def test_redirect_uris_that_may_be_registered(uri: str) -> None:
    assert checked_redirect_uris([uri, uri]) == (uri,)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "/callback",
        "app.example.com/callback",
        "http://app.example.com/callback",
        "http://localhost.evil.example/callback",
        "https://",
        "https:///callback",
        "https://app.example.com/callback#fragment",
        "https://app.example.com/call back",
        "https://app.example.com/call\nback",
        "https://app.example.com:port/callback",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "com.example.app:/callback#fragment",
        "my app://kryptos",
        "myapp://kry ptos",
        "1app://kryptos",
        "://kryptos",
    ],
)
def test_redirect_uris_that_may_not(uri: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_redirect_uris([uri])
    assert refused.value.details[0]["path"] == ["redirect_uris"]


@pytest.mark.parametrize(
    "uri",
    [
        "javascript:alert(1)", "JAVASCRIPT://x/%0aalert(1)", "data:text/html,x", "file:///x", "blob:https://x/1",
        "about:blank", "vbscript:x", "intent://x#Intent;end".partition("#")[0], "content://x", "ws://x", "wss://x",
        "view-source:https://x", "chrome-extension://x", "itms-services://?action=download-manifest", "ms-settings:x",
        "tel:+1", "mailto:a@example.com", "wc:1@2", "x-safari-https://x", "filesystem:https://x/", "ftp://x/y",
    ],
)  # fmt: skip
def test_schemes_that_are_no_apps_are_refused_in_words(uri: str) -> None:
    with pytest.raises(InvalidInput, match="belongs to browsers or systems"):
        checked_redirect_uris([uri])


async def test_a_link_token_may_lead_back_to_an_app(app: App) -> None:
    for uri in ("myapp://kryptos", "com.example.app:/callback"):
        created = await app.create_client("Native", redirect_uris=[uri])
        headers = {"X-Client-Id": created.client.id, "X-Client-Secret": created.client_secret}
        data = data_of(await app.post("/link-token", {"redirect_uri": uri}, headers))
        assert data["hosted_url"].startswith("http")
        session = await app.http.get("/link-token/session", headers=link_header(data["link_token"]))
        assert data_of(session)["redirect_uri"] == uri
        for other in (uri.upper(), f"{uri}/", "myapp://other"):
            reply = await app.post("/link-token", {"redirect_uri": other}, headers)
            assert refusal(reply) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize(
    ("origin", "canonical"),
    [
        ("https://app.example.com", "https://app.example.com"),
        ("https://app.example.com/", "https://app.example.com"),
        ("HTTPS://App.Example.COM", "https://app.example.com"),
        ("https://app.example.com:443", "https://app.example.com"),
        ("https://app.example.com:8443", "https://app.example.com:8443"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://localhost:80", "http://localhost"),
        ("http://127.0.0.1:5173", "http://127.0.0.1:5173"),
        ("http://[::1]:5173", "http://[::1]:5173"),
        ("https://xn--mnchen-3ya.de", "https://xn--mnchen-3ya.de"),
    ],
)
def test_an_origin_is_kept_as_browsers_send_it(origin: str, canonical: str) -> None:
    assert checked_origins([origin, canonical]) == (canonical,)


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "*",
        "null",
        "app.example.com",
        "http://app.example.com",
        "https://app.example.com/path",
        "https://app.example.com?x",
        "https://app.example.com#x",
        "https://user@app.example.com",
        "https://*.example.com",
        "https://münchen.de",
        "https://app example.com",
        "https://app.example.com:99999",
        "https://app.example.com:",
        "https://app.example.com//",
        "https://.example.com",
        "https://a..example.com",
        "ftp://app.example.com",
        "https://app.example.com\n",
    ],
)
def test_what_no_browser_sends_is_no_origin(origin: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_origins([origin])
    assert refused.value.details[0]["path"] == ["allowed_origins"]


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\nb", "a\x00b", "a\u202eb"])
def test_a_name_that_could_mislead_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        checked_name(name)
    assert checked_name(" Tax & Co ") == "Tax & Co"
