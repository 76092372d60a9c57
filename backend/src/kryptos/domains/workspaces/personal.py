"""What workspaces keep of a person: told to them, left to the other owners, erased."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from kryptos.domains.workspaces._tables import memberships, workspaces
from kryptos.domains.workspaces.contracts import Role
from kryptos.infra.database import Uow


async def hold_workspace(uow: Uow, *, workspace_id: str, for_update: bool = False) -> bool:
    """Keep a workspace from being erased until this transaction ends; False when it is gone.

    With ``for_update`` whoever gives or ends access to it takes turns.
    """
    held = sa.select(workspaces.c.id).where(workspaces.c.id == workspace_id)
    held = held.with_for_update() if for_update else held.with_for_update(read=True, key_share=True)
    return await uow.first(held) is not None


async def list_workspaces_of(uow: Uow, *, user_ids: Collection[str]) -> tuple[str, ...]:
    """Return the workspaces in which any of these people is a member."""
    rows = await uow.all(
        sa.select(memberships.c.workspace_id)
        .where(memberships.c.user_id.in_(list(user_ids)))
        .distinct()
        .order_by(memberships.c.workspace_id)
    )
    return tuple(row.workspace_id for row in rows)


async def list_members(uow: Uow, *, workspace_id: str) -> tuple[tuple[str, Role], ...]:
    """Return who is a member in which role: owners first, then admins, those of longest standing before others."""
    by_role = sa.case({Role.OWNER.value: 0, Role.ADMIN.value: 1}, value=memberships.c.role, else_=2)
    rows = await uow.all(
        sa.select(memberships.c.user_id, memberships.c.role)
        .where(memberships.c.workspace_id == workspace_id)
        .order_by(by_role, memberships.c.created_at, memberships.c.user_id)
    )
    return tuple((row.user_id, Role(row.role)) for row in rows)


async def export_memberships(uow: Uow, *, user_ids: Collection[str]) -> list[dict[str, Any]]:
    """Return the workspaces of people with the role in each; of other members nothing."""
    return await uow.dicts(
        sa.select(
            workspaces.c.id,
            workspaces.c.name,
            workspaces.c.base_currency,
            workspaces.c.created_at,
            memberships.c.user_id,
            memberships.c.role,
            memberships.c.created_at.label("member_since"),
        )
        .join(memberships, memberships.c.workspace_id == workspaces.c.id)
        .where(memberships.c.user_id.in_(list(user_ids)))
        .order_by(workspaces.c.id, memberships.c.user_id)
    )


async def erase_memberships(uow: Uow, *, workspace_id: str, user_ids: Collection[str]) -> int:
    """End the memberships of people who are being erased; return how many."""
    mine = sa.and_(memberships.c.workspace_id == workspace_id, memberships.c.user_id.in_(list(user_ids)))
    return (await uow.execute(sa.delete(memberships).where(mine))).rowcount


async def erase_workspace(uow: Uow, *, workspace_id: str, keeps_row: bool) -> dict[str, int]:
    """Delete a workspace with every membership; with ``keeps_row`` the memberships alone. Return how many of what.

    Whoever calls this has deleted before what stands in it.
    """
    of_it = memberships.c.workspace_id == workspace_id
    counts = {"memberships": (await uow.execute(sa.delete(memberships).where(of_it))).rowcount}
    if not keeps_row:
        row = workspaces.c.id == workspace_id
        counts["workspaces"] = (await uow.execute(sa.delete(workspaces).where(row))).rowcount
    return counts
