"""Access records: each successful data call, told to the person; written many at once, read newest first."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert

from kryptos.domains.grants._tables import access_records, access_tokens, grants
from kryptos.domains.grants.contracts import AccessRecord
from kryptos.infra.database import Uow

_PRUNED_AT_ONCE = 10_000
_INSTANTS = sa.DateTime(timezone=True)


async def record_use(uow: Uow, *, used_at: Mapping[str, datetime]) -> None:
    """Write when tokens were last used, many at once: access token id → instant."""
    if not used_at:
        return
    ids = sorted(used_at)  # one order for all processes: no deadlock between two flushes
    # Two arrays and not a list of rows: the statement stays the same and so is compiled and prepared once.
    used = (
        sa.func.unnest(
            sa.cast(ids, ARRAY(sa.Text)), sa.cast([used_at[each] for each in ids], ARRAY(_INSTANTS))
        )
        .table_valued("id", "at", name="used")
        .render_derived()
    )
    await uow.execute(
        sa.update(access_tokens)
        .where(access_tokens.c.id == used.c.id)
        .where(sa.or_(access_tokens.c.last_used_at.is_(None), access_tokens.c.last_used_at < used.c.at))
        .values(last_used_at=used.c.at)
    )


async def record_accesses(uow: Uow, *, accesses: Sequence[AccessRecord]) -> None:
    """Write records, many at once. One that is there already is left as it is, so a lost reply can be repeated.

    Nothing is written for a grant that is gone, nor goes one while this writes: what was erased does not come back.
    """
    if not accesses:
        return
    noted = (
        sa.func.unnest(
            sa.cast([each.grant_id for each in accesses], ARRAY(sa.Text)),
            sa.cast([each.id for each in accesses], ARRAY(sa.Text)),
            sa.cast([each.at for each in accesses], ARRAY(_INSTANTS)),
            sa.cast([each.endpoint for each in accesses], ARRAY(sa.Text)),
            sa.cast([each.rows for each in accesses], ARRAY(sa.BigInteger)),
            sa.cast([each.request_id for each in accesses], ARRAY(sa.Text)),
        )
        .table_valued("grant_id", "id", "at", "endpoint", "rows", "request_id", name="noted")
        .render_derived()
    )
    known = (
        sa.select(*noted.c)
        .join(grants, grants.c.id == noted.c.grant_id)
        .with_for_update(read=True, key_share=True, of=grants)
    )
    await uow.execute(
        insert(access_records)
        .from_select(["grant_id", "id", "at", "endpoint", "rows", "request_id"], known)
        .on_conflict_do_nothing()
    )


async def list_accesses(
    uow: Uow, *, grant_id: str, before: str | None = None, limit: int
) -> list[AccessRecord]:
    """Return the accesses by a grant, newest first; with ``before`` those older than that record."""
    wanted = sa.select(access_records).where(access_records.c.grant_id == grant_id)
    if before is not None:
        wanted = wanted.where(access_records.c.id < before)
    rows = await uow.all(wanted.order_by(access_records.c.id.desc()).limit(limit))
    return [
        AccessRecord(
            grant_id=row.grant_id,
            id=row.id,
            at=row.at,
            endpoint=row.endpoint,
            rows=row.rows,
            request_id=row.request_id,
        )
        for row in rows
    ]


async def prune_accesses(uow: Uow, *, kept_for: timedelta) -> int:
    """Delete up to ten thousand records that have been kept long enough; return how many."""
    old = (
        sa.select(access_records.c.grant_id, access_records.c.id)
        .where(access_records.c.at < uow.now - kept_for)
        .limit(_PRUNED_AT_ONCE)
    )
    deleted = sa.delete(access_records).where(
        sa.tuple_(access_records.c.grant_id, access_records.c.id).in_(old)
    )
    return (await uow.execute(deleted)).rowcount
