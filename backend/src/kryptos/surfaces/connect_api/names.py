"""Names that stand for addresses: the widget asks before it connects what is behind one."""

from typing import Annotated

import msgspec

from kryptos.domains import connect
from kryptos.domains.connect import ConsentRequired, SignInRequired, WorkspaceRequired
from kryptos.providers.registry import NameNotFound, NameNotSupported, NameUnreachable
from kryptos.providers.registry import resolve_name as resolve
from kryptos.surfaces.http import limits
from kryptos.surfaces.http.calls import NetworkCall
from kryptos.surfaces.http.endpoint import Auth, Endpoint, Family
from kryptos.surfaces.http.wire import Success


class NameIn(msgspec.Struct, kw_only=True):
    """A name of ENS, such as ``name.eth``."""

    name: Annotated[str, msgspec.Meta(max_length=300)]


class NameOut(msgspec.Struct, kw_only=True):
    """The name as it was looked up, and the address it stands for now."""

    name: str
    address: str


async def resolve_name(call: NetworkCall, body: NameIn) -> Success[NameOut]:
    """Find the Ethereum address of an ENS name of plain letters, digits and hyphens, within four seconds."""
    connect.connecting(call.session)
    limits.take(call.services.limiter, limits.DETECTIONS, call.session.id)
    found = await resolve(call.services.registry, body.name, mode=call.session.client.mode)
    return Success(data=NameOut(name=found.name, address=found.address))


ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/link-token/resolve-name",
        summary="Find a name's address",
        handler=resolve_name,
        body=NameIn,
        reply=Success[NameOut],
        auth=Auth.LINK_TOKEN,
        family=Family.CONNECT,
        errors=(
            NameNotFound,
            NameNotSupported,
            NameUnreachable,
            SignInRequired,
            WorkspaceRequired,
            ConsentRequired,
        ),
        is_networked=True,
    ),
)
