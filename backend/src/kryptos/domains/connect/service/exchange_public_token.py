"""Exchange a public token for an access token: once, by the client it was made for, within 30 minutes."""

import sqlalchemy as sa

from kryptos.domains.clients import Client
from kryptos.domains.connect._tables import link_sessions, public_tokens
from kryptos.domains.connect.errors import TokenAlreadyUsed, TokenExpired
from kryptos.domains.connect.service.append_event import append_event
from kryptos.domains.grants import InvalidToken, IssuedAccess, activate_grant
from kryptos.domains.integrations import resume
from kryptos.domains.workspaces import hold_workspace
from kryptos.infra.database import Uow


async def exchange_public_token(uow: Uow, *, client: Client, public_token: str) -> IssuedAccess:
    """Consume the token and activate the grant that the person consented to.

    Raises ``InvalidToken`` (unknown, cut off, or another client's), ``TokenAlreadyUsed``, ``TokenExpired``, or
    ``InvalidGrant`` when the person revoked the client's access after consenting.
    """
    hashes = uow.hashes(public_token)
    mine = sa.and_(public_tokens.c.token_hash.in_(hashes), public_tokens.c.client_id == client.id)
    if client.tokens_cut_at is not None:  # what was cut off is as good as never made
        mine = sa.and_(mine, public_tokens.c.created_at > client.tokens_cut_at)
    consumed = await uow.first(
        sa.update(public_tokens)
        .where(mine, public_tokens.c.used_at.is_(None), public_tokens.c.expires_at > uow.now)
        .values(used_at=uow.now)
        .returning(public_tokens.c.session_id)
    )
    if consumed is None:
        raise await _why_not(uow, mine)
    session = await uow.first(
        sa.select(link_sessions).where(link_sessions.c.id == consumed.session_id).with_for_update()
    )
    already = await uow.first(
        sa.select(public_tokens.c.session_id).where(
            public_tokens.c.session_id == consumed.session_id,
            public_tokens.c.token_hash.not_in(hashes),
            public_tokens.c.used_at.is_not(None),
        )
    )
    if session is None or already is not None:
        raise TokenAlreadyUsed
    await hold_workspace(uow, workspace_id=session.workspace_id, for_update=True)
    issued = await activate_grant(
        uow,
        client_id=client.id,
        user_id=session.user_id,
        workspace_id=session.workspace_id,
        scopes=tuple(session.consented_scopes),
        consented_at=session.consented_at,
    )
    await resume(uow, workspace_id=session.workspace_id)
    await append_event(uow, session_id=session.id, name="exchanged", details={"grant_id": issued.grant.id})
    return issued


async def _why_not(uow: Uow, mine: sa.ColumnElement[bool]) -> Exception:
    row = await uow.first(sa.select(public_tokens.c.used_at).where(mine))
    if row is None:
        message = "Unknown public token. It comes from the widget's success callback, for the client that opened it."
        return InvalidToken(message)
    return TokenAlreadyUsed() if row.used_at is not None else TokenExpired()
