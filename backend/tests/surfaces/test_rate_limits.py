"""Rate limits over HTTP: standard headers, 429 with Retry-After, and a limit of its own for wrong credentials."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from kryptos.infra.rate_limits import Limit, Verdict
from kryptos.surfaces.http import limits
from tests.support.app import App, running_app
from tests.support.journey import link_header, refusal, start_code

WRONG = {"X-Client-Id": "client_x", "X-Client-Secret": "secret_x"}


@pytest_asyncio.fixture(loop_scope="session")
async def limited(database_url: str) -> AsyncIterator[App]:
    """An application with the limits that are shipped, whose bucket clock stands still until moved."""
    async with running_app(database_url, rate_limit_factor=1) as app:
        now = [1000.0]
        app.services.limiter._monotonic = lambda: now[0]
        app.tick = now  # type: ignore[attr-defined]  # so that tests can let time pass
        yield app


def let_pass(app: App, seconds: float) -> None:
    app.tick[0] += seconds  # type: ignore[attr-defined]


async def test_every_counted_reply_says_how_many_calls_are_left(limited: App) -> None:
    access, token = await limited.access(), await limited.link_token()
    for path, headers, limit in (
        ("/token/grants", limited.client_headers, limits.CLIENT_CALLS),
        ("/link-token/session", link_header(token), limits.SESSION_CALLS),
        ("/api/v1/userinfo", {"Authorization": f"Bearer {access['access_token']}"}, limits.GRANT_CALLS),
        ("/api/health", {}, limits.PUBLIC_CALLS),
    ):
        first = await limited.http.get(path, headers=headers)
        second = await limited.http.get(path, headers=headers)
        assert first.headers["RateLimit-Limit"] == str(limit.calls)
        assert int(first.headers["RateLimit-Remaining"]) - int(second.headers["RateLimit-Remaining"]) == 1
        assert 0 < int(second.headers["RateLimit-Reset"]) <= limit.period_seconds


async def test_beyond_the_limit_a_caller_waits_and_is_told_how_long(limited: App) -> None:
    token = await limited.link_token()
    for _ in range(limits.SESSION_CALLS.calls):
        assert (await limited.http.get("/link-token/session", headers=link_header(token))).status_code == 200
    reply = await limited.http.get("/link-token/session", headers=link_header(token))
    assert refusal(reply) == (429, "RATE_LIMIT_EXCEEDED")
    assert reply.headers["RateLimit-Remaining"] == "0"
    assert int(reply.headers["Retry-After"]) == reply.json()["retry_after"] >= 1
    other = await limited.link_token()
    assert (await limited.http.get("/link-token/session", headers=link_header(other))).status_code == 200
    let_pass(limited, int(reply.headers["Retry-After"]))
    assert (await limited.http.get("/link-token/session", headers=link_header(token))).status_code == 200


async def test_the_data_api_says_it_in_its_own_words(limited: App) -> None:
    token = (await limited.access())["access_token"]
    for _ in range(limits.GRANT_CALLS.calls):
        reply = await limited.userinfo(token)
    reply = await limited.userinfo(token)
    assert refusal(reply) == (429, "RATE_LIMIT_EXCEEDED")
    assert (reply.json()["error"], reply.json()["details"]) == ("rate_limit_exceeded", [])
    assert int(reply.headers["Retry-After"]) == reply.json()["retry_after"]


async def test_an_address_with_too_many_wrong_credentials_waits(limited: App) -> None:
    for _ in range(limits.FAILED_AUTHENTICATIONS.calls):
        reply = await limited.http.get("/token/grants", headers=WRONG)
        assert refusal(reply) == (401, "INVALID_CLIENT")
    for path, headers in (
        ("/token/grants", WRONG),
        ("/api/v1/userinfo", {"Authorization": "Bearer cat_x"}),
        ("/link-token/session", link_header("link_x")),
    ):
        reply = await limited.http.get(path, headers=headers)
        assert refusal(reply) == (429, "RATE_LIMIT_EXCEEDED")
        assert int(reply.headers["Retry-After"]) >= 1
    assert (await limited.http.get("/api/health")).status_code == 200
    let_pass(limited, 1)
    assert (await limited.http.get("/token/grants", headers=limited.client_headers)).status_code == 200


async def test_garbage_counts_as_wrong_credentials(limited: App) -> None:
    for _ in range(limits.FAILED_AUTHENTICATIONS.calls):
        headers = {**WRONG, "X-Client-Secret": "x" * 1000}
        assert (await limited.http.get("/token/grants", headers=headers)).status_code == 401
    assert (await limited.http.get("/token/grants", headers=WRONG)).status_code == 429


async def test_right_calls_do_not_count_as_wrong_ones(limited: App) -> None:
    for _ in range(limits.FAILED_AUTHENTICATIONS.calls + 1):
        assert (await limited.http.get("/token/grants", headers=limited.client_headers)).status_code == 200


async def test_one_address_makes_so_many_guests_and_no_more(limited: App) -> None:
    for number in range(limits.GUESTS.calls + 1):
        token = await limited.link_token()
        reply = await limited.widget(token, "auth/anonymous")
        assert reply.status_code == (200 if number < limits.GUESTS.calls else 429)


async def test_one_address_asks_for_so_many_codes_and_no_more(limited: App) -> None:
    token = await limited.link_token()
    for number in range(limits.CODES.calls + 1):
        reply = await start_code(limited, token, f"person{number}@example.com")
        assert reply.status_code == (200 if number < limits.CODES.calls else 429)


@pytest.mark.parametrize(
    ("trusted", "lines", "is_believed"),
    [
        ("", ["1.2.3.4"], False),
        ("10.0.0.0/8", ["1.2.3.4"], False),
        ("127.0.0.1", ["1.2.3.4"], True),
        ("127.0.0.1", ["6.6.6.6, 1.2.3.4"], True),
        ("127.0.0.1", ["6.6.6.6", "1.2.3.4"], True),
        ("127.0.0.1,10.0.0.0/8", ["6.6.6.6", "1.2.3.4", "10.1.1.1"], True),
    ],
)
async def test_callers_are_told_apart_only_by_what_trusted_proxies_wrote(
    database_url: str, trusted: str, lines: list[str], is_believed: bool
) -> None:
    """A proxy may append to the line or add one of its own; what the caller claims stands before both."""
    async with running_app(database_url, rate_limit_factor=1, trusted_proxies=trusted) as app:
        seen: list[str] = []
        take = app.services.limiter.take

        def watched(limit: Limit, key: str) -> Verdict:
            seen.append(key)
            return take(limit, key)

        app.services.limiter.take = watched  # type: ignore[method-assign]
        headers = [(b"X-Forwarded-For", line.encode()) for line in lines]
        assert (await app.http.get("/api/health", headers=headers)).status_code == 200
        assert seen == (["1.2.3.4"] if is_believed else ["127.0.0.1"])
