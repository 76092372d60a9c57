"""The record of a session: what happened, in which order, and what came of it."""

from collections.abc import Mapping

import msgspec
import sqlalchemy as sa

from kryptos.domains.clients import Client
from kryptos.domains.connect import policy
from kryptos.domains.connect._tables import link_sessions, public_tokens, session_events
from kryptos.domains.connect.contracts import LinkSession, Outcome, SessionEvent, SessionRecord, Stage
from kryptos.domains.connect.errors import SessionNotFound
from kryptos.domains.connect.service.append_event import append_event
from kryptos.domains.connect.service.mint_public_token import mint_public_token
from kryptos.infra.database import Uow
from kryptos.kernel.errors import InvalidInput


async def record_event(
    uow: Uow, *, session: LinkSession, name: str, details: Mapping[str, object] | None = None
) -> None:
    """Append something that the widget reports, under ``widget.<name>``; bounded in size and number."""
    if not policy.EVENT_NAME.fullmatch(name):
        raise _invalid(
            "name", "An event name is a letter and up to 63 letters, digits, '_', '.', ':' or '-'."
        )
    if len(msgspec.json.encode(details or {})) > policy.EVENT_DETAILS_BYTES:
        raise _invalid("details", f"The details of an event have at most {policy.EVENT_DETAILS_BYTES} bytes.")
    counted = await uow.first(
        sa.select(sa.func.count().label("events")).where(session_events.c.session_id == session.id)
    )
    if counted and counted.events >= policy.EVENTS_PER_SESSION:
        raise _invalid("name", f"A session keeps at most {policy.EVENTS_PER_SESSION} events.")
    await append_event(uow, session_id=session.id, name=f"widget.{name}", details=details)


async def close_session(uow: Uow, *, session: LinkSession) -> None:
    """End a session that the person left before completing it."""
    await uow.execute(
        sa.update(link_sessions)
        .where(link_sessions.c.id == session.id, link_sessions.c.ended_at.is_(None))
        .values(ended_at=uow.now, outcome=Outcome.EXIT.value)
    )
    await append_event(uow, session_id=session.id, name="exited")


async def get_session_record(uow: Uow, *, client: Client, session_id: str) -> SessionRecord:
    """Return what became of a session of this client.

    A session that was completed on the hosted page (it has a redirect URI) yields its public token here, made
    anew at each call until one of them is exchanged or 30 minutes have passed. Raises ``SessionNotFound``.
    """
    row = await uow.first(
        sa.select(link_sessions).where(
            link_sessions.c.id == session_id, link_sessions.c.client_id == client.id
        )
    )
    if row is None:
        raise SessionNotFound
    events = await uow.all(
        sa.select(session_events)
        .where(session_events.c.session_id == session_id)
        .order_by(session_events.c.id)
    )
    outcome = Outcome(row.outcome) if row.outcome else None
    if outcome is None and row.expires_at <= uow.now:
        outcome = Outcome.EXPIRED
    is_shared = row.is_resumed or row.consented_at is not None  # who looked and did not consent stays unnamed
    return SessionRecord(
        session_id=row.id,
        stage=_stage(row),
        outcome=outcome,
        is_resumed=row.is_resumed,
        created_at=row.created_at,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
        user_id=row.user_id if is_shared else None,
        workspace_id=row.workspace_id if is_shared else None,
        scopes=tuple(row.consented_scopes or row.scopes),
        public_token=None if client.has_cut(row.created_at) else await hosted_public_token(uow, row),
        events=tuple(SessionEvent(name=each.name, at=each.at, details=each.details) for each in events),
    )


async def hosted_public_token(uow: Uow, row: sa.Row[tuple[object, ...]]) -> str | None:
    """Return a public token of a session that was completed on the hosted page, as long as none was exchanged."""
    is_hosted = row.redirect_uri is not None and row.outcome == Outcome.SUCCESS.value and not row.is_resumed
    if not is_hosted or row.ended_at + policy.PUBLIC_TOKEN_LIFETIME <= uow.now:
        return None
    used = await uow.first(
        sa.select(public_tokens.c.session_id).where(
            public_tokens.c.session_id == row.id, public_tokens.c.used_at.is_not(None)
        )
    )
    return (
        None
        if used
        else await mint_public_token(
            uow, session_id=row.id, client_id=row.client_id, completed_at=row.ended_at
        )
    )


def _stage(row: sa.Row[tuple[object, ...]]) -> Stage:
    if row.outcome == Outcome.SUCCESS.value:
        return Stage.STATUS
    if row.is_resumed or row.consented_at is not None:
        return Stage.INTEGRATION
    return Stage.INIT if row.user_id is None else Stage.CONNECT


def _invalid(field: str, message: str) -> InvalidInput:
    return InvalidInput(message, details=[{"code": "invalid_value", "path": [field], "message": message}])
