"""Remove a connection. Whoever calls this removes, in the same transaction, what was read through it."""

import sqlalchemy as sa

from kryptos.domains import audit
from kryptos.domains.audit import Actor
from kryptos.domains.integrations._tables import integration_chains, integration_stages, integrations
from kryptos.domains.integrations.contracts import Integration
from kryptos.domains.integrations.events import IntegrationRemoved
from kryptos.infra.database import Uow


async def remove(uow: Uow, *, integration: Integration, actor: Actor) -> None:
    """Delete the connection and its standing; a sync that runs finds it gone and stops."""
    for table, column in (
        (integration_stages, integration_stages.c.integration_id),
        (integration_chains, integration_chains.c.integration_id),
        (integrations, integrations.c.id),
    ):
        await uow.execute(sa.delete(table).where(column == integration.id))
    uow.emit(IntegrationRemoved(workspace_id=integration.workspace_id, integration_id=integration.id))
    await audit.record(
        uow,
        action="integration.removed",
        actor=actor,
        subject=integration.id,
        workspace_id=integration.workspace_id,
        client_id=integration.client_id,
        user_id=integration.user_id,
        details={"provider": integration.provider},
    )
