"""Issue an access token for a grant."""

import sqlalchemy as sa

from kryptos.domains.grants import policy
from kryptos.domains.grants._tables import access_tokens
from kryptos.domains.grants.contracts import Grant, IssuedAccess
from kryptos.infra.database import Uow


async def issue_access_token(uow: Uow, grant: Grant) -> IssuedAccess:
    """Return a new token; it is in the returned value and nowhere else."""
    token = uow.new_token("cat")
    await uow.execute(
        sa.insert(access_tokens).values(
            id=uow.new_id("at"),
            grant_id=grant.id,
            token_hash=uow.hash(token),
            key_id=uow.key_id,
            created_at=uow.now,
            expires_at=policy.access_token_expiry(uow.now),
        )
    )
    return IssuedAccess(grant=grant, access_token=token)
