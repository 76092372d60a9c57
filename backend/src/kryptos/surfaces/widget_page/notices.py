"""Notices: what stands where the widget cannot run, in words for the person and for whoever builds the app."""

import hashlib
import shlex
from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from pathlib import Path

from kryptos.domains.connect import FramedApp, HostedPage
from kryptos.kernel.errors import KryptosError
from kryptos.surfaces.http.envelopes import STATUS
from kryptos.surfaces.http.widget_build import NOT_BUILT

_FOLDER = Path(__file__).parent / "notice"
SCRIPT = (_FOLDER / "notice.js").read_bytes()
STYLE = (_FOLDER / "notice.css").read_bytes()
SCRIPT_PATH, STYLE_PATH = "/connect/notice.js", "/connect/notice.css"
_VERSION = hashlib.sha256(SCRIPT + STYLE).hexdigest()[:12]
"""In the addresses of both files, so that a browser which kept them asks for those of a new version."""

_NOT_YOURS = "Nothing is wrong with your accounts. Please tell the people who make this app."


@dataclass(frozen=True, slots=True)
class Notice:
    """One page in words; ``code`` and ``cause`` are also told to the framing page."""

    status: int
    code: str
    title: str
    person: str
    cause: str
    command: str | None = None
    retry_after_seconds: int | None = None

    @property
    def message(self) -> str:
        """What is told to the framing page."""
        return f"{self.cause} {self.command}" if self.command else self.cause


def wrong_address(problem: str) -> Notice:
    """Say that the frame's address has not the documented form."""
    return Notice(
        HTTPStatus.BAD_REQUEST,
        "VALIDATION_ERROR",
        "Kryptos Connect cannot be opened here",
        _NOT_YOURS,
        f"The address of this frame is wrong. {problem} The SDK makes such addresses: use it, at its newest version.",
    )


def client_unknown(*, is_token: bool) -> Notice:
    """Say that there is no such client, or no such link token."""
    cause = (
        "This server has no link token of this digest: either it was made by another server, or it is not the newest "
        "one of its session. Check baseUrl, and generateLinkToken."
        if is_token
        else "This server has no client of this id. Check clientId and baseUrl; `kryptos client list` lists them."
    )
    return Notice(
        HTTPStatus.NOT_FOUND, "CLIENT_UNKNOWN", "Kryptos Connect cannot be opened here", _NOT_YOURS, cause
    )


def client_suspended(app_name: str) -> Notice:
    """Say that the app may not connect anybody at the moment."""
    return Notice(
        HTTPStatus.FORBIDDEN,
        "INVALID_CLIENT",
        f"{app_name} cannot open Kryptos Connect",
        "This app is suspended and cannot connect accounts at the moment. Nothing is wrong with your accounts.",
        "This client is suspended. Ask the operator of this server to resume it.",
    )


def origin_not_registered(app: FramedApp, origin: str) -> Notice:
    """Say that the app's client has not registered the origin; the command keeps those that it has."""
    origins = [*app.allowed_origins, origin]
    words = ["kryptos", "client", "update", app.client_id]
    words += [word for each in origins for word in ("--allowed-origin", each)]
    return Notice(
        HTTPStatus.FORBIDDEN,
        "EMBED_BLOCKED",
        f"{app.name} cannot open Kryptos Connect here",
        _NOT_YOURS,
        f"The origin {origin} is not registered for the client {app.client_id}, so its pages may not frame the widget. "
        "The operator of this server registers it (https:// origins, and http:// ones of the same machine):",
        shlex.join(words),
    )


def not_built() -> Notice:
    """Say that the server runs from a checkout in which the widget was never built."""
    return Notice(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "WIDGET_NOT_BUILT",
        "Kryptos Connect is not ready on this server",
        "Nothing is wrong with your accounts. Please tell the people who run this server.",
        f"{NOT_BUILT[0].upper()}{NOT_BUILT[1:]}.",
        "make widget",
    )


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


def hosted_unknown() -> Notice:
    """Say that no session of this id has a page of its own."""
    return Notice(
        HTTPStatus.NOT_FOUND,
        "SESSION_NOT_FOUND",
        "This link does not work",
        "Open the whole link as you got it, or go back to the app and begin again.",
        "This server has no hosted session of this id. `hosted_url` comes with POST /link-token and a redirect_uri.",
    )


def hosted_closed(page: HostedPage) -> Notice:
    """Say that the session has ended, or that the app was suspended."""
    if page.is_suspended:
        return client_suspended(page.app_name)
    return Notice(
        HTTPStatus.GONE,
        "TOKEN_EXPIRED",
        "This link has been used or has run out",
        f"Go back to {page.app_name} and begin again. Nothing that you have connected is lost.",
        "A hosted session ends when it is completed or left, or after 30 minutes. POST /link-token creates another.",
    )


def render(notice: Notice, *, theme: str, origin: str | None) -> bytes:
    """Return the page; ``origin`` is the framing page's, which is told why."""
    told = f' data-origin="{escape(origin)}"' if origin else ""
    command = f"<pre>{escape(notice.command)}</pre>" if notice.command else ""
    return (
        f'<!doctype html><html lang="en" data-kc-theme="{escape(theme)}" data-code="{escape(notice.code)}" '
        f'data-message="{escape(notice.message)}"{told}><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(notice.title)}</title><link rel="icon" href="data:,">'
        f'<link rel="stylesheet" href="{STYLE_PATH}?{_VERSION}">'
        f'<script src="{SCRIPT_PATH}?{_VERSION}" defer></script></head>'
        f"<body><main><h1>{escape(notice.title)}</h1><p>{escape(notice.person)}</p>"
        f"<h2>For developers: {escape(notice.code)}</h2><p>{escape(notice.cause)}</p>{command}</main></body></html>"
    ).encode()
