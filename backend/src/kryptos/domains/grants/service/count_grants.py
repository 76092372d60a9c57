"""Count grants, for whoever watches the server."""

from collections.abc import Mapping

import sqlalchemy as sa

from kryptos.domains.grants._tables import grants
from kryptos.infra.database import Uow


async def count_grants(uow: Uow) -> Mapping[str, int]:
    """Return how many grants are ``active``, ``revoked`` and ``expired``."""
    is_revoked = grants.c.revoked_at.is_not(None)
    state = sa.case((is_revoked, "revoked"), (grants.c.expires_at <= uow.now, "expired"), else_="active")
    rows = await uow.all(sa.select(state.label("state"), sa.func.count().label("number")).group_by(state))
    return {"active": 0, "revoked": 0, "expired": 0} | {row.state: row.number for row in rows}
