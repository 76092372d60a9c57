"""The widget's pages: who may frame them, with which headers, in which language and theme."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from kryptos.domains import clients
from kryptos.infra.database import Uow
from kryptos.infra.database.reader import Reader
from kryptos.surfaces.http.appearance import LANGUAGES, THEMES
from tests.support.app import App, running_app
from tests.support.journey import data_of
from tests.support.widget import (
    CALLBACK,
    CONTENT,
    OURS,
    STRANGE,
    TEMPLATE,
    THEIRS,
    ancestors,
    assert_notice,
    frame,
    hosted_session,
)


async def test_the_page_may_be_framed_by_the_clients_own_origins(widget_app: App) -> None:
    created = await widget_app.create_client("Two origins", allowed_origins=[THEIRS, OURS])
    for origin in (OURS, THEIRS):
        reply = await frame(widget_app, origin=origin, client_id=created.client.id)
        assert reply.status_code == 200
        assert ancestors(reply) == f"{THEIRS} {OURS}"
        assert reply.text == TEMPLATE.replace("__KC_LANG__", "en").replace("__KC_THEME__", "light")


async def test_every_header_of_the_page(widget_app: App) -> None:
    reply = await frame(widget_app, origin=OURS, client_id=widget_app.client_id)
    assert {
        name: value for name, value in reply.headers.items() if name not in {"x-request-id", "content-length"}
    } == {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": f"{CONTENT}; frame-ancestors {OURS}",
        "cross-origin-resource-policy": "cross-origin",
        "cross-origin-embedder-policy": "require-corp",
        "referrer-policy": "no-referrer",
        "permissions-policy": (
            "camera=(), display-capture=(), geolocation=(), hid=(), microphone=(), midi=(), "
            "payment=(), serial=(), usb=()"
        ),
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
    }


async def test_over_https_the_page_says_to_stay_there(database_url: str, widget_build: Path) -> None:
    async with running_app(database_url, public_url="https://connect.example") as secure:
        reply = await frame(secure, origin=OURS, client_id=secure.client_id)
        assert reply.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


async def test_the_digest_of_a_link_token_names_its_app(widget_app: App) -> None:
    token = await widget_app.link_token()
    digest = sha256(token.encode()).hexdigest()
    for given_digest in (digest, digest.upper()):
        reply = await frame(widget_app, origin=OURS, s=given_digest)
        assert (reply.status_code, ancestors(reply)) == (200, OURS)
    text = assert_notice(await frame(widget_app, origin=OURS, s="0" * 64), 404, "CLIENT_UNKNOWN", OURS)
    assert "generateLinkToken" in text


async def test_the_digest_follows_the_token_of_a_hosted_session(widget_app: App) -> None:
    data = data_of(await widget_app.post("/link-token", {"redirect_uri": CALLBACK}))
    key = data["hosted_url"].split("#")[1]
    new = data_of(await widget_app.post("/link-token/hosted", {"session_id": data["session_id"], "key": key}))
    for token, status in ((data["link_token"], 404), (new["link_token"], 200)):
        reply = await frame(widget_app, origin=OURS, s=sha256(token.encode()).hexdigest())
        assert reply.status_code == status


async def test_a_client_id_counts_more_than_a_digest(widget_app: App) -> None:
    reply = await frame(widget_app, origin=OURS, client_id=widget_app.client_id, s="0" * 64)
    assert reply.status_code == 200


async def test_head_is_answered_like_get_without_the_page(widget_app: App) -> None:
    query = {"v": "1", "origin": OURS, "client_id": widget_app.client_id}
    got, head = (
        await widget_app.http.get("/connect", params=query),
        await widget_app.http.head("/connect", params=query),
    )
    assert (head.status_code, head.content) == (200, b"")
    for name in ("Content-Security-Policy", "Content-Length", "Cache-Control", "Content-Type"):
        assert head.headers[name] == got.headers[name]
    blocked = await widget_app.http.head("/connect", params={**query, "origin": STRANGE})
    assert (blocked.status_code, blocked.content) == (403, b"")


async def test_one_read_of_the_database_shows_the_page(
    widget_app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await widget_app.link_token()
    reads: list[str] = []
    fetchrow = Reader.fetchrow

    async def counted(self: Reader, statement: str, *arguments: object) -> Any:
        reads.append(statement)
        return await fetchrow(self, statement, *arguments)

    monkeypatch.setattr(Reader, "fetchrow", counted)
    for query in ({"client_id": widget_app.client_id}, {"s": sha256(token.encode()).hexdigest()}):
        reads.clear()
        assert (await frame(widget_app, origin=OURS, **query)).status_code == 200
        assert len(reads) == 1


# ---------------------------------------------------------------- language and theme


@pytest.mark.parametrize(
    ("wished", "header", "language"),
    [
        *[(each, None, each) for each in LANGUAGES],
        ("pt-BR", None, "pt"),
        ("DE_at", None, "de"),
        ("xx", "fr", "fr"),
        ("xx", None, "en"),
        ('"><script>', None, "en"),
        (None, None, "en"),
        (None, "sv", "sv"),
        (None, "nl, it;q=0.5, pl;q=0.8", "pl"),
        (None, "nl, es-MX;q=0.9, *;q=0.1", "es"),
        (None, "de;q=0, fr;q=0.001", "fr"),
        (None, "de;q=nonsense", "de"),
        (None, "ja", "en"),
        (None, ";;;,,,", "en"),
        ("fr", "de", "fr"),
    ],
)
async def test_the_language_asked_for_or_preferred(
    widget_app: App, wished: str | None, header: str | None, language: str
) -> None:
    query = {"origin": OURS, "client_id": widget_app.client_id, **({"lang": wished} if wished else {})}
    headers = {"Accept-Language": header} if header else {}
    reply = await widget_app.http.get("/connect", params=query, headers=headers)
    assert f'<html lang="{language}" data-kc-theme="light">' in reply.text


@pytest.mark.parametrize(
    ("wished", "theme"),
    [*[(each, each) for each in THEMES], ("", "light"), ("Dark", "light"), ('"', "light")],
)
async def test_the_theme_asked_for(widget_app: App, wished: str, theme: str) -> None:
    reply = await frame(widget_app, origin=OURS, client_id=widget_app.client_id, theme=wished)
    assert f'<html lang="en" data-kc-theme="{theme}">' in reply.text


# ---------------------------------------------------------------- the page by itself


async def test_the_hosted_page_may_be_framed_by_nobody(widget_app: App) -> None:
    session_id, _ = await hosted_session(widget_app)
    reply = await widget_app.http.get(f"/connect/l/{session_id}", params={"theme": "auto", "lang": "pl"})
    assert reply.status_code == 200
    assert ancestors(reply) == "'none'"
    assert reply.text == TEMPLATE.replace("__KC_LANG__", "pl").replace("__KC_THEME__", "auto")
    head = await widget_app.http.head(f"/connect/l/{session_id}")
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize(
    "wrong", ["ls_x", "%00", "%FF%FE", "ls_" + "a" * 4000, "%20", "ls_%27", "%3Cscript%3E"]
)
async def test_an_unknown_hosted_page_is_told_in_words(widget_app: App, wrong: str) -> None:
    reply = await widget_app.http.get(f"/connect/l/{wrong}")
    assert_notice(reply, 404, "SESSION_NOT_FOUND", None)
    assert "script>" not in reply.text.replace("</script>", "")


async def test_a_session_that_was_not_made_for_it_has_no_page(widget_app: App) -> None:
    data = data_of(await widget_app.post("/link-token"))
    assert_notice(
        await widget_app.http.get(f"/connect/l/{data['session_id']}"), 404, "SESSION_NOT_FOUND", None
    )


async def test_the_page_of_a_session_that_ended_is_gone(widget_app: App) -> None:
    session_id, token = await hosted_session(widget_app)
    assert (await widget_app.widget(token, "exit")).status_code == 200
    text = assert_notice(await widget_app.http.get(f"/connect/l/{session_id}"), 410, "TOKEN_EXPIRED", None)
    assert "Go back to Test app" in text


async def test_the_page_of_a_session_that_ran_out_is_gone(widget_app: App) -> None:
    session_id, _ = await hosted_session(widget_app)
    widget_app.clock.advance(minutes=30)
    assert_notice(await widget_app.http.get(f"/connect/l/{session_id}"), 410, "TOKEN_EXPIRED", None)


async def test_the_hosted_page_of_a_suspended_app(widget_app: App) -> None:
    created = await widget_app.create_client("Suspended", redirect_uris=[CALLBACK])
    headers = {"X-Client-Id": created.client.id, "X-Client-Secret": created.client_secret}
    data = data_of(await widget_app.post("/link-token", {"redirect_uri": CALLBACK}, headers))

    async def suspend(uow: Uow) -> None:
        await clients.suspend_client(uow, client_id=created.client.id)

    await widget_app.services.database.execute(suspend)
    assert_notice(await widget_app.http.get(f"/connect/l/{data['session_id']}"), 403, "INVALID_CLIENT", None)
