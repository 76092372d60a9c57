"""What the ledger keeps of a person: told to them page by page, erased batch by batch."""

from collections.abc import Collection
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from kryptos.domains.ledger._tables import assets, ledger_entries, transactions
from kryptos.infra.database import Uow

_TOLD = (
    "id", "workspace_id", "mode", "integration_id", "chain_id", "platform_id", "height", "at", "label", "type",
    "has_failed", "is_spam", "is_nft", "is_manual", "is_edited", "is_missing_price", "legs",
)  # fmt: skip
_PREFIX = "trx_"
KEY_BYTES = 16


async def list_transaction_keys(uow: Uow, *, integration_id: str) -> bytes:
    """Return keys of everything that was read through a connection, as of this instant, oldest first.

    A key has ``KEY_BYTES`` bytes, so that a million of them are nothing to hold.
    """
    digits = sa.func.substr(transactions.c.id, len(_PREFIX) + 1)
    in_order = aggregate_order_by(sa.literal(b""), transactions.c.at.asc(), transactions.c.id.asc())
    row = await uow.first(
        sa.select(sa.func.string_agg(sa.func.decode(digits, "hex"), in_order).label("keys")).where(
            transactions.c.integration_id == integration_id
        )
    )
    return (row.keys if row else None) or b""


async def export_transactions(uow: Uow, *, keys: bytes) -> list[dict[str, Any]]:
    """Return those of these transactions that are still there, in the order asked; legs as they are kept, exact."""
    ids = [_PREFIX + keys[start : start + KEY_BYTES].hex() for start in range(0, len(keys), KEY_BYTES)]
    told = (transactions.c[name] for name in _TOLD)
    rows = await uow.dicts(sa.select(*told).where(transactions.c.id == sa.any_(sa.cast(ids, ARRAY(sa.Text)))))
    place = {each: number for number, each in enumerate(ids)}
    rows.sort(key=lambda row: place[row["id"]])
    return [{**row, "legs": msgspec.Raw(row["legs"])} for row in rows]


async def erase_transactions(
    uow: Uow, *, integration_id: str, limit: int
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Delete up to ``limit`` transactions of a connection with their entries; return how many, and the assets moved."""
    batch = await uow.all(
        sa.select(transactions.c.id).where(transactions.c.integration_id == integration_id).limit(limit)
    )
    ids = sa.cast([row.id for row in batch], ARRAY(sa.Text))
    entries = await uow.all(
        sa.delete(ledger_entries)
        .where(ledger_entries.c.transaction_id == sa.any_(ids))
        .returning(ledger_entries.c.asset_id)
    )
    gone = await uow.execute(sa.delete(transactions).where(transactions.c.id == sa.any_(ids)))
    counts = {"ledger_entries": len(entries), "transactions": gone.rowcount}
    return counts, tuple(sorted({row.asset_id for row in entries}))


async def list_moved(uow: Uow, *, integration_id: str) -> tuple[str, ...]:
    """Return every asset that was moved at a connection."""
    rows = await uow.all(
        sa.select(ledger_entries.c.asset_id)
        .where(ledger_entries.c.integration_id == integration_id)
        .distinct()
    )
    return tuple(row.asset_id for row in rows)


async def hold_obscure_assets(uow: Uow, *, asset_ids: Collection[str]) -> tuple[str, ...]:
    """Return those of these assets that only contracts tell of, and keep anybody from beginning to use one.

    Whoever reads of such an asset waits, and stores it anew if it is deleted.
    """
    rows = await uow.all(
        sa.select(assets.c.id)
        .where(assets.c.id.in_(list(asset_ids)), assets.c.contract.is_not(None), assets.c.token_id.is_(None))
        .order_by(assets.c.id)
        .with_for_update()
    )
    return tuple(row.id for row in rows)


async def erase_unmoved(uow: Uow, *, asset_ids: Collection[str]) -> int:
    """Delete those of these assets that no transaction of anybody moved; return how many. They are held."""
    is_moved = sa.exists().where(ledger_entries.c.asset_id == assets.c.id)
    unmoved = sa.delete(assets).where(assets.c.id.in_(list(asset_ids)), ~is_moved)
    return (await uow.execute(unmoved)).rowcount
