"""What is kept of a person's connections: told to them, passed on, stopped, erased."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from kryptos.domains.integrations._tables import integration_chains, integration_stages, integrations
from kryptos.infra.database import Uow

_TOLD = (
    "id", "workspace_id", "mode", "user_id", "client_id", "provider", "category", "address", "chains", "alias",
    "persona", "status", "message", "code", "generation", "total_transactions", "failures", "added_at",
    "ownership_proven_at", "last_synced_at", "next_sync_at", "paused_at",
)  # fmt: skip
_TOLD_STAGE = ("chain_id", "stage", "status", "message", "code", "changed_at", "succeeded_at")


async def export_integrations(
    uow: Uow, *, user_ids: Collection[str], after: str, limit: int
) -> list[dict[str, Any]]:
    """Return the connections that people have made, with their stages, by id, behind the id ``after``."""
    told = (integrations.c[name] for name in _TOLD)
    rows = await uow.dicts(
        sa.select(*told)
        .where(integrations.c.user_id.in_(list(user_ids)), integrations.c.id > after)
        .order_by(integrations.c.id)
        .limit(limit)
    )
    stages = await uow.dicts(
        sa.select(integration_stages.c.integration_id, *(integration_stages.c[name] for name in _TOLD_STAGE))
        .where(integration_stages.c.integration_id.in_([row["id"] for row in rows]))
        .order_by(integration_stages.c.integration_id, integration_stages.c.chain_id)
    )
    by_id: dict[str, list[dict[str, Any]]] = {}
    for stage in stages:
        by_id.setdefault(stage.pop("integration_id"), []).append(stage)
    return [{**row, "stages": by_id.get(row["id"], [])} for row in rows]


async def find_one_in(uow: Uow, *, workspace_id: str, user_ids: Collection[str] | None = None) -> str | None:
    """Return a connection of a workspace, in whichever mode, if there is one; with ``user_ids`` one that they made."""
    mine = [integrations.c.workspace_id == workspace_id]
    if user_ids is not None:
        mine.append(integrations.c.user_id.in_(list(user_ids)))
    row = await uow.first(sa.select(integrations.c.id).where(*mine).order_by(integrations.c.id).limit(1))
    return None if row is None else str(row.id)


async def list_workspaces_with(uow: Uow, *, user_ids: Collection[str]) -> tuple[str, ...]:
    """Return the workspaces in which people have connected something, members or not."""
    rows = await uow.all(
        sa.select(integrations.c.workspace_id)
        .where(integrations.c.user_id.in_(list(user_ids)))
        .distinct()
        .order_by(integrations.c.workspace_id)
    )
    return tuple(row.workspace_id for row in rows)


async def pass_on(uow: Uow, *, workspace_id: str, user_ids: Collection[str], to_user_id: str) -> int:
    """Give the connections that people have made in a workspace to another owner of it; return how many."""
    mine = sa.and_(integrations.c.workspace_id == workspace_id, integrations.c.user_id.in_(list(user_ids)))
    return (await uow.execute(sa.update(integrations).where(mine).values(user_id=to_user_id))).rowcount


async def stop_for_good(uow: Uow, *, integration_id: str) -> None:
    """Overtake whatever reads a connection, and let nobody begin: it is about to be erased. Held until then."""
    await uow.execute(
        sa.update(integrations)
        .where(integrations.c.id == integration_id)
        .values(next_sync_at=None, paused_at=sa.func.coalesce(integrations.c.paused_at, uow.now))
    )


async def erase_integration(uow: Uow, *, integration_id: str) -> dict[str, int]:
    """Delete a connection and its standing; return how many rows of what. What was read through it goes before."""
    counts: dict[str, int] = {}
    for name, table, column in (
        ("integration_stages", integration_stages, integration_stages.c.integration_id),
        ("integration_chains", integration_chains, integration_chains.c.integration_id),
        ("integrations", integrations, integrations.c.id),
    ):
        counts[name] = (await uow.execute(sa.delete(table).where(column == integration_id))).rowcount
    return counts
