"""Follow a sync: asked for, begun, each stage on each chain, ended; what everybody sees of it is written here."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert

from kryptos.domains.integrations import policy
from kryptos.domains.integrations._tables import integration_stages, integrations
from kryptos.domains.integrations.contracts import (
    CHAIN_STAGES,
    Finding,
    Integration,
    Stage,
    StageStatus,
    Status,
)
from kryptos.domains.integrations.errors import IntegrationNotFound
from kryptos.domains.integrations.events import SyncEnded, SyncRequested
from kryptos.domains.integrations.service.find import find_integration
from kryptos.infra.database import Uow

_LOST_AFTER = timedelta(hours=1)
"""A sync of which nothing was heard for so long is asked for again: its job may be among the dead."""
_READ = (StageStatus.COMPLETED, StageStatus.NOT_SUPPORTED)


async def request_sync(uow: Uow, *, integration_id: str, from_start: bool = False) -> None:
    """Ask for a sync: with ``from_start`` everything is read again, and replaces what was read when that is done.

    A paused connection is resumed by it: whoever asks may read.
    """
    values: dict[str, object] = {
        "status": Status.QUEUED.value,
        "next_sync_at": uow.now + _LOST_AFTER,
        "paused_at": None,
    }
    if from_start:
        values["generation"] = integrations.c.generation + 1
    asked = await uow.execute(
        sa.update(integrations).where(integrations.c.id == integration_id).values(values)
    )
    if not asked.rowcount:
        raise IntegrationNotFound
    uow.emit(SyncRequested(integration_id=integration_id))


async def begin_sync(uow: Uow, *, integration_id: str, is_continued: bool = False) -> Integration | None:
    """Note that a sync runs, and return what is to be read; None for a connection that was removed or is paused.

    A sync that was interrupted begins again: a stage that was done by then is looked at once more, unless this is
    the continuation of a run that made room for others, and nobody has asked for another sync since.
    """
    mine = sa.select(integrations.c.status).where(integrations.c.id == integration_id)
    before = await uow.first(mine.with_for_update())
    row = await uow.first(
        sa.update(integrations)
        .where(integrations.c.id == integration_id, integrations.c.paused_at.is_(None))
        .values(status=Status.ONGOING.value, next_sync_at=uow.now + _LOST_AFTER)
        .returning(integrations.c.chains)
    )
    if before is None or row is None:
        return None
    if is_continued and before.status != Status.QUEUED:
        return await find_integration(uow, integration_id=integration_id)
    pairs = [(chain_id, stage) for chain_id in row.chains for stage in CHAIN_STAGES]
    waiting = insert(integration_stages).from_select(
        ["integration_id", "chain_id", "stage", "status", "changed_at"],
        sa.select(
            sa.literal(integration_id),
            sa.func.unnest(sa.cast([chain_id for chain_id, _ in pairs], ARRAY(sa.Text))),
            sa.func.unnest(sa.cast([stage.value for _, stage in pairs], ARRAY(sa.Text))),
            sa.literal(StageStatus.WAITING.value),
            sa.literal(uow.now, sa.DateTime(timezone=True)),
        ),
    )
    await uow.execute(
        waiting.on_conflict_do_update(
            index_elements=["integration_id", "chain_id", "stage"],
            set_={"status": waiting.excluded.status, "changed_at": waiting.excluded.changed_at},
        )
    )
    return await find_integration(uow, integration_id=integration_id)


async def record_stage(
    uow: Uow, *, integration_id: str, chain_id: str, stage: Stage, finding: Finding
) -> None:
    """Write how a stage stands on one chain."""
    values: dict[str, object] = {
        "status": finding.status.value,
        "message": finding.message,
        "code": finding.code,
        "changed_at": uow.now,
    }
    if finding.status in _READ:
        values["succeeded_at"] = uow.now
    row = {"integration_id": integration_id, "chain_id": chain_id, "stage": stage.value, **values}
    await uow.execute(
        insert(integration_stages)
        .values(row)
        .on_conflict_do_update(index_elements=["integration_id", "chain_id", "stage"], set_=values)
    )


async def count_transactions(uow: Uow, *, integration_id: str, added: int) -> None:
    """Add to the number of transactions that were read; a negative number takes away."""
    if added:
        await uow.execute(
            sa.update(integrations)
            .where(integrations.c.id == integration_id)
            .values(total_transactions=integrations.c.total_transactions + added)
        )


async def end_sync(
    uow: Uow, *, integration_id: str, every: timedelta, retry_after_seconds: int | None = None
) -> Integration | None:
    """Write what a sync came to and when the next one is due; None for one that was removed or paused meanwhile.

    A sync that was asked for while this one ran stays asked for.
    """
    integration = await find_integration(uow, integration_id=integration_id)
    if integration is None:
        return None
    status, message, code = policy.overall(tuple(integration.stages.values()))
    # A gap that only a setting closes is no failure: asking again soon would find the same.
    failures = integrations.c.failures + 1 if code else sa.literal(0)
    row = await uow.first(
        sa.update(integrations)
        .where(integrations.c.id == integration_id, integrations.c.paused_at.is_(None))
        .values(
            status=sa.case(
                (integrations.c.status == Status.QUEUED.value, integrations.c.status), else_=status.value
            ),
            message=message,
            code=code,
            failures=failures,
            last_synced_at=integrations.c.last_synced_at if status is Status.FAILED else uow.now,
        )
        .returning(integrations.c.failures)
    )
    if row is None:
        return None
    wait = policy.pause_until_next(
        failures=row.failures,
        retry_after_seconds=retry_after_seconds,
        every=every,
        chance=int.from_bytes(uow.random_bytes(4), "big"),
    )
    await uow.execute(
        sa.update(integrations).where(integrations.c.id == integration_id).values(next_sync_at=uow.now + wait)
    )
    uow.emit(
        SyncEnded(workspace_id=integration.workspace_id, integration_id=integration_id, status=status.value)
    )
    return await find_integration(uow, integration_id=integration_id)
