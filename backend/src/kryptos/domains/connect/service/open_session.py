"""Find the session of a link token: the gate of every widget call."""

import hmac

import sqlalchemy as sa

from kryptos.domains.clients import Client, InvalidClient, get_client
from kryptos.domains.connect._tables import link_sessions
from kryptos.domains.connect.contracts import Consent, LinkSession
from kryptos.domains.connect.errors import TokenAlreadyUsed, TokenExpired
from kryptos.domains.grants import InvalidGrant, InvalidToken
from kryptos.domains.identity import User, get_user
from kryptos.domains.workspaces import Membership, Workspace, list_memberships
from kryptos.infra.database import Uow

Row = sa.Row[tuple[object, ...]]


async def open_session(uow: Uow, *, link_token: str, widget_key: str | None = None) -> LinkSession:
    """Return the running session of a link token, its row locked so that two tabs take turns.

    Apps hold link tokens too: a person who signed in by mail is seen by whoever sends the widget's key. To anybody else
    it is as if nobody had signed in. Raises ``InvalidToken`` (unknown or cut off), ``TokenAlreadyUsed`` (ended),
    ``TokenExpired`` (after 30 minutes), ``InvalidClient`` (the client was suspended) or ``InvalidGrant`` (the person
    was).
    """
    row = await uow.first(
        sa.select(link_sessions)
        .where(link_sessions.c.token_hash.in_(uow.hashes(link_token)))
        .with_for_update()
    )
    if row is None:
        message = "Unknown link token. Create a new one with POST /link-token."
        raise InvalidToken(message)
    client = await running_client(uow, row)
    user = await find_person(uow, row, widget_key=widget_key)
    if user is not None and user.is_suspended:
        raise InvalidGrant
    memberships = await list_memberships(uow, user_id=user.id) if user else []
    return LinkSession(
        id=row.id,
        client=client,
        scopes=tuple(row.scopes),
        redirect_uri=row.redirect_uri,
        is_resumed=row.is_resumed,
        user=user,
        workspace=_chosen(memberships, row.workspace_id),
        memberships=tuple(memberships),
        consent=Consent(tuple(row.consented_scopes), row.consented_at) if user and row.consented_at else None,
        expires_at=row.expires_at,
        repaired_integration_id=row.repaired_integration_id,
        is_keyed=_is_key_of(uow, row, widget_key),
    )


async def running_client(uow: Uow, row: Row) -> Client:
    """Return the client of a session that goes on; raise what ``open_session`` does where it does not."""
    client = await get_client(uow, client_id=row.client_id)
    if client.has_cut(row.created_at):
        message = "This link token was made invalid with all others of its app. Create a new one with POST /link-token."
        raise InvalidToken(message)
    if row.ended_at is not None:
        raise TokenAlreadyUsed
    if row.expires_at <= uow.now:
        raise TokenExpired
    if client.is_suspended:
        message = "This app is suspended and cannot connect accounts at the moment."
        raise InvalidClient(message)
    return client


async def find_person(uow: Uow, row: Row, *, widget_key: str | None) -> User | None:
    """Return the person of a session, as far as whoever sends this key may know."""
    if row.user_id is None:
        return None
    user = await get_user(uow, user_id=row.user_id)
    is_free = user.is_guest and user.claimed_by is None  # nothing is theirs but what they did here
    is_known = row.is_resumed or is_free or _is_key_of(uow, row, widget_key)
    return user if is_known else None


def _is_key_of(uow: Uow, row: Row, widget_key: str | None) -> bool:
    if widget_key is None or row.widget_key_hash is None:
        return False
    return any(hmac.compare_digest(row.widget_key_hash, each) for each in uow.hashes(widget_key))


def _chosen(memberships: list[Membership], workspace_id: str | None) -> Workspace | None:
    """Return the chosen workspace, as long as the person is still a member."""
    return next((each.workspace for each in memberships if each.workspace.id == workspace_id), None)
