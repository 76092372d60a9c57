"""End access: the one way in which a grant ends, whoever ends it, and with it the reading that was done for it."""

from collections.abc import Iterable

from kryptos.domains import grants, integrations, workspaces
from kryptos.domains.audit import Actor
from kryptos.domains.grants import Grant
from kryptos.infra.database import Uow


async def end_access(uow: Uow, *, grant: Grant, actor: Actor) -> bool:
    """Revoke a grant; when no app may read its workspace any more, pause the workspace's connections with it.

    Returns whether it was this call that ended it: ending it twice is no error.
    """
    await workspaces.hold_workspace(uow, workspace_id=grant.workspace_id, for_update=True)
    is_ended = await grants.revoke_grant(uow, grant_id=grant.id, actor=actor)
    if is_ended and not await grants.list_read(uow, workspace_ids=[grant.workspace_id]):
        await integrations.pause(uow, workspace_id=grant.workspace_id)
    return is_ended


async def end_accesses(uow: Uow, *, grants_ended: Iterable[Grant], actor: Actor) -> int:
    """End several at once, in one order for everybody, so that two who do it wait for each other; return how many."""
    in_order = sorted(grants_ended, key=lambda each: (each.workspace_id, each.id))
    return sum([await end_access(uow, grant=each, actor=actor) for each in in_order])
