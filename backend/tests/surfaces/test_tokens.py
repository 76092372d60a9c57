"""Every kind of token wrong, expired, used, foreign, truncated or garbage: the contract's exact refusal (K-060 …)."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from tests.support.app import App
from tests.support.journey import (
    BACKEND_CALLS,
    GARBAGE,
    WIDGET_CALLS,
    call,
    data_of,
    link_header,
    refusal,
    rows,
)

Refusal = tuple[int, str]
INVALID_TOKEN, INVALID_CLIENT = (401, "INVALID_TOKEN"), (401, "INVALID_CLIENT")
EXPIRED, USED = (400, "TOKEN_EXPIRED"), (400, "TOKEN_ALREADY_USED")

TRUNCATIONS: tuple[Callable[[str], str], ...] = (
    lambda token: token[:-1],
    lambda token: token[:20],
    lambda token: token.split("_", 1)[1],
    lambda token: token.split("_", 1)[0] + "_",
    lambda token: token + "A",
    lambda token: token.swapcase(),
)


def raw(value: str) -> bytes:
    return value.encode()


async def link_refusals(app: App, token: str) -> set[Refusal]:
    """What every widget call says to this token."""
    replies = [
        await app.http.request(
            method, path, json=body if method == "POST" else None, headers=[(b"X-LINK-TOKEN", raw(token))]
        )
        for method, path, body in WIDGET_CALLS
    ]
    return {refusal(reply) for reply in replies}


async def test_the_widget_calls_of_this_file_are_all_that_there_are(app: App) -> None:
    document = (await app.http.get("/openapi.json")).json()
    by_scheme = {
        scheme: {
            (method.upper(), path)
            for path, operations in document["paths"].items()
            for method, operation in operations.items()
            if any(scheme in each for each in operation["security"])
        }
        for scheme in ("LinkToken", "ClientSecret", "AccessToken")
    }
    # The outcome is not the widget's to ask for, and takes tokens that are dead here: domains/test_hosted_outcome.py.
    called = {(method, path) for method, path, _ in WIDGET_CALLS} | {("GET", "/link-token/outcome")}
    assert called == by_scheme["LinkToken"]
    backend = {(method, path.replace("ls_x", "{session_id}")) for method, path, _ in BACKEND_CALLS}
    assert backend == by_scheme["ClientSecret"]
    assert by_scheme["AccessToken"] == set(DATA_CALLS)


@pytest.mark.parametrize("name", list(GARBAGE))
async def test_garbage_is_no_link_token(app: App, name: str) -> None:
    assert await link_refusals(app, GARBAGE[name]) == {INVALID_TOKEN}


async def test_an_absent_link_token_is_refused_everywhere(app: App) -> None:
    for method, path, body in WIDGET_CALLS:
        assert refusal(await call(app, method, path, body, {})) == INVALID_TOKEN, path


async def test_a_truncated_or_changed_link_token_never_matches(app: App) -> None:
    token = await app.link_token()
    for truncate in TRUNCATIONS:
        assert await link_refusals(app, truncate(token)) == {INVALID_TOKEN}
    assert (await app.http.get("/link-token/session", headers=link_header(token))).status_code == 200


async def test_tokens_of_other_kinds_are_no_link_tokens(app: App) -> None:
    access = await app.access()
    public_token = await app.public_token()
    for token in (access["access_token"], access["grant_id"], public_token, app.client_secret, app.client_id):
        assert await link_refusals(app, token) == {INVALID_TOKEN}


async def test_a_link_token_lives_until_the_last_microsecond_of_its_half_hour(app: App) -> None:
    """K-060: at the very instant of its expiry it is expired."""
    token = await app.link_token()
    app.clock.advance(minutes=30, microseconds=-1)
    assert (await app.http.get("/link-token/session", headers=link_header(token))).status_code == 200
    app.clock.advance(microseconds=1)
    assert await link_refusals(app, token) == {EXPIRED}
    app.clock.advance(days=1)
    assert await link_refusals(app, token) == {EXPIRED}


@pytest.mark.parametrize("ending", ["complete", "exit"])
async def test_a_link_token_whose_session_ended_is_used_up(app: App, ending: str) -> None:
    """K-060: consumed by completing, not by opening; used up is said even after it would have expired."""
    token = await app.link_token()
    await app.widget(token, "auth/anonymous")
    await app.widget(token, "consent", {"approved": True})
    assert (await app.widget(token, ending)).status_code == 200
    assert await link_refusals(app, token) == {USED}
    app.clock.advance(hours=1)
    assert await link_refusals(app, token) == {USED}


async def test_a_link_token_that_was_adopted_is_used_up(app: App) -> None:
    old, new = await app.link_token(), await app.link_token()
    assert (await app.widget(new, "session/adopt", {"previous": old})).status_code == 200
    assert await link_refusals(app, old) == {USED}


# ---------------------------------------------------------------- public tokens


async def exchange(app: App, token: str, headers: dict[str, str] | None = None) -> httpx.Response:
    return await app.post("/token/exchange", {"public_token": token}, headers)


@pytest.mark.parametrize("name", [name for name in GARBAGE if name != "nul"])
async def test_garbage_is_no_public_token(app: App, name: str) -> None:
    assert refusal(await exchange(app, GARBAGE[name])) == INVALID_TOKEN


async def test_a_nul_character_in_a_token_of_the_body_is_a_malformed_body(app: App) -> None:
    for path, field in (
        ("/token/exchange", "public_token"),
        ("/token/rotate", "access_token"),
        ("/link-token", "access_token"),
        ("/link-token/check-session", "access_token"),
        ("/token/revoke", "grant_id"),
    ):
        reply = await app.post(path, {field: "public_\x00"})
        assert refusal(reply) == (400, "VALIDATION_ERROR")
        assert reply.json()["details"][0]["path"] == [field]


async def test_a_truncated_or_changed_public_token_never_matches(app: App) -> None:
    token = await app.public_token()
    for truncate in TRUNCATIONS:
        assert refusal(await exchange(app, truncate(token))) == INVALID_TOKEN
    assert (await exchange(app, token)).status_code == 200


async def test_a_public_token_lives_half_an_hour_and_works_once(app: App) -> None:
    """K-061."""
    token, late = await app.public_token(), await app.public_token()
    app.clock.advance(minutes=30, microseconds=-1)
    assert (await exchange(app, token)).status_code == 200
    assert refusal(await exchange(app, token)) == USED
    app.clock.advance(microseconds=1)
    assert refusal(await exchange(app, late)) == EXPIRED
    assert refusal(await exchange(app, token)) == USED


async def test_another_clients_public_token_is_unknown_and_stays_unused(app: App) -> None:
    other = await app.create_client("Other")
    theirs = {"X-Client-Id": other.client.id, "X-Client-Secret": other.client_secret}
    token = await app.public_token()
    foreign, unknown = await exchange(app, token, theirs), await exchange(app, "public_" + "x" * 43, theirs)
    assert refusal(foreign) == INVALID_TOKEN
    assert foreign.json()["error"] == unknown.json()["error"]
    assert (await exchange(app, token)).status_code == 200
    assert refusal(await exchange(app, token, theirs)) == INVALID_TOKEN


# ---------------------------------------------------------------- access tokens and grants


Use = Callable[[App, str], Awaitable[httpx.Response]]


DATA_CALLS = (
    ("GET", "/api/v1/userinfo"),
    ("GET", "/api/v1/holdings"),
    ("GET", "/api/v1/transactions"),
    ("GET", "/api/v1/integrations"),
    ("POST", "/api/v1/integrations/{wallet_id}/resync"),
)


async def use_for_data(app: App, token: str) -> httpx.Response:
    """Return what every path says, each the same."""
    headers = [(b"Authorization", b"Bearer " + raw(token))]
    replies = [await app.http.request(method, path, headers=headers) for method, path in DATA_CALLS]
    assert len({refusal(reply) for reply in replies}) == 1
    return replies[0]


async def use_to_rotate(app: App, token: str) -> httpx.Response:
    return await app.post("/token/rotate", {"access_token": token})


async def use_to_resume(app: App, token: str) -> httpx.Response:
    return await app.post("/link-token", {"access_token": token})


async def reason(app: App, token: str) -> str | None:
    data = data_of(await app.post("/link-token/check-session", {"access_token": token}))
    assert data["has_valid_session"] is ("reason" not in data)
    found = data.get("reason")
    return None if found is None else str(found)


USES: tuple[Use, ...] = (use_for_data, use_to_rotate, use_to_resume)


@pytest.mark.parametrize("name", [name for name in GARBAGE if name != "nul"])
async def test_garbage_is_no_access_token(app: App, name: str) -> None:
    for use in USES:
        assert refusal(await use(app, GARBAGE[name])) == INVALID_TOKEN
    assert await reason(app, GARBAGE[name]) == "token_invalid"


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "bearer",
        "Basic {token}",
        "{token}",
        "Token {token}",
        "Bearer{token}",
        "Bearer x {token}",
    ],
)
async def test_anything_but_a_bearer_token_is_refused(app: App, header: str | None) -> None:
    token = (await app.access())["access_token"]
    headers = {} if header is None else {"Authorization": header.format(token=token)}
    reply = await app.http.get("/api/v1/userinfo", headers=headers)
    assert refusal(reply) == INVALID_TOKEN
    assert reply.json()["error"] == "unauthorized"
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")


async def test_the_word_bearer_is_read_without_regard_to_case(app: App) -> None:
    token = (await app.access())["access_token"]
    for word in ("Bearer", "bearer", "BEARER"):
        reply = await app.http.get("/api/v1/userinfo", headers={"Authorization": f"{word} {token}"})
        assert reply.status_code == 200


async def test_a_truncated_or_changed_access_token_never_matches(app: App) -> None:
    token = (await app.access())["access_token"]
    for truncate in TRUNCATIONS:
        for use in USES:
            assert refusal(await use(app, truncate(token))) == INVALID_TOKEN
        assert await reason(app, truncate(token)) == "token_invalid"
    assert (await app.userinfo(token)).status_code == 200


async def test_an_access_token_lives_473040000_seconds(app: App) -> None:
    """K-062: shorter than the 15 calendar years of the grant by its leap days."""
    token = (await app.access())["access_token"]
    app.clock.advance(seconds=473_040_000, microseconds=-1)
    assert (await app.userinfo(token)).status_code == 200
    assert await reason(app, token) is None
    app.clock.advance(microseconds=1)
    for use in USES:
        assert refusal(await use(app, token)) == INVALID_TOKEN
    assert await reason(app, token) == "token_expired"


async def test_a_rotated_token_does_not_outlive_its_grant(app: App) -> None:
    """K-063: 15 calendar years after consent, whatever the token's own time."""
    access = await app.access()
    app.clock.advance(days=365)
    token = data_of(await use_to_rotate(app, access["access_token"]))["access_token"]
    listed = (await app.http.get("/token/grants", headers=app.client_headers)).json()["data"]["grants"]
    assert listed[0]["expires_at"] == "2035-01-01T12:00:00Z"
    app.clock.advance(days=365 * 14 + 4, microseconds=-1)
    assert (await app.userinfo(token)).status_code == 200
    app.clock.advance(microseconds=1)
    for use in USES:
        assert refusal(await use(app, token)) == INVALID_TOKEN
    assert await reason(app, token) == "token_expired"
    assert (await app.http.get("/token/grants", headers=app.client_headers)).json()["data"]["count"] == 0


