"""Every app's access in the consent centre: what it may read, each time it did, the receipts, and ending it."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal

import msgspec

from kryptos.domains import clients, connect, grants, identity, workspaces
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.grants import Grant, GrantNotFound, GrantOverview
from kryptos.infra.database import Uow
from kryptos.surfaces.http.app_logos import APP_LOGO_PATH
from kryptos.surfaces.http.calls import AccountCall
from kryptos.surfaces.http.endpoint import Auth, Endpoint, Family
from kryptos.surfaces.http.wire import Message, Nothing, Success, instant


class AppWithAccessOut(msgspec.Struct, kw_only=True):
    """The app that was given access; ``logo`` is a path of this server, null where none has been seen of late."""

    id: str
    name: str
    mode: Literal["sandbox", "production"]
    logo: str | None


class SharedWorkspaceOut(msgspec.Struct, kw_only=True):
    """The workspace that the app may read."""

    id: str
    name: str


class GivenGrantOut(msgspec.Struct, kw_only=True):
    """Access that an app has or had. ``accesses_last_30_days`` counts to 10,000, which means that many or more."""

    grant_id: str
    client: AppWithAccessOut
    workspace: SharedWorkspaceOut
    scopes: list[str]
    status: Literal["active", "revoked", "expired"]
    granted_at: datetime
    renewed_at: datetime | None
    expires_at: datetime
    ended_at: datetime | None
    ended_by: str | None
    last_access_at: datetime | None
    accesses_last_30_days: int


class GivenGrantsOut(msgspec.Struct, kw_only=True):
    """Grants, newest first; ``next`` is what to send as ``before`` for older ones."""

    grants: list[GivenGrantOut]
    next: str | None


class GrantsQuery(msgspec.Struct, kw_only=True):
    """Where to go on."""

    before: str | None = None


class AccessesQuery(msgspec.Struct, kw_only=True):
    """Where to go on, and how many at most."""

    before: str | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=200)] = 50


class GrantAccessOut(msgspec.Struct, kw_only=True):
    """One successful call for data; ``rows`` is null where the reply is no list, or had not changed."""

    id: str
    at: datetime
    endpoint: str
    rows: int | None


class GrantAccessesOut(msgspec.Struct, kw_only=True):
    """Accesses, newest first; ``next`` is what to send as ``before`` for older ones."""

    accesses: list[GrantAccessOut]
    next: str | None


class GrantReceiptOut(msgspec.Struct, kw_only=True):
    """A signed receipt: keep ``file``, `kryptos verify-receipt` checks it offline."""

    id: str
    event: Literal["given", "renewed", "revoked"]
    issued_at: datetime
    file: dict[str, Any]


class GrantReceiptsOut(msgspec.Struct, kw_only=True):
    """The receipts of a grant, newest first; ``next`` is what to send as ``before`` for older ones."""

    receipts: list[GrantReceiptOut]
    next: str | None


class RevokedOut(msgspec.Struct, kw_only=True):
    """How many grants were ended."""

    revoked: int


async def list_given_grants(call: AccountCall, query: GrantsQuery) -> Success[GivenGrantsOut]:
    """List every access that apps have or had: of the person, and of the guests that they claimed."""
    uow = call.uow
    found = await grants.list_grants_of(uow, user_ids=await selves_of(call), before=query.before)
    apps = await apps_of(uow, [each.grant.client_id for each in found])
    names = await workspaces.list_names(uow, workspace_ids={each.grant.workspace_id for each in found})
    is_full = len(found) >= grants.GRANTS_SHOWN
    return Success(
        data=GivenGrantsOut(
            grants=[_grant(each, apps[each.grant.client_id], names) for each in found],
            next=found[-1].grant.id if is_full else None,
        )
    )


async def list_grant_accesses(call: AccountCall, query: AccessesQuery) -> Success[GrantAccessesOut]:
    """List each successful call that an app made for data, newest first; records are kept for a year by default."""
    grant = await _mine(call)
    found = await grants.list_accesses(
        call.uow, grant_id=grant.id, before=query.before, limit=query.limit + 1
    )
    shown = found[: query.limit]
    return Success(
        data=GrantAccessesOut(
            accesses=[
                GrantAccessOut(id=each.id, at=each.at, endpoint=each.endpoint, rows=each.rows)
                for each in shown
            ],
            next=shown[-1].id if len(found) > len(shown) else None,
        )
    )


async def list_grant_receipts(call: AccountCall, query: GrantsQuery) -> Success[GrantReceiptsOut]:
    """List the signed receipts of a grant: one for each time that it was given, renewed or revoked."""
    grant = await _mine(call)
    found = await grants.list_receipts(call.uow, grant_id=grant.id, before=query.before)
    is_full = len(found) >= grants.RECEIPTS_SHOWN
    return Success(
        data=GrantReceiptsOut(
            receipts=[
                GrantReceiptOut(
                    id=each.id, event=each.event, issued_at=instant(each.issued_at), file=dict(each.file)
                )
                for each in found
            ],
            next=found[-1].id if is_full else None,
        )
    )


async def end_grant(call: AccountCall, _body: Nothing) -> Message:
    """End an app's access: every access token of it fails from the next call on. Ending it twice is no error."""
    await connect.end_access(call.uow, grant=await _mine(call), actor=actor_of(call))
    return Message(message="Access ended")


