"""Client id and client secret: missing, wrong, another client's, garbage, in the wrong place (K-024, K-064, K-065)."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from kryptos.domains import clients
from kryptos.infra.database import Uow
from kryptos.infra.postgres import Cluster
from tests.support.app import App, running_app
from tests.support.database import cloned_database
from tests.support.journey import BACKEND_CALLS, GARBAGE, call, data_of, refusal

INVALID_CLIENT = (401, "INVALID_CLIENT")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def app(cluster: Cluster, template: str) -> AsyncIterator[App]:
    """One application for all tests of this file: they do not meet in its database."""
    async with cloned_database(cluster, template) as url, running_app(url) as running:
        yield running


async def test_wrong_client_credentials_are_refused_everywhere(app: App) -> None:
    other = await app.create_client("Other")
    truncated = app.client_secret[:-1]
    wrong = [
        {},
        {"X-Client-Id": app.client_id},
        {"X-Client-Secret": app.client_secret},
        {"X-Client-Id": app.client_id, "X-Client-Secret": truncated},
        {"X-Client-Id": app.client_id[:-1], "X-Client-Secret": app.client_secret},
        {"X-Client-Id": app.client_id.upper(), "X-Client-Secret": app.client_secret},
        {"X-Client-Id": app.client_id, "X-Client-Secret": other.client_secret},
        {"X-Client-Id": other.client.id, "X-Client-Secret": app.client_secret},
        {"X-Client-Id": "", "X-Client-Secret": ""},
        {"X-Client-Id": app.client_id, "X-Client-Secret": app.client_id},
        {"Authorization": f"Bearer {app.client_secret}"},
    ]
    for method, path, body in BACKEND_CALLS:
        for headers in wrong:
            assert refusal(await call(app, method, path, body, headers)) == INVALID_CLIENT, (path, headers)


@pytest.mark.parametrize("name", list(GARBAGE))
@pytest.mark.parametrize("field", ["X-Client-Id", "X-Client-Secret"])
async def test_garbage_is_no_client_credential(app: App, name: str, field: str) -> None:
    headers = [
        (key.encode(), (GARBAGE[name] if key == field else value).encode())
        for key, value in app.client_headers.items()
    ]
    for method, path, body in BACKEND_CALLS:
        content = body if method == "POST" else None
        reply = await app.http.request(method, path, json=content, headers=headers)
        assert refusal(reply) == INVALID_CLIENT, path


@pytest.mark.parametrize("name", list(GARBAGE))
@pytest.mark.parametrize("field", ["client_id", "client_secret"])
async def test_garbage_in_the_body_is_no_client_credential_either(app: App, name: str, field: str) -> None:
    """K-024: credentials in the JSON body, where text can hold what no header can."""
    credentials = {"client_id": app.client_id, "client_secret": app.client_secret, field: GARBAGE[name]}
    reply = await app.http.post("/token/exchange", json={"public_token": "public_x", **credentials})
    assert refusal(reply) == INVALID_CLIENT


async def test_body_credentials_open_the_exchange_and_nothing_else(app: App) -> None:
    """K-024."""
    credentials = {"client_id": app.client_id, "client_secret": app.client_secret}
    public_token = await app.public_token()
    for path in ("/link-token", "/token/rotate", "/token/revoke", "/link-token/check-session"):
        reply = await app.http.post(
            path, json={**credentials, "access_token": "cat_x", "grant_id": "cgrant_x"}
        )
        assert refusal(reply) == INVALID_CLIENT
    reply = await app.http.post("/token/exchange", json={**credentials, "public_token": public_token})
    assert data_of(reply)["access_token"].startswith("cat_")


async def test_wrong_headers_are_not_rescued_by_right_credentials_in_the_body(app: App) -> None:
    public_token = await app.public_token()
    body = {"client_id": app.client_id, "client_secret": app.client_secret, "public_token": public_token}
    reply = await app.http.post(
        "/token/exchange", json=body, headers={"X-Client-Id": app.client_id, "X-Client-Secret": "secret_x"}
    )
    assert refusal(reply) == INVALID_CLIENT


async def test_client_headers_on_data_calls_must_be_those_of_the_token(app: App) -> None:
    """The ruling on client headers: absent is accepted, wrong never."""
    token = (await app.access())["access_token"]
    other = await app.create_client("Other")
    right = [{}, {"X-Client-Id": app.client_id}, {"X-Client-Secret": app.client_secret}, app.client_headers]
    wrong = [
        {"X-Client-Id": other.client.id},
        {"X-Client-Secret": other.client_secret},
        {"X-Client-Id": app.client_id, "X-Client-Secret": other.client_secret},
        {"X-Client-Id": ""},
        {"X-Client-Secret": ""},
        {"X-Client-Id": app.client_id[:-1]},
        {"X-Client-Secret": app.client_secret[:-1]},
        {"X-Client-Id": "x" * 10_000},
    ]
    for headers in right:
        assert (await app.userinfo(token, **headers)).status_code == 200, headers
    for headers in wrong:
        assert refusal(await app.userinfo(token, **headers)) == INVALID_CLIENT, headers


async def test_a_client_can_demand_its_headers_on_data_calls(app: App) -> None:
    created = await app.create_client("Demanding")
    client = {"X-Client-Id": created.client.id, "X-Client-Secret": created.client_secret}
    token = (await app.access(client))["access_token"]

    async def demand(uow: Uow) -> None:
        await clients.update_client(uow, client_id=created.client.id, require_client_headers=True)

    assert (await app.userinfo(token)).status_code == 200
    await app.services.database.execute(demand)
    for name, value in client.items():
        assert refusal(await app.userinfo(token, **{name: value})) == INVALID_CLIENT
    assert refusal(await app.userinfo(token)) == INVALID_CLIENT
    assert (await app.userinfo(token, **client)).status_code == 200
