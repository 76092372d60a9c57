"""Workspaces: what a person's or a team's data belongs to, who is a member, and in which role."""

from kryptos.domains.workspaces.contracts import Membership, Role, Workspace
from kryptos.domains.workspaces.errors import InsufficientPermissions, WorkspaceNotFound
from kryptos.domains.workspaces.personal import (
    erase_memberships,
    erase_workspace,
    export_memberships,
    hold_workspace,
    list_members,
    list_workspaces_of,
)
from kryptos.domains.workspaces.service import (
    add_member,
    create_workspace,
    get_membership,
    get_workspace,
    list_memberships,
    list_names,
    remove_member,
    share_memberships,
)

__all__ = [
    "InsufficientPermissions",
    "Membership",
    "Role",
    "Workspace",
    "WorkspaceNotFound",
    "add_member",
    "create_workspace",
    "erase_memberships",
    "erase_workspace",
    "export_memberships",
    "get_membership",
    "get_workspace",
    "hold_workspace",
    "list_members",
    "list_memberships",
    "list_names",
    "list_workspaces_of",
    "remove_member",
    "share_memberships",
]
