"""Give or refuse consent: what the app may read, of which workspace."""

from collections.abc import Sequence

import sqlalchemy as sa

from kryptos.domains import audit
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.clients import requested_scopes
from kryptos.domains.connect._tables import link_sessions
from kryptos.domains.connect.contracts import Consent, LinkSession
from kryptos.domains.connect.errors import SignInRequired, StepNotAllowed, WorkspaceRequired
from kryptos.domains.connect.service.append_event import append_event
from kryptos.domains.workspaces import InsufficientPermissions
from kryptos.infra.database import Uow


async def give_consent(
    uow: Uow, *, session: LinkSession, is_approved: bool, scopes: Sequence[str] | None = None
) -> Consent | None:
    """Record the person's answer; ``scopes`` may narrow what the app asked for. None when they refused.

    Raises ``SignInRequired``, ``WorkspaceRequired``, ``InvalidScope`` for scopes that were not asked for, and
    ``InsufficientPermissions`` when the person's role cannot share the workspace.
    """
    if session.is_resumed:
        raise StepNotAllowed
    if session.user is None:
        raise SignInRequired
    if session.workspace is None:
        raise WorkspaceRequired
    role = next(each.role for each in session.memberships if each.workspace.id == session.workspace.id)
    if not role.can_share:
        raise InsufficientPermissions
    consent = None
    if is_approved:
        text = None if scopes is None else " ".join(scopes)
        chosen = requested_scopes(text, allowed=session.scopes, of="this request")
        consent = Consent(scopes=chosen, given_at=uow.now)
    await uow.execute(
        sa.update(link_sessions)
        .where(link_sessions.c.id == session.id)
        .values(
            consented_scopes=list(consent.scopes) if consent else None,
            consented_at=consent.given_at if consent else None,
        )
    )
    await append_event(uow, session_id=session.id, name="consent.given" if consent else "consent.refused")
    await audit.record(
        uow,
        action="consent.given" if consent else "consent.refused",
        actor=Actor(ActorKind.USER, session.user.id),
        subject=session.id,
        workspace_id=session.workspace.id,
        client_id=session.client.id,
        user_id=session.user.id,
        details={"scopes": list(consent.scopes)} if consent else None,
    )
    return consent
