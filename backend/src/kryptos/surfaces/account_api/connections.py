"""Connected accounts in the consent centre: all that a person may see, who reads them, and removing one."""

from datetime import datetime
from functools import partial
from typing import Literal

import msgspec

from kryptos.catalog import find_provider, get_chain
from kryptos.domains import grants, integrations, sync
from kryptos.domains.clients import Mode
from kryptos.domains.integrations import Integration, IntegrationNotFound
from kryptos.domains.workspaces import InsufficientPermissions, Membership
from kryptos.surfaces.account_api.grants import (
    AppWithAccessOut,
    SharedWorkspaceOut,
    actor_of,
    apps_of,
    selves_of,
)
from kryptos.surfaces.account_api.wire import memberships_of
from kryptos.surfaces.http.calls import AccountCall
from kryptos.surfaces.http.endpoint import Auth, Endpoint, Family
from kryptos.surfaces.http.logos import logo_url
from kryptos.surfaces.http.sync_words import INTEGRATION_WORDS, IntegrationWord
from kryptos.surfaces.http.wire import Message, Success, instant


class ConnectionProviderOut(msgspec.Struct, kw_only=True):
    """What was connected; ``logo`` is a path of this server."""

    id: str
    name: str
    logo: str | None


class ConnectionChainOut(msgspec.Struct, kw_only=True):
    """A chain that the account is read on."""

    id: str
    name: str


class ConnectionAppOut(msgspec.Struct, kw_only=True):
    """An app that may read the account now."""

    client_id: str
    name: str


class ConnectionOut(msgspec.Struct, kw_only=True):
    """A connected account. ``is_paused``: no app may read it, so it is not read here either."""

    wallet_id: str
    provider: ConnectionProviderOut
    category: Literal["blockchain", "wallet", "exchange", "services"]
    alias: str | None
    address: str | None
    chains: list[ConnectionChainOut]
    status: IntegrationWord
    status_text: str | None
    is_paused: bool
    last_synced_at: datetime | None
    added_at: datetime
    transactions: int
    mode: Literal["sandbox", "production"]
    workspace: SharedWorkspaceOut
    apps: list[ConnectionAppOut]
    can_remove: bool


class AllConnectionsOut(msgspec.Struct, kw_only=True):
    """Connected accounts, the newest first."""

    connections: list[ConnectionOut]


async def list_all_connections(call: AccountCall) -> Success[AllConnectionsOut]:
    """List the accounts of every workspace that the person owns or administers; elsewhere, those they connected.

    `apps` are those with access to the workspace in the account's mode. `can_remove` is false where the person's role
    lets them look only.
    """
    uow, selves = call.uow, await selves_of(call)
    shown: list[ConnectionOut] = []
    for membership in (await memberships_of(uow, user_id=call.session.user.id)).values():
        workspace_id = membership.workspace.id
        readers = await grants.list_active_on(uow, workspace_id=workspace_id)
        apps = await apps_of(uow, [each.client_id for each in readers])
        for mode in Mode:
            found = await integrations.list_all(uow, workspace_id=workspace_id, mode=mode)
            mine = [each for each in found if membership.role.can_share or each.user_id in selves]
            shown += [_connection(each, membership, apps) for each in mine]
    shown.sort(key=lambda each: each.wallet_id, reverse=True)
    return Success(data=AllConnectionsOut(connections=shown))


async def remove_any_connection(call: AccountCall) -> Message:
    """Remove a connected account, with everything that was read through it. Owners and admins of its workspace only."""
    found = await integrations.find_integration(call.uow, integration_id=call.path["wallet_id"])
    memberships = await memberships_of(call.uow, user_id=call.session.user.id)
    membership = memberships.get(found.workspace_id) if found else None
    if found is None or membership is None:
        raise IntegrationNotFound
    if not membership.role.can_share:
        raise InsufficientPermissions if found.user_id in await selves_of(call) else IntegrationNotFound
    await sync.disconnect(
        call.uow,
        workspace_id=found.workspace_id,
        mode=found.mode,
        integration_id=found.id,
        actor=actor_of(call),
    )
    return Message(message="Connection removed")


def _connection(
    integration: Integration, membership: Membership, apps: dict[str, AppWithAccessOut]
) -> ConnectionOut:
    provider = find_provider(integration.provider)
    logo = provider.logo if provider else None
    last_synced_at = integration.last_synced_at
    return ConnectionOut(
        wallet_id=integration.id,
        provider=ConnectionProviderOut(
            id=integration.provider,
            name=provider.public_name if provider else integration.provider,
            logo=logo_url(logo, base_url="") if logo else None,
        ),
        category=integration.category,
        alias=integration.alias,
        address=integration.address,
        chains=[ConnectionChainOut(id=each, name=get_chain(each).public_name) for each in integration.chains],
        status=INTEGRATION_WORDS[integration.status],
        status_text=integration.message,
        is_paused=integration.paused_at is not None,
        last_synced_at=instant(last_synced_at) if last_synced_at else None,
        added_at=instant(integration.added_at),
        transactions=integration.total_transactions,
        mode=integration.mode.value,
        workspace=SharedWorkspaceOut(id=membership.workspace.id, name=membership.workspace.name),
        apps=[
            ConnectionAppOut(client_id=each.id, name=each.name)
            for each in apps.values()
            if each.mode == integration.mode.value
        ],
        can_remove=membership.role.can_share,
    )


_endpoint = partial(Endpoint, auth=Auth.ACCOUNT, family=Family.ACCOUNT)

ENDPOINTS = (
    _endpoint(
        method="GET",
        path="/account/api/connections",
        summary="List every connected account",
        handler=list_all_connections,
        reply=Success[AllConnectionsOut],
    ),
    _endpoint(
        method="DELETE",
        path="/account/api/connections/{wallet_id}",
        summary="Remove a connected account",
        handler=remove_any_connection,
        reply=Message,
        errors=(IntegrationNotFound, InsufficientPermissions),
    ),
)
"""What whoever is signed in may call about connected accounts."""
