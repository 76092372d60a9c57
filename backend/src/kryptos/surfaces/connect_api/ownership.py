"""What a wallet is asked to sign, to prove that an account is its person's; connecting the account takes it."""

from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec

from kryptos.domains import connect
from kryptos.domains.connect import ConsentRequired, OriginNotAllowed, SignInRequired, WorkspaceRequired
from kryptos.providers.contracts import AddressInvalid
from kryptos.surfaces.http import limits
from kryptos.surfaces.http.calls import LinkCall
from kryptos.surfaces.http.endpoint import Auth, Endpoint, Family
from kryptos.surfaces.http.wire import Success, instant

_LARGEST_CHAIN_ID = 2**53 - 1


class ChallengeIn(msgspec.Struct, kw_only=True):
    """The account, the page whose wallet signs, and the chain that the wallet is set to (EIP-155; left out: 1)."""

    family: Literal["evm", "solana"]
    address: Annotated[str, msgspec.Meta(max_length=200)]
    origin: Annotated[str, msgspec.Meta(max_length=300)]
    chain_id: Annotated[int, msgspec.Meta(ge=1, le=_LARGEST_CHAIN_ID)] | None = None


class ChallengeOut(msgspec.Struct, kw_only=True):
    """A text to sign as it is: EIP-4361's for ``evm``, the same lines for Solana."""

    message: str
    expires_at: datetime


async def challenge_ownership(call: LinkCall, body: ChallengeIn) -> Success[ChallengeOut]:
    """Return a text by whose signature a wallet proves an account, within ten minutes and once.

    `origin` is that of the page where the wallet signs: one of the client's allowed origins, or this server's own.
    """
    limits.take(call.services.limiter, limits.CHALLENGES, call.session.id)
    own = urlsplit(call.services.settings.base_url)
    challenge = await connect.challenge_ownership(
        call.uow,
        session=call.session,
        family=body.family,
        address=body.address,
        origin=body.origin,
        own_origin=f"{own.scheme}://{own.netloc}",
        chain_id=body.chain_id,
    )
    return Success(data=ChallengeOut(message=challenge.message, expires_at=instant(challenge.expires_at)))


ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/link-token/ownership/challenge",
        summary="Get a text that proves an account",
        handler=challenge_ownership,
        body=ChallengeIn,
        reply=Success[ChallengeOut],
        auth=Auth.LINK_TOKEN,
        family=Family.CONNECT,
        errors=(AddressInvalid, OriginNotAllowed, SignInRequired, WorkspaceRequired, ConsentRequired),
    ),
)
