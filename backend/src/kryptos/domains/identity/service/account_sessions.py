"""Account sessions: browsers in which somebody is signed in to the consent centre."""

import sqlalchemy as sa

from kryptos.domains.identity import policy
from kryptos.domains.identity._tables import account_sessions, users
from kryptos.domains.identity.contracts import AccountSession, OpenedAccountSession, User
from kryptos.domains.identity.errors import NotSignedIn
from kryptos.domains.identity.service.people import is_live, user_of
from kryptos.infra.database import Uow


async def open_account_session(
    uow: Uow, *, user: User, former_token: str | None = None
) -> OpenedAccountSession:
    """Sign the person in to one browser, under a token that nobody had before; the browser's former session ends."""
    if former_token is not None:
        await end_account_session(uow, token=former_token)
    token = uow.new_token("acct")
    session = AccountSession(
        id=uow.new_id("acs"), user=user, expires_at=uow.now + policy.ACCOUNT_SESSION_LIFETIME
    )
    await uow.execute(
        sa.insert(account_sessions).values(
            id=session.id,
            user_id=user.id,
            token_hash=uow.hash(token),
            key_id=uow.key_id,
            created_at=uow.now,
            seen_at=uow.now,
            expires_at=session.expires_at,
        )
    )
    return OpenedAccountSession(session=session, token=token)


async def get_account_session(uow: Uow, *, token: str) -> AccountSession:
    """Return the running session of a token and note that it is in use; raise ``NotSignedIn``.

    It runs 30 days at most, 12 hours without a call, and never for a person who is suspended or being erased, or a
    guest whom somebody has claimed.
    """
    row = await uow.first(
        sa.select(
            users,
            account_sessions.c.id.label("session_id"),
            account_sessions.c.seen_at,
            account_sessions.c.expires_at,
        )
        .join(account_sessions, account_sessions.c.user_id == users.c.id)
        .where(
            account_sessions.c.token_hash.in_(uow.hashes(token)),
            account_sessions.c.expires_at > uow.now,
            account_sessions.c.seen_at > uow.now - policy.ACCOUNT_SESSION_IDLE,
            is_live(),
            users.c.claimed_by.is_(None),
        )
    )
    if row is None:
        raise NotSignedIn
    if row.seen_at <= uow.now - policy.SEEN_EVERY:
        await uow.execute(
            sa.update(account_sessions).where(account_sessions.c.id == row.session_id).values(seen_at=uow.now)
        )
    return AccountSession(id=row.session_id, user=user_of(row), expires_at=row.expires_at)


async def end_account_session(uow: Uow, *, token: str) -> None:
    """Sign out of one browser; of a token that opens nothing there is nothing to end."""
    await uow.execute(sa.delete(account_sessions).where(account_sessions.c.token_hash.in_(uow.hashes(token))))


async def end_sessions_of(uow: Uow, *, user_id: str) -> None:
    """Sign somebody out of every browser."""
    await uow.execute(sa.delete(account_sessions).where(account_sessions.c.user_id == user_id))


async def prune_account_sessions(uow: Uow) -> int:
    """Delete the sessions that have ended by themselves; return how many."""
    ended = sa.or_(
        account_sessions.c.expires_at <= uow.now,
        account_sessions.c.seen_at <= uow.now - policy.ACCOUNT_SESSION_IDLE,
    )
    return (await uow.execute(sa.delete(account_sessions).where(ended))).rowcount
