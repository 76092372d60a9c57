"""Keep and find the facts of assets: the catalogue's word first, then what the contract said of itself."""

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from kryptos.catalog import find_token, get_chain
from kryptos.domains.ledger import policy
from kryptos.domains.ledger._tables import assets
from kryptos.domains.ledger.contracts import Asset
from kryptos.infra.database import Uow
from kryptos.providers.contracts import AssetRef, Standard


async def keep_assets(uow: Uow, *, refs: Collection[AssetRef]) -> Mapping[str, Asset]:
    """Store what is new of these assets and return all of them by id. What is known is never overwritten by less."""
    facts = {policy.asset_id(ref): _facts(ref) for ref in refs}
    if not facts:
        return {}
    known = await _keep_hold(uow, await find_assets(uow, ids=facts.keys()))
    fresh = [facts[each] for each in sorted(facts) if _tells_more(facts[each], known.get(each))]
    if not fresh:
        return known
    rows = [{**_row(asset), "created_at": uow.now} for asset in fresh]
    statement = insert(assets).values(rows)
    told = ("symbol", "name", "decimals", "token_id")
    await uow.execute(
        statement.on_conflict_do_update(
            index_elements=[assets.c.id],
            set_={
                **{name: sa.func.coalesce(assets.c[name], statement.excluded[name]) for name in told},
                # A name that was not known yet is judged like one that was told at once.
                "is_spam": sa.or_(
                    assets.c.is_spam,
                    sa.and_(
                        statement.excluded.is_spam,
                        sa.or_(assets.c.symbol.is_(None), assets.c.name.is_(None)),
                    ),
                ),
            },
        )
    )
    return await find_assets(uow, ids=facts.keys())


async def find_assets(uow: Uow, *, ids: Collection[str]) -> Mapping[str, Asset]:
    """Return those of these assets that are known, by id."""
    rows = await uow.all(
        sa.select(assets).where(assets.c.id == sa.any_(sa.cast(list(ids), sa.ARRAY(sa.Text))))
    )
    return {row.id: asset_of(row) for row in rows}


async def _keep_hold(uow: Uow, known: Mapping[str, Asset]) -> Mapping[str, Asset]:
    """Return those that are still there, and keep the ones of which only contracts tell from being erased.

    They are erased with the last person who moved one, which must not be while another begins to.
    """
    obscure = {each.id for each in known.values() if each.contract is not None and each.token_id is None}
    if not obscure:
        return known
    held = await uow.all(
        sa.select(assets.c.id)
        .where(assets.c.id.in_(sorted(obscure)))
        .order_by(assets.c.id)
        .with_for_update(read=True, key_share=True)
    )
    gone = obscure - {row.id for row in held}
    return {each: asset for each, asset in known.items() if each not in gone}


def asset_of(row: sa.Row[Any]) -> Asset:
    """Return the asset of a row of its table."""
    return Asset(
        id=row.id,
        chain_id=row.chain_id,
        standard=row.standard,
        contract=row.contract,
        symbol=row.symbol,
        name=row.name,
        decimals=row.decimals,
        token_id=row.token_id,
        is_spam=row.is_spam,
    )


def _facts(ref: AssetRef) -> Asset:
    symbol, name = policy.plain_text(ref.symbol), policy.plain_text(ref.name)
    token_id, is_known = None, ref.contract is None
    decimals = ref.decimals
    if ref.contract is None:
        native = get_chain(ref.chain_id).native
        symbol, name, token_id = native.symbol, native.name, native.token_id
    elif token := find_token(ref.chain_id, ref.contract):
        symbol, name, token_id, is_known = token.symbol, token.name, token.token_id, True
        decimals = decimals if decimals is not None else token.decimals
    return Asset(
        id=policy.asset_id(ref),
        chain_id=ref.chain_id,
        standard=Standard(ref.standard).value,
        contract=ref.contract,
        symbol=symbol,
        name=name,
        decimals=decimals,
        token_id=token_id,
        is_spam=not is_known and policy.is_advertisement(symbol, name),
    )


def _row(asset: Asset) -> dict[str, object]:
    return {name: getattr(asset, name) for name in Asset.__struct_fields__}


def _tells_more(found: Asset, known: Asset | None) -> bool:
    if known is None:
        return True
    return any(
        getattr(known, name) is None and getattr(found, name) is not None
        for name in ("symbol", "name", "decimals", "token_id")
    )
