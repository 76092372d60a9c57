"""Mint a public token for a completed session."""

from datetime import datetime

import sqlalchemy as sa

from kryptos.domains.connect import policy
from kryptos.domains.connect._tables import public_tokens
from kryptos.infra.database import Uow


async def mint_public_token(uow: Uow, *, session_id: str, client_id: str, completed_at: datetime) -> str:
    """Return a new public token; whichever of a session's tokens comes first is exchanged, the others are used up.

    All of them end 30 minutes after the session was completed.
    """
    token = uow.new_token("public")
    await uow.execute(
        sa.insert(public_tokens).values(
            token_hash=uow.hash(token),
            key_id=uow.key_id,
            session_id=session_id,
            client_id=client_id,
            created_at=uow.now,
            expires_at=completed_at + policy.PUBLIC_TOKEN_LIFETIME,
        )
    )
    return token
