"""Forget what can no longer matter."""

import sqlalchemy as sa

from kryptos.domains.connect import policy
from kryptos.domains.connect._tables import link_sessions, public_tokens, session_events
from kryptos.infra.database import Uow

_BATCH = 1000


async def prune(uow: Uow) -> int:
    """Delete up to a thousand sessions whose record has been kept long enough; return how many."""
    old = await uow.all(
        sa.select(link_sessions.c.id)
        .where(link_sessions.c.expires_at < uow.now - policy.RECORD_KEPT_FOR)
        .limit(_BATCH)
    )
    ids = [row.id for row in old]
    for table, column in (
        (session_events, session_events.c.session_id),
        (public_tokens, public_tokens.c.session_id),
        (link_sessions, link_sessions.c.id),
    ):
        await uow.execute(sa.delete(table).where(column.in_(ids)))
    return len(ids)
