"""Values of workspaces that cross its border."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a member may do; only owners and admins may share the workspace with an app."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    VIEWER = "viewer"

    @property
    def can_share(self) -> bool:
        """Whether a member in this role may consent to an app reading the workspace."""
        return self in {Role.OWNER, Role.ADMIN}

    def outranks(self, other: "Role") -> bool:
        """Say whether the role allows more than another one; they are listed from the most to the least."""
        order = list(Role)
        return order.index(self) < order.index(other)


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Membership:
    """A workspace as one member sees it."""

    workspace: Workspace
    role: Role
