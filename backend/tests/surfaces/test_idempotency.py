"""Idempotency-Key: the same call gets the first one's answer, for 24 hours, and nobody else can read it."""

from typing import Any

import httpx
import pytest

from kryptos.domains import clients
from kryptos.infra import idempotency
from kryptos.infra.database import Uow
from tests.support.app import App
from tests.support.journey import data_of, issued_code, refusal, rows, start_code


async def keyed(app: App, path: str, body: dict[str, Any], key: str = "k1", **headers: str) -> httpx.Response:
    return await app.post(path, body, {**app.client_headers, "Idempotency-Key": key, **headers})


async def widget(app: App, token: str, step: str, body: dict[str, Any], key: str = "k1") -> httpx.Response:
    headers = {**app.person(token), "Idempotency-Key": key}
    return await app.http.post(f"/link-token/{step}", json=body, headers=headers)


async def test_the_same_call_is_answered_with_the_same_bytes(app: App) -> None:
    first = await keyed(app, "/link-token", {"scopes": "openid"})
    again = await keyed(app, "/link-token", {"scopes": "openid"})
    assert (again.status_code, again.content) == (200, first.content)
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["X-Request-Id"] != first.headers["X-Request-Id"]
    assert await rows(app, "SELECT count(*) AS n FROM link_sessions") == [{"n": 1}]
    assert (await keyed(app, "/link-token", {"scopes": "openid"}, key="k2")).content != first.content


async def test_another_body_path_or_method_under_the_same_key_is_a_conflict(app: App) -> None:
    await keyed(app, "/link-token", {"scopes": "openid"})
    for path, body in (
        ("/link-token", {"scopes": "profile"}),
        ("/link-token", {}),
        ("/token/revoke", {"scopes": "openid"}),
        ("/link-token/", {"scopes": "profile"}),
    ):
        assert refusal(await keyed(app, path, body)) == (409, "IDEMPOTENCY_MISMATCH")
    assert (await keyed(app, "/link-token", {"scopes": "openid"})).status_code == 200


async def test_keys_of_two_clients_have_nothing_to_do_with_each_other(app: App) -> None:
    other = await app.create_client("Other")
    theirs = {"X-Client-Id": other.client.id, "X-Client-Secret": other.client_secret}
    first = await keyed(app, "/link-token", {})
    second = await keyed(app, "/link-token", {}, **theirs)
    assert first.content != second.content
    assert (await keyed(app, "/link-token", {"scopes": "openid"}, **theirs)).status_code == 409


async def test_a_stored_answer_is_sealed_under_the_secret_that_made_the_call(app: App) -> None:
    """After a rotation the new secret cannot open it: that is told, not another effect."""
    public_token = await app.public_token()
    await keyed(app, "/token/exchange", {"public_token": public_token})

    async def rotate(uow: Uow) -> str:
        return await clients.rotate_secret(uow, client_id=app.client_id)

    new = await app.services.database.execute(rotate)
    reply = await keyed(app, "/token/exchange", {"public_token": public_token}, **{"X-Client-Secret": new})
    assert refusal(reply) == (409, "IDEMPOTENCY_MISMATCH")
    assert "secret" in reply.json()["error"]
    again = await keyed(app, "/token/exchange", {"public_token": public_token})
    assert data_of(again)["access_token"].startswith("cat_")


async def test_nothing_readable_is_stored(app: App) -> None:
    token = await app.link_token()
    data_of(await app.widget(token, "auth/anonymous"))
    data_of(await app.widget(token, "consent", {"approved": True}))
    public_token = data_of(await widget(app, token, "complete", {}))["public_token"]
    access = data_of(await keyed(app, "/token/exchange", {"public_token": public_token}))
    stored = await rows(app, "SELECT scope, key, fingerprint, answer FROM idempotency_records")
    assert len(stored) == 2
    for row in stored:
        everything = b"|".join(
            each if isinstance(each, bytes) else str(each).encode() for each in row.values()
        )
        for secret in (b"cat_", b"public_", b"link_", public_token.encode(), access["access_token"].encode()):
            assert secret not in everything


