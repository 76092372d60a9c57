"""People: guests and those with an address; who they are, inviting them, stopping them."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from kryptos.domains import audit
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.identity import policy
from kryptos.domains.identity._queries import PROFILE
from kryptos.domains.identity._tables import invitations, users
from kryptos.domains.identity.contracts import User
from kryptos.domains.identity.errors import SignUpClosed, UserNotFound
from kryptos.domains.identity.events import UserResumed, UserSuspended
from kryptos.infra.database import Uow
from kryptos.infra.database.reader import Reader


async def create_guest(uow: Uow, *, signup: policy.SignUp, language: str | None = None) -> User:
    """Make a person without an address; raise ``SignUpClosed`` where the operator admits only known people."""
    if signup != "open":
        raise SignUpClosed
    user = await insert_user(uow, email=None, language=policy.supported_language(language))
    await audit.record(uow, action="guest.created", actor=as_self(user.id), subject=user.id, user_id=user.id)
    return user


async def get_user(uow: Uow, *, user_id: str) -> User:
    """Return a person; raise ``UserNotFound``."""
    row = await uow.first(sa.select(users).where(users.c.id == user_id))
    if row is None:
        raise UserNotFound
    return user_of(row)


async def find_live_person(uow: Uow, *, email: str) -> User | None:
    """Return whoever has this address; None for nobody, and for somebody who is suspended or being erased."""
    row = await uow.first(sa.select(users).where(users.c.email == email, is_live()))
    return user_of(row) if row else None


async def read_profile(reader: Reader, *, user_id: str) -> User:
    """Return a person, read outside a transaction; raise ``UserNotFound``."""
    row = await reader.fetchrow(PROFILE, user_id)
    if row is None:
        raise UserNotFound
    return User(
        id=row["id"],
        is_guest=row["email"] is None,
        email=row["email"],
        name=row["name"],
        language=row["language"],
        created_at=row["created_at"],
        is_suspended=row["is_suspended"],
        claimed_by=row["claimed_by"],
    )


async def invite(uow: Uow, *, email: str) -> None:
    """Let an address sign up although sign-up is by invitation."""
    address = policy.normalise_email(email)
    await uow.execute(insert(invitations).values(email=address, invited_at=uow.now).on_conflict_do_nothing())
    await audit.record(uow, action="user.invited", actor=Actor(ActorKind.OPERATOR))


async def suspend_user(uow: Uow, *, user_id: str) -> None:
    """Stop every token and account session of a person, and of the guests they claimed, until resumed."""
    for each in await _set_suspended(uow, user_id=user_id, action="user.suspended", suspended_at=uow.now):
        uow.emit(UserSuspended(user_id=each))


async def resume_user(uow: Uow, *, user_id: str) -> None:
    """Undo ``suspend_user``."""
    for each in await _set_suspended(uow, user_id=user_id, action="user.resumed", suspended_at=None):
        uow.emit(UserResumed(user_id=each))


async def insert_user(uow: Uow, *, email: str | None, language: str) -> User:
    """Insert a person, or find the one that a simultaneous sign-in with the same address has just inserted."""
    inserted = await uow.first(
        insert(users)
        .values(id=uow.new_id("user"), email=email, language=language, created_at=uow.now)
        .on_conflict_do_nothing(index_elements=[users.c.email])
        .returning(users)
    )
    row = inserted or await uow.first(sa.select(users).where(users.c.email == email))
    if row is None:
        raise UserNotFound
    return user_of(row)


def is_live() -> sa.ColumnElement[bool]:
    """Return the condition that a person is neither suspended nor being erased."""
    return sa.and_(users.c.suspended_at.is_(None), users.c.erasing_at.is_(None))


def user_of(row: sa.Row[tuple[object, ...]]) -> User:
    """Return the person of a row of ``users``."""
    return User(
        id=row.id,
        is_guest=row.email is None,
        email=row.email,
        name=row.name,
        language=row.language,
        created_at=row.created_at,
        is_suspended=row.suspended_at is not None or row.erasing_at is not None,
        claimed_by=row.claimed_by,
    )


def as_self(user_id: str) -> Actor:
    """Return the person as who acts."""
    return Actor(ActorKind.USER, user_id)


async def _set_suspended(uow: Uow, *, user_id: str, action: str, suspended_at: object) -> list[str]:
    changed = await uow.all(
        sa.update(users)
        .where(sa.or_(users.c.id == user_id, users.c.claimed_by == user_id))
        .values(suspended_at=suspended_at)
        .returning(users.c.id)
    )
    if not changed:
        raise UserNotFound
    await audit.record(uow, action=action, actor=Actor(ActorKind.OPERATOR), subject=user_id, user_id=user_id)
    return [row.id for row in changed]
