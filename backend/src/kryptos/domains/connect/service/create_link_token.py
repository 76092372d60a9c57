"""Create a link token, for a new person or to resume the session of a known one."""

import sqlalchemy as sa

from kryptos.domains import audit
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.clients import Client, requested_scopes
from kryptos.domains.connect import policy
from kryptos.domains.connect._tables import link_sessions
from kryptos.domains.connect.contracts import StartedSession
from kryptos.domains.connect.service.find_pages import digest_of
from kryptos.domains.grants import get_active_access
from kryptos.domains.integrations import get_integration
from kryptos.infra.database import Uow
from kryptos.kernel.errors import InvalidInput


async def create_link_token(
    uow: Uow,
    *,
    client: Client,
    scopes: str | None = None,
    access_token: str | None = None,
    redirect_uri: str | None = None,
    repaired_integration_id: str | None = None,
) -> StartedSession:
    """Start a session and return its link token (30 minutes), with a redirect URI also the key of its hosted page.

    ``scopes`` is a space-separated list; left out it means the client's scopes, or on resume the grant's. With an
    ``access_token`` of this client the session is resumed: signing in and consent are skipped; such a session may be
    there to repair one connection of the user's. Raises ``InvalidScope``, ``InvalidToken``, ``InvalidGrant``,
    ``IntegrationNotFound``, or ``InvalidInput`` for a redirect URI that the client has not registered.
    """
    if redirect_uri is not None and redirect_uri not in client.redirect_uris:
        message = (
            "redirect_uri is not registered for this client: it must equal one of its redirect URIs exactly."
        )
        raise InvalidInput(
            message, details=[{"code": "not_registered", "path": ["redirect_uri"], "message": message}]
        )
    grant = None
    if access_token is not None:
        grant = await get_active_access(uow, access_token=access_token, client_id=client.id)
        wanted = requested_scopes(scopes, allowed=grant.scopes, of="the existing grant")
    else:
        wanted = requested_scopes(scopes, allowed=client.scopes, of="this client")
    if repaired_integration_id is not None:
        if grant is None:
            raise _unresumed()
        await get_integration(
            uow,
            workspace_id=grant.workspace_id,
            mode=client.mode,
            integration_id=repaired_integration_id,
        )
    session_id, link_token = uow.new_id("ls"), uow.new_token("link")
    hosted_key = uow.new_token("host") if redirect_uri is not None else None
    expires_at = uow.now + policy.LINK_TOKEN_LIFETIME
    await uow.execute(
        sa.insert(link_sessions).values(
            id=session_id,
            client_id=client.id,
            token_hash=uow.hash(link_token),
            key_id=uow.key_id,
            token_digest=digest_of(link_token),
            hosted_key_hash=uow.hash(hosted_key) if hosted_key else None,
            scopes=list(wanted),
            redirect_uri=redirect_uri,
            is_resumed=grant is not None,
            user_id=grant.user_id if grant else None,
            workspace_id=grant.workspace_id if grant else None,
            repaired_integration_id=repaired_integration_id,
            created_at=uow.now,
            expires_at=expires_at,
        )
    )
    await audit.record(
        uow,
        action="link_token.created",
        actor=Actor(ActorKind.CLIENT, client.id),
        subject=session_id,
        workspace_id=grant.workspace_id if grant else client.workspace_id,
        client_id=client.id,
        user_id=grant.user_id if grant else None,
        details={"scopes": list(wanted), "is_resumed": grant is not None},
    )
    return StartedSession(
        session_id=session_id,
        link_token=link_token,
        expires_at=expires_at,
        redirect_uri=redirect_uri,
        hosted_key=hosted_key,
        grant=grant,
    )


def _unresumed() -> InvalidInput:
    message = "A connection is repaired in a resumed session: send the user's access_token as well."
    return InvalidInput(message, details=[{"code": "missing", "path": ["access_token"], "message": message}])