async def test_a_key_is_forgotten_after_24_hours_to_the_microsecond(app: App) -> None:
    first = await keyed(app, "/link-token", {})
    app.clock.advance(hours=24, microseconds=-1)
    assert (await keyed(app, "/link-token", {})).content == first.content
    app.clock.advance(microseconds=1)
    renewed = await keyed(app, "/link-token", {"scopes": "openid"})
    assert renewed.status_code == 200
    assert renewed.content != first.content
    assert "Idempotent-Replayed" not in renewed.headers


async def test_pruning_deletes_what_is_forgotten(app: App) -> None:
    await keyed(app, "/link-token", {})
    app.clock.advance(hours=24, microseconds=-1)
    assert await app.services.database.execute(idempotency.prune) == 0
    app.clock.advance(microseconds=1)
    assert await app.services.database.execute(idempotency.prune) == 1


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("/link-token", {"scopes": "nonsense"}, (400, "INVALID_SCOPE")),
        ("/link-token", {"scopes": 7}, (400, "VALIDATION_ERROR")),
        ("/token/exchange", {"public_token": "public_x"}, (401, "INVALID_TOKEN")),
        ("/token/revoke", {"grant_id": "cgrant_x"}, (404, "INVALID_GRANT")),
    ],
)
async def test_a_call_that_fails_is_not_stored(
    app: App, path: str, body: dict[str, Any], expected: tuple[int, str]
) -> None:
    for _ in range(2):
        reply = await keyed(app, path, body)
        assert refusal(reply) == expected
        assert "Idempotent-Replayed" not in reply.headers
    assert not await rows(app, "SELECT 1 FROM idempotency_records")
    assert (await keyed(app, "/link-token", {})).status_code == 200


async def test_a_wrong_code_does_not_use_up_its_key(app: App) -> None:
    """The counted try is kept, the failure is not: the right code goes under the same key."""
    token = await app.link_token()
    await start_code(app, token, "ada@example.com")
    code = await issued_code(app, "ada@example.com")
    assert code is not None
    wrong = {"email": "ada@example.com", "code": f"{(int(code) + 1) % 10**6:06d}"}
    for tries in (1, 2):
        assert refusal(await widget(app, token, "auth/email/verify", wrong)) == (400, "CODE_INVALID")
        assert await rows(app, "SELECT tries FROM sign_in_challenges") == [{"tries": tries}]
    right = {"email": "ada@example.com", "code": code}
    first = await widget(app, token, "auth/email/verify", right)
    assert first.status_code == 200
    assert (await widget(app, token, "auth/email/verify", right)).content == first.content
    assert refusal(await widget(app, token, "auth/email/verify", wrong)) == (409, "IDEMPOTENCY_MISMATCH")


async def test_a_completion_is_replayed_although_its_link_token_is_used_up(app: App) -> None:
    token = await app.link_token()
    data_of(await app.widget(token, "auth/anonymous"))
    data_of(await app.widget(token, "consent", {"approved": True}))
    first = await widget(app, token, "complete", {})
    app.clock.advance(hours=2)
    again = await widget(app, token, "complete", {})
    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["RateLimit-Limit"]
    assert refusal(await widget(app, token, "complete", {}, key="k2")) == (400, "TOKEN_ALREADY_USED")
    assert refusal(await app.widget(token, "complete")) == (400, "TOKEN_ALREADY_USED")


@pytest.mark.parametrize("key", ["", "x" * 256, "é", "a\tb"])
async def test_a_key_of_the_wrong_form_is_refused(app: App, key: str) -> None:
    headers = [(name.encode(), value.encode()) for name, value in app.client_headers.items()]
    reply = await app.http.post(
        "/link-token", json={}, headers=[*headers, (b"Idempotency-Key", key.encode())]
    )
    assert refusal(reply) == (400, "VALIDATION_ERROR")


async def test_a_key_of_255_characters_is_taken_and_reading_ignores_keys(app: App) -> None:
    assert (await keyed(app, "/link-token", {}, key="x" * 255)).status_code == 200
    for _ in range(2):
        headers = {**app.client_headers, "Idempotency-Key": "reading"}
        reply = await app.http.get("/token/grants", headers=headers)
        assert reply.status_code == 200
        assert "Idempotent-Replayed" not in reply.headers
