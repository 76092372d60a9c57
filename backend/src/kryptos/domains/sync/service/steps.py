"""The steps of a sync: what was read is kept together with where to go on, or not at all."""

from sqlalchemy.dialects.postgresql import insert

from kryptos.domains import integrations, ledger, portfolio
from kryptos.domains.integrations import Finding, Integration, IntegrationNotFound, Stage, StageStatus
from kryptos.domains.sync._position import behind, find_positions
from kryptos.domains.sync._tables import sync_cursors
from kryptos.domains.sync.contracts import Plan
from kryptos.domains.sync.errors import SyncOvertaken
from kryptos.infra.database import Uow
from kryptos.kernel.errors import KryptosError
from kryptos.providers.contracts import Balances, NotSupported, TransactionPage


async def start_stage(uow: Uow, *, plan: Plan, chain_id: str, stage: Stage) -> None:
    """Note that a stage is being read."""
    await _still(uow, plan)
    await _record(uow, plan, chain_id, stage, Finding(StageStatus.ONGOING))


async def known_contracts(uow: Uow, *, plan: Plan, chain_id: str) -> tuple[str, ...]:
    """Return the tokens to look at even where they cannot be discovered."""
    return await ledger.known_contracts(uow, integration_id=plan.integration.id, chain_id=chain_id)


async def keep_balances(
    uow: Uow, *, plan: Plan, chain_id: str, found: Balances, looked_at: tuple[str, ...] = ()
) -> None:
    """Keep what an account holds; ``looked_at`` are the tokens that were asked about by name."""
    integration = await _still(uow, plan)
    await portfolio.keep_balances(
        uow, integration=integration, chain_id=chain_id, found=found, looked_at=looked_at
    )
    await _record(uow, plan, chain_id, Stage.BALANCES, _read(found.gaps))


async def keep_page(
    uow: Uow, *, plan: Plan, chain_id: str, page: TransactionPage, read_with: str | None
) -> None:
    """Keep a page of history and its cursor; the last page ends the stage and an earlier reading.

    ``read_with`` is the cursor it was asked for with: where another one is kept by now, somebody else reads this
    account too, and ``SyncOvertaken`` is raised. What any page left out is told until that part is read again.
    """
    integration = await _still(uow, plan)
    before = (await find_positions(uow, integration=integration)).get(chain_id)
    if (before.cursor if before else None) != read_with:
        raise SyncOvertaken
    position = behind(page, before)
    kept = await ledger.keep_transactions(
        uow,
        integration=integration,
        chain_id=chain_id,
        found=page.transactions,
        forgotten_above=page.forget_above,
    )
    added = kept.added - kept.removed
    if page.is_last:
        added -= await ledger.forget_generation(
            uow, integration_id=integration.id, chain_id=chain_id, below=integration.generation
        )
        await _record(uow, plan, chain_id, Stage.TRANSACTIONS, _read(position.gaps))
    await integrations.count_transactions(uow, integration_id=integration.id, added=added)
    cursor = {
        "cursor": position.cursor,
        "gaps": list(position.gaps),
        "generation": integration.generation,
        "kept_at": uow.now,
    }
    await uow.execute(
        insert(sync_cursors)
        .values(integration_id=integration.id, chain_id=chain_id, **cursor)
        .on_conflict_do_update(index_elements=["integration_id", "chain_id"], set_=cursor)
    )
    if page.transactions or added:
        await portfolio.touch(uow, workspace_id=integration.workspace_id, mode=integration.mode)


async def fail_stage(uow: Uow, *, plan: Plan, chain_id: str, stage: Stage, error: KryptosError) -> None:
    """Note why a stage could not be read; what was read before stays, with its age."""
    await _still(uow, plan)
    if isinstance(error, NotSupported):
        finding = Finding(StageStatus.NOT_SUPPORTED, error.message, error.code)
    else:
        finding = Finding(StageStatus.FAILED, error.message, error.code)
    await _record(uow, plan, chain_id, stage, finding)


def _read(gaps: tuple[str, ...]) -> Finding:
    return Finding(StageStatus.PARTIAL, " ".join(gaps)) if gaps else Finding(StageStatus.COMPLETED)


async def _record(uow: Uow, plan: Plan, chain_id: str, stage: Stage, finding: Finding) -> None:
    await integrations.record_stage(
        uow, integration_id=plan.integration.id, chain_id=chain_id, stage=stage, finding=finding
    )


async def _still(uow: Uow, plan: Plan) -> Integration:
    """Return the connection, held until this step ends; raise ``SyncOvertaken`` when the plan no longer holds."""
    mine = plan.integration
    try:
        found = await integrations.get_integration(
            uow, workspace_id=mine.workspace_id, mode=mine.mode, integration_id=mine.id, for_update=True
        )
    except IntegrationNotFound:
        raise SyncOvertaken from None
    if found.paused_at is not None or (found.generation, found.chains) != (mine.generation, mine.chains):
        raise SyncOvertaken
    return found
