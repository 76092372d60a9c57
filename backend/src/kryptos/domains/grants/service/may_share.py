"""Whether a person may share a workspace, now."""

from kryptos.domains.identity import get_user
from kryptos.domains.workspaces import WorkspaceNotFound, get_membership
from kryptos.infra.database import Uow


async def may_share(uow: Uow, *, user_id: str, workspace_id: str) -> bool:
    """Whether the person's role allows it and nobody has suspended them."""
    try:
        membership = await get_membership(uow, user_id=user_id, workspace_id=workspace_id)
    except WorkspaceNotFound:
        return False
    return membership.role.can_share and not (await get_user(uow, user_id=user_id)).is_suspended
