"""What lets a guest come back: a link into the consent centre, or an e-mail address."""

from kryptos.domains import identity, workspaces
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.connect.contracts import LinkSession
from kryptos.domains.connect.errors import SignInRequired, WidgetKeyRequired
from kryptos.domains.connect.service.append_event import append_event
from kryptos.domains.identity import AddedAddress, CodeKind, NotAGuest, User
from kryptos.infra.database import Uow


async def make_management_link(uow: Uow, *, session: LinkSession) -> str:
    """Return the key of a new management link for the guest of a session.

    Raises ``SignInRequired``, ``NotAGuest`` and, for a call without the widget's key, ``WidgetKeyRequired``: with the
    link token alone the app could take the link, and with it the guest's say over what the app may read.
    """
    guest = _keyed_guest(session)
    key = await identity.make_management_link(uow, user_id=guest.id)
    await append_event(uow, session_id=session.id, name="management_link.made")
    return key


async def start_adding_address(
    uow: Uow, *, session: LinkSession, email: str, language: str | None = None
) -> None:
    """Have a code mailed to the address that the guest of a session wants; raise as ``make_management_link`` does."""
    _keyed_guest(session)
    await identity.request_code(
        uow,
        kind=CodeKind.ADDRESS,
        email=email,
        purpose=session.id,
        app_name=session.client.name,
        language=language,
    )
    await append_event(uow, session_id=session.id, name="address.code_requested")


async def add_address_in_session(uow: Uow, *, session: LinkSession, email: str, code: str) -> AddedAddress:
    """Give the guest of a session the address; person, workspace, consent and connections of the session stay."""
    guest = _keyed_guest(session)
    added = await add_address_to_guest(uow, guest=guest, email=email, code=code, purpose=session.id)
    await append_event(uow, session_id=session.id, name="address.added")
    return added


async def add_address_to_guest(uow: Uow, *, guest: User, email: str, code: str, purpose: str) -> AddedAddress:
    """Give a guest the address that a code was mailed to; whoever has it already claims the guest and their workspace.

    The ids that apps know stay what they are. Raises ``CodeWrong`` or ``NotAGuest``.
    """
    added = await identity.add_address(uow, guest_id=guest.id, email=email, code=code, purpose=purpose)
    if added.has_claimed:
        person = added.person
        await workspaces.share_memberships(
            uow, actor=Actor(ActorKind.USER, person.id), guest_id=guest.id, person_id=person.id
        )
    return added


def _keyed_guest(session: LinkSession) -> User:
    user = session.user
    if user is None:
        raise SignInRequired
    if not session.is_keyed:
        raise WidgetKeyRequired
    if not user.is_guest or user.claimed_by is not None:
        raise NotAGuest
    return user
