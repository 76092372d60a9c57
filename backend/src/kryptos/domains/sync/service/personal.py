"""What syncing keeps of a person: where it stands, and tries of addresses; told to them, erased."""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from kryptos.domains.sync._tables import connection_tests, sync_cursors
from kryptos.infra.database import Uow

_TOLD_CURSOR = ("integration_id", "chain_id", "cursor", "gaps", "generation", "kept_at")
_TOLD_TEST = (
    "id", "session_id", "mode", "address", "chains", "state", "code", "message", "active_chains", "requested_at",
    "ended_at",
)  # fmt: skip


async def export_cursors(uow: Uow, *, integration_id: str) -> list[dict[str, Any]]:
    """Return how far reading a connection has come."""
    told = (sync_cursors.c[name] for name in _TOLD_CURSOR)
    return await uow.dicts(
        sa.select(*told)
        .where(sync_cursors.c.integration_id == integration_id)
        .order_by(sync_cursors.c.chain_id)
    )


async def export_tests(uow: Uow, *, session_ids: Collection[str]) -> list[dict[str, Any]]:
    """Return the addresses that were tried in sessions."""
    told = (connection_tests.c[name] for name in _TOLD_TEST)
    mine = connection_tests.c.session_id.in_(list(session_ids))
    return await uow.dicts(sa.select(*told).where(mine).order_by(connection_tests.c.id))


async def erase_tests(uow: Uow, *, session_ids: Sequence[str]) -> int:
    """Delete the tries of sessions; return how many."""
    mine = connection_tests.c.session_id.in_(list(session_ids))
    return (await uow.execute(sa.delete(connection_tests).where(mine))).rowcount


async def erase_cursors(uow: Uow, *, integration_id: str) -> int:
    """Delete where reading a connection stands; return how many rows."""
    mine = sync_cursors.c.integration_id == integration_id
    return (await uow.execute(sa.delete(sync_cursors).where(mine))).rowcount
