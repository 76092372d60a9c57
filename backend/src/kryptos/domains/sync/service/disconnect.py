"""Remove a connection with everything that was read through it, in one transaction."""

import sqlalchemy as sa

from kryptos.domains import integrations, ledger, portfolio
from kryptos.domains.audit import Actor
from kryptos.domains.clients import Mode
from kryptos.domains.sync._tables import sync_cursors
from kryptos.infra import queue
from kryptos.infra.database import Uow


async def disconnect(uow: Uow, *, workspace_id: str, mode: Mode, integration_id: str, actor: Actor) -> None:
    """Remove a connection of this workspace; raise ``IntegrationNotFound``. A sync that runs stops at its next step."""
    integration = await integrations.get_integration(
        uow, workspace_id=workspace_id, mode=mode, integration_id=integration_id, for_update=True
    )
    had = {
        *await ledger.list_moved(uow, integration_id=integration.id),
        *await portfolio.list_held(uow, integration_id=integration.id),
    }
    await ledger.remove_entries(uow, integration_id=integration.id)
    await portfolio.remove_balances(uow, integration=integration)
    await uow.execute(sa.delete(sync_cursors).where(sync_cursors.c.integration_id == integration.id))
    await portfolio.erase_forsaken_assets(uow, asset_ids=had)
    await queue.forget_lane(uow, lane=integration.id)
    await integrations.remove(uow, integration=integration, actor=actor)
