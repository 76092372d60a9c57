"""What the widget calls to connect accounts: detection, trying, connecting, progress, taking back (contract K-052)."""

from functools import partial
from http import HTTPStatus
from typing import ClassVar

from kryptos.catalog import get_chain
from kryptos.domains import connect, sync
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.clients import Mode
from kryptos.domains.connect import (
    ConsentRequired,
    OtherAccount,
    OwnershipProof,
    ProofExpired,
    ProofInvalid,
    ProviderNotFound,
    ProviderNotSupported,
    SandboxAddressNotAllowed,
    SandboxProviderNotAllowed,
    SignInRequired,
    WorkspaceRequired,
)
from kryptos.domains.integrations import ChainsInvalid, DuplicateConnection, IntegrationNotFound
from kryptos.kernel.errors import Kind, KryptosError
from kryptos.providers.contracts import AddressInvalid
from kryptos.providers.registry import detect_chains as detect
from kryptos.surfaces.connect_api.connections_wire import (
    ConnectedOut,
    ConnectIn,
    ConnectionsOut,
    DetectedChainOut,
    DetectedOut,
    DetectIn,
    TestIn,
    TestOut,
    connected_out,
    outline_out,
    test_out,
)
from kryptos.surfaces.http import limits
from kryptos.surfaces.http.calls import LinkCall, NetworkCall
from kryptos.surfaces.http.endpoint import Auth, Endpoint, Family
from kryptos.surfaces.http.logos import logo_url
from kryptos.surfaces.http.wire import Message, Success


class TestNotFound(KryptosError):
    """No such try of this session."""

    code: ClassVar[str] = "TEST_NOT_FOUND"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    default_message: ClassVar[str] = "This session has no such test. A test is kept for an hour."


_ACCOUNT = (
    ProviderNotFound,
    ProviderNotSupported,
    SandboxProviderNotAllowed,
    SandboxAddressNotAllowed,
    AddressInvalid,
    ChainsInvalid,
    SignInRequired,
    WorkspaceRequired,
    ConsentRequired,
)
"""How naming an account can fail."""


async def detect_chains(call: NetworkCall, body: DetectIn) -> Success[DetectedOut]:
    """Find out on which chains an address was ever used, within three seconds.

    `unreachable` names the chains that gave no answer in time: nothing is known about them. Only chains that can be
    connected are listed.
    """
    connect.connecting(call.session)
    limits.take(call.services.limiter, limits.DETECTIONS, call.session.id)
    mode = call.session.client.mode
    address = connect.find_sandbox_address(body.address) if mode is Mode.SANDBOX else body.address
    if address is None:
        raise SandboxAddressNotAllowed
    found = await detect(call.services.registry, address, mode=mode)
    base_url = call.services.settings.base_url
    return Success(
        data=DetectedOut(
            address=body.address.strip(),
            chains=[_chain(each, base_url=base_url) for each in found.found if connect.is_connectable(each)],
            unreachable=[
                _chain(each, base_url=base_url) for each in found.unreachable if connect.is_connectable(each)
            ],
            looked=found.looked,
        )
    )


async def start_test(call: LinkCall, body: TestIn) -> Success[TestOut]:
    """Begin to try whether an account can be read, before it is saved. Poll the test until it has ended."""
    connect.connecting(call.session)
    account = connect.resolve_account(
        mode=call.session.client.mode,
        provider_id=body.provider,
        address=body.address,
        persona=body.persona,
        chains=body.chains,
    )
    started = await sync.request_test(
        call.uow,
        session_id=call.session.id,
        mode=call.session.client.mode,
        address=account.address,
        chains=account.chains,
    )
    return Success(data=test_out(started))


async def get_test(call: LinkCall) -> Success[TestOut]:
    """Return how a test stands: `pending`, `passed`, or `failed` with code and message."""
    found = await sync.find_test(call.uow, test_id=call.path["test_id"], session_id=call.session.id)
    if found is None:
        raise TestNotFound
    return Success(data=test_out(found))


