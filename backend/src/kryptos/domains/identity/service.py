"""Use cases of identity."""

import hmac

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from kryptos.domains import audit
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.identity import policy
from kryptos.domains.identity._queries import PROFILE
from kryptos.domains.identity._tables import invitations, sign_in_addresses, sign_in_challenges, users
from kryptos.domains.identity.contracts import IssuedCode, User
from kryptos.domains.identity.errors import CodeWrong, SignUpClosed, TooManyCodes, UserNotFound
from kryptos.domains.identity.events import SignInCodeRequested, UserResumed, UserSuspended
from kryptos.infra.database import Uow
from kryptos.infra.database.reader import Reader


async def create_guest(uow: Uow, *, signup: policy.SignUp, language: str | None = None) -> User:
    """Make a person without an address; raise ``SignUpClosed`` where the operator admits only known people."""
    if signup != "open":
        raise SignUpClosed
    user = await _insert_user(uow, email=None, language=policy.supported_language(language))
    await audit.record(uow, action="guest.created", actor=_self(user.id), subject=user.id, user_id=user.id)
    return user


async def request_sign_in_code(
    uow: Uow, *, email: str, purpose: str, app_name: str, language: str | None = None
) -> None:
    """Ask for a code to be mailed. The answer is the same whether or not the address is known.

    Raises ``TooManyCodes`` after three requests for one address in fifteen minutes.
    """
    address = policy.normalise_email(email)
    await take_turn(uow, address)
    recent = await uow.first(
        sa.select(
            sa.func.count().label("sent"), sa.func.min(sign_in_challenges.c.created_at).label("first_at")
        ).where(
            sign_in_challenges.c.email == address,
            sign_in_challenges.c.created_at > uow.now - policy.SENDS_WINDOW,
        )
    )
    if recent and recent.sent >= policy.SENDS:
        wait = recent.first_at + policy.SENDS_WINDOW - uow.now
        raise TooManyCodes(retry_after_seconds=max(1, int(wait.total_seconds()) + 1))
    challenge_id = uow.new_id("sic")
    await uow.execute(
        sa.insert(sign_in_challenges).values(
            id=challenge_id,
            email=address,
            purpose=purpose,
            app_name=app_name,
            language=policy.supported_language(language),
            tries=0,
            created_at=uow.now,
            expires_at=uow.now + policy.CODE_LIFETIME,
        )
    )
    uow.emit(SignInCodeRequested(challenge_id=challenge_id))


async def issue_sign_in_code(uow: Uow, *, challenge_id: str, signup: policy.SignUp) -> IssuedCode | None:
    """Make the code of a request, replacing one made before; None when no mail is to be sent.

    The clear code exists only in the returned value.
    """
    row = await uow.first(
        sa.select(sign_in_challenges).where(sign_in_challenges.c.id == challenge_id).with_for_update()
    )
    if row is None or row.used_at is not None or row.expires_at <= uow.now:
        return None
    if not await _may_sign_in(uow, email=row.email, signup=signup):
        return None
    code = uow.random_digits(policy.CODE_DIGITS)
    await uow.execute(
        sa.update(sign_in_challenges)
        .where(sign_in_challenges.c.id == challenge_id)
        .values(code_hash=uow.hash(f"{challenge_id}:{code}"), expires_at=uow.now + policy.CODE_LIFETIME)
    )
    return IssuedCode(email=row.email, code=code, language=row.language, app_name=row.app_name)


