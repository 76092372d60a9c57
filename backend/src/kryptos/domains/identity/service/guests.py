"""Guests' ways into the consent centre: a link that opens once, and an address of their own."""

import sqlalchemy as sa

from kryptos.domains import audit
from kryptos.domains.identity import policy
from kryptos.domains.identity._tables import users
from kryptos.domains.identity.contracts import AddedAddress, CodeKind, User
from kryptos.domains.identity.errors import CodeWrong, ManagementLinkInvalid, NotAGuest
from kryptos.domains.identity.service.account_sessions import end_sessions_of
from kryptos.domains.identity.service.codes import confirm_code, take_turn
from kryptos.domains.identity.service.people import as_self, is_live, user_of
from kryptos.infra.database import Uow

_IS_GUEST = sa.and_(users.c.email.is_(None), users.c.claimed_by.is_(None))


async def make_management_link(uow: Uow, *, user_id: str) -> str:
    """Return the key of a new link for a guest, shown this once; the link before it is dead. Raise ``NotAGuest``."""
    key = uow.new_token("manage")
    made = await uow.execute(
        sa.update(users)
        .where(users.c.id == user_id, _IS_GUEST, is_live())
        .values(management_key_hash=uow.hash(key))
    )
    if not made.rowcount:
        raise NotAGuest
    await audit.record(
        uow, action="guest.link_made", actor=as_self(user_id), subject=user_id, user_id=user_id
    )
    return key


async def use_management_link(uow: Uow, *, key: str) -> User:
    """Return the guest whom a link belongs to, and use the link up; raise ``ManagementLinkInvalid``."""
    row = await uow.first(
        sa.update(users)
        .where(users.c.management_key_hash.in_(uow.hashes(key)), _IS_GUEST, is_live())
        .values(management_key_hash=None)
        .returning(users)
    )
    if row is None:
        raise ManagementLinkInvalid
    await audit.record(uow, action="guest.link_used", actor=as_self(row.id), subject=row.id, user_id=row.id)
    return user_of(row)


async def add_address(uow: Uow, *, guest_id: str, email: str, code: str, purpose: str) -> AddedAddress:
    """Give a guest the address that a code was mailed to; when it is somebody's, that person claims the guest.

    The guest's link is dead and their account sessions end: whoever had a way in without the address has none now.
    Raises ``CodeWrong``, also when the address belongs to somebody who is suspended or being erased, and ``NotAGuest``.
    """
    address = policy.normalise_email(email)
    await confirm_code(uow, kind=CodeKind.ADDRESS, email=address, code=code, purpose=purpose)
    await take_turn(uow, address)  # nobody signs up with it meanwhile, and no other guest gets it
    guest = await uow.first(
        sa.select(users.c.id).where(users.c.id == guest_id, _IS_GUEST, is_live()).with_for_update()
    )
    if guest is None:
        raise NotAGuest
    # Held, so that an erasure that is being asked for is seen, or sees the guest among what is to be erased.
    owner = await uow.first(sa.select(users).where(users.c.email == address).with_for_update())
    if owner is not None and user_of(owner).is_suspended:
        raise CodeWrong
    changes = {"claimed_by": owner.id} if owner else {"email": address}
    row = await uow.first(
        sa.update(users)
        .where(users.c.id == guest_id)
        .values(**changes, management_key_hash=None)
        .returning(users)
    )
    await end_sessions_of(uow, user_id=guest_id)
    await audit.record(
        uow,
        action="guest.claimed" if owner else "guest.address_added",
        actor=as_self(owner.id if owner else guest_id),
        subject=guest_id,
        user_id=guest_id,
    )
    if row is None:
        raise NotAGuest
    return AddedAddress(person=user_of(owner or row), has_claimed=owner is not None)
