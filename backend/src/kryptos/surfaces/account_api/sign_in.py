"""Ways into the consent centre: a code mailed to a known address, and a guest's management link."""

from collections.abc import Awaitable, Callable
from functools import partial

import msgspec

from kryptos.domains import identity
from kryptos.domains.identity import (
    CodeKind,
    CodeWrong,
    MailUnavailable,
    ManagementLinkInvalid,
    OpenedAccountSession,
    TooManyCodes,
    User,
)
from kryptos.infra.database import Uow
from kryptos.surfaces.account_api.wire import APP_NAME, AccountSessionOut, PageChallengeOut, session_out
from kryptos.surfaces.http import limits
from kryptos.surfaces.http.calls import AccountVisit
from kryptos.surfaces.http.consent_centre import HttpsNeeded
from kryptos.surfaces.http.endpoint import Auth, Endpoint, Family
from kryptos.surfaces.http.wire import Success


class StartIn(msgspec.Struct, kw_only=True):
    """Where to mail a code; ``language`` is a BCP 47 tag."""

    email: str
    language: str | None = None


class VerifyIn(msgspec.Struct, kw_only=True):
    """A code that was mailed, and the challenge that came with asking for it."""

    challenge: str
    email: str
    code: str


class LinkIn(msgspec.Struct, kw_only=True):
    """What stands after ``#manage=`` in the address of a management link."""

    key: str


async def start_account_sign_in(call: AccountVisit, body: StartIn) -> Success[PageChallengeOut]:
    """Mail a code to an address that is known here. The answer is the same for one that is not: nobody is made."""
    call.require_https()
    if not call.services.can_mail:
        raise MailUnavailable
    limits.take(call.services.limiter, limits.CODES, call.exchange.address)

    async def work(uow: Uow) -> str:
        return await identity.request_page_code(
            uow, kind=CodeKind.ACCOUNT, email=body.email, app_name=APP_NAME, language=body.language
        )

    challenge = await call.services.database.execute(work, origin=call.exchange.origin)
    return Success(data=PageChallengeOut(challenge=challenge))


async def verify_account_sign_in(call: AccountVisit, body: VerifyIn) -> Success[AccountSessionOut]:
    """Sign in with a mailed code: five tries, ten minutes. The reply sets the session's cookie."""
    call.require_https()
    limits.take(call.services.limiter, limits.CODES, call.exchange.address)
    find = partial(identity.verify_account_code, email=body.email, code=body.code, challenge=body.challenge)
    return await _sign_in(call, find)


async def open_management_link(call: AccountVisit, body: LinkIn) -> Success[AccountSessionOut]:
    """Sign in as the guest of a management link, which is used up. The reply sets the session's cookie."""
    call.require_https()
    return await _sign_in(call, partial(identity.use_management_link, key=body.key))


async def _sign_in(call: AccountVisit, find: Callable[[Uow], Awaitable[User]]) -> Success[AccountSessionOut]:
    async def work(uow: Uow) -> tuple[OpenedAccountSession, AccountSessionOut]:
        user = await find(uow)
        opened = await identity.open_account_session(uow, user=user, former_token=call.former_token)
        return opened, await session_out(uow, opened.session, token=opened.token)

    opened, out = await call.services.database.execute(work, origin=call.exchange.origin)
    call.keep(opened)
    return Success(data=out)


_endpoint = partial(Endpoint, method="POST", auth=Auth.NONE, family=Family.ACCOUNT)

ENDPOINTS = (
    _endpoint(
        path="/account/api/sign-in/start",
        summary="Mail a code for the consent centre",
        handler=start_account_sign_in,
        body=StartIn,
        reply=Success[PageChallengeOut],
        errors=(HttpsNeeded, MailUnavailable, TooManyCodes),
    ),
    _endpoint(
        path="/account/api/sign-in/verify",
        summary="Sign in to the consent centre",
        handler=verify_account_sign_in,
        body=VerifyIn,
        reply=Success[AccountSessionOut],
        errors=(HttpsNeeded, CodeWrong),
    ),
    _endpoint(
        path="/account/api/sign-in/link",
        summary="Sign in with a management link",
        handler=open_management_link,
        body=LinkIn,
        reply=Success[AccountSessionOut],
        errors=(HttpsNeeded, ManagementLinkInvalid),
    ),
)
"""What anybody may call to sign in."""