async def end_all_grants(call: AccountCall, _body: Nothing) -> Success[RevokedOut]:
    """End every app's access at once: all of it, or none if something fails."""
    unrevoked = await grants.list_unrevoked(call.uow, user_ids=await selves_of(call))
    ended = await connect.end_accesses(call.uow, grants_ended=unrevoked, actor=actor_of(call))
    return Success(data=RevokedOut(revoked=ended))


async def selves_of(call: AccountCall) -> list[str]:
    """Return the ids of all that the person is."""
    selves = await identity.list_selves(call.uow, user_id=call.session.user.id)
    return [each.id for each in selves]


def actor_of(call: AccountCall) -> Actor:
    """Return whoever is signed in, as who acts."""
    return Actor(ActorKind.USER, call.session.user.id)


async def apps_of(uow: Uow, client_ids: Sequence[str]) -> dict[str, AppWithAccessOut]:
    """Return what is shown of apps, by their ids."""
    wanted = list(dict.fromkeys(client_ids))
    logos = await connect.list_newest_logos(uow, client_ids=wanted)
    shown = {}
    for each in wanted:
        client = await clients.get_client(uow, client_id=each)
        sha256 = logos.get(each)
        shown[each] = AppWithAccessOut(
            id=client.id,
            name=client.name,
            mode=client.mode.value,
            logo=f"{APP_LOGO_PATH}/{sha256}" if sha256 else None,
        )
    return shown


async def _mine(call: AccountCall) -> Grant:
    return await grants.get_grant_of(call.uow, grant_id=call.path["grant_id"], user_ids=await selves_of(call))


def _grant(overview: GrantOverview, app: AppWithAccessOut, workspace_names: dict[str, str]) -> GivenGrantOut:
    grant = overview.grant
    return GivenGrantOut(
        grant_id=grant.id,
        client=app,
        workspace=SharedWorkspaceOut(
            id=grant.workspace_id, name=workspace_names.get(grant.workspace_id, grant.workspace_id)
        ),
        scopes=list(grant.scopes),
        status=overview.status.value,
        granted_at=instant(grant.created_at),
        renewed_at=_instant(overview.renewed_at),
        expires_at=instant(grant.expires_at),
        ended_at=_instant(overview.ended_at),
        ended_by=overview.ended_by,
        last_access_at=_instant(overview.last_access_at),
        accesses_last_30_days=overview.accesses_last_30_days,
    )


def _instant(at: datetime | None) -> datetime | None:
    return None if at is None else instant(at)


_endpoint = partial(Endpoint, auth=Auth.ACCOUNT, family=Family.ACCOUNT)

ENDPOINTS = (
    _endpoint(
        method="GET",
        path="/account/api/grants",
        summary="List every app's access",
        handler=list_given_grants,
        query=GrantsQuery,
        reply=Success[GivenGrantsOut],
    ),
    _endpoint(
        method="POST",
        path="/account/api/grants/revoke-all",
        summary="End every app's access",
        handler=end_all_grants,
        body=Nothing,
        reply=Success[RevokedOut],
    ),
    _endpoint(
        method="GET",
        path="/account/api/grants/{grant_id}/accesses",
        summary="List each access of an app",
        handler=list_grant_accesses,
        query=AccessesQuery,
        reply=Success[GrantAccessesOut],
        errors=(GrantNotFound,),
    ),
    _endpoint(
        method="GET",
        path="/account/api/grants/{grant_id}/receipts",
        summary="List the receipts of an app's access",
        handler=list_grant_receipts,
        query=GrantsQuery,
        reply=Success[GrantReceiptsOut],
        errors=(GrantNotFound,),
    ),
    _endpoint(
        method="POST",
        path="/account/api/grants/{grant_id}/revoke",
        summary="End an app's access",
        handler=end_grant,
        body=Nothing,
        reply=Message,
        errors=(GrantNotFound,),
    ),
)
"""What whoever is signed in may call about apps."""
