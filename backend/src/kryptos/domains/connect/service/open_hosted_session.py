"""Open a session as a page of its own: its key is exchanged for a fresh link token."""

import sqlalchemy as sa

from kryptos.domains.connect._tables import link_sessions
from kryptos.domains.connect.contracts import HostedSession
from kryptos.domains.connect.service.append_event import append_event
from kryptos.domains.connect.service.find_pages import digest_of
from kryptos.domains.connect.service.open_session import running_client
from kryptos.domains.grants import InvalidToken
from kryptos.infra.database import Uow


async def open_hosted_session(uow: Uow, *, session_id: str, key: str) -> HostedSession:
    """Return a new link token of the session; the former one is dead from now on, the session ends when it would have.

    The first former one is the app's: it can still ask for the outcome, and for nothing else.

    The key works as often as the page is loaded. Raises ``InvalidToken``, ``TokenAlreadyUsed``, ``TokenExpired`` or
    ``InvalidClient``.
    """
    row = await uow.first(
        sa.select(link_sessions)
        .where(link_sessions.c.id == session_id, link_sessions.c.hosted_key_hash.in_(uow.hashes(key)))
        .with_for_update()
    )
    if row is None:
        message = "This link is not complete or not of this session. Open the whole link, or ask the app for a new one."
        raise InvalidToken(message)
    await running_client(uow, row)
    link_token = uow.new_token("link")
    await uow.execute(
        sa.update(link_sessions)
        .where(link_sessions.c.id == row.id)
        .values(
            app_token_hash=sa.func.coalesce(link_sessions.c.app_token_hash, link_sessions.c.token_hash),
            token_hash=uow.hash(link_token),
            key_id=uow.key_id,
            token_digest=digest_of(link_token),
        )
    )
    await append_event(uow, session_id=row.id, name="hosted_page.opened")
    return HostedSession(link_token=link_token, expires_at=row.expires_at)
