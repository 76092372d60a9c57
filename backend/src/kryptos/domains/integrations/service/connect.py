"""Connect an account, or repair a connection in place."""

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert

from kryptos.domains import audit
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.clients import Mode
from kryptos.domains.integrations import policy
from kryptos.domains.integrations._tables import integration_chains, integrations
from kryptos.domains.integrations.contracts import Category, Integration, Status
from kryptos.domains.integrations.errors import DuplicateConnection
from kryptos.domains.integrations.events import IntegrationConnected
from kryptos.domains.integrations.service.find import get_integration
from kryptos.domains.integrations.service.follow import request_sync
from kryptos.infra.database import Uow


async def connect(
    uow: Uow,
    *,
    workspace_id: str,
    mode: Mode,
    user_id: str,
    client_id: str | None,
    provider: str,
    category: Category,
    address: str,
    chains: Sequence[str],
    alias: str | None = None,
    persona: str | None = None,
    is_ownership_proven: bool = False,
) -> Integration:
    """Connect an address on some chains and ask for its first sync.

    Raises ``DuplicateConnection`` when one of these accounts is connected in this workspace already, also when two
    calls do it at the same time; ``ChainsInvalid`` or ``AliasInvalid``.
    """
    wanted = list(policy.checked_chains(chains))
    integration_id = uow.new_id("wallet")
    await uow.execute(
        sa.insert(integrations).values(
            id=integration_id,
            workspace_id=workspace_id,
            mode=mode.value,
            user_id=user_id,
            client_id=client_id,
            provider=provider,
            category=category,
            address=address,
            chains=wanted,
            alias=policy.checked_alias(alias),
            persona=persona,
            status=Status.CONNECTED.value,
            generation=0,
            total_transactions=0,
            failures=0,
            added_at=uow.now,
            ownership_proven_at=uow.now if is_ownership_proven else None,
        )
    )
    integration = await get_integration(
        uow, workspace_id=workspace_id, mode=mode, integration_id=integration_id
    )
    await _occupy(uow, integration)
    uow.emit(
        IntegrationConnected(
            workspace_id=workspace_id, integration_id=integration_id, user_id=user_id, client_id=client_id
        )
    )
    await audit.record(
        uow,
        action="integration.connected",
        actor=Actor(ActorKind.USER, user_id),
        subject=integration_id,
        workspace_id=workspace_id,
        client_id=client_id,
        user_id=user_id,
        details={
            "provider": provider,
            "chains": wanted,
            "mode": mode.value,
            "is_ownership_proven": is_ownership_proven,
        },
    )
    await request_sync(uow, integration_id=integration_id)
    return await get_integration(uow, workspace_id=workspace_id, mode=mode, integration_id=integration_id)


async def repair(
    uow: Uow,
    *,
    integration: Integration,
    chains: Sequence[str],
    alias: str | None,
    actor: Actor,
    is_ownership_proven: bool = False,
) -> Integration:
    """Change chains and name of a connection in place, keeping its id, and ask for a sync.

    With other chains than before everything is read from the start. Whoever calls this removes, in the same
    transaction, what was read of the chains that are left out. A proof of before stays. Raises as ``connect`` does.
    """
    wanted = list(policy.checked_chains(chains))
    await uow.execute(
        sa.update(integrations)
        .where(integrations.c.id == integration.id)
        .values(
            chains=wanted,
            alias=policy.checked_alias(alias) or integration.alias,
            failures=0,
            ownership_proven_at=uow.now if is_ownership_proven else integration.ownership_proven_at,
        )
    )
    await uow.execute(
        sa.delete(integration_chains).where(integration_chains.c.integration_id == integration.id)
    )
    await _occupy(uow, replace(integration, chains=tuple(wanted)))
    await audit.record(
        uow,
        action="integration.repaired",
        actor=actor,
        subject=integration.id,
        workspace_id=integration.workspace_id,
        client_id=integration.client_id,
        user_id=integration.user_id,
        details={"chains": wanted, "is_ownership_proven": is_ownership_proven},
    )
    await request_sync(uow, integration_id=integration.id, from_start=set(wanted) != set(integration.chains))
    return await get_integration(
        uow, workspace_id=integration.workspace_id, mode=integration.mode, integration_id=integration.id
    )


async def _occupy(uow: Uow, integration: Integration) -> None:
    """Take the accounts, each of which only one connection may have; the index decides between two at once."""
    mine = integration_chains.c
    rows = insert(integration_chains).from_select(
        ["workspace_id", "mode", "chain_id", "address", "integration_id"],
        sa.select(
            sa.literal(integration.workspace_id),
            sa.literal(integration.mode.value),
            # In one order everywhere: two connections at once wait for each other, but never both ways.
            sa.func.unnest(sa.cast(sorted(integration.chains), ARRAY(sa.Text))),
            sa.literal(integration.address),
            sa.literal(integration.id),
        ),
    )
    taken = await uow.execute(rows.on_conflict_do_nothing())
    if taken.rowcount == len(integration.chains):
        return
    held = await uow.first(
        sa.select(mine.integration_id).where(
            mine.workspace_id == integration.workspace_id,
            mine.mode == integration.mode.value,
            mine.address == integration.address,
            mine.chain_id.in_(integration.chains),
            mine.integration_id != integration.id,
        )
    )
    raise DuplicateConnection(existing_wallet_id=held.integration_id if held else "")
