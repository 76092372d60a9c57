"""What happens at the same time: one effect where there may be one, on a real database, through the application."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Sequence

import httpx
import pytest

from kryptos.domains import clients
from kryptos.infra.database import Uow
from tests.support.app import App
from tests.support.journey import (
    connect_by_mail,
    data_of,
    issued_code,
    link_header,
    refusal,
    rows,
    sign_in,
    start_code,
    try_code,
)

EMAIL = "ada@example.com"


async def together(calls: Sequence[Awaitable[httpx.Response]]) -> list[httpx.Response]:
    return list(await asyncio.gather(*calls))


def counted(replies: Sequence[httpx.Response]) -> Counter[tuple[int, str]]:
    return Counter((reply.status_code, "" if reply.is_success else refusal(reply)[1]) for reply in replies)


async def consented(app: App) -> str:
    token = await app.link_token()
    data_of(await app.widget(token, "auth/anonymous"))
    data_of(await app.widget(token, "consent", {"approved": True}))
    return token


async def test_of_fifty_exchanges_of_one_public_token_one_wins(app: App) -> None:
    """K-061: 49 are told TOKEN_ALREADY_USED, and there is one grant with one access token."""
    token = await app.public_token()
    replies = await together([app.post("/token/exchange", {"public_token": token}) for _ in range(50)])
    assert counted(replies) == {(200, ""): 1, (400, "TOKEN_ALREADY_USED"): 49}
    assert await rows(app, "SELECT count(*) AS n FROM access_tokens") == [{"n": 1}]
    assert await rows(app, "SELECT count(*) AS n FROM grants") == [{"n": 1}]


async def test_of_many_public_tokens_of_one_hosted_session_one_is_exchanged(app: App) -> None:
    """X-14: each call of the record mints one; whichever comes first uses up the others."""
    created = data_of(await app.post("/link-token", {"redirect_uri": "https://app.example.com/callback"}))
    token = created["link_token"]
    await app.widget(token, "auth/anonymous")
    await app.widget(token, "consent", {"approved": True})
    tokens = [data_of(await app.widget(token, "complete"))["public_token"]]
    for _ in range(9):
        record = await app.http.get(
            f"/link-token/{created['session_id']}/session", headers=app.client_headers
        )
        tokens.append(data_of(record)["public_token"])
    assert len(set(tokens)) == 10
    replies = await together([app.post("/token/exchange", {"public_token": each}) for each in tokens])
    assert counted(replies) == {(200, ""): 1, (400, "TOKEN_ALREADY_USED"): 9}
    assert await rows(app, "SELECT count(*) AS n FROM access_tokens") == [{"n": 1}]


async def test_two_tabs_completing_one_session_get_one_public_token(app: App) -> None:
    token = await consented(app)
    replies = await together([app.widget(token, "complete") for _ in range(10)])
    assert counted(replies) == {(200, ""): 1, (400, "TOKEN_ALREADY_USED"): 9}
    assert await rows(app, "SELECT count(*) AS n FROM public_tokens") == [{"n": 1}]


@pytest.mark.parametrize("turn", range(5))
async def test_completing_and_leaving_at_once_ends_the_session_once(app: App, turn: int) -> None:
    token = await consented(app)
    steps = ["complete", "exit"] if turn % 2 else ["exit", "complete"]
    replies = await together([app.widget(token, step) for step in steps])
    assert counted(replies) == {(200, ""): 1, (400, "TOKEN_ALREADY_USED"): 1}
    (session,) = await rows(app, "SELECT outcome FROM link_sessions")
    (minted,) = await rows(app, "SELECT count(*) AS n FROM public_tokens")
    assert minted["n"] == (1 if session["outcome"] == "success" else 0)


async def test_two_tabs_going_on_as_guest_make_one_guest(app: App) -> None:
    token = await app.link_token()
    replies = await together([app.widget(token, "auth/anonymous") for _ in range(10)])
    assert len({data_of(reply)["user_id"] for reply in replies}) == 1
    assert await rows(app, "SELECT count(*) AS n FROM users") == [{"n": 1}]
    assert await rows(app, "SELECT count(*) AS n FROM memberships") == [{"n": 1}]


async def test_consent_and_completion_at_once_never_complete_without_consent(app: App) -> None:
    for _ in range(5):
        token = await app.link_token()
        await app.widget(token, "auth/anonymous")
        consent, complete = await together(
            [app.widget(token, "consent", {"approved": True}), app.widget(token, "complete")]
        )
        if complete.status_code == 200:
            assert consent.status_code == 200
        else:
            assert refusal(complete) == (409, "CONSENT_REQUIRED")
            assert (await app.widget(token, "complete")).status_code == 200
    unconsented = "SELECT 1 FROM link_sessions WHERE outcome = 'success' AND consented_at IS NULL"
    assert not await rows(app, unconsented)


async def test_of_many_rotations_of_one_token_one_wins(app: App) -> None:
    token = (await app.access())["access_token"]
    replies = await together([app.post("/token/rotate", {"access_token": token}) for _ in range(20)])
    assert counted(replies) == {(200, ""): 1, (401, "INVALID_TOKEN"): 19}
    live = "SELECT count(*) AS n FROM access_tokens WHERE replaced_at IS NULL"
    assert await rows(app, live) == [{"n": 1}]
    new = next(data_of(reply)["access_token"] for reply in replies if reply.is_success)
    assert (await app.userinfo(new)).status_code == 200


async def public_token_of(app: App, email: str) -> str:
    token = await app.link_token()
    await sign_in(app, token, email)
    data_of(await app.widget(token, "consent", {"approved": True}))
    return str(data_of(await app.widget(token, "complete"))["public_token"])


@pytest.mark.parametrize("turn", range(6))
async def test_no_grant_is_active_after_a_revocation_that_came_after_the_consent(app: App, turn: int) -> None:
    """A renewal is consented to, the grant is revoked, the exchange races it: the revocation has the last word."""
    first = await connect_by_mail(app, EMAIL)
    public_token = await public_token_of(app, EMAIL)
    app.clock.advance(seconds=1)
    calls = [
        app.post("/token/revoke", {"grant_id": first["grant_id"]}),
        *[app.post("/token/exchange", {"public_token": public_token}) for _ in range(3)],
    ]
    replies = await together(calls if turn % 2 else calls[::-1])
    active = "SELECT id FROM grants WHERE revoked_at IS NULL"
    assert not await rows(app, active)
    for reply in replies:
        if reply.is_success and "data" in reply.json():
            refused = await app.userinfo(data_of(reply)["access_token"])
            assert refusal(refused) == (401, "INVALID_GRANT")
    assert refusal(await app.userinfo(first["access_token"])) == (401, "INVALID_GRANT")


async def test_parallel_exchanges_of_different_sessions_make_one_grant(app: App) -> None:
    """The ruling "one grant": one active grant per client, user and workspace."""
    tokens = []
    for _ in range(5):
        tokens.append(await public_token_of(app, EMAIL))
        app.clock.advance(minutes=5, microseconds=1)
    replies = await together([app.post("/token/exchange", {"public_token": each}) for each in tokens])
    assert counted(replies) == {(200, ""): 5}
    assert len({data_of(reply)["grant_id"] for reply in replies}) == 1
    assert await rows(app, "SELECT count(*) AS n FROM grants") == [{"n": 1}]


async def test_twenty_sign_ins_of_one_new_person_make_one_user_with_one_workspace(app: App) -> None:
    sessions = []
    for _ in range(20):
        app.clock.advance(minutes=6)
        token = await app.link_token()
        assert (await start_code(app, token, EMAIL)).status_code == 200
        code = await issued_code(app, EMAIL)
        assert code is not None
        sessions.append((token, code))
    # The sessions are from different times; what is raced is signing in, so all are made live once more.
    live = app.clock.now()
    await rows(app, "UPDATE link_sessions SET expires_at = $1::timestamptz + interval '10 minutes'", live)
    await rows(
        app, "UPDATE sign_in_challenges SET expires_at = $1::timestamptz + interval '10 minutes'", live
    )
    replies = await together([try_code(app, token, EMAIL, code) for token, code in sessions])
    assert counted(replies) == {(200, ""): 20}
    assert len({data_of(reply)["user_id"] for reply in replies}) == 1
    assert await rows(app, "SELECT count(*) AS n FROM users") == [{"n": 1}]
    assert await rows(app, "SELECT count(*) AS n FROM memberships") == [{"n": 1}]


async def test_fifty_wrong_codes_at_once_count_as_five_tries_at_most(app: App) -> None:
    token = await app.link_token()
    await start_code(app, token, EMAIL)
    code = await issued_code(app, EMAIL)
    assert code is not None
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    replies = await together([try_code(app, token, EMAIL, wrong) for _ in range(50)])
    assert counted(replies) == {(400, "CODE_INVALID"): 50}
    assert await rows(app, "SELECT tries FROM sign_in_challenges") == [{"tries": 5}]
    assert refusal(await try_code(app, token, EMAIL, code)) == (400, "CODE_INVALID")


async def test_one_right_code_used_many_times_at_once_signs_in_once(app: App) -> None:
    token = await app.link_token()
    await start_code(app, token, EMAIL)
    code = await issued_code(app, EMAIL)
    assert code is not None
    replies = await together([try_code(app, token, EMAIL, code) for _ in range(10)])
    assert counted(replies) == {(200, ""): 1, (400, "CODE_INVALID"): 9}


async def test_of_many_requests_for_codes_at_once_three_are_granted(app: App) -> None:
    tokens = [await app.link_token() for _ in range(10)]
    replies = await together([start_code(app, token, EMAIL) for token in tokens])
    assert counted(replies) == {(200, ""): 3, (429, "RATE_LIMIT_EXCEEDED"): 7}
    assert await rows(app, "SELECT count(*) AS n FROM sign_in_challenges") == [{"n": 3}]


async def test_one_idempotency_key_used_at_once_has_one_effect_and_one_answer(app: App) -> None:
    headers = {**app.client_headers, "Idempotency-Key": "once"}
    replies = await together([app.post("/link-token", {}, headers) for _ in range(20)])
    assert {reply.status_code for reply in replies} == {200}
    assert len({reply.content for reply in replies}) == 1
    assert sum("Idempotent-Replayed" in reply.headers for reply in replies) == 19
    assert await rows(app, "SELECT count(*) AS n FROM link_sessions") == [{"n": 1}]


async def test_one_idempotency_key_on_the_exchange_gives_every_caller_the_token(app: App) -> None:
    token = await app.public_token()
    headers = {**app.client_headers, "Idempotency-Key": "once"}
    calls = [app.post("/token/exchange", {"public_token": token}, headers) for _ in range(20)]
    replies = await together(calls)
    assert len({data_of(reply)["access_token"] for reply in replies}) == 1
    assert await rows(app, "SELECT count(*) AS n FROM access_tokens") == [{"n": 1}]


async def test_one_idempotency_key_on_completion_gives_both_tabs_the_public_token(app: App) -> None:
    token = await consented(app)
    headers = {**link_header(token), "Idempotency-Key": "once"}
    calls = [app.http.post("/link-token/complete", json={}, headers=headers) for _ in range(10)]
    replies = await together(calls)
    assert len({data_of(reply)["public_token"] for reply in replies}) == 1
    assert await rows(app, "SELECT count(*) AS n FROM public_tokens") == [{"n": 1}]


async def test_a_key_whose_first_call_failed_has_one_effect_when_it_is_tried_again_at_once(app: App) -> None:
    """A wrong code keeps its counted try, so the key is known but holds no answer."""
    token = await app.link_token()
    await start_code(app, token, EMAIL)
    code = await issued_code(app, EMAIL)
    assert code is not None
    headers = {**link_header(token), "Idempotency-Key": "code"}
    path = "/link-token/auth/email/verify"
    wrong = {"email": EMAIL, "code": f"{(int(code) + 1) % 1_000_000:06d}"}
    assert refusal(await app.http.post(path, json=wrong, headers=headers)) == (400, "CODE_INVALID")
    right = {"email": EMAIL, "code": code}
    replies = await together([app.http.post(path, json=right, headers=headers) for _ in range(10)])
    assert counted(replies) == {(200, ""): 10}
    assert len({reply.content for reply in replies}) == 1


async def test_two_sessions_that_adopt_each_other_end_as_one(app: App) -> None:
    one, two = await app.link_token(), await app.link_token()
    replies = await together(
        [
            app.widget(one, "session/adopt", {"previous": two}),
            app.widget(two, "session/adopt", {"previous": one}),
        ]
    )
    assert counted(replies) == {(200, ""): 1, (400, "TOKEN_ALREADY_USED"): 1}
    assert await rows(app, "SELECT count(*) AS n FROM link_sessions WHERE ended_at IS NULL") == [{"n": 1}]


async def test_one_session_is_adopted_once(app: App) -> None:
    old = await consented(app)
    news = [await app.link_token() for _ in range(6)]
    replies = await together([app.widget(new, "session/adopt", {"previous": old}) for new in news])
    assert counted(replies) == {(200, ""): 1, (400, "TOKEN_ALREADY_USED"): 5}
    assert await rows(
        app, "SELECT count(*) AS n FROM link_sessions WHERE consented_at IS NOT NULL AND ended_at IS NULL"
    ) == [{"n": 1}]


async def test_rotating_a_client_secret_many_times_at_once_leaves_two_live(app: App) -> None:
    async def rotate(uow: Uow) -> str:
        return await clients.rotate_secret(uow, client_id=app.client_id)

    secrets = await asyncio.gather(*[app.services.database.execute(rotate) for _ in range(6)])
    alive = [
        secret
        for secret in (app.client_secret, *secrets)
        if (await app.post("/link-token", {}, {**app.client_headers, "X-Client-Secret": secret})).is_success
    ]
    assert len(alive) == 2
