"""What the token journey keeps of a person: their sessions, told to them, erased."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kryptos.domains.connect._tables import (
    link_sessions,
    ownership_challenges,
    public_tokens,
    session_events,
)
from kryptos.infra import idempotency
from kryptos.infra.database import Uow

_TOLD_SESSION = (
    "id", "client_id", "scopes", "redirect_uri", "is_resumed", "user_id", "workspace_id", "consented_scopes",
    "consented_at", "created_at", "expires_at", "ended_at", "outcome", "repaired_integration_id",
)  # fmt: skip


async def export_sessions(
    uow: Uow, *, user_ids: Collection[str], after: str, limit: int
) -> list[dict[str, Any]]:
    """Return the sessions of people with what happened in each, by id, behind the id ``after``; no token of any."""
    told = (link_sessions.c[name] for name in _TOLD_SESSION)
    sessions = await uow.dicts(
        sa.select(*told)
        .where(link_sessions.c.user_id.in_(list(user_ids)), link_sessions.c.id > after)
        .order_by(link_sessions.c.id)
        .limit(limit)
    )
    ids = [each["id"] for each in sessions]
    beside = {
        "events": (session_events, ("id", "name", "at", "details")),
        "public_tokens": (public_tokens, ("created_at", "expires_at", "used_at")),
        "ownership_challenges": (ownership_challenges, ("address", "message", "expires_at", "used_at")),
    }
    for session in sessions:
        session |= {name: [] for name in beside}
    by_id = {each["id"]: each for each in sessions}
    for name, (table, columns) in beside.items():
        rows = await uow.dicts(
            sa.select(table.c.session_id, *(table.c[column] for column in columns))
            .where(table.c.session_id.in_(ids))
            .order_by(table.c.session_id, table.c[columns[0]])
        )
        for row in rows:
            by_id[row.pop("session_id")][name].append(row)
    return sessions


async def list_sessions_of(uow: Uow, *, user_ids: Collection[str], limit: int) -> tuple[str, ...]:
    """Return up to ``limit`` sessions of people, held until this transaction ends."""
    rows = await uow.all(
        sa.select(link_sessions.c.id)
        .where(link_sessions.c.user_id.in_(list(user_ids)))
        .order_by(link_sessions.c.id)
        .limit(limit)
        .with_for_update()
    )
    return tuple(row.id for row in rows)


async def list_seen_since(uow: Uow, *, user_ids: Collection[str], since: datetime) -> tuple[str, ...]:
    """Return those of these people who were in a session since an instant."""
    rows = await uow.all(
        sa.select(link_sessions.c.user_id)
        .where(link_sessions.c.user_id.in_(list(user_ids)), link_sessions.c.created_at > since)
        .distinct()
    )
    return tuple(row.user_id for row in rows)


async def erase_sessions(uow: Uow, *, session_ids: Sequence[str]) -> dict[str, int]:
    """Delete sessions with everything under them; return how many rows of what."""
    tokens = await uow.all(
        sa.select(link_sessions.c.token_hash, link_sessions.c.app_token_hash).where(
            link_sessions.c.id.in_(list(session_ids))
        )
    )
    # Answers to keyed calls are kept under the hash of the link token.
    scopes = [token.hex() for row in tokens for token in row if token is not None]
    answered = await idempotency.forget(uow, scopes=scopes)
    counts = {"idempotency_records": answered}
    for name, table, column in (
        ("session_events", session_events, session_events.c.session_id),
        ("public_tokens", public_tokens, public_tokens.c.session_id),
        ("ownership_challenges", ownership_challenges, ownership_challenges.c.session_id),
        ("link_sessions", link_sessions, link_sessions.c.id),
    ):
        counts[name] = (await uow.execute(sa.delete(table).where(column.in_(list(session_ids))))).rowcount
    return counts
