"""What identity keeps of a person: told to them, marked as being erased, erased."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kryptos.domains.identity._tables import (
    account_sessions,
    invitations,
    sign_in_addresses,
    sign_in_challenges,
    users,
)
from kryptos.domains.identity.contracts import Self
from kryptos.domains.identity.errors import UserNotFound
from kryptos.domains.identity.policy import normalise_email
from kryptos.domains.identity.service.codes import take_turn
from kryptos.infra.database import Uow

_TOLD_USER = ("id", "email", "name", "language", "created_at", "suspended_at", "claimed_by", "erasing_at")
_TOLD_SESSION = ("id", "user_id", "created_at", "seen_at", "expires_at")
_TOLD_CHALLENGE = (
    "id", "email", "kind", "purpose", "app_name", "language", "tries", "created_at", "expires_at", "used_at"
)  # fmt: skip


async def find_user_id(uow: Uow, *, email: str) -> str | None:
    """Return the id of whoever has an address; raise ``InvalidInput`` if it is none."""
    row = await uow.first(sa.select(users.c.id).where(users.c.email == normalise_email(email)))
    return None if row is None else str(row.id)


async def list_selves(uow: Uow, *, user_id: str, for_update: bool = False) -> tuple[Self, ...]:
    """Return a person and the guests that they have claimed, the person first; raise ``UserNotFound``.

    The id of a claimed guest leads to the person who has claimed it.
    """
    claimed_by = sa.select(users.c.claimed_by).where(users.c.id == user_id)
    named = await uow.first(claimed_by.with_for_update() if for_update else claimed_by)
    if named is None:
        raise UserNotFound
    person = named.claimed_by or user_id
    selves = await list_with_claimed(uow, user_ids=[person], for_update=for_update)
    return tuple(sorted(selves, key=lambda each: each.id != person))


async def list_with_claimed(
    uow: Uow, *, user_ids: Collection[str], for_update: bool = False
) -> tuple[Self, ...]:
    """Return these people and the guests that they have claimed."""
    ids = list(user_ids)
    mine = (
        sa.select(users)
        .where(sa.or_(users.c.id.in_(ids), users.c.claimed_by.in_(ids)))
        .order_by(users.c.id)  # one order for all: no deadlock
    )
    rows = await uow.all(mine.with_for_update() if for_update else mine)
    return tuple(Self(row.id, row.email, row.created_at, row.erasing_at is not None) for row in rows)


async def begin_erasure(uow: Uow, *, user_ids: Collection[str]) -> None:
    """Mark people as being erased: from here on they are as good as suspended, and signed in nowhere."""
    await uow.execute(
        sa.update(users)
        .where(users.c.id.in_(list(user_ids)), users.c.erasing_at.is_(None))
        .values(erasing_at=uow.now, management_key_hash=None)
    )
    await uow.execute(sa.delete(account_sessions).where(account_sessions.c.user_id.in_(list(user_ids))))


async def list_not_erasing(uow: Uow, *, user_ids: Collection[str]) -> tuple[str, ...]:
    """Return those of these people who are there to stay."""
    rows = await uow.all(
        sa.select(users.c.id)
        .where(users.c.id.in_(list(user_ids)), users.c.erasing_at.is_(None))
        .order_by(users.c.id)
    )
    return tuple(row.id for row in rows)


async def list_guests_made_before(uow: Uow, *, before: datetime, after: str, limit: int) -> tuple[str, ...]:
    """Return guests whom nobody has claimed and who came before an instant, by id, behind the id ``after``.

    Whoever was in the consent centre since is left out.
    """
    was_here = sa.exists().where(
        account_sessions.c.user_id == users.c.id, account_sessions.c.seen_at > before
    )
    rows = await uow.all(
        sa.select(users.c.id)
        .where(
            users.c.id > after,
            users.c.email.is_(None),
            users.c.claimed_by.is_(None),
            users.c.erasing_at.is_(None),
            users.c.created_at < before,
            ~was_here,
        )
        .order_by(users.c.id)
        .limit(limit)
    )
    return tuple(row.id for row in rows)


async def export_users(uow: Uow, *, user_ids: Collection[str]) -> list[dict[str, Any]]:
    """Return what is kept of people themselves; whether a guest has a management link, not the link."""
    has_link = users.c.management_key_hash.is_not(None).label("has_management_link")
    return await uow.dicts(
        sa.select(*(users.c[name] for name in _TOLD_USER), has_link)
        .where(users.c.id.in_(list(user_ids)))
        .order_by(users.c.id)
    )


async def export_account_sessions(uow: Uow, *, user_ids: Collection[str]) -> list[dict[str, Any]]:
    """Return when they were signed in to the consent centre."""
    return await uow.dicts(
        sa.select(*(account_sessions.c[name] for name in _TOLD_SESSION))
        .where(account_sessions.c.user_id.in_(list(user_ids)))
        .order_by(account_sessions.c.id)
    )


async def export_sign_ins(uow: Uow, *, emails: Collection[str]) -> list[dict[str, Any]]:
    """Return the sign-in codes that were asked for, without the codes, which are not known here."""
    return await uow.dicts(
        sa.select(*(sign_in_challenges.c[name] for name in _TOLD_CHALLENGE))
        .where(sign_in_challenges.c.email.in_(list(emails)))
        .order_by(sign_in_challenges.c.id)
    )


async def export_addresses(uow: Uow, *, emails: Collection[str]) -> list[dict[str, Any]]:
    """Return when the addresses were invited, and when a code was last asked for."""
    invited = sa.select(
        invitations.c.email, sa.literal("invited").label("what"), invitations.c.invited_at.label("at")
    ).where(invitations.c.email.in_(list(emails)))
    asked = sa.select(
        sign_in_addresses.c.email, sa.literal("code asked for"), sign_in_addresses.c.requested_at
    ).where(sign_in_addresses.c.email.in_(list(emails)))
    return await uow.dicts(invited.union_all(asked).order_by("email", "what"))


async def erase_users(uow: Uow, *, user_ids: Sequence[str], emails: Collection[str]) -> dict[str, int]:
    """Delete people and everything under their addresses; return how many rows of what.

    A code that is asked for at the same time waits for this transaction, or this one for it: nothing of a request
    made before is left.
    """
    for email in sorted(emails):
        await take_turn(uow, email)
    counts: dict[str, int] = {}
    for name, table, column, values in (
        ("account_sessions", account_sessions, account_sessions.c.user_id, user_ids),
        ("sign_in_challenges", sign_in_challenges, sign_in_challenges.c.email, emails),
        ("sign_in_addresses", sign_in_addresses, sign_in_addresses.c.email, emails),
        ("invitations", invitations, invitations.c.email, emails),
        ("users", users, users.c.id, user_ids),
    ):
        counts[name] = (await uow.execute(sa.delete(table).where(column.in_(list(values))))).rowcount
    return counts
