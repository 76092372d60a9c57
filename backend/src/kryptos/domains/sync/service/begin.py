"""Begin a sync: what is to be read, and from where."""

from kryptos.domains import integrations
from kryptos.domains.sync._position import find_positions
from kryptos.domains.sync.contracts import ChainPlan, Plan
from kryptos.infra.database import Uow


async def begin(uow: Uow, *, integration_id: str, is_continued: bool = False) -> Plan | None:
    """Return what is to be read; None when the connection is gone or nothing can be read of it.

    With ``is_continued`` only what an earlier run of this sync has left; otherwise every stage is looked at anew.
    Cursors of an earlier generation do not count: everything is read again, and replaces what is there at its end.
    """
    integration = await integrations.begin_sync(uow, integration_id=integration_id, is_continued=is_continued)
    if integration is None or integration.address is None:
        return None
    positions = await find_positions(uow, integration=integration)
    cursors = {chain_id: position.cursor for chain_id, position in positions.items()}
    return Plan(
        integration=integration,
        address=integration.address,
        chains=tuple(
            ChainPlan(each, cursors.get(each), integration.stages_left(each)) for each in integration.chains
        ),
    )
