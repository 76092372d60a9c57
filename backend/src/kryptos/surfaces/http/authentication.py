"""Authentication: one function per way a call can identify itself, and the one table that says which is which."""

from dataclasses import dataclass

import msgspec

from kryptos.domains import clients, connect, grants
from kryptos.domains.clients import Client, InvalidClient
from kryptos.domains.connect import HostedOutcome, LinkSession, TokenAlreadyUsed, TokenExpired
from kryptos.domains.grants import Access, InvalidGrant, InvalidToken
from kryptos.domains.identity import NotSignedIn
from kryptos.infra.database import Uow
from kryptos.kernel.errors import KryptosError
from kryptos.surfaces.http.endpoint import Auth, Endpoint
from kryptos.surfaces.http.envelopes import InsufficientScope
from kryptos.surfaces.http.exchange import Exchange
from kryptos.surfaces.http.services import Services

SCHEMES: dict[Auth, list[dict[str, list[str]]]] = {
    Auth.NONE: [],
    Auth.CLIENT: [{"ClientId": [], "ClientSecret": []}],
    Auth.LINK_TOKEN: [{"LinkToken": []}],
    Auth.OPENER: [{"LinkToken": []}],
    Auth.ACCESS_TOKEN: [{"AccessToken": []}],
    Auth.ACCOUNT: [{"AccountSession": []}],
}
"""How each way of authenticating is told in OpenAPI."""

FAILURES: dict[Auth, tuple[type[KryptosError], ...]] = {
    Auth.NONE: (),
    Auth.CLIENT: (InvalidClient,),
    Auth.LINK_TOKEN: (InvalidToken, TokenExpired, TokenAlreadyUsed, InvalidClient, InvalidGrant),
    Auth.OPENER: (InvalidToken, TokenExpired, InvalidClient),
    Auth.ACCESS_TOKEN: (InvalidToken, InvalidGrant, InvalidClient, InsufficientScope),
    Auth.ACCOUNT: (NotSignedIn,),
}
"""How each way of authenticating can fail."""

SECURITY_SCHEMES: dict[str, dict[str, str]] = {
    "ClientId": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Client-Id",
        "description": "The client's public id.",
    },
    "ClientSecret": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Client-Secret",
        "description": "A live secret of the client. On a server only, never in a browser or an app.",
    },
    "LinkToken": {
        "type": "apiKey",
        "in": "header",
        "name": "X-LINK-TOKEN",
        "description": "The link token that opened the widget; 30 minutes.",
    },
    "AccessToken": {
        "type": "http",
        "scheme": "bearer",
        "description": "The access token that a public token was exchanged for; 15 years or until revoked.",
    },
    "AccountSession": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-kryptos_account",
        "description": "The cookie of the consent centre's page, set by signing in; over plain http, on one machine, "
        "`kryptos_account`. No other page can use it.",
    },
}


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """What a backend presents."""

    client_id: str
    client_secret: str


class _BodyCredentials(msgspec.Struct):
    client_id: str | None = None
    client_secret: str | None = None


def client_credentials(exchange: Exchange, *, body: bytes) -> ClientCredentials:
    """Return the credentials from the headers, or from ``body`` where the endpoint takes them there too."""
    client_id, client_secret = _client_headers(exchange)
    if body and (client_id is None or client_secret is None):
        try:
            given = msgspec.json.decode(body, type=_BodyCredentials)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            given = _BodyCredentials()
        client_id, client_secret = client_id or given.client_id, client_secret or given.client_secret
    if not client_id or not client_secret or "\x00" in client_id:  # PostgreSQL cannot even be asked for a NUL
        raise InvalidClient
    return ClientCredentials(client_id, client_secret)


async def authenticate_client(uow: Uow, credentials: ClientCredentials) -> Client:
    """Return the client; raises ``InvalidClient``."""
    return await clients.authenticate_client(
        uow, client_id=credentials.client_id, client_secret=credentials.client_secret
    )


def link_token(exchange: Exchange) -> str:
    """Return the presented link token; raises ``InvalidToken``."""
    token = exchange.header("X-LINK-TOKEN", refusal=InvalidToken)
    if not token:
        message = "Send the link token in the X-LINK-TOKEN header."
        raise InvalidToken(message)
    return token


def widget_key(exchange: Exchange) -> str | None:
    """Return the presented widget key; without the right one, who signed in by mail stays unseen."""
    return exchange.header("X-Widget-Key")


async def authenticate_link_token(uow: Uow, token: str, *, key: str | None) -> LinkSession:
    """Return the running session of a link token, as whoever sends this widget key sees it."""
    return await connect.open_session(uow, link_token=token, widget_key=key)


async def authenticate_opener(uow: Uow, token: str) -> HostedOutcome:
    """Return what the app may know that opened a hosted page with this link token, dead by now or not."""
    return await connect.find_outcome(uow, link_token=token)


def access_token(exchange: Exchange) -> str:
    """Return the presented access token; raises ``InvalidToken``."""
    kind, _, token = (exchange.header("Authorization", refusal=InvalidToken) or "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        message = "Invalid or missing authentication token. Send `Authorization: Bearer cat_…`."
        raise InvalidToken(message)
    return token.strip()


async def authenticate_access_token(exchange: Exchange, services: Services, *, endpoint: Endpoint) -> Access:
    """Return what the bearer may do; raises whatever ``FAILURES`` lists for access tokens."""
    token, now = access_token(exchange), services.clock.now()
    client_id, client_secret = _client_headers(exchange)
    rides, scope = endpoint.rides, endpoint.scope
    access = await grants.authenticate_access_token(
        services.reader,
        hasher=services.database.hasher,
        now=now,
        access_token=token,
        client_id=client_id,
        client_secret=client_secret,
        rider=rides.rider if rides else None,
        riding=rides.parameters(exchange.request.query_params, services.settings.base_url) if rides else (),
    )
    exchange.allowed_origins = access.allowed_origins
    if scope is not None and not clients.covers(access.scopes, scope):
        message = (
            f"Insufficient scopes. Required scopes not met: {scope}. Ask for it when creating the link token."
        )
        raise InsufficientScope(message)
    services.access_notes.note_use(access, at=now)
    return access


def _client_headers(exchange: Exchange) -> tuple[str | None, str | None]:
    return (
        exchange.header("X-Client-Id", refusal=InvalidClient),
        exchange.header("X-Client-Secret", refusal=InvalidClient),
    )
