"""Take transactions out of the ledger: those of a reorganisation, of an earlier reading, of a removed connection."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from kryptos.domains.ledger._tables import ledger_entries, transactions
from kryptos.infra.database import Uow


async def forget_above(uow: Uow, *, integration_id: str, chain_id: str, height: int) -> int:
    """Forget what was read of one account above a height (-1: all of it); return how many transactions that were."""
    return await _forget(
        uow,
        transactions.c.integration_id == integration_id,
        transactions.c.chain_id == chain_id,
        transactions.c.height > height,
    )


async def forget_generation(uow: Uow, *, integration_id: str, chain_id: str, below: int) -> int:
    """Forget what an earlier reading found and the one that has just come to its end did not; return how many."""
    return await _forget(
        uow,
        transactions.c.integration_id == integration_id,
        transactions.c.chain_id == chain_id,
        transactions.c.generation < below,
    )


async def remove_entries(uow: Uow, *, integration_id: str) -> int:
    """Delete everything that was read through a connection; return how many transactions that were."""
    return await _forget(uow, transactions.c.integration_id == integration_id)


async def forget_chains(uow: Uow, *, integration_id: str, chains: Collection[str]) -> int:
    """Delete what was read of some chains of a connection; return how many transactions that were."""
    return await _forget(
        uow, transactions.c.integration_id == integration_id, transactions.c.chain_id.in_(sorted(chains))
    )


async def _forget(uow: Uow, *which: sa.ColumnElement[bool]) -> int:
    gone: sa.CTE = sa.delete(transactions).where(*which).returning(transactions.c.id).cte("gone")
    entries: Any = sa.delete(ledger_entries).where(ledger_entries.c.transaction_id.in_(sa.select(gone.c.id)))
    row = await uow.first(
        sa.select(sa.func.count().label("number")).select_from(gone).add_cte(entries.cte("entries"))
    )
    return row.number if row else 0
