"""Erase a connection: what was read through it, batch by batch, then the connection."""

from collections.abc import Collection

from kryptos.domains import integrations, ledger, portfolio, sync
from kryptos.infra import queue
from kryptos.infra.database import Uow

_TRANSACTIONS = 1000


async def erase_connection(uow: Uow, *, integration_id: str) -> dict[str, int]:
    """Do one bounded step of it; return how many rows of what are gone. A sync that runs is overtaken."""
    await integrations.stop_for_good(uow, integration_id=integration_id)
    counts, moved = await ledger.erase_transactions(uow, integration_id=integration_id, limit=_TRANSACTIONS)
    if counts["transactions"]:
        return {**counts, "assets": await _erase_assets(uow, moved)}
    held = await portfolio.erase_balances(uow, integration_id=integration_id)
    return {
        "balances": len(held),
        "assets": await _erase_assets(uow, held),
        "sync_cursors": await sync.erase_cursors(uow, integration_id=integration_id),
        "jobs": await queue.forget_lane(uow, lane=integration_id),
        **await integrations.erase_integration(uow, integration_id=integration_id),
    }


async def _erase_assets(uow: Uow, asset_ids: Collection[str]) -> int:
    """Delete assets that were known from this person alone: who else has one keeps it."""
    obscure = await ledger.hold_obscure_assets(uow, asset_ids=asset_ids)
    unheld = await portfolio.list_unheld(uow, asset_ids=obscure)
    return await ledger.erase_unmoved(uow, asset_ids=unheld)