async def test_a_rotated_token_is_dead_at_once(app: App) -> None:
    access = await app.access()
    old = access["access_token"]
    new = data_of(await use_to_rotate(app, old))
    assert (new["grant_id"], new["expires_in"]) == (access["grant_id"], 473_040_000)
    for use in USES:
        assert refusal(await use(app, old)) == INVALID_TOKEN
    assert await reason(app, old) == "token_invalid"
    assert (await app.userinfo(new["access_token"])).status_code == 200


async def test_a_revoked_grant_ends_every_token_of_it(app: App) -> None:
    """K-028, and the ruling on data calls: INVALID_GRANT says that access was revoked."""
    access = await app.access()
    assert (await app.post("/token/revoke", {"grant_id": access["grant_id"]})).status_code == 200
    for use in USES:
        assert refusal(await use(app, access["access_token"])) == (401, "INVALID_GRANT")
    assert await reason(app, access["access_token"]) == "grant_revoked"
    again = await app.post("/token/revoke", {"grant_id": access["grant_id"]})
    assert again.json() == {"success": True, "message": "Grant revoked successfully"}


async def test_another_clients_access_token_is_as_unknown_as_one_never_made(app: App) -> None:
    other = await app.create_client("Other")
    theirs = {"X-Client-Id": other.client.id, "X-Client-Secret": other.client_secret}
    token = (await app.access())["access_token"]
    for path in ("/token/rotate", "/link-token"):
        assert refusal(await app.post(path, {"access_token": token}, theirs)) == INVALID_TOKEN
    checked = data_of(await app.post("/link-token/check-session", {"access_token": token}, theirs))
    assert checked == {"has_valid_session": False, "reason": "token_invalid"}
    assert refusal(await app.userinfo(token, **theirs)) == INVALID_CLIENT
    assert (await app.userinfo(token)).status_code == 200


