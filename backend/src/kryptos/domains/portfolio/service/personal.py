"""What the portfolio keeps of a person: told to them, erased."""

from typing import Any

import sqlalchemy as sa

from kryptos.domains.portfolio._tables import balances, holdings_renderings, portfolio_versions
from kryptos.infra.database import Uow

_TOLD = (
    "integration_id", "asset_id", "workspace_id", "mode", "chain_id", "quantity", "height", "seen_at",
)  # fmt: skip


async def export_balances(uow: Uow, *, integration_id: str, after: str, limit: int) -> list[dict[str, Any]]:
    """Return what was last seen at a connection, by asset, behind the asset ``after``."""
    told = (balances.c[name] for name in _TOLD)
    return await uow.dicts(
        sa.select(*told)
        .where(balances.c.integration_id == integration_id, balances.c.asset_id > after)
        .order_by(balances.c.asset_id)
        .limit(limit)
    )


async def erase_balances(uow: Uow, *, integration_id: str) -> int:
    """Delete what was seen at a connection; return how many rows."""
    mine = balances.c.integration_id == integration_id
    return (await uow.execute(sa.delete(balances).where(mine))).rowcount


async def erase_workspace_rows(uow: Uow, *, workspace_id: str) -> int:
    """Delete what was rendered for a workspace, and the count of its changes; return how many rows."""
    gone = 0
    for table in (holdings_renderings, portfolio_versions):
        gone += (await uow.execute(sa.delete(table).where(table.c.workspace_id == workspace_id))).rowcount
    return gone
