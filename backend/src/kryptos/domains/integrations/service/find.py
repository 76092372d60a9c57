"""Find connections: one, a page of a workspace's, all that are due."""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from kryptos.domains.clients import Mode
from kryptos.domains.integrations import policy
from kryptos.domains.integrations._tables import integration_stages, integrations
from kryptos.domains.integrations.contracts import (
    CHAIN_STAGES,
    Finding,
    Integration,
    IntegrationPage,
    Stage,
    StageLog,
    StageStatus,
    Status,
)
from kryptos.domains.integrations.errors import IntegrationNotFound
from kryptos.infra.database import Uow

UNDER_WAY = (StageStatus.WAITING, StageStatus.ONGOING)
_NOT_SUPPORTED = "Not supported yet: this stage is not read for any provider."


async def find_integration(uow: Uow, *, integration_id: str) -> Integration | None:
    """Return a connection wherever it is; for the worker, which acts for nobody."""
    row = await uow.first(sa.select(integrations).where(integrations.c.id == integration_id))
    return None if row is None else (await _with_stages(uow, [row]))[0]


async def get_integration(
    uow: Uow, *, workspace_id: str, mode: Mode, integration_id: str, for_update: bool = False
) -> Integration:
    """Return a connection of this workspace and mode; raise ``IntegrationNotFound`` for all others."""
    found = sa.select(integrations).where(
        integrations.c.id == integration_id,
        integrations.c.workspace_id == workspace_id,
        integrations.c.mode == mode.value,
    )
    row = await uow.first(found.with_for_update() if for_update else found)
    if row is None:
        raise IntegrationNotFound
    return (await _with_stages(uow, [row]))[0]


async def list_all(uow: Uow, *, workspace_id: str, mode: Mode) -> tuple[Integration, ...]:
    """Return every connection of a workspace and mode, oldest first."""
    rows = await uow.all(
        sa.select(integrations)
        .where(integrations.c.workspace_id == workspace_id, integrations.c.mode == mode.value)
        .order_by(integrations.c.id)
    )
    return await _with_stages(uow, rows)


async def list_integrations(
    uow: Uow,
    *,
    workspace_id: str,
    mode: Mode,
    limit: int,
    offset: int,
    search: str | None = None,
    providers_named: Collection[str] = (),
) -> IntegrationPage:
    """Return a page, newest first. ``search`` looks into name, address, id and provider, capitals do not matter.

    ``providers_named`` are providers whose public name matches the search: names are the catalogue's.
    """
    wanted = [integrations.c.workspace_id == workspace_id, integrations.c.mode == mode.value]
    if search:
        texts = (integrations.c.alias, integrations.c.address, integrations.c.id, integrations.c.provider)
        wanted.append(
            sa.or_(
                *(text.icontains(search, autoescape=True) for text in texts),
                integrations.c.provider.in_(list(providers_named)),
            )
        )
    count = await uow.first(
        sa.select(sa.func.count().label("number")).select_from(integrations).where(*wanted)
    )
    rows = await uow.all(
        sa.select(integrations).where(*wanted).order_by(integrations.c.id.desc()).limit(limit).offset(offset)
    )
    return IntegrationPage(items=await _with_stages(uow, rows), total_count=count.number if count else 0)


async def list_due(uow: Uow, *, limit: int) -> list[str]:
    """Return the ids of connections whose next sync is due, longest due first; rows that others hold are left out."""
    rows = await uow.all(
        sa.select(integrations.c.id)
        .where(integrations.c.next_sync_at <= uow.now, integrations.c.paused_at.is_(None))
        .order_by(integrations.c.next_sync_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [row.id for row in rows]


def _with_age(message: str | None, rows: Sequence[sa.Row[Any]]) -> str | None:
    """Return what is said of failures together with how old what is shown of these chains is, at the oldest."""
    failed = [row.succeeded_at for row in rows if row.status == StageStatus.FAILED]
    if message is None or not failed:
        return message
    known = [each for each in failed if each is not None]
    if not known:
        return f"{message} Nothing has been read yet."
    unread = "" if len(known) == len(failed) else ", of some chains nothing yet"
    return f"{message} What is shown was read on {min(known):%Y-%m-%d at %H:%M} UTC{unread}."


async def _with_stages(uow: Uow, rows: Sequence[sa.Row[Any]]) -> tuple[Integration, ...]:
    if not rows:
        return ()
    found = await uow.all(
        sa.select(integration_stages).where(integration_stages.c.integration_id.in_([row.id for row in rows]))
    )
    by_integration: dict[str, list[sa.Row[Any]]] = {}
    for each in found:
        by_integration.setdefault(each.integration_id, []).append(each)
    return tuple(_integration(row, by_integration.get(row.id, [])) for row in rows)


def _integration(row: sa.Row[Any], stages: Sequence[sa.Row[Any]]) -> Integration:
    of_chains = [each for each in stages if each.chain_id in row.chains]
    return Integration(
        id=row.id,
        workspace_id=row.workspace_id,
        mode=Mode(row.mode),
        user_id=row.user_id,
        client_id=row.client_id,
        provider=row.provider,
        category=row.category,
        address=row.address,
        chains=tuple(row.chains),
        alias=row.alias,
        persona=row.persona,
        status=Status(row.status),
        message=policy.PAUSED_MESSAGE if row.paused_at else row.message,
        code=policy.PAUSED_CODE if row.paused_at else row.code,
        generation=row.generation,
        total_transactions=row.total_transactions,
        added_at=row.added_at,
        last_synced_at=row.last_synced_at,
        ownership_proven_at=row.ownership_proven_at,
        paused_at=row.paused_at,
        waiting=_waiting(of_chains),
        stages={stage: _log(stage, of_chains, len(row.chains)) for stage in Stage} if of_chains else {},
    )


def _waiting(rows: Sequence[sa.Row[Any]]) -> dict[str, tuple[Stage, ...]]:
    left: dict[str, set[str]] = {}
    for row in rows:
        if row.status in UNDER_WAY:
            left.setdefault(row.chain_id, set()).add(row.stage)
    return {
        chain_id: tuple(each for each in CHAIN_STAGES if each in stages) for chain_id, stages in left.items()
    }


def _log(stage: Stage, rows: Sequence[sa.Row[Any]], chains_total: int) -> StageLog:
    if stage not in CHAIN_STAGES:
        return StageLog(stage, StageStatus.NOT_SUPPORTED, _NOT_SUPPORTED, None, None, 0, 0)
    mine = [row for row in rows if row.stage == stage]
    findings = [Finding(StageStatus(row.status), row.message, row.code) for row in mine]
    findings += [Finding(StageStatus.WAITING)] * (chains_total - len(mine))
    whole = policy.combined(findings)
    succeeded = [row.succeeded_at for row in mine]
    is_known = len(mine) == chains_total and all(succeeded)
    return StageLog(
        stage,
        whole.status,
        _with_age(whole.message, mine),
        whole.code,
        min(succeeded) if is_known else None,
        sum(each.status not in UNDER_WAY for each in findings),
        chains_total,
    )
