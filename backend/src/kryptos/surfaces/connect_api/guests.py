"""What the widget calls so that a guest can come back: a link into the consent centre, or an address of their own."""

from functools import partial

import msgspec

from kryptos.domains import connect
from kryptos.domains.connect import SignInRequired, WidgetKeyRequired
from kryptos.domains.identity import CodeWrong, MailUnavailable, NotAGuest, TooManyCodes
from kryptos.surfaces.connect_api.widget_wire import CodeIn, EmailIn
from kryptos.surfaces.http import limits
from kryptos.surfaces.http.calls import LinkCall
from kryptos.surfaces.http.consent_centre import management_url
from kryptos.surfaces.http.endpoint import Auth, Endpoint, Family
from kryptos.surfaces.http.wire import Message, Nothing, Success


class ManagementLinkOut(msgspec.Struct, kw_only=True):
    """An address that opens the guest's consent centre once; the one before it is dead."""

    url: str


class AddedAddressOut(msgspec.Struct, kw_only=True):
    """``has_claimed``: the address was somebody's already, who now finds what this guest connected as well."""

    email: str
    has_claimed: bool


async def make_management_link(call: LinkCall, _body: Nothing) -> Success[ManagementLinkOut]:
    """Make the link with which the guest of this session sees and ends access later. It opens once.

    Needs the `X-Widget-Key` that going on as a guest returned: the app, which holds the link token too, must not get
    the link. Show it to the person alone.
    """
    key = await connect.make_management_link(call.uow, session=call.session)
    return Success(data=ManagementLinkOut(url=management_url(key, base_url=call.services.settings.base_url)))


async def start_guest_email(call: LinkCall, body: EmailIn) -> Message:
    """Mail a code to the address that the guest of this session wants. Needs the guest's `X-Widget-Key`."""
    if not call.services.can_mail:
        raise MailUnavailable
    limits.take(call.services.limiter, limits.CODES, call.address)
    await connect.start_adding_address(
        call.uow, session=call.session, email=body.email, language=body.language
    )
    return Message(message="If this address can be added, a code is on its way to it.")


async def verify_guest_email(call: LinkCall, body: CodeIn) -> Success[AddedAddressOut]:
    """Give the guest of this session the address that the code was mailed to. Needs the guest's `X-Widget-Key`.

    Consent, workspace and connections of the session stay, and so do the ids that the app knows.
    """
    limits.take(call.services.limiter, limits.CODES, call.address)
    added = await connect.add_address_in_session(
        call.uow, session=call.session, email=body.email, code=body.code
    )
    return Success(
        data=AddedAddressOut(email=added.person.email or body.email, has_claimed=added.has_claimed)
    )


_GUESTS_ONLY = (SignInRequired, WidgetKeyRequired, NotAGuest)
_endpoint = partial(Endpoint, method="POST", auth=Auth.LINK_TOKEN, family=Family.CONNECT)

ENDPOINTS = (
    _endpoint(
        path="/link-token/management-link",
        summary="Make a guest's management link",
        handler=make_management_link,
        body=Nothing,
        reply=Success[ManagementLinkOut],
        errors=_GUESTS_ONLY,
    ),
    _endpoint(
        path="/link-token/email/start",
        summary="Mail a code to a guest's new address",
        handler=start_guest_email,
        body=EmailIn,
        reply=Message,
        errors=(*_GUESTS_ONLY, MailUnavailable, TooManyCodes),
    ),
    _endpoint(
        path="/link-token/email/verify",
        summary="Give a guest an address",
        handler=verify_guest_email,
        body=CodeIn,
        reply=Success[AddedAddressOut],
        errors=(*_GUESTS_ONLY, CodeWrong),
    ),
)
"""What the widget may call for a guest who wants to come back."""
