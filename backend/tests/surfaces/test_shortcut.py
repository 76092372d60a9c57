"""The shortcut of data calls: the same answers as the framework's way, which everything unusual still takes."""

import pytest

from tests.support.app import App

PATHS = ("/api/v1/userinfo", "/v1/userinfo")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("host", ["kryptos.test", "kryptos.test:4400", "[::1]:4400", "odd_host"])
async def test_every_way_gives_the_same_answer(path: str, host: str, app: App) -> None:
    access = await app.access()
    headers = {"Authorization": f"Bearer {access['access_token']}", "Host": host}
    reply = await app.http.get(path, headers=headers)
    assert reply.status_code == 200, reply.text
    assert reply.json() == (await app.userinfo(access["access_token"])).json()


@pytest.mark.parametrize("path", PATHS)
async def test_other_methods_take_the_frameworks_way(path: str, app: App) -> None:
    access = await app.access()
    headers = {"Authorization": f"Bearer {access['access_token']}"}
    whole = await app.http.get(path, headers=headers)
    head = await app.http.head(path, headers=headers)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len(whole.content))
    refused = await app.http.post(path, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (405, "METHOD_NOT_ALLOWED")


@pytest.mark.parametrize("path", PATHS)
async def test_refusals_are_the_same(path: str, app: App) -> None:
    reply = await app.http.get(path)
    assert (reply.status_code, reply.json()["error"], reply.json()["code"]) == (
        401,
        "unauthorized",
        "INVALID_TOKEN",
    )


async def test_a_trailing_slash_is_answered_as_without(app: App) -> None:
    """The framework drops it; the shortcut does not know the path and leaves it to the framework."""
    access = await app.access()
    headers = {"Authorization": f"Bearer {access['access_token']}"}
    assert (await app.http.get("/api/v1/userinfo/", headers=headers)).status_code == 200
