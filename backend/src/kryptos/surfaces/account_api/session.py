"""Who is signed in to the consent centre, signing out, and a guest's ways back: an address, another link."""

from functools import partial

import msgspec

from kryptos.domains import connect, identity
from kryptos.domains.identity import (
    CodeKind,
    CodeWrong,
    MailUnavailable,
    NotAGuest,
    TooManyCodes,
    page_purpose,
)
from kryptos.surfaces.account_api.sign_in import StartIn, VerifyIn
from kryptos.surfaces.account_api.wire import APP_NAME, AccountSessionOut, PageChallengeOut, session_out
from kryptos.surfaces.http import limits
from kryptos.surfaces.http.calls import AccountCall
from kryptos.surfaces.http.consent_centre import management_url
from kryptos.surfaces.http.endpoint import Auth, Endpoint, Family
from kryptos.surfaces.http.wire import Message, Nothing, Success


class LinkOut(msgspec.Struct, kw_only=True):
    """An address that opens the guest's consent centre once; the one before it is dead."""

    url: str


class AddedOut(msgspec.Struct, kw_only=True):
    """The session after an address was added; ``has_claimed``: it was somebody's, who is signed in now."""

    session: AccountSessionOut
    has_claimed: bool


async def get_account_session(call: AccountCall) -> Success[AccountSessionOut]:
    """Return who is signed in, and the token that calls which change something must bear."""
    return Success(data=await session_out(call.uow, call.session, token=call.token))


async def sign_out(call: AccountCall, _body: Nothing) -> Message:
    """End the session in this browser."""
    await identity.end_account_session(call.uow, token=call.token)
    call.forget()
    return Message(message="Signed out")


async def start_adding_email(call: AccountCall, body: StartIn) -> Success[PageChallengeOut]:
    """Mail a code to the address that the guest who is signed in wants."""
    if not call.services.can_mail:
        raise MailUnavailable
    limits.take(call.services.limiter, limits.CODES, call.exchange.address)
    user = call.session.user
    if not user.is_guest:
        raise NotAGuest
    challenge = await identity.request_page_code(
        call.uow,
        kind=CodeKind.ADDRESS,
        email=body.email,
        app_name=APP_NAME,
        language=body.language or user.language,
        user_id=user.id,
    )
    return Success(data=PageChallengeOut(challenge=challenge))


async def verify_added_email(call: AccountCall, body: VerifyIn) -> Success[AddedOut]:
    """Give the guest the address that the code was mailed to; who has it already claims the guest, and is signed in.

    Every session of the guest ends, and the reply sets the cookie of a new one.
    """
    limits.take(call.services.limiter, limits.CODES, call.exchange.address)
    user = call.session.user
    added = await connect.add_address_to_guest(
        call.uow,
        guest=user,
        email=body.email,
        code=body.code,
        purpose=page_purpose(body.challenge, user.id),
    )
    opened = await identity.open_account_session(call.uow, user=added.person)
    call.keep(opened)
    out = await session_out(call.uow, opened.session, token=opened.token)
    return Success(data=AddedOut(session=out, has_claimed=added.has_claimed))


async def make_another_link(call: AccountCall, _body: Nothing) -> Success[LinkOut]:
    """Make the link with which the guest who is signed in comes back. It opens once."""
    key = await identity.make_management_link(call.uow, user_id=call.session.user.id)
    return Success(data=LinkOut(url=management_url(key, base_url=call.services.settings.base_url)))


_endpoint = partial(Endpoint, method="POST", auth=Auth.ACCOUNT, family=Family.ACCOUNT)

ENDPOINTS = (
    _endpoint(
        method="GET",
        path="/account/api/session",
        summary="Read who is signed in",
        handler=get_account_session,
        reply=Success[AccountSessionOut],
    ),
    _endpoint(
        path="/account/api/sign-out",
        summary="Sign out of the consent centre",
        handler=sign_out,
        body=Nothing,
        reply=Message,
    ),
    _endpoint(
        path="/account/api/email/start",
        summary="Mail a code to a guest's new address",
        handler=start_adding_email,
        body=StartIn,
        reply=Success[PageChallengeOut],
        errors=(MailUnavailable, NotAGuest, TooManyCodes),
    ),
    _endpoint(
        path="/account/api/email/verify",
        summary="Give the guest an address",
        handler=verify_added_email,
        body=VerifyIn,
        reply=Success[AddedOut],
        errors=(CodeWrong, NotAGuest),
    ),
    _endpoint(
        path="/account/api/management-link",
        summary="Make another management link",
        handler=make_another_link,
        body=Nothing,
        reply=Success[LinkOut],
        errors=(NotAGuest,),
    ),
)
"""What whoever is signed in may call about the session itself."""
