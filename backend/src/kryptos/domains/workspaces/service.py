"""Use cases of workspaces."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from kryptos.domains import audit
from kryptos.domains.audit import Actor
from kryptos.domains.workspaces._tables import memberships, workspaces
from kryptos.domains.workspaces.contracts import Membership, Role, Workspace
from kryptos.domains.workspaces.errors import WorkspaceNotFound
from kryptos.infra.database import Uow

DEFAULT_NAME = "My Workspace"
DEFAULT_BASE_CURRENCY = "USD"


async def create_workspace(
    uow: Uow, *, actor: Actor, owner_id: str | None = None, name: str = DEFAULT_NAME
) -> Workspace:
    """Make a workspace; without an owner it belongs to the operator."""
    workspace = Workspace(id=uow.new_id("ws"), name=name)
    await uow.execute(
        sa.insert(workspaces).values(
            id=workspace.id, name=name, base_currency=DEFAULT_BASE_CURRENCY, created_at=uow.now
        )
    )
    await audit.record(
        uow,
        action="workspace.created",
        actor=actor,
        subject=workspace.id,
        workspace_id=workspace.id,
        user_id=owner_id,
    )
    if owner_id is not None:
        await add_member(uow, actor=actor, workspace_id=workspace.id, user_id=owner_id, role=Role.OWNER)
    return workspace


async def get_workspace(uow: Uow, *, workspace_id: str) -> Workspace:
    """Return a workspace; raise ``WorkspaceNotFound``."""
    row = await uow.first(
        sa.select(workspaces.c.id, workspaces.c.name).where(workspaces.c.id == workspace_id)
    )
    if row is None:
        raise WorkspaceNotFound
    return Workspace(id=row.id, name=row.name)


async def list_names(uow: Uow, *, workspace_ids: Collection[str]) -> dict[str, str]:
    """Return the names of workspaces by their ids; those that are gone are left out."""
    rows = await uow.all(
        sa.select(workspaces.c.id, workspaces.c.name).where(workspaces.c.id.in_(list(workspace_ids)))
    )
    return {row.id: row.name for row in rows}


async def add_member(uow: Uow, *, actor: Actor, workspace_id: str, user_id: str, role: Role) -> None:
    """Make a person a member, or change the member's role."""
    statement = insert(memberships).values(
        user_id=user_id, workspace_id=workspace_id, role=role.value, created_at=uow.now
    )
    await uow.execute(
        statement.on_conflict_do_update(
            index_elements=[memberships.c.user_id, memberships.c.workspace_id], set_={"role": role.value}
        )
    )
    await audit.record(
        uow,
        action="workspace.member_set",
        actor=actor,
        subject=user_id,
        workspace_id=workspace_id,
        user_id=user_id,
        details={"role": role.value},
    )


async def remove_member(uow: Uow, *, actor: Actor, workspace_id: str, user_id: str) -> None:
    """End a membership; what the person had shared of this workspace ends with the next call."""
    await uow.execute(
        sa.delete(memberships).where(
            memberships.c.user_id == user_id, memberships.c.workspace_id == workspace_id
        )
    )
    await audit.record(
        uow,
        action="workspace.member_removed",
        actor=actor,
        subject=user_id,
        workspace_id=workspace_id,
        user_id=user_id,
    )


async def list_memberships(uow: Uow, *, user_id: str) -> list[Membership]:
    """Return the person's workspaces with the role in each, oldest membership first."""
    rows = await uow.all(_memberships(user_id).order_by(memberships.c.created_at, workspaces.c.id))
    return [_membership(row) for row in rows]


async def get_membership(uow: Uow, *, user_id: str, workspace_id: str) -> Membership:
    """Return one of the person's workspaces; raise ``WorkspaceNotFound`` for all others, existing or not."""
    row = await uow.first(_memberships(user_id).where(workspaces.c.id == workspace_id))
    if row is None:
        raise WorkspaceNotFound
    return _membership(row)


async def share_memberships(uow: Uow, *, actor: Actor, guest_id: str, person_id: str) -> None:
    """Give a person the roles of a guest whom they have claimed, none lower than their own; the guest keeps theirs.

    A guest's own workspace that is called like one of the person's gets a number, so that the two can be told apart.
    """
    mine = await list_memberships(uow, user_id=person_id)
    roles = {each.workspace.id: each.role for each in mine}
    names = {each.workspace.name for each in mine}
    for theirs in await list_memberships(uow, user_id=guest_id):
        workspace, role = theirs.workspace, theirs.role
        held = roles.get(workspace.id)
        if held is not None and held.outranks(role):
            continue
        await add_member(uow, actor=actor, workspace_id=workspace.id, user_id=person_id, role=role)
        if held is None and role is Role.OWNER and workspace.name in names:
            name = next(
                each
                for number in range(2, len(names) + 3)
                if (each := f"{workspace.name} {number}") not in names
            )
            await _rename(uow, actor=actor, workspace_id=workspace.id, name=name)
            names.add(name)


async def _rename(uow: Uow, *, actor: Actor, workspace_id: str, name: str) -> None:
    await uow.execute(sa.update(workspaces).where(workspaces.c.id == workspace_id).values(name=name))
    await audit.record(
        uow, action="workspace.renamed", actor=actor, subject=workspace_id, workspace_id=workspace_id
    )


def _memberships(user_id: str) -> sa.Select[tuple[str, str, str]]:
    return (
        sa.select(workspaces.c.id, workspaces.c.name, memberships.c.role)
        .join(memberships, memberships.c.workspace_id == workspaces.c.id)
        .where(memberships.c.user_id == user_id)
    )


def _membership(row: sa.Row[tuple[str, str, str]]) -> Membership:
    return Membership(workspace=Workspace(id=row.id, name=row.name), role=Role(row.role))
