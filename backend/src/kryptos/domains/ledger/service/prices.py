"""Prices of what moved: the stored ones when a page is kept, those that are found later in a step of their own."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal

import msgspec
import sqlalchemy as sa

from kryptos.domains import prices
from kryptos.domains.clients import Mode
from kryptos.domains.ledger._tables import transactions
from kryptos.domains.ledger.contracts import Leg
from kryptos.domains.prices import PricePoint
from kryptos.infra.database import Uow
from kryptos.providers.sandbox import sandbox_price

_LEGS = msgspec.json.Decoder(tuple[Leg, ...])


async def prices_at(
    uow: Uow, *, mode: Mode, wanted: Collection[tuple[str, datetime]]
) -> Mapping[tuple[str, datetime], Decimal]:
    """Return the known prices of tokens at instants; the sandbox has its own, which are not of this world."""
    if mode is Mode.SANDBOX:
        told = {each: sandbox_price(*each) for each in wanted}
        return {each: price.decimal for each, price in told.items() if price is not None}
    found = await prices.find_at(uow, [PricePoint(*each) for each in wanted])
    return {(each.token_id, each.at): price.price.decimal for each, price in found.items()}


async def list_unpriced(uow: Uow, *, limit: int) -> Mapping[str, frozenset[PricePoint]]:
    """Return transactions whose prices nobody has sought yet, each with the tokens and instants it needs."""
    rows = await uow.all(
        sa.select(transactions.c.id, transactions.c.at, transactions.c.legs)
        .where(transactions.c.is_missing_price, transactions.c.price_sought_at.is_(None))
        .order_by(transactions.c.id)
        .limit(limit)
    )
    return {
        row.id: frozenset(
            PricePoint(leg.asset.token_id, row.at)
            for leg in _LEGS.decode(row.legs)
            if leg.price is None and leg.asset.token_id is not None
        )
        for row in rows
    }


async def price_transactions(uow: Uow, *, ids: Collection[str]) -> int:
    """Give transactions the prices that are known by now, and do not seek them again; return how many got one."""
    rows = await uow.all(
        sa.select(transactions.c.id, transactions.c.mode, transactions.c.at, transactions.c.legs)
        .where(transactions.c.id == sa.any_(sa.cast(sorted(ids), sa.ARRAY(sa.Text))))
        .order_by(transactions.c.id)
        .with_for_update()
    )
    priced = 0
    for mode in Mode:
        mine = [(row, _LEGS.decode(row.legs)) for row in rows if row.mode == mode]
        wanted = {
            (leg.asset.token_id, row.at)
            for row, legs in mine
            for leg in legs
            if leg.price is None and leg.asset.token_id is not None
        }
        known = await prices_at(uow, mode=mode, wanted=wanted) if wanted else {}
        for row, legs in mine:
            filled = tuple(
                msgspec.structs.replace(leg, price=known.get((leg.asset.token_id or "", row.at)))
                if leg.price is None
                else leg
                for leg in legs
            )
            priced += filled != legs
            await uow.execute(
                sa.update(transactions)
                .where(transactions.c.id == row.id)
                .values(
                    legs=msgspec.json.encode(filled),
                    is_missing_price=any(leg.price is None for leg in filled),
                    price_sought_at=uow.now,
                )
            )
    return priced
