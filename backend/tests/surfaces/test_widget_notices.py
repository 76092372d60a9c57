"""Where the widget may not run there are words: for the person, for who builds the app, and for the framing page."""

import re
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kryptos.domains import clients
from kryptos.infra.database import Uow
from kryptos.infra.database.reader import Reader
from kryptos.kernel.errors import Unavailable
from kryptos.surfaces.http import limits
from kryptos.surfaces.http.appearance import LANGUAGES, THEMES, read_appearance
from kryptos.surfaces.widget_page.frame_address import FrameAddress, WrongAddress, read_frame_address
from tests.support.app import App, running_app
from tests.support.widget import OURS, STRANGE, THEIRS, ancestors, assert_notice, frame, told


async def test_an_origin_that_is_not_registered_is_told_how_to_register_it(widget_app: App) -> None:
    reply = await frame(widget_app, origin=STRANGE, client_id=widget_app.client_id, theme="dark")
    text = assert_notice(reply, 403, "EMBED_BLOCKED", STRANGE)
    assert "Test app cannot open Kryptos Connect here" in text
    assert f"The origin {STRANGE} is not registered" in text
    command = (
        f"kryptos client update {widget_app.client_id} --allowed-origin {OURS} --allowed-origin {STRANGE}"
    )
    assert command in text
    assert command in told(reply)["message"]
    assert told(reply)["kc-theme"] == "dark"


async def test_a_client_without_origins_cannot_be_framed_by_anybody(widget_app: App) -> None:
    created = await widget_app.create_client("No origins")
    text = assert_notice(
        await frame(widget_app, origin=OURS, client_id=created.client.id), 403, "EMBED_BLOCKED", OURS
    )
    assert f"kryptos client update {created.client.id} --allowed-origin {OURS}" in text


async def test_the_origins_of_two_clients_never_mix(widget_app: App) -> None:
    other = await widget_app.create_client("Other", allowed_origins=[THEIRS])
    assert ancestors(await frame(widget_app, origin=OURS, client_id=widget_app.client_id)) == OURS
    assert ancestors(await frame(widget_app, origin=THEIRS, client_id=other.client.id)) == THEIRS
    for client_id, origin in ((widget_app.client_id, THEIRS), (other.client.id, OURS)):
        assert_notice(
            await frame(widget_app, origin=origin, client_id=client_id), 403, "EMBED_BLOCKED", origin
        )
    token = await widget_app.link_token()
    reply = await frame(widget_app, origin=THEIRS, s=sha256(token.encode()).hexdigest())
    assert_notice(reply, 403, "EMBED_BLOCKED", THEIRS)


async def test_a_client_that_is_not_there(widget_app: App) -> None:
    for client_id in ("client_0", "client_" + "0" * 32):
        text = assert_notice(
            await frame(widget_app, origin=OURS, client_id=client_id), 404, "CLIENT_UNKNOWN", OURS
        )
        assert "baseUrl" in text


async def test_a_suspended_client(widget_app: App) -> None:
    created = await widget_app.create_client("Gone <b>", allowed_origins=[OURS])

    async def suspend(uow: Uow) -> None:
        await clients.suspend_client(uow, client_id=created.client.id)

    await widget_app.services.database.execute(suspend)
    reply = await frame(widget_app, origin=OURS, client_id=created.client.id)
    assert_notice(reply, 403, "INVALID_CLIENT", OURS)
    assert "Gone &lt;b&gt; cannot open" in reply.text


BAD_ORIGINS = (
    "", "null", "*", "'self'", "https://", "https:", "app.example.com", "https://app.example.com/",
    "https://app.example.com/x", "https://app.example.com https://evil.example", "https://app.example.com;",
    "https://app.example.com\r\nX-Evil: 1", "https://*.example.com", "https://user@app.example.com",
    "https://APP.example.com", "ftp://app.example.com", "capacitor://localhost", "https://é.example",
    "https://app.example.com:x", "https://app.example.com:123456", "https://a\x00b", "https://" + "a" * 400,
)  # fmt: skip


