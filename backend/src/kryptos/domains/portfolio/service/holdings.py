"""What a workspace holds: balances of all its accounts by asset, priced."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from kryptos.domains import integrations, ledger, prices
from kryptos.domains.clients import Mode
from kryptos.domains.integrations import Integration, Status
from kryptos.domains.ledger import Asset
from kryptos.domains.portfolio import worth
from kryptos.domains.portfolio._tables import balances
from kryptos.domains.portfolio.contracts import Holding, Holdings, Shortfall, Variant
from kryptos.domains.portfolio.worth import Quote
from kryptos.infra.database import Uow
from kryptos.kernel.amount import Amount
from kryptos.providers.sandbox import SANDBOX_PRICES

BASE_CURRENCY = "USD"


async def get_holdings(uow: Uow, *, workspace_id: str, mode: Mode, variant: Variant) -> Holdings:
    """Return everything that is held, with what is missing or old named beside it."""
    accounts = await integrations.list_all(uow, workspace_id=workspace_id, mode=mode)
    held = await _held(uow, workspace_id, mode, variant)
    assets = await ledger.find_assets(uow, ids={asset_id for _, asset_id in held})
    shown = {
        asset_id: asset for asset_id, asset in assets.items() if variant.includes_spam or not asset.is_spam
    }
    quotes = await _quotes(uow, mode, [asset.token_id for asset in shown.values() if asset.token_id])
    by_asset: dict[str, dict[str, Amount]] = {}
    for (integration_id, asset_id), quantity in held.items():
        if asset_id in shown:
            by_asset.setdefault(asset_id, {})[integration_id] = quantity
    providers = {each.id: each.provider for each in accounts}
    items = [_holding(shown[each], parts, quotes, providers) for each, parts in by_asset.items()]
    return Holdings(
        items=tuple(sorted(items, key=worth.by_worth)),
        base_currency=BASE_CURRENCY,
        total_value=worth.total_value(items),
        total_change_24h=worth.total_change(items),
        unpriced=sum(each.value is None for each in items),
        shortfalls=_shortfalls(accounts),
    )


async def _held(
    uow: Uow, workspace_id: str, mode: Mode, variant: Variant
) -> Mapping[tuple[str, str], Amount]:
    if variant.is_calculated:
        summed = await ledger.calculated_balances(uow, workspace_id=workspace_id, mode=mode)
        return {each: quantity for each, quantity in summed.items() if quantity}
    rows = await uow.all(
        sa.select(balances.c.integration_id, balances.c.asset_id, balances.c.quantity).where(
            balances.c.workspace_id == workspace_id, balances.c.mode == mode.value
        )
    )
    return {(row.integration_id, row.asset_id): Amount(row.quantity) for row in rows}


async def _quotes(uow: Uow, mode: Mode, token_ids: Sequence[str]) -> Mapping[str, Quote]:
    if mode is Mode.SANDBOX:
        return {
            each: Quote(Amount(SANDBOX_PRICES[each][0]), Amount(SANDBOX_PRICES[each][1]))
            for each in token_ids
            if each in SANDBOX_PRICES
        }
    found = await prices.find_latest(uow, token_ids)
    return {each: Quote(price.price, price.price_24h_before) for each, price in found.items()}


def _holding(
    asset: Asset, parts: Mapping[str, Amount], quotes: Mapping[str, Quote], providers: Mapping[str, str]
) -> Holding:
    return worth.holding(asset, parts, quotes.get(asset.token_id or ""), providers)


def _shortfalls(accounts: Sequence[Integration]) -> tuple[Shortfall, ...]:
    """Name every account of which not everything has been read: an empty answer must not look like an empty account."""
    return tuple(
        Shortfall(each.id, each.status.value, each.code, each.message, each.last_synced_at)
        for each in accounts
        if each.status is not Status.COMPLETED and (each.message is not None or each.last_synced_at is None)
    )
