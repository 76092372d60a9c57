"""Reading a user's connected account again, at an app's wish (contract K-030 to K-035)."""

from http import HTTPStatus
from typing import ClassVar, Literal

import msgspec

from kryptos.domains import grants, sync
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.integrations import IntegrationNotFound
from kryptos.kernel.errors import Kind, KryptosError
from kryptos.surfaces.http.calls import ClientCall
from kryptos.surfaces.http.endpoint import Auth, Endpoint, Family
from kryptos.surfaces.http.wire import Success

_Mode = Literal["latest", "from_start"]


class UserNotShared(KryptosError):
    """The client has no active grant of this user (contract K-033: 403)."""

    code: ClassVar[str] = "GRANT_NOT_FOUND"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    default_message: ClassVar[str] = "This user has not shared anything with this client, or no longer does."


class ResyncIn(msgspec.Struct, kw_only=True):
    """``latest`` goes on from where the last sync ended; ``from_start`` reads everything again."""

    user_id: str
    mode: _Mode = "latest"


class ResyncOut(msgspec.Struct, kw_only=True):
    """That the account is going to be read; follow it with ``GET /api/v1/integrations``."""

    mode: _Mode
    integration_type: Literal["wallet"] = "wallet"
    wallet_id: str
    status: Literal["queued"] = "queued"


async def resync(call: ClientCall, body: ResyncIn) -> Success[ResyncOut]:
    """Read a user's connected account again. From the start, what is there is replaced once everything is read anew."""
    shared = await grants.list_shared_workspaces(call.uow, client_id=call.client.id, user_id=body.user_id)
    if not shared:
        raise UserNotShared
    for workspace_id in shared:
        try:
            found = await sync.request_resync(
                call.uow,
                workspace_id=workspace_id,
                mode=call.client.mode,
                integration_id=call.path["wallet_id"],
                from_start=body.mode == "from_start",
                actor=Actor(ActorKind.CLIENT, call.client.id),
            )
        except IntegrationNotFound:
            continue
        return Success(data=ResyncOut(mode=body.mode, wallet_id=found.id))
    raise IntegrationNotFound


ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/developer/integrations/{wallet_id}/resync",
        summary="Read a connected account again",
        handler=resync,
        body=ResyncIn,
        reply=Success[ResyncOut],
        status=HTTPStatus.ACCEPTED,
        auth=Auth.CLIENT,
        family=Family.CONNECT,
        errors=(UserNotShared, IntegrationNotFound),
    ),
)