@pytest.mark.parametrize("origin", BAD_ORIGINS)
async def test_a_malformed_origin_is_explained_and_nobody_may_frame_it(widget_app: App, origin: str) -> None:
    reply = await frame(widget_app, origin=origin, client_id=widget_app.client_id)
    assert "location.origin" in assert_notice(reply, 400, "VALIDATION_ERROR", None)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "origin"),
        ("v=1", "origin"),
        (f"v=1&origin={OURS}", "client_id is missing"),
        (f"v=1&origin={OURS}&client_id=", "client_id"),
        (f"v=1&origin={OURS}&client_id=a%00b", "client_id"),
        (f"v=1&origin={OURS}&client_id={'x' * 200}", "client_id"),
        (f"v=1&origin={OURS}&client_id=client%27--", "client_id"),
        (f"v=1&origin={OURS}&s=abc", "64 hexadecimal digits"),
        (f"v=1&origin={OURS}&s={'g' * 64}", "64 hexadecimal digits"),
        (f"v=1&origin={OURS}&s={'%EF%BC%90' * 64}", "64 hexadecimal digits"),
        (f"v=x&origin={OURS}&client_id=client_0", "version"),
        (f"v=&origin={OURS}&client_id=client_0", "version"),
        (f"v=1&origin={OURS}&client_id=client_0&client_id=client_1", "given twice"),
        (f"v=1&origin={OURS}&origin={THEIRS}&client_id=client_0", "given twice"),
    ],
)
async def test_an_address_of_another_form_is_explained(widget_app: App, query: str, words: str) -> None:
    reply = await widget_app.http.get(f"/connect?{query}")
    assert reply.status_code == 400
    assert told(reply)["code"] == "VALIDATION_ERROR"
    assert words in told(reply)["message"]
    assert ancestors(reply) in {"'none'", OURS, THEIRS}


async def test_an_app_of_a_later_version_is_shown_the_page_too(widget_app: App) -> None:
    query = {"origin": OURS, "client_id": widget_app.client_id}
    for later in ({"v": "2", **query}, query, {**query, "unknown": "x"}):
        assert (await widget_app.http.get("/connect", params=later)).status_code == 200


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["v", "origin", "client_id", "s", "theme", "lang", "x"]),
            st.one_of(st.text(max_size=80), st.sampled_from([OURS, "1", "client_0", "0" * 64, "auto", "de"])),
        ),
        max_size=8,
    )
)
def test_whatever_the_address_says_only_checked_values_come_out_of_it(
    parameters: list[tuple[str, str]],
) -> None:
    look = read_appearance(parameters, dict(parameters).get("x"))
    assert look.language in LANGUAGES
    assert look.theme in THEMES
    address = read_frame_address(parameters)
    if address.origin is not None:
        assert re.fullmatch(r"https?://[a-z0-9._:\[\]-]+", address.origin)
    if isinstance(address, WrongAddress):
        assert address.problem
    else:
        assert isinstance(address, FrameAddress)
        assert (address.client_id is None) is (address.token_digest is not None)
        assert len({name for name, _ in parameters}) == len(parameters)


async def test_when_the_database_is_away_there_are_words_in_the_frame(
    widget_app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_self: Reader, _statement: str, *_arguments: object) -> None:
        raise Unavailable(retry_after_seconds=1)

    monkeypatch.setattr(Reader, "fetchrow", away)
    reply = await frame(widget_app, origin=OURS, client_id=widget_app.client_id)
    assert_notice(reply, 503, "SERVICE_UNAVAILABLE", OURS)
    assert reply.headers["Retry-After"] == "1"
    hosted = await widget_app.http.get("/connect/l/ls_x")
    assert_notice(hosted, 503, "SERVICE_UNAVAILABLE", None)
    assert hosted.headers["Retry-After"] == "1"


async def test_a_fault_of_ours_is_told_in_words_too(widget_app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_self: Reader, _statement: str, *_arguments: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(Reader, "fetchrow", broken)
    assert_notice(
        await frame(widget_app, origin=OURS, client_id=widget_app.client_id), 500, "INTERNAL_ERROR", OURS
    )
    assert_notice(await widget_app.http.get("/connect/l/ls_x"), 500, "INTERNAL_ERROR", None)


async def test_one_address_opens_so_many_pages_and_no_more(database_url: str, widget_build: Path) -> None:
    async with running_app(database_url, rate_limit_factor=1) as limited:
        limited.services.limiter._monotonic = lambda: 1000.0
        for _ in range(limits.PUBLIC_CALLS.calls):
            assert (await frame(limited, origin=OURS, client_id="client_0")).status_code == 404
        reply = await frame(limited, origin=OURS, client_id="client_0")
        assert_notice(reply, 429, "RATE_LIMIT_EXCEEDED", OURS)
        assert int(reply.headers["Retry-After"]) >= 1
