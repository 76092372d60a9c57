"""What an app's backend calls with client credentials: link tokens, sessions, exchange, grants (contract §1.2)."""

from datetime import datetime
from functools import partial
from typing import Any, Literal

import msgspec

from kryptos.domains import connect, grants
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.clients import InvalidScope
from kryptos.domains.connect import SessionNotFound, TokenAlreadyUsed, TokenExpired
from kryptos.domains.grants import (
    ACCESS_TOKEN_SECONDS,
    GrantNotFound,
    InvalidGrant,
    InvalidToken,
    IssuedAccess,
)
from kryptos.domains.integrations import IntegrationNotFound
from kryptos.kernel.errors import InvalidInput
from kryptos.surfaces.http.calls import ClientCall
from kryptos.surfaces.http.endpoint import Auth, Endpoint, Family
from kryptos.surfaces.http.wire import Message, Success, instant, scope_text


class CreateLinkTokenIn(msgspec.Struct, kw_only=True):
    """What to ask the user for; every field may be left out. ``integration_id`` with mode ``repair`` repairs it."""

    scopes: str | None = None
    access_token: str | None = None
    redirect_uri: str | None = None
    integration_id: str | None = None
    mode: Literal["repair"] | None = None


class LinkTokenOut(msgspec.Struct, kw_only=True):
    """A link token; the three last fields come with a resumed session, ``hosted_url`` with a redirect URI."""

    link_token: str
    expires_at: datetime
    session_id: str
    hosted_url: str | msgspec.UnsetType = msgspec.UNSET
    user_id: str | msgspec.UnsetType = msgspec.UNSET
    workspace_id: str | msgspec.UnsetType = msgspec.UNSET
    has_existing_grant: bool | msgspec.UnsetType = msgspec.UNSET


class AccessTokenIn(msgspec.Struct, kw_only=True):
    """An access token that this client holds."""

    access_token: str


class CheckedSessionOut(msgspec.Struct, kw_only=True):
    """Whether the access token opens a session; ``reason`` comes only when it does not, the rest only when it does."""

    has_valid_session: bool
    reason: Literal["token_expired", "token_invalid", "grant_revoked"] | msgspec.UnsetType = msgspec.UNSET
    user_id: str | msgspec.UnsetType = msgspec.UNSET
    workspace_id: str | msgspec.UnsetType = msgspec.UNSET
    workspace_name: str | msgspec.UnsetType = msgspec.UNSET
    granted_scopes: str | msgspec.UnsetType = msgspec.UNSET
    grant_id: str | msgspec.UnsetType = msgspec.UNSET


class ExchangeIn(msgspec.Struct, kw_only=True):
    """A public token from the widget; client credentials may come here instead of in headers (K-024)."""

    public_token: str
    client_id: str | None = None
    client_secret: str | None = None


class AccessTokenOut(msgspec.Struct, kw_only=True):
    """An access token and the grant behind it."""

    access_token: str
    grant_id: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  # RFC 6750's word, not a secret
    expires_in: int = ACCESS_TOKEN_SECONDS
    scope: str
    workspace_id: str


class RevokeIn(msgspec.Struct, kw_only=True):
    """The grant to end."""

    grant_id: str


class GrantOut(msgspec.Struct, kw_only=True):
    """An active grant of this client."""

    grant_id: str
    workspace_id: str
    scopes: str
    created_at: datetime
    expires_at: datetime


class GrantsOut(msgspec.Struct, kw_only=True):
    """The active grants of this client."""

    grants: list[GrantOut]
    count: int


class SessionEventOut(msgspec.Struct, kw_only=True):
    """Something that happened in a session."""

    name: str
    at: datetime
    details: dict[str, Any]


