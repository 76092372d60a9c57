"""Settle what is read: accounts that no app may read are paused, those that one may read again are resumed.

Who ends access pauses at once. This finds what ends by itself or elsewhere: a grant expires, an account is connected
and never shared, a client or a person is suspended, a member loses a right.
"""

from dataclasses import dataclass

from kryptos.domains import grants, integrations, workspaces
from kryptos.domains.connect import policy
from kryptos.infra.database import Uow

_WORKSPACES_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Misread:
    """Workspaces whose accounts are read for nobody, or not read for somebody, and where to look on; None: nowhere."""

    workspace_ids: tuple[str, ...]
    last: str | None


async def find_misread(uow: Uow, *, after: str = "") -> Misread:
    """Look through the next few hundred workspaces behind ``after``, in the order of their ids."""
    found = await integrations.list_readings(uow, after=after, limit=_WORKSPACES_AT_ONCE)
    read = await grants.list_read(uow, workspace_ids=[each.workspace_id for each in found])
    wrong = (
        each.workspace_id for each in found if (each.is_paused if each.workspace_id in read else each.is_read)
    )
    return Misread(tuple(wrong), found[-1].workspace_id if len(found) == _WORKSPACES_AT_ONCE else None)


async def settle_reading(uow: Uow, *, workspace_id: str) -> int:
    """Pause or resume a workspace's connections, whichever is right now; return how many changed.

    Where nobody has access at all a young connection is read on for a while: its session may still be exchanged.
    """
    await workspaces.hold_workspace(uow, workspace_id=workspace_id, for_update=True)
    if await grants.list_read(uow, workspace_ids=[workspace_id]):
        return await integrations.resume(uow, workspace_id=workspace_id)
    is_shared = bool(await grants.list_active_on(uow, workspace_id=workspace_id))
    added_before = None if is_shared else uow.now - policy.UNSHARED_READ_FOR
    return await integrations.pause(uow, workspace_id=workspace_id, added_before=added_before)