async def connect_account(call: LinkCall, body: ConnectIn) -> Success[ConnectedOut]:
    """Connect an account and begin to read it. In a repair session, repair the connection in place.

    `chains` left out means a blockchain's own chain. An account that is connected already is refused with
    `existing_wallet_id`. With a `proof`, for which `POST /link-token/ownership/challenge` gives the text, the account
    is connected as proven; a proof that does not hold leaves it unconnected.
    """
    connected = await connect.connect_account(
        call.uow,
        session=call.session,
        provider_id=body.provider,
        address=body.address,
        persona=body.persona,
        chains=body.chains,
        alias=body.alias,
        proof=OwnershipProof(message=body.proof.message, signature=body.proof.signature)
        if body.proof
        else None,
    )
    return Success(data=connected_out(connected))


async def list_connections(call: LinkCall) -> Success[ConnectionsOut]:
    """List every account that is connected to the workspace: what the app reads.

    Until the person has consented only as much is told as they need to recognise an account: apps hold link tokens too.
    """
    session = call.session
    found = await connect.list_connections(call.uow, session=session)
    is_granted = session.is_resumed or session.consent is not None
    show = connected_out if is_granted else outline_out
    return Success(data=ConnectionsOut(integrations=[show(each) for each in found]))


async def get_connection_status(call: LinkCall) -> Success[ConnectedOut]:
    """Return how far reading an account has come, stage by stage."""
    found = await connect.get_connection(
        call.uow, session=call.session, integration_id=call.path["wallet_id"]
    )
    return Success(data=connected_out(found))


async def remove_connection(call: LinkCall) -> Message:
    """Take back a connection that was made through this app, with everything that was read through it."""
    session = call.session
    found = await connect.get_removable_connection(
        call.uow, session=session, integration_id=call.path["wallet_id"]
    )
    await sync.disconnect(
        call.uow,
        workspace_id=found.workspace_id,
        mode=found.mode,
        integration_id=found.id,
        actor=Actor(ActorKind.USER, session.user.id if session.user else None),
    )
    return Message(message="Connection removed")


def _chain(chain_id: str, *, base_url: str) -> DetectedChainOut:
    row = get_chain(chain_id)
    return DetectedChainOut(
        id=row.id,
        name=row.public_name,
        chain_id=row.chain_id,
        logo=logo_url(row.logo, base_url=base_url) if row.logo else None,
    )


_endpoint = partial(Endpoint, auth=Auth.LINK_TOKEN, family=Family.CONNECT)

ENDPOINTS = (
    _endpoint(
        method="POST",
        path="/link-token/detect-chains",
        summary="Find an address's chains",
        handler=detect_chains,
        body=DetectIn,
        reply=Success[DetectedOut],
        errors=(AddressInvalid, SandboxAddressNotAllowed, SignInRequired, WorkspaceRequired, ConsentRequired),
        is_networked=True,
    ),
    _endpoint(
        method="POST",
        path="/link-token/integrations/test",
        summary="Try an account",
        handler=start_test,
        body=TestIn,
        reply=Success[TestOut],
        status=HTTPStatus.ACCEPTED,
        errors=_ACCOUNT,
    ),
    _endpoint(
        method="GET",
        path="/link-token/integrations/test/{test_id}",
        summary="Read a test",
        handler=get_test,
        reply=Success[TestOut],
        errors=(TestNotFound,),
    ),
    _endpoint(
        method="POST",
        path="/link-token/integrations",
        summary="Connect an account",
        handler=connect_account,
        body=ConnectIn,
        reply=Success[ConnectedOut],
        errors=(
            *_ACCOUNT,
            DuplicateConnection,
            OtherAccount,
            IntegrationNotFound,
            ProofInvalid,
            ProofExpired,
        ),
    ),
    _endpoint(
        method="GET",
        path="/link-token/integrations",
        summary="List connected accounts",
        handler=list_connections,
        reply=Success[ConnectionsOut],
        errors=(SignInRequired, WorkspaceRequired),
    ),
    _endpoint(
        method="GET",
        path="/link-token/integrations/{wallet_id}/status",
        summary="Read a connection's progress",
        handler=get_connection_status,
        reply=Success[ConnectedOut],
        errors=(IntegrationNotFound, SignInRequired, WorkspaceRequired, ConsentRequired),
    ),
    _endpoint(
        method="DELETE",
        path="/link-token/integrations/{wallet_id}",
        summary="Take a connection back",
        handler=remove_connection,
        reply=Message,
        errors=(IntegrationNotFound, SignInRequired, WorkspaceRequired, ConsentRequired),
    ),
)
"""What the widget may call to connect accounts."""
