"""Notices: what stands where a page of ours cannot run, in words for the person and for whoever develops or runs it."""

import hashlib
from dataclasses import dataclass
from html import escape
from pathlib import Path

from litestar import Response
from litestar.handlers import HTTPRouteHandler

from kryptos.kernel.errors import KryptosError
from kryptos.surfaces.http.built_pages import BRIEFLY, reading
from kryptos.surfaces.http.envelopes import STATUS

_FOLDER = Path(__file__).parent / "notice"
_SCRIPT = (_FOLDER / "notice.js").read_bytes()
_STYLE = (_FOLDER / "notice.css").read_bytes()
_SCRIPT_PATH, _STYLE_PATH = "/connect/notice.js", "/connect/notice.css"
_VERSION = hashlib.sha256(_SCRIPT + _STYLE).hexdigest()[:12]
"""In the addresses of both files, so that a browser which kept them asks for those of a new version."""
_FILE_HEADERS = {
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": BRIEFLY,
}


@dataclass(frozen=True, slots=True)
class Notice:
    """One page in words; ``code`` and ``cause`` are also told to the framing page, or to the native app."""

    status: int
    code: str
    title: str
    person: str
    cause: str
    command: str | None = None
    retry_after_seconds: int | None = None

    @property
    def message(self) -> str:
        """What is told to whoever opened the page."""
        return f"{self.cause} {self.command}" if self.command else self.cause


def failed(error: KryptosError) -> Notice:
    """Say that something failed: no database, too many calls, a fault of ours."""
    is_ours = error.retry_after_seconds is None
    return Notice(
        STATUS[error.kind],
        error.code,
        "Kryptos Connect cannot be reached just now" if not is_ours else "Something went wrong on our side",
        "Nothing is lost. Close this and try again in a moment.",
        error.message,
        retry_after_seconds=error.retry_after_seconds,
    )


def render(notice: Notice, *, theme: str, origin: str | None = None, is_in_app: bool = False) -> bytes:
    """Return the page; ``origin`` is the framing page's, which is told why, as is a native app."""
    told = f' data-origin="{escape(origin)}"' if origin else " data-app" if is_in_app else ""
    command = f"<pre>{escape(notice.command)}</pre>" if notice.command else ""
    return (
        f'<!doctype html><html lang="en" data-kc-theme="{escape(theme)}" data-code="{escape(notice.code)}" '
        f'data-message="{escape(notice.message)}"{told}><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">'
        f'<title>{escape(notice.title)}</title><link rel="icon" href="data:,">'
        f'<link rel="stylesheet" href="{_STYLE_PATH}?{_VERSION}">'
        f'<script src="{_SCRIPT_PATH}?{_VERSION}" defer></script></head>'
        f"<body><main><h1>{escape(notice.title)}</h1><p>{escape(notice.person)}</p>"
        f"<h2>For developers: {escape(notice.code)}</h2><p>{escape(notice.cause)}</p>{command}</main></body></html>"
    ).encode()


def notice_routes() -> list[HTTPRouteHandler]:
    """Return the script and the style of notices, of every page of ours."""

    async def script() -> Response[bytes]:
        return Response(_SCRIPT, headers=_FILE_HEADERS, media_type="text/javascript")

    async def style() -> Response[bytes]:
        return Response(_STYLE, headers=_FILE_HEADERS, media_type="text/css")

    return [reading(_SCRIPT_PATH)(script), reading(_STYLE_PATH)(style)]
