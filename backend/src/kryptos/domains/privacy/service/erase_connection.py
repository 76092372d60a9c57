"""Erase a connection: what was read through it, batch by batch, then the connection."""

from kryptos.domains import integrations, ledger, portfolio, sync
from kryptos.infra import queue
from kryptos.infra.database import Uow

_TRANSACTIONS = 1000


async def erase_connection(uow: Uow, *, integration_id: str) -> dict[str, int]:
    """Do one bounded step of it; return how many rows of what are gone. A sync that runs is overtaken."""
    await integrations.stop_for_good(uow, integration_id=integration_id)
    counts, moved = await ledger.erase_transactions(uow, integration_id=integration_id, limit=_TRANSACTIONS)
    if counts["transactions"]:
        return {**counts, "assets": await portfolio.erase_forsaken_assets(uow, asset_ids=moved)}
    held = await portfolio.erase_balances(uow, integration_id=integration_id)
    return {
        "balances": len(held),
        "assets": await portfolio.erase_forsaken_assets(uow, asset_ids=held),
        "sync_cursors": await sync.erase_cursors(uow, integration_id=integration_id),
        "jobs": await queue.forget_lane(uow, lane=integration_id),
        **await integrations.erase_integration(uow, integration_id=integration_id),
    }
