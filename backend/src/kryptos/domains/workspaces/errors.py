"""What can go wrong with workspaces."""

from kryptos.kernel.errors import Kind, KryptosError


class WorkspaceNotFound(KryptosError):
    """No such workspace, or not one of this person's."""

    code = "WORKSPACE_NOT_FOUND"
    kind = Kind.NOT_FOUND
    default_message = (
        "There is no such workspace, or it is not one of this user's. List them and choose one of those."
    )


class InsufficientPermissions(KryptosError):
    """The member's role does not allow it."""

    code = "INSUFFICIENT_PERMISSIONS"
    kind = Kind.FORBIDDEN
    default_message = (
        "Only an owner or admin of the workspace may share it. Choose another workspace or ask an owner."
    )
