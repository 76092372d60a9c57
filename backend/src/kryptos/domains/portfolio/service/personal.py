"""What the portfolio keeps of a person: told to them, erased."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from kryptos.domains import ledger
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


async def erase_balances(uow: Uow, *, integration_id: str) -> tuple[str, ...]:
    """Delete what was seen at a connection; return of which assets."""
    mine = balances.c.integration_id == integration_id
    return tuple(
        row.asset_id for row in await uow.all(sa.delete(balances).where(mine).returning(balances.c.asset_id))
    )


async def erase_renderings(uow: Uow, *, workspace_id: str) -> dict[str, int]:
    """Delete what was rendered for a workspace, and the count of its changes; return how many rows of what."""
    counts: dict[str, int] = {}
    for name, table in (
        ("holdings_renderings", holdings_renderings),
        ("portfolio_versions", portfolio_versions),
    ):
        mine = table.c.workspace_id == workspace_id
        counts[name] = (await uow.execute(sa.delete(table).where(mine))).rowcount
    return counts


async def list_held(uow: Uow, *, integration_id: str) -> tuple[str, ...]:
    """Return the assets that were seen at a connection."""
    mine = balances.c.integration_id == integration_id
    return tuple(row.asset_id for row in await uow.all(sa.select(balances.c.asset_id).where(mine)))


async def erase_forsaken_assets(uow: Uow, *, asset_ids: Collection[str]) -> int:
    """Delete those of these assets that only contracts tell of, and that nobody holds or ever moved; return how many.

    The name or contract of such an asset may name whoever had it. Call it once their rows are gone.
    """
    obscure = await ledger.hold_obscure_assets(uow, asset_ids=asset_ids)
    held = await uow.all(sa.select(balances.c.asset_id).where(balances.c.asset_id.in_(obscure)).distinct())
    unheld = set(obscure) - {row.asset_id for row in held}
    return await ledger.erase_unmoved(uow, asset_ids=unheld)
