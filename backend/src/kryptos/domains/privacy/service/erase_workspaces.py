"""Erase the workspaces of a person, or leave them to whoever can share them too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kryptos.domains import clients, connect, grants, identity, integrations, portfolio, workspaces
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.privacy.service.erase_connection import erase_connection
from kryptos.domains.workspaces import Role
from kryptos.infra.database import Uow

_SYSTEM = Actor(ActorKind.SYSTEM)

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Person:
    """Whose everything goes: all selves, and their addresses."""

    user_ids: Sequence[str]
    emails: Sequence[str]


async def erase_workspaces(uow: Uow, person: Person) -> Counts:
    """Do one bounded step; return how many rows of what are gone, nothing when no workspace is left."""
    mine = {
        *await workspaces.list_workspaces_of(uow, user_ids=person.user_ids),
        *await integrations.list_workspaces_with(uow, user_ids=person.user_ids),
    }
    for workspace_id in sorted(mine):
        await workspaces.hold_workspace(uow, workspace_id=workspace_id, for_update=True)
        gone = await _part_with(uow, workspace_id, person)
        if any(gone.values()):
            return gone
    return {}


async def _part_with(uow: Uow, workspace_id: str, person: Person) -> Counts:
    members = await workspaces.list_members(uow, workspace_id=workspace_id)
    others = [(user_id, role) for user_id, role in members if user_id not in person.user_ids]
    staying = await identity.list_not_erasing(uow, user_ids=[user_id for user_id, _ in others])
    heirs = [(user_id, role) for user_id, role in others if role.can_share and user_id in staying]
    own_roles = {role for user_id, role in members if user_id in person.user_ids}
    if heirs:  # the owner of longest standing, or else the admin, who becomes owner in their place
        heir, role = heirs[0]
        if Role.OWNER in own_roles and role is not Role.OWNER:
            await workspaces.add_member(
                uow, actor=_SYSTEM, workspace_id=workspace_id, user_id=heir, role=Role.OWNER
            )
        return await _leave(uow, workspace_id, person, heir)
    is_theirs = any(role.can_share for role in own_roles)
    if is_theirs or not others:
        return await _erase_one(uow, workspace_id)
    made = await integrations.find_one_in(uow, workspace_id=workspace_id, user_ids=person.user_ids)
    if made is not None:
        return await erase_connection(uow, integration_id=made)
    return await _end_memberships(uow, workspace_id, person)


async def _leave(uow: Uow, workspace_id: str, person: Person, heir: str) -> Counts:
    passed_on = await integrations.pass_on(
        uow, workspace_id=workspace_id, user_ids=person.user_ids, to_user_id=heir
    )
    ended = await _end_memberships(uow, workspace_id, person)
    return {"integrations_passed_on": passed_on, **ended}


async def _end_memberships(uow: Uow, workspace_id: str, person: Person) -> Counts:
    ended = await workspaces.erase_memberships(uow, workspace_id=workspace_id, user_ids=person.user_ids)
    return {"memberships": ended}


async def _erase_one(uow: Uow, workspace_id: str) -> Counts:
    connection = await integrations.find_one_in(uow, workspace_id=workspace_id)
    if connection is not None:
        return await erase_connection(uow, integration_id=connection)
    of_others = await grants.list_unrevoked(uow, workspace_id=workspace_id)
    await connect.end_accesses(uow, grants_ended=of_others, actor=_SYSTEM)
    rendered = await portfolio.erase_renderings(uow, workspace_id=workspace_id)
    # A workspace of apps is the operator's business: it stays, without the person.
    has_apps = await clients.has_clients(uow, workspace_id=workspace_id)
    gone = await workspaces.erase_workspace(uow, workspace_id=workspace_id, keeps_row=has_apps)
    return {**rendered, **gone}
