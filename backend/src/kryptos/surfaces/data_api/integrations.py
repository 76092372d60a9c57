"""The connected accounts of a user and how their last sync went (contract K-257 to K-261)."""

from http import HTTPStatus
from typing import Annotated, Literal

import msgspec

from kryptos.catalog import search_providers
from kryptos.domains import integrations, sync
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.integrations import Integration, IntegrationNotFound, IntegrationPage, StageLog, Status
from kryptos.infra.database import Uow
from kryptos.surfaces.data_api.assets import provider_logo, provider_name
from kryptos.surfaces.data_api.wire import milliseconds
from kryptos.surfaces.http.calls import DataCall, DataChange
from kryptos.surfaces.http.endpoint import Auth, Endpoint, Family
from kryptos.surfaces.http.sync_words import INTEGRATION_WORDS, STAGE_WORDS, IntegrationWord, StageWord

_SEARCH_CHARACTERS = 100


class IntegrationsQuery(msgspec.Struct, kw_only=True):
    """``searchedKey`` looks into name, address, wallet id and provider."""

    page: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 1
    pageSize: Annotated[int, msgspec.Meta(ge=1, le=200)] = 25  # noqa: N815
    searchedKey: Annotated[str, msgspec.Meta(max_length=_SEARCH_CHARACTERS)] | None = None  # noqa: N815


class StageOut(msgspec.Struct, kw_only=True, omit_defaults=True):
    """How a stage of the last sync went; ``code`` is a stable word, ``message`` a sentence."""

    status: StageWord
    message: str | msgspec.UnsetType = msgspec.UNSET
    code: str | msgspec.UnsetType = msgspec.UNSET


class IntegrationOut(msgspec.Struct, kw_only=True):
    """A connected account; the sync log is there once a sync has begun."""

    provider: str
    providerPublicName: str  # noqa: N815
    publicAddress: str | None  # noqa: N815
    walletId: str  # noqa: N815
    logoUrl: str | None  # noqa: N815
    isContract: bool  # noqa: N815
    alias: str | None
    chains: list[str]
    isSandbox: bool  # noqa: N815
    status: IntegrationWord
    message: str | msgspec.UnsetType = msgspec.UNSET
    lastSyncLog: dict[str, StageWord] | msgspec.UnsetType = msgspec.UNSET  # noqa: N815
    lastSyncLogDetails: dict[str, StageOut] | msgspec.UnsetType = msgspec.UNSET  # noqa: N815
    addedOn: int  # noqa: N815
    lastSyncedAt: int | None  # noqa: N815
    category: Literal["exchange", "wallet", "blockchain", "unknown"]
    type: Literal["api", "csv"]
    totalTransactions: int  # noqa: N815


class PagesOut(msgspec.Struct, kw_only=True):
    """Where a page stands."""

    page: int
    pageSize: int  # noqa: N815
    totalCount: int  # noqa: N815
    hasNextPage: bool  # noqa: N815
    hasPreviousPage: bool  # noqa: N815


class IntegrationsOut(msgspec.Struct, kw_only=True):
    """A page of connected accounts, the newest first."""

    data: list[IntegrationOut]
    pagination: PagesOut
    user_id: str
    timestamp: int


async def list_integrations(call: DataCall, query: IntegrationsQuery) -> IntegrationsOut:
    """List the user's connected accounts with the log of each one's last sync, stage by stage."""
    access = call.access
    search = (query.searchedKey or "").strip() or None

    async def work(uow: Uow) -> tuple[IntegrationPage, int]:
        page = await integrations.list_integrations(
            uow,
            workspace_id=access.workspace_id,
            mode=access.mode,
            limit=query.pageSize,
            offset=(query.page - 1) * query.pageSize,
            search=search,
            providers_named=_providers_named(search) if search else [],
        )
        return page, milliseconds(uow.now)

    found, now = await call.services.database.execute(work)
    return IntegrationsOut(
        data=[integration_out(each, base_url=call.services.settings.base_url) for each in found.items],
        pagination=PagesOut(
            page=query.page,
            pageSize=query.pageSize,
            totalCount=found.total_count,
            hasNextPage=query.page * query.pageSize < found.total_count,
            hasPreviousPage=query.page > 1,
        ),
        user_id=access.user_id,
        timestamp=now,
    )


