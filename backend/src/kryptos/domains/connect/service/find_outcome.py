"""Find out what came of a hosted session, for the app that waits for its person to come back from the browser."""

import sqlalchemy as sa

from kryptos.domains.clients import InvalidClient, get_client
from kryptos.domains.connect import policy
from kryptos.domains.connect._tables import link_sessions
from kryptos.domains.connect.contracts import HostedOutcome, HostedStatus, Outcome
from kryptos.domains.connect.errors import TokenExpired
from kryptos.domains.connect.service.record_session import hosted_public_token
from kryptos.domains.grants import InvalidToken
from kryptos.infra.database import Uow

_STATUS = {Outcome.SUCCESS.value: HostedStatus.COMPLETED, Outcome.EXIT.value: HostedStatus.EXITED}


async def find_outcome(uow: Uow, *, link_token: str) -> HostedOutcome:
    """Return what came of the hosted session that this link token, dead or alive, was made for.

    The app would be told as much by the widget in a frame; a public token is of no use without the client's secret.
    Raises ``InvalidToken`` (unknown, cut off, or of a session without a page of its own), ``TokenExpired`` (30 minutes
    after the session's end) or ``InvalidClient`` (the client was suspended).
    """
    hashes = uow.hashes(link_token)
    row = await uow.first(
        sa.select(link_sessions).where(
            link_sessions.c.token_hash.in_(hashes) | link_sessions.c.app_token_hash.in_(hashes),
            link_sessions.c.hosted_key_hash.is_not(None),
        )
    )
    client = await get_client(uow, client_id=row.client_id) if row else None
    if row is None or client is None or client.has_cut(row.created_at):
        message = "No hosted session has this link token. hosted_url comes with POST /link-token and a redirect_uri."
        raise InvalidToken(message)
    if client.is_suspended:
        message = "This app is suspended and cannot connect accounts at the moment."
        raise InvalidClient(message)
    if (row.ended_at or row.expires_at) + policy.OUTCOME_TOLD_FOR <= uow.now:
        raise TokenExpired
    is_open = row.ended_at is None and row.expires_at > uow.now
    return HostedOutcome(
        client=client,
        status=HostedStatus.OPEN if is_open else _STATUS.get(row.outcome, HostedStatus.EXPIRED),
        public_token=await hosted_public_token(uow, row),
    )
