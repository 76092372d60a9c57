"""Read transactions, page by page: one statement on one index."""

from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, array

from kryptos.domains.clients import Mode
from kryptos.domains.ledger._tables import transactions
from kryptos.domains.ledger.contracts import Leg, Order, Transaction, TransactionFilter, TransactionsPage
from kryptos.infra.database import Uow

_LEGS = msgspec.json.Decoder(tuple[Leg, ...])
_READ = (
    "id", "integration_id", "chain_id", "platform_id", "at", "label", "type", "has_failed", "is_manual", "is_edited",
    "is_nft", "is_missing_price", "legs",
)  # fmt: skip


async def list_transactions(
    uow: Uow,
    *,
    workspace_id: str,
    mode: Mode,
    wanted: TransactionFilter,
    order: Order,
    limit: int,
    offset: int,
) -> TransactionsPage:
    """Return a page by time, ties by id, and how many transactions there are in all."""
    rows = await uow.all(page_statement(workspace_id, mode, wanted, order, limit=limit, offset=offset))
    return TransactionsPage(
        items=tuple(_transaction(row) for row in rows),
        total_count=await _total_of(uow, workspace_id=workspace_id, mode=mode, wanted=wanted),
    )


async def _total_of(uow: Uow, *, workspace_id: str, mode: Mode, wanted: TransactionFilter) -> int:
    """Return how many transactions there are."""
    row = await uow.first(count_statement(workspace_id, mode, wanted))
    return row.number if row else 0


def count_statement(workspace_id: str, mode: Mode, wanted: TransactionFilter) -> sa.Select[Any]:
    """Return the statement that counts; with no more asked than the owner it looks at an index alone."""
    return (
        sa.select(sa.func.count().label("number"))
        .select_from(transactions)
        .where(*_conditions(workspace_id, mode, wanted))
    )


def page_statement(
    workspace_id: str, mode: Mode, wanted: TransactionFilter, order: Order, *, limit: int, offset: int
) -> sa.Select[Any]:
    """Return the statement of a page; its plan is one range of an index."""
    by_time = (transactions.c.at, transactions.c.id)
    return (
        sa.select(*(transactions.c[name] for name in _READ))
        .where(*_conditions(workspace_id, mode, wanted))
        .order_by(*(each.desc() if order is Order.DESCENDING else each.asc() for each in by_time))
        .limit(limit)
        .offset(offset)
    )


def _conditions(workspace_id: str, mode: Mode, wanted: TransactionFilter) -> list[sa.ColumnElement[bool]]:
    of = transactions.c
    found: list[sa.ColumnElement[bool]] = [of.workspace_id == workspace_id, of.mode == mode.value]
    if not wanted.includes_spam:
        found.append(~of.is_spam)
    found += [
        column == is_wanted
        for column, is_wanted in (
            (of.is_nft, wanted.is_nft),
            (of.is_missing_price, wanted.is_missing_price),
            (of.is_edited, wanted.is_edited),
            (of.is_manual, wanted.is_manual),
        )
        if is_wanted is not None
    ]
    found += [
        column == sa.any_(sa.cast(list(values), ARRAY(sa.Text)))
        for column, values in (
            (of.integration_id, wanted.integration_ids),
            (of.label, wanted.labels),
            (of.type, wanted.types),
        )
        if values
    ]
    if wanted.currencies:
        found.append(of.currencies.op("&&")(sa.cast(array(wanted.currencies), ARRAY(sa.Text))))
    if wanted.transaction_id is not None:
        found.append(sa.or_(of.id == wanted.transaction_id, of.platform_id == wanted.transaction_id))
    if wanted.time_start is not None:
        found.append(of.at >= wanted.time_start)
    if wanted.time_end is not None:
        found.append(of.at <= wanted.time_end)
    return found


def _transaction(row: sa.Row[Any]) -> Transaction:
    return Transaction(
        id=row.id,
        integration_id=row.integration_id,
        chain_id=row.chain_id,
        platform_id=row.platform_id,
        at=row.at,
        label=row.label,
        type=row.type,
        has_failed=row.has_failed,
        is_manual=row.is_manual,
        is_edited=row.is_edited,
        is_nft=row.is_nft,
        is_missing_price=row.is_missing_price,
        legs=_LEGS.decode(row.legs),
    )
