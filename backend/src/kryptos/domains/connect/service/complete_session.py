"""Complete a session: the link token is used up and a public token takes its place."""

import sqlalchemy as sa

from kryptos.domains.connect._tables import link_sessions
from kryptos.domains.connect.contracts import Completed, LinkSession, Outcome
from kryptos.domains.connect.errors import ConsentRequired, TokenAlreadyUsed
from kryptos.domains.connect.service.append_event import append_event
from kryptos.domains.connect.service.mint_public_token import mint_public_token
from kryptos.infra.database import Uow


async def complete_session(uow: Uow, *, session: LinkSession) -> Completed:
    """End the session in success. Two tabs get one public token: the second raises ``TokenAlreadyUsed``.

    A resumed session yields no public token, for its app holds an access token already.
    """
    if not session.is_resumed and session.consent is None:
        raise ConsentRequired
    ended = await uow.execute(
        sa.update(link_sessions)
        .where(link_sessions.c.id == session.id, link_sessions.c.ended_at.is_(None))
        .values(ended_at=uow.now, outcome=Outcome.SUCCESS.value)
    )
    if not ended.rowcount:
        raise TokenAlreadyUsed
    await append_event(uow, session_id=session.id, name="completed")
    token = None
    if not session.is_resumed:
        token = await mint_public_token(
            uow, session_id=session.id, client_id=session.client.id, completed_at=uow.now
        )
    return Completed(session_id=session.id, public_token=token)
