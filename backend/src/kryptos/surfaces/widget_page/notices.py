"""Notices: what stands where the widget cannot run, in words for the person and for whoever builds the app."""

import shlex
from http import HTTPStatus

from kryptos.domains.connect import FramedApp, HostedPage
from kryptos.surfaces.http.notices import Notice
from kryptos.surfaces.http.page_builds import NOT_BUILT

_NOT_YOURS = "Nothing is wrong with your accounts. Please tell the people who make this app."


def wrong_address(problem: str) -> Notice:
    """Say that the address of frame or app page has not the documented form."""
    return Notice(
        HTTPStatus.BAD_REQUEST,
        "VALIDATION_ERROR",
        "Kryptos Connect cannot be opened here",
        _NOT_YOURS,
        f"The address of this page is wrong. {problem} The SDK makes such addresses: use it, at its newest version.",
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