async def verify_sign_in_code(uow: Uow, *, email: str, code: str, purpose: str) -> User:
    """Return the person whose mailed code this is, new people included; raise ``CodeWrong``, counting the try."""
    address = policy.normalise_email(email)
    newest = (
        sa.select(sign_in_challenges.c.id)
        .where(sign_in_challenges.c.email == address, sign_in_challenges.c.purpose == purpose)
        .order_by(sign_in_challenges.c.created_at.desc(), sign_in_challenges.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    challenge = await uow.first(
        sa.update(sign_in_challenges)
        .where(
            sign_in_challenges.c.id == newest,
            sign_in_challenges.c.used_at.is_(None),
            sign_in_challenges.c.expires_at > uow.now,
            sign_in_challenges.c.tries < policy.CODE_TRIES,
        )
        .values(tries=sign_in_challenges.c.tries + 1)
        .returning(sign_in_challenges.c.id, sign_in_challenges.c.code_hash, sign_in_challenges.c.language)
    )
    if challenge is None or challenge.code_hash is None:
        raise CodeWrong
    presented = uow.hashes(f"{challenge.id}:{code.strip()}")
    if not any(hmac.compare_digest(challenge.code_hash, each) for each in presented):
        raise CodeWrong
    await uow.execute(
        sa.update(sign_in_challenges).where(sign_in_challenges.c.id == challenge.id).values(used_at=uow.now)
    )
    row = await uow.first(sa.select(users).where(users.c.email == address))
    user = _user(row) if row else await _insert_user(uow, email=address, language=challenge.language)
    if user.is_suspended:
        raise CodeWrong
    await audit.record(uow, action="user.signed_in", actor=_self(user.id), subject=user.id, user_id=user.id)
    return user


async def carry_over_codes(uow: Uow, *, purpose: str, new_purpose: str) -> None:
    """Let codes that were mailed for one purpose be used for another; what was tried and sent stays counted."""
    await uow.execute(
        sa.update(sign_in_challenges)
        .where(sign_in_challenges.c.purpose == purpose)
        .values(purpose=new_purpose)
    )


async def get_user(uow: Uow, *, user_id: str) -> User:
    """Return a person; raise ``UserNotFound``."""
    row = await uow.first(sa.select(users).where(users.c.id == user_id))
    if row is None:
        raise UserNotFound
    return _user(row)


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
        is_suspended=row["suspended_at"] is not None or row["erasing_at"] is not None,
    )


async def invite(uow: Uow, *, email: str) -> None:
    """Let an address sign up although sign-up is by invitation."""
    address = policy.normalise_email(email)
    await uow.execute(insert(invitations).values(email=address, invited_at=uow.now).on_conflict_do_nothing())
    await audit.record(uow, action="user.invited", actor=Actor(ActorKind.OPERATOR))


async def suspend_user(uow: Uow, *, user_id: str) -> None:
    """Stop every token of a person from the next call on, until resumed."""
    await _set_suspended(uow, user_id=user_id, action="user.suspended", suspended_at=uow.now)
    uow.emit(UserSuspended(user_id=user_id))


async def resume_user(uow: Uow, *, user_id: str) -> None:
    """Undo ``suspend_user``."""
    await _set_suspended(uow, user_id=user_id, action="user.resumed", suspended_at=None)
    uow.emit(UserResumed(user_id=user_id))


async def prune(uow: Uow) -> int:
    """Delete sign-in requests that can no longer matter; return how many."""
    horizon = uow.now - policy.SENDS_WINDOW
    await uow.execute(sa.delete(sign_in_addresses).where(sign_in_addresses.c.requested_at < horizon))
    ended = sign_in_challenges.c.expires_at < horizon
    return (await uow.execute(sa.delete(sign_in_challenges).where(ended))).rowcount


async def take_turn(uow: Uow, address: str) -> None:
    """Hold the address's row until the transaction ends, so that parallel requests are counted one after another."""
    turn = insert(sign_in_addresses).values(email=address, requested_at=uow.now)
    await uow.execute(
        turn.on_conflict_do_update(
            index_elements=[sign_in_addresses.c.email], set_={"requested_at": turn.excluded.requested_at}
        )
    )


async def _set_suspended(uow: Uow, *, user_id: str, action: str, suspended_at: object) -> None:
    changed = await uow.execute(
        sa.update(users).where(users.c.id == user_id).values(suspended_at=suspended_at)
    )
    if not changed.rowcount:
        raise UserNotFound
    await audit.record(uow, action=action, actor=Actor(ActorKind.OPERATOR), subject=user_id, user_id=user_id)


async def _may_sign_in(uow: Uow, *, email: str, signup: policy.SignUp) -> bool:
    known = await uow.first(sa.select(users.c.erasing_at).where(users.c.email == email))
    if known is not None:
        return known.erasing_at is None
    if signup == "open":
        return True
    invited = await uow.first(sa.select(invitations.c.email).where(invitations.c.email == email))
    return signup == "invite" and invited is not None


async def _insert_user(uow: Uow, *, email: str | None, language: str) -> User:
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
    return _user(row)


def _user(row: sa.Row[tuple[object, ...]]) -> User:
    return User(
        id=row.id,
        is_guest=row.email is None,
        email=row.email,
        name=row.name,
        language=row.language,
        created_at=row.created_at,
        is_suspended=row.suspended_at is not None or row.erasing_at is not None,
    )


def _self(user_id: str) -> Actor:
    return Actor(ActorKind.USER, user_id)
