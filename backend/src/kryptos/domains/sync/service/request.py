"""Ask for syncs: one on behalf of an app, many because they are due."""

from kryptos.domains import audit, grants, integrations, portfolio, workspaces
from kryptos.domains.audit import Actor
from kryptos.domains.clients import Mode
from kryptos.domains.integrations import Integration, IntegrationNotFound
from kryptos.infra.database import Uow

_DUE_AT_ONCE = 500


async def request_resync(
    uow: Uow, *, workspace_id: str, mode: Mode, integration_id: str, from_start: bool, actor: Actor
) -> Integration:
    """Ask for a connection to be read on from where it stands, or from the start; raise ``IntegrationNotFound``.

    Whoever ends access waits until this is done, or has ended it: what nobody may read is not resumed by this.
    """
    await workspaces.hold_workspace(uow, workspace_id=workspace_id)
    if not await grants.list_read(uow, workspace_ids=[workspace_id]):
        raise IntegrationNotFound
    integration = await integrations.get_integration(
        uow, workspace_id=workspace_id, mode=mode, integration_id=integration_id, for_update=True
    )
    await integrations.request_sync(uow, integration_id=integration.id, from_start=from_start)
    await portfolio.touch(uow, workspace_id=workspace_id, mode=mode)
    await audit.record(
        uow,
        action="integration.resync_requested",
        actor=actor,
        subject=integration.id,
        workspace_id=workspace_id,
        client_id=actor.id,
        user_id=integration.user_id,
        details={"mode": "from_start" if from_start else "latest"},
    )
    return integration


async def request_due(uow: Uow) -> int:
    """Ask for every sync that is due, up to 500 at a time; return how many that were."""
    due = await integrations.list_due(uow, limit=_DUE_AT_ONCE)
    for integration_id in due:
        await integrations.request_sync(uow, integration_id=integration_id)
    return len(due)