class SessionRecordOut(msgspec.Struct, kw_only=True):
    """What became of a session; ``public_token`` comes only from a session completed on the hosted page."""

    session_id: str
    stage: Literal["INIT", "CONNECT", "INTEGRATION", "STATUS"]
    outcome: Literal["success", "exit", "replaced", "expired"] | None
    is_resumed: bool
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    user_id: str | None
    workspace_id: str | None
    scopes: str
    public_token: str | msgspec.UnsetType = msgspec.UNSET
    events: list[SessionEventOut]


def _repaired(body: CreateLinkTokenIn) -> str | None:
    if (body.integration_id is None) != (body.mode is None):
        message = '`integration_id` and `mode: "repair"` belong together.'
        raise InvalidInput(message, details=[{"code": "missing", "path": ["mode"], "message": message}])
    return body.integration_id


async def create_link_token(call: ClientCall, body: CreateLinkTokenIn) -> Success[LinkTokenOut]:
    """Start a session for a user and return the link token that opens the widget; it lives 30 minutes.

    With `access_token` the session of a known user is resumed: signing in and consent are skipped. `scopes` is a
    space-separated list; left out it means the client's default scopes, or on resume the grant's. With a registered
    `redirect_uri` the reply has a `hosted_url`, which shows the widget as a page of its own: whoever has that address
    has the session, so hand it to the user alone. With `integration_id`,
    `mode` `repair` and `access_token`, one broken connection is repaired in place.
    """
    started = await connect.create_link_token(
        call.uow,
        client=call.client,
        scopes=body.scopes,
        access_token=body.access_token,
        redirect_uri=body.redirect_uri,
        repaired_integration_id=_repaired(body),
    )
    out = LinkTokenOut(
        link_token=started.link_token, expires_at=instant(started.expires_at), session_id=started.session_id
    )
    if started.redirect_uri is not None:
        address = f"{call.services.settings.base_url}/connect/l/{started.session_id}"
        out.hosted_url = f"{address}#{started.hosted_key}"  # browsers send no server what follows the `#`
    if started.grant is not None:
        out.user_id = started.grant.user_id
        out.workspace_id = started.grant.workspace_id
        out.has_existing_grant = True
    return Success(data=out)


async def check_session(call: ClientCall, body: AccessTokenIn) -> Success[CheckedSessionOut]:
    """Say whether an access token would resume a session, before the widget is opened; if not, why."""
    checked = await connect.check_session(call.uow, client=call.client, access_token=body.access_token)
    if checked.grant is None or checked.workspace_name is None:
        reason = msgspec.convert(checked.reason, Literal["token_expired", "token_invalid", "grant_revoked"])
        return Success(data=CheckedSessionOut(has_valid_session=False, reason=reason))
    return Success(
        data=CheckedSessionOut(
            has_valid_session=True,
            user_id=checked.grant.user_id,
            workspace_id=checked.grant.workspace_id,
            workspace_name=checked.workspace_name,
            granted_scopes=scope_text(checked.grant.scopes),
            grant_id=checked.grant.id,
        )
    )


async def exchange_public_token(call: ClientCall, body: ExchangeIn) -> Success[AccessTokenOut]:
    """Exchange a public token for an access token, once and within 30 minutes.

    The access token lives 15 years and needs no refresh. Store it encrypted, with `grant_id` to revoke it by. Read the
    returned `scope`: the user may have granted less than was asked for.
    """
    return Success(
        data=_access_token(
            await connect.exchange_public_token(call.uow, client=call.client, public_token=body.public_token)
        )
    )


async def rotate_access_token(call: ClientCall, body: AccessTokenIn) -> Success[AccessTokenOut]:
    """Replace an access token by a new one of the same grant. The old one is dead at once: store the new one first."""
    return Success(
        data=_access_token(
            await grants.rotate_access_token(
                call.uow, access_token=body.access_token, client_id=call.client.id
            )
        )
    )


async def revoke_grant(call: ClientCall, body: RevokeIn) -> Message:
    """End a grant: every access token of it fails from the next call on. Revoking it again is no error."""
    grant = await grants.get_grant(call.uow, grant_id=body.grant_id, client_id=call.client.id)
    await connect.end_access(call.uow, grant=grant, actor=Actor(ActorKind.CLIENT, call.client.id))
    return Message(message="Grant revoked successfully")


