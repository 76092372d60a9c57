"""Append to a session's record what the server saw happen."""

from collections.abc import Mapping

import sqlalchemy as sa

from kryptos.domains.connect._tables import session_events
from kryptos.infra.database import Uow


async def append_event(
    uow: Uow, *, session_id: str, name: str, details: Mapping[str, object] | None = None
) -> None:
    """Append one event; ``details`` holds no token, no code and nothing personal."""
    await uow.execute(
        sa.insert(session_events).values(
            session_id=session_id, id=uow.new_id("se"), name=name, at=uow.now, details=dict(details or {})
        )
    )
