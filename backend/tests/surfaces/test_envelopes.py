"""What goes wrong before a handler is reached, or in it: the envelope of each path family (K-008, K-009)."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest
import pytest_asyncio

from kryptos.domains import connect, identity
from kryptos.entrypoints.web import ENDPOINTS, assemble, open_services
from kryptos.infra.postgres import Cluster
from kryptos.surfaces.http.openapi import errors_of
from tests.support.app import BASE_URL, App, running_app
from tests.support.database import cloned_database
from tests.support.journey import data_of, link_header, refusal

CONNECT_PATHS = (
    "/nothing",
    "/link-token/x/y/z",
    "/token/nothing",
    "/integrations/nothing",
    "/apis",
    "/v10/x",
    "/",
)
DATA_PATHS = ("/api/nothing", "/api/v1/nothing", "/v1/nothing", "/api/", "/api", "/v1", "/api/v0/x", "/v1/")
WANTED = {"success", "error", "code", "request_id", "doc_url"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def app(cluster: Cluster, template: str) -> AsyncIterator[App]:
    """One application for all tests of this file: they do not meet in its database."""
    async with cloned_database(cluster, template) as url, running_app(url) as running:
        yield running


async def check_doc_url(app: App, body: dict[str, Any]) -> None:
    """The address of the explanation leads to a place on the reference page that exists."""
    page, _, anchor = body["doc_url"].partition("#")
    assert page == f"{BASE_URL}/docs"
    assert f'id="{anchor}"' in (await app.http.get("/docs")).text


def is_connect(body: dict[str, Any]) -> bool:
    return set(body) - {"details", "retry_after"} == WANTED and body["success"] is False


def is_data(body: dict[str, Any]) -> bool:
    wanted = {"error", "message", "details", "code", "request_id", "doc_url"}
    return set(body) - {"retry_after"} == wanted and isinstance(body["details"], list)


@pytest.mark.parametrize("path", [path for path in CONNECT_PATHS if path != "/"])
async def test_an_unknown_path_is_told_in_the_connect_envelope(app: App, path: str) -> None:
    reply = await app.http.get(path)
    assert refusal(reply) == (404, "NOT_FOUND")
    assert is_connect(reply.json())
    assert reply.headers["X-Request-Id"] == reply.json()["request_id"]
    await check_doc_url(app, reply.json())


@pytest.mark.parametrize("path", DATA_PATHS)
async def test_an_unknown_path_of_the_data_api_is_told_in_its_envelope(app: App, path: str) -> None:
    reply = await app.http.get(path)
    assert refusal(reply) == (404, "NOT_FOUND")
    assert is_data(reply.json())
    assert reply.json()["error"] == "not_found"
    await check_doc_url(app, reply.json())


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/token/exchange", "POST"),
        ("DELETE", "/link-token", "POST"),
        ("PUT", "/link-token/consent", "GET"),
        ("POST", "/token/grants", "GET"),
        ("POST", "/api/v1/userinfo", "GET"),
        ("POST", "/v1/userinfo", "GET"),
        ("PATCH", "/integrations/public/list", "GET"),
        ("HEAD", "/token/exchange", "POST"),
    ],
)
async def test_a_wrong_method_is_told_with_those_that_are_right(
    app: App, method: str, path: str, allowed: str
) -> None:
    reply = await app.http.request(method, path)
    assert reply.status_code == 405
    assert allowed in [each.strip() for each in reply.headers["Allow"].split(",")]
    if method == "HEAD":
        assert reply.content == b""
        return
    assert reply.json()["code"] == "METHOD_NOT_ALLOWED"
    assert is_data(reply.json()) if "v1" in path else is_connect(reply.json())


@pytest.mark.parametrize(("declared", "is_read"), [(262_144 + 1_048_576 + 1, False), (262_145, True)])
async def test_a_body_that_declares_too_much_is_refused_and_read_only_if_it_is_little_more(
    app: App, declared: int, is_read: bool
) -> None:
    """A body that is left unread may have its connection reset before the caller, or a proxy, has read why."""
    headers = {
        **app.client_headers,
        "Content-Type": "application/json",
        "Content-Length": str(declared),
    }
    read = 0

    async def counted() -> AsyncIterator[bytes]:
        nonlocal read
        read += 1
        yield b" " * (declared - 1)
        read += 1
        yield b" "

    reply = await app.http.post("/link-token", content=counted(), headers=headers)
    assert refusal(reply) == (413, "PAYLOAD_TOO_LARGE")
    assert is_connect(reply.json())
    assert read == (2 if is_read else 0)


async def test_a_body_that_declares_nothing_is_read_up_to_the_limit(app: App) -> None:
    """Sent in chunks without a length, as any proxy may."""
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield b" " * 65_536

    headers = {**app.client_headers, "Content-Type": "application/json"}
    reply = await app.http.post("/link-token", content=endless(), headers=headers)
    assert refusal(reply) == (413, "PAYLOAD_TOO_LARGE")
    assert read <= 6


async def test_a_body_of_exactly_the_limit_is_taken(app: App) -> None:
    headers = {**app.client_headers, "Content-Type": "application/json"}
    content = b"{" + b" " * (262_144 - 2) + b"}"
    assert (await app.http.post("/link-token", content=content, headers=headers)).status_code == 200
    reply = await app.http.post("/link-token", content=content + b" ", headers=headers)
    assert refusal(reply) == (413, "PAYLOAD_TOO_LARGE")


async def post_raw(app: App, content: bytes, content_type: str | None = "application/json") -> httpx.Response:
    headers = {**app.client_headers, **({"Content-Type": content_type} if content_type else {})}
    return await app.http.post("/link-token", content=content, headers=headers)


@pytest.mark.parametrize(
    "content_type", [None, "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json", ""]
)
async def test_a_body_that_is_not_declared_as_json_is_refused(app: App, content_type: str | None) -> None:
    reply = await post_raw(app, b'{"scopes": "openid"}', content_type)
    assert refusal(reply) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert is_connect(reply.json())


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "application/json; charset=utf-8", "Application/JSON", "application/json ;x=y"],
)
async def test_a_body_declared_as_json_is_taken(app: App, content_type: str) -> None:
    assert (await post_raw(app, b'{"scopes": "openid"}', content_type)).status_code == 200


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"nonsense",
        b'{"scopes": openid}',
        b"{'scopes': 'openid'}",
        b'{"scopes": "openid",}',
        b'{"scopes": NaN}',
        b'{"scopes": Infinity}',
        b'{"scopes": "\xff\xfe"}',
        b'{"scopes": "\\ud800"}',
        b'{"scopes": "a\nb"}',
        b'{"other": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"other": ' + b'{"a":' * 30_000 + b"1" + b"}" * 30_000 + b"}",
        b"{}{}",
        b"\xef\xbb\xbf{}",
    ],
    ids=lambda content: repr(content[:20]),
)
async def test_what_is_no_json_is_refused_as_such(app: App, content: bytes) -> None:
    reply = await post_raw(app, content)
    assert refusal(reply) == (400, "VALIDATION_ERROR")
    (detail,) = reply.json()["details"]
    assert detail["code"] == "invalid_json"
    assert is_connect(reply.json())


@pytest.mark.parametrize(
    ("content", "path"),
    [
        ({"scopes": 7}, ["scopes"]),
        ({"scopes": ["openid"]}, ["scopes"]),
        ({"scopes": True}, ["scopes"]),
        ({"scopes": {"a": 1}}, ["scopes"]),
        ({"redirect_uri": 1.5}, ["redirect_uri"]),
        ({"access_token": "cat_\x00"}, ["access_token"]),
        ([], []),
        ("openid", []),
        (None, []),
        (12345678901234567890123, []),
    ],
)
async def test_a_wrong_type_is_told_with_its_place(app: App, content: object, path: list[str]) -> None:
    reply = await post_raw(app, json.dumps(content).encode())
    assert refusal(reply) == (400, "VALIDATION_ERROR")
    (detail,) = reply.json()["details"]
    assert detail["path"] == path
    assert detail["message"]


async def test_a_missing_field_is_told_with_its_name(app: App) -> None:
    reply = await app.post("/token/exchange", {})
    assert refusal(reply) == (400, "VALIDATION_ERROR")
    assert "public_token" in reply.json()["details"][0]["message"]


@pytest.mark.parametrize("content", [b"", b"  \n", b"{}"])
@pytest.mark.parametrize("content_type", [None, "application/json", "text/plain"])
async def test_an_empty_body_is_an_empty_object(app: App, content: bytes, content_type: str | None) -> None:
    reply = await post_raw(app, content, content_type)
    is_declared = content_type == "application/json" or not content.strip()
    assert reply.status_code == (200 if is_declared else 415)


async def test_unknown_fields_are_ignored_and_of_two_equal_names_the_last_counts(app: App) -> None:
    """The ruling on unknown fields; RFC 8259, section 4, leaves repeated names open."""
    content = (
        b'{"unknown": {"a": [1, null]}, "big": ' + b"9" * 5000 + b', "scopes": "profile", "scopes": "openid"}'
    )
    token = data_of(await post_raw(app, content))["link_token"]
    session = data_of(await app.http.get("/link-token/session", headers=link_header(token)))
    assert session["scopes"] == ["openid"]


async def test_unknown_query_fields_are_ignored(app: App) -> None:
    for path in ("/api/health?x=1&x=2", "/integrations/public/list?page=%00"):
        assert (await app.http.get(path)).status_code == 200


@pytest.mark.parametrize(
    "details",
    [
        {"deep": "[" * 400 + "]" * 400},
        {"deep": "[" * 990 + "]" * 990},
        {"n": "1" + "0" * 1500},
        {"n": "1e308"},
        {"n": "-1e-308"},
        {"n": "18446744073709551616"},
        {"a\u0000b": "1"},
        {"a": '"\\u0000"'},
        {"a": '["\\u0000"]'},
        {"a": '"' + "x" * 5000 + '"'},
        {"\u2028": '"\\u2029"'},
    ],
    ids=lambda details: repr(details)[:30],
)
async def test_no_event_breaks_the_record_of_its_session(app: App, details: dict[str, str]) -> None:
    """X-14: details are any JSON; they are stored and read again, or refused."""
    created = data_of(await app.post("/link-token"))
    text = ",".join(f"{json.dumps(name)}: {value}" for name, value in details.items())
    content = f'{{"name": "seen", "details": {{{text}}}}}'.encode()
    headers = {**link_header(created["link_token"]), "Content-Type": "application/json"}
    reply = await app.http.post("/link-token/events", content=content, headers=headers)
    assert reply.status_code in {200, 400}
    record = await app.http.get(f"/link-token/{created['session_id']}/session", headers=app.client_headers)
    events = data_of(record)["events"]
    assert len(events) == (1 if reply.is_success else 0)


@pytest.mark.parametrize(
    "path", ["/api/health", "/integrations/public/list", "/token/grants", "/api/v1/userinfo"]
)
async def test_head_answers_as_get_without_a_body(app: App, path: str) -> None:
    access = await app.access()
    headers = {**app.client_headers, "Authorization": f"Bearer {access['access_token']}"}
    got, head = await app.http.get(path, headers=headers), await app.http.head(path, headers=headers)
    varying = {"x-request-id", "ratelimit-remaining", "ratelimit-reset"}
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert {key: value for key, value in head.headers.items() if key not in varying} == {
        key: value for key, value in got.headers.items() if key not in varying
    }


async def test_head_of_an_unknown_path_has_no_body(app: App) -> None:
    reply = await app.http.head("/nothing")
    assert (reply.status_code, reply.content) == (404, b"")


async def test_a_trailing_slash_is_the_same_path(app: App) -> None:
    access = await app.access()
    for path in ("/api/v1/userinfo/", "/v1/userinfo/", "/v1/userinfo"):
        reply = await app.http.get(path, headers={"Authorization": f"Bearer {access['access_token']}"})
        assert reply.status_code == 200, path


async def test_every_reply_of_an_endpoint_has_a_request_id(app: App) -> None:
    """The ruling "every reply": the error body says the same id as the header."""
    calls = (("GET", "/api/health"), ("GET", "/nothing"), ("GET", "/token/exchange"), ("POST", "/link-token"))
    for method, path in calls:
        reply = await app.http.request(method, path)
        assert reply.headers["X-Request-Id"].startswith("req_")
        assert reply.is_success or reply.json()["request_id"] == reply.headers["X-Request-Id"]
    ids = {(await app.http.get("/api/health")).headers["X-Request-Id"] for _ in range(5)}
    assert len(ids) == 5


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/openapi.json", "/livez", "/readyz", "/metrics", "/mailbox", "/nowhere"]
)
async def test_every_other_reply_has_a_request_id_too(path: str, app: App) -> None:
    reply = await app.http.get(path)
    assert reply.headers.get_list("X-Request-Id")[0].startswith("req_")
    assert len(reply.headers.get_list("X-Request-Id")) == 1


async def test_a_preflight_has_a_request_id(app: App) -> None:
    asked = {"Origin": "https://app.example.com", "Access-Control-Request-Method": "POST"}
    assert (await app.http.options("/link-token", headers=asked)).headers["X-Request-Id"].startswith("req_")


async def test_every_declared_error_code_is_explained_on_the_reference_page(app: App) -> None:
    page = (await app.http.get("/docs")).text
    declared = {error.code for endpoint in ENDPOINTS for error in errors_of(endpoint)}
    missing = [code for code in sorted(declared) if f'id="error-{code}"' not in page]
    assert len(declared) > 20
    assert not missing


async def test_a_handler_that_breaks_says_nothing_of_itself(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        message = "the secret is cat_abc"
        raise RuntimeError(message)

    access, token = await app.access(), await app.link_token()
    monkeypatch.setattr(identity, "read_profile", broken)
    monkeypatch.setattr(connect, "sign_in_as_guest", broken)
    for reply, belongs in (
        (await app.userinfo(access["access_token"]), is_data),
        (await app.widget(token, "auth/anonymous"), is_connect),
    ):
        assert refusal(reply) == (500, "INTERNAL_ERROR")
        assert belongs(reply.json())
        for leak in ("Traceback", "RuntimeError", "secret", ".py"):
            assert leak not in reply.text
    monkeypatch.undo()
    assert (await app.widget(token, "auth/anonymous")).status_code == 200


async def test_an_unreachable_database_is_told_with_when_to_come_back(app: App) -> None:
    settings = msgspec.structs.replace(
        app.services.settings, database_url="postgresql://nobody@127.0.0.1:1/none"
    )
    services = open_services(settings, clock=app.clock)
    calls = [
        ("POST", "/link-token", app.client_headers),
        ("GET", "/token/grants", app.client_headers),
        ("GET", "/link-token/session", link_header("link_x")),
        ("GET", "/api/v1/userinfo", {"Authorization": "Bearer cat_x"}),
    ]
    transport = httpx.ASGITransport(
        assemble(services)  # type: ignore[arg-type]  # the same protocol, in two libraries' words
    )
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as http:
        preflight = {"Origin": "https://app.example.com", "Access-Control-Request-Method": "POST"}
        *replies, asked, ready = await asyncio.gather(
            *[http.request(method, path, headers=headers) for method, path, headers in calls],
            http.options("/link-token", headers=preflight),
            http.get("/readyz"),
        )
        for (_, path, _), reply in zip(calls, replies, strict=True):
            assert refusal(reply) == (503, "SERVICE_UNAVAILABLE"), path
            assert int(reply.headers["Retry-After"]) == reply.json()["retry_after"] >= 1
            assert is_data(reply.json()) if path.startswith("/api") else is_connect(reply.json())
        assert "Access-Control-Allow-Origin" not in asked.headers
        assert ready.status_code == 503
        assert (await http.get("/api/health")).status_code == 200
        assert (await http.get("/livez")).status_code == 200
    await services.database.close()
    await services.reader.close()


async def test_hsts_is_sent_where_the_address_is_https(database_url: str) -> None:
    async with running_app(database_url, public_url="https://kryptos.test") as app:
        reply = await app.http.get("/api/health")
        assert reply.headers["Strict-Transport-Security"].startswith("max-age=31536000")
