"""Adopt a session: a fresh link token takes over what was done under one that ran out."""

import sqlalchemy as sa

from kryptos.domains.clients import covers
from kryptos.domains.connect import policy
from kryptos.domains.connect._tables import link_sessions, session_events
from kryptos.domains.connect.contracts import LinkSession, Outcome
from kryptos.domains.connect.errors import TokenAlreadyUsed, TokenExpired
from kryptos.domains.connect.service.append_event import append_event
from kryptos.domains.connect.service.open_session import find_person, open_session
from kryptos.domains.grants import InvalidToken
from kryptos.domains.identity import carry_over_codes
from kryptos.infra.database import Uow


async def adopt_session(
    uow: Uow, *, session: LinkSession, link_token: str, previous: str, widget_key: str | None = None
) -> LinkSession:
    """Move person, workspace, consent, mailed codes and events of the previous session into this one; it ends.

    The same client only, and once. A consent moves only if the new request asks for no less than it gave. A person who
    signed in by mail moves, and the widget key with them, only for whoever sends that key or is signed in here as the
    same person; without it everything else moves. Raises ``InvalidToken`` for a token of another client or another
    person, ``TokenAlreadyUsed`` for a session that ended, and ``TokenExpired`` when the previous token ran out over a
    day ago.
    """
    old = await uow.first(
        sa.select(link_sessions)
        .where(
            link_sessions.c.token_hash.in_(uow.hashes(previous)),
            link_sessions.c.client_id == session.client.id,
            link_sessions.c.id != session.id,
        )
        .with_for_update()
    )
    if (
        old is None
        or session.client.has_cut(old.created_at)
        or (session.user is not None and session.user.id != old.user_id)
    ):
        message = "The previous link token is not one of this app's for this user, so it cannot be continued."
        raise InvalidToken(message)
    if old.ended_at is not None:
        raise TokenAlreadyUsed
    if old.expires_at + policy.ADOPTABLE_FOR <= uow.now:
        raise TokenExpired
    await uow.execute(
        sa.update(link_sessions)
        .where(link_sessions.c.id == old.id)
        .values(ended_at=uow.now, outcome=Outcome.REPLACED.value)
    )
    changes: dict[str, object] = {}
    person = session.user or await find_person(uow, old, widget_key=widget_key)
    if not session.is_resumed and not old.is_resumed and person is not None:
        changes = {
            "user_id": old.user_id,
            "workspace_id": old.workspace_id,
            "consented_scopes": None,  # one given in this session may have been for another workspace
            "consented_at": None,
        }
        if old.consented_at and all(covers(session.scopes, scope) for scope in old.consented_scopes):
            changes |= {"consented_scopes": old.consented_scopes, "consented_at": old.consented_at}
        if session.user is None:
            changes |= {"widget_key_hash": old.widget_key_hash}
    if changes:
        await uow.execute(sa.update(link_sessions).where(link_sessions.c.id == session.id).values(**changes))
    await uow.execute(
        sa.update(session_events).where(session_events.c.session_id == old.id).values(session_id=session.id)
    )
    await carry_over_codes(uow, purpose=old.id, new_purpose=session.id)
    await append_event(uow, session_id=session.id, name="adopted", details={"previous_session_id": old.id})
    return await open_session(uow, link_token=link_token, widget_key=widget_key)
