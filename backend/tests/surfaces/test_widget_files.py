"""The files that the widget's pages are made of, and a server in which they are not there yet."""

import re
from pathlib import Path

import pytest

from kryptos.infra.settings import Settings
from kryptos.surfaces.widget_page import routes
from kryptos.surfaces.widget_page.page_headers import file_headers
from tests.support.app import App, running_app
from tests.support.journey import refusal
from tests.support.widget import BROTLI, GZIPPED, OURS, SCRIPT, TEMPLATE, assert_notice, frame, hosted_session


async def test_a_file_of_the_build(widget_app: App) -> None:
    reply = await widget_app.http.get(
        "/connect/assets/index-AbCd1234.js", headers={"Accept-Encoding": "identity"}
    )
    assert (reply.status_code, reply.content) == (200, SCRIPT)
    assert reply.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert reply.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert reply.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in reply.headers
    chunk = await widget_app.http.get("/connect/assets/chunks/de-01234567.js")
    assert chunk.content == b"export default {};"
    style = await widget_app.http.get("/connect/assets/index-AbCd1234.css")
    assert style.headers["Content-Type"] == "text/css; charset=utf-8"
    head = await widget_app.http.head("/connect/assets/index-AbCd1234.js")
    assert (head.status_code, head.content) == (200, b"")


async def test_a_worker_reaches_the_relay_and_nothing_else(widget_app: App) -> None:
    """A worker keeps to the policy of its own file; the page that starts it keeps to one without any relay."""
    reply = await widget_app.http.get("/connect/assets/index-AbCd1234.js")
    assert reply.headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; connect-src wss://relay.walletconnect.org"
    )
    assert reply.headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    page = await frame(widget_app)
    assert "connect-src 'self';" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("relay", "reached"),
    [("none", "'none'"), ("wss://relay.example.com:8443/", "wss://relay.example.com:8443")],
)
def test_the_relay_is_the_operators(relay: str, reached: str) -> None:
    settings = Settings(walletconnect_relay_url=relay)
    policy = file_headers(settings.walletconnect_relay)["Content-Security-Policy"]
    assert policy == f"default-src 'none'; script-src 'self'; connect-src {reached}"


async def test_a_name_that_does_not_change_with_its_content_is_kept_briefly(widget_app: App) -> None:
    reply = await widget_app.http.get("/connect/assets/picture.svg")
    assert reply.headers["Content-Type"] == "image/svg+xml"
    assert reply.headers["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.000, gzip ; q=1", "gzip"),
        ("", None),
        ("identity", None),
        ("deflate, zstd", None),
        ("gzip;q=0", None),
    ],
)
async def test_the_compressed_form_that_is_accepted(
    widget_app: App, accepted: str, coding: str | None
) -> None:
    headers = {"Accept-Encoding": accepted}
    reply = await widget_app.http.get("/connect/assets/index-AbCd1234.js", headers=headers)
    assert reply.headers.get("Content-Encoding") == coding
    sent = {"br": BROTLI, "gzip": GZIPPED, None: SCRIPT}[coding]
    assert int(reply.headers["Content-Length"]) == len(sent)
    assert reply.content == (BROTLI if coding == "br" else SCRIPT)


@pytest.mark.parametrize(
    "name",
    [
        "index.html",
        ".built",
        "notes.md",
        "index-AbCd1234.js.gz",
        "nothing.js",
        "",
        "chunks",
        "../secret.txt",
        "..%2Fsecret.txt",
        "%2e%2e/secret.txt",
        "chunks/../../secret.txt",
        "/etc/passwd",
        "%00",
        "index-AbCd1234.js%00",
    ],
)
async def test_nothing_else_is_served(widget_app: App, name: str) -> None:
    reply = await widget_app.http.get(f"/connect/assets/{name}")
    assert refusal(reply) == (404, "NOT_FOUND")


async def test_the_files_of_a_notice_are_served(widget_app: App) -> None:
    page = await widget_app.http.get("/connect")
    script, style = (
        re.search(r'<script src="([^"]+)" defer>', page.text),
        re.search(r'<link rel="stylesheet" href="([^"]+)">', page.text),
    )
    assert script
    assert style
    for found, kind, words in (
        (script, "text/javascript; charset=utf-8", 'blocked = { kryptos: 1, type: "blocked"'),
        (style, "text/css; charset=utf-8", "body {"),
    ):
        reply = await widget_app.http.get(found[1])
        assert reply.status_code == 200
        assert reply.headers["Content-Type"] == kind
        assert reply.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert words in reply.text


async def test_until_the_widget_is_built_its_pages_say_how(
    database_url: str, widget_build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that was started too early shows the widget as soon as it is there."""
    monkeypatch.setattr(routes, "WIDGET_FOLDER", tmp_path)
    async with running_app(database_url) as early:
        reply = await frame(early, origin=OURS, client_id=early.client_id)
        assert "make widget" in assert_notice(reply, 503, "WIDGET_NOT_BUILT", OURS)
        native = await early.http.get("/connect/app", params={"client_id": early.client_id})
        assert_notice(native, 503, "WIDGET_NOT_BUILT", None)
        session_id, _ = await hosted_session(early)
        assert_notice(await early.http.get(f"/connect/l/{session_id}"), 503, "WIDGET_NOT_BUILT", None)
        assert refusal(await early.http.get("/connect/assets/index-AbCd1234.js")) == (404, "NOT_FOUND")
        (tmp_path / "index.html").write_text(TEMPLATE)
        assert (await frame(early, origin=OURS, client_id=early.client_id)).status_code == 200
