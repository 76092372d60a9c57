"""Workspaces: what a person's or a team's data belongs to, who is a member, and in which role."""

from kryptos.domains.workspaces.contracts import Membership, Role, Workspace
from kryptos.domains.workspaces.errors import InsufficientPermissions, WorkspaceNotFound
from kryptos.domains.workspaces.service import (
    add_member,
    create_workspace,
    get_membership,
    get_workspace,
    list_memberships,
    remove_member,
)

__all__ = [
    "InsufficientPermissions",
    "Membership",
    "Role",
    "Workspace",
    "WorkspaceNotFound",
    "add_member",
    "create_workspace",
    "get_membership",
    "get_workspace",
    "list_memberships",
    "remove_member",
]