def _providers_named(search: str) -> list[str]:
    """Return the providers that a text can mean. One without a word, such as `%`, means none, not the first ones."""
    found = search_providers(search)
    return [] if found == search_providers("") else [each.id for each in found]


class AccountResyncIn(msgspec.Struct, kw_only=True):
    """``latest`` goes on from where the last sync ended; ``from_start`` reads everything again."""

    mode: Literal["latest", "from_start"] = "latest"


class AccountResyncOut(msgspec.Struct, kw_only=True):
    """That the account is going to be read; follow it in the list of integrations."""

    message: str = "Resync queued"
    walletId: str  # noqa: N815
    mode: Literal["latest", "from_start"]
    status: Literal["queued"] = "queued"
    user_id: str
    timestamp: int


async def resync_integration(call: DataChange, body: AccountResyncIn) -> AccountResyncOut:
    """Read a connected account again. From the start, what is there is replaced once everything is read anew."""
    access = call.access
    found = await sync.request_resync(
        call.uow,
        workspace_id=access.workspace_id,
        mode=access.mode,
        integration_id=call.path["wallet_id"],
        from_start=body.mode == "from_start",
        actor=Actor(ActorKind.CLIENT, access.client_id),
    )
    return AccountResyncOut(
        walletId=found.id, mode=body.mode, user_id=access.user_id, timestamp=milliseconds(call.uow.now)
    )


def integration_out(integration: Integration, *, base_url: str) -> IntegrationOut:
    """Return a connected account in the contract's words."""
    logs = integration.stages.values() if integration.status is not Status.CONNECTED else ()
    known = ("exchange", "wallet", "blockchain")
    return IntegrationOut(
        provider=integration.provider,
        providerPublicName=provider_name(integration.provider),
        publicAddress=integration.address,
        walletId=integration.id,
        logoUrl=provider_logo(integration.provider, base_url=base_url),
        isContract=False,
        alias=integration.alias,
        chains=list(integration.chains),
        isSandbox=integration.mode.value == "sandbox",
        status=INTEGRATION_WORDS[integration.status],
        message=integration.message or msgspec.UNSET,
        lastSyncLog={each.stage.value: STAGE_WORDS[each.status] for each in logs} or msgspec.UNSET,
        lastSyncLogDetails={each.stage.value: _stage(each) for each in logs} or msgspec.UNSET,
        addedOn=milliseconds(integration.added_at),
        lastSyncedAt=milliseconds(integration.last_synced_at) if integration.last_synced_at else None,
        category=integration.category if integration.category in known else "unknown",  # type: ignore[arg-type]
        type="api",
        totalTransactions=integration.total_transactions,
    )


def _stage(log: StageLog) -> StageOut:
    return StageOut(
        status=STAGE_WORDS[log.status], message=log.message or msgspec.UNSET, code=log.code or msgspec.UNSET
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/integrations",
        aliases=("/v1/integrations",),
        summary="Connected accounts",
        handler=list_integrations,
        reply=IntegrationsOut,
        query=IntegrationsQuery,
        count_rows=lambda out: len(out.data),
        auth=Auth.ACCESS_TOKEN,
        scope="integrations:read",
        family=Family.DATA,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/integrations/{wallet_id}/resync",
        aliases=("/v1/integrations/{wallet_id}/resync",),
        summary="Read an account again",
        handler=resync_integration,
        body=AccountResyncIn,
        reply=AccountResyncOut,
        status=HTTPStatus.ACCEPTED,
        auth=Auth.ACCESS_TOKEN,
        scope="integrations:write",
        family=Family.DATA,
        errors=(IntegrationNotFound,),
    ),
)
