"""The consent centre's page: its headers, its languages, its files, and words where there is no page."""

import gzip
from pathlib import Path

import pytest

from kryptos.surfaces.account_page import routes
from kryptos.surfaces.http.appearance import LANGUAGES
from tests.support.account import BASE
from tests.support.app import App, running_app

TEMPLATE = '<!doctype html><html lang="__KC_LANG__" data-kc-theme="__KC_THEME__"><body></body></html>'
SCRIPT = b"console.log('the consent centre');\n" * 50
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.fixture
def account_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the build of the page would have written."""
    folder = tmp_path / "assets"
    folder.mkdir()
    (folder / "index.html").write_text(TEMPLATE)
    (folder / "index-AbCd1234.js").write_bytes(SCRIPT)
    (folder / "index-AbCd1234.js.gz").write_bytes(gzip.compress(SCRIPT))
    (tmp_path / "secret.txt").write_text("outside")
    monkeypatch.setattr(routes, "ACCOUNT_FOLDER", folder)
    return folder


@pytest.mark.parametrize("path", ["/account", "/account/", "/account?lang=xx&theme=dark"])
async def test_the_page_is_framed_by_nobody_and_kept_by_nobody(
    account_build: Path, database_url: str, path: str
) -> None:
    async with running_app(database_url, public_url=BASE) as app:
        reply = await app.http.get(path, headers={"Origin": "https://app.example.com"})
        head = await app.http.head(path)
    assert reply.status_code == head.status_code == 200
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert reply.headers["Content-Security-Policy"] == POLICY
    assert reply.headers["X-Frame-Options"] == "DENY"
    assert reply.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert reply.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert reply.headers["Referrer-Policy"] == "no-referrer"
    assert "camera=()" in reply.headers["Permissions-Policy"]
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["Strict-Transport-Security"].startswith("max-age=")
    assert reply.headers["X-Request-Id"].startswith("req_")
    assert not [name for name in reply.headers if name.startswith("access-control") or name == "set-cookie"]
    assert head.content == b""
    assert 'data-kc-theme="auto"' in reply.text


async def test_the_page_speaks_the_persons_language(account_build: Path, database_url: str) -> None:
    async with running_app(database_url) as app:
        for language in LANGUAGES:
            reply = await app.http.get("/account", params={"lang": language})
            assert f'lang="{language}"' in reply.text
        reply = await app.http.get("/account", headers={"Accept-Language": "tlh, pl;q=0.8, de;q=0.9"})
        assert 'lang="de"' in reply.text
        reply = await app.http.get("/account", params={"lang": '"><script>'})
        assert 'lang="en"' in reply.text


async def test_files_are_served_compressed_and_nothing_outside_their_folder(
    account_build: Path, database_url: str
) -> None:
    async with running_app(database_url) as app:
        path = "/account/assets/index-AbCd1234.js"
        reply = await app.http.get(path, headers={"Accept-Encoding": "gzip"})
        assert reply.content == SCRIPT
        assert reply.headers["Content-Encoding"] == "gzip"
        assert reply.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert reply.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        for name in (
            "nothing.js",
            "../secret.txt",
            "%2e%2e/secret.txt",
            "..%2fsecret.txt",
            "index-AbCd1234.js.gz",
        ):
            assert (await app.http.get(f"/account/assets/{name}")).status_code == 404


async def test_a_server_without_the_page_says_so_in_words(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "ACCOUNT_FOLDER", tmp_path)
    async with running_app(database_url) as app:
        reply = await app.http.get("/account")
        assert reply.status_code == 503
        assert "make widget" in reply.text
        assert reply.headers["Content-Security-Policy"] == POLICY
        (tmp_path / "index.html").write_text(TEMPLATE)
        assert (await app.http.get("/account")).status_code == 200, "a build is found without a restart"


@pytest.mark.parametrize(
    "path", ["/account/sign-in", "/account/grants/x", "/account/apiary", "/account/x/api"]
)
async def test_a_mistyped_address_is_answered_in_words(app: App, path: str) -> None:
    reply = await app.http.get(path)
    assert reply.status_code == 404
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "/account" in reply.text
    assert reply.headers["Content-Security-Policy"] == POLICY


@pytest.mark.parametrize(
    "path", ["/account/api", "/account/api/", "/account/api/nothing", "/account/api/grants/x/y"]
)
async def test_a_program_is_answered_in_the_apis_envelope(app: App, path: str) -> None:
    reply = await app.http.get(path)
    assert reply.status_code == 404
    assert reply.json()["code"] == "NOT_FOUND"


async def test_one_address_opens_so_many_pages_and_no_more(account_build: Path, database_url: str) -> None:
    async with running_app(database_url, rate_limit_factor=1) as app:
        now = [1000.0]
        app.services.limiter._monotonic = lambda: now[0]
        for _ in range(600):
            reply = await app.http.get("/account")
        reply = await app.http.get("/account")
        assert reply.status_code == 429
        assert int(reply.headers["Retry-After"]) >= 1
        assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
