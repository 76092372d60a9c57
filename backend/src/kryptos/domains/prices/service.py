"""Use cases of prices. What they keep was fetched before, outside of any transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert

from kryptos.domains.prices import policy
from kryptos.domains.prices._tables import latest_prices, price_epochs, price_watch, prices
from kryptos.domains.prices.contracts import LatestPrice, PriceAt
from kryptos.infra.database import Uow
from kryptos.kernel.amount import Amount
from kryptos.providers.prices.contracts import US_DOLLAR, PricePoint, Quote

_INSTANT = sa.DateTime(timezone=True)


async def keep_latest(uow: Uow, quotes: Collection[Quote], *, day_before: Collection[Quote] = ()) -> int:
    """Write the newest prices, and beside each what it was a day before; return how many values changed.

    ``day_before`` answers ``list_wanted_day_before``; without an answer the stored one stays as long as it is still of
    a day before. An older price never replaces a newer one. When a value has changed, the epoch of its currency is
    raised in this transaction; that a price was merely seen again moves its instant and raises nothing.
    """
    newest = {_key(quote): quote for quote in sorted(quotes, key=lambda each: each.at)}
    if not newest:
        return 0
    ordered = [newest[key] for key in sorted(newest)]  # one order for all processes: no deadlock
    fresh = _rows_of_latest(ordered, {_key(before): before for before in day_before})
    changed = await uow.all(_upsert_latest(uow, fresh))
    await uow.execute(_touch_latest(uow, fresh))
    await _raise_epochs(uow, {row.base_currency for row in changed})
    return len(changed)


async def keep_historical(uow: Uow, quotes: Collection[Quote]) -> int:
    """Write prices of the past; return how many are new. What is stored for a minute already stays as it is."""
    by_key = {(each.token_id, each.base_currency, policy.minute_of(each.at)): each for each in quotes}
    if not by_key:
        return 0
    keys = sorted(by_key)  # one order for all processes: no deadlock between two writers
    ordered = [by_key[key] for key in keys]
    rows = _unnest(
        token_id=sa.cast([key[0] for key in keys], ARRAY(sa.Text)),
        base_currency=sa.cast([key[1] for key in keys], ARRAY(sa.Text)),
        at=sa.cast([key[2] for key in keys], ARRAY(_INSTANT)),
        price=sa.cast([each.price.decimal for each in ordered], ARRAY(sa.Numeric)),
        source=sa.cast([each.source for each in ordered], ARRAY(sa.Text)),
    )
    fresh = insert(prices).from_select([column.name for column in rows.c], sa.select(*rows.c))
    return (await uow.execute(fresh.on_conflict_do_nothing())).rowcount


async def find_latest(
    uow: Uow, token_ids: Collection[str], *, base_currency: str = US_DOLLAR
) -> Mapping[str, LatestPrice]:
    """Return the newest known price of each token that has one.

    A rendering that remembers the epoch it was made with reads the epoch before the prices.
    """
    if not token_ids:
        return {}
    wanted = _unnest(token_id=sa.cast(sorted(set(token_ids)), ARRAY(sa.Text)))
    rows = await uow.all(
        sa.select(latest_prices)
        .join(wanted, wanted.c.token_id == latest_prices.c.token_id)
        .where(latest_prices.c.base_currency == base_currency)
    )
    return {row.token_id: _latest(row) for row in rows}


async def find_at(
    uow: Uow, wanted: Collection[PricePoint], *, base_currency: str = US_DOLLAR
) -> Mapping[PricePoint, PriceAt]:
    """Return for each point the stored price nearest to it, of two as near the earlier; none beyond an hour."""
    if not wanted:
        return {}
    points = sorted(set(wanted))
    asked = _unnest(
        token_id=sa.cast([point.token_id for point in points], ARRAY(sa.Text)),
        at=sa.cast([point.at for point in points], ARRAY(_INSTANT)),
    )
    distance = sa.func.abs(sa.func.extract("epoch", prices.c.at - asked.c.at))
    nearest = (
        sa.select(prices)
        .where(
            prices.c.token_id == asked.c.token_id,
            prices.c.base_currency == base_currency,
            prices.c.at.between(asked.c.at - policy.NEAR, asked.c.at + policy.NEAR),
        )
        .order_by(distance, prices.c.at)
        .limit(1)
        .lateral("nearest")
    )
    rows = await uow.all(
        sa.select(asked.c.at.label("asked_at"), nearest).select_from(asked.join(nearest, sa.true()))
    )
    return {PricePoint(row.token_id, row.asked_at): _price_at(row) for row in rows}


async def get_epoch(uow: Uow, *, base_currency: str = US_DOLLAR) -> int:
    """Return how often latest prices in this currency have changed: the same number, the same prices."""
    row = await uow.first(
        sa.select(price_epochs.c.epoch).where(price_epochs.c.base_currency == base_currency)
    )
    return 0 if row is None else int(row.epoch)


async def watch(uow: Uow, token_ids: Collection[str]) -> None:
    """Note that these tokens are held or were moved: from now on they are kept priced.

    Cheap where it was noted within the last hour: nothing is written, and no reader waits for another.
    """
    if not token_ids:
        return
    given = _unnest(token_id=sa.cast(sorted(set(token_ids)), ARRAY(sa.Text)))
    is_noted = sa.exists().where(
        price_watch.c.token_id == given.c.token_id,
        price_watch.c.last_wanted_at > uow.now - policy.WATCH_REST,
    )
    fresh = insert(price_watch).from_select(
        ["token_id", "last_wanted_at"],
        sa.select(given.c.token_id, sa.literal(uow.now, _INSTANT))
        .where(~is_noted)
        .order_by(given.c.token_id),
    )
    await uow.execute(
        fresh.on_conflict_do_update(
            index_elements=[price_watch.c.token_id],
            set_={
                "last_wanted_at": sa.func.greatest(
                    price_watch.c.last_wanted_at, fresh.excluded.last_wanted_at
                )
            },
        )
    )


async def list_wanted(uow: Uow, *, after: str = "", limit: int = 1000) -> tuple[str, ...]:
    """Return the tokens to keep priced, by id, behind the id ``after``; fewer than ``limit`` when there are no more."""
    rows = await uow.all(
        sa.select(price_watch.c.token_id)
        .where(
            price_watch.c.token_id > after,
            price_watch.c.last_wanted_at > uow.now - policy.WANTED_FOR,
        )
        .order_by(price_watch.c.token_id)
        .limit(limit)
    )
    return tuple(row.token_id for row in rows)


async def list_wanted_day_before(uow: Uow, quotes: Collection[Quote]) -> tuple[PricePoint, ...]:
    """Return what to ask of history before these quotes are kept as the latest: a day before each.

    Left out are those whose stored price of a day before is still within half an hour of that.
    """
    if not quotes:
        return ()
    wanted = {_key(quote): policy.minute_of(quote.at - policy.DAY) for quote in quotes}
    keys = sorted(wanted)
    given = _unnest(
        token_id=sa.cast([key[0] for key in keys], ARRAY(sa.Text)),
        base_currency=sa.cast([key[1] for key in keys], ARRAY(sa.Text)),
        at=sa.cast([wanted[key] for key in keys], ARRAY(_INSTANT)),
    )
    is_known = sa.exists().where(
        latest_prices.c.token_id == given.c.token_id,
        latest_prices.c.base_currency == given.c.base_currency,
        latest_prices.c.price_24h_before_at.between(
            given.c.at - policy.DAY_BEFORE_DRIFT, given.c.at + policy.DAY_BEFORE_DRIFT
        ),
    )
    rows = await uow.all(sa.select(given.c.token_id, given.c.at).where(~is_known).order_by(given.c.token_id))
    return tuple(PricePoint(row.token_id, row.at) for row in rows)


async def prune(uow: Uow) -> int:
    """Delete what nobody has wanted for a month: the wish, and the latest price. Prices of the past stay."""
    forgotten = await uow.execute(
        sa.delete(price_watch).where(price_watch.c.last_wanted_at <= uow.now - policy.WANTED_FOR)
    )
    is_wanted = sa.exists().where(price_watch.c.token_id == latest_prices.c.token_id)
    dropped = await uow.all(
        sa.delete(latest_prices)
        .where(~is_wanted, latest_prices.c.updated_at <= uow.now - policy.DAY)
        .returning(latest_prices.c.base_currency)
    )
    await _raise_epochs(uow, {row.base_currency for row in dropped})
    return forgotten.rowcount + len(dropped)


def _key(quote: Quote) -> tuple[str, str]:
    return quote.token_id, quote.base_currency


def _rows_of_latest(
    quotes: Sequence[Quote], day_before: Mapping[tuple[str, str], Quote]
) -> sa.TableValuedAlias:
    befores = [_before(quote, day_before.get(_key(quote))) for quote in quotes]
    return _unnest(
        token_id=sa.cast([each.token_id for each in quotes], ARRAY(sa.Text)),
        base_currency=sa.cast([each.base_currency for each in quotes], ARRAY(sa.Text)),
        price=sa.cast([each.price.decimal for each in quotes], ARRAY(sa.Numeric)),
        at=sa.cast([each.at for each in quotes], ARRAY(_INSTANT)),
        price_24h_before=sa.cast([each[0] for each in befores], ARRAY(sa.Numeric)),
        price_24h_before_at=sa.cast([each[1] for each in befores], ARRAY(_INSTANT)),
        source=sa.cast([each.source for each in quotes], ARRAY(sa.Text)),
    )


def _before(quote: Quote, before: Quote | None) -> tuple[Decimal | None, datetime | None]:
    if before is None or not policy.is_day_before(before.at, quote.at):
        return None, None
    return before.price.decimal, before.at


def _upsert_latest(uow: Uow, rows: sa.TableValuedAlias) -> sa.Executable:
    """Return the statement that writes what differs, and returns a row for each that did.

    It locks every row that it meets, in order, also those that it leaves alone.
    """
    fresh = insert(latest_prices).from_select(
        [*(column.name for column in rows.c), "updated_at"],
        sa.select(*rows.c, sa.literal(uow.now, _INSTANT)),
    )
    new, old = fresh.excluded, latest_prices.c
    day_before = new.at - policy.DAY
    stays = sa.and_(
        new.price_24h_before_at.is_(None),
        old.price_24h_before_at.between(day_before - policy.NEAR, day_before + policy.NEAR),
    )
    before = sa.case((stays, old.price_24h_before), else_=new.price_24h_before)
    return fresh.on_conflict_do_update(
        index_elements=[old.token_id, old.base_currency],
        set_={
            "price": new.price,
            "at": new.at,
            "price_24h_before": before,
            "price_24h_before_at": sa.case((stays, old.price_24h_before_at), else_=new.price_24h_before_at),
            "source": new.source,
            "updated_at": new.updated_at,
        },
        where=sa.and_(
            new.at >= old.at,
            sa.or_(
                new.price != old.price,
                new.source != old.source,
                before.is_distinct_from(old.price_24h_before),
            ),
        ),
    ).returning(latest_prices.c.base_currency)


def _touch_latest(uow: Uow, rows: sa.TableValuedAlias) -> sa.Executable:
    """Return the statement that moves the instants of prices that were seen again; their rows are locked already."""
    before_at = sa.func.coalesce(rows.c.price_24h_before_at, latest_prices.c.price_24h_before_at)
    return (
        sa.update(latest_prices)
        .where(latest_prices.c.token_id == rows.c.token_id)
        .where(latest_prices.c.base_currency == rows.c.base_currency)
        .where(
            sa.or_(
                latest_prices.c.at < rows.c.at,
                sa.and_(
                    latest_prices.c.at == rows.c.at,
                    before_at.is_distinct_from(latest_prices.c.price_24h_before_at),
                ),
            )
        )
        .values(at=rows.c.at, price_24h_before_at=before_at, updated_at=uow.now)
    )


async def _raise_epochs(uow: Uow, base_currencies: Collection[str]) -> None:
    for base_currency in sorted(base_currencies):
        first = insert(price_epochs).values(base_currency=base_currency, epoch=1)
        await uow.execute(
            first.on_conflict_do_update(
                index_elements=[price_epochs.c.base_currency], set_={"epoch": price_epochs.c.epoch + 1}
            )
        )


def _unnest(**arrays: sa.ColumnElement[Sequence[object]]) -> sa.TableValuedAlias:
    """Return rows out of one array a column: the statement stays the same however many they are."""
    return sa.func.unnest(*arrays.values()).table_valued(*arrays, name="given").render_derived()


def _latest(row: sa.Row[tuple[object, ...]]) -> LatestPrice:
    return LatestPrice(
        token_id=row.token_id,
        base_currency=row.base_currency,
        price=Amount(row.price),
        at=row.at,
        price_24h_before=None if row.price_24h_before is None else Amount(row.price_24h_before),
        source=row.source,
        updated_at=row.updated_at,
    )


def _price_at(row: sa.Row[tuple[object, ...]]) -> PriceAt:
    return PriceAt(
        token_id=row.token_id,
        base_currency=row.base_currency,
        price=Amount(row.price),
        at=row.at,
        source=row.source,
    )
