"""Find the session of a link token: the gate of every widget call."""

import sqlalchemy as sa

from kryptos.domains.clients import Client, InvalidClient, get_client
from kryptos.domains.connect._tables import link_sessions
from kryptos.domains.connect.contracts import Consent, LinkSession
from kryptos.domains.connect.errors import TokenAlreadyUsed, TokenExpired
from kryptos.domains.grants import InvalidGrant, InvalidToken
from kryptos.domains.identity import User, get_user
from kryptos.domains.workspaces import Membership, Workspace, list_memberships
from kryptos.infra.database import Uow


async def open_session(uow: Uow, *, link_token: str) -> LinkSession:
    """Return the running session of a link token, its row locked so that two tabs take turns.

    Raises ``InvalidToken`` (unknown), ``TokenAlreadyUsed`` (ended), ``TokenExpired`` (after 30 minutes),
    ``InvalidClient`` (the client was suspended) or ``InvalidGrant`` (the person was).
    """
    row = await uow.first(
        sa.select(link_sessions)
        .where(link_sessions.c.token_hash.in_(uow.hashes(link_token)))
        .with_for_update()
    )
    if row is None:
        message = "Unknown link token. Create a new one with POST /link-token."
        raise InvalidToken(message)
    if row.ended_at is not None:
        raise TokenAlreadyUsed
    if row.expires_at <= uow.now:
        raise TokenExpired
    return await load_session(uow, row)


async def load_session(uow: Uow, row: sa.Row[tuple[object, ...]]) -> LinkSession:
    """Return a session row with its client, person and workspaces; refuse what was suspended meanwhile."""
    client: Client = await get_client(uow, client_id=row.client_id)
    if client.is_suspended:
        message = "This app is suspended and cannot connect accounts at the moment."
        raise InvalidClient(message)
    user: User | None = None
    memberships: list[Membership] = []
    if row.user_id is not None:
        user = await get_user(uow, user_id=row.user_id)
        if user.is_suspended:
            raise InvalidGrant
        memberships = await list_memberships(uow, user_id=user.id)
    return LinkSession(
        id=row.id,
        client=client,
        scopes=tuple(row.scopes),
        redirect_uri=row.redirect_uri,
        is_resumed=row.is_resumed,
        user=user,
        workspace=_chosen(memberships, row.workspace_id),
        memberships=tuple(memberships),
        consent=Consent(tuple(row.consented_scopes), row.consented_at) if row.consented_at else None,
        expires_at=row.expires_at,
        repaired_integration_id=row.repaired_integration_id,
    )


def _chosen(memberships: list[Membership], workspace_id: str | None) -> Workspace | None:
    """Return the chosen workspace, as long as the person is still a member."""
    return next((each.workspace for each in memberships if each.workspace.id == workspace_id), None)
