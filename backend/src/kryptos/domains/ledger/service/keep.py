"""Keep what a page of history says: once, however often it is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert

from kryptos.catalog.labels import LABELS
from kryptos.domains.clients import Mode
from kryptos.domains.integrations import Integration
from kryptos.domains.ledger import policy
from kryptos.domains.ledger._tables import ledger_entries, transactions
from kryptos.domains.ledger.contracts import Asset, Leg
from kryptos.domains.ledger.service.assets import keep_assets
from kryptos.domains.ledger.service.prices import prices_at
from kryptos.domains.ledger.service.removal import forget_above
from kryptos.infra.database import Uow
from kryptos.providers.contracts import ProviderTransaction


@dataclass(frozen=True, slots=True)
class Kept:
    """What a page changed: transactions that were not there before, and those that a reorganisation took back."""

    added: int
    removed: int


async def keep_transactions(
    uow: Uow,
    *,
    integration: Integration,
    chain_id: str,
    found: Sequence[ProviderTransaction],
    forgotten_above: int | None = None,
) -> Kept:
    """Store transactions of one connected account, in one transaction with whatever else belongs to the page.

    ``forgotten_above``: what was read above that height before is no longer true and goes first.
    """
    removed = 0
    if forgotten_above is not None:
        removed = await forget_above(
            uow, integration_id=integration.id, chain_id=chain_id, height=forgotten_above
        )
    if not found:
        return Kept(0, removed)
    found = list({each.id: each for each in found}.values())  # a provider's page may name one twice
    refs = {movement.asset for each in found for movement in each.movements}
    assets = await keep_assets(uow, refs=refs)
    legs = await _legs(uow, integration, found, assets)
    added = await _store(uow, integration, chain_id, found, legs)
    return Kept(added, removed)


async def _legs(
    uow: Uow, integration: Integration, found: Sequence[ProviderTransaction], assets: Mapping[str, Asset]
) -> list[tuple[Leg, ...]]:
    moved = [[(each, assets[policy.asset_id(each.asset)]) for each in one.movements] for one in found]
    wanted = {
        (asset.token_id, one.at)
        for one, pairs in zip(found, moved, strict=True)
        for _, asset in pairs
        if asset.token_id is not None
    }
    prices = await prices_at(uow, mode=integration.mode, wanted=wanted)
    return [
        tuple(
            Leg(
                key=movement.key,
                direction=movement.direction.value,
                asset=asset,
                quantity=movement.quantity.decimal,
                price=prices.get((asset.token_id, one.at)) if asset.token_id else None,
                counterparty=movement.counterparty,
            )
            for movement, asset in pairs
        )
        for one, pairs in zip(found, moved, strict=True)
    ]


async def _store(
    uow: Uow,
    integration: Integration,
    chain_id: str,
    found: Sequence[ProviderTransaction],
    legs_of: Sequence[tuple[Leg, ...]],
) -> int:
    rows = [_row(integration, chain_id, each, legs) for each, legs in zip(found, legs_of, strict=True)]
    by_id = {str(row["id"]): row for row in rows}
    ids = sorted(by_id)
    before = await uow.all(
        sa.select(transactions.c.id).where(transactions.c.id == sa.any_(sa.cast(ids, ARRAY(sa.Text))))
    )
    statement = insert(transactions)
    await uow.connection.execute(
        statement.on_conflict_do_update(
            index_elements=[transactions.c.id],
            set_={name: statement.excluded[name] for name in rows[0] if name not in {"id", "is_edited"}},
        ),
        [by_id[each] for each in ids],
    )
    await uow.execute(
        sa.delete(ledger_entries).where(
            ledger_entries.c.transaction_id == sa.any_(sa.cast(ids, ARRAY(sa.Text)))
        )
    )
    entries = [
        {
            "transaction_id": row["id"],
            "key": leg.key,
            "workspace_id": integration.workspace_id,
            "mode": integration.mode.value,
            "integration_id": integration.id,
            "asset_id": leg.asset.id,
            "direction": leg.direction,
            "quantity": leg.quantity,
        }
        for row, legs in zip(rows, legs_of, strict=True)
        for leg in legs
    ]
    if entries:
        await uow.connection.execute(sa.insert(ledger_entries), entries)
    return len(ids) - len(before)


def _row(
    integration: Integration, chain_id: str, found: ProviderTransaction, legs: tuple[Leg, ...]
) -> dict[str, object]:
    label = policy.label_of(legs, has_failed=found.has_failed)
    value_legs = [leg for leg in legs if leg.direction != "fee"]
    return {
        "id": policy.transaction_id(integration.id, chain_id, found.id),
        "workspace_id": integration.workspace_id,
        "mode": integration.mode.value,
        "integration_id": integration.id,
        "chain_id": chain_id,
        "platform_id": found.id,
        "height": found.height,
        "at": found.at,
        "label": label,
        "type": LABELS[label],
        "has_failed": found.has_failed,
        "is_spam": bool(value_legs) and all(leg.asset.is_spam for leg in value_legs),
        "is_nft": any(policy.is_nft(leg) for leg in legs),
        "is_manual": False,
        "is_edited": False,
        "is_missing_price": any(leg.price is None for leg in legs),
        # The sandbox's prices are all there from the beginning: nobody else is ever asked for them.
        "price_sought_at": integration.added_at if integration.mode is Mode.SANDBOX else None,
        "currencies": sorted({name for leg in legs for name in (leg.asset.id, leg.asset.token_id) if name}),
        "legs": msgspec.json.encode(legs),
        "legs_version": policy.LEGS_VERSION,
        "generation": integration.generation,
    }