@pytest.mark.parametrize("name", [name for name in GARBAGE if name != "nul"])
async def test_an_unknown_grant_cannot_be_revoked(app: App, name: str) -> None:
    assert refusal(await app.post("/token/revoke", {"grant_id": GARBAGE[name]})) == (404, "INVALID_GRANT")


async def test_a_truncated_grant_id_never_matches(app: App) -> None:
    access = await app.access()
    for truncate in TRUNCATIONS:
        assert refusal(await app.post("/token/revoke", {"grant_id": truncate(access["grant_id"])}))[0] == 404
    assert (await app.userinfo(access["access_token"])).status_code == 200


@pytest.mark.parametrize("wrong", ["ls_x", "%00", "%FF%FE", "ls_" + "a" * 10_000, "%20", "ls_%27", "..%2Fx"])
async def test_an_unknown_session_id_is_not_found(app: App, wrong: str) -> None:
    """X-14."""
    reply = await app.http.get(f"/link-token/{wrong}/session", headers=app.client_headers)
    assert reply.status_code == 404
    assert reply.json()["code"] in {"SESSION_NOT_FOUND", "NOT_FOUND"}


async def test_only_hashes_of_tokens_are_stored(app: App) -> None:
    await app.access()
    for table, column in (
        ("link_sessions", "token_hash"),
        ("public_tokens", "token_hash"),
        ("access_tokens", "token_hash"),
        ("client_secrets", "secret_hash"),
    ):
        found = await rows(app, f"SELECT octet_length({column}) AS octets, key_id FROM {table}")
        assert found
        assert {(row["octets"], row["key_id"]) for row in found} == {(32, "test")}
