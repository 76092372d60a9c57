"""A build of the widget that stands for the real one, the application over it, and what its pages say."""

import gzip
import re
from collections.abc import AsyncIterator, Iterator
from html import unescape
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from kryptos.infra.postgres import Cluster
from kryptos.surfaces.widget_page import routes
from tests.support.app import App, running_app
from tests.support.database import cloned_database
from tests.support.journey import data_of

OURS, THEIRS, STRANGE = "https://app.example.com", "https://other.example.net", "http://localhost:3000"
CALLBACK = "https://app.example.com/callback"
CONTENT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'none'; base-uri 'none'; object-src 'none'"
)
TEMPLATE = (
    '<!doctype html><html lang="__KC_LANG__" data-kc-theme="__KC_THEME__"><head>'
    '<script type="module" src="/connect/assets/index-AbCd1234.js"></script></head><body></body></html>'
)
SCRIPT = b"console.log('the widget');\n" * 50
GZIPPED, BROTLI = gzip.compress(SCRIPT), b"as if by brotli: nothing here can decode it"


@pytest.fixture(scope="module")
def widget_build(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What `make widget` would have written."""
    folder = tmp_path_factory.mktemp("assets")
    (folder / "index.html").write_text(TEMPLATE)
    (folder / "index-AbCd1234.js").write_bytes(SCRIPT)
    (folder / "index-AbCd1234.js.gz").write_bytes(GZIPPED)
    (folder / "index-AbCd1234.js.br").write_bytes(BROTLI)
    (folder / "chunks").mkdir()
    (folder / "chunks" / "de-01234567.js").write_bytes(b"export default {};")
    (folder / "index-AbCd1234.css").write_bytes(b"body {}")
    (folder / "picture.svg").write_bytes(b"<svg/>")
    (folder / ".built").write_text("stamp")
    (folder / "notes.md").write_text("not part of a page")
    (folder.parent / "secret.txt").write_text("outside")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(routes, "WIDGET_FOLDER", folder)
        yield folder


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def widget_app(cluster: Cluster, template: str, widget_build: Path) -> AsyncIterator[App]:
    """One application for all tests of a file: they do not meet in its database."""
    async with cloned_database(cluster, template) as url, running_app(url) as running:
        yield running


async def frame(app: App, **query: str) -> httpx.Response:
    """Open the frame."""
    return await app.http.get("/connect", params={"v": "1", **query})


def ancestors(reply: httpx.Response) -> str:
    """Return who may frame the page; everything else in the policy is always the same."""
    content, _, framed_by = reply.headers["Content-Security-Policy"].partition("; frame-ancestors ")
    assert content == CONTENT
    return str(framed_by)


def told(reply: httpx.Response) -> dict[str, str]:
    """Return what a notice tells the framing page."""
    found = re.findall(r'data-(origin|code|message|kc-theme)="([^"]*)"', reply.text)
    return {name: unescape(value) for name, value in found}


def assert_notice(reply: httpx.Response, status: int, code: str, origin: str | None) -> str:
    """Check a page in words and return its text."""
    assert reply.status_code == status
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert ancestors(reply) == (origin or "'none'")
    assert (told(reply)["code"], told(reply).get("origin")) == (code, origin)
    assert len(told(reply)["message"]) > 20
    assert "<h1>" in reply.text
    assert not re.search(r"<style|<script>| on[a-z]+=| style=", reply.text), "the policy forbids inline code"
    return unescape(reply.text)


async def hosted_session(app: App) -> tuple[str, str]:
    """Start a session that has a page of its own; return its id and its link token."""
    data = data_of(await app.post("/link-token", {"redirect_uri": CALLBACK}))
    return data["session_id"], data["link_token"]
