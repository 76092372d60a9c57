"""Keep what was seen at an account."""

from collections.abc import Collection

import sqlalchemy as sa

from kryptos.domains import ledger, prices
from kryptos.domains.clients import Mode
from kryptos.domains.integrations import Integration
from kryptos.domains.portfolio._tables import balances
from kryptos.domains.portfolio.service.renderings import forget_renderings, touch
from kryptos.infra.database import Uow
from kryptos.providers.contracts import Balances


async def keep_balances(
    uow: Uow, *, integration: Integration, chain_id: str, found: Balances, looked_at: Collection[str] = ()
) -> None:
    """Replace what was seen of one account by what is there now.

    Where the reading had gaps, an asset that was not looked at stays as it was last seen. Looked at are what was
    found, the native coin always, and the contracts of ``looked_at`` but for those that told nothing.
    """
    assets = await ledger.keep_assets(uow, refs={each.asset for each in found.items})
    quantities = {ledger.asset_id(each.asset): each.quantity for each in found.items if each.quantity}
    mine: tuple[sa.ColumnElement[bool], ...] = (
        balances.c.integration_id == integration.id,
        balances.c.chain_id == chain_id,
    )
    if found.gaps:
        seen = {ledger.asset_id(each.asset) for each in found.items}
        seen |= {ledger.asset_id_of(chain_id, each) for each in (None, *(set(looked_at) - set(found.silent)))}
        mine = (*mine, balances.c.asset_id.in_(sorted(seen)))
    await uow.execute(sa.delete(balances).where(*mine))
    if quantities:
        await uow.connection.execute(
            sa.insert(balances),
            [
                {
                    "integration_id": integration.id,
                    "asset_id": asset_id,
                    "workspace_id": integration.workspace_id,
                    "mode": integration.mode.value,
                    "chain_id": chain_id,
                    "quantity": quantity.decimal,
                    "height": found.height,
                    "seen_at": uow.now,
                }
                for asset_id, quantity in quantities.items()
            ],
        )
    if integration.mode is Mode.PRODUCTION:
        await prices.watch(
            uow, [each.token_id for each in assets.values() if each.token_id and not each.is_spam]
        )
    await touch(uow, workspace_id=integration.workspace_id, mode=integration.mode)


async def remove_balances(uow: Uow, *, integration: Integration, except_chains: tuple[str, ...] = ()) -> None:
    """Delete what was seen through a connection, but for some chains; also where it was rendered."""
    gone = await uow.execute(
        sa.delete(balances).where(
            balances.c.integration_id == integration.id, balances.c.chain_id.not_in(except_chains)
        )
    )
    if gone.rowcount or not except_chains:
        await forget_renderings(uow, workspace_id=integration.workspace_id, mode=integration.mode)
