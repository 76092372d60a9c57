"""What the ledger keeps of a person: told to them page by page, erased batch by batch."""

from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from kryptos.domains.ledger._tables import ledger_entries, transactions
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


async def erase_transactions(uow: Uow, *, integration_id: str, limit: int) -> dict[str, int]:
    """Delete up to ``limit`` transactions of a connection with their entries; return how many rows of what."""
    batch = await uow.all(
        sa.select(transactions.c.id).where(transactions.c.integration_id == integration_id).limit(limit)
    )
    ids = sa.cast([row.id for row in batch], ARRAY(sa.Text))
    entries = await uow.execute(
        sa.delete(ledger_entries).where(ledger_entries.c.transaction_id == sa.any_(ids))
    )
    gone = await uow.execute(sa.delete(transactions).where(transactions.c.id == sa.any_(ids)))
    return {"ledger_entries": entries.rowcount, "transactions": gone.rowcount}
