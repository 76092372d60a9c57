"""Connect an account in a session, look at the connections there are, and take one back."""

from collections.abc import Sequence

from kryptos.domains import integrations, ledger, portfolio
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.connect.accounts import Account, resolve_account
from kryptos.domains.connect.contracts import LinkSession, OwnershipProof
from kryptos.domains.connect.errors import ConsentRequired, OtherAccount, SignInRequired, WorkspaceRequired
from kryptos.domains.connect.service.accept_proof import accept_proof
from kryptos.domains.connect.service.append_event import append_event
from kryptos.domains.identity import User
from kryptos.domains.integrations import Integration, IntegrationNotFound
from kryptos.domains.workspaces import Workspace
from kryptos.infra.database import Uow


async def connect_account(
    uow: Uow,
    *,
    session: LinkSession,
    provider_id: str,
    address: str | None,
    persona: str | None = None,
    chains: Sequence[str] | None = None,
    alias: str | None = None,
    proof: OwnershipProof | None = None,
) -> Integration:
    """Connect an account to the workspace of this session, or repair the connection that it is there for.

    Raises what ``resolve_account``, ``accept_proof`` and ``integrations.connect`` do, ``ConsentRequired``, or
    ``OtherAccount``. A proof that is not accepted leaves the account unconnected.
    """
    user, workspace = connecting(session)
    account = resolve_account(
        mode=session.client.mode, provider_id=provider_id, address=address, persona=persona, chains=chains
    )
    if proof is not None:
        await accept_proof(uow, session=session, address=account.address, proof=proof)
    if session.repaired_integration_id is not None:
        repaired = await _repair(uow, session, account, chains, alias, is_proven=proof is not None)
        await _note_proof(uow, session, repaired, proof)
        return repaired
    connected = await integrations.connect(
        uow,
        workspace_id=workspace.id,
        mode=session.client.mode,
        user_id=user.id,
        client_id=session.client.id,
        provider=account.provider.id,
        category=account.provider.type,
        address=account.address,
        chains=account.chains,
        alias=alias,
        persona=account.persona,
        is_ownership_proven=proof is not None,
    )
    # What is held does not change yet, but an account of which nothing is known is now to be named there.
    await portfolio.touch(uow, workspace_id=workspace.id, mode=session.client.mode)
    await append_event(
        uow,
        session_id=session.id,
        name="integration_connected",
        details={"wallet_id": connected.id, "provider": connected.provider},
    )
    await _note_proof(uow, session, connected, proof)
    return connected


async def get_connection(uow: Uow, *, session: LinkSession, integration_id: str) -> Integration:
    """Return a connection of the session's workspace; raise ``IntegrationNotFound``."""
    _, workspace = connecting(session)
    return await integrations.get_integration(
        uow, workspace_id=workspace.id, mode=session.client.mode, integration_id=integration_id
    )


async def list_connections(uow: Uow, *, session: LinkSession) -> tuple[Integration, ...]:
    """Return every connection of the session's workspace: what the app reads, or will read."""
    workspace = session.workspace
    if session.user is None or workspace is None:
        raise SignInRequired if session.user is None else WorkspaceRequired
    return await integrations.list_all(uow, workspace_id=workspace.id, mode=session.client.mode)


async def get_removable_connection(uow: Uow, *, session: LinkSession, integration_id: str) -> Integration:
    """Return a connection that this app may take back: one that was made through it.

    An app holds its users' link tokens: what was connected elsewhere is the person's to remove, not the app's.
    """
    found = await get_connection(uow, session=session, integration_id=integration_id)
    if found.client_id != session.client.id:
        message = "This account was connected through another app. It can be removed there, or in the consent centre."
        raise IntegrationNotFound(message)
    await append_event(
        uow, session_id=session.id, name="integration_removed", details={"wallet_id": integration_id}
    )
    return found


def connecting(session: LinkSession) -> tuple[User, Workspace]:
    """Return whose accounts are connected in this session, and to which workspace; raise ``ConsentRequired``."""
    if session.user is None:
        raise SignInRequired
    if session.workspace is None:
        raise WorkspaceRequired
    if session.consent is None and not session.is_resumed:
        raise ConsentRequired
    return session.user, session.workspace


async def _note_proof(
    uow: Uow, session: LinkSession, integration: Integration, proof: OwnershipProof | None
) -> None:
    if proof is not None:
        await append_event(
            uow, session_id=session.id, name="ownership_proven", details={"wallet_id": integration.id}
        )


async def _repair(
    uow: Uow,
    session: LinkSession,
    account: Account,
    chains: Sequence[str] | None,
    alias: str | None,
    *,
    is_proven: bool,
) -> Integration:
    """Repair the connection; ``chains`` left out are those that it has."""
    user, workspace = connecting(session)
    broken = await integrations.get_integration(
        uow,
        workspace_id=workspace.id,
        mode=session.client.mode,
        integration_id=session.repaired_integration_id or "",
        for_update=True,
    )
    if (broken.provider, broken.address) != (account.provider.id, account.address):
        raise OtherAccount
    wanted = broken.chains if chains is None else account.chains
    dropped = set(broken.chains) - set(wanted)
    if dropped:
        removed = await ledger.forget_chains(uow, integration_id=broken.id, chains=dropped)
        await integrations.count_transactions(uow, integration_id=broken.id, added=-removed)
        await portfolio.remove_balances(uow, integration=broken, except_chains=wanted)
    repaired = await integrations.repair(
        uow,
        integration=broken,
        chains=wanted,
        alias=alias,
        actor=Actor(ActorKind.USER, user.id),
        is_ownership_proven=is_proven,
    )
    await append_event(
        uow, session_id=session.id, name="integration_repaired", details={"wallet_id": repaired.id}
    )
    return repaired