async def list_grants(call: ClientCall) -> Success[GrantsOut]:
    """List the client's grants that are neither revoked nor expired, oldest first."""
    found = await grants.list_active_grants(call.uow, client_id=call.client.id)
    listed = [
        GrantOut(
            grant_id=grant.id,
            workspace_id=grant.workspace_id,
            scopes=scope_text(grant.scopes),
            created_at=instant(grant.created_at),
            expires_at=instant(grant.expires_at),
        )
        for grant in found
    ]
    return Success(data=GrantsOut(grants=listed, count=len(listed)))


async def get_session_record(call: ClientCall) -> Success[SessionRecordOut]:
    """Return what became of a session: how far it came, what happened, how it ended.

    A session completed on the hosted page yields its public token here, until it is exchanged or 30 minutes are over.
    """
    found = await connect.get_session_record(call.uow, client=call.client, session_id=call.path["session_id"])
    return Success(
        data=SessionRecordOut(
            session_id=found.session_id,
            stage=found.stage.value,
            outcome=found.outcome.value if found.outcome else None,
            is_resumed=found.is_resumed,
            created_at=instant(found.created_at),
            expires_at=instant(found.expires_at),
            ended_at=instant(found.ended_at) if found.ended_at else None,
            user_id=found.user_id,
            workspace_id=found.workspace_id,
            scopes=scope_text(found.scopes),
            public_token=found.public_token or msgspec.UNSET,
            events=[
                SessionEventOut(name=event.name, at=event.at, details=dict(event.details))
                for event in found.events
            ],
        )
    )


def _access_token(issued: IssuedAccess) -> AccessTokenOut:
    return AccessTokenOut(
        access_token=issued.access_token,
        grant_id=issued.grant.id,
        scope=scope_text(issued.grant.scopes),
        workspace_id=issued.grant.workspace_id,
    )


_endpoint = partial(Endpoint, auth=Auth.CLIENT, family=Family.CONNECT)

ENDPOINTS = (
    _endpoint(
        method="POST",
        path="/link-token",
        summary="Create a link token",
        handler=create_link_token,
        body=CreateLinkTokenIn,
        reply=Success[LinkTokenOut],
        errors=(InvalidScope, InvalidToken, InvalidGrant, IntegrationNotFound),
    ),
    _endpoint(
        method="POST",
        path="/link-token/check-session",
        summary="Check a session",
        handler=check_session,
        body=AccessTokenIn,
        reply=Success[CheckedSessionOut],
    ),
    _endpoint(
        method="GET",
        path="/link-token/{session_id}/session",
        summary="Read a session's record",
        handler=get_session_record,
        reply=Success[SessionRecordOut],
        errors=(SessionNotFound,),
    ),
    _endpoint(
        method="POST",
        path="/token/exchange",
        summary="Exchange a public token",
        handler=exchange_public_token,
        body=ExchangeIn,
        reply=Success[AccessTokenOut],
        takes_body_credentials=True,
        errors=(InvalidToken, TokenExpired, TokenAlreadyUsed, InvalidGrant),
    ),
    _endpoint(
        method="POST",
        path="/token/rotate",
        summary="Rotate an access token",
        handler=rotate_access_token,
        body=AccessTokenIn,
        reply=Success[AccessTokenOut],
        errors=(InvalidToken, InvalidGrant),
    ),
    _endpoint(
        method="POST",
        path="/token/revoke",
        summary="Revoke a grant",
        handler=revoke_grant,
        body=RevokeIn,
        reply=Message,
        errors=(GrantNotFound,),
    ),
    _endpoint(
        method="GET",
        path="/token/grants",
        summary="List grants",
        handler=list_grants,
        reply=Success[GrantsOut],
    ),
)
"""What a backend may call."""
